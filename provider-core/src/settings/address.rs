//! Which addresses a connection may have: one rule for forms, variables, clients and token endpoints.
//!
//! It reads text, because this crate knows no URLs. Whoever parses the address asks again with what the
//! parser made of it, so that no spelling says one thing here and another there.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::{Error, Result};

const NO_ADDRESS: &str = "must be an address such as https://api.example.com";
const NOT_HTTPS: &str = "must start with https://; http:// is accepted for this machine (loopback) only";
const WITH_PASSWORD: &str = "must not hold a user name or a password";
const WITH_QUERY: &str = "must not hold a query or a fragment";

/// Why an address is refused; `None` for one that is allowed: `https://`, or `http://` on this machine, without
/// user and password. The problem never quotes the address, which may hold a password by mistake.
///
/// ```
/// use provider_core::settings::address_problem;
///
/// assert_eq!(address_problem("https://api.example.com/tenant"), None);
/// assert_eq!(address_problem("http://127.0.0.1:8080"), None);
/// assert!(address_problem("http://api.example.com").is_some());
/// ```
#[must_use]
pub fn address_problem(address: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = address.trim().split_once("://") else { return Some(NO_ADDRESS) };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let (user, host) =
        authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    match host_of(host) {
        _ if user.is_some() => Some(WITH_PASSWORD),
        None => Some(NO_ADDRESS),
        Some(host) => match scheme.to_ascii_lowercase().as_str() {
            "https" => None,
            "http" if is_loopback(host) => None,
            _ => Some(NOT_HTTPS),
        },
    }
    .or_else(|| rest.contains(['?', '#']).then_some(WITH_QUERY))
}

/// [`address_problem`] as an error that names the setting.
///
/// # Errors
/// `Config` naming the setting.
pub fn check_address(setting: &str, address: &str) -> Result<()> {
    address_problem(address).map_or(Ok(()), |problem| Err(Error::config(setting, problem)))
}

/// True for a host that is this machine: `localhost`, `127.0.0.0/8`, `::1` with or without
/// brackets.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        || v6.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback())
}

/// The host in front of a port; `None` where there is none, and where no parser of addresses would take it: it is
/// named here, beside what else is wrong, and not once the rest is right.
fn host_of(host_and_port: &str) -> Option<&str> {
    let host = match host_and_port.rsplit_once(':') {
        // The colons of an address in brackets are its own.
        Some((_, rest)) if rest.ends_with(']') => host_and_port,
        // An empty port is the scheme's own.
        Some((host, "")) => host,
        Some((host, port)) => {
            let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
            is_port.then_some(host)?
        }
        None => host_and_port,
    };
    is_host(host).then_some(host)
}

/// A name, or an address in brackets.
fn is_host(host: &str) -> bool {
    if let Some(v6) = host.strip_prefix('[') {
        return v6.strip_suffix(']').is_some_and(|v6| v6.parse::<Ipv6Addr>().is_ok());
    }
    !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "[]<>^|:".contains(c))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn https_anywhere_and_http_on_this_machine() {
        for good in [
            "https://api.example.com",
            " https://api.example.com/tenant/x/ ",
            "HTTPS://api.example.com:8443",
            "http://localhost:8080",
            "http://LocalHost",
            "http://127.0.0.1:1/prefix",
            "http://127.8.9.1",
            "http://[::1]:9/x",
            "https://[::1]",
            "https://api.example.com:/x",
        ] {
            assert_eq!(address_problem(good), None, "{good}");
            check_address("X", good).unwrap();
        }
    }

    #[test]
    fn everything_else_has_one_problem() {
        for (bad, problem) in [
            ("", NO_ADDRESS),
            ("api.example.com", NO_ADDRESS),
            ("mailto:a@example.com", NO_ADDRESS),
            ("https://", NO_ADDRESS),
            ("https:///path", NO_ADDRESS),
            ("https://:443", NO_ADDRESS),
            ("https://api.example.com:99999", NO_ADDRESS),
            ("https://api.example.com:x", NO_ADDRESS),
            ("https://api.example.com:+1", NO_ADDRESS),
            ("https://[::1", NO_ADDRESS),
            ("https://::1", NO_ADDRESS),
            ("https://[example]", NO_ADDRESS),
            ("https://exa mple.com", NO_ADDRESS),
            ("http://api.example.com", NOT_HTTPS),
            ("http://127.0.0.1.example.com", NOT_HTTPS),
            ("http://localhost.example.com", NOT_HTTPS),
            ("http://10.0.0.1", NOT_HTTPS),
            ("http://[::2]", NOT_HTTPS),
            ("http://0x7f.1", NOT_HTTPS),
            ("ftp://localhost", NOT_HTTPS),
            ("https://user:hunter2@api.example.com", WITH_PASSWORD),
            ("http://127.0.0.1@api.example.com", WITH_PASSWORD),
            ("http://localhost:1@api.example.com", WITH_PASSWORD),
            ("https://api.example.com/?token=hunter2", WITH_QUERY),
            ("https://api.example.com#hunter2", WITH_QUERY),
        ] {
            assert_eq!(address_problem(bad), Some(problem), "{bad}");
            let error = check_address("ACME_BASE_URL", bad).unwrap_err().to_string();
            assert!(error.contains("ACME_BASE_URL") && !error.contains("hunter2"), "{error}");
        }
    }
}
