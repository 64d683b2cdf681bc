//! Bodies whose compression is broken or hostile.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::exchange;

/// What is wrong with the compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodingFault {
    /// Declared as gzip and none.
    BadGzip,
    /// Gzip whose checksum is wrong.
    BadChecksum,
    /// Gzip that is cut off, in a body of the right length.
    CutGzip,
    /// A few kilobytes that unpack without end.
    Bomb,
}

impl CodingFault {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::BadGzip, Self::BadChecksum, Self::CutGzip, Self::Bomb];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::BadGzip => "bad gzip",
            Self::BadChecksum => "gzip with a wrong checksum",
            Self::CutGzip => "gzip that is cut off",
            Self::Bomb => "decompression bomb",
        }
    }

    pub(super) async fn play(self, socket: &mut TcpStream) -> io::Result<()> {
        let bytes = match self {
            Self::BadGzip => b"this is not gzip at all".to_vec(),
            Self::BadChecksum => {
                let mut bytes = packed()?;
                let end = bytes.len();
                // The last eight bytes are checksum and length.
                for byte in bytes.iter_mut().skip(end.saturating_sub(8)).take(4) {
                    *byte ^= 0xff;
                }
                bytes
            }
            Self::CutGzip => {
                let mut bytes = packed()?;
                bytes.truncate(bytes.len() / 2);
                bytes
            }
            Self::Bomb => return bomb(socket).await,
        };
        // The answer is whole as far as HTTP goes, so the connection would be used again, and this one is of no more
        // use.
        let header =
            format!("content-encoding: gzip\r\nconnection: close\r\ncontent-length: {}", bytes.len());
        socket.write_all(exchange::head("200 OK", &header).as_bytes()).await?;
        socket.write_all(&bytes).await?;
        exchange::hold(socket).await
    }
}

fn packed() -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(br#"{"ok":true,"padding":"abcdefghijklmnopqrstuvwxyz0123456789"}"#)?;
    encoder.finish()
}

/// Spaces, a thousand to one, for as long as the client takes them: packed as they are sent, so that
/// neither side needs the memory that the bomb is meant to take.
async fn bomb(socket: &mut TcpStream) -> io::Result<()> {
    let header = "content-encoding: gzip\r\ntransfer-encoding: chunked";
    socket.write_all(exchange::head("200 OK", header).as_bytes()).await?;
    let spaces = vec![b' '; 256 * 1024];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    loop {
        encoder.write_all(&spaces)?;
        let packed = std::mem::take(encoder.get_mut());
        if !packed.is_empty() {
            exchange::chunk(socket, &packed).await?;
        }
        tokio::task::yield_now().await;
    }
}
