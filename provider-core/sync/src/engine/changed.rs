//! What changed in pages of a listing: most of it, most of the time, is as it was.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use provider_core::{Delivery, Error, ErrorKind, ItemError};

use super::Result;
use super::batch::Batch;
use super::members::{Glance, LONGEST_ID, Unfolded, glances, places, row, source, unfit};
use super::quarantine::{of_unfit, quarantine, unread};
use super::records::Record;
use super::session::Work;
use super::walk::Kind;
use crate::decide::row::Row;
use crate::plan::{CheckedKind, Update};
use crate::report::KindReport;
use crate::store::{Known, PageCommit, Shadow, ShadowState};
use crate::target::LocalKey;

/// A page that was looked at: what did not change is done with, the rest is to be decided.
#[derive(Debug, Default)]
pub(super) struct Ready {
    pub(super) rows: Vec<Row>,
    pub(super) shadows: HashMap<String, Shadow>,
    pub(super) commit: PageCommit,
    pub(super) report: Option<KindReport>,
}

impl Ready {
    /// One that cannot be read waits, and keeps its place where it may have no id, so that none behind it moves up to its
    /// row.
    fn skip(&mut self, item: &ItemError, page: u64, place: usize, nameless: &mut u64) {
        self.commit.pending.push(unread(item, page, place));
        *nameless += u64::from(item.id.is_none());
    }
}

/// An error that says something about one record, and nothing about the distributor.
pub(super) fn of_one_record(error: &Error) -> bool {
    use ErrorKind as K;
    let is_refusal = matches!(error.kind(), K::PermissionDenied | K::InvalidInput);
    error.is_item()
        || matches!(error.kind(), K::NotFound | K::Decode)
        || (is_refusal && error.delivery() == Delivery::Rejected)
}

impl Work<'_> {
    /// Looks at pages that came together.
    pub(super) async fn rows<T: Record>(
        &mut self,
        kind: &mut Kind<'_>,
        part: &str,
        mut batch: Batch<T>,
        nameless: &mut u64,
    ) -> Result<Ready> {
        let today = self.engine.clock.now().date_naive();
        let (mut ready, mut report) = (Ready::default(), kind.report.clone());
        let pages = report.pages + 1;
        report.pages += batch.pages() as u64;
        report.listed += batch.len() as u64;
        let mut all = Vec::with_capacity(batch.len());
        if kind.untouched && !kind.rule.full() {
            // In a first run all of them are new: each is let go as soon as what is looked at was taken out of it.
            ready.rows.reserve(batch.len());
            for (page, records) in (pages..).zip(batch.into_pages()) {
                for (place, item) in records.into_iter().enumerate() {
                    let record = match item {
                        Ok(record) => record,
                        Err(item) => {
                            report.quarantined += 1;
                            ready.skip(&item, page, place, nameless);
                            continue;
                        }
                    };
                    let print = source(&mut kind.sources, kind.rule, &record, today);
                    glances(kind.rule, part, &record, 0, print, nameless, &mut all);
                    if let Some(glance) = all.pop_if(|glance| glance.id.len() <= LONGEST_ID) {
                        ready.rows.push(row(
                            kind.rule,
                            &kind.looked_at,
                            glance,
                            &record,
                            &mut Unfolded::default(),
                        ));
                    }
                }
            }
            report.quarantined += all.len() as u64;
            ready.commit.pending.extend(all.iter().map(|unfit| of_unfit(&unfit.id)));
            ready.report = Some(report);
            return Ok(ready);
        }
        let (mut unreadable, mut at) = (Vec::new(), 0);
        for (page, records) in (pages..).zip(batch.iter()) {
            for (place, item) in records.iter().enumerate() {
                match item {
                    Ok(record) => {
                        let (print, met) = (source(&mut kind.sources, kind.rule, record, today), all.len());
                        glances(kind.rule, part, record, at, print, nameless, &mut all);
                        kind.tells(record.identity(), all.len() > met);
                    }
                    Err(item) => {
                        report.quarantined += 1;
                        ready.skip(item, page, place, nameless);
                        unreadable.extend(item.id.as_deref());
                        kind.tells(item.id.as_deref(), false);
                    }
                }
                at += 1;
            }
        }
        let unfit = unfit(&mut all);
        report.quarantined += unfit.len() as u64;
        ready.commit.pending.extend(unfit.iter().map(|glance| of_unfit(&glance.id)));
        unreadable.extend(unfit.iter().map(|glance| glance.id.as_str()));
        let mut found = self.known(kind, &all, &unreadable).await?.into_iter();
        let (mut known, mut others) = (HashMap::new(), Vec::new());
        for glance in all {
            match found.next() {
                Some(Known::Same(slot)) => {
                    report.unchanged += 1;
                    ready.commit.seen.push(slot);
                }
                Some(Known::Other(shadow)) => {
                    known.insert(glance.id.clone(), *shadow);
                    others.push(glance);
                }
                Some(Known::New) | None => others.push(glance),
            }
        }
        // It is there, whatever is wrong with it.
        ready.commit.seen.extend(found.filter_map(|unreadable| match unreadable {
            Known::Other(shadow) => shadow.slot,
            Known::Same(slot) => Some(slot),
            Known::New => None,
        }));
        let broken = self.altered(kind, &known).await?;
        let mut changed: Vec<Glance> = Vec::with_capacity(others.len());
        for glance in others {
            match known.get_mut(&glance.id) {
                Some(shadow) if shadow.source == Some(glance.source) && !broken.contains(&glance.id) => {
                    report.unchanged += 1;
                    if shadow.absent_runs > 0 {
                        (shadow.absent_runs, shadow.absent_since) = (0, None);
                        ready.commit.shadows.push(shadow.clone());
                    } else {
                        ready.commit.seen.extend(shadow.slot);
                    }
                }
                _ => changed.push(glance),
            }
        }
        if kind.rule.full() {
            self.detail(kind.rule, &mut batch, &mut changed, &known, &mut ready, &mut report).await?;
        }
        ready.rows.reserve(changed.len());
        let mut unfolded = Unfolded::default();
        for glance in changed {
            if let Some(record) = batch.get(glance.record) {
                ready.rows.push(row(kind.rule, &kind.looked_at, glance, record, &mut unfolded));
            }
        }
        ready.shadows = known;
        ready.report = Some(report);
        Ok(ready)
    }

    /// What is known of the records of a page, and behind them of those that cannot be read.
    async fn known(&self, kind: &Kind<'_>, all: &[Glance], unreadable: &[&str]) -> Result<Vec<Known>> {
        if kind.untouched {
            return Ok(Vec::new());
        }
        // Where the rows of the application are looked at too, none is the same at a glance.
        let print = |glance: &Glance| (!self.control.heal).then_some(glance.source);
        let records = all.iter().map(|glance| (glance.id.as_str(), print(glance)));
        let asked: Vec<_> = records.chain(unreadable.iter().map(|id| (*id, None))).collect();
        Ok(self.engine.store.known(&kind.scope, &asked).await?)
    }

    /// The rows of the application that are not as they were written, where a run looks for that.
    async fn altered(
        &mut self,
        kind: &Kind<'_>,
        known: &HashMap<String, Shadow>,
    ) -> Result<BTreeSet<String>> {
        if !self.control.heal {
            return Ok(BTreeSet::new());
        }
        let linked: Vec<_> = known
            .values()
            .filter(|shadow| shadow.state == ShadowState::Linked)
            .filter_map(|shadow| shadow.local.clone().map(|local| (shadow, local)))
            .collect();
        let keys: Vec<_> = linked.iter().map(|(_, local)| local.clone()).collect();
        let rows = self.engine.target.get(kind.scope.kind, &keys).await?;
        let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.key.clone(), row.fingerprint)).collect();
        // A living record that is marked as removed would stay so: what is compared does not tell of it.
        let mut marked = BTreeSet::new();
        if kind.rule.may(Update::Remove) {
            marked.extend(self.engine.target.marked(kind.scope.kind, &keys).await?);
        }
        let differs = |(shadow, local): &(&Shadow, LocalKey)| {
            rows.get(local).copied() != shadow.applied || marked.contains(local)
        };
        Ok(linked.iter().filter(|one| differs(one)).map(|(shadow, _)| shadow.remote.clone()).collect())
    }

    /// Reads each record that changed by its own call.
    async fn detail<T: Record>(
        &mut self,
        rule: &CheckedKind,
        batch: &mut Batch<T>,
        changed: &mut Vec<Glance>,
        known: &HashMap<String, Shadow>,
        ready: &mut Ready,
        report: &mut KindReport,
    ) -> Result<()> {
        let wanted: BTreeSet<usize> = changed.iter().map(|glance| glance.record).collect();
        for at in wanted {
            let Some(record) = batch.get_mut(at) else { continue };
            if record.full() {
                continue;
            }
            let Some(id) = record.identity().map(ToOwned::to_owned) else { continue };
            match self.keeping(T::fetch(&*self.engine.provider, &id)).await? {
                Ok(full) => {
                    if let Some(each) = rule.each() {
                        let places = places(each, &*record, &full);
                        changed.retain_mut(|glance| {
                            if let Some(member) = glance.member.filter(|_| glance.record == at) {
                                glance.member = places.get(member).copied().flatten();
                                if glance.member.is_none() {
                                    // It went since it was listed: the next listing says so.
                                    let slot = known.get(&glance.id).and_then(|shadow| shadow.slot);
                                    ready.commit.seen.extend(slot);
                                    return false;
                                }
                            }
                            true
                        });
                    }
                    *record = full;
                }
                Err(error) if of_one_record(&error) => {
                    report.quarantined += 1;
                    ready.commit.pending.push(quarantine(&id, "", &error.to_string(), None));
                    let own = changed.iter().filter(|glance| glance.record == at);
                    ready.commit.seen.extend(own.filter_map(|glance| known.get(&glance.id)?.slot));
                    changed.retain(|glance| glance.record != at);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
