//! Where a store is kept in a test: in memory, in a file, on a server.

use std::sync::Arc;

use super::world::Hand;
use crate::store::{MemoryStore, SyncStore};

/// What a store lies in, and goes with.
pub(crate) type Ground = tempfile::TempDir;

/// One of the places for a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Memory,
    #[cfg(feature = "sqlite")]
    File,
    #[cfg(feature = "postgres")]
    Server,
}

impl Base {
    /// Those that there are on this machine.
    pub(crate) fn all() -> Vec<Self> {
        vec![
            Self::Memory,
            #[cfg(feature = "sqlite")]
            Self::File,
            #[cfg(feature = "postgres")]
            Self::Server,
        ]
        .into_iter()
        .filter(|base| base.is_there())
        .collect()
    }

    fn is_there(self) -> bool {
        match self {
            Self::Memory => true,
            #[cfg(feature = "sqlite")]
            Self::File => true,
            #[cfg(feature = "postgres")]
            Self::Server => postgres::server().is_some(),
        }
    }

    /// One new store as two machines have it, by the clock of its database where it has one.
    pub(crate) async fn machines(self, clock: &Hand) -> ([Arc<dyn SyncStore>; 2], Option<Arc<Ground>>) {
        match self {
            Self::Memory => {
                let (store, ground) = self.store(clock).await;
                ([Arc::clone(&store), store], ground)
            }
            #[cfg(feature = "sqlite")]
            Self::File => {
                let folder = tempfile::tempdir().unwrap();
                let address = format!("sqlite:{}", folder.path().join("sync.db").display());
                (Self::handles(&address).await, Some(Arc::new(folder)))
            }
            #[cfg(feature = "postgres")]
            Self::Server => (Self::handles(&postgres::address().unwrap()).await, None),
        }
    }

    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    async fn handles(address: &str) -> [Arc<dyn SyncStore>; 2] {
        let one = crate::store::SqlStore::open(address).await.unwrap();
        [Arc::new(one), Arc::new(crate::store::SqlStore::open(address).await.unwrap())]
    }

    /// A new store.
    pub(crate) async fn store(self, clock: &Hand) -> (Arc<dyn SyncStore>, Option<Arc<Ground>>) {
        let by: Arc<dyn provider_core::clock::Clock> = Arc::new(clock.clone());
        match self {
            Self::Memory => (Arc::new(MemoryStore::new(by)), None),
            #[cfg(feature = "sqlite")]
            Self::File => {
                let folder = tempfile::tempdir().unwrap();
                let address = format!("sqlite:{}", folder.path().join("sync.db").display());
                let store = crate::store::SqlStore::with_clock(&address, by).await.unwrap();
                (Arc::new(store), Some(Arc::new(folder)))
            }
            #[cfg(feature = "postgres")]
            Self::Server => {
                let address = postgres::address().unwrap();
                (Arc::new(crate::store::SqlStore::with_clock(&address, by).await.unwrap()), None)
            }
        }
    }
}

#[cfg(feature = "postgres")]
pub(crate) mod postgres {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use provider_testkit::postgres::Server;

    /// One for all tests that do nothing to it. It ends with this process.
    pub(crate) fn server() -> Option<&'static Server> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER.get_or_init(|| Server::start(&[("max_connections", "300")]).unwrap()).as_ref()
    }

    /// Where nobody else's store is.
    pub(crate) fn address() -> Option<String> {
        Some(address_on(server()?))
    }

    pub(crate) fn address_on(server: &Server) -> String {
        let schema = schema_on(server, "");
        address_of(server, &schema)
    }

    /// A schema of one's own, with these tables.
    pub(crate) fn schema_on(server: &Server, tables: &str) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let schema = format!("test_{}", NEXT.fetch_add(1, Ordering::SeqCst));
        server.sql(&format!("CREATE SCHEMA {schema}; SET search_path TO {schema}; {tables}")).unwrap();
        schema
    }

    pub(crate) fn address_of(server: &Server, schema: &str) -> String {
        format!("{}?options=-c%20search_path%3D{schema}", server.address("postgres"))
    }
}
