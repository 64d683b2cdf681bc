//! Settings from environment variables.

use std::collections::BTreeMap;
use std::ffi::OsString;

use secrecy::SecretString;

use super::connection::ConnectionSettings;
use super::form::{SettingsForm, refusal};
use super::input::FormInput;
use crate::error::{Error, Result, Violation};

/// Reads one variable. Not set is `None`; set to something that cannot be what was meant is an error, for
/// a setting that silently counts as not set is a sandbox that buys and a secret that lies in clear.
///
/// ```
/// use std::ffi::OsString;
///
/// use provider_core::settings::variable;
///
/// assert_eq!(variable("PAX8_CURRENCY", Some(OsString::from("EUR")))?.as_deref(), Some("EUR"));
/// assert!(variable("PAX8_CURRENCY", None::<OsString>)?.is_none());
/// let error = variable("PAX8_CURRENCY", Some(" ")).unwrap_err();
/// assert!(error.to_string().contains("PAX8_CURRENCY"));
/// # Ok::<(), provider_core::Error>(())
/// ```
///
/// # Errors
/// `Config`, naming the variable, for a value that is blank, no UTF-8, or holds characters that nobody sees (a byte
/// order mark, a zero-width space).
pub fn variable(name: &str, value: Option<impl Into<OsString>>) -> Result<Option<String>> {
    value.map(|value| text(value.into()).map_err(|problem| Error::config(name, problem))).transpose()
}

/// Characters that nobody sees and nobody types: they come along with what is copied from a page or a file. What
/// holds one is another word than it looks like.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

fn text(value: OsString) -> Result<String, &'static str> {
    let text = value.into_string().map_err(|_| "is no text in UTF-8")?;
    if text.contains(is_invisible) {
        return Err("holds an invisible character, such as a byte order mark: type it anew");
    }
    if text.trim().is_empty() { Err("is set, but blank: give it a value or unset it") } else { Ok(text) }
}

impl SettingsForm {
    /// The settings that environment variables describe, by the names that the fields give
    /// ([`Field::variable`](super::Field::variable)), such as `PAX8_CLIENT_ID`. `None` when none of them
    /// is set. The connection is named like its kind.
    ///
    /// ```
    /// use provider_core::settings::SettingsForm;
    ///
    /// let form = SettingsForm::new("acme", "Acme", "https://api.example.com").variables("ACME");
    /// assert!(form.from_vars(|name| std::env::var_os(name))?.is_none(), "no variable of Acme is set");
    /// let settings = form.from_vars(|name| (name == "ACME_CURRENCY").then_some("EUR"))?;
    /// assert!(settings.is_some_and(|settings| settings.currency.is_some()));
    /// # Ok::<(), provider_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `Config` naming every variable that is missing, blank, no UTF-8 or wrong, all at once.
    pub fn from_vars<V: Into<OsString>>(
        &self,
        get: impl Fn(&str) -> Option<V>,
    ) -> Result<Option<ConnectionSettings>> {
        let mut input = FormInput::default().with("name", self.kind.to_string());
        let mut problems = BTreeMap::new();
        let mut any = false;
        for field in &self.fields {
            let Some(name) = field.variable.as_deref() else { continue };
            let Some(value) = get(name) else { continue };
            any = true;
            match text(value.into()) {
                Ok(text) => {
                    let value = SecretString::from(text);
                    input = input.repeated(field.key.as_ref(), value.clone()).with(field.key.as_ref(), value);
                }
                Err(problem) => {
                    problems.insert(field.key.as_ref(), problem);
                }
            }
        }
        if !any {
            return Ok(None);
        }
        let found = match self.check(&input) {
            Ok(settings) if problems.is_empty() => return Ok(Some(settings)),
            Ok(_) => Vec::new(),
            Err(found) => found,
        };
        // What could not be read was missing in the check; the true reason goes first.
        let found = found.into_iter().filter(|violation| !problems.contains_key(violation.field.as_str()));
        let unreadable = problems.iter().map(|(key, problem)| Violation::new(*key, *problem));
        let violations = unreadable.chain(found).map(|violation| self.of_variable(violation)).collect();
        Err(refusal(&self.title, violations).with_provider(self.kind.clone()))
    }

    /// The violation with the name of the field's variable in place of its key.
    fn of_variable(&self, violation: Violation) -> Violation {
        match self.get(&violation.field).and_then(|field| field.variable.as_deref()) {
            Some(variable) if violation.message == "is missing" => Violation::new(variable, "is not set"),
            Some(variable) => Violation::new(variable, violation.message),
            None => violation,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::settings::{Field, FieldKind};

    fn form() -> SettingsForm {
        SettingsForm::new("acme", "Acme", "https://api.example.com")
            .variables("ACME")
            .field(Field::new("id", "Id", FieldKind::Text).credential().variable("ACME_ID"))
            .field(
                Field::new("secret", "Secret", FieldKind::Text)
                    .secret()
                    .entered_twice()
                    .variable("ACME_SECRET"),
            )
            .field(
                Field::new("key", "Key", FieldKind::Text)
                    .secret()
                    .optional()
                    .needs("pass")
                    .variable("ACME_KEY"),
            )
            .field(
                Field::new("pass", "Pass", FieldKind::Text)
                    .secret()
                    .optional()
                    .needs("key")
                    .variable("ACME_PASS"),
            )
            .field(
                Field::new("number", "No", FieldKind::Text).optional().whole_number().variable("ACME_NUMBER"),
            )
    }

    fn read(set: &[(&str, &[u8])]) -> Result<Option<ConnectionSettings>> {
        form().from_vars(|name| {
            let (_, value) = set.iter().find(|(known, _)| *known == name)?;
            Some(os(value))
        })
    }

    #[cfg(unix)]
    fn os(bytes: &[u8]) -> OsString {
        std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec())
    }

    #[cfg(not(unix))]
    fn os(bytes: &[u8]) -> OsString {
        String::from_utf8(bytes.to_vec()).unwrap().into()
    }

    fn fields(error: &Error) -> Vec<&str> {
        error.violations().iter().map(|violation| violation.field.as_str()).collect()
    }

    #[test]
    fn nothing_set_is_no_connection() {
        assert!(read(&[]).unwrap().is_none());
        assert!(read(&[("OTHER_ID", b"x")]).unwrap().is_none());
    }

    #[test]
    fn everything_set_is_read_and_secrets_are_not_trimmed() {
        let settings = read(&[
            ("ACME_ID", b" id "),
            ("ACME_SECRET", b" with blanks "),
            ("ACME_ENVIRONMENT", b"sandbox"),
            ("ACME_CURRENCY", b"eur"),
            ("ACME_NUMBER", b" 12 "),
        ]);
        let settings = settings.unwrap().unwrap();
        assert_eq!((settings.name.as_str(), settings.kind.as_str()), ("acme", "acme"));
        assert_eq!(settings.secret("secret").unwrap().expose_secret(), " with blanks ");
        assert_eq!(settings.environment, crate::info::Environment::Sandbox);
        assert_eq!(settings.currency.unwrap().as_str(), "EUR");
        assert_eq!(settings.text("number"), Some("12"));
    }

    #[test]
    fn every_problem_is_named_at_once_by_its_variable() {
        let error = read(&[
            ("ACME_SECRET", b"planted-secret"),
            ("ACME_ENVIRONMENT", b"staging"),
            ("ACME_CURRENCY", b"kr"),
            ("ACME_BASE_URL", b"http://api.example.com"),
            ("ACME_KEY", b"k"),
            ("ACME_NUMBER", b"twelve"),
        ])
        .unwrap_err();
        assert_eq!(
            fields(&error),
            ["ACME_ENVIRONMENT", "ACME_BASE_URL", "ACME_CURRENCY", "ACME_ID", "ACME_PASS", "ACME_NUMBER"]
        );
        assert!(error.to_string().contains("ACME_ID: is not set"), "{error}");
        assert!(!format!("{error:?}").contains("planted"), "{error:?}");
    }

    #[test]
    fn what_is_blank_or_no_text_is_refused_by_name_and_never_counts_as_not_set() {
        for (name, value) in [
            ("ACME_ENVIRONMENT", b"sandbox\xa0".as_slice()),
            ("ACME_ENVIRONMENT", b""),
            ("ACME_CURRENCY", b" "),
            ("ACME_SECRET", b"\xff"),
            ("ACME_KEY", b"\t"),
            ("ACME_KEY", "\u{a0}\u{2003}".as_bytes()),
            ("ACME_KEY", "\u{feff}".as_bytes()),
            ("ACME_SECRET", "\u{feff}s3cret".as_bytes()),
            ("ACME_SECRET", "s3cret\u{200b}".as_bytes()),
            ("ACME_ID", "app\u{200d}-1".as_bytes()),
            ("ACME_ENVIRONMENT", "\u{feff}sandbox".as_bytes()),
            ("ACME_ENVIRONMENT", "sandbox\u{2060}".as_bytes()),
        ] {
            if !cfg!(unix) && std::str::from_utf8(value).is_err() {
                continue;
            }
            let mut set = vec![("ACME_ID", b"id".as_slice()), ("ACME_SECRET", b"s")];
            set.retain(|(known, _)| *known != name);
            set.push((name, value));
            let error = read(&set).unwrap_err();
            assert_eq!(fields(&error), [name], "{error}");
            assert_eq!(fields(&read(&[(name, value)]).unwrap_err()).first(), Some(&name), "alone too");
        }
    }
}
