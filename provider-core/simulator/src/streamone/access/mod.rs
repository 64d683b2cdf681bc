//! Tokens, and the signed links that need none.

pub(crate) mod files;
pub(crate) mod oauth;
pub(crate) mod tokens;
