//! Just enough HTTP to receive a request and to answer it properly.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longer heads are no request of a test.
const LONGEST_HEAD: usize = 64 * 1024;

/// What has to be known about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) is_write: bool,
}

/// Reads one request after the other from a connection.
#[derive(Debug, Default)]
pub(super) struct Reader {
    rest: Vec<u8>,
}

impl Reader {
    /// The next request with its whole body; `None` when the client has hung up.
    pub(super) async fn next(&mut self, socket: &mut TcpStream) -> io::Result<Option<Request>> {
        let head_end = loop {
            if let Some(at) = self.rest.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if self.rest.len() > LONGEST_HEAD || !self.fill(socket).await? {
                return Ok(None);
            }
        };
        let head = String::from_utf8_lossy(self.rest.get(..head_end).unwrap_or_default()).into_owned();
        let length = content_length(&head);
        while self.rest.len() < head_end + length {
            if !self.fill(socket).await? {
                return Ok(None);
            }
        }
        self.rest.drain(..head_end + length);
        Ok(Some(Request { is_write: !(head.starts_with("GET ") || head.starts_with("HEAD ")) }))
    }

    async fn fill(&mut self, socket: &mut TcpStream) -> io::Result<bool> {
        Ok(socket.read_buf(&mut self.rest).await? > 0)
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or_default()
}

/// What the server answers when it behaves.
pub(super) async fn answer(socket: &mut TcpStream) -> io::Result<()> {
    const BODY: &str = r#"{"ok":true}"#;
    let head = head("200 OK", &format!("content-length: {}", BODY.len()));
    socket.write_all(format!("{head}{BODY}").as_bytes()).await
}

/// The head of an answer with JSON.
pub(super) fn head(status: &str, header: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{header}\r\n\r\n")
}

/// One piece of a chunked body.
pub(super) async fn chunk(socket: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    socket.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
    socket.write_all(bytes).await?;
    socket.write_all(b"\r\n").await
}

/// Waits until the client hangs up, reading what it still sends.
pub(super) async fn hold(socket: &mut TcpStream) -> io::Result<()> {
    let mut sink = [0; 1024];
    while socket.read(&mut sink).await? > 0 {}
    Ok(())
}
