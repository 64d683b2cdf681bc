//! The records of Cloud-iQ as it sends and takes them, every member that is known.
//!
//! `Option` members are absent or `null` on the wire where they are `None`. Dates that mean "never" are
//! `None`. To change a record without losing members that this version does not know, use a
//! [`Document`](crate::Document).

mod account;
mod agreement;
mod asset;
mod azure_plan;
mod billing_cycle;
mod billing_statement;
mod consumer;
mod container;
mod customer;
mod export;
mod invoice;
mod order;
mod organization;
mod price;
mod product;
mod purchase_request;
mod reference;
mod subscription;
mod usage;

pub use crate::wire::SecretText;
pub use account::*;
pub use agreement::*;
pub use asset::*;
pub use azure_plan::*;
pub use billing_cycle::*;
pub use billing_statement::*;
pub use consumer::*;
pub use container::*;
pub use customer::*;
pub use export::*;
pub use invoice::*;
pub use order::*;
pub use organization::*;
pub use price::*;
pub use product::*;
pub use purchase_request::*;
pub use reference::*;
pub use subscription::*;
pub use usage::*;
