//! A table as a plan uses it.

use rusqlite::types::Value as Sql;

use super::schema::{PrimaryKey, Table};
use super::value::{quoted, to_sql};
use crate::plan::{KindPlan, Owner, RemovalHow};

/// Where the link stands in a row as it is selected.
pub(super) const LINK: usize = 1;

/// A table as a plan uses it, with its names ready for SQL.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) table: String,
    pub(super) key: PrimaryKey,
    /// The column of the distributor's id.
    pub(super) link: String,
    pub(super) scope: Vec<(String, Sql)>,
    /// The columns of the plan, and whether changes of them matter: not where the application owns them.
    pub(super) columns: Vec<(String, bool)>,
    /// The column that marks a row as removed; without it, rows are deleted.
    pub(super) mark: Option<(String, Sql)>,
    /// The columns whose changes matter, the link among them, in the order of their names, and where each stands in a
    /// row as it is selected.
    pub(super) watched: Vec<(String, usize)>,
    /// The columns of a row, in the order in which [`look`](super::look) reads them.
    pub(super) selected: String,
    /// Reads the row with a key.
    pub(super) by_key: String,
    /// Reads the row that is tied to a record.
    pub(super) by_link: String,
}

impl Layout {
    /// `None` where the table lacks what the plan needs; the check has said what.
    pub(super) fn new(kind: &KindPlan, table: &Table) -> Option<Self> {
        let link = kind.key.as_ref()?.local.clone();
        let columns: Vec<_> =
            kind.fields.iter().map(|field| (field.local.clone(), field.owner != Owner::Local)).collect();
        let mark = match (kind.removal.how, &kind.removal.column, &kind.removal.value) {
            (RemovalHow::Mark, Some(column), Some(value)) => Some((column.clone(), to_sql(value))),
            _ => None,
        };
        let named = columns.iter().map(|(column, _)| column).chain([&link]).chain(kind.scope.keys());
        let there = named.chain(mark.iter().map(|(column, _)| column)).all(|column| table.has(column));
        let scope = kind.scope.iter().map(|(name, value)| (name.clone(), to_sql(value))).collect();
        let key = table.key()?;
        let first = 2 + usize::from(mark.is_some());
        let places = columns.iter().enumerate().filter(|(_, (_, watched))| *watched);
        let mut watched: Vec<_> = places.map(|(at, (column, _))| (column.clone(), first + at)).collect();
        watched.push((link.clone(), LINK));
        watched.sort_unstable();
        watched.dedup_by(|one, other| one.0 == other.0);
        let mut names = vec![quoted(&key.column), quoted(&link)];
        names.extend(mark.iter().map(|(column, _)| quoted(column)));
        names.extend(columns.iter().map(|(column, _)| quoted(column)));
        let mut layout = Self {
            table: table.name.clone(),
            key,
            link,
            scope,
            columns,
            mark,
            watched,
            selected: names.join(", "),
            by_key: String::new(),
            by_link: String::new(),
        };
        (layout.by_key, layout.by_link) = (layout.reading(&layout.key.column), layout.reading(&layout.link));
        there.then_some(layout)
    }

    fn reading(&self, column: &str) -> String {
        let (within, _) = self.within(2);
        let (table, column) = (quoted(&self.table), quoted(column));
        format!("SELECT {} FROM {table} WHERE {column} = ?1{within}", self.selected)
    }

    /// The condition that holds for every row of the scope, and its values.
    pub(super) fn within(&self, first: usize) -> (String, impl Iterator<Item = Sql>) {
        let mut condition = String::new();
        for (at, (column, _)) in self.scope.iter().enumerate() {
            condition.push_str(&format!(" AND {} = ?{}", quoted(column), first + at));
        }
        (condition, self.scope.iter().map(|(_, value)| value.clone()))
    }
}
