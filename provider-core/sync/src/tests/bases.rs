//! Where a store is kept in a test: in memory, in a file, on a server.

use std::sync::Arc;

use super::world::Hand;
use crate::store::{MemoryStore, SyncStore};

/// What a store or tables lie in, and what becomes of that when nobody holds it any more: a folder goes, what was lent goes
/// back.
pub(crate) type Ground = dyn std::any::Any + Send + Sync;

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
                let lent = postgres::store(clock).await;
                (Arc::new(lent.thing().store.clone()), Some(Arc::new(lent)))
            }
        }
    }
}

#[cfg(feature = "postgres")]
pub(crate) mod postgres {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex, OnceLock};
    use std::time::Duration;

    use chrono::{DateTime, Utc};
    use provider_core::clock::{BoxFuture, Clock};
    use provider_testkit::postgres::Server;

    use crate::store::SqlStore;
    use crate::tests::shelf::{Lent, Shelf};
    use crate::tests::world::Hand;

    /// Takes everything out of the tables of a schema, which stay, and counts their rows from 1 again: to make tables takes
    /// longer than most tests, and thousands of them make the server slow.
    pub(crate) const EMPTY: &str = "DO $$ DECLARE own regclass; here regnamespace := CAST(current_schema() AS text); BEGIN \
        FOR own IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relname <> 'sync_meta' AND relnamespace = here \
        LOOP EXECUTE 'DELETE FROM ' || CAST(own AS text); END LOOP; \
        PERFORM setval(CAST(oid AS regclass), 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = here; END $$";

    /// The clock of a store that is lent: that of the world it is in.
    #[derive(Debug)]
    struct Relay(Mutex<Hand>);

    impl Relay {
        fn hand(&self) -> Hand {
            self.0.lock().unwrap().clone()
        }
    }

    impl Clock for Relay {
        fn now(&self) -> DateTime<Utc> {
            self.hand().now()
        }

        fn sleep(&self, time: Duration) -> BoxFuture<()> {
            self.hand().sleep(time)
        }
    }

    /// A store in a schema of its own, with its connections.
    #[derive(Debug)]
    pub(crate) struct Kept {
        pub(crate) store: SqlStore,
        clock: Arc<Relay>,
    }

    /// A store with nothing in it.
    pub(crate) async fn store(clock: &Hand) -> Lent<Kept> {
        static SHELF: Shelf<Kept> = Shelf::new();
        let kept = match SHELF.take() {
            Some(kept) => {
                *kept.clock.0.lock().unwrap() = clock.clone();
                kept.store.sql(EMPTY).await.unwrap();
                kept
            }
            None => {
                let relay = Arc::new(Relay(Mutex::new(clock.clone())));
                let by: Arc<dyn Clock> = Arc::<Relay>::clone(&relay);
                let store = SqlStore::with_clock(&address().unwrap(), by).await.unwrap();
                Kept { store, clock: relay }
            }
        };
        SHELF.lend(kept)
    }

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
