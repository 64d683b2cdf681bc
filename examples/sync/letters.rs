//! Connections that have stopped: switched on and off by a person, and the letters about them.

use provider_core::clock::SystemClock;
use provider_examples::{Failure, this_person};
use provider_sync::{
    ConnectionState, SmtpConfig, SmtpNotifier, SqliteStore, StoreErrorKind, SyncEngine, SyncPlan, SyncStore,
};

use super::flags::Flags;
use super::people::store;
use super::place::{Read, Unfit, of_opening_store, of_store};
use super::print;

/// Who takes letters to the mail server that the variables name. `None` where they name none: letters wait.
pub(crate) fn notifier() -> Result<Option<SmtpNotifier>, Failure> {
    let config = SmtpConfig::from_vars(|name| std::env::var_os(name))?;
    Ok(config.map(SmtpNotifier::new))
}

/// The plan no longer fits what it fitted once, or the tables cannot be opened, so that there will be no run. Where none was
/// ever made there is nobody to tell but the person at the keyboard.
pub(crate) async fn no_run(
    flags: &Flags,
    plan: &SyncPlan,
    unfit: &Unfit,
    notifier: Option<&SmtpNotifier>,
) -> Result<(), Failure> {
    let store = match SqliteStore::open_existing(&flags.db).await {
        Ok(store) => store,
        Err(error) if error.kind == StoreErrorKind::Absent => return Ok(()),
        Err(error) => return Err(of_opening_store(&flags.db, &error)),
    };
    let connection = &plan.connection;
    let stopped = match unfit {
        Unfit::Plan(problems) => SyncEngine::stop_for(&store, connection, plan, problems).await,
        Unfit::Target(error) => SyncEngine::failed_for(&store, connection, plan, error).await,
    };
    if stopped.map_err(|error| of_store(&error))? {
        eprintln!("{connection} has stopped.");
    }
    if let Some(notifier) = notifier {
        let sent = provider_sync::deliver(&store, notifier, &SystemClock, Some(connection)).await;
        sent.map_err(|error| of_store(&error))?;
    }
    Ok(())
}

/// What a run leaves to be told.
pub(crate) async fn left(store: &dyn SyncStore, connection: &str) -> Result<(), Failure> {
    let all = store.status().await.map_err(|error| of_store(&error))?;
    let Some(status) = all.into_iter().find(|known| known.connection == connection) else { return Ok(()) };
    if status.unsent > 0 {
        eprintln!(
            "{} letters about {connection} wait to be sent: `sync deliver` does it and says why not.",
            status.unsent
        );
    }
    for mailbox in &status.refused {
        eprintln!("The mail server refuses {}: look at `alerts` in the plan.", mailbox.0);
    }
    Ok(())
}

/// Sends what is due. What was not taken before waits for its next try, six hours at most.
pub(crate) async fn deliver(flags: &Flags) -> Result<(), Failure> {
    let Some(notifier) = notifier()? else {
        let what = "PROVIDER_SMTP_URL: name the mail server, such as smtps://mail.example.com";
        return Err(Failure::Usage(what.to_owned()));
    };
    let (store, connection) = (store(flags).await?, flags.connection.as_deref());
    let told = provider_sync::deliver(&store, &notifier, &SystemClock, connection).await;
    let told = told.map_err(|error| of_store(&error))?;
    let said = if flags.json {
        print::json(&told)
    } else {
        let all = store.status().await.map_err(|error| of_store(&error))?;
        let own = all.iter().filter(|known| connection.is_none_or(|name| name == known.connection));
        let wait: u64 = own.map(|known| known.unsent).sum();
        print::say(&format!("{} sent, {} refused, {wait} wait.", told.sent, told.refused))
    };
    match told.why {
        Some(why) if told.postponed > 0 => Err(Failure::Check(format!("some letters wait still: {why}"))),
        Some(why) => Err(Failure::Check(format!("not every letter was taken: {why}"))),
        None => said,
    }
}

/// The connection that is named, or the plan's.
fn connection(flags: &Flags) -> Result<String, Failure> {
    match (&flags.connection, &flags.plan) {
        (Some(connection), _) => Ok(connection.clone()),
        (None, Some(_)) => Ok(Read::from(flags)?.plan.connection),
        (None, None) => Err(Failure::Usage("--connection: name the connection".to_owned())),
    }
}

/// A person switches a connection on or off.
pub(crate) async fn switch(flags: &Flags, on: bool, by: Option<&str>) -> Result<(), Failure> {
    let connection = connection(flags)?;
    let (to, cause) = if on {
        (ConnectionState::Active, None)
    } else {
        let who = by.map_or_else(this_person, |name| Ok(name.to_owned()))?;
        (ConnectionState::Disabled, Some(format!("{who} switched it off")))
    };
    let store = store(flags).await?;
    store.switch(&connection, to, cause.as_deref()).await.map_err(|error| of_store(&error))
}
