//! What a configuration cannot do without.

use provider_core::{Error, ErrorKind, Result, Violation};

use super::KIND;

/// Refuses when any variable is missing, naming all of them at once.
pub(super) fn require<'a>(missing: impl Iterator<Item = &'a str>) -> Result<()> {
    let missing: Vec<&str> = missing.collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!(
        "missing: {}; Cloud-iQ needs client id, client secret, user name and password, made in the portal under Manage > API Management and Users",
        missing.join(", ")
    );
    Err(Error::new(ErrorKind::Config, message)
        .with_provider(KIND)
        .with_violations(missing.into_iter().map(|name| Violation::new(name, "is missing"))))
}
