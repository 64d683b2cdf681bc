//! Tokens, and the signed links that need none.

pub(crate) mod links;
pub(crate) mod oauth;
pub(crate) mod tokens;
