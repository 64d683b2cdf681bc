//! Connections that fail.

use std::io;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::exchange;

/// How the connection fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectionFault {
    /// Nobody listens.
    Refused,
    /// The server speaks no TLS where it is expected.
    NoTls,
    /// Reset while the request is under way, before it was read.
    ResetOnAccept,
    /// The request arrived and was thrown away; the connection is reset.
    ResetBeforeApply,
    /// The request was carried out; the connection is reset before an answer.
    ResetAfterApply,
    /// The request arrived and was thrown away; the connection is closed in good order.
    ClosedBeforeApply,
    /// The request was carried out; the connection is closed in good order before an answer.
    ClosedAfterApply,
}

impl ConnectionFault {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Refused,
        Self::NoTls,
        Self::ResetOnAccept,
        Self::ResetBeforeApply,
        Self::ResetAfterApply,
        Self::ClosedBeforeApply,
        Self::ClosedAfterApply,
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Refused => "connection refused",
            Self::NoTls => "no TLS where it is expected",
            Self::ResetOnAccept => "reset before the request was read",
            Self::ResetBeforeApply => "reset before the write was applied",
            Self::ResetAfterApply => "reset after the write was applied",
            Self::ClosedBeforeApply => "closed before the write was applied",
            Self::ClosedAfterApply => "closed after the write was applied",
        }
    }

    pub(super) const fn applies(self) -> bool {
        matches!(self, Self::ResetAfterApply | Self::ClosedAfterApply)
    }

    /// True for what happens before a request is read.
    pub(super) const fn before_request(self) -> bool {
        matches!(self, Self::Refused | Self::NoTls | Self::ResetOnAccept)
    }

    pub(super) async fn play(self, socket: &mut TcpStream) -> io::Result<()> {
        match self {
            // Nobody accepted, so this is never reached.
            Self::Refused => Ok(()),
            Self::NoTls => {
                socket.write_all(exchange::head("400 Bad Request", "content-length: 0").as_bytes()).await?;
                exchange::hold(socket).await
            }
            // A socket closed without lingering sends a reset instead of an orderly end.
            Self::ResetOnAccept => {
                // Not before the client has sent something, or it would sometimes still be connecting.
                socket.peek(&mut [0]).await?;
                socket.set_zero_linger()
            }
            Self::ResetBeforeApply | Self::ResetAfterApply => socket.set_zero_linger(),
            Self::ClosedBeforeApply | Self::ClosedAfterApply => socket.shutdown().await,
        }
    }
}
