//! Bodies that do not end where they should.

use std::io;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::exchange;

/// What is wrong with the end of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FramingFault {
    /// Reset in the middle of the body.
    TornBody,
    /// Fewer bytes than declared, then an orderly end.
    LengthTooLong,
    /// More bytes than declared: what counts is cut in the middle.
    LengthTooShort,
    /// A declared length that is no number.
    LengthNonsense,
    /// A chunked body without its last chunk, then an orderly end.
    TornChunks,
    /// A chunk whose size is no number.
    ChunkNonsense,
    /// A chunked body without an end.
    EndlessChunks,
}

impl FramingFault {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::TornBody,
        Self::LengthTooLong,
        Self::LengthTooShort,
        Self::LengthNonsense,
        Self::TornChunks,
        Self::ChunkNonsense,
        Self::EndlessChunks,
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::TornBody => "torn body",
            Self::LengthTooLong => "content-length too long",
            Self::LengthTooShort => "content-length too short",
            Self::LengthNonsense => "content-length that is no number",
            Self::TornChunks => "chunked body without its end",
            Self::ChunkNonsense => "chunk size that is no number",
            Self::EndlessChunks => "endless chunked body",
        }
    }

    pub(super) async fn play(self, socket: &mut TcpStream) -> io::Result<()> {
        const BODY: &[u8] = br#"{"ok":true}"#;
        const CHUNKED: &str = "transfer-encoding: chunked";
        let head = match self {
            Self::TornBody | Self::LengthTooLong => exchange::head("200 OK", "content-length: 1000"),
            Self::LengthTooShort => exchange::head("200 OK", "content-length: 7"),
            Self::LengthNonsense => exchange::head("200 OK", "content-length: many"),
            Self::TornChunks | Self::ChunkNonsense | Self::EndlessChunks => exchange::head("200 OK", CHUNKED),
        };
        socket.write_all(head.as_bytes()).await?;
        match self {
            Self::TornBody => {
                socket.write_all(BODY).await?;
                // The client must have seen the head, or this were a reset before an answer.
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                socket.set_zero_linger()
            }
            Self::LengthTooLong | Self::LengthNonsense => {
                socket.write_all(BODY).await?;
                socket.shutdown().await
            }
            Self::LengthTooShort => {
                socket.write_all(BODY).await?;
                exchange::hold(socket).await
            }
            Self::TornChunks => {
                exchange::chunk(socket, BODY).await?;
                socket.shutdown().await
            }
            Self::ChunkNonsense => {
                socket.write_all(b"zz\r\n").await?;
                socket.write_all(BODY).await?;
                exchange::hold(socket).await
            }
            Self::EndlessChunks => {
                let spaces = [b' '; 16 * 1024];
                loop {
                    exchange::chunk(socket, &spaces).await?;
                }
            }
        }
    }
}
