//! File names that tell an operator which account a file belongs to, and are safe whatever the account is.

use std::fmt::Write as _;

use provider_core::token::TokenKey;
use sha2::{Digest, Sha256};

const PROVIDER: usize = 24;
const ACCOUNT: usize = 40;
const HASH: usize = 16;

/// The stem of the files of one key: readable first, then a hash that tells apart what reads alike
/// (other characters, other case on a file system that ignores it, a cut end).
pub(super) fn stem(key: &TokenKey) -> String {
    let provider = readable(&key.provider, PROVIDER);
    let account = readable(&key.account, ACCOUNT);
    let hash: String = fingerprint(key).chars().take(HASH).collect();
    format!("{provider}-{account}-{hash}")
}

/// Lower-case hexadecimal SHA-256 of the whole key.
pub(super) fn fingerprint(key: &TokenKey) -> String {
    let mut hash = Sha256::new();
    // The length keeps `a` + `bc` apart from `ab` + `c`.
    hash.update((key.provider.len() as u64).to_be_bytes());
    hash.update(key.provider.as_bytes());
    hash.update(key.account.as_bytes());
    hex(&hash.finalize())
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn readable(text: &str, longest: usize) -> String {
    text.chars().take(longest).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_name_is_readable_and_stable() {
        let stem = stem(&TokenKey::new("streamone", "10042"));
        assert_eq!(stem, format!("streamone-10042-{}", &stem[stem.len() - HASH..]));
        assert_eq!(stem, super::stem(&TokenKey::new("streamone", "10042")));
    }

    #[test]
    fn no_account_leaves_the_directory_or_meets_another() {
        let long = "a".repeat(4096);
        let longer = "a".repeat(4097);
        let keys = [
            ("p", "../../etc/passwd"),
            ("p", "..\\..\\windows"),
            ("p", "C:\\tokens"),
            ("p", "a/b"),
            ("p/a", "b"),
            ("pa", "b"),
            ("p", "ab"),
            ("p", "AB"),
            ("p", "nul\0byte"),
            ("p", "täglich"),
            ("p", ""),
            ("", "p"),
            ("p", &long),
            ("p", &longer),
        ];
        let mut seen = HashSet::new();
        for (provider, account) in keys {
            let stem = stem(&TokenKey::new(provider, account));
            assert!(stem.len() <= 100, "{stem}");
            assert!(stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{stem}");
            assert!(seen.insert(stem.to_ascii_lowercase()), "{provider:?} {account:?}");
        }
    }
}
