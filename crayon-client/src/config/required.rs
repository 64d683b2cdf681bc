//! The configuration from environment variables.

use std::str::FromStr;

use provider_core::{Error, ErrorKind, Result, Violation};
use secrecy::SecretString;

use super::{CrayonConfig, KIND, variable};

const REQUIRED: [&str; 4] =
    [variable::CLIENT_ID, variable::CLIENT_SECRET, variable::USERNAME, variable::PASSWORD];
const OPTIONAL: [&str; 5] = [
    variable::ORGANIZATION_ID,
    variable::BASE_URL,
    variable::ENVIRONMENT,
    variable::COUNTRY,
    variable::CURRENCY,
];

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

fn parsed<T: FromStr>(name: &str, value: Option<String>, expected: &str) -> Result<Option<T>> {
    value
        .map(|text| text.trim().parse().map_err(|_| Error::config(name, expected).with_provider(KIND)))
        .transpose()
}

impl CrayonConfig {
    /// As [`from_env`](Self::from_env), with the variables from elsewhere. Blank values count as not set.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_vars(variables: impl Fn(&str) -> Option<String>) -> Result<Option<Self>> {
        let read = |name: &str| variables(name).filter(|value| !value.trim().is_empty());
        if !REQUIRED.iter().chain(&OPTIONAL).any(|name| read(name).is_some()) {
            return Ok(None);
        }
        require(REQUIRED.into_iter().filter(|name| read(name).is_none()))?;
        let text = |name: &str| read(name).unwrap_or_default();
        let mut config = Self::new(
            text(variable::CLIENT_ID).trim(),
            // Secrets stay as they are: one may begin or end with a blank.
            SecretString::from(text(variable::CLIENT_SECRET)),
            text(variable::USERNAME).trim(),
            SecretString::from(text(variable::PASSWORD)),
        );
        if let Some(base_url) = read(variable::BASE_URL) {
            base_url.trim().clone_into(&mut config.base_url);
        }
        config.organization_id = parsed(
            variable::ORGANIZATION_ID,
            read(variable::ORGANIZATION_ID),
            "must be the organization's number",
        )?;
        config.environment =
            parsed(variable::ENVIRONMENT, read(variable::ENVIRONMENT), "use `production` or `sandbox`")?
                .unwrap_or_default();
        config.country =
            parsed(variable::COUNTRY, read(variable::COUNTRY), "must be an ISO 3166-1 code such as NO")?;
        config.currency =
            parsed(variable::CURRENCY, read(variable::CURRENCY), "must be an ISO 4217 code such as EUR")?;
        config.check()?;
        Ok(Some(config))
    }
}
