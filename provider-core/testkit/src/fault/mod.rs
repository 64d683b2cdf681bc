//! A server that fails on purpose, in one way at a time: resets, torn bodies, broken compression, answers that
//! never end.
//!
//! It speaks raw TCP on loopback and counts what it received and what it carried out, so that a test can
//! hold what a client believes against what really happened.
//!
//! ```
//! use provider_testkit::fault::{ConnectionFault, WireFault, FaultServer, Repeat};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let fault = WireFault::Connection(ConnectionFault::ResetAfterApply);
//! let server = FaultServer::start(fault, Repeat::First(1)).await?;
//! // Point a client at `server.base_url()`: its first write is carried out and never answered.
//! assert_eq!(server.applied(), 0);
//! # Ok(())
//! # }
//! ```

mod answer;
mod coding;
mod connection;
mod exchange;
mod framing;
mod slow;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

pub use answer::AnswerFault;
pub use coding::CodingFault;
pub use connection::ConnectionFault;
pub use framing::FramingFault;
pub use slow::SlowFault;

/// One way to break an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WireFault {
    /// The connection itself.
    Connection(ConnectionFault),
    /// The time it takes.
    Slow(SlowFault),
    /// Where the body ends.
    Framing(FramingFault),
    /// How the body is compressed.
    Coding(CodingFault),
    /// An answer by the rules that is not the one that was asked for.
    Answer(AnswerFault),
}

impl WireFault {
    /// Every fault, group by group.
    pub fn all() -> impl Iterator<Item = Self> {
        let connection = ConnectionFault::ALL.into_iter().map(Self::Connection);
        let slow = SlowFault::ALL.into_iter().map(Self::Slow);
        let framing = FramingFault::ALL.into_iter().map(Self::Framing);
        let coding = CodingFault::ALL.into_iter().map(Self::Coding);
        let answer = AnswerFault::ALL.into_iter().map(Self::Answer);
        connection.chain(slow).chain(framing).chain(coding).chain(answer)
    }

    /// In a few words, for tables.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Connection(fault) => fault.words(),
            Self::Slow(fault) => fault.words(),
            Self::Framing(fault) => fault.words(),
            Self::Coding(fault) => fault.words(),
            Self::Answer(fault) => fault.words(),
        }
    }

    /// Whether the server carries a write out before it misbehaves.
    #[must_use]
    pub const fn applies(self) -> bool {
        match self {
            Self::Connection(fault) => fault.applies(),
            Self::Answer(fault) => fault.applies(),
            // What goes wrong with an answer goes wrong after the fact.
            Self::Slow(_) | Self::Framing(_) | Self::Coding(_) => true,
        }
    }
}

impl fmt::Display for WireFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// To how many requests the fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// To every request.
    Always,
    /// To so many requests; then the server behaves.
    First(u32),
}

#[derive(Debug, Default)]
struct Counters {
    connections: AtomicU32,
    requests: AtomicU32,
    applied: AtomicU32,
}

/// A server with one fault. It stops when it is dropped.
#[derive(Debug)]
pub struct FaultServer {
    address: SocketAddr,
    fault: WireFault,
    counters: Arc<Counters>,
    accepting: Option<AbortHandle>,
    /// Keeps the port taken while nobody listens on it.
    _reserved: Option<TcpSocket>,
}

impl FaultServer {
    /// Starts it on a free port of this machine.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(fault: WireFault, repeat: Repeat) -> io::Result<Self> {
        let counters = Arc::new(Counters::default());
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        if fault == WireFault::Connection(ConnectionFault::Refused) {
            let socket = TcpSocket::new_v4()?;
            socket.bind(any)?;
            let address = socket.local_addr()?;
            return Ok(Self { address, fault, counters, accepting: None, _reserved: Some(socket) });
        }
        let listener = TcpListener::bind(any).await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, fault, repeat, Arc::clone(&counters)));
        Ok(Self { address, fault, counters, accepting: Some(accepting.abort_handle()), _reserved: None })
    }

    /// The URL to point a client at.
    #[must_use]
    pub fn base_url(&self) -> String {
        let scheme = match self.fault {
            WireFault::Connection(ConnectionFault::NoTls) => "https",
            _ => "http",
        };
        format!("{scheme}://{}", self.address)
    }

    /// How many connections were made.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.counters.connections.load(Ordering::SeqCst)
    }

    /// How many requests arrived whole.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.counters.requests.load(Ordering::SeqCst)
    }

    /// How many writes were carried out.
    #[must_use]
    pub fn applied(&self) -> u32 {
        self.counters.applied.load(Ordering::SeqCst)
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
    }
}

async fn accept(listener: TcpListener, fault: WireFault, repeat: Repeat, counters: Arc<Counters>) {
    // Dropped with this task, and all connections with it.
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        let number = counters.connections.fetch_add(1, Ordering::SeqCst);
        let counters = Arc::clone(&counters);
        connections.spawn(async move {
            // The client hangs up on most faults; that is what they are for.
            let _ = Box::pin(serve(socket, number, fault, repeat, &counters)).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(
    mut socket: TcpStream,
    number: u32,
    fault: WireFault,
    repeat: Repeat,
    counters: &Counters,
) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let still = |count: u32| match repeat {
        Repeat::Always => true,
        Repeat::First(times) => count < times,
    };
    if let WireFault::Connection(fault) = fault
        && fault.before_request()
        && still(number)
    {
        return fault.play(&mut socket).await;
    }
    let mut reader = exchange::Reader::default();
    loop {
        let Some(request) = reader.next(&mut socket).await? else { return Ok(()) };
        let count = counters.requests.fetch_add(1, Ordering::SeqCst);
        if !still(count) || matches!(fault, WireFault::Connection(fault) if fault.before_request()) {
            if request.is_write {
                counters.applied.fetch_add(1, Ordering::SeqCst);
            }
            exchange::answer(&mut socket).await?;
            continue;
        }
        if request.is_write && fault.applies() {
            counters.applied.fetch_add(1, Ordering::SeqCst);
        }
        match fault {
            WireFault::Connection(fault) => return fault.play(&mut socket).await,
            WireFault::Slow(fault) => return fault.play(&mut socket).await,
            WireFault::Framing(fault) => return Box::pin(fault.play(&mut socket)).await,
            WireFault::Coding(fault) => return fault.play(&mut socket).await,
            WireFault::Answer(fault) => {
                fault.play(&mut socket).await?;
                if !fault.is_http() {
                    return exchange::hold(&mut socket).await;
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
