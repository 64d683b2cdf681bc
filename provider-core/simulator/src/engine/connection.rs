//! TCP connections that a fault can really cut, and that end with the simulator.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::lock::lock;

#[derive(Debug, Default)]
struct CutState {
    cut: AtomicBool,
    reader: AtomicWaker,
}

/// The switch of one connection.
#[derive(Clone, Debug)]
pub(crate) struct Connection(Arc<CutState>);

impl Connection {
    /// Makes every further read and write fail: the server drops the socket without sending another byte.
    pub(crate) fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        self.0.reader.wake();
    }
}

/// The connections of one listener, so that they end when the simulator is dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenConnections(Arc<Mutex<Vec<Weak<CutState>>>>);

impl OpenConnections {
    fn remember(&self, state: &Arc<CutState>) {
        let mut open = lock(&self.0);
        open.retain(|known| known.strong_count() > 0);
        open.push(Arc::downgrade(state));
    }

    /// Cuts every connection that is still open.
    pub(crate) fn cut_all(&self) {
        for state in lock(&self.0).drain(..).filter_map(|known| known.upgrade()) {
            Connection(state).cut();
        }
    }
}

/// A listener whose connections can be cut.
#[derive(Debug)]
pub(crate) struct CuttableListener {
    inner: TcpListener,
    open: OpenConnections,
}

impl CuttableListener {
    pub(crate) fn new(inner: TcpListener, open: OpenConnections) -> Self {
        Self { inner, open }
    }
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        // axum's own listener waits and tries again where accepting fails.
        let (inner, peer) = Listener::accept(&mut self.inner).await;
        // Answers are small and written in one go: Nagle's algorithm would only add delays to a client's measurements.
        let _ = inner.set_nodelay(true);
        let state = Arc::new(CutState::default());
        self.open.remember(&state);
        (CuttableStream { inner, state }, peer)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// One accepted connection.
#[derive(Debug)]
pub(crate) struct CuttableStream {
    inner: TcpStream,
    state: Arc<CutState>,
}

impl CuttableStream {
    fn check(&self) -> io::Result<()> {
        if self.state.cut.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // Registered before the check, so that a cut in between is not missed.
        this.state.reader.register(cx.waker());
        if let Err(error) = this.check() {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut this.inner).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Err(error) = this.check() {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut this.inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Err(error) = this.check() {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut this.inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Err(error) = this.check() {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut this.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        Self(Arc::clone(&stream.io().state))
    }
}
