//! A small HTTP/1.1 client of the tests' own: it shows what is on the wire, torn bodies and cut connections included.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::io;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer as received.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The value of a header, its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; fails the test with the whole answer if it is not.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("not JSON ({error}): {} {}", self.status, self.text()),
        }
    }

    /// The body as JSON of an answer that must have this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }
}

/// One request, written as given, on a connection of its own.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    address: String,
    headers: Vec<(String, String)>,
}

impl Wire {
    /// A client of the server at `base_url` that sends no headers but the necessary ones.
    pub(crate) fn new(base_url: &str) -> Self {
        Self { address: base_url.trim_start_matches("http://").to_owned(), headers: Vec::new() }
    }

    /// Sends this header with every request.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) async fn get(&self, target: &str) -> Reply {
        self.send("GET", target, b"").await.unwrap()
    }

    pub(crate) async fn delete(&self, target: &str) -> Reply {
        self.send("DELETE", target, b"").await.unwrap()
    }

    /// Sends JSON with its content type.
    pub(crate) async fn json(&self, method: &str, target: &str, body: &Value) -> Reply {
        self.try_json(method, target, body).await.unwrap()
    }

    pub(crate) async fn try_json(&self, method: &str, target: &str, body: &Value) -> io::Result<Reply> {
        let client = self.clone().with("content-type", "application/json");
        client.send(method, target, body.to_string().as_bytes()).await
    }

    /// Sends one request and reads one answer. `UnexpectedEof` if the connection ends before the answer does.
    pub(crate) async fn send(&self, method: &str, target: &str, body: &[u8]) -> io::Result<Reply> {
        let mut stream = self.open(method, target, body).await?;
        let mut bytes = Vec::new();
        let (head, mut rest) = read_head(&mut stream, &mut bytes).await?;
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|code| code.parse().ok())
            .ok_or(io::ErrorKind::InvalidData)?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        stream.read_to_end(&mut rest).await?;
        let mut reply = Reply { status, headers, body: Vec::new() };
        reply.body = if reply.header("transfer-encoding") == Some("chunked") {
            unchunked(&rest).ok_or(io::ErrorKind::UnexpectedEof)?
        } else {
            let declared = reply.header("content-length").and_then(|text| text.parse().ok());
            if declared.is_some_and(|length: usize| rest.len() < length) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            rest
        };
        Ok(reply)
    }

    /// Sends one request and gives the connection, for answers that never end.
    pub(crate) async fn open(&self, method: &str, target: &str, body: &[u8]) -> io::Result<TcpStream> {
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH") {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        Ok(stream)
    }
}

async fn read_head(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<(String, Vec<u8>)> {
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            return Ok((head, bytes[end + 4..].to_vec()));
        }
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
}

fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(bytes.get(..end)?).ok()?.trim(), 16).ok()?;
        let start = end + 2;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(bytes.get(start..start + size)?);
        bytes = bytes.get(start + size + 2..)?;
    }
}

/// Repeats `look` until it gives something. Fails the test after ten seconds.
pub(crate) async fn eventually<T, F>(mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let patient = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), patient).await.expect("it never came")
}
