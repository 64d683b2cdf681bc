//! The records of Cloud-iQ as it sends and takes them, every member that is known.
//!
//! `Option` members are absent or `null` on the wire where they are `None`. Dates that mean "never" are
//! `None`. To change a record without losing members that this version does not know, use a
//! [`Document`](crate::Document).

mod access;
mod account;
mod agreement;
mod asset;
mod azure;
mod billing;
mod billing_file;
mod consumer;
mod container;
mod enums;
mod export;
mod invoice;
mod order;
mod organization;
mod price;
mod product;
mod product_query;
mod purchase;
mod reference;
mod secret;
mod subscription;
mod subscription_change;
mod tenant;
mod usage;

pub use access::*;
pub use account::*;
pub use agreement::*;
pub use asset::*;
pub use azure::*;
pub use billing::*;
pub use billing_file::DownloadedFile;
pub use consumer::*;
pub use container::*;
pub use enums::*;
pub use export::*;
pub use invoice::*;
pub use order::*;
pub use organization::*;
pub use price::*;
pub use product::*;
pub use product_query::AgreementProductFacets;
pub use purchase::*;
pub use reference::*;
pub use secret::SecretText;
pub use subscription::*;
pub use subscription_change::*;
pub use tenant::*;
pub use usage::*;

pub(crate) use reference::Parameter;
