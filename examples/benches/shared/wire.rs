//! Requests of HTTP/1.1 as the servers of the benches read them from a kept connection.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// One request.
pub(crate) struct Request {
    /// The request line and the headers, with the empty line that ends them.
    pub(crate) head: String,
    #[allow(dead_code, reason = "one of the benches answers by the path alone")]
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Path and query.
    #[allow(dead_code, reason = "one of the benches passes requests on as they are")]
    pub(crate) fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }
}

/// The next request of a connection, or `None` where it was closed. `received` keeps what came after it.
pub(crate) async fn next(stream: &mut TcpStream, received: &mut Vec<u8>) -> std::io::Result<Option<Request>> {
    let end = loop {
        if let Some(at) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(received).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&received[..end]).into_owned();
    let whole = end + length(&head);
    while received.len() < whole {
        if stream.read_buf(received).await? == 0 {
            return Ok(None);
        }
    }
    let body = received[end..whole].to_vec();
    received.drain(..whole);
    Ok(Some(Request { head, body }))
}

/// How many bytes follow the head.
fn length(head: &str) -> usize {
    let named = |line: &str| -> Option<usize> {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
    };
    head.lines().find_map(named).unwrap_or(0)
}
