//! Answers that take for ever.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::exchange;

/// Fast enough that no pause between two bytes looks like an end.
const DRIP: Duration = Duration::from_millis(10);

/// What takes for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SlowFault {
    /// No byte of an answer ever comes.
    Silent,
    /// The head of the answer comes byte by byte and never ends.
    Headers,
    /// The body comes byte by byte and never ends.
    Body,
    /// The body stops in the middle, and the connection stays.
    StalledBody,
}

impl SlowFault {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Silent, Self::Headers, Self::Body, Self::StalledBody];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Silent => "no answer at all",
            Self::Headers => "slow headers",
            Self::Body => "slow body",
            Self::StalledBody => "body that stops and stays open",
        }
    }

    pub(super) async fn play(self, socket: &mut TcpStream) -> io::Result<()> {
        match self {
            Self::Silent => exchange::hold(socket).await,
            Self::Headers => {
                socket.write_all(b"HTTP/1.1 200 OK\r\nx-slow: ").await?;
                drip(socket).await
            }
            Self::Body => {
                socket.write_all(exchange::head("200 OK", "content-length: 1000000").as_bytes()).await?;
                drip(socket).await
            }
            Self::StalledBody => {
                socket.write_all(exchange::head("200 OK", "content-length: 1000").as_bytes()).await?;
                socket.write_all(b"{\"ok\":").await?;
                exchange::hold(socket).await
            }
        }
    }
}

async fn drip(socket: &mut TcpStream) -> io::Result<()> {
    loop {
        socket.write_all(b"x").await?;
        tokio::time::sleep(DRIP).await;
    }
}
