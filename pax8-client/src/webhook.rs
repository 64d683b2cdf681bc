//! Receiving webhooks of Pax8: check the origin of a delivery, read it, drop repetitions.
//!
//! A delivery is signed by nothing. The only proof of its origin is the `Authorization` value that the
//! webhook was made with, so make it long and random, and let a [`Receiver`] compare it. Treat what a
//! delivery says as a hint: deliveries repeat and overtake each other, so fetch the record that it names.
//!
//! ```
//! use pax8_client::webhook::{Received, Receiver};
//!
//! let receiver = Receiver::new("Bearer example-shared-value".to_owned());
//! let body = br#"{"webhookId":"w","sentAt":"2026-03-01T09:41:00Z",
//!     "webhookTopic":{"id":"t","topic":"SUBSCRIPTION","filters":[]},
//!     "payloadData":{"id":"f6e5d4c3","companyId":"6f1d3c52","action":"UPDATED"}}"#;
//! match receiver.receive(Some("Bearer example-shared-value"), body)? {
//!     Received::Changed(event) => {
//!         assert_eq!(event.id.as_deref(), Some("f6e5d4c3"));
//!         assert_eq!(event.action.as_deref(), Some("UPDATED"));
//!     }
//!     // It came before, or is something that this version does not know.
//!     _ => {}
//! }
//! # Ok::<(), pax8_client::webhook::Refused>(())
//! ```

mod delivery;
mod receiver;
mod seen;

pub use delivery::{Changed, WebhookDelivery};
pub use receiver::{Received, Receiver, Refused};
