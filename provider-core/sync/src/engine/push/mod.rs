//! Changes of the application on their way to the distributor.

mod create;
mod credentials;
mod ended;
mod execute;
mod left_out;
mod limits;
mod linked;
mod notes;
mod order;
mod send;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use provider_core::command::folded_name;
use provider_core::{Command, EntityKind, ItemError};
use serde_json::Value;
use tracing::Instrument as _;

use self::execute::Came;
use super::Result;
use super::parts::Parted;
use super::records::Record;
use super::session::Work;
use super::spans;
use super::walk::Kind;
use crate::decide::base;
use crate::decide::command::{PARTS, part};
use crate::decide::merge::same;
use crate::decide::push::wanted;
use crate::fingerprint::Fingerprint;
use crate::part::Extract;
use crate::plan::Values;
use crate::store::{Intent, IntentEnd, IntentState, PageCommit, Pending, Shadow};
use crate::target::{LocalKey, LocalRecord, TargetError, TargetErrorKind};

pub use credentials::{CredentialSink, NewCredentials};

/// How many rows are looked at in one step.
const ROWS: usize = 200;

/// What waits, found by going through the rows of the application once.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    queued: u64,
    conflicts: u64,
    refused: u64,
    waiting: u64,
}

/// What a kind needs to know to push.
#[derive(Debug, Default)]
pub(super) struct Pushing {
    /// The names that the listing has told, folded: their fingerprints, since there may be many.
    pub(super) names: HashSet<Fingerprint>,
    /// Those of customers that this run has made itself: they are not of the listing.
    made: HashSet<Fingerprint>,
    /// How many records of the listing could not be read: any of them may have any name.
    pub(super) unread: u64,
    /// The names of customers that are being made: what the listing shows under such a name may be one of them.
    pub(super) making: BTreeSet<String>,
    /// What a preview has written to records that it could not write.
    pub(super) touched: BTreeSet<String>,
    /// The rows that records of the distributor may be, which wait as matches.
    meant: BTreeMap<String, BTreeSet<String>>,
    open: BTreeMap<LocalKey, Intent>,
    tally: Tally,
}

impl Pushing {
    /// Whether no open command makes anything.
    pub(super) fn makes_nothing(&self) -> bool {
        self.making.is_empty()
    }

    /// Whether a record that belongs to nobody may be one that an open command has made.
    pub(super) fn is_being_made(&self, record: &Extract) -> bool {
        if self.making.is_empty() {
            return false;
        }
        let name = record.get("name").and_then(Value::as_str).map(folded_name);
        name.is_some_and(|name| self.making.contains(&name))
    }

    /// What is remembered of a record, with what an open command says and the distributor shows by now: both sides have
    /// that. It is no change of the distributor's, whatever the row says since.
    pub(super) fn arrived<'s>(&self, shadow: &'s Shadow, shown: Option<&Values>) -> Cow<'s, Shadow> {
        let open = shadow.local.as_ref().and_then(|local| self.open.get(local));
        // What waits for its day was never sent: somebody else has made that of it.
        let open = open.filter(|open| !open.is_ahead());
        let (Some(open), Some(shown)) = (open, shown) else { return Cow::Borrowed(shadow) };
        let mut arrived = open.said.clone();
        arrived.retain(|field, said| shown.get(field).is_some_and(|shown| same(said, shown)));
        let mut shadow = Cow::Borrowed(shadow);
        if !arrived.is_empty() {
            base::tell(&mut shadow.to_mut().base, &arrived);
        }
        shadow
    }

    /// Records of the listing, as far as they tell what there is already.
    pub(super) fn met<'r, T: Record>(
        &mut self,
        records: impl Iterator<Item = &'r std::result::Result<T, ItemError>>,
    ) {
        for item in records {
            match item {
                Ok(record) => {
                    self.names.extend(record.title().map(|name| Fingerprint::of_text(&folded_name(name))));
                }
                Err(_) => self.unread += 1,
            }
        }
    }
}

/// What people have said about some records, by their subjects.
type Words = BTreeMap<String, Vec<(Fingerprint, Pending)>>;

/// Under what a record of the application waits that has none at the distributor, or whose change waits.
pub(super) fn subject(local: &LocalKey) -> String {
    format!("local:{local}")
}

/// Under what a command waits. Those of a subscription do not depend on one another, and wait by themselves.
pub(super) fn subject_of(local: &LocalKey, command: &Command) -> String {
    let own = subject(local);
    part(command).map_or_else(|| own.clone(), |part| format!("{own}#{part}"))
}

/// Everything under which something about a row may wait.
fn subjects(kind: &Kind<'_>, local: &LocalKey) -> Vec<String> {
    let own = subject(local);
    let parts: &[&str] = if kind.scope.kind == EntityKind::Subscription { &PARTS } else { &[] };
    let all = parts.iter().map(|part| format!("{own}#{part}"));
    all.chain([own.clone()]).collect()
}

/// The name of a customer that a command makes.
fn name_of(command: &Command) -> Option<String> {
    match command {
        Command::CreateCustomer(create) => Some(folded_name(&create.name)),
        _ => None,
    }
}

impl Work<'_> {
    /// Carries on with what was begun before, so that the listing does not meet a record that nobody knows to be ours.
    pub(super) async fn carry_on<T: Parted>(&mut self, kind: &mut Kind<'_>) -> Result<()> {
        let (span, before) = (spans::push(kind), kind.report.pushed);
        let carrying = async {
            let open = self.engine.store.open_intents(&kind.scope).await?;
            self.carry(kind, &open).await?;
            for intent in open {
                // What it makes is kept before the listing tells of it.
                kind.untouched = false;
                Box::pin(self.again::<T>(kind, intent)).await?;
            }
            Result::Ok(())
        };
        carrying.instrument(span.clone()).await?;
        spans::pushed(&span, before, &kind.report);
        self.reopen(kind).await
    }

    /// A plan that only pulls sends nothing. What was sent before it did is settled by a person's word, and what it may have
    /// made is nobody else's until then.
    pub(super) async fn left_over<T: Parted>(&mut self, kind: &mut Kind<'_>) -> Result<()> {
        let pushed = matches!(kind.scope.kind, EntityKind::Customer | EntityKind::Subscription);
        if !pushed || self.engine.provider.journal().is_none() {
            return Ok(());
        }
        let open = self.engine.store.open_intents(&kind.scope).await?;
        if open.is_empty() {
            return Ok(());
        }
        kind.untouched = false;
        if !self.engine.dry {
            for intent in open {
                Box::pin(self.unsent_by_plan::<T>(kind, intent)).await?;
            }
        }
        self.reopen(kind).await?;
        kind.report.unknown = kind.pushing.open.len() as u64;
        Ok(())
    }

    async fn unsent_by_plan<T: Parted>(&mut self, kind: &mut Kind<'_>, intent: Intent) -> Result<()> {
        if intent.is_ahead() {
            return self.take_back(kind, &intent, "the plan sends nothing any more").await;
        }
        let came = match self.by_word::<T>(kind, &intent).await? {
            Some(came) => came,
            None if intent.state == IntentState::Unknown => return Ok(()),
            None => {
                let reason = "the plan sends nothing any more, and it may have been sent before".to_owned();
                Came::Unknown { reason }
            }
        };
        self.intent_ended::<T>(kind, &intent, came).await.map(drop)
    }

    /// Remembers what is open still.
    async fn reopen(&mut self, kind: &mut Kind<'_>) -> Result<()> {
        let open = self.engine.store.open_intents(&kind.scope).await?;
        kind.pushing.making = open.iter().filter_map(|intent| name_of(&intent.command)).collect();
        kind.pushing.open = open.into_iter().map(|intent| (intent.local.clone(), intent)).collect();
        Ok(())
    }

    async fn again<T: Parted>(&mut self, kind: &mut Kind<'_>, intent: Intent) -> Result<()> {
        if intent.is_ahead() {
            let now = self.engine.clock.now();
            return match intent.not_before.filter(|day| *day <= now) {
                // What the record says today decides, and what the distributor says of it.
                Some(_) => self.take_back(kind, &intent, "its day has come: it was looked at anew").await,
                None => Ok(()),
            };
        }
        if self.engine.dry {
            kind.report.pushed += 1;
            return Ok(());
        }
        if self.halted {
            return Ok(());
        }
        let came = match self.by_word::<T>(kind, &intent).await? {
            Some(came) => came,
            None => self.execute(&intent).await?,
        };
        self.intent_ended::<T>(kind, &intent, came).await.map(drop)
    }

    /// Goes through the rows of the application, once the listing has ended. `whole`: it showed everything.
    pub(super) async fn push<T: Parted>(&mut self, kind: &mut Kind<'_>, whole: bool) -> Result<()> {
        let (span, before) = (spans::push(kind), kind.report.pushed);
        let gone = Box::pin(self.going::<T>(kind, whole)).instrument(span.clone()).await;
        spans::pushed(&span, before, &kind.report);
        gone
    }

    async fn going<T: Parted>(&mut self, kind: &mut Kind<'_>, whole: bool) -> Result<()> {
        kind.pushing.tally = Tally::default();
        kind.pushing.meant = self.meant(kind).await?;
        let mut after = None;
        loop {
            let target = &self.engine.target;
            // There was no row before this run: those with a link were written by it, and nothing waits for anybody.
            let page = if kind.bare && !kind.waiting && kind.pushing.open.is_empty() {
                target.read_untied(kind.scope.kind, after.as_ref(), ROWS).await?
            } else {
                target.read(kind.scope.kind, after.as_ref(), ROWS).await?
            };
            if page.next.is_some() && page.next == after {
                let message =
                    "reading all records never ends: the page behind a place leads to that place again";
                return Err(TargetError::new(TargetErrorKind::Misfit, message).into());
            }
            Box::pin(self.going_through::<T>(kind, page.records, whole)).await?;
            self.heed()?;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let tally = kind.pushing.tally;
        kind.report.queued += tally.queued;
        kind.report.conflicts += tally.conflicts;
        kind.report.refused = tally.refused;
        kind.report.waiting = tally.waiting;
        let mut open = self.engine.store.open_intents(&kind.scope).await?;
        open.retain(|intent| intent.state == IntentState::Unknown);
        kind.report.unknown = open.len() as u64;
        self.advise(kind, &open, whole).await
    }

    /// Takes back what was never sent.
    pub(super) async fn take_back(&mut self, kind: &mut Kind<'_>, intent: &Intent, why: &str) -> Result<()> {
        let ended = vec![IntentEnd::new(intent.id, IntentState::Rejected).because(why)];
        kind.pushing.open.remove(&intent.local);
        self.note_page(kind, PageCommit { ended, ..PageCommit::default() }).await
    }

    async fn going_through<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        rows: Vec<LocalRecord>,
        whole: bool,
    ) -> Result<()> {
        let (mut linked, free): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.remote.is_some());
        let mut shadows = self.shadows_of(kind, &mut linked).await?;
        let mut words = self.words(kind, &linked, &free).await?;
        for mut row in linked {
            let Some(remote) = &row.remote else { continue };
            let own = |shadow: &Shadow| shadow.local.as_ref() == Some(&row.key);
            let Some(shadow) = shadows.get(remote).is_some_and(own).then(|| shadows.remove(remote)).flatten()
            else {
                continue;
            };
            let about = about(kind, &mut words, &row.key, Some(&shadow.remote));
            let mut settled = is_settled(kind, &row, &shadow);
            if !settled {
                self.in_their_words(kind.rule, &mut row, shadow.base.as_ref());
                settled = is_settled(kind, &row, &shadow);
            }
            if !about.is_empty() || !settled {
                self.heed()?;
                Box::pin(self.linked::<T>(kind, row, shadow, about)).await?;
            }
        }
        let keys: Vec<LocalKey> = free.iter().map(|row| row.key.clone()).collect();
        let tied = self.engine.store.tied(&kind.scope, &keys).await?;
        let mut new = Vec::new();
        for row in free {
            let about = about(kind, &mut words, &row.key, None);
            match tied.iter().find(|shadow| shadow.local.as_ref() == Some(&row.key)) {
                Some(shadow) => self.untied(kind, &row, shadow.clone()).await?,
                None if kind.pushing.open.contains_key(&row.key) => {
                    self.waits_open(kind, &row, &about).await?;
                }
                None => new.push((row, about)),
            }
        }
        Box::pin(self.make::<T>(kind, new, whole)).await
    }

    /// What is remembered of the records of rows, by their ids. Where a column writes an id in its own way, the row's key
    /// says which record may be meant.
    async fn shadows_of(
        &self,
        kind: &Kind<'_>,
        linked: &mut [LocalRecord],
    ) -> Result<HashMap<String, Shadow>> {
        let store = &self.engine.store;
        let ids: Vec<&str> = linked.iter().filter_map(|row| row.remote.as_deref()).collect();
        let known = store.shadows(&kind.scope, &ids).await?;
        let mut shadows: HashMap<String, Shadow> =
            known.into_iter().map(|shadow| (shadow.remote.clone(), shadow)).collect();
        let unmet = |row: &&LocalRecord| row.remote.as_ref().is_some_and(|id| !shadows.contains_key(id));
        let keys: Vec<LocalKey> = linked.iter().filter(unmet).map(|row| row.key.clone()).collect();
        if keys.is_empty() {
            return Ok(shadows);
        }
        let tied = store.tied(&kind.scope, &keys).await?;
        let ids: Vec<&str> = tied.iter().map(|shadow| shadow.remote.as_str()).collect();
        self.spell(kind.rule, linked, &ids).await?;
        shadows.extend(tied.into_iter().map(|shadow| (shadow.remote.clone(), shadow)));
        Ok(shadows)
    }

    async fn words(
        &mut self,
        kind: &Kind<'_>,
        linked: &[LocalRecord],
        free: &[LocalRecord],
    ) -> Result<Words> {
        let mut words = Words::new();
        if !kind.waiting {
            return Ok(words);
        }
        let own = linked.iter().chain(free).flat_map(|row| subjects(kind, &row.key));
        let subjects: Vec<String> = own.chain(linked.iter().filter_map(|row| row.remote.clone())).collect();
        let asked: Vec<&str> = subjects.iter().map(String::as_str).collect();
        for (facts, pending) in self.engine.store.pending_of(&kind.scope, &asked).await? {
            words.entry(pending.subject.clone()).or_default().push((facts, pending));
        }
        Ok(words)
    }

    /// Stores something in the middle of a kind, with what was counted.
    pub(super) async fn note_page(&mut self, kind: &mut Kind<'_>, mut commit: PageCommit) -> Result<()> {
        kind.waiting |= !commit.pending.is_empty();
        commit.report = Some(kind.report.clone());
        self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
        Ok(())
    }
}

/// Whether a row that nobody was told anything about is as both sides last had it: most are.
fn is_settled(kind: &Kind<'_>, row: &LocalRecord, shadow: &Shadow) -> bool {
    !kind.pushing.open.contains_key(&row.key)
        && wanted(kind.rule, &row.values, shadow.base.as_ref(), &BTreeSet::new()).is_nothing()
}

fn about(
    kind: &Kind<'_>,
    words: &mut Words,
    local: &LocalKey,
    remote: Option<&String>,
) -> Vec<(Fingerprint, Pending)> {
    if words.is_empty() {
        return Vec::new();
    }
    let subjects = subjects(kind, local).into_iter().chain(remote.cloned());
    subjects.filter_map(|subject| words.remove(&subject)).flatten().collect()
}

/// The value of a row in the column that a customer's name comes from.
fn name_column(kind: &Kind<'_>) -> Option<String> {
    let named = |field: &&crate::plan::CheckedField| field.remote.to_string() == "name";
    kind.rule.fields.iter().find(named).map(|field| field.local.clone())
}

fn row_name(row: &BTreeMap<String, Value>, column: Option<&str>) -> Option<String> {
    let text = row.get(column?).filter(|value| !value.is_null()).map(crate::plan::plain)?;
    let folded = folded_name(&text);
    (!folded.is_empty()).then_some(folded)
}
