//! Rows of a month, from a table of the application that is only looked at: everything as text.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::Place;
use super::dialect::Dialect;
use super::layout::{Fixed, Used};
use super::schema::{PrimaryKey, Table};
use crate::target::{LocalCursor, TargetError};

/// A row: its key, and the columns that were asked for.
pub(crate) type Cells = Vec<Option<String>>;

/// The application's database, for those who only look.
#[derive(Debug)]
pub(crate) struct LookedAt(Place);

impl LookedAt {
    pub(crate) async fn open(url: &str) -> Result<Self, TargetError> {
        Place::open_to_look(url).await.map(Self)
    }

    /// What the table with this name is like.
    pub(crate) async fn table(&self, name: &str) -> Result<Option<Table>, TargetError> {
        Ok(self.0.look(vec![Some(name.to_owned())]).await?.pop().flatten())
    }

    /// These columns of the rows whose `month` is asked for. `None` where the table lacks one of them, or a key.
    pub(crate) fn monthly(
        self,
        table: &Table,
        columns: &[&str],
        month: &str,
        scope: &BTreeMap<String, Value>,
    ) -> Option<Monthly> {
        let asked = Arc::new(Asked::new(table, columns, month, scope)?);
        Some(Monthly { place: self.0, asked })
    }
}

/// The rows of a table, month by month.
#[derive(Debug, Clone)]
pub(crate) struct Monthly {
    place: Place,
    asked: Arc<Asked>,
}

impl Monthly {
    /// Rows of a month such as `2026-10`, in the order of their keys; and, from the beginning, how many rows have something
    /// else than a month.
    pub(crate) async fn read(
        &self,
        month: String,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<(Vec<Cells>, u64), TargetError> {
        let (asked, after) = (Arc::clone(&self.asked), after.cloned());
        match &self.place {
            #[cfg(feature = "sqlite")]
            Place::File(worker) => {
                worker
                    .run(move |connection| {
                        super::lite::month(connection, &asked, &month, after.as_ref(), limit)
                    })
                    .await
            }
            #[cfg(feature = "postgres")]
            Place::Server(server) => server.run(super::pg::Month { asked, month, after, limit }).await,
        }
    }
}

/// What is read of a table, with its names ready for SQL.
#[derive(Debug)]
pub(super) struct Asked {
    dialect: Dialect,
    table: String,
    pub(super) key: PrimaryKey,
    selected: String,
    /// What a row's month is read from: it begins like `2026-10`, whatever form a moment has.
    month: String,
    pub(super) scope: Vec<Fixed>,
}

impl Asked {
    fn new(table: &Table, columns: &[&str], month: &str, scope: &BTreeMap<String, Value>) -> Option<Self> {
        let (dialect, key) = (table.dialect, table.key()?);
        let reading = |name: &str| table.used(name).map(|used| dialect.reading(name, used.form));
        let mut selected = vec![dialect.reading(&key.column, key.form)];
        for column in columns {
            selected.push(reading(column)?);
        }
        let mut fixed = Vec::with_capacity(scope.len());
        for (name, value) in scope {
            let Used { name, form, cast } = table.used(name)?;
            fixed.push(Fixed { value: form.cell(value), name, form, cast });
        }
        let relation = match dialect {
            Dialect::Sqlite => table.relation.clone(),
            Dialect::Postgres => format!("{} AS t", table.relation),
        };
        let (selected, month) = (selected.join(", "), reading(month)?);
        Some(Self { dialect, table: relation, key, selected, month, scope: fixed })
    }

    /// Reads rows. Its values: the month, the constants of the scope, and where it goes on the key before.
    pub(super) fn rows(&self, goes_on: bool, limit: usize) -> String {
        let Self { dialect, table, key, selected, month, scope } = self;
        let (own, within) = (dialect.column(&key.column), dialect.constant(scope, 2));
        let behind = if goes_on {
            format!(" AND {own} > {}", dialect.given(2 + scope.len(), &key.cast))
        } else {
            String::new()
        };
        format!(
            "SELECT {selected} FROM {table} WHERE substr({month}, 1, 7) = {}{within}{behind} ORDER BY {own} LIMIT {limit}",
            dialect.given(1, "text")
        )
    }

    /// Counts the rows of which nobody knows the month: it is written in another form. Its values: the constants.
    pub(super) fn unplaced(&self) -> String {
        let Self { dialect, table, month, scope, .. } = self;
        let odd = match dialect {
            Dialect::Sqlite => {
                let like = |month: &str| format!("NOT GLOB '[0-9][0-9][0-9][0-9]-{month}*'");
                format!("{month} {} AND {month} {}", like("0[1-9]"), like("1[0-2]"))
            }
            Dialect::Postgres => format!("{month} !~ '^[0-9]{{4}}-(0[1-9]|1[0-2])'"),
        };
        let within = dialect.constant(scope, 1);
        format!(
            "SELECT CAST(count(*) AS TEXT) FROM {table} WHERE {month} IS NOT NULL AND trim({month}) <> '' AND {odd}{within}"
        )
    }
}
