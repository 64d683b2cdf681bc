//! URLs that a distributor hands out (signed file URLs, next pages): which of them are followed.
//!
//! A signed address of a file is fetched from wherever it points to, without a credential of ours. From a server
//! in the internet it must not point into the network that this program runs in: there, what answers is not meant
//! for the distributor to reach.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::origin::is_secure;

const WITH_PASSWORD: &str = "holds a user name or a password";
const NOT_HTTPS: &str = "is not HTTPS";
const WITHIN: &str = "is on this machine or in its network";
const NO_HOST: &str = "has no host";

/// What speaks against following an address. `from_local` says that the configured server is itself on this
/// machine or in its network: then it may point there.
pub(super) fn problem(url: &Url, from_local: bool) -> Option<&'static str> {
    if !url.username().is_empty() || url.password().is_some() {
        return Some(WITH_PASSWORD);
    }
    match url.host() {
        None => Some(NO_HOST),
        Some(host) if is_local(&host) && !from_local => Some(WITHIN),
        Some(_) => (!is_secure(url)).then_some(NOT_HTTPS),
    }
}

/// True for a host that only this machine or its network can mean.
pub(super) fn is_local(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => is_local_v4(*address),
        Host::Ipv6(address) => is_local_v6(*address),
        Host::Domain(name) => is_local_name(name),
    }
}

/// Names that no public server has: without a dot, or under a domain that is reserved for local use.
fn is_local_name(name: &str) -> bool {
    const RESERVED: [&str; 6] = ["localhost", "local", "localdomain", "internal", "intranet", "arpa"];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    match name.rsplit_once('.') {
        None => true,
        Some((_, last)) => RESERVED.contains(&last),
    }
}

fn is_local_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || a == 0
        // Shared by a carrier's customers, protocol assignments, benchmarks, reserved.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240
}

fn is_local_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // An IPv4 address within: mapped, compatible, translated, 6to4.
    let v4 = |at: usize| {
        let octets = address.octets();
        let part: Option<[u8; 4]> = octets.get(at..at + 4).and_then(|part| part.try_into().ok());
        part.is_some_and(|part| is_local_v4(Ipv4Addr::from(part)))
    };
    let zeros = address.segments().iter().take_while(|segment| **segment == 0).count();
    match address.segments() {
        // Translated from IPv4 and back; other translations are within a network.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => v4(12),
        [0, 0, 0, 0, 0xffff, 0, ..] => v4(12),
        _ if zeros >= 5 => v4(12),
        // Everything outside of these is loopback, local to a site or a link, multicast or unassigned. Within them
        // the first block is for protocols, tunnels among them.
        _ if (first & 0xe000) != 0x2000 || (first == 0x2001 && second < 0x200) => true,
        _ => first == 0x2002 && v4(2),
    }
}

/// True for the host of a configured base that is itself local.
pub(super) fn is_local_url(url: &Url) -> bool {
    url.host().is_some_and(|host| is_local(&host))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn of(url: &str, from_local: bool) -> Option<&'static str> {
        problem(&url.parse().unwrap(), from_local)
    }

    #[test]
    fn only_public_https_is_followed_from_a_public_server() {
        for good in [
            "https://files.example.com/x?sig=1",
            "https://93.184.216.34/x",
            "https://[2606:2800:220:1:248:1893:25c8:1946]/x",
            "https://172.15.0.1/",
            "https://172.32.0.1/",
            "https://100.128.0.1/",
            "https://[64:ff9b::93.184.216.34]/",
            "https://[::ffff:93.184.216.34]/",
            "https://[2001:4860:4860::8888]/",
            "https://localhost.example.com/",
        ] {
            assert_eq!(of(good, false), None, "{good}");
            assert_eq!(of(good, true), None, "{good}");
        }
        assert_eq!(of("http://files.example.com/x", false), Some(NOT_HTTPS));
        assert_eq!(of("http://files.example.com/x", true), Some(NOT_HTTPS));
        assert_eq!(of("http://10.0.0.1/x", true), Some(NOT_HTTPS));
        assert_eq!(of("mailto:a@example.com", true), Some(NO_HOST));
    }

    #[test]
    fn no_spelling_of_a_local_address_is_followed_from_a_public_server() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "[fec0::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[::127.0.0.1]",
            "[64:ff9b::10.0.0.1]",
            "[2002:7f00:1::]",
            "[::ffff:0:127.0.0.1]",
            "[64:ff9b:1::1]",
            "[2001::7f00:1]",
            "[100::1]",
            "[4000::1]",
            "[0:0:0:0:0:0:0:1]",
            "0",
            "0300.0250.0.1",
            "127.0.0.1%2e",
            "\u{ff11}\u{ff12}\u{ff17}.0.0.1",
            "metadata.google.internal.",
            "api.localhost.",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "api.localhost",
            "printer.local",
            "metadata.google.internal",
            "intranet",
            "wiki.intranet",
            "router.home.arpa",
            "127.0.0.1.",
            "%6cocalhost",
        ] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}:8443/latest/meta-data");
                assert_eq!(of(&url, false), Some(WITHIN), "{url}");
            }
            assert_eq!(of(&format!("https://{host}/x"), true), None, "{host}");
        }
        for loopback in ["http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]:9/x"] {
            assert_eq!(of(loopback, true), None, "{loopback}");
        }
    }

    #[test]
    fn an_address_with_a_user_is_never_followed() {
        for url in [
            "https://user:pw@files.example.com/",
            "https://user@files.example.com/",
            "https://:pw@127.0.0.1/",
        ] {
            for local in [false, true] {
                assert_eq!(of(url, local), Some(WITH_PASSWORD), "{url}");
            }
        }
    }
}
