//! Where a store is: the address that a host is configured with.

use std::path::PathBuf;

use provider_core::{Error, Result};

use crate::error::STORE_SETTING;

/// An address that this crate knows.
#[derive(Debug)]
pub(crate) enum Place {
    File(PathBuf),
    #[cfg(feature = "postgres")]
    Server(Box<crate::pg::Address>),
}

/// What may be made where there is no store yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Making {
    /// The file and the folders that it lies in.
    All,
    /// The file alone.
    File,
    /// Nothing.
    Nothing,
}

#[cfg(not(feature = "postgres"))]
const ACCEPTED: &str = "use `sqlite:PATH`, such as `sqlite:/var/lib/orders/store.db`";
#[cfg(feature = "postgres")]
const ACCEPTED: &str = "use `sqlite:PATH`, such as `sqlite:/var/lib/orders/store.db`, or \
    `postgres://USER:PASSWORD@HOST/DATABASE`";

impl Place {
    /// Nothing of what cannot be read is quoted: an address may hold a password.
    pub(crate) fn parse(address: &str) -> Result<Self> {
        let Some((scheme, rest)) = address.split_once(':') else {
            return Err(refused(format_args!("names no kind of store: {ACCEPTED}")));
        };
        match scheme.trim().to_ascii_lowercase().as_str() {
            "sqlite" => file(rest),
            "postgres" | "postgresql" => server(rest),
            _ => Err(refused(format_args!("is no kind of store that is known here: {ACCEPTED}"))),
        }
    }
}

fn file(rest: &str) -> Result<Place> {
    // `sqlite://app.db` and `sqlite:///var/app.db` are common too.
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.trim().is_empty() {
        return Err(refused(format_args!("names no file: {ACCEPTED}")));
    }
    if path == ":memory:" {
        return Err(refused(
            "a store in memory forgets: use a file, or `MemoryJournal` and `MemoryTokenStore` in tests",
        ));
    }
    if path.contains('?') {
        return Err(refused(format_args!("takes no parameters behind `?`: {ACCEPTED}")));
    }
    if cfg!(feature = "sqlite") {
        Ok(Place::File(PathBuf::from(path)))
    } else {
        Err(refused("this build has no SQLite: switch on the feature `sqlite` of provider-store"))
    }
}

#[cfg(feature = "postgres")]
fn server(rest: &str) -> Result<Place> {
    // The driver knows one spelling.
    crate::pg::Address::parse(&format!("postgres:{rest}")).map(|address| Place::Server(Box::new(address)))
}

#[cfg(not(feature = "postgres"))]
fn server(_: &str) -> Result<Place> {
    Err(refused(format_args!(
        "this build has no PostgreSQL: switch on the feature `postgres` of provider-store, or {ACCEPTED}"
    )))
}

fn refused(problem: impl std::fmt::Display) -> Error {
    Error::config(STORE_SETTING, problem)
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use provider_core::ErrorKind;

    #[test]
    fn files_are_named_as_people_name_them() {
        for (address, path) in [
            ("sqlite:store.db", "store.db"),
            ("sqlite:/var/lib/store.db", "/var/lib/store.db"),
            ("sqlite://store.db", "store.db"),
            ("sqlite:///var/lib/store.db", "/var/lib/store.db"),
            ("SQLite:a b%20c.db", "a b%20c.db"),
            ("sqlite:C:\\data\\store.db", "C:\\data\\store.db"),
        ] {
            let parsed = Place::parse(address).unwrap();
            assert!(
                matches!(&parsed, Place::File(found) if found.as_os_str() == path),
                "{address}: {parsed:?}"
            );
        }
    }

    const NO_SERVER: &str =
        if cfg!(feature = "postgres") { "postgres://USER" } else { "switch on the feature `postgres`" };

    #[test]
    fn everything_else_is_refused_with_what_is_accepted_and_never_quoted() {
        for (address, says) in [
            ("", "sqlite:PATH"),
            ("store.db", "sqlite:PATH"),
            ("sqlite:", "names no file"),
            ("sqlite://", "names no file"),
            ("sqlite: ", "names no file"),
            ("sqlite::memory:", "MemoryJournal"),
            ("sqlite:store.db?mode=rwc", "parameters"),
            ("postgres:", NO_SERVER),
            ("postgresql:app:s3cret@db", NO_SERVER),
            ("mysql://app:s3cret@db/orders", "sqlite:PATH"),
        ] {
            let error = Place::parse(address).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{address}");
            assert!(error.to_string().contains(says), "{address}: {error}");
            assert!(error.to_string().contains("PROVIDER_STORE"), "{address}: {error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
        }
    }
}
