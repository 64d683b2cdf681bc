//! Where rotated tokens are kept on this machine, and how any other store is checked.

#[cfg(feature = "cipher")]
mod cipher;
#[cfg(not(feature = "cipher"))]
#[path = "no_cipher.rs"]
mod cipher;
pub mod conformance;
mod directory;
mod envelope;
mod file;
mod name;

pub use cipher::TokenFileKey;
pub use file::FileTokenStore;
