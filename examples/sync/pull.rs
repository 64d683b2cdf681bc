//! Check, preview and run.

use std::sync::Arc;
use std::time::Duration;

use provider_examples::Failure;
use provider_sync::{
    MemoryStore, RunControl, SqliteStore, StoreErrorKind, SyncEngine, SyncError, SyncOutcome, SyncReport,
    SyncStore,
};

use super::flags::Flags;
use super::letters;
use super::passwords;
use super::place::{Read, Ready, of_opening_store, of_store, of_target, once_open};
use super::print;
use super::progress::Bars;

pub(crate) fn failure(error: SyncError) -> Failure {
    match error {
        SyncError::Provider(error) => Failure::Provider(error),
        SyncError::Target(error) => of_target(&error),
        SyncError::Store(error) => of_store(&error),
        other => Failure::Check(other.to_string()),
    }
}

fn in_run(error: SyncError) -> Failure {
    once_open(failure(error))
}

/// A run that did not begin, or that its store did not let end: for machines it is a report like any other.
fn stopped(connection: &str, error: SyncError, flags: &Flags) -> Failure {
    if flags.json {
        let report = serde_json::json!({
            "connection": connection,
            "outcome": error.outcome(),
            "kinds": [],
            "intents": { "applied": 0, "rejected": 0, "unknown": 0 },
            "error": error.to_string(),
        });
        if let Err(unsaid) = print::json(&report) {
            return unsaid;
        }
    }
    in_run(error)
}

pub(crate) async fn check(flags: &Flags) -> Result<(), Failure> {
    let read = Read::from(flags)?;
    let Ready { connections, provider, target, plan, .. } = read.clone().ready(flags).await?;
    let kinds: Vec<_> = plan.kinds().map(|kind| kind.plural().replace('_', " ")).collect();
    let connection = plan.connection().to_owned();
    // What earlier runs have tied has to be found again. Where none was made, or what they remember is elsewhere, nothing
    // speaks against the plan.
    if let Ok(store) = SqliteStore::open_existing(&flags.db).await {
        let engine = SyncEngine::new(provider, Arc::new(target), Arc::new(store), plan);
        if let Err(SyncError::Refused(why)) = engine.check_keys().await {
            return Err(read.moved(flags, &why));
        }
    }
    if flags.json {
        print::json(&serde_json::json!({ "problems": [], "kinds": kinds }))?;
    } else if kinds.is_empty() {
        print::say("The plan is right, and everything in it is switched off.")?;
    } else {
        print::say(&format!("The plan is right: {} of {connection}.", kinds.join(", ")))?;
    }
    connections.close().await
}

pub(crate) async fn preview(flags: &Flags) -> Result<(), Failure> {
    let read = Read::from(flags)?;
    let Ready { connections, provider, target, plan, .. } = read.clone().ready(flags).await?;
    // Where nothing was ever kept, nothing is made to look at.
    let store: Arc<dyn SyncStore> = match SqliteStore::open_existing(&flags.db).await {
        Ok(store) => Arc::new(store),
        Err(error) if error.kind == StoreErrorKind::Absent => Arc::new(MemoryStore::default()),
        Err(error) => return Err(of_opening_store(&flags.db, &error)),
    };
    let bars = Arc::new(Bars::default());
    let control = control(flags).observer(Arc::<Bars>::clone(&bars));
    let engine = SyncEngine::new(provider, Arc::new(target), store, plan);
    let mut report = engine.preview_with(&control).await.map_err(in_run)?;
    bars.end();
    report.error = report.error.map(|why| read.placed(&why));
    told(&report, flags, true)?;
    connections.close().await
}

fn control(flags: &Flags) -> RunControl {
    let mut control = RunControl::default().wait(Duration::from_secs(flags.wait)).heal(flags.heal);
    if let Some(seconds) = flags.slice {
        control = control.slice(Duration::from_secs(seconds));
    }
    match flags.allow_removals {
        Some(records) => control.allow_removals(records),
        None => control,
    }
}

pub(crate) async fn run(flags: &Flags) -> Result<(), Failure> {
    let notifier = letters::notifier()?;
    let read = Read::from(flags)?;
    let form = read.kind(flags)?.form();
    let ready = read.clone().ready_to_run(flags, notifier.as_ref()).await?;
    let Ready { connections, provider, target, plan, pushes } = ready;
    let store = SqliteStore::open(&flags.db).await.map_err(|error| of_opening_store(&flags.db, &error))?;
    let known = store.status().await.map_err(|error| once_open(of_store(&error)))?;
    let first = !known.iter().any(|known| known.connection == plan.connection());
    let (store, connection) = (Arc::new(store), plan.connection().to_owned());
    let mut engine =
        SyncEngine::new(provider, Arc::new(target), Arc::<SqliteStore>::clone(&store), plan).with_form(form);
    if let Some(notifier) = notifier {
        engine = engine.with_notifier(Arc::new(notifier));
    }
    if pushes && let Some(sink) = passwords::sink(flags).await? {
        engine = engine.with_credentials(sink);
    }
    if first {
        // Before anything is written for the first time, everything is tried.
        engine.activate_with(&control(flags)).await.map_err(|error| stopped(&connection, error, flags))?;
    }
    let bars = Arc::new(Bars::default());
    let control = control(flags).observer(Arc::<Bars>::clone(&bars));
    let cancel = control.cancel_handle();
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Nobody can press it.
            std::future::pending::<()>().await;
        }
        cancel.cancel();
        let told = async {
            eprintln!("Stopping after this page; the next run goes on there. Once more stops at once.");
            std::future::pending::<()>().await;
        };
        tokio::select! {
            biased;
            _ = tokio::signal::ctrl_c() => {}
            () = told => {}
        }
    };
    let report = tokio::select! {
        // What listens stands first, because it listens from when it is first asked.
        biased;
        () = interrupted => {
            bars.end();
            return Err(Failure::Interrupted);
        }
        report = engine.run(&control) => report,
    };
    bars.end();
    let mut report = report.map_err(|error| stopped(&connection, error, flags))?;
    report.error = report.error.map(|why| read.placed(&why));
    // What the run has come to is told, whatever can be read of the store after it.
    let left = letters::left(&*store, &connection).await;
    told(&report, flags, false)?;
    left.map_err(once_open)?;
    connections.close().await
}

fn told(report: &SyncReport, flags: &Flags, ahead: bool) -> Result<(), Failure> {
    if flags.json {
        print::json(report)?;
    } else {
        print::report(report, ahead)?;
    }
    match report.outcome {
        SyncOutcome::Completed | SyncOutcome::Sliced => Ok(()),
        outcome => {
            let why = report.error.as_deref().unwrap_or("the next run goes on where this one stopped");
            Err(Failure::Check(format!("{}: {why}", outcome.as_str())))
        }
    }
}
