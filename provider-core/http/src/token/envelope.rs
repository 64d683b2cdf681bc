//! What a token file looks like: one JSON object with a version, a checksum and the opaque value.

use std::fmt;

use provider_core::token::{Stored, TokenKey, Version};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cipher::TokenFileKey;
use super::name;

const FORMAT: &str = "provider-token";
const SCHEMA: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    schema: u32,
    /// Fingerprint of the key, so that a file copied under another name is noticed.
    key: String,
    version: Version,
    sealed: bool,
    sha256: String,
    value: String,
}

/// Why a file is not the value that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SealError {
    /// Not a whole envelope: cut off, or something else.
    Torn,
    /// A whole envelope whose checksum does not match.
    Altered,
    /// The file of another key.
    Foreign,
    /// Written by a later release.
    Newer,
    /// Encrypted, and no key was given.
    KeyMissing,
    /// Encrypted with another key.
    KeyWrong,
    /// In the clear, where an encrypted one was written before.
    Unsealed,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Torn => "is not a whole token file",
            Self::Altered => "was altered: its checksum does not match",
            Self::Foreign => "belongs to another account",
            Self::Newer => "was written by a later release",
            Self::KeyMissing => "is encrypted",
            Self::KeyWrong => "is encrypted with another key",
            Self::Unsealed => "is not encrypted, although an encrypted one was written here before",
        })
    }
}

/// The file's content for a value.
pub(super) fn write(
    key: &TokenKey,
    version: Version,
    value: &SecretString,
    cipher: Option<&TokenFileKey>,
) -> provider_core::Result<SecretString> {
    let fingerprint = name::fingerprint(key);
    let text = match cipher {
        Some(cipher) => cipher.seal(&context(&fingerprint, version), value.expose_secret())?,
        None => value.expose_secret().to_owned(),
    };
    let mut envelope = Envelope {
        format: FORMAT.to_owned(),
        schema: SCHEMA,
        key: fingerprint,
        version,
        sealed: cipher.is_some(),
        sha256: String::new(),
        value: text,
    };
    envelope.sha256 = checksum(&envelope);
    serde_json::to_string(&envelope).map(SecretString::from).map_err(|e| {
        provider_core::Error::new(provider_core::ErrorKind::Internal, "the token file could not be encoded")
            .with_source(e)
    })
}

/// What a file holds.
pub(super) struct Content {
    pub(super) stored: Stored,
    /// It was encrypted.
    pub(super) sealed: bool,
}

/// The value in a file's content.
pub(super) fn read(
    key: &TokenKey,
    content: &[u8],
    cipher: Option<&TokenFileKey>,
) -> Result<Content, SealError> {
    let envelope: Envelope = serde_json::from_slice(content).map_err(|_| later_or_torn(content))?;
    if envelope.format != FORMAT {
        return Err(SealError::Torn);
    }
    if envelope.schema > SCHEMA {
        return Err(SealError::Newer);
    }
    if checksum(&envelope) != envelope.sha256 {
        return Err(SealError::Altered);
    }
    if envelope.key != name::fingerprint(key) {
        return Err(SealError::Foreign);
    }
    let value = if envelope.sealed {
        cipher
            .ok_or(SealError::KeyMissing)?
            .open(&context(&envelope.key, envelope.version), &envelope.value)
            .ok_or(SealError::KeyWrong)?
    } else {
        SecretString::from(envelope.value)
    };
    Ok(Content { stored: Stored::new(envelope.version, value), sealed: envelope.sealed })
}

/// A later release may have other fields; its schema number says so before they do.
fn later_or_torn(content: &[u8]) -> SealError {
    #[derive(Deserialize)]
    struct Head {
        format: String,
        schema: u32,
    }
    match serde_json::from_slice::<Head>(content) {
        Ok(head) if head.format == FORMAT && head.schema > SCHEMA => SealError::Newer,
        _ => SealError::Torn,
    }
}

fn context(fingerprint: &str, version: Version) -> Vec<u8> {
    format!("{FORMAT}/{SCHEMA}/{fingerprint}/{version}").into_bytes()
}

fn checksum(envelope: &Envelope) -> String {
    let mut hash = Sha256::new();
    let head = format!(
        "{}\n{}\n{}\n{}\n{}\n",
        envelope.format, envelope.schema, envelope.key, envelope.version, envelope.sealed
    );
    hash.update(head.as_bytes());
    hash.update(envelope.value.as_bytes());
    name::hex(&hash.finalize())
}

#[cfg(all(test, feature = "cipher"))]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a failed unwrap or index is a failed test"
    )]

    use super::*;

    const VALUE: &str = r#"{"refresh_token":"EXAMPLE-0001"}"#;

    fn key() -> TokenKey {
        TokenKey::new("streamone", "10042")
    }

    fn cipher(digit: &str) -> TokenFileKey {
        TokenFileKey::parse(&SecretString::from(digit.repeat(64))).unwrap()
    }

    fn written(cipher: Option<&TokenFileKey>) -> String {
        write(&key(), 7, &SecretString::from(VALUE), cipher).unwrap().expose_secret().to_owned()
    }

    #[test]
    fn the_plain_format_is_stable() {
        assert_eq!(
            written(None),
            concat!(
                r#"{"format":"provider-token","schema":1,"#,
                r#""key":"41db9292c045fbc2bebcde3dda7d418c6fc63554c7e8a48f79583a63339d4482","#,
                r#""version":7,"sealed":false,"#,
                r#""sha256":"95bddd2209e3d3d72058ab7bfd479d2e7eb8201dd6b5d7833f8a7cd8ea59e0d3","#,
                r#""value":"{\"refresh_token\":\"EXAMPLE-0001\"}"}"#
            )
        );
    }

    #[test]
    fn a_value_comes_back_with_its_version() {
        let one = cipher("1");
        for used in [None, Some(&one)] {
            let content = read(&key(), written(used).as_bytes(), used).unwrap();
            assert_eq!(content.sealed, used.is_some());
            assert_eq!(content.stored.version, 7);
            assert_eq!(content.stored.value.expose_secret(), VALUE);
        }
        // An operator who adds a key later can still read what was written without one.
        assert!(read(&key(), written(None).as_bytes(), Some(&one)).is_ok());
        assert!(!written(Some(&one)).contains("EXAMPLE"));
    }

    #[test]
    fn every_cut_is_torn_and_every_changed_byte_is_noticed() {
        let whole = written(None);
        for end in 0..whole.len() {
            assert_eq!(read(&key(), &whole.as_bytes()[..end], None).err().unwrap(), SealError::Torn, "{end}");
        }
        for at in 0..whole.len() {
            let mut bent = whole.clone().into_bytes();
            bent[at] ^= 0x02;
            assert!(read(&key(), &bent, None).is_err(), "byte {at}");
        }
    }

    #[test]
    fn keys_foreign_files_and_later_releases_are_told_apart() {
        let (one, two) = (cipher("1"), cipher("2"));
        let sealed = written(Some(&one));
        assert_eq!(read(&key(), sealed.as_bytes(), None).err().unwrap(), SealError::KeyMissing);
        assert_eq!(read(&key(), sealed.as_bytes(), Some(&two)).err().unwrap(), SealError::KeyWrong);
        let other = TokenKey::new("streamone", "10043");
        assert_eq!(read(&other, written(None).as_bytes(), None).err().unwrap(), SealError::Foreign);
        let later = br#"{"format":"provider-token","schema":2,"body":{}}"#;
        assert_eq!(read(&key(), later, None).err().unwrap(), SealError::Newer);
        assert_eq!(read(&key(), b"", None).err().unwrap(), SealError::Torn);
        assert_eq!(read(&key(), b"{}", None).err().unwrap(), SealError::Torn);
    }
}
