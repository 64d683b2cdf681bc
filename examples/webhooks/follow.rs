//! A sync that follows what was delivered: each change is a hint in the store, and a run takes up all that have come.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pax8_client::webhook::Changed;
use provider_core::Provider;
use provider_examples::Failure;
use provider_sync::{KindReport, RunControl, SqlStore, SyncEngine, SyncOutcome, SyncPlan, TableTarget};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// How many quiet moments a storm may last before a run takes up what has come so far.
const MOMENTS: u32 = 10;

/// The engine of one plan.
pub(crate) struct Follow(SyncEngine);

impl Follow {
    /// The plan over the application's tables, with the store that `sync` has too.
    pub(crate) async fn open(
        plan: &Path,
        db: &str,
        target: Option<&str>,
        provider: Arc<dyn Provider>,
    ) -> Result<Self, Failure> {
        let file = plan.display().to_string();
        let text = std::fs::read_to_string(plan).map_err(|error| Failure::of_file("--sync", plan, &error))?;
        // As `sync` takes it.
        let json = plan.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let read = if json { SyncPlan::from_json(&text) } else { SyncPlan::from_toml(&text) };
        let plan = read.map_err(|problems| Failure::Usage(problems.in_file(&file)))?;
        let of_plan = plan.target.as_ref().map(|target| target.url.as_str());
        let url = target.or(of_plan).ok_or_else(|| {
            Failure::Usage("--target: the plan does not say where the tables are: name them".to_owned())
        })?;
        let target = TableTarget::open(url, &plan).await;
        let target = target.map_err(|error| Failure::Usage(format!("--target: {error}")))?;
        let store = SqlStore::open(db).await;
        let store = store.map_err(|error| Failure::Usage(format!("--db: {error}")))?;
        let checked = plan.check(&*provider, &target);
        let checked = checked.map_err(|problems| Failure::Usage(problems.in_file(&file)))?;
        Ok(Self(SyncEngine::new(provider, Arc::new(target), Arc::new(store), checked)))
    }

    /// Keeps that this record is to be looked at again, and answers whether it is kept. What names no record needs
    /// nothing of the kind: a run lists everything.
    pub(crate) async fn hint(&self, change: &Changed) -> bool {
        let (Some(kind), Some(id)) = (change.entity, &change.id) else { return true };
        match self.0.hint(kind, id).await {
            Ok(()) => true,
            Err(error) => {
                eprintln!("{}: {error}", change.topic);
                false
            }
        }
    }

    /// One run, in a line. What fails is told, and nothing is lost by it: the hints stay until a run has followed them.
    pub(crate) async fn run(&self, why: &str) -> Option<String> {
        let report = match self.0.run(&RunControl::default()).await {
            Ok(report) => report,
            Err(error) => {
                eprintln!("{why}: {error}");
                return None;
            }
        };
        if !matches!(report.outcome, SyncOutcome::Completed | SyncOutcome::Sliced) {
            eprintln!("{why}: {}: {}", report.outcome.as_str(), report.error.as_deref().unwrap_or_default());
            return None;
        }
        let sum = |count: fn(&KindReport) -> u64| report.kinds.iter().map(count).sum::<u64>();
        let (created, updated, removed) = (sum(|k| k.created), sum(|k| k.updated), sum(|k| k.removed));
        Some(format!("{why}: {created} created, {updated} updated, {removed} removed"))
    }
}

/// A storm is one run: what comes until nothing has come for a moment, as many as are wanted at most.
pub(crate) async fn gather(
    first: Changed,
    changed: &mut mpsc::Receiver<Changed>,
    quiet: Duration,
    wanted: usize,
) -> Vec<Changed> {
    let end = Instant::now() + quiet * MOMENTS;
    let mut all = vec![first];
    while all.len() < wanted {
        let rest = quiet.min(end.saturating_duration_since(Instant::now()));
        match timeout(rest, changed.recv()).await {
            Ok(Some(next)) => all.push(next),
            _ => break,
        }
    }
    all
}
