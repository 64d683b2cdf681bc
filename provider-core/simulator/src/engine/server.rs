//! One listening socket with a distributor behind it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::connection::{Connection, CuttableListener, OpenConnections};

/// A bound socket that does not answer yet.
#[derive(Debug)]
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Binds 127.0.0.1; port 0 takes any free one.
    pub(crate) async fn loopback(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts to answer.
    pub(crate) fn serve(self, router: Router) -> Server {
        let open = OpenConnections::default();
        let listener = CuttableListener::new(self.listener, open.clone());
        let service = router.into_make_service_with_connect_info::<Connection>();
        let task = tokio::spawn(async move {
            // `serve` waits and retries when accepting fails; it never returns.
            let _ = axum::serve(listener, service).await;
        });
        Server { task, open }
    }
}

/// A server that ends when it is dropped, with every connection it has.
#[derive(Debug)]
pub(crate) struct Server {
    task: JoinHandle<()>,
    open: OpenConnections,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        self.open.cut_all();
    }
}
