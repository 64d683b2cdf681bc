//! Rows whose column writes the id of their record in its own way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Result;
use super::session::Work;
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
}
