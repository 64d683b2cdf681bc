//! The address of a server, as a host is configured with it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use provider_core::{Error, Result};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::error::STORE_SETTING;

/// A server that is cut off is given up after this long, unless the address says otherwise.
const CUT_OFF: Duration = Duration::from_secs(30);

/// What the server knows a connection by, unless the address says otherwise.
const HOST: &str = "provider-store";
const GUEST: &str = "provider-sync";

/// Where a server is, and how to get in.
#[derive(Clone)]
pub(crate) struct Address {
    pub(super) config: Config,
    /// Who may have signed the server's certificate; without it, whoever the system trusts.
    pub(super) roots: Option<PathBuf>,
    /// Host and database, for messages.
    pub(super) shown: String,
}

/// It holds a password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

impl Address {
    /// The same for connections to tables that are somebody else's.
    pub(super) fn of_a_guest(mut self) -> Self {
        if self.config.get_application_name() == Some(HOST) {
            self.config.application_name(GUEST);
        }
        self
    }

    /// Nothing of what cannot be read is quoted.
    pub(crate) fn parse(address: &str) -> Result<Self> {
        let (server, options) = address.split_once('?').unwrap_or((address, ""));
        let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", "system")) => roots = None,
                Some(("sslrootcert", value)) => roots = Some(PathBuf::from(decoded(value))),
                _ => rest.push(option),
            }
        }
        let plain = format!("{server}?{}", rest.join("&"));
        // What the driver says of it may quote a part of a password.
        let mut config = Config::from_str(&plain).map_err(|_| unreadable())?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(refused("names no host: use `postgres://USER:PASSWORD@HOST/DATABASE`"));
        }
        let tls = encryption(mode, is_near(&config))?;
        if roots.is_some() && tls == SslMode::Disable {
            return Err(refused("names certificates and no TLS: add `sslmode=verify-full`"));
        }
        config.ssl_mode(tls);
        if config.get_application_name().is_none() {
            config.application_name(HOST);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(CUT_OFF);
        }
        if !options.contains("keepalives_idle=") {
            config.keepalives_idle(CUT_OFF);
        }
        let shown = shown(&config);
        Ok(Self { config, roots, shown })
    }
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether nothing leaves this machine.
fn is_near(config: &Config) -> bool {
    let near = |host: &Host| match host {
        Host::Tcp(name) => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    let addresses = config.get_hostaddrs();
    config.get_hosts().iter().all(near) && addresses.iter().all(IpAddr::is_loopback)
}

/// Orders and tokens go to another machine in clear only where somebody has said so. Where there is TLS, the server's
/// certificate is always checked, and so is the name in it.
fn encryption(mode: Option<&str>, near: bool) -> Result<SslMode> {
    let built_in = cfg!(feature = "postgres-tls");
    match mode {
        Some("disable") => Ok(SslMode::Disable),
        Some("allow" | "prefer") if built_in => Ok(SslMode::Prefer),
        Some("allow" | "prefer") => Ok(SslMode::Disable),
        Some("require" | "verify-ca" | "verify-full") if built_in => Ok(SslMode::Require),
        Some("require" | "verify-ca" | "verify-full") => {
            Err(refused("asks for TLS, which this build has not: switch on the feature `postgres-tls`"))
        }
        Some(_) => Err(refused("has an `sslmode` that is not known: use `verify-full`, or `disable`")),
        None if near => Ok(SslMode::Disable),
        None if built_in => Ok(SslMode::Require),
        None => Err(refused(
            "is on another machine, and this build has no TLS: switch on the feature `postgres-tls`, or add \
             `?sslmode=disable` where the network in between is your own",
        )),
    }
}

fn shown(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let hosts: Vec<_> = hosts.collect();
    let hosts = if hosts.is_empty() {
        config.get_hostaddrs().iter().map(ToString::to_string).collect()
    } else {
        hosts
    };
    let database = config.get_dbname().or_else(|| config.get_user()).unwrap_or("its user's");
    format!("the database {database} on {}", hosts.join(", "))
}

fn unreadable() -> Error {
    refused(
        "cannot be read as `postgres://USER:PASSWORD@HOST:PORT/DATABASE`: write signs such as `@`, `/`, `:`, `?` and \
         `%` in a password as `%40`, `%2F`, `%3A`, `%3F` and `%25`",
    )
}

fn refused(problem: &'static str) -> Error {
    Error::config(STORE_SETTING, problem)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_password_is_in_no_message() {
        let address = "postgres://app:s3cret@db.example.com:5433/orders?sslmode=disable";
        let shown = format!("{:?}", Address::parse(address).unwrap());
        assert!(shown.contains("orders") && shown.contains("db.example.com"), "{shown}");
        assert!(!shown.contains("s3cret"), "{shown}");
        for wrong in [
            "postgres://app:s3cret@db:port/orders",
            "postgres:///orders",
            "postgres://app@db/x?sslmode=maybe",
        ] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in [
            "postgres://app:s3cret@db:port/orders",
            "postgres://app:s3cret/with@db/orders",
            "postgres://app:s3c%ret@db/orders",
            "postgres://app:s3cret?x@db/orders",
            "postgres://app:s3cret@db/orders?unknown=s3cret",
            "postgres://app:s3cret@db/orders?sslmode=s3cret",
            "postgres:///orders",
        ] {
            match Address::parse(wrong) {
                Ok(read) => assert!(!format!("{read:?}").contains("s3c"), "{read:?}"),
                Err(error) => {
                    assert!(error.to_string().contains("PROVIDER_STORE"), "{error}");
                    assert!(!format!("{error} {error:?}").contains("s3c"), "{error:?}");
                }
            }
        }
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted_unless_somebody_said_otherwise() {
        let mode = |address: &str| Address::parse(address).map(|address| address.config.get_ssl_mode());
        for near in
            ["postgres://app@localhost/x", "postgres://app@127.0.0.1/x", "postgres://app@%2Frun%2Fpg/x"]
        {
            assert_eq!(mode(near).unwrap(), SslMode::Disable, "{near}");
        }
        assert_eq!(mode("postgres://app@db/x?sslmode=disable").unwrap(), SslMode::Disable);
        for far in
            ["postgres://app@db/x", "postgres://app@localhost,db/x", "postgres://app@db/x?sslmode=require"]
        {
            let mode = mode(far);
            assert_eq!(mode.is_ok(), BUILT_IN, "{far}");
            match mode {
                Ok(mode) => assert_eq!(mode, SslMode::Require, "{far}"),
                Err(error) => assert!(error.to_string().contains("postgres-tls"), "{error}"),
            }
        }
    }

    const BUILT_IN: bool = cfg!(feature = "postgres-tls");

    #[test]
    fn roots_are_a_path() {
        let address = "postgres://app@db/x?sslmode=prefer&sslrootcert=%2Fetc%2Fmy%20ca.pem";
        let read = Address::parse(address);
        assert_eq!(read.is_ok(), BUILT_IN);
        if let Ok(address) = read {
            assert_eq!(address.roots.unwrap().to_str(), Some("/etc/my ca.pem"));
        }
        assert!(Address::parse("postgres://app@db/x?sslmode=disable&sslrootcert=/ca.pem").is_err());
    }
}
