//! Where rotated tokens are kept on this machine.

mod cipher;
mod directory;
mod envelope;
mod file;
mod name;

pub use cipher::TokenFileKey;
pub use file::FileTokenStore;
