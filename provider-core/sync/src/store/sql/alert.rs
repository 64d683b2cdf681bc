//! Letters that wait to be sent.

use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::Result;
use provider_store::seam::{Tx, Value, damaged};

use super::rows::{count, json, number, text, time, until};
use super::steps;
use crate::decide::breaker::after_pause;
use crate::notify::Alert;
use crate::plan::Mailbox;
use crate::store::breaker::{AlertEnd, DueAlert};

const PUT: &str = "INSERT INTO sync_alert (connection, stops, about, recipient, body, state, tries, due, written) \
    VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $6) ON CONFLICT (connection, stops, about, recipient) DO NOTHING";
/// What was sent long ago is of no use to anybody.
const OLD: &str = "DELETE FROM sync_alert WHERE connection = $1 AND stops + 20 < $2 AND state <> 'waiting'";
/// The first letter that is due. To one person they go in their order: that it works again never comes before that it
/// has stopped.
const DUE: &str = "SELECT a.id, a.tries, a.body FROM sync_alert a WHERE a.state = 'waiting' AND a.due <= $1 \
    AND (CAST($2 AS TEXT) IS NULL OR a.connection = $2) AND NOT EXISTS (SELECT 1 FROM sync_alert b \
    WHERE b.state = 'waiting' AND b.connection = a.connection AND b.recipient = a.recipient AND b.id < a.id) \
    ORDER BY a.id LIMIT 1";
const HOLD: &str = "UPDATE sync_alert SET due = $2, tries = tries + 1 WHERE id = $1";
/// That it was sent is so, whoever else has it by now.
const END: &str = "UPDATE sync_alert SET state = $2, error = $3 WHERE id = $1 AND state = 'waiting'";
const LATER: &str =
    "UPDATE sync_alert SET due = $2, error = $3 WHERE id = $1 AND state = 'waiting' AND due = $4";
const UNSENT: &str = "SELECT count(*) FROM sync_alert WHERE connection = $1 AND state = 'waiting'";
const UNDELIVERED: &str = "SELECT DISTINCT recipient FROM sync_alert WHERE connection = $1 AND stops = $2 \
    AND state = 'refused' ORDER BY recipient";

steps! {
    Write ClaimAlert { connection: Option<String>, hold: Duration } -> Option<DueAlert>, claim;
    Write SettleAlert { number: i64, held_until: DateTime<Utc>, end: AlertEnd } -> (), settle;
}

pub(super) async fn put<T: Tx>(tx: &mut T, stops: u64, letters: &[Alert]) -> Result<()> {
    let Some(first) = letters.first() else { return Ok(()) };
    tx.exec(OLD, &[first.connection.as_str().into(), number(stops)]).await?;
    let set = |letter: &Alert| {
        vec![
            letter.connection.as_str().into(),
            number(stops),
            letter.about.as_str().into(),
            letter.recipient.0.as_str().into(),
            text(letter),
            letter.written_at.into(),
        ]
    };
    let sets: Vec<Vec<Value>> = letters.iter().map(set).collect();
    tx.each(PUT, &sets).await.map(drop)
}

pub(super) async fn unsent<T: Tx>(tx: &mut T, connection: &str) -> Result<u64> {
    let rows = tx.rows(UNSENT, &[connection.into()]).await?;
    rows.into_iter().next().map_or(Ok(0), |mut row| count(&mut row))
}

/// Who did not get a letter about this stop.
pub(super) async fn refused<T: Tx>(tx: &mut T, connection: &str, stops: u64) -> Result<Vec<Mailbox>> {
    let rows = tx.rows(UNDELIVERED, &[connection.into(), number(stops)]).await?;
    rows.into_iter().map(|mut row| Ok(Mailbox(row.text()?))).collect()
}

async fn claim<T: Tx>(step: ClaimAlert, tx: &mut T) -> Result<Option<DueAlert>> {
    tx.exclusive("sync alert").await?;
    let now = tx.now().await?;
    let rows = tx.rows(DUE, &[now.into(), step.connection.into()]).await?;
    let Some(mut row) = rows.into_iter().next() else { return Ok(None) };
    let (id, tries, alert) = (row.int()?, row.int()?, json(&row.text()?)?);
    let tries = u32::try_from(tries).map_err(|_| damaged("a count of the store is none"))?;
    let due = until(now, step.hold).timestamp_micros();
    tx.exec(HOLD, &[id.into(), due.into()]).await?;
    Ok(Some(DueAlert { number: id, tries, held_until: time(due)?, alert }))
}

async fn settle<T: Tx>(step: SettleAlert, tx: &mut T) -> Result<()> {
    let id = Value::from(step.number);
    match step.end {
        AlertEnd::Sent => tx.exec(END, &[id, "sent".into(), Value::Null]).await?,
        AlertEnd::Refused(why) => tx.exec(END, &[id, "refused".into(), why.into()]).await?,
        AlertEnd::Later { why, pause } => {
            let due = after_pause(tx.now().await?, pause);
            tx.exec(LATER, &[id, due.into(), why.into(), step.held_until.into()]).await?
        }
    };
    Ok(())
}
