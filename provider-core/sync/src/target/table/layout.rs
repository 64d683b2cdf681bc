//! A table as a plan uses it.

use serde_json::Value;

use super::schema::{PrimaryKey, Table};
use super::value::quoted;
use crate::plan::{KindPlan, Owner, RemovalHow};

/// A table as a plan uses it, with its names ready for SQL.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) table: String,
    pub(super) key: PrimaryKey,
    /// The column of the distributor's id.
    pub(super) link: String,
    pub(super) scope: Vec<(String, Value)>,
    /// The columns of the plan, and whether changes of them matter: not where the application owns them.
    pub(super) columns: Vec<(String, bool)>,
    /// The column that marks a row as removed; without it, rows are deleted.
    pub(super) mark: Option<(String, Value)>,
}

impl Layout {
    /// `None` where the table lacks what the plan needs; the check has said what.
    pub(super) fn new(kind: &KindPlan, table: &Table) -> Option<Self> {
        let link = kind.key.as_ref()?.local.clone();
        let columns: Vec<_> =
            kind.fields.iter().map(|field| (field.local.clone(), field.owner != Owner::Local)).collect();
        let mark = match (kind.removal.how, &kind.removal.column, &kind.removal.value) {
            (RemovalHow::Mark, Some(column), Some(value)) => Some((column.clone(), value.clone())),
            _ => None,
        };
        let named = columns.iter().map(|(column, _)| column).chain([&link]).chain(kind.scope.keys());
        let there = named.chain(mark.iter().map(|(column, _)| column)).all(|column| table.has(column));
        let scope = kind.scope.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let layout = Self { table: table.name.clone(), key: table.key()?, link, scope, columns, mark };
        there.then_some(layout)
    }

    /// The columns of a row, in the order in which [`look`](super::look) reads them.
    pub(super) fn selected(&self) -> String {
        let mut names = vec![quoted(&self.key.column), quoted(&self.link)];
        names.extend(self.mark.iter().map(|(column, _)| quoted(column)));
        names.extend(self.columns.iter().map(|(column, _)| quoted(column)));
        names.join(", ")
    }

    /// The condition that holds for every row of the scope, and its values.
    pub(super) fn within(&self, first: usize) -> (String, Vec<&Value>) {
        let mut condition = String::new();
        for (at, (column, _)) in self.scope.iter().enumerate() {
            condition.push_str(&format!(" AND {} = ?{}", quoted(column), first + at));
        }
        (condition, self.scope.iter().map(|(_, value)| value).collect())
    }
}
