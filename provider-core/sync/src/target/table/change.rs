//! Changes on their way to whoever writes them.

use std::sync::Arc;

use super::cells::Cells;
use super::layout::Layout;
use super::value::{Form, Lent};
use crate::fingerprint::Fingerprint;
use crate::plan::Update;
use crate::target::{ApplyBatch, ApplyChange, LocalKey, TargetError};

/// One change, with its values as the database takes them.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) layout: Arc<Layout>,
    pub(super) op: Update,
    pub(super) local: Option<LocalKey>,
    /// The columns of the values. Changes of one batch that write the same columns share them, and their statements.
    pub(super) columns: Arc<[String]>,
    pub(super) values: Cells,
    pub(super) expected: Option<Fingerprint>,
}

impl Prepared {
    /// The distributor's id.
    pub(super) fn remote(&self) -> &str {
        self.values.head()
    }

    /// The columns with their values.
    pub(super) fn written(&self) -> impl Iterator<Item = (&str, Lent<'_>)> {
        self.columns.iter().map(String::as_str).zip(self.values.iter())
    }

    /// Whether a statement for the one is a statement for the other.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.layout, &other.layout) && Arc::ptr_eq(&self.columns, &other.columns)
    }
}

/// A set of columns that changes write, and what each makes of its value.
struct Columns {
    layout: Arc<Layout>,
    names: Arc<[String]>,
    forms: Vec<Form>,
}

impl Columns {
    fn of(layout: Arc<Layout>, change: &ApplyChange) -> Self {
        let names: Arc<[String]> = change.values.keys().cloned().collect();
        let forms = names.iter().map(|name| layout.form(name)).collect();
        Self { layout, names, forms }
    }

    fn fit(&self, layout: &Arc<Layout>, change: &ApplyChange) -> bool {
        Arc::ptr_eq(&self.layout, layout)
            && self.names.len() == change.values.len()
            && self.names.iter().eq(change.values.keys())
    }
}

/// The changes of a batch. `layout` knows the table of each kind.
pub(super) fn prepared(
    batch: &ApplyBatch,
    layout: impl Fn(&ApplyChange) -> Result<Arc<Layout>, TargetError>,
) -> Result<Vec<Prepared>, TargetError> {
    let mut known: Vec<Columns> = Vec::new();
    let mut all = Vec::with_capacity(batch.changes.len());
    for change in &batch.changes {
        let layout = layout(change)?;
        // The last ones first: most of a page are alike.
        let at = match known.iter().rposition(|columns| columns.fit(&layout, change)) {
            Some(at) => at,
            None => {
                known.push(Columns::of(Arc::clone(&layout), change));
                known.len() - 1
            }
        };
        let Some(columns) = known.get(at) else { continue };
        all.push(Prepared {
            layout,
            op: change.op,
            local: change.local.clone(),
            columns: Arc::clone(&columns.names),
            values: Cells::of(&change.remote.id, columns.forms.iter().copied().zip(change.values.values())),
            expected: change.expected,
        });
    }
    Ok(all)
}
