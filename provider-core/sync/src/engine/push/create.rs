//! Customers that only the application has.

use std::collections::{BTreeMap, BTreeSet};

use provider_core::{CommandKind, EntityKind};
use serde_json::Value;

use super::super::Result;
use super::super::parts::Parted;
use super::super::session::Work;
use super::super::walk::Kind;
use super::notes::{Place, kept, note, word};
use super::{Pending, name_column, row_name};
use crate::decide::command::{create, said};
use crate::decide::matching::candidate_keys;
use crate::fingerprint::Fingerprint;
use crate::plan::Update;
use crate::store::{Decision, NewIntent, PendingType, QueueQuery};
use crate::target::{Criterion, LocalRecord};

/// A row and what waits about it.
type New = (LocalRecord, Vec<(Fingerprint, Pending)>);

impl Work<'_> {
    /// Makes what only the application has, one after another. `whole`: the listing has shown everything.
    pub(super) async fn make<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        rows: Vec<New>,
        whole: bool,
    ) -> Result<()> {
        if rows.is_empty() || kind.scope.kind != EntityKind::Customer || !kind.rule.may(Update::Create) {
            return Ok(());
        }
        let twins = self.twins(kind, &rows).await?;
        for (row, about) in rows {
            self.heed()?;
            Box::pin(self.make_one::<T>(kind, row, about, &twins, whole)).await?;
        }
        Ok(())
    }

    /// The rows that records of the distributor may be, by what waits as a match, with those records.
    pub(super) async fn meant(&mut self, kind: &Kind<'_>) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let mut meant: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        if !kind.waiting || kind.scope.kind != EntityKind::Customer || !kind.rule.may(Update::Create) {
            return Ok(meant);
        }
        let query = QueueQuery { connection: Some(kind.scope.connection.clone()), ..QueueQuery::default() };
        for pending in self.engine.store.queue(&query).await? {
            if pending.kind == kind.scope.kind && pending.why == PendingType::Match {
                for key in candidate_keys(&pending.body) {
                    meant.entry(key.to_owned()).or_default().insert(pending.subject.clone());
                }
            }
        }
        Ok(meant)
    }

    /// The rows of each name, whether they have a record at the distributor or not.
    async fn twins(&mut self, kind: &Kind<'_>, rows: &[New]) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let mut twins: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let Some(column) = name_column(kind) else { return Ok(twins) };
        let names: BTreeSet<_> =
            rows.iter().filter_map(|(row, _)| row_name(&row.values, Some(&column))).collect();
        if names.is_empty() {
            return Ok(twins);
        }
        let values = names.into_iter().map(Value::String).collect();
        let criterion = Criterion { field: column.clone(), values, folded: true };
        for record in self.fitting(kind, criterion).await? {
            if let Some(name) = row_name(&record.values, Some(&column)) {
                twins.entry(name).or_default().insert(record.key.0);
            }
        }
        Ok(twins)
    }

    async fn make_one<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        row: LocalRecord,
        about: Vec<(Fingerprint, Pending)>,
        twins: &BTreeMap<String, BTreeSet<String>>,
        whole: bool,
    ) -> Result<()> {
        let capabilities = self.engine.provider.capabilities();
        let keeps = capabilities
            .writable(CommandKind::CreateCustomer)
            .any(|name| name == "external_id" || name == "*");
        let step = match create(kind.rule, &row.values, keeps.then_some(row.key.as_str())) {
            Ok(step) => step,
            Err(violations) => {
                let place = Place::of_violations(&row.key, &violations);
                if self.is_refused(kind, &about, &place).await? {
                    return Ok(());
                }
                let reason = "it lacks what the distributor needs";
                return self.refuse(kind, &row, place, reason, &violations).await;
            }
        };
        let name = row_name(&row.values, name_column(kind).as_deref()).unwrap_or_default();
        let unsure = !whole || kind.pushing.unread > 0;
        let decided =
            |(_, told): &&(Fingerprint, Pending)| told.why == PendingType::Twin && told.decision.is_some();
        let twin = match about.iter().find(decided) {
            // A listing that hides something does not show that a person's word is out of date.
            Some((_, told)) if unsure => {
                self.keep(kind, &about, &[PendingType::Twin]).await?;
                told.decision == Some(Decision::Ignore)
            }
            _ => self.is_twin(kind, &row, &about, &name, twins).await?,
        };
        if twin {
            // What was said about the command holds once it is no twin any more.
            return self.keep(kind, &about, &[PendingType::Refused, PendingType::Waits]).await;
        }
        let place = Place::of(&row.key, &step.command);
        if self.is_refused(kind, &about, &place).await? {
            return Ok(());
        }
        if unsure {
            let reason = match kind.pushing.unread {
                0 => "the listing did not show everything: a record of this name may be there".to_owned(),
                some => {
                    format!("{some} records of the distributor could not be read: one of them may be this")
                }
            };
            return self.wait(kind, &row, place, &reason).await;
        }
        let intent = NewIntent {
            local: row.key.clone(),
            key: None,
            said: said(&row.values, &step.fields),
            command: step.command,
            remote: None,
            print: Some(row.fingerprint),
            not_before: None,
            reason: None,
        };
        self.begin::<T>(kind, &row, &Value::Null, intent, &mut None).await.map(drop)
    }

    /// Whether the record may be there already, or be here twice, and nobody has said that it is a new one.
    async fn is_twin(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        about: &[(Fingerprint, Pending)],
        name: &str,
        twins: &BTreeMap<String, BTreeSet<String>>,
    ) -> Result<bool> {
        let here: Vec<&String> =
            twins.get(name).into_iter().flatten().filter(|key| **key != row.key.0).collect();
        let print = Fingerprint::of_text(name);
        let listed = kind.pushing.names.contains(&print);
        let there = listed || kind.pushing.made.contains(&print);
        let meant = kind.pushing.meant.get(&row.key.0);
        if here.is_empty() && !there && meant.is_none() {
            return Ok(false);
        }
        let of = |there: bool| Place::of_row(&row.key, &format!("{name}\n{there}\n{here:?}\n{meant:?}"));
        // What this run has made of another row puts no word out of date: whoever said it knew of that row.
        for place in [of(there), of(listed)] {
            if let Some((pending, Some(decision @ (Decision::Create | Decision::Ignore)))) =
                word(about, PendingType::Twin, &place)
            {
                let is_twin = *decision == Decision::Ignore;
                let pending = kept(place.facts, pending);
                self.tell(kind, pending).await?;
                return Ok(is_twin);
            }
        }
        let place = of(there);
        let reason = match (there, here.first(), meant.and_then(BTreeSet::first)) {
            (true, ..) => "the distributor has a customer of this name".to_owned(),
            (false, Some(other), _) => {
                format!("the application has this name twice: record `{other}` has it too")
            }
            (false, None, record) => {
                let record = record.map_or("", String::as_str);
                format!("it may be the distributor's `{record}`, which waits as a match")
            }
        };
        kind.pushing.tally.queued += 1;
        let pending = note(kind, row, PendingType::Twin, place, &reason, &[]);
        self.tell(kind, pending).await?;
        Ok(true)
    }
}
