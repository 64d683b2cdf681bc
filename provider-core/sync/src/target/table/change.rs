//! Changes on their way to the thread that writes them.

use std::sync::Arc;

use rusqlite::types::Value as Sql;

use super::layout::Layout;
use super::value::to_sql;
use crate::fingerprint::Fingerprint;
use crate::plan::Update;
use crate::target::{ApplyBatch, ApplyChange, LocalKey, TargetError};

/// One change, with its values as the database takes them.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) layout: Arc<Layout>,
    pub(super) op: Update,
    /// The distributor's id.
    pub(super) remote: String,
    pub(super) local: Option<LocalKey>,
    /// The columns of the values. Changes of one batch that write the same columns share them, and their statements.
    pub(super) columns: Arc<[String]>,
    pub(super) values: Vec<Sql>,
    pub(super) expected: Option<Fingerprint>,
}

/// What changes have in common that one statement makes.
pub(super) type Alike = (Arc<Layout>, Arc<[String]>);

impl Prepared {
    /// The columns with their values.
    pub(super) fn written(&self) -> impl Iterator<Item = (&str, &Sql)> {
        self.columns.iter().map(String::as_str).zip(&self.values)
    }

    /// Whether a statement for the one is a statement for the other.
    pub(super) fn is_alike(&self, other: &Alike) -> bool {
        Arc::ptr_eq(&self.layout, &other.0) && Arc::ptr_eq(&self.columns, &other.1)
    }
}

fn same_columns(columns: &[String], change: &ApplyChange) -> bool {
    columns.len() == change.values.len() && columns.iter().eq(change.values.keys())
}

/// The changes of a batch. `layout` knows the table of each kind.
pub(super) fn prepared(
    batch: &ApplyBatch,
    layout: impl Fn(&ApplyChange) -> Result<Arc<Layout>, TargetError>,
) -> Result<Vec<Prepared>, TargetError> {
    let mut columns: Arc<[String]> = Arc::new([]);
    let mut all = Vec::with_capacity(batch.changes.len());
    for change in &batch.changes {
        if !same_columns(&columns, change) {
            columns = change.values.keys().cloned().collect();
        }
        all.push(Prepared {
            layout: layout(change)?,
            op: change.op,
            remote: change.remote.id.clone(),
            local: change.local.clone(),
            columns: Arc::clone(&columns),
            values: change.values.values().map(to_sql).collect(),
            expected: change.expected,
        });
    }
    Ok(all)
}
