//! Which mail server letters go through, and as whom.

use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;

use provider_core::settings::variable;
use provider_core::{Error, Result};
use secrecy::SecretString;

use crate::plan::Mailbox;

const URL: &str = "PROVIDER_SMTP_URL";
const FROM: &str = "PROVIDER_SMTP_FROM";
const USERNAME: &str = "PROVIDER_SMTP_USERNAME";
const PASSWORD: &str = "PROVIDER_SMTP_PASSWORD";

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SmtpSecurity {
    /// From a plain beginning, by STARTTLS; a server that does not offer it is told nothing. Port 587.
    StartTls,
    /// From the first byte. Port 465.
    Tls,
    /// Not at all: on this machine only. Port 25.
    Plain,
}

/// Which mail server letters go through, and as whom.
///
/// ```
/// use provider_sync::{SmtpConfig, SmtpNotifier};
///
/// # fn notifier() -> provider_core::Result<SmtpNotifier> {
/// let config = SmtpConfig::new("smtps://mail.example.com", "sync@example.com")?
///     .credentials("sync@example.com", "the password, from wherever secrets are kept");
/// Ok(SmtpNotifier::new(config))
/// # }
/// # notifier().unwrap();
/// assert!(SmtpConfig::new("http://mail.example.com", "sync@example.com").is_err());
/// ```
#[derive(Clone)]
pub struct SmtpConfig {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: SmtpSecurity,
    pub(super) from: Mailbox,
    pub(super) credentials: Option<(String, SecretString)>,
    pub(super) roots: Vec<Vec<u8>>,
}

/// The password is not shown.
impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("from", &self.from)
            .field("user", &self.credentials.as_ref().map(|(user, _)| user))
            .finish_non_exhaustive()
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl SmtpConfig {
    /// A server, as `smtps://HOST[:PORT]` for TLS from the start or `smtp://HOST[:PORT]` for STARTTLS, which only a server
    /// of this machine need not offer; and the address that letters come from.
    ///
    /// # Errors
    /// `Config` for another address; it names the variables that [`from_vars`](Self::from_vars) reads.
    pub fn new(url: &str, from: impl Into<String>) -> Result<Self> {
        let wrong = |problem: &str| Err(Error::config(URL, problem));
        let (tls, place) = match url.trim().split_once("://") {
            Some(("smtps", place)) => (true, place),
            Some(("smtp", place)) => (false, place),
            _ => {
                return wrong(
                    "is an address such as smtps://mail.example.com or smtp://mail.example.com:587",
                );
            }
        };
        let place = place.trim_end_matches('/');
        if place.contains('@') {
            return wrong("holds a user: give the name and the password by variables of their own");
        }
        // An address of IPv6 stands in brackets, and has colons of its own.
        let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, port)) => (host, Some(port.trim_start_matches(':'))),
            None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let strange = |c: char| c.is_whitespace() || c.is_control() || "/?#[]\\".contains(c);
        if host.is_empty() || host.contains(strange) {
            return wrong("names no server: smtps://mail.example.com");
        }
        let security = match tls {
            true => SmtpSecurity::Tls,
            false if is_this_machine(host) => SmtpSecurity::Plain,
            false => SmtpSecurity::StartTls,
        };
        let port = match port {
            None => match security {
                SmtpSecurity::Tls => 465,
                SmtpSecurity::StartTls => 587,
                SmtpSecurity::Plain => 25,
            },
            Some(port) => match port.parse() {
                Ok(port) if port > 0 => port,
                _ => return wrong("has a port that is none"),
            },
        };
        let from = Mailbox(from.into().trim().to_owned());
        if !from.is_address() {
            return Err(Error::config(FROM, "is no e-mail address such as sync@example.com"));
        }
        Ok(Self { host: host.to_owned(), port, security, from, credentials: None, roots: Vec::new() })
    }

    /// Signs in with this name and password.
    #[must_use]
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// Encrypts in this way.
    ///
    /// # Errors
    /// `Config` for [`Plain`](SmtpSecurity::Plain) to another machine.
    pub fn security(mut self, security: SmtpSecurity) -> Result<Self> {
        if security == SmtpSecurity::Plain && !is_this_machine(&self.host) {
            return Err(Error::config(URL, "is another machine: the connection to it is always encrypted"));
        }
        self.security = security;
        Ok(self)
    }

    /// Trusts this certificate (PEM) beside those of the system: for a server with a certificate of one's own.
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// From the variables `PROVIDER_SMTP_URL`, `PROVIDER_SMTP_FROM` and, where the server asks for them,
    /// `PROVIDER_SMTP_USERNAME` and `PROVIDER_SMTP_PASSWORD`. `None` when none of them is set.
    ///
    /// # Errors
    /// `Config` that names the variable: some but not all that belong together, or a value that cannot be used.
    pub fn from_vars<V: Into<OsString>>(get: impl Fn(&str) -> Option<V>) -> Result<Option<Self>> {
        let read = |name: &str| variable(name, get(name));
        let (url, from, user, password) = (read(URL)?, read(FROM)?, read(USERNAME)?, read(PASSWORD)?);
        if [&url, &from, &user, &password].into_iter().all(Option::is_none) {
            return Ok(None);
        }
        let missing = |name: &str, other: &str| Error::config(name, format!("is not set, and {other} is"));
        let other = if from.is_some() {
            FROM
        } else if user.is_some() {
            USERNAME
        } else {
            PASSWORD
        };
        let url = url.ok_or_else(|| missing(URL, other))?;
        let from = from.ok_or_else(|| missing(FROM, URL))?;
        let config = Self::new(&url, from)?;
        match (user, password) {
            (Some(user), Some(password)) => Ok(Some(config.credentials(user.trim(), password))),
            (None, None) => Ok(Some(config)),
            (Some(_), None) => Err(missing(PASSWORD, USERNAME)),
            (None, Some(_)) => Err(missing(USERNAME, PASSWORD)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

    use super::*;

    fn at(url: &str) -> Result<(String, u16, SmtpSecurity)> {
        SmtpConfig::new(url, "sync@example.com").map(|found| (found.host, found.port, found.security))
    }

    #[test]
    fn an_address_says_how_it_is_encrypted() {
        use SmtpSecurity::{Plain, StartTls, Tls};
        for (url, host, port, security) in [
            ("smtps://mail.example.com", "mail.example.com", 465, Tls),
            ("smtps://mail.example.com:9465/", "mail.example.com", 9465, Tls),
            ("smtp://mail.example.com", "mail.example.com", 587, StartTls),
            ("smtp://192.0.2.7:25", "192.0.2.7", 25, StartTls),
            ("smtp://[2001:db8::1]", "2001:db8::1", 587, StartTls),
            ("smtp://localhost", "localhost", 25, Plain),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Plain),
            ("smtp://[::1]:2525", "::1", 2525, Plain),
        ] {
            assert_eq!(at(url).unwrap(), (host.to_owned(), port, security), "{url}");
        }
        for url in [
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://:25",
            "smtp://user:planted@mail.example.com",
            "smtp://mail.example.com:0",
            "smtp://mail.example.com:x",
            "smtp://mail.example.com/a",
            "smtp://mail example.com",
        ] {
            let error = at(url).unwrap_err();
            assert_eq!(error.violations()[0].field, URL, "{url}");
            assert!(!error.to_string().contains("planted"), "{error}");
        }
        let elsewhere = SmtpConfig::new("smtp://mail.example.com", "sync@example.com").unwrap();
        assert!(elsewhere.security(Plain).is_err(), "nothing goes to another machine in the clear");
    }

    #[test]
    fn variables_belong_together_and_the_password_is_never_shown() {
        let of = |set: &[(&str, &str)]| {
            SmtpConfig::from_vars(|name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
            })
        };
        assert!(of(&[]).unwrap().is_none());
        let (url, from) = ((URL, "smtps://mail.example.com"), (FROM, "sync@example.com"));
        assert!(of(&[url, from]).unwrap().unwrap().credentials.is_none());
        let (user, password) = ((USERNAME, "sync"), (PASSWORD, "planted-secret"));
        let whole = of(&[url, from, user, password]).unwrap().unwrap();
        assert!(
            !format!("{whole:?} {:?}", super::super::SmtpNotifier::new(whole.clone())).contains("planted")
        );
        for (set, missing) in [
            (vec![url], FROM),
            (vec![from], URL),
            (vec![password], URL),
            (vec![url, from, user], PASSWORD),
            (vec![url, from, password], USERNAME),
            (vec![url, (FROM, "nobody")], FROM),
            (vec![url, (FROM, " ")], FROM),
        ] {
            let error = of(&set).unwrap_err();
            assert_eq!(error.violations()[0].field, missing, "{set:?}");
            assert!(!error.to_string().contains("planted"), "{error}");
        }
    }
}
