//! Where rotated tokens are kept on this machine.

#[cfg(feature = "cipher")]
mod cipher;
#[cfg(not(feature = "cipher"))]
#[path = "no_cipher.rs"]
mod cipher;
mod directory;
mod envelope;
mod file;
mod name;

pub use cipher::TokenFileKey;
pub use file::FileTokenStore;
