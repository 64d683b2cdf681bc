//! How a connection stands: read, decided about and written in one transaction, with the database's time.

use provider_core::Result;
use provider_store::seam::{Row, Tx, Value, damaged};

use super::rows::{count, held, json, number, text, time};
use super::run::list_again;
use super::{alert, steps};
use crate::decide::breaker;
use crate::notify::{SettingToFix, StopCause, StopReason};
use crate::plan::BreakerPlan;
use crate::report::SyncOutcome;
use crate::store::breaker::{Gate, SessionClosed, SessionEnd, Standing};
use crate::store::rules::no_connection;
use crate::store::status::ConnectionState;
use crate::store::types::RunLease;

/// The columns of how a connection stands, in the order of [`standing`].
macro_rules! standing_columns {
    () => {
        "state, cause, reason, setting, failures, since, last_good, probes, next_probe, stops, stopped, told"
    };
}
pub(super) use standing_columns;

const STANDING: &str =
    concat!("SELECT account, ", standing_columns!(), " FROM sync_connection WHERE name = $1");
const SET: &str = "UPDATE sync_connection SET state = $2, cause = $3, reason = $4, setting = $5, failures = $6, \
    since = $7, last_good = $8, probes = $9, next_probe = $10, stops = $11, stopped = $12, told = $13 WHERE name = $1";
const CLOSE: &str = "UPDATE sync_connection SET outcome = $2, error = $3 WHERE name = $1";
const COMPLETE: &str = "UPDATE sync_connection SET session_open = 0 WHERE name = $1";

steps! {
    Read Standings { connection: String } -> Option<(Standing, bool)>, look;
    Write Switch { connection: String, to: ConnectionState, cause: Option<String> } -> (), switch;
    Write CloseSession { lease: RunLease, end: SessionEnd } -> SessionClosed, close_session;
    Write BeginProbe { lease: RunLease, connection: String, rules: BreakerPlan } -> Gate, begin_probe;
    Write EndProbe { lease: RunLease, connection: String, cause: Option<StopCause> } -> (), end_probe;
    Write NotBegun { end: SessionEnd } -> Option<SessionClosed>, not_begun;
}

/// How a connection stands, and whose it is.
struct Found {
    account: String,
    standing: Standing,
}

fn state_of(word: &str) -> Result<ConnectionState> {
    let all = [ConnectionState::Active, ConnectionState::Disabled, ConnectionState::Probing];
    let found = all.into_iter().find(|state| state.as_str() == word);
    found.ok_or_else(|| damaged(format_args!("a connection is `{word}`")))
}

fn reason_of(word: &str) -> Result<StopReason> {
    let found = StopReason::ALL.into_iter().find(|reason| reason.as_str() == word);
    found.ok_or_else(|| damaged(format_args!("a connection stopped for `{word}`")))
}

/// Reads [`standing_columns`]. A row of before knows less: what it does not say begins now.
pub(super) fn standing(row: &mut Row, now: chrono::DateTime<chrono::Utc>) -> Result<Standing> {
    let mut found = Standing::new(now);
    found.state = state_of(&row.text()?)?;
    let (cause, reason, setting) = (row.text_or_none()?, row.text_or_none()?, row.text_or_none()?);
    let reason = reason.as_deref().map(reason_of).transpose()?;
    let setting: Option<SettingToFix> = setting.as_deref().map(json).transpose()?;
    found.cause =
        cause.map(|cause| StopCause::new(reason.unwrap_or(StopReason::Person), cause).with_setting(setting));
    found.failures = small(row)?;
    let since = row.int_or_none()?.map(time).transpose()?;
    found.last_good = row.int_or_none()?.map(time).transpose()?;
    found.since = since.or(found.last_good).unwrap_or(now);
    found.probes = small(row)?;
    found.next_probe = row.int_or_none()?.map(time).transpose()?;
    found.stops = count(row)?;
    found.stopped_at = row.int_or_none()?.map(time).transpose()?;
    found.told = row.text_or_none()?.as_deref().map(json).transpose()?;
    Ok(found)
}

fn small(row: &mut Row) -> Result<u32> {
    u32::try_from(row.int()?).map_err(|_| damaged("a count of the store is none"))
}

/// Whoever writes what it has read here is alone with it from this on.
async fn found<T: Tx>(tx: &mut T, connection: &str) -> Result<Option<Found>> {
    let now = tx.now().await?;
    let rows = tx.rows(STANDING, &[connection.into()]).await?;
    let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
    let account = row.text()?;
    Ok(Some(Found { account, standing: standing(&mut row, now)? }))
}

async fn alone<T: Tx>(tx: &mut T, connection: &str) -> Result<Option<Found>> {
    tx.exclusive("sync breaker").await?;
    found(tx, connection).await
}

async fn set<T: Tx>(tx: &mut T, connection: &str, standing: &Standing) -> Result<()> {
    let cause = standing.cause.as_ref();
    let values = [
        connection.into(),
        standing.state.as_str().into(),
        cause.map(|cause| cause.message.clone()).into(),
        cause.map(|cause| cause.reason.as_str()).into(),
        cause.and_then(|cause| cause.setting.as_ref()).map_or(Value::Null, text),
        i64::from(standing.failures).into(),
        standing.since.into(),
        standing.last_good.into(),
        i64::from(standing.probes).into(),
        standing.next_probe.into(),
        number(standing.stops),
        standing.stopped_at.into(),
        standing.told.as_ref().map_or(Value::Null, text),
    ];
    tx.exec(SET, &values).await.map(drop)
}

async fn look<T: Tx>(step: Standings, tx: &mut T) -> Result<Option<(Standing, bool)>> {
    let now = tx.now().await?;
    let found = found(tx, &step.connection).await?;
    Ok(found.map(|found| {
        let due = breaker::is_due(&found.standing, now);
        (found.standing, due)
    }))
}

async fn switch<T: Tx>(step: Switch, tx: &mut T) -> Result<()> {
    let Switch { connection, to, cause } = step;
    let found = alone(tx, &connection).await?.ok_or_else(|| no_connection(&connection))?;
    let now = tx.now().await?;
    set(tx, &connection, &breaker::switched(&found.standing, to, cause.as_deref(), now)).await
}

async fn close_session<T: Tx>(step: CloseSession, tx: &mut T) -> Result<SessionClosed> {
    let CloseSession { lease, end } = step;
    let before = alone(tx, &end.connection).await?;
    held(tx, &lease).await?;
    let Some(before) = before else { return Err(no_connection(&end.connection).into()) };
    if end.outcome == SyncOutcome::Failed {
        list_again(tx, &end.connection).await?;
    }
    ended(tx, before, end).await
}

async fn not_begun<T: Tx>(step: NotBegun, tx: &mut T) -> Result<Option<SessionClosed>> {
    match alone(tx, &step.end.connection).await? {
        Some(before) if before.standing.state == ConnectionState::Active => {
            ended(tx, before, step.end).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// What the end of a session makes of its connection, and the letters about that.
async fn ended<T: Tx>(tx: &mut T, before: Found, end: SessionEnd) -> Result<SessionClosed> {
    let now = tx.now().await?;
    let step = breaker::ended(&before.standing, &end, now);
    let name = Value::from(end.connection.as_str());
    tx.exec(CLOSE, &[name.clone(), step.outcome.as_str().into(), end.error.into()]).await?;
    if end.outcome == SyncOutcome::Completed {
        tx.exec(COMPLETE, &[name]).await?;
    }
    set(tx, &end.connection, &step.after).await?;
    if let Some(about) = step.letter {
        let (account, to) = (&before.account, &end.recipients);
        let letters =
            breaker::letters(&end.connection, account, &before.standing, &step.after, about, to, now);
        alert::put(tx, step.after.stops, &letters).await?;
    }
    Ok(SessionClosed::of(step))
}

async fn begin_probe<T: Tx>(step: BeginProbe, tx: &mut T) -> Result<Gate> {
    let BeginProbe { lease, connection, rules } = step;
    let before = alone(tx, &connection).await?;
    held(tx, &lease).await?;
    let Some(Found { standing, .. }) = before else { return Ok(Gate::Open) };
    let now = tx.now().await?;
    if standing.state == ConnectionState::Active {
        return Ok(Gate::Open);
    }
    if !breaker::is_due(&standing, now) {
        return Ok(Gate::Shut(Box::new(standing)));
    }
    set(tx, &connection, &breaker::trial(&rules, &standing, now)).await?;
    Ok(Gate::Trial)
}

async fn end_probe<T: Tx>(step: EndProbe, tx: &mut T) -> Result<()> {
    let EndProbe { lease, connection, cause } = step;
    let before = alone(tx, &connection).await?;
    held(tx, &lease).await?;
    let Some(Found { standing, .. }) = before else { return Ok(()) };
    set(tx, &connection, &breaker::still_stopped(&standing, cause)).await
}
