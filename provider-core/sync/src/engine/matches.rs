//! Records that are tied to one of the application at the end of a listing: only then is it known that no other record of
//! the distributor fits it as well.

use super::Result;
use super::apply::RowChange;
use super::session::Work;
use super::walk::Kind;
use crate::decide::map::Mapped;
use crate::decide::matching::certain;
use crate::decide::row::Row;
use crate::fingerprint::Fingerprint;
use crate::part::Extract;
use crate::plan::Update;
use crate::store::{PageCommit, PendingType, QueueQuery, Shadow};
use crate::target::{Criterion, LocalRecord};

/// How many are tied in one transaction.
const PAGE: usize = 200;
/// How many records the application is asked for at once, and a person is shown of one value.
const CANDIDATES: usize = 1000;

impl Work<'_> {
    /// The application's records that one of the values is in. Where one value has so many that others do not get a word
    /// in, each is asked for by itself: what is not answered would count as not there.
    pub(super) async fn fitting(&self, kind: &Kind<'_>, criterion: Criterion) -> Result<Vec<LocalRecord>> {
        let target = &self.engine.target;
        let (mut all, mut open) = (Vec::new(), vec![criterion]);
        while let Some(mut asked) = open.pop() {
            let found = target.find(kind.scope.kind, std::slice::from_ref(&asked), CANDIDATES).await?;
            if found.len() < CANDIDATES || asked.values.len() < 2 {
                all.extend(found);
                continue;
            }
            let values = asked.values.split_off(asked.values.len() / 2);
            open.push(Criterion { values, ..asked.clone() });
            open.push(asked);
        }
        Ok(all)
    }

    pub(super) async fn certain(&mut self, kind: &mut Kind<'_>) -> Result<()> {
        if kind.rule.rules.is_empty() || !kind.waiting {
            return Ok(());
        }
        let query = QueueQuery { connection: Some(kind.scope.connection.clone()), ..QueueQuery::default() };
        let waiting = self.engine.store.queue(&query).await?;
        let undecided = waiting.iter().filter(|pending| {
            pending.kind == kind.scope.kind && pending.why == PendingType::Match && pending.decision.is_none()
        });
        let found = certain(undecided.map(|pending| (pending.subject.as_str(), &pending.body)), kind.run.0);
        for page in found.chunks(PAGE) {
            let ids: Vec<&str> = page.iter().map(|certain| certain.subject.as_str()).collect();
            let known = self.engine.store.shadows(&kind.scope, &ids).await?;
            let (mut commit, mut report) = (PageCommit::default(), kind.report.clone());
            let mut changes = Vec::new();
            for certain in page {
                let Some(source) = certain.source else { continue };
                let known = known.iter().find(|shadow| shadow.remote == certain.subject).cloned();
                let shadow =
                    known.unwrap_or_else(|| Shadow::new(certain.subject.clone(), certain.group.clone()));
                let row = row(&certain.subject, source);
                let mapped = Mapped::plain(certain.values.clone());
                let local = Some(certain.local.clone());
                changes.push(RowChange::new(&row, shadow, Update::Update, local, mapped, None));
            }
            let changes = self.tie(kind, changes, &mut commit, &mut report).await?;
            self.apply(kind, changes, &mut commit, &mut report).await?;
            for shadow in commit.shadows.iter().filter(|shadow| shadow.local.is_some()) {
                report.queued = report.queued.saturating_sub(1);
                commit.settled.push((shadow.remote.clone(), PendingType::Match));
            }
            commit.report = Some(report.clone());
            self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
            kind.report = report;
        }
        Ok(())
    }
}

fn row(id: &str, source: Fingerprint) -> Row {
    let id = id.to_owned();
    Row { id, source, group: None, ended: false, json: Extract::Json(serde_json::Value::Null), full: false }
}
