//! What is remembered of a command that ended, and the link of a record that was made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use provider_core::{Command, EntityKind, FieldPath, Outcome, Receipt};
use serde_json::Value;

use super::super::Result;
use super::super::apply::vanished;
use super::super::error::SyncError;
use super::super::parts::Parted;
use super::super::session::Work;
use super::super::walk::Kind;
use super::execute::{Came, remember_name};
use super::notes::{Place, note, note_of, settled};
use super::{name_column, row_name, subject, subject_of};
use crate::decide::base;
use crate::decide::command::by_column;
use crate::decide::map::{Mapped, map};
use crate::decide::row::{Row, frozen};
use crate::fingerprint::Fingerprint;
use crate::part::Extract;
use crate::plan::{Update, Values};
use crate::store::{Intent, IntentEnd, IntentState, PageCommit, PendingType, Shadow, ShadowState};
use crate::target::{Applied, ApplyChange, LocalKey, LocalRecord, RemoteRef};

/// How many commands in a row may lack a right before none is sent any more.
const DENIED: u32 = 3;
/// What is remembered of a customer whose answer nobody has read.
const REPLAYED: &str = "its first answer was not read: a password that came with it was not kept";

/// A record of the distributor as it was read, with the application's keys of those that it refers to.
pub(super) struct Fresh {
    pub(super) row: Row,
    /// All of it.
    pub(super) json: Value,
    pub(super) links: HashMap<(EntityKind, String), LocalKey>,
}

impl Fresh {
    pub(super) fn mapped(
        &self,
        kind: &Kind<'_>,
    ) -> std::result::Result<Mapped, crate::decide::map::Unmapped> {
        let link = |parent: EntityKind, id: &str| self.links.get(&(parent, id.to_owned())).cloned();
        let mut read = |path: &FieldPath| self.row.json.value(path).cloned();
        map(kind.rule, &mut read, self.row.full, &link)
    }
}

impl Work<'_> {
    /// Reads a record by its own call.
    pub(super) async fn fresh<T: Parted>(
        &mut self,
        kind: &Kind<'_>,
        id: &str,
    ) -> Result<provider_core::Result<Fresh>> {
        let record = match self.keeping(T::fetch(&*self.engine.provider, id)).await? {
            Ok(record) => record,
            Err(error) => return Ok(Err(error)),
        };
        let json = serde_json::to_value(&record).unwrap_or_default();
        let row = Row {
            id: id.to_owned(),
            source: Fingerprint::of_text(""),
            group: record.group().map(ToOwned::to_owned),
            ended: kind.rule.ends(record.status()),
            full: record.full(),
            json: Extract::of(&record, &kind.looked_at),
        };
        let links = self.links(kind, std::slice::from_ref(&row)).await?;
        Ok(Ok(Fresh { row, json, links }))
    }

    /// Remembers what came of an intent, and answers how it stands.
    pub(super) async fn intent_ended<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        intent: &Intent,
        came: Came,
    ) -> Result<IntentState> {
        let mut commit = PageCommit::default();
        let closed = || {
            let waits = (subject_of(&intent.local, &intent.command), PendingType::Waits);
            [(subject(&intent.local), PendingType::Unknown), waits]
        };
        let end = match came {
            Came::Applied { receipt, lost } => {
                self.denied = 0;
                return Box::pin(self.applied::<T>(kind, intent, *receipt, lost)).await;
            }
            Came::Rejected { reason, violations, again } => {
                self.denied = if again { self.denied + 1 } else { 0 };
                // A right that several commands lack is lacked by all of them.
                self.halted |= self.denied >= DENIED;
                let violations = by_column(kind.rule, &violations);
                kind.pushing.tally.refused += 1;
                commit.pending.push(note_of(intent, PendingType::Refused, &reason, &violations, again));
                commit.settled.extend(closed());
                IntentEnd::new(intent.id, IntentState::Rejected).because(reason)
            }
            Came::Never { who } => {
                commit.settled.extend(closed());
                IntentEnd::new(intent.id, IntentState::Rejected)
                    .because(format!("{who} says that it never happened"))
            }
            Came::Unknown { reason } => {
                commit.pending.push(note_of(intent, PendingType::Unknown, &reason, &[], false));
                IntentEnd::new(intent.id, IntentState::Unknown).because(reason)
            }
            Came::Later { reason } => {
                kind.pushing.tally.waiting += 1;
                IntentEnd::new(intent.id, intent.state).because(reason)
            }
            Came::Halted { reason } => {
                self.halted = true;
                kind.pushing.tally.waiting += 1;
                IntentEnd::new(intent.id, intent.state).because(reason)
            }
        };
        let state = end.state;
        commit.ended.push(end);
        self.note_page(kind, commit).await?;
        Ok(state)
    }

    /// It took effect: the intent is closed and the record linked in one step. The distributor's record is read first, so
    /// that what it made of the values is known.
    async fn applied<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        intent: &Intent,
        receipt: Receipt,
        lost: Option<String>,
    ) -> Result<IntentState> {
        let made = matches!(intent.command, Command::CreateCustomer(_));
        let remote = intent.remote.clone().or_else(|| receipt.customer.as_ref().map(ToString::to_string));
        let Some(remote) = remote else {
            let reason = "the distributor has taken it, and does not say which record it made".to_owned();
            return Box::pin(self.intent_ended::<T>(kind, intent, Came::Unknown { reason })).await;
        };
        let known = self.engine.store.shadows(&kind.scope, &[&remote]).await?.into_iter().next();
        let other = known.as_ref().filter(|known| known.state == ShadowState::Linked);
        if let Some(other) = other.and_then(|known| known.local.as_ref()).filter(|own| **own != intent.local)
        {
            let reason =
                format!("the distributor answers with `{remote}`, which belongs to `{other}` already");
            return Box::pin(self.intent_ended::<T>(kind, intent, Came::Unknown { reason })).await;
        }
        let mut shadow = known.unwrap_or_else(|| Shadow::new(remote.clone(), None));
        let (mut theirs, mut late) = (None, Values::new());
        if let Ok(fresh) = self.fresh::<T>(kind, &remote).await? {
            shadow.group.clone_from(&fresh.row.group);
            if let Ok(mapped) = fresh.mapped(kind) {
                // What a person is asked about stays what it was, and is no news.
                let asked = self.asked(kind, &remote, &intent.said).await?;
                let mut told = mapped.theirs();
                told.retain(|field, _| !asked.contains(field));
                let mapped = mapped.without(&asked);
                // What somebody has changed there since is not ours to call agreed: it would be sent back.
                let mut news = base::news(shadow.base.as_ref(), &intent.said, &mapped.update);
                if receipt.outcome == Outcome::Accepted {
                    // What it had before is no answer: the row would be set back to it.
                    late = base::unmoved(shadow.base.as_ref(), &intent.said, &told);
                    news.retain(|field| !late.contains_key(field));
                }
                shadow.mapped = news.is_empty().then(|| Mapped::fingerprint(&mapped.update));
                told.retain(|field, _| !news.contains(field));
                theirs = Some(told);
            }
        }
        base::send(&mut shadow.base, &intent.said, theirs.as_ref());
        base::put_off(&mut shadow.base, late);
        // The next listing says what the record is like there.
        (shadow.source, shadow.state) = (None, ShadowState::Linked);
        shadow.local = Some(intent.local.clone());
        shadow.applied = intent.print.or(shadow.applied);
        let reason = (made && receipt.replayed && lost.is_none()).then(|| REPLAYED.to_owned());
        let end = IntentEnd {
            remote: Some(remote.clone()),
            receipt: Some(receipt),
            reason,
            ..IntentEnd::new(intent.id, IntentState::Applied)
        };
        let mut settled = settled(intent);
        settled.push((remote, PendingType::Match));
        let commit =
            PageCommit { shadows: vec![shadow.clone()], ended: vec![end], settled, ..PageCommit::default() };
        kind.report.pushed += 1;
        self.note_page(kind, commit).await?;
        if made {
            remember_name(kind, intent);
            self.tie_made(kind, shadow, &intent.said).await?;
        }
        match lost {
            None => Ok(IntentState::Applied),
            Some(why) => Err(SyncError::Refused(format!(
                "the customer of record `{}` was made, and the first password of its tenant was not kept: {why}. Set a \
                 new one at the distributor",
                intent.local
            ))),
        }
    }

    /// The fields of a record about which a person is asked, but for those that a command has said.
    async fn asked(&mut self, kind: &Kind<'_>, remote: &str, said: &Values) -> Result<BTreeSet<String>> {
        if !kind.waiting {
            return Ok(BTreeSet::new());
        }
        let about = self.engine.store.pending_of(&kind.scope, &[remote]).await?;
        let about: Vec<_> = about.into_iter().map(|(_, pending)| pending).collect();
        let mut asked = frozen(&about);
        asked.retain(|field| !said.contains_key(field));
        Ok(asked)
    }

    /// Writes the link of a record that was made into its row, if that is still the row that it was made for.
    pub(super) async fn tie_made(
        &mut self,
        kind: &mut Kind<'_>,
        mut shadow: Shadow,
        said: &BTreeMap<String, Value>,
    ) -> Result<()> {
        let Some(local) = shadow.local.clone() else { return Ok(()) };
        let mut found = self.engine.target.get(kind.scope.kind, std::slice::from_ref(&local)).await?;
        self.spell(kind.rule, &mut found, &[shadow.remote.as_str()]).await?;
        let found = found.into_iter().next();
        let Some(row) = found.as_ref().filter(|row| is_same(kind, row, &shadow, said)) else {
            // Databases give the key of a row that was deleted to the next one.
            kind.pushing.tally.queued += 1;
            let pending = vec![vanished(&shadow.remote, Some(&local), found.as_ref())];
            shadow.source = None;
            let commit = PageCommit { pending, unseen: vec![shadow], ..PageCommit::default() };
            return self.note_page(kind, commit).await;
        };
        let change = ApplyChange {
            remote: RemoteRef::new(kind.scope.kind, shadow.remote.clone()),
            local: Some(local),
            op: Update::Update,
            values: Values::new(),
            expected: Some(row.fingerprint),
        };
        let (_, answers) = self.batch(vec![change]).await?;
        match answers.into_iter().next() {
            Some(Applied::Done { fingerprint, .. }) => {
                // What was edited since stays different, and is met as such.
                if shadow.applied == Some(row.fingerprint) {
                    shadow.applied = Some(fingerprint);
                }
                self.note_page(kind, PageCommit { unseen: vec![shadow], ..PageCommit::default() }).await
            }
            Some(Applied::Rejected(violations)) => {
                let reason = "the application does not take the link to its new record at the distributor";
                let place = Place::of_row(&row.key, &shadow.remote);
                let pending = note(kind, row, PendingType::Refused, place, reason, &violations);
                kind.pushing.tally.refused += 1;
                self.tell(kind, pending).await
            }
            // It changed under the hand: the next run writes the link.
            Some(Applied::Stale(_)) | None => Ok(()),
        }
    }

    /// A row without a link, of which a record was made or linked.
    pub(super) async fn untied(
        &mut self,
        kind: &mut Kind<'_>,
        row: &LocalRecord,
        shadow: Shadow,
    ) -> Result<()> {
        if self.engine.dry || shadow.state != ShadowState::Linked {
            return Ok(());
        }
        let last = self.engine.store.last_intent(&kind.scope, &row.key).await?;
        let said = last.map(|intent| intent.said).unwrap_or_default();
        self.tie_made(kind, shadow, &said).await
    }
}

/// Whether a row is the one that a record was made for: it is as it was, or has its name still.
fn is_same(kind: &Kind<'_>, row: &LocalRecord, shadow: &Shadow, said: &BTreeMap<String, Value>) -> bool {
    if row.remote.is_some() {
        return row.remote.as_deref() == Some(&shadow.remote);
    }
    let column = name_column(kind);
    let (here, then) = (row_name(&row.values, column.as_deref()), row_name(said, column.as_deref()));
    Some(row.fingerprint) == shadow.applied || (here.is_some() && here == then)
}
