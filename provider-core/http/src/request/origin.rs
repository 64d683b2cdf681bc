//! The origin of a connection (scheme, host, port): credentials are sent to no other.

use provider_core::error::Violation;
use provider_core::settings::{check_address, is_loopback};
use provider_core::{Delivery, Error, ErrorKind, Result};
use url::Url;

use super::foreign;

/// Scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    pub(crate) fn of(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default(),
        }
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The host, and the port where it is not the scheme's own: two addresses that differ look different.
    pub(crate) fn address(&self) -> String {
        match (self.scheme.as_str(), self.port) {
            ("https", Some(443)) | ("http", Some(80)) | (_, None) => self.host.clone(),
            (_, Some(port)) => format!("{}:{port}", self.host),
        }
    }

    pub(crate) const fn port(&self) -> Option<u16> {
        self.port
    }
}

/// The base URL of a connection: an origin with an optional path prefix, and the setting it came from.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    origin: Origin,
    root: Url,
    prefix: String,
    setting: &'static str,
}

impl Base {
    pub(crate) fn new(url: &Url, setting: &'static str) -> Result<Self> {
        check_address(setting, url.as_str())?;
        let prefix = url.path().trim_end_matches('/').to_owned();
        let mut root = url.clone();
        root.set_path("");
        Ok(Self { origin: Origin::of(url), root, prefix, setting })
    }

    pub(crate) const fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) const fn setting(&self) -> &'static str {
        self.setting
    }

    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.origin.host)
    }

    /// The URL of an encoded path below the prefix.
    pub(crate) fn join(&self, path: &str) -> Result<Url> {
        if !path.starts_with('/') {
            return Err(Error::new(ErrorKind::Internal, "a path template must start with a slash")
                .with_delivery(Delivery::NotSent));
        }
        let mut url = self.root.clone();
        url.set_path(&format!("{}{path}", self.prefix));
        Ok(url)
    }

    /// Accepts a URL that a request may go to, and answers its origin.
    pub(crate) fn check(&self, url: &Url, with_credential: bool) -> Result<Origin> {
        let origin = Origin::of(url);
        let own = origin == self.origin;
        if !own && with_credential {
            return Err(self.refuse(&origin, "the distributor pointed to"));
        }
        // Even within the origin an address has no user of its own.
        match foreign::problem(url, own || foreign::is_local_url(&self.root)) {
            Some(problem) => Err(Error::new(
                ErrorKind::Refused,
                format!("an address on {} {problem} and is not followed", origin.host),
            )
            .with_delivery(Delivery::NotSent)),
            None => Ok(origin),
        }
    }

    /// What to say about another host than the configured one.
    pub(crate) fn refuse(&self, other: &Origin, how: &str) -> Error {
        Error::config(
            self.setting,
            format!(
                "{how} another address ({}://{}) than the configured one ({}://{}); credentials are not sent there. If it is right, configure it",
                other.scheme,
                other.address(),
                self.origin.scheme,
                self.origin.address()
            ),
        )
    }
}

/// The address behind a setting, as [`base_url`] reads it, where nothing else is missing: everything that is wrong with a
/// configuration is named at once.
///
/// # Errors
/// `Config` of this provider with a violation for each setting that is missing, and for an address that cannot be used.
pub fn base_url_with<'a>(
    provider: &str,
    missing: impl IntoIterator<Item = &'a str>,
    setting: &str,
    address: &str,
) -> Result<Url> {
    let mut problems: Vec<Violation> =
        missing.into_iter().map(|name| Violation::new(name, "is missing")).collect();
    match base_url(setting, address) {
        Ok(url) if problems.is_empty() => return Ok(url),
        Ok(_) => {}
        Err(error) if problems.is_empty() => return Err(error.with_provider(provider.to_owned())),
        Err(error) => problems.extend(error.violations().iter().cloned()),
    }
    let list: Vec<_> = problems.iter().map(|one| format!("{} {}", one.field, one.message)).collect();
    Err(Error::new(ErrorKind::Config, list.join("; "))
        .with_provider(provider.to_owned())
        .with_violations(problems))
}

/// The address behind a setting, if credentials may be sent there: HTTPS (this machine may be HTTP), without
/// a user name, a password, a query.
///
/// # Errors
/// `Config` naming the setting. The address is not quoted: it may hold a password by mistake.
pub fn base_url(setting: &str, address: &str) -> Result<Url> {
    check_address(setting, address)?;
    let url: Url = address
        .trim()
        .parse()
        .map_err(|_| Error::config(setting, "must be an address such as https://api.example.com"))?;
    // The parser may read another host than the rule did.
    check_address(setting, url.as_str())?;
    Ok(url)
}

pub(super) fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && url.host_str().is_some_and(is_loopback))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    const SETTING: &str = "PAX8_BASE_URL";

    fn base(url: &str) -> Result<Base> {
        Base::new(&url.parse().unwrap(), SETTING)
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in
            ["https://api.example.com", "http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:9/x"]
        {
            assert!(base(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "ftp://api.example.com",
            "https://user:pw@api.example.com",
            "https://api.example.com/?a=b",
            "mailto:a@example.com",
        ] {
            let error = base(bad).unwrap_err();
            assert_eq!((error.kind(), error.delivery()), (ErrorKind::Config, Delivery::NotSent), "{bad}");
            assert!(error.to_string().contains(SETTING), "{error}");
            assert!(!error.to_string().contains("pw"), "{error}");
        }
    }

    #[test]
    fn an_address_is_checked_before_and_after_it_is_parsed() {
        assert_eq!(base_url(SETTING, " https://api.example.com/x ").unwrap().path(), "/x");
        for bad in [
            "http://api.example.com",
            "https://a b",
            "https://[::1",
            "hunter2",
            "http://localhost\t.example.com",
        ] {
            let error = base_url(SETTING, bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{bad}");
            assert!(error.to_string().contains(SETTING) && !error.to_string().contains("hunter2"), "{error}");
        }
        // Numbers that browsers take for an address of this machine are one once they are parsed.
        assert!(base("http://0x7f.1").is_ok());
    }

    #[test]
    fn paths_go_below_the_prefix() {
        let base = base("https://api.example.com/tenant/x/").unwrap();
        assert_eq!(base.join("/v1/a%2Fb").unwrap().as_str(), "https://api.example.com/tenant/x/v1/a%2Fb");
        assert!(base.join("v1").is_err());
    }

    #[test]
    fn credentials_stay_within_the_origin() {
        let own = base("http://127.0.0.1:8080").unwrap();
        let base = base("https://api.example.com").unwrap();
        for other in ["https://evil.example.com/", "http://api.example.com/", "https://api.example.com:8443/"]
        {
            let url = other.parse().unwrap();
            assert_eq!(base.check(&url, true).unwrap_err().kind(), ErrorKind::Config, "{other}");
        }
        assert!(base.check(&"https://api.example.com:443/x".parse().unwrap(), true).is_ok());
        assert!(base.check(&"https://files.example.com/x".parse().unwrap(), false).is_ok());
        for refused in [
            "http://files.example.com/x",
            "https://127.0.0.1:8443/x",
            "http://127.0.0.1:8443/x",
            "https://169.254.169.254/latest/meta-data",
            "https://[fd00::1]/x",
            "https://user:hunter2@files.example.com/x",
            "https://user:hunter2@api.example.com/x",
        ] {
            let error = base.check(&refused.parse().unwrap(), false).unwrap_err();
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Refused, Delivery::NotSent),
                "{refused}"
            );
            assert!(!format!("{error:?}").contains("hunter2"), "{error}");
        }
        assert!(own.check(&"http://127.0.0.1:9090/file".parse().unwrap(), false).is_ok());
        assert!(own.check(&"http://127.0.0.1:9090/file".parse().unwrap(), true).is_err());
    }
}
