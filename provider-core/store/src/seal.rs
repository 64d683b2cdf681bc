//! How tokens lie in the store: sealed with a key, or openly because somebody said so.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use provider_core::token::{TokenKey, Version};
use provider_core::{Error, ErrorKind, Result, settings};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use crate::error::StoreErrorKind;

/// The setting that holds the key.
pub(crate) const KEY_SETTING: &str = "PROVIDER_TOKEN_KEY";

/// Random nonces are only safe when they are this long.
const NONCE: usize = 24;

/// A 256-bit key that seals the tokens of a store (XChaCha20-Poly1305).
#[derive(Clone)]
pub struct SealingKey(SecretSlice<u8>);

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey([REDACTED])")
    }
}

impl SealingKey {
    /// Reads 32 bytes written as hexadecimal (64 digits) or base64 (either alphabet, padding optional).
    ///
    /// # Errors
    /// `Config`, naming `PROVIDER_TOKEN_KEY`, for anything else. The text itself is never quoted.
    pub fn parse(text: &SecretString) -> Result<Self> {
        settings::key(KEY_SETTING, text).map(Self)
    }

    /// Seals `plain`, bound to `context`: it opens only with the same context.
    fn seal(&self, context: &[u8], plain: &str) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce)
            .map_err(|e| internal("no random numbers from the system").with_source(e.to_string()))?;
        let payload = Payload { msg: plain.as_bytes(), aad: context };
        let sealed = self
            .cipher()?
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| internal("the token could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`seal`](Self::seal) made; `None` when the key, the context or the bytes are others.
    fn open(&self, context: &[u8], sealed: &[u8]) -> Option<SecretString> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce = XNonce::from(<[u8; NONCE]>::try_from(nonce).ok()?);
        let payload = Payload { msg: sealed, aad: context };
        let plain = self.cipher().ok()?.decrypt(&nonce, payload).ok()?;
        text(plain)
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305> {
        XChaCha20Poly1305::new_from_slice(self.0.expose_secret())
            .map_err(|_| internal("the sealing key has a wrong length"))
    }
}

fn internal(message: &'static str) -> Error {
    Error::new(ErrorKind::Internal, message)
}

fn text(bytes: Vec<u8>) -> Option<SecretString> {
    String::from_utf8(bytes).ok().map(SecretString::from)
}

/// What was said about how tokens are kept.
#[derive(Debug, Clone)]
pub(crate) enum Sealing {
    Sealed(SealingKey),
    Open,
    /// Nothing, so that none are kept.
    Unsaid,
}

/// A value as it lies in its row.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) sealed: bool,
    pub(crate) bytes: Vec<u8>,
}

impl Sealing {
    /// Tokens in clear are nobody's default.
    pub(crate) fn decided(&self) -> Result<()> {
        match self {
            Self::Sealed(_) | Self::Open => Ok(()),
            Self::Unsaid => Err(StoreErrorKind::NoKey.error(
                KEY_SETTING,
                "this store keeps no tokens until it is told how: give it a key (32 bytes; make one with \
                 `openssl rand -base64 32`), or choose unsealed() to have them lie in clear",
            )),
        }
    }

    /// Moving a row to another account or version makes it useless.
    pub(crate) fn keep(&self, key: &TokenKey, version: Version, value: &SecretString) -> Result<Kept> {
        match self {
            Self::Sealed(sealer) => {
                let bytes = sealer.seal(&context(key, version), value.expose_secret())?;
                Ok(Kept { sealed: true, bytes })
            }
            Self::Open => Ok(Kept { sealed: false, bytes: value.expose_secret().as_bytes().to_vec() }),
            Self::Unsaid => self.decided().map(|()| Kept { sealed: false, bytes: Vec::new() }),
        }
    }

    /// What was kept in clear before there was a key is still read.
    pub(crate) fn read(&self, key: &TokenKey, version: Version, kept: Kept) -> Result<SecretString> {
        let value = match (self, kept.sealed) {
            (Self::Sealed(sealer), true) => sealer.open(&context(key, version), &kept.bytes),
            (_, false) => text(kept.bytes),
            (_, true) => return Err(needs_key()),
        };
        value.ok_or_else(|| wrong_key(format_args!("the token of {key}")))
    }

    /// What is to be remembered of the key with the first token that it seals.
    pub(crate) fn proof(&self) -> Result<Option<String>> {
        let Self::Sealed(sealer) = self else { return Ok(None) };
        let sealed = sealer.seal(PROOF, "")?;
        Ok(Some(sealed.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Nothing is kept beside what another key sealed: a part of the tokens would open with neither.
    pub(crate) fn check(&self, proof: &str) -> Result<()> {
        let Self::Sealed(sealer) = self else { return Err(needs_key()) };
        let bytes = unhex(proof).and_then(|sealed| sealer.open(PROOF, &sealed));
        bytes.map(drop).ok_or_else(|| wrong_key("the tokens of this store"))
    }
}

const PROOF: &[u8] = b"provider-store/proof/1";

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok();
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

fn needs_key() -> Error {
    StoreErrorKind::WrongKey
        .error(KEY_SETTING, "the tokens of this store are sealed: give it the key; nothing was overwritten")
}

fn wrong_key(what: impl fmt::Display) -> Error {
    let message = format!(
        "this key does not open {what}, or they were altered: give the key that sealed them; \
                           nothing was overwritten"
    );
    StoreErrorKind::WrongKey.error(KEY_SETTING, message)
}

/// Lengths first, so that parts cannot run together.
fn context(key: &TokenKey, version: Version) -> Vec<u8> {
    let mut context = b"provider-store/token/1".to_vec();
    for part in [&key.provider, &key.account] {
        context.extend_from_slice(&(part.len() as u64).to_be_bytes());
        context.extend_from_slice(part.as_bytes());
    }
    context.extend_from_slice(&version.to_be_bytes());
    context
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn sealer(digit: char) -> Sealing {
        Sealing::Sealed(SealingKey::parse(&SecretString::from(digit.to_string().repeat(64))).unwrap())
    }

    fn account(name: &str) -> TokenKey {
        TokenKey::new("streamone", name)
    }

    #[test]
    fn only_the_same_key_account_and_version_open() {
        let value = SecretString::from("REFRESH-0001");
        let kept = || sealer('1').keep(&account("10042"), 3, &value).unwrap();
        let opened = sealer('1').read(&account("10042"), 3, kept()).unwrap();
        assert_eq!(opened.expose_secret(), "REFRESH-0001");
        for (sealing, key, version) in [
            (sealer('2'), account("10042"), 3),
            (sealer('1'), account("10043"), 3),
            (sealer('1'), account("10042"), 2),
            (Sealing::Open, account("10042"), 3),
        ] {
            let error = sealing.read(&key, version, kept()).unwrap_err();
            assert_eq!(StoreErrorKind::of(&error), Some(StoreErrorKind::WrongKey));
            assert!(error.to_string().contains("PROVIDER_TOKEN_KEY"), "{error}");
        }
        assert_ne!(kept().bytes, kept().bytes, "a nonce is never used twice");
        let mut bent = kept();
        *bent.bytes.last_mut().unwrap() ^= 1;
        assert!(sealer('1').read(&account("10042"), 3, bent).is_err());
        assert!(sealer('1').read(&account("10042"), 3, Kept { sealed: true, bytes: vec![1] }).is_err());
    }

    #[test]
    fn the_proof_tells_keys_apart() {
        let proof = sealer('1').proof().unwrap().unwrap();
        assert!(sealer('1').check(&proof).is_ok());
        for sealing in [sealer('2'), Sealing::Open] {
            assert!(sealing.check(&proof).unwrap_err().to_string().contains("PROVIDER_TOKEN_KEY"));
        }
        assert!(sealer('1').check("zz").is_err());
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", sealer('1')), "Sealed(SealingKey([REDACTED]))");
    }
}
