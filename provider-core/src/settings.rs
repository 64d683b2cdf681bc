//! Settings of a connection: forms that a host can draw, what was entered, and credentials stored
//! apart.

mod address;
mod authorization;
mod connection;
mod form;
mod input;
mod key;
mod variables;

pub use address::{address_problem, check_address, is_loopback};
pub use authorization::{Authorization, AuthorizationSource, Authorizations};
pub use connection::{ConnectionSettings, SettingValue};
pub use form::{Choice, Field, FieldKind, SettingsForm};
pub use input::FormInput;
pub use key::key;
pub use variables::variable;
