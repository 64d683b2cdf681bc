//! Stores in schemas of their own.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use provider_store::{Opening, Store};
use provider_testkit::postgres::Server;
use tokio_postgres::{Client, NoTls};

/// One for all tests that do nothing to it. It ends with this process.
fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&[("max_connections", "400")]).unwrap()).as_ref()
}

/// A place for one store, where nobody else's is.
#[derive(Debug)]
pub(crate) struct Place {
    server: String,
    schema: String,
}

impl Place {
    pub(crate) fn on_the_server() -> Option<Self> {
        Some(Self::on(server()?))
    }

    pub(crate) fn on(server: &Server) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let schema = format!("test_{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let place = Self { server: server.address("postgres"), schema };
        server.sql(&format!("CREATE SCHEMA {}", place.schema)).unwrap();
        place
    }

    pub(crate) fn address(&self) -> String {
        format!("{}?options=-c%20search_path%3D{}", self.server, self.schema)
    }

    /// The same for a machine whose sessions take what is in the schema before what the server has itself, and whose clock
    /// is so many hours ahead of the server's.
    pub(crate) fn sabotaged_address(&self, ahead: usize) -> String {
        format!("{}%2Cpg_catalog%20-c%20machine.ahead%3D{ahead}h", self.address())
    }

    pub(crate) fn opening(&self) -> Opening {
        opening(&self.address())
    }

    pub(crate) async fn store(&self) -> Store {
        self.opening().await.unwrap()
    }

    pub(crate) async fn client(&self) -> Client {
        connect(&self.address()).await
    }

    /// Somebody's own SQL.
    pub(crate) async fn sql(&self, sql: &str) {
        self.client().await.batch_execute(sql).await.unwrap();
    }
}

pub(crate) async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client
}

pub(crate) fn opening(address: &str) -> Opening {
    Store::open(address).unsealed()
}

/// Keeps everybody else from writing while it is there.
pub(crate) async fn keep(address: &str) -> Client {
    let client = connect(address).await;
    client.batch_execute("BEGIN; LOCK TABLE provider_journal, provider_token").await.unwrap();
    client
}
