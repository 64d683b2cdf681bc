//! Where the application has its tables in a test: in a file, on a server.

use crate::plan::SyncPlan;
use crate::target::TableTarget;

/// One of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    #[cfg(feature = "sqlite")]
    File,
    #[cfg(feature = "postgres")]
    Server,
}

impl Home {
    /// Those that there are on this machine.
    pub(crate) fn all() -> Vec<Self> {
        vec![
            #[cfg(feature = "sqlite")]
            Self::File,
            #[cfg(feature = "postgres")]
            Self::Server,
        ]
        .into_iter()
        .filter(|home| home.is_there())
        .collect()
    }

    pub(crate) fn is_there(self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::File => true,
            #[cfg(feature = "postgres")]
            Self::Server => super::bases::postgres::server().is_some(),
        }
    }

    /// The one of two texts that is for this database.
    #[cfg_attr(
        not(all(feature = "postgres", feature = "sqlite")),
        allow(unused_variables, reason = "with one database alone one of them is for nobody")
    )]
    pub(crate) fn of<'t>(self, file: &'t str, server: &'t str) -> &'t str {
        match self {
            #[cfg(feature = "sqlite")]
            Self::File => file,
            #[cfg(feature = "postgres")]
            Self::Server => server,
        }
    }
}

/// A database with some tables.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) home: Home,
    pub(crate) folder: tempfile::TempDir,
    #[cfg(feature = "postgres")]
    schema: String,
}

impl Place {
    pub(crate) fn new(home: Home, tables: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        #[cfg(feature = "postgres")]
        let schema = match home {
            Home::Server => {
                super::bases::postgres::schema_on(super::bases::postgres::server().unwrap(), tables)
            }
            #[cfg(feature = "sqlite")]
            Home::File => String::new(),
        };
        let place = Self {
            home,
            folder,
            #[cfg(feature = "postgres")]
            schema,
        };
        #[cfg(feature = "sqlite")]
        if home == Home::File {
            place.batch(tables);
        }
        place
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("app.db")
    }

    #[cfg(feature = "sqlite")]
    fn file(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    pub(crate) fn url(&self) -> String {
        match self.home {
            #[cfg(feature = "sqlite")]
            Home::File => format!("sqlite:{}", self.path().display()),
            #[cfg(feature = "postgres")]
            Home::Server => {
                super::bases::postgres::address_of(super::bases::postgres::server().unwrap(), &self.schema)
            }
        }
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn schema(&self) -> &str {
        &self.schema
    }

    /// Somebody's own SQL.
    pub(crate) fn batch(&self, sql: &str) {
        self.try_batch(sql).unwrap();
    }

    fn try_batch(&self, sql: &str) -> Result<String, String> {
        match self.home {
            #[cfg(feature = "sqlite")]
            Home::File => {
                self.file().execute_batch(sql).map(|()| String::new()).map_err(|error| error.to_string())
            }
            #[cfg(feature = "postgres")]
            Home::Server => {
                let server = super::bases::postgres::server().unwrap();
                let sql = format!("SET search_path TO {}; {sql}", self.schema);
                server.sql(&sql).map_err(|error| error.to_string())
            }
        }
    }

    /// The one value that a query answers.
    pub(crate) fn text(&self, query: &str) -> String {
        match self.home {
            #[cfg(feature = "sqlite")]
            Home::File => {
                use rusqlite::types::Value;
                let value = self.file().query_row(query, [], |row| row.get::<_, Value>(0));
                value.map_or_else(
                    |error| error.to_string(),
                    |value| match value {
                        Value::Text(text) => text,
                        Value::Integer(number) => number.to_string(),
                        other => format!("{other:?}"),
                    },
                )
            }
            #[cfg(feature = "postgres")]
            Home::Server => self.try_batch(query).unwrap_or_else(|error| error),
        }
    }

    pub(crate) async fn target(&self, plan: &str) -> TableTarget {
        TableTarget::open(&self.url(), &SyncPlan::from_toml(plan).unwrap()).await.unwrap()
    }
}

/// A text as a literal of SQL.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
