//! The records of the Pax8 API as they travel: every field the vendor's reference lists.
//!
//! Responses are forgiving: fields that are unknown are ignored, fields may be absent, enums keep values
//! they do not know. Requests are separate types that hold only what may be written.

mod company;
mod enums;
mod invoice;
mod order;
mod product;
mod provisioning;
mod quote;
mod quote_line;
mod quote_parts;
mod subscription;
mod usage;
mod vendor_usage;
mod webhook;

pub use crate::wire::moment::Moment;

pub use company::*;
pub use enums::*;
pub use invoice::*;
pub use order::*;
pub use product::*;
pub use provisioning::*;
pub use quote::*;
pub use quote_line::*;
pub use quote_parts::*;
pub use subscription::*;
pub use usage::*;
pub use vendor_usage::*;
pub use webhook::*;
