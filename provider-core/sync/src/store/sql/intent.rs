//! Intents.

use provider_core::{IdempotencyKey, Result};
use provider_store::seam::{self, Row, Tx, Value, damaged};

use super::rows::{bytes, json, kind_of, number, print, scope_id, shadow, shadow_columns, text, time, word};
use super::{pending, steps};
use crate::store::intent::{self, Intent, IntentCommit, IntentEnd, IntentState, NewIntent};
use crate::store::types::{KindScope, RunId, Shadow};
use crate::target::LocalKey;

/// The columns of an intent, in the order of [`read`].
macro_rules! intent_columns {
    () => {
        "SELECT i.id, s.connection, s.kind, i.local, i.generation, i.key, i.command, i.state, i.remote, i.reason, \
         i.receipt, i.not_before, i.opened, i.said, i.print FROM sync_intent i JOIN sync_scope s ON s.id = i.scope WHERE "
    };
}

/// The name of the store, which is part of its keys.
pub(super) const STORE: &str = "store";
const OPEN: &str = concat!(intent_columns!(), "i.scope = $1 AND i.is_open = 1 ORDER BY i.id");
const LAST: &str =
    concat!(intent_columns!(), "i.scope = $1 AND i.local = $2 ORDER BY i.generation DESC LIMIT 1");
pub(super) const ALL: &str = concat!(intent_columns!(), "i.scope = $1 ORDER BY i.id");
const GENERATION: &str = "SELECT COALESCE(MAX(generation), 0), COALESCE(MAX(is_open), 0) FROM sync_intent \
    WHERE scope = $1 AND local = $2";
const FORGET: &str = "DELETE FROM sync_intent WHERE scope = $1 AND local = $2";
const PUT: &str = "INSERT INTO sync_intent (scope, local, generation, key, command, state, is_open, remote, reason, \
    not_before, opened, said, print) VALUES ($1, $2, $3, $4, $5, 'pending', 1, $6, $7, $8, $9, $10, $11)";
/// What was closed stays as it was closed: another process may have come first.
const END: &str = "UPDATE sync_intent SET state = $2, is_open = $3, remote = COALESCE($4, remote), \
    receipt = COALESCE($5, receipt), reason = $6 WHERE id = $1 AND is_open = 1";
const TIED: &str = concat!(
    "SELECT ",
    shadow_columns!(),
    " FROM sync_shadow WHERE scope = $1 AND local = $2 AND base IS NOT NULL"
);
const NEW_SCOPE: &str =
    "INSERT INTO sync_scope (connection, kind, next_slot) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING";

steps! {
    Read OpenIntents { scope: KindScope } -> Vec<Intent>, open_intents;
    Read LastIntent { scope: KindScope, local: LocalKey } -> Option<Intent>, last_intent;
    Read Tied { scope: KindScope, keys: Vec<LocalKey> } -> Vec<Shadow>, tied;
    Write CommitIntents { scope: KindScope, commit: IntentCommit } -> (), commit_intents;
}

pub(super) fn read(mut row: Row) -> Result<Intent> {
    let (id, connection, kind) = (row.int()?, row.text()?, kind_of(&row.text()?)?);
    let (local, generation) = (LocalKey(row.text()?), super::rows::count(&mut row)?);
    let (key, command) = (IdempotencyKey::new(row.text()?)?, json(&row.text()?)?);
    let state = row.text()?;
    let state = IntentState::parse(&state);
    let state = state.ok_or_else(|| damaged("an intent of the store has no state"))?;
    let (remote, reason) = (row.text_or_none()?, row.text_or_none()?);
    let receipt = row.text_or_none()?.map(|text| json(&text)).transpose()?;
    let not_before = row.int_or_none()?.map(time).transpose()?;
    let (opened, said) = (time(row.int()?)?, json(&row.text()?)?);
    let print = print(row.bytes_or_none()?)?;
    Ok(Intent {
        id,
        connection,
        kind,
        local,
        generation,
        key,
        command,
        state,
        remote,
        reason,
        receipt,
        not_before,
        opened,
        said,
        print,
    })
}

async fn open_intents<T: Tx>(step: OpenIntents, tx: &mut T) -> Result<Vec<Intent>> {
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(Vec::new()) };
    tx.rows(OPEN, &[scope.into()]).await?.into_iter().map(read).collect()
}

async fn last_intent<T: Tx>(step: LastIntent, tx: &mut T) -> Result<Option<Intent>> {
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(None) };
    let rows = tx.rows(LAST, &[scope.into(), step.local.0.into()]).await?;
    rows.into_iter().next().map(read).transpose()
}

async fn tied<T: Tx>(step: Tied, tx: &mut T) -> Result<Vec<Shadow>> {
    let Some(scope) = scope_id(tx, &step.scope).await? else { return Ok(Vec::new()) };
    let sets: Vec<_> = step.keys.into_iter().map(|key| vec![scope.into(), key.0.into()]).collect();
    let rows = tx.find(TIED, &sets).await?;
    rows.into_iter().map(|mut row| shadow(&mut row)).collect()
}

async fn commit_intents<T: Tx>(step: CommitIntents, tx: &mut T) -> Result<()> {
    let CommitIntents { scope, commit } = step;
    tx.exclusive("sync intent").await?;
    tx.exec(NEW_SCOPE, &[scope.connection.as_str().into(), word(scope.kind)]).await?;
    let kept = scope_id(tx, &scope).await?.ok_or_else(|| damaged("a scope is not there"))?;
    put(tx, &scope, kept, &commit.opened, &commit.ended).await?;
    // No run has touched what waits, and none lets it go.
    pending::put(tx, kept, RunId(0), &commit.pending).await?;
    pending::settle(tx, kept, &commit.settled).await
}

pub(super) async fn put<T: Tx>(
    tx: &mut T,
    scope: &KindScope,
    kept: i64,
    opened: &[NewIntent],
    ended: &[IntentEnd],
) -> Result<()> {
    for end in ended {
        let receipt = end.receipt.as_ref().map(|receipt| serde_json::to_string(receipt).unwrap_or_default());
        let open = i64::from(end.state.is_open());
        let (remote, reason) = (end.remote.clone(), end.reason.clone());
        let values = [
            end.id.into(),
            end.state.as_str().into(),
            open.into(),
            remote.into(),
            receipt.into(),
            reason.into(),
        ];
        tx.exec(END, &values).await?;
    }
    for new in opened {
        open(tx, scope, kept, new).await?;
    }
    Ok(())
}

async fn open<T: Tx>(tx: &mut T, scope: &KindScope, kept: i64, new: &NewIntent) -> Result<()> {
    let this = [kept.into(), Value::from(new.local.as_str())];
    let mut known = tx.rows(GENERATION, &this).await?.into_iter().next();
    let known = known.as_mut().ok_or_else(|| damaged("a count is not there"))?;
    let last = super::rows::count(known)?;
    if known.int()? > 0 {
        return Ok(());
    }
    let now = tx.now().await?;
    let generation = intent::next_generation(last, &new.command, now);
    let key = match &new.key {
        Some(key) => key.clone(),
        None => intent::key(&name(tx).await?, scope, &new.local, generation),
    };
    tx.exec(FORGET, &this).await?;
    let [kept, local] = this;
    let values = [
        kept,
        local,
        number(generation),
        key.as_str().into(),
        text(&new.command),
        new.remote.clone().into(),
        new.reason.clone().into(),
        new.not_before.into(),
        now.into(),
        text(&new.said),
        bytes(new.print),
    ];
    tx.exec(PUT, &values).await.map(drop)
}

async fn name<T: Tx>(tx: &mut T) -> Result<String> {
    if let Some(name) = seam::meta(tx, STORE).await? {
        return Ok(name);
    }
    let name = IdempotencyKey::random()?.to_string();
    seam::set_meta(tx, STORE, name.clone()).await?;
    Ok(name)
}
