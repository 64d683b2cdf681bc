//! Where the tables and the store are, while processes are killed over them.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::types::Value;

/// In two files, or in a database.
pub(super) enum Ground {
    File {
        app: PathBuf,
        db: String,
    },
    #[cfg(feature = "postgres")]
    Server(Box<provider_testkit::postgres::Server>),
}

impl Ground {
    /// The addresses of the store and of the tables.
    pub(super) fn addresses(&self) -> (String, String) {
        match self {
            Self::File { app, db } => (db.clone(), format!("sqlite:{}", app.display())),
            #[cfg(feature = "postgres")]
            Self::Server(server) => {
                let address = server.address_over_tcp("postgres");
                (address.clone(), address)
            }
        }
    }

    /// What the tables answer: the columns of each row.
    pub(super) fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match self {
            Self::File { app, .. } => {
                let app = Connection::open(app).unwrap();
                app.busy_timeout(Duration::from_secs(10)).unwrap();
                let mut statement = app.prepare(sql).unwrap();
                let columns = statement.column_count();
                let row = |row: &rusqlite::Row<'_>| (0..columns).map(|at| row.get(at).map(text)).collect();
                let rows = statement.query_map([], row).unwrap();
                rows.map(rusqlite::Result::unwrap).collect()
            }
            #[cfg(feature = "postgres")]
            Self::Server(server) => {
                let rows = server.sql(sql).unwrap();
                rows.lines().map(|row| row.split('|').map(ToOwned::to_owned).collect()).collect()
            }
        }
    }

    /// What a process that was killed has held has ended. In a file its end is seen by itself; a server's clock is not
    /// waited for.
    pub(super) fn expire(&self) {
        #[cfg(feature = "postgres")]
        if let Self::Server(server) = self {
            server.sql("UPDATE sync_lease SET ends_at = 0").unwrap();
        }
    }
}

fn text(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        Value::Integer(number) => number.to_string(),
        _ => String::new(),
    }
}
