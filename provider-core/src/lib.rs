//! Common models and the `Provider` trait for cloud distributors.

mod capability;
mod clock;
mod error;
mod info;
mod observer;
mod token_store;
mod verification;

pub use capability::{Capabilities, CapabilitiesBuilder, CommandKind, EntityKind, Operation, Support};
pub use clock::{BoxFuture, Clock, SystemClock};
pub use error::{Advice, Delivery, Error, ErrorKind, Result, Violation};
pub use info::{Environment, ProviderInfo};
pub use observer::{Event, NoObserver, Observer, What};
pub use token_store::{Lease, MemoryTokenStore, Stored, TokenKey, TokenStore, Version};
pub use verification::{Check, CheckStatus, Verification};
