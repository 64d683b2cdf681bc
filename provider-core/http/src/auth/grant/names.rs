//! What the operator calls the settings that a grant needs.

use std::borrow::Cow;
use std::fmt;

use provider_core::Error;
use provider_core::error::Violation;

/// The names of the settings behind a grant, and where in the portal their values are made. Errors name
/// them, so that an operator knows what to change.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SettingNames {
    /// The setting of the address, such as `PAX8_BASE_URL`.
    pub base_url: Cow<'static, str>,
    /// The settings that make up the credentials, such as `PAX8_CLIENT_ID` and `PAX8_CLIENT_SECRET`.
    pub credentials: Vec<Cow<'static, str>>,
    /// What to do in the portal when they are refused, as a clause: `make a new secret under ...`.
    pub remedy: Cow<'static, str>,
}

impl SettingNames {
    /// The names of the settings, and what to do in the portal when they are refused.
    #[must_use]
    pub fn new<N: Into<Cow<'static, str>>>(
        base_url: impl Into<Cow<'static, str>>,
        credentials: impl IntoIterator<Item = N>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            base_url: base_url.into(),
            credentials: credentials.into_iter().map(Into::into).collect(),
            remedy: remedy.into(),
        }
    }

    /// The credentials' names in a sentence.
    pub(crate) fn listed(&self) -> NameList<'_> {
        NameList(&self.credentials)
    }

    /// Adds one violation for each credential, so that a form can mark its fields.
    pub(crate) fn mark(&self, error: Error, problem: &str) -> Error {
        error.with_violations(self.credentials.iter().map(|name| Violation::new(name.as_ref(), problem)))
    }
}

/// `A`, `A and B`, `A, B and C`.
pub(crate) struct NameList<'a>(&'a [Cow<'static, str>]);

impl fmt::Display for NameList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(1);
        for (at, name) in self.0.iter().enumerate() {
            let before = match at {
                0 => "",
                _ if at == last => " and ",
                _ => ", ",
            };
            write!(f, "{before}{name}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_a_sentence() {
        for (names, expected) in
            [(vec![], ""), (vec!["A"], "A"), (vec!["A", "B"], "A and B"), (vec!["A", "B", "C"], "A, B and C")]
        {
            assert_eq!(SettingNames::new("U", names, "").listed().to_string(), expected);
        }
    }
}
