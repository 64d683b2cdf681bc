//! One listening socket with a distributor behind it.

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::connection::{Connection, CuttableListener, OpenConnections};
use super::lock::lock;

/// The ports that this process has had.
static USED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// How many used ports are passed over before one is taken all the same.
const PASSED_OVER: usize = 64;

/// A bound socket that does not answer yet.
#[derive(Debug)]
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Binds 127.0.0.1; port 0 takes any free one that the process has not had.
    ///
    /// The system gives the same port again after a few hundred. What a client knows of an account, such as an outage or a
    /// pause, it knows by the address, and one test would go on with what another one did.
    pub(crate) async fn loopback(port: u16) -> io::Result<Self> {
        // Held until another one is found, or the system might pick them once more.
        let mut passed_over = Vec::new();
        loop {
            let bound = Self::bind(port).await?;
            let is_new = lock(&USED).insert(bound.address.port());
            if is_new || port != 0 || passed_over.len() == PASSED_OVER {
                return Ok(bound);
            }
            passed_over.push(bound);
        }
    }

    async fn bind(port: u16) -> io::Result<Self> {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation should end the test")]

    use super::*;

    #[tokio::test]
    async fn a_port_that_was_had_is_not_picked_again() {
        let mut ports = BTreeSet::new();
        for _ in 0..500 {
            let bound = Bound::loopback(0).await.unwrap();
            assert!(ports.insert(bound.address.port()), "{:?} was had", bound.address);
        }
    }
}
