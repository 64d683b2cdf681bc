//! A POST of JSON to a receiver on this machine.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Url};

/// The receiver must answer in this time.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST_HEAD: usize = 16 * 1024;

/// Posts to a loopback `http` address; answers the status, or in words why there is none.
///
/// Nothing leaves the machine: a webhook of a test may carry any address.
pub(crate) async fn post_json(url: &str, authorization: Option<&str>, body: &Value) -> Result<u16, String> {
    let url = Url::parse(url).map_err(|_| "the url is not an address".to_owned())?;
    let host = loopback_host(&url)
        .ok_or_else(|| "the simulator delivers to http addresses on this machine only".to_owned())?;
    let port = url.port_or_known_default().unwrap_or(80);
    let exchange = exchange(&host, port, &url, authorization, body);
    match timeout(PATIENCE, exchange).await {
        Ok(Ok(status)) => Ok(status),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the receiver did not answer in 10 seconds".to_owned()),
    }
}

fn loopback_host(url: &Url) -> Option<String> {
    let is_loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => IpAddr::V4(address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(address).is_loopback(),
    };
    (url.scheme() == "http" && is_loopback).then(|| {
        let host = url.host_str().unwrap_or_default();
        host.trim_matches(['[', ']']).to_owned()
    })
}

async fn exchange(
    host: &str,
    port: u16,
    url: &Url,
    authorization: Option<&str>,
    body: &Value,
) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect((host, port)).await?;
    let body = body.to_string();
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    );
    // A line break in the value would be a header of its own.
    if let Some(value) = authorization.filter(|value| !value.contains(['\r', '\n'])) {
        head.push_str("authorization: ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;

    let mut answer = Vec::new();
    let mut chunk = [0_u8; 1024];
    loop {
        let count = stream.read(&mut chunk).await?;
        answer.extend(chunk.iter().take(count));
        if count == 0 || answer.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
        if answer.len() > LONGEST_HEAD {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
    }
    String::from_utf8_lossy(&answer)
        .strip_prefix("HTTP/1.")
        .and_then(|line| line.get(2..5))
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidData, "not an HTTP answer"))
}
