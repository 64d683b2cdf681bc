//! One kind of records, from its first page to what is gone.

use std::collections::BTreeSet;

use provider_core::page::UnprovenReason;
use provider_core::{Completeness, ErrorKind, Page};
use tracing::Instrument as _;

use super::Result;
use super::batch::Batches;
use super::control::SyncEvent;
use super::error::SyncError;
use super::parts::{Part, Parted};
use super::push::Pushing;
use super::session::Work;
use super::spans;
use crate::decide::evidence::Walk;
use crate::fingerprint::Sources;
use crate::part::Looked;
use crate::plan::{CheckedKind, Update, Values};
use crate::report::{KindReport, Proof};
use crate::store::{Checkpoint, KindScope, PageCommit, QueueQuery, RunId};

/// A kind under way.
#[derive(Debug)]
pub(super) struct Kind<'r> {
    pub(super) rule: &'r CheckedKind,
    pub(super) scope: KindScope,
    pub(super) run: RunId,
    pub(super) report: KindReport,
    pub(super) sources: Sources<'r>,
    /// The members of a record that anything is made of.
    pub(super) looked_at: Looked<'r>,
    /// The linked records at the beginning.
    pub(super) live: u64,
    /// Whether the application had no row at all, so that none can be tied to a record already.
    pub(super) bare: bool,
    /// Whether the store has kept no record before this listing, which tells none twice: what it lists is new.
    pub(super) untouched: bool,
    /// Whether anything waits for a person, so that it has to be looked for.
    pub(super) waiting: bool,
    /// The records that the distributor says have ended: id and last values.
    pub(super) ended: Vec<(String, Values)>,
    /// How many records without an id the part has had.
    pub(super) nameless: u64,
    /// The records that were listed and told no members, or could not be read: that a member did not come with them
    /// says nothing.
    pub(super) silent: BTreeSet<String>,
    /// What is needed to push.
    pub(super) pushing: Pushing,
    listed_before: Option<u64>,
}

impl Kind<'_> {
    /// Takes note of a listed record, and of whether its members came with it.
    pub(super) fn tells(&mut self, id: Option<&str>, members: bool) {
        if !members && self.rule.each().is_some() {
            self.silent.extend(id.map(ToOwned::to_owned));
        }
    }
}

/// How several listings are proven together.
fn worst(one: Proof, other: Proof) -> Proof {
    match (one, other) {
        (Proof::Unproven, _) | (_, Proof::Unproven) => Proof::Unproven,
        (Proof::NoTotal, _) | (_, Proof::NoTotal) => Proof::NoTotal,
        _ => Proof::Proven,
    }
}

fn proof(completeness: Completeness) -> Proof {
    match completeness {
        Completeness::Proven => Proof::Proven,
        Completeness::Unproven(UnprovenReason::NoTotal) => Proof::NoTotal,
        _ => Proof::Unproven,
    }
}

impl Work<'_> {
    pub(super) async fn walk<T: Parted>(&mut self, rule: &CheckedKind) -> Result<()> {
        let engine = self.engine;
        let scope = KindScope::new(engine.plan.connection.clone(), rule.kind());
        let opened = match self.opened.remove(&rule.kind()) {
            Some(opened) => opened,
            None => engine.store.open_kind(&self.lease, &self.session, &scope).await?,
        };
        self.spent = self.spent.and(&opened.report.spent);
        if opened.ended {
            self.reports.push(opened.report);
            return Ok(());
        }
        let query = QueueQuery { connection: Some(scope.connection.clone()), limit: Some(1), after: None };
        let waiting = !engine.store.queue(&query).await?.is_empty();
        let bare = opened.live == 0 && engine.target.read(scope.kind, None, 1).await?.records.is_empty();
        let version = engine.provider.info().client_version.clone();
        let mut kind = Kind {
            rule,
            scope,
            run: opened.id,
            report: opened.report,
            sources: Sources::new::<T>(&engine.plan, rule, version.as_deref()),
            looked_at: rule.looked_at(),
            live: opened.live,
            bare,
            untouched: opened.untouched && rule.each().is_none(),
            waiting,
            ended: Vec::new(),
            nameless: 0,
            silent: BTreeSet::new(),
            pushing: Pushing::default(),
            listed_before: opened.listed_before,
        };
        self.control.tell(&SyncEvent::Begun { kind: rule.kind(), expected: opened.listed_before });
        let done = Box::pin(self.listings::<T>(&mut kind, opened.checkpoint)).await;
        // What was counted is told even of a run that failed.
        self.walked |= done.is_ok();
        self.control.tell(&SyncEvent::Ended(kind.report.clone()));
        self.reports.push(kind.report);
        done
    }

    async fn listings<T: Parted>(&mut self, kind: &mut Kind<'_>, mut from: Option<Checkpoint>) -> Result<()> {
        let engine = self.engine;
        let now = engine.clock.now();
        let cut = self.control.pages.is_some();
        if kind.rule.pushes() && !cut {
            self.carry_on::<T>(kind).await?;
        } else if !cut {
            self.left_over::<T>(kind).await?;
        }
        let parts = self.keeping(T::parts(&engine.provider, kind.rule, now)).await??;
        // A point in a listing that there is none of any more is no place to go on at, nor is the end of a short one.
        from = from.filter(|from| !from.again);
        let first = from.as_ref().and_then(|from| parts.iter().position(|part| part.name == from.part));
        if first.is_none() {
            from = None;
        }
        let resumed = kind.report.resumed > 0;
        let mut proven = Proof::Proven;
        for part in parts.iter().skip(first.unwrap_or(0)) {
            let point = from.take();
            self.of_one = part.of_one;
            proven = worst(proven, self.part::<T>(kind, part, point).await?);
            // Another listing may tell of the same records.
            kind.untouched = false;
        }
        self.of_one = false;
        if cut {
            kind.report.completeness = Proof::Unproven;
            return Ok(());
        }
        kind.report.completeness = if resumed && proven == Proof::Proven { Proof::Unproven } else { proven };
        self.hints::<T>(kind).await?;
        self.certain(kind).await?;
        let walk =
            Walk { proof: proven, resumed, listed: kind.report.listed, listed_before: kind.listed_before };
        Box::pin(self.gone::<T>(kind, walk)).await?;
        let whole = proven != Proof::Unproven && !resumed;
        if kind.rule.pushes() {
            self.push::<T>(kind, whole).await?;
        }
        engine.store.close_kind(&self.lease, &kind.scope, kind.run, &kind.report, whole).await?;
        Ok(())
    }

    async fn part<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        part: &Part<T::Query>,
        from: Option<Checkpoint>,
    ) -> Result<Proof> {
        let mut from = from;
        // A point that the distributor does not know any more: the part is read from its beginning, once.
        loop {
            let (again, before) = (from.is_some(), kind.report.pages);
            let read = self.pages::<T>(kind, part, from.take()).await;
            let moved_on = kind.report.pages > before;
            match read {
                Err(SyncError::Provider(error)) if again && is_lost(&error, moved_on) => {}
                other => return other,
            }
        }
    }

    async fn pages<T: Parted>(
        &mut self,
        kind: &mut Kind<'_>,
        part: &Part<T::Query>,
        from: Option<Checkpoint>,
    ) -> Result<Proof> {
        let engine = self.engine;
        let mut listing = T::list(&engine.provider, part.query.clone());
        kind.nameless = from.as_ref().map_or(0, |from| from.nameless);
        let mut last = from.clone();
        if let Some(from) = from {
            listing = listing.resume_from(from.point);
        }
        let report = listing.report();
        // Where a run ends after some pages, they are counted; where each record that changed takes a call, a crash or a
        // cancel would cost the calls of all pages.
        let one_by_one = self.control.pages.is_some() || kind.rule.full();
        let room = if one_by_one { 0 } else { engine.target.at_once() };
        let mut batches = Batches::new(listing, room);
        let mut taken = 0;
        while let Some(next) = self.keeping(batches.next(|page| within::<T>(page, part))).await? {
            let (batch, point) = match next {
                Err(error) if error.kind() == ErrorKind::Incomplete => {
                    self.list_again(kind, last).await?;
                    return Err(error.into());
                }
                next => next?,
            };
            if kind.rule.pushes() && kind.rule.may(Update::Create) {
                kind.pushing.met(batch.records());
            }
            let (span, before) = (spans::page(kind, batch.pages()), kind.report.clone());
            let taking = async {
                let mut nameless = kind.nameless;
                let ready = self.rows::<T>(kind, &part.name, batch, &mut nameless).await?;
                let point = Checkpoint { part: part.name.clone(), point, nameless, again: false };
                self.page(kind, ready, Some(point.clone())).await?;
                kind.nameless = nameless;
                Result::Ok(point)
            };
            let begun = engine.clock.now();
            last = Some(taking.instrument(span.clone()).await?);
            batches.took(engine.clock.now() - begun);
            spans::counted(&span, &before, &kind.report);
            self.control.tell(&SyncEvent::Page(kind.report.clone()));
            self.heed()?;
            taken += 1;
            if self.control.pages.is_some_and(|pages| taken >= pages) {
                return Ok(Proof::Unproven);
            }
        }
        // Records without an id are written as a set: that they have none hides nothing.
        let proven = match report.completeness() {
            Completeness::Unproven(UnprovenReason::NoId) => Proof::NoTotal,
            other => proof(other),
        };
        self.surplus(kind, &part.name, proven).await?;
        Ok(proven)
    }

    /// What a short list left out does not come behind its end: the next run begins anew, and counts anew what it lists.
    async fn list_again(&self, kind: &Kind<'_>, last: Option<Checkpoint>) -> Result<()> {
        let Some(last) = last else { return Ok(()) };
        let report = KindReport {
            listed: 0,
            unchanged: 0,
            suspected: 0,
            queued: 0,
            conflicts: 0,
            quarantined: 0,
            held: 0,
            pages: 0,
            ..kind.report.clone()
        };
        let commit = PageCommit {
            report: Some(report),
            checkpoint: Some(Checkpoint { again: true, ..last }),
            ..PageCommit::default()
        };
        self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
        Ok(())
    }
}

/// Whether the point that was gone on at is none any more. A token that has run out, or a page that lies behind the end by
/// now, is refused as bad input or as not there, which says so only of the first page that was asked for.
fn is_lost(error: &provider_core::Error, moved_on: bool) -> bool {
    match error.kind() {
        ErrorKind::InvalidCursor => true,
        ErrorKind::InvalidInput | ErrorKind::NotFound => !moved_on,
        _ => false,
    }
}

fn within<T: Parted>(page: Page<T>, part: &Part<T::Query>) -> Page<T> {
    match part.from {
        Some(day) => page.keep(|record| !record.is_before(day)),
        None => page,
    }
}
