//! Rows whose columns write what a distributor says in their own way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Result;
use super::session::Work;
use crate::decide::base::told;
use crate::decide::merge::same;
use crate::plan::CheckedKind;
use crate::target::{Criterion, LocalRecord};

impl Work<'_> {
    /// Rows that were read by their keys or one after another, tied to these records as the distributor writes their ids: a
    /// UUID may stand there in other letters, and a number without its zeros. The application is asked by the ids, as it is
    /// when a record is pulled.
    pub(super) async fn spell(
        &self,
        rule: &CheckedKind,
        rows: &mut [LocalRecord],
        ids: &[&str],
    ) -> Result<()> {
        let wanted: BTreeSet<&str> = ids.iter().copied().collect();
        let otherwise =
            |row: &LocalRecord| row.remote.as_deref().is_some_and(|remote| !wanted.contains(remote));
        let Some(key) = rule.plan.key.as_ref().filter(|_| rows.iter().any(otherwise)) else { return Ok(()) };
        if wanted.is_empty() {
            return Ok(());
        }
        let values = wanted.iter().map(|id| Value::from(*id)).collect();
        let criterion = Criterion { field: key.local.clone(), values, folded: false };
        let found = self.engine.target.find(rule.kind(), &[criterion], wanted.len()).await?;
        let found: BTreeMap<_, _> = found.into_iter().map(|record| (record.key, record.remote)).collect();
        for row in rows {
            if let Some(remote) = found.get(&row.key) {
                row.remote.clone_from(remote);
            }
        }
        Ok(())
    }

    /// A row with what the distributor said in place of what its columns have made of it: neither is an edit, to be set back
    /// or to be sent.
    pub(super) fn in_their_words(&self, rule: &CheckedKind, row: &mut LocalRecord, base: Option<&Value>) {
        for (field, here) in &mut row.values {
            if let Some(there) = told(base, field)
                && !same(here, there)
                && self.engine.target.holds(rule.kind(), field, here, there)
            {
                *here = there.clone();
            }
        }
    }
}
