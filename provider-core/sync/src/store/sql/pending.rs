//! What waits for a person, what is to be looked at again, and how everything stands.

use std::collections::BTreeMap;

use provider_core::Result;
use provider_store::seam::{Row, Tx, Value, damaged};

use super::alert;
use super::breaker::{standing, standing_columns};
use super::rows::{count, json, kind_of, number, outcome, print, scope_id, text, time};
use super::steps;
use crate::fingerprint::Fingerprint;
use crate::store::StoreError;
use crate::store::rules::{changed_meanwhile, check_decision, unknown};
use crate::store::status::ConnectionStatus;
use crate::store::types::{
    Decision, KindScope, NewPending, Pending, PendingId, PendingType, QueueQuery, RunId,
};

/// The columns of what waits, in the order of [`read`].
macro_rules! pending_columns {
    () => {
        "SELECT p.id, s.connection, s.kind, p.subject, p.type, p.facts, p.body, p.opened, p.decision, p.who \
         FROM sync_pending p JOIN sync_scope s ON s.id = p.scope WHERE "
    };
}
pub(super) use pending_columns;

const OF: &str = concat!(pending_columns!(), "p.scope = $1 AND p.subject = $2 ORDER BY p.type");
const AFTER: &str = concat!(
    pending_columns!(),
    "p.id > $1 AND (CAST($2 AS TEXT) IS NULL OR s.connection = $2) ORDER BY p.id LIMIT $3"
);
const ONE: &str = concat!(pending_columns!(), "p.id = $1");
/// A decision holds for the facts that it was made about.
const PUT: &str = "INSERT INTO sync_pending (scope, subject, type, facts, body, opened, touched) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, subject, type) DO UPDATE SET \
    decision = CASE WHEN sync_pending.facts = excluded.facts THEN sync_pending.decision END, \
    who = CASE WHEN sync_pending.facts = excluded.facts THEN sync_pending.who END, \
    facts = excluded.facts, body = excluded.body, touched = excluded.touched";
const SETTLE: &str = "DELETE FROM sync_pending WHERE scope = $1 AND subject = $2 AND type = $3";
const DECIDE: &str = "UPDATE sync_pending SET decision = $2, who = $3 WHERE id = $1 AND facts = $4";
const HINT: &str = "INSERT INTO sync_hint (scope, id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const NEW_SCOPE: &str =
    "INSERT INTO sync_scope (connection, kind, next_slot) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING";
const HINTS: &str = "SELECT id FROM sync_hint WHERE scope = $1 ORDER BY id LIMIT $2";
const FOLLOWED: &str = "DELETE FROM sync_hint WHERE scope = $1 AND id = $2";
const CONNECTIONS: &str =
    concat!("SELECT name, outcome, ", standing_columns!(), " FROM sync_connection ORDER BY name");
const WAITING: &str = "SELECT p.type, count(*) FROM sync_pending p JOIN sync_scope s ON s.id = p.scope \
    WHERE s.connection = $1 GROUP BY p.type";
const LINKED: &str = "SELECT count(*) FROM sync_shadow h JOIN sync_scope s ON s.id = h.scope \
    WHERE s.connection = $1 AND h.state = 'linked'";
const UNKNOWN: &str = "SELECT count(*), min(i.opened) FROM sync_intent i JOIN sync_scope s ON s.id = i.scope \
    WHERE s.connection = $1 AND i.state = 'unknown'";

steps! {
    Read PendingOf { scope: KindScope, ids: Vec<String> } -> Vec<(Fingerprint, Pending)>, pending_of;
    Read Queue { query: QueueQuery } -> Vec<Pending>, queue;
    Write Decide { id: PendingId, decision: Decision, who: String } -> (), decide;
    Write DecideAll { words: Vec<(PendingId, Decision)>, who: String } -> Vec<(usize, StoreError)>, decide_all;
    Write Hint { scope: KindScope, id: String } -> (), hint;
    Read Hints { scope: KindScope, limit: usize } -> Vec<String>, hints;
    Read Status {} -> Vec<ConnectionStatus>, status;
}

fn type_of(word: &str) -> Result<PendingType> {
    let found = PendingType::ALL.into_iter().find(|why| why.as_str() == word);
    found.ok_or_else(|| damaged(format_args!("something waits as `{word}`")))
}

pub(super) fn read(mut row: Row) -> Result<(Fingerprint, Pending)> {
    let (number, connection, kind) = (row.int()?, row.text()?, kind_of(&row.text()?)?);
    let (subject, why) = (row.text()?, type_of(&row.text()?)?);
    let facts = print(Some(row.bytes()?))?.ok_or_else(|| damaged("a fingerprint is none"))?;
    let (body, opened) = (json(&row.text()?)?, time(row.int()?)?);
    let decision = row.text_or_none()?.map(|text| json(&text)).transpose()?;
    let who = row.text_or_none()?;
    let id = PendingId { number, mark: facts.short() };
    Ok((facts, Pending { id, connection, kind, subject, why, body, opened, decision, who }))
}

async fn pending_of<T: Tx>(step: PendingOf, tx: &mut T) -> Result<Vec<(Fingerprint, Pending)>> {
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(Vec::new()) };
    let sets: Vec<_> = step.ids.into_iter().map(|id| vec![scope.into(), id.into()]).collect();
    tx.find(OF, &sets).await?.into_iter().map(read).collect()
}

async fn queue<T: Tx>(step: Queue, tx: &mut T) -> Result<Vec<Pending>> {
    let QueueQuery { connection, after, limit } = step.query;
    let limit = number(limit.map_or(u64::MAX, |limit| limit as u64));
    let rows = tx.rows(AFTER, &[after.unwrap_or(0).into(), connection.into(), limit]).await?;
    rows.into_iter().map(|row| read(row).map(|(_, pending)| pending)).collect()
}

async fn decide<T: Tx>(step: Decide, tx: &mut T) -> Result<()> {
    let Decide { id, decision, who } = step;
    loop {
        let rows = tx.rows(ONE, &[id.number.into()]).await?;
        let row = rows.into_iter().next().ok_or_else(|| unknown(&id))?;
        let (facts, pending) = read(row)?;
        check_decision(&pending, &id, &decision)?;
        let facts = Value::Bytes(facts.bytes().to_vec());
        // A page of another machine may have changed them since: the decision was about these.
        if tx.exec(DECIDE, &[id.number.into(), text(&decision), who.as_str().into(), facts]).await? > 0 {
            return Ok(());
        }
    }
}

async fn decide_all<T: Tx>(step: DecideAll, tx: &mut T) -> Result<Vec<(usize, StoreError)>> {
    let DecideAll { words, who } = step;
    let (mut refused, mut wanted) = (Vec::new(), Vec::new());
    for (at, (id, decision)) in words.iter().enumerate() {
        let Some(row) = tx.rows(ONE, &[id.number.into()]).await?.into_iter().next() else {
            refused.push((at, unknown(id)));
            continue;
        };
        let (facts, pending) = read(row)?;
        match check_decision(&pending, id, decision) {
            Ok(()) => wanted.push((id, text(decision), Value::Bytes(facts.bytes().to_vec()))),
            Err(error) => refused.push((at, error)),
        }
    }
    if refused.is_empty() {
        for (id, decision, facts) in wanted {
            let changed = tx.exec(DECIDE, &[id.number.into(), decision, who.as_str().into(), facts]).await?;
            // A page of another machine has come in between: nothing of all this is stored.
            if changed == 0 {
                return Err(changed_meanwhile(id).into());
            }
        }
    }
    Ok(refused)
}

pub(super) async fn put<T: Tx>(tx: &mut T, scope: i64, run: RunId, pending: &[NewPending]) -> Result<()> {
    let now = tx.now().await?;
    let set = |new: &NewPending| {
        vec![
            scope.into(),
            new.subject.as_str().into(),
            new.kind.as_str().into(),
            Value::Bytes(new.facts.bytes().to_vec()),
            new.body.to_string().into(),
            now.into(),
            run.0.into(),
        ]
    };
    let sets: Vec<_> = pending.iter().map(set).collect();
    if sets.is_empty() { Ok(()) } else { tx.each(PUT, &sets).await.map(drop) }
}

pub(super) async fn settle<T: Tx>(tx: &mut T, scope: i64, settled: &[(String, PendingType)]) -> Result<()> {
    let set = |(id, why): &(String, PendingType)| vec![scope.into(), id.as_str().into(), why.as_str().into()];
    let sets: Vec<_> = settled.iter().map(set).collect();
    if sets.is_empty() { Ok(()) } else { tx.each(SETTLE, &sets).await.map(drop) }
}

pub(super) async fn follow<T: Tx>(tx: &mut T, scope: i64, hints: &[String]) -> Result<()> {
    let sets: Vec<_> = hints.iter().map(|id| vec![scope.into(), id.as_str().into()]).collect();
    if sets.is_empty() { Ok(()) } else { tx.each(FOLLOWED, &sets).await.map(drop) }
}

async fn hint<T: Tx>(step: Hint, tx: &mut T) -> Result<()> {
    let Hint { scope, id } = step;
    tx.exec(NEW_SCOPE, &[scope.connection.as_str().into(), super::rows::word(scope.kind)]).await?;
    let kept = scope_id(tx, &scope).await?.ok_or_else(|| damaged("a scope is not there"))?;
    tx.exec(HINT, &[kept.into(), id.into()]).await.map(drop)
}

async fn hints<T: Tx>(step: Hints, tx: &mut T) -> Result<Vec<String>> {
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(Vec::new()) };
    let rows = tx.rows(HINTS, &[scope.into(), number(step.limit as u64)]).await?;
    rows.into_iter().map(|mut row| row.text()).collect()
}

async fn status<T: Tx>(_: Status, tx: &mut T) -> Result<Vec<ConnectionStatus>> {
    let now = tx.now().await?;
    let mut all = Vec::new();
    for mut row in tx.rows(CONNECTIONS, &[]).await? {
        let connection = row.text()?;
        let last_outcome = outcome(row.text_or_none()?.as_deref());
        let standing = standing(&mut row, now)?;
        let mut queue = BTreeMap::new();
        for mut row in tx.rows(WAITING, &[connection.as_str().into()]).await? {
            queue.insert(type_of(&row.text()?)?, count(&mut row)?);
        }
        let mut linked = 0;
        for mut row in tx.rows(LINKED, &[connection.as_str().into()]).await? {
            linked = count(&mut row)?;
        }
        let (mut unknown, mut since) = (0, None);
        for mut row in tx.rows(UNKNOWN, &[connection.as_str().into()]).await? {
            unknown = count(&mut row)?;
            since = row.int_or_none()?.map(time).transpose()?;
        }
        let unsent = alert::unsent(tx, &connection).await?;
        let refused = alert::refused(tx, &connection, standing.stops).await?;
        let mut status = ConnectionStatus::of(connection, standing, now);
        (status.last_outcome, status.queue, status.linked) = (last_outcome, queue, linked);
        (status.unsent, status.refused) = (unsent, refused);
        (status.unknown, status.unknown_since) = (unknown, since);
        all.push(status);
    }
    Ok(all)
}
