//! Where a store is in a test: in a new file, and where there is a server in a new schema.

use tempfile::TempDir;

/// A place for one store.
#[derive(Debug)]
pub(crate) enum Ground {
    File(TempDir),
    #[cfg(feature = "postgres")]
    Schema(String),
}

impl Ground {
    /// One of each kind that there is on this machine.
    pub(crate) fn all() -> Vec<Self> {
        [Some(Self::file()), Self::schema()].into_iter().flatten().collect()
    }

    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    #[cfg(not(feature = "postgres"))]
    pub(crate) fn schema() -> Option<Self> {
        None
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn schema() -> Option<Self> {
        use std::sync::OnceLock;
        use std::sync::atomic::{AtomicU64, Ordering};

        use provider_testkit::postgres::Server;

        /// It ends with this process.
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let server = SERVER.get_or_init(|| Server::start(&[("max_connections", "200")]).unwrap()).as_ref()?;
        let schema = format!("test_{}", NEXT.fetch_add(1, Ordering::SeqCst));
        server.sql(&format!("CREATE SCHEMA {schema}")).unwrap();
        Some(Self::Schema(format!("{}?options=-c%20search_path%3D{schema}", server.address("postgres"))))
    }

    /// Of a file: nothing else is in it.
    pub(crate) fn folder(&self) -> Option<&TempDir> {
        match self {
            Self::File(folder) => Some(folder),
            #[cfg(feature = "postgres")]
            Self::Schema(_) => None,
        }
    }

    pub(crate) fn address(&self) -> String {
        match self {
            Self::File(folder) => format!("sqlite:{}", folder.path().join("store.db").display()),
            #[cfg(feature = "postgres")]
            Self::Schema(address) => address.clone(),
        }
    }
}
