//! Answers that are proper HTTP and not what was asked for: error statuses, redirects, pages for people.

use std::io;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::exchange;

/// What is answered instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerFault {
    /// 429 that names no wait.
    Throttled,
    /// 429 that names a wait of a minute.
    ThrottledForLong,
    /// 503 that names a wait of a minute.
    BusyForLong,
    /// 503 that asks to come back at once, and the write was carried out.
    BusyAfterApply,
    /// 307 to another place of the same host, and the write was carried out.
    MovedAfterApply,
    /// 308 to another place of the same host, and the write was carried out.
    MovedForGoodAfterApply,
    /// 500, and the write was not carried out.
    FailedBeforeApply,
    /// 500, and the write was carried out.
    FailedAfterApply,
    /// 504 of a gateway that gave up waiting, and the write was carried out.
    GatewayTimeout,
    /// A page for people.
    Html,
    /// JSON that ends early, in a body of the right length.
    CutJson,
    /// A redirect to another host.
    RedirectElsewhere,
    /// Bytes that are no HTTP.
    NotHttp,
    /// 200 and a body of no length.
    EmptyBody,
    /// 204 where a body was expected.
    NoContent,
    /// Text for people, not even a page.
    PlainText,
    /// A buffer that was never filled in.
    Zeros,
    /// A content coding that nobody asked for.
    OtherCoding,
    /// 403 with a page for people, of what stands before the service; the write was not carried out.
    ForbiddenPage,
    /// 522 of a network that did not reach the service.
    OriginDown,
}

impl AnswerFault {
    /// Every one.
    pub const ALL: [Self; 20] = [
        Self::Throttled,
        Self::ThrottledForLong,
        Self::BusyForLong,
        Self::BusyAfterApply,
        Self::MovedAfterApply,
        Self::MovedForGoodAfterApply,
        Self::FailedBeforeApply,
        Self::FailedAfterApply,
        Self::GatewayTimeout,
        Self::Html,
        Self::CutJson,
        Self::RedirectElsewhere,
        Self::NotHttp,
        Self::EmptyBody,
        Self::NoContent,
        Self::PlainText,
        Self::Zeros,
        Self::OtherCoding,
        Self::ForbiddenPage,
        Self::OriginDown,
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Throttled => "429",
            Self::ThrottledForLong => "429 with Retry-After past the deadline",
            Self::BusyForLong => "503 with Retry-After past the deadline",
            Self::BusyAfterApply => "503 with Retry-After after the write was applied",
            Self::MovedAfterApply => "307 after the write was applied",
            Self::MovedForGoodAfterApply => "308 after the write was applied",
            Self::FailedBeforeApply => "500 before the write was applied",
            Self::FailedAfterApply => "500 after the write was applied",
            Self::GatewayTimeout => "504 after the write was applied",
            Self::Html => "HTML instead of JSON",
            Self::CutJson => "JSON that ends early",
            Self::RedirectElsewhere => "redirect to another host",
            Self::NotHttp => "bytes that are no HTTP",
            Self::EmptyBody => "200 with an empty body",
            Self::NoContent => "204 instead of a body",
            Self::PlainText => "text instead of JSON",
            Self::Zeros => "zeros instead of JSON",
            Self::OtherCoding => "a content coding that nobody asked for",
            Self::ForbiddenPage => "403 with a page for people",
            Self::OriginDown => "522 of a network before the service",
        }
    }

    pub(super) const fn applies(self) -> bool {
        matches!(
            self,
            Self::BusyAfterApply
                | Self::MovedAfterApply
                | Self::MovedForGoodAfterApply
                | Self::FailedAfterApply
                | Self::GatewayTimeout
                | Self::Html
                | Self::CutJson
                | Self::NotHttp
                | Self::EmptyBody
                | Self::NoContent
                | Self::PlainText
                | Self::Zeros
                | Self::OtherCoding
        )
    }

    pub(super) async fn play(self, socket: &mut TcpStream) -> io::Result<()> {
        const EMPTY: &str = "content-length: 0";
        const MOVED: &str = "location: /elsewhere\r\ncontent-length: 0";
        const WAIT: &str = "retry-after: 60\r\ncontent-length: 0";
        let answer = match self {
            Self::Throttled => exchange::head("429 Too Many Requests", EMPTY),
            Self::ThrottledForLong => exchange::head("429 Too Many Requests", WAIT),
            Self::BusyForLong => exchange::head("503 Service Unavailable", WAIT),
            Self::BusyAfterApply => {
                exchange::head("503 Service Unavailable", "retry-after: 0\r\ncontent-length: 0")
            }
            Self::MovedAfterApply => exchange::head("307 Temporary Redirect", MOVED),
            Self::MovedForGoodAfterApply => exchange::head("308 Permanent Redirect", MOVED),
            Self::FailedBeforeApply | Self::FailedAfterApply => {
                exchange::head("500 Internal Server Error", EMPTY)
            }
            Self::GatewayTimeout => exchange::head("504 Gateway Timeout", EMPTY),
            Self::Html => {
                let page = "<!DOCTYPE html><title>Portal</title>";
                let length = page.len();
                format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{page}"
                )
            }
            Self::CutJson => format!("{}{{\"ok\":", exchange::head("200 OK", "content-length: 6")),
            Self::RedirectElsewhere => {
                exchange::head("302 Found", "location: https://elsewhere.example.com/\r\ncontent-length: 0")
            }
            Self::NotHttp => "SSH-2.0-Server\r\n".to_owned(),
            Self::EmptyBody => exchange::head("200 OK", EMPTY),
            Self::NoContent => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
            Self::PlainText => {
                format!("{}upstream timed out", exchange::head("200 OK", "content-length: 18"))
            }
            Self::Zeros => format!("{}\0\0\0\0\0\0", exchange::head("200 OK", "content-length: 6")),
            Self::OtherCoding => {
                let headers = "content-encoding: br\r\ncontent-length: 6";
                format!("{}\u{b}\u{2}\u{1}{{}}\u{3}", exchange::head("200 OK", headers))
            }
            Self::ForbiddenPage => {
                let page = "<html><h1>Access denied</h1></html>";
                let length = page.len();
                format!(
                    "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{page}"
                )
            }
            Self::OriginDown => {
                format!("{}error code: 522", exchange::head("522 Connection Timed Out", "content-length: 15"))
            }
        };
        socket.write_all(answer.as_bytes()).await
    }

    /// True where the connection can go on being used.
    pub(super) const fn is_http(self) -> bool {
        !matches!(self, Self::NotHttp)
    }
}
