//! Keys that encrypt what is stored, as an operator writes them.

use secrecy::{ExposeSecret, SecretSlice, SecretString};

use crate::error::{Error, Result};

const KEY: usize = 32;

/// Reads a 256-bit key written as hexadecimal (64 digits) or base64 (either alphabet, padding optional).
///
/// ```
/// use provider_core::settings::key;
/// use secrecy::{ExposeSecret, SecretString};
///
/// let bytes = key("PROVIDER_TOKEN_KEY", &SecretString::from("0f".repeat(32)))?;
/// assert_eq!(bytes.expose_secret(), [15; 32]);
/// let error = key("PROVIDER_TOKEN_KEY", &SecretString::from("short")).unwrap_err();
/// assert!(error.to_string().contains("PROVIDER_TOKEN_KEY"));
/// # Ok::<(), provider_core::Error>(())
/// ```
///
/// # Errors
/// `Config`, naming the setting, for anything else. The text itself is never quoted.
pub fn key(setting: &str, text: &SecretString) -> Result<SecretSlice<u8>> {
    let text = text.expose_secret().trim();
    let bytes = if text.len() == 2 * KEY { from_hex(text) } else { from_base64(text) };
    match bytes {
        Some(bytes) if bytes.len() == KEY => Ok(SecretSlice::from(bytes)),
        _ => Err(Error::config(
            setting,
            "must be 32 bytes, written as 64 hexadecimal digits or as base64; make one with \
             `openssl rand -base64 32`",
        )),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| u8::try_from(high * 16 + low).ok()).collect()
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(KEY);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in text.trim_end_matches('=').bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    // A digit too many, or one whose last bits say nothing, is a key that was copied wrongly.
    (bits == 0 && held < 6).then_some(bytes)
}
