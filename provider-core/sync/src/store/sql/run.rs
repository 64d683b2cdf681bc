//! Leases, sessions and runs.

use std::collections::BTreeMap;
use std::time::Duration;

use provider_core::info::AccountKey;
use provider_core::{EntityKind, Result};
use provider_store::seam::{self, Tx, Value, damaged};

use super::rows::{count, held, json, number, place, scope_id, scope_of_run, text, until, word};
use super::steps;
use crate::decide::evidence::COUNTED;
use crate::fingerprint::Fingerprint;
use crate::report::KindReport;
use crate::store::rules::{DECISION_WAITS, next_fence, other_account};
use crate::store::types::{KindRun, KindScope, RunId, RunLease};
use crate::store::{Session, SessionStart};

const LOOK: &str = "SELECT fence, ends_at FROM sync_lease WHERE kind = $1 AND origin = $2 AND account = $3";
const TAKE: &str = "INSERT INTO sync_lease (kind, origin, account, fence, ends_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (kind, origin, account) DO UPDATE SET fence = excluded.fence, ends_at = excluded.ends_at";
const GIVE_BACK: &str =
    "UPDATE sync_lease SET ends_at = 0 WHERE kind = $1 AND origin = $2 AND account = $3 AND fence = $4";
const CONNECTION: &str =
    "SELECT kind, origin, account, plan, session, session_open, resumed FROM sync_connection WHERE name = $1";
const NEW_CONNECTION: &str = "INSERT INTO sync_connection (name, kind, origin, account, plan, session, session_open, \
    resumed, state, since) VALUES ($1, $2, $3, $4, $5, 1, 1, 0, 'active', $6)";
const OPEN: &str =
    "UPDATE sync_connection SET plan = $2, session = $3, resumed = $4, session_open = 1 WHERE name = $1";
const NEW_SCOPE: &str = "INSERT INTO sync_scope (connection, kind, next_slot) VALUES ($1, $2, 0)";
const KIND_RUN: &str =
    "SELECT id, ended IS NOT NULL, point, report FROM sync_run WHERE scope = $1 AND session = $2";
const NEW_RUN: &str =
    "INSERT INTO sync_run (scope, session, started, report) VALUES ($1, $2, $3, $4) RETURNING id";
const RESUMED: &str = "UPDATE sync_run SET report = $2 WHERE id = $1";
/// The bitmaps and points of before are of no use to anybody.
const OLD_BITS: &str =
    "DELETE FROM sync_seen WHERE run IN (SELECT id FROM sync_run WHERE scope = $1 AND session < $2)";
const OLD_RUNS: &str = "DELETE FROM sync_run WHERE scope = $1 AND session + 20 < $2";
const FACTS: &str = "SELECT listed, next_slot, (SELECT count(*) FROM \
    (SELECT 1 FROM sync_shadow WHERE scope = $1 AND state = 'linked' LIMIT $2) AS linked) FROM sync_scope WHERE id = $1";
const SOME_LINKED: &str = "SELECT 1 FROM sync_shadow WHERE scope = $1 AND state = 'linked' LIMIT 1";
const END_RUN: &str = "UPDATE sync_run SET ended = $2, point = NULL, report = $3 WHERE id = $1";
const LISTED: &str = "UPDATE sync_scope SET listed = $2 WHERE id = $1";
/// A decision that nobody could carry out yet stays, unless the listing has been without its record since before `$3`.
const LET_GO: &str = "DELETE FROM sync_pending WHERE scope = $1 AND touched <> $2 \
    AND type NOT IN ('conflict', 'vanished', 'unknown') \
    AND (decision IS NULL OR type NOT IN ('match', 'quarantine') OR touched BETWEEN $3 AND -1)";
/// From when on a whole listing is without the record of a decision, in place of the run that has met it: below zero.
const MISSED: &str = "UPDATE sync_pending SET touched = $3 WHERE scope = $1 AND touched <> $2 AND touched >= 0 \
    AND decision IS NOT NULL AND type IN ('match', 'quarantine')";
/// Whether a kind has ended in the session of a connection.
const SOME_ENDED: &str = "SELECT count(*) FROM sync_run r JOIN sync_scope s ON s.id = r.scope \
    JOIN sync_connection c ON c.name = s.connection AND c.session = r.session \
    WHERE c.name = $1 AND r.ended IS NOT NULL";
const CARRY_OVER: &str = "UPDATE sync_run SET session = session + 1 WHERE ended IS NULL \
    AND scope IN (SELECT id FROM sync_scope WHERE connection = $1) \
    AND session = (SELECT c.session FROM sync_connection c WHERE c.name = $1)";
const NEXT_SESSION: &str = "UPDATE sync_connection SET session = session + 1, resumed = 0 WHERE name = $1";

steps! {
    /// `dead`: no process of this machine holds it. `guarded`: one that lives has its lock.
    Write Lease { account: AccountKey, ttl: Duration, dead: bool, guarded: bool } -> Option<RunLease>, lease;
    Write Renew { lease: RunLease, fence: Option<u64> } -> RunLease, renew;
    Write Release { lease: RunLease } -> (), release;
    Write OpenSession { lease: RunLease, start: SessionStart } -> Session, open_session;
    Write OpenKind { lease: RunLease, session: Session, scope: KindScope } -> KindRun, open_kind;
    Write CloseKind { lease: RunLease, scope: KindScope, run: RunId, report: KindReport, whole: bool } -> (), close_kind;
}

async fn lease<T: Tx>(step: Lease, tx: &mut T) -> Result<Option<RunLease>> {
    let Lease { account, ttl, dead, guarded } = step;
    tx.exclusive("sync lease").await?;
    let now = tx.now().await?;
    let mut lease = RunLease { account, fence: 0, ends_at: until(now, ttl), ttl };
    let mut ends_at = 0;
    if let Some(mut row) = tx.rows(LOOK, &place(&lease)).await?.into_iter().next() {
        (lease.fence, ends_at) = (count(&mut row)?, row.int()?);
    }
    // One that is free and guarded is about to be taken, or was given back this moment: who took it without the lock would
    // be taken for dead by the next who gets that.
    if (ends_at > now.timestamp_micros() && !dead) || (ends_at == 0 && guarded) {
        return Ok(None);
    }
    lease.fence = next_fence(lease.fence, now);
    put(tx, &lease).await?;
    Ok(Some(lease))
}

async fn put<T: Tx>(tx: &mut T, lease: &RunLease) -> Result<()> {
    let [kind, origin, account] = place(lease);
    tx.exec(TAKE, &[kind, origin, account, number(lease.fence), lease.ends_at.into()]).await.map(drop)
}

async fn renew<T: Tx>(step: Renew, tx: &mut T) -> Result<RunLease> {
    let Renew { mut lease, fence } = step;
    tx.exclusive("sync lease").await?;
    lease.ends_at = held(tx, &lease).await?;
    if let Some(above) = fence {
        lease.fence = above.max(lease.fence).saturating_add(1);
        put(tx, &lease).await?;
    }
    Ok(lease)
}

async fn release<T: Tx>(step: Release, tx: &mut T) -> Result<()> {
    let [kind, origin, account] = place(&step.lease);
    tx.exec(GIVE_BACK, &[kind, origin, account, number(step.lease.fence)]).await.map(drop)
}

async fn open_session<T: Tx>(step: OpenSession, tx: &mut T) -> Result<Session> {
    let OpenSession { lease, start } = step;
    held(tx, &lease).await?;
    let name = Value::from(start.connection.as_str());
    let plan = Value::Bytes(start.plan.bytes().to_vec());
    let Some(mut row) = tx.rows(CONNECTION, std::slice::from_ref(&name)).await?.into_iter().next() else {
        let AccountKey { kind, origin, account, .. } = start.account;
        let now = tx.now().await?;
        let values = [name, kind.into(), origin.into(), account.into(), plan, now.into()];
        tx.exec(NEW_CONNECTION, &values).await?;
        tie(tx, &start.connection, start.keys, true).await?;
        return Ok(Session::new(1, 0));
    };
    let known = AccountKey::new(row.text()?, row.text()?, row.text()?);
    if known != start.account {
        return Err(other_account(&start.connection, &known, &start.account).into());
    }
    let same = Fingerprint::from_bytes(&row.bytes()?) == Some(start.plan);
    let (number, open, resumed) = (row.int()?, row.int()? != 0, count(&mut row)?);
    let mut session =
        if open && same { Session::new(number, resumed + 1) } else { Session::new(number + 1, 0) };
    let resumed = super::rows::number(session.resumed);
    tx.exec(OPEN, &[name, plan, session.number.into(), resumed]).await?;
    session.moved = tie(tx, &start.connection, start.keys, start.keys_hold).await?;
    Ok(session)
}

/// The name under which it stands by what the rows of a kind are tied.
pub(super) fn key_of(connection: &str, kind: EntityKind) -> String {
    format!("key {} of {connection}", kind.plural())
}

/// Remembers by what the rows of a connection are tied, and answers where that was another key.
async fn tie<T: Tx>(
    tx: &mut T,
    connection: &str,
    keys: BTreeMap<EntityKind, String>,
    hold: bool,
) -> Result<BTreeMap<EntityKind, String>> {
    let mut moved = BTreeMap::new();
    for (kind, key) in keys {
        let name = key_of(connection, kind);
        let known = seam::meta(tx, &name).await?;
        if known.as_ref() == Some(&key) {
            continue;
        }
        let stays = known.is_some() && !hold && has_rows(tx, connection, kind).await?;
        match known.filter(|_| stays) {
            Some(known) => drop(moved.insert(kind, known)),
            None => seam::set_meta(tx, &name, key).await?,
        }
    }
    Ok(moved)
}

async fn has_rows<T: Tx>(tx: &mut T, connection: &str, kind: EntityKind) -> Result<bool> {
    let Some(scope) = scope_id(tx, &KindScope::new(connection, kind)).await? else { return Ok(false) };
    Ok(!tx.rows(SOME_LINKED, &[scope.into()]).await?.is_empty())
}

async fn open_kind<T: Tx>(step: OpenKind, tx: &mut T) -> Result<KindRun> {
    let OpenKind { lease, session, scope } = step;
    held(tx, &lease).await?;
    let id = match scope_id(tx, &scope).await? {
        Some(id) => id,
        None => {
            tx.exec(NEW_SCOPE, &[scope.connection.as_str().into(), word(scope.kind)]).await?;
            scope_id(tx, &scope).await?.ok_or_else(|| damaged("a scope is not there"))?
        }
    };
    let this = [id.into(), session.number.into()];
    tx.exec(OLD_BITS, &this).await?;
    tx.exec(OLD_RUNS, &this).await?;
    let mut facts = tx.rows(FACTS, &[id.into(), number(COUNTED)]).await?.into_iter().next();
    let facts = facts.as_mut().ok_or_else(|| damaged("a scope is not there"))?;
    let listed_before = facts.int_or_none()?.and_then(|listed| u64::try_from(listed).ok());
    // Places are never given twice.
    let untouched = facts.int()? == 0;
    let live = count(facts)?;
    if let Some(mut row) = tx.rows(KIND_RUN, &this).await?.into_iter().next() {
        let (run, ended) = (row.int()?, row.int()? != 0);
        let checkpoint = row.text_or_none()?.map(|text| json(&text)).transpose()?;
        let mut report: KindReport = json(&row.text()?)?;
        if !ended {
            report.resumed += 1;
            tx.exec(RESUMED, &[run.into(), text(&report)]).await?;
        }
        return Ok(KindRun { id: RunId(run), ended, checkpoint, report, listed_before, live, untouched });
    }
    let (now, report) = (tx.now().await?, KindReport::new(scope.kind));
    let values: [Value; 4] = [id.into(), session.number.into(), now.into(), text(&report)];
    let mut made = tx.rows(NEW_RUN, &values).await?.into_iter().next();
    let run = made.as_mut().ok_or_else(|| damaged("a run is not there"))?.int()?;
    let id = RunId(run);
    Ok(KindRun { id, ended: false, checkpoint: None, report, listed_before, live, untouched })
}

async fn close_kind<T: Tx>(step: CloseKind, tx: &mut T) -> Result<()> {
    let CloseKind { lease, scope, run, report, whole } = step;
    held(tx, &lease).await?;
    let id = scope_of_run(tx, &scope, run).await?;
    let now = tx.now().await?;
    tx.exec(END_RUN, &[run.0.into(), now.into(), text(&report)]).await?;
    if whole {
        tx.exec(LISTED, &[id.into(), number(report.listed)]).await?;
    }
    let seconds = now.timestamp();
    let given_up = if whole { DECISION_WAITS - seconds } else { 0 };
    tx.exec(LET_GO, &[id.into(), run.0.into(), given_up.into()]).await?;
    if whole {
        tx.exec(MISSED, &[id.into(), run.0.into(), (-seconds).into()]).await?;
    }
    Ok(())
}

/// After a failure: what had ended is gone through anew by the next run, and what had not goes on there.
pub(super) async fn list_again<T: Tx>(tx: &mut T, connection: &str) -> Result<()> {
    let name = [Value::from(connection)];
    let mut ended = tx.rows(SOME_ENDED, &name).await?.into_iter().next();
    if ended.as_mut().map(count).transpose()?.unwrap_or(0) == 0 {
        return Ok(());
    }
    tx.exec(CARRY_OVER, &name).await?;
    tx.exec(NEXT_SESSION, &name).await.map(drop)
}
