//! The reference that every order carries: the caller's own, and the key by which it is found again.

use provider_core::IdempotencyKey;

/// What stands between the caller's reference and the key.
const MARK: &str = " key:";
/// How long a reference may be is not documented, so long keys are shortened to a hash.
const LONGEST_KEY: usize = 64;

/// The reference of an order under this key.
pub(crate) fn of(key: &IdempotencyKey, given: Option<&str>) -> String {
    let short = if key.as_str().len() <= LONGEST_KEY {
        key.as_str().to_owned()
    } else {
        IdempotencyKey::derive("streamone-order", [key.as_str()]).as_str().to_owned()
    };
    match given.map(str::trim).filter(|given| !given.is_empty()) {
        Some(given) => format!("{given}{MARK}{short}"),
        None => short,
    }
}

/// Whether a reference was made of this key, whatever the caller's own part is.
pub(crate) fn carries(reference: &str, key: &IdempotencyKey) -> bool {
    let own = reference.trim().strip_suffix(of(key, None).as_str());
    own.is_some_and(|own| own.is_empty() || own.ends_with(MARK))
}

/// The caller's own part of a reference.
pub(crate) fn given(reference: &str) -> Option<&str> {
    let own = reference.split_once(MARK).map_or(reference, |(own, _)| own).trim();
    (!own.is_empty()).then_some(own)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn the_key_is_in_the_reference_and_the_callers_part_comes_back() {
        let key = IdempotencyKey::new("quote-1841-line-3").unwrap();
        assert_eq!(of(&key, None), "quote-1841-line-3");
        let both = of(&key, Some("Q 1841"));
        assert_eq!((both.as_str(), given(&both)), ("Q 1841 key:quote-1841-line-3", Some("Q 1841")));
        let long = IdempotencyKey::new("k".repeat(255)).unwrap();
        assert_eq!(of(&long, None).len(), 64);
        assert_ne!(of(&long, None), of(&IdempotencyKey::new("k".repeat(254)).unwrap(), None));
        assert_eq!(given("customers/1/carts/2"), Some("customers/1/carts/2"));
    }

    #[test]
    fn a_reference_carries_its_key_whatever_the_callers_part_is() {
        let key = IdempotencyKey::new("quote-1841-line-3").unwrap();
        for own in [None, Some("Q 1841"), Some("another"), Some("a key:b")] {
            assert!(carries(&of(&key, own), &key), "{own:?}");
        }
        let longer = IdempotencyKey::new("my-quote-1841-line-3").unwrap();
        assert!(!carries(&of(&longer, None), &key) && !carries(&of(&key, None), &longer));
        assert!(!carries("Q 1841", &key));
    }
}
