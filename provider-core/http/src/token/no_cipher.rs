//! In place of the cipher, where the feature `cipher` is left out: there are no keys.

use provider_core::{Error, Result};
use secrecy::SecretString;

use super::directory::KEY_SETTING;

/// A key that encrypts token files. Without the feature `cipher` there is none.
#[derive(Debug, Clone)]
pub enum TokenFileKey {}

impl TokenFileKey {
    /// Refuses every key: tokens must not be kept in the clear where encryption was asked for.
    ///
    /// # Errors
    /// `Config`, naming `PROVIDER_TOKEN_KEY` and the feature.
    pub fn parse(_text: &SecretString) -> Result<Self> {
        Err(Error::config(KEY_SETTING, "needs the feature `cipher` of provider-http, which is left out"))
    }

    pub(super) fn seal(&self, _context: &[u8], _plain: &str) -> Result<String> {
        match *self {}
    }

    pub(super) fn open(&self, _context: &[u8], _sealed: &str) -> Option<SecretString> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_key_is_refused_by_the_name_of_the_feature() {
        let error = TokenFileKey::parse(&SecretString::from("00".repeat(32))).unwrap_err().to_string();
        assert!(error.contains("PROVIDER_TOKEN_KEY") && error.contains("`cipher`"), "{error}");
    }
}
