//! Encryption of token files at rest.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use provider_core::{Error, ErrorKind, Result, settings};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use super::directory::KEY_SETTING;

/// Random nonces are only safe when they are this long; the shorter ones of plain ChaCha20-Poly1305
/// would have to be counted across processes.
const NONCE: usize = 24;

/// A 256-bit key that encrypts token files (XChaCha20-Poly1305).
#[derive(Clone)]
pub struct TokenFileKey(SecretSlice<u8>);

impl fmt::Debug for TokenFileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenFileKey([REDACTED])")
    }
}

impl TokenFileKey {
    /// Reads 32 bytes written as hexadecimal (64 digits) or base64 (either alphabet, padding optional).
    ///
    /// # Errors
    /// `Config`, naming `PROVIDER_TOKEN_KEY`, for anything else. The text itself is never quoted.
    pub fn parse(text: &SecretString) -> Result<Self> {
        settings::key(KEY_SETTING, text).map(Self)
    }

    /// Encrypts `plain`, bound to `context`: it opens only with the same context.
    pub(super) fn seal(&self, context: &[u8], plain: &str) -> Result<String> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce)
            .map_err(|e| internal("no random numbers from the system").with_source(e.to_string()))?;
        let payload = Payload { msg: plain.as_bytes(), aad: context };
        let sealed = self
            .cipher()?
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| internal("the token could not be encrypted"))?;
        let mut bytes = nonce.to_vec();
        bytes.extend_from_slice(&sealed);
        Ok(STANDARD.encode(bytes))
    }

    /// Opens what [`seal`](Self::seal) made; `None` when the key, the context or the text is another.
    pub(super) fn open(&self, context: &[u8], sealed: &str) -> Option<SecretString> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce = XNonce::from(<[u8; NONCE]>::try_from(nonce).ok()?);
        let payload = Payload { msg: sealed, aad: context };
        let plain = self.cipher().ok()?.decrypt(&nonce, payload).ok()?;
        String::from_utf8(plain).ok().map(SecretString::from)
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305> {
        XChaCha20Poly1305::new_from_slice(self.0.expose_secret())
            .map_err(|_| internal("the token key has a wrong length"))
    }
}

fn internal(message: &'static str) -> Error {
    Error::new(ErrorKind::Internal, message)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn key(text: &str) -> Result<TokenFileKey> {
        TokenFileKey::parse(&SecretString::from(text))
    }

    #[test]
    fn a_key_reads_the_same_in_every_accepted_spelling() {
        let sealed = key(HEX).unwrap().seal(b"context", "value").unwrap();
        for text in [
            HEX.to_uppercase().as_str(),
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        ] {
            let opened = key(text).unwrap().open(b"context", &sealed).unwrap();
            assert_eq!(opened.expose_secret(), "value", "{text}");
        }
        // 32 bytes of 0xff differ between the two base64 alphabets.
        let all_ones = key(&"ff".repeat(32)).unwrap().seal(b"", "v").unwrap();
        for text in
            ["__________________________________________8", "//////////////////////////////////////////8="]
        {
            assert!(key(text).unwrap().open(b"", &all_ones).is_some(), "{text}");
        }
    }

    #[test]
    fn a_malformed_key_names_its_setting_and_is_not_quoted() {
        for text in
            ["", "short", &HEX[1..], &format!("{HEX}00"), &"zz".repeat(32), "AAECAwQFBgcICQoLDA0ODw=="]
        {
            let error = key(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains("PROVIDER_TOKEN_KEY"), "{error}");
            assert!(text.is_empty() || !format!("{error} {error:?}").contains(text));
        }
    }

    #[test]
    fn only_the_same_key_context_and_text_open() {
        let one = key(HEX).unwrap();
        let other = key(&"11".repeat(32)).unwrap();
        let sealed = one.seal(b"a/1", "value").unwrap();
        assert!(one.open(b"a/1", &sealed).is_some());
        assert!(one.open(b"b/1", &sealed).is_none());
        assert!(other.open(b"a/1", &sealed).is_none());
        let mut bent = STANDARD.decode(&sealed).unwrap();
        *bent.last_mut().unwrap() ^= 1;
        assert!(one.open(b"a/1", &STANDARD.encode(bent)).is_none());
        assert!(one.open(b"a/1", "AAAA").is_none());
        assert_ne!(sealed, one.seal(b"a/1", "value").unwrap(), "a nonce is never used twice");
    }

    /// Sealed by an implementation of its own: what is stored opens whatever generation of the crates is used.
    #[test]
    fn what_was_sealed_before_still_opens() {
        let opened = key(HEX)
            .unwrap()
            .open(b"context", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX6KNjCvVdYrePxZ5a9Ekgfjpbpumz");
        assert_eq!(opened.unwrap().expose_secret(), "value");
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", key(HEX).unwrap()), "TokenFileKey([REDACTED])");
    }
}
