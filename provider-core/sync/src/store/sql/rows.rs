//! Rows, read and written.

use chrono::{DateTime, Utc};
use provider_core::{EntityKind, Result};
use provider_store::seam::{Row, Tx, Value, damaged};

use crate::fingerprint::Fingerprint;
use crate::report::SyncOutcome;
use crate::store::error::StoreError;
use crate::store::types::{KindScope, RunId, RunLease, Shadow, ShadowState};
use crate::target::LocalKey;

const SCOPE: &str = "SELECT id FROM sync_scope WHERE connection = $1 AND kind = $2";
const HELD: &str =
    "UPDATE sync_lease SET ends_at = $5 WHERE kind = $1 AND origin = $2 AND account = $3 AND fence = $4";
const SCOPE_OF_RUN: &str = "SELECT s.id FROM sync_scope s JOIN sync_run r ON r.scope = s.id \
    WHERE s.connection = $1 AND s.kind = $2 AND r.id = $3";

pub(super) fn word(kind: EntityKind) -> Value {
    kind.plural().into()
}

pub(super) fn kind_of(word: &str) -> Result<EntityKind> {
    let found = EntityKind::ALL.into_iter().find(|kind| kind.plural() == word);
    found.ok_or_else(|| damaged(format_args!("the store names a kind `{word}`")))
}

/// The number of a scope, where anything is kept of it.
pub(super) async fn scope_id<T: Tx>(tx: &mut T, scope: &KindScope) -> Result<Option<i64>> {
    let rows = tx.rows(SCOPE, &[scope.connection.as_str().into(), word(scope.kind)]).await?;
    rows.into_iter().next().map(|mut row| row.int()).transpose()
}

/// The number of the scope of a run that is under way.
pub(super) async fn scope_of_run<T: Tx>(tx: &mut T, scope: &KindScope, run: RunId) -> Result<i64> {
    let values: [Value; 3] = [scope.connection.as_str().into(), word(scope.kind), run.0.into()];
    let rows = tx.rows(SCOPE_OF_RUN, &values).await?;
    rows.into_iter().next().ok_or_else(|| damaged("a run is not there"))?.int()
}

pub(super) fn until(now: DateTime<Utc>, ttl: std::time::Duration) -> DateTime<Utc> {
    let life = chrono::Duration::from_std(ttl).ok();
    life.and_then(|life| now.checked_add_signed(life)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Every write begins with it: the statement that renews the lease says whether it is still the last one.
pub(super) async fn held<T: Tx>(tx: &mut T, lease: &RunLease) -> Result<DateTime<Utc>> {
    let ends_at = until(tx.now().await?, lease.ttl);
    let [kind, origin, account] = place(lease);
    let changed = tx.exec(HELD, &[kind, origin, account, number(lease.fence), ends_at.into()]).await?;
    if changed == 1 { Ok(ends_at) } else { Err(StoreError::fenced().into()) }
}

pub(super) fn place(lease: &RunLease) -> [Value; 3] {
    let account = &lease.account;
    [account.kind.as_str().into(), account.origin.as_str().into(), account.account.as_str().into()]
}

pub(super) fn number(count: u64) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

pub(super) fn count(row: &mut Row) -> Result<u64> {
    u64::try_from(row.int()?).map_err(|_| damaged("a count of the store is negative"))
}

pub(super) fn time(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| damaged("a time of the store is none"))
}

pub(super) fn print(bytes: Option<Vec<u8>>) -> Result<Option<Fingerprint>> {
    let read =
        |bytes: Vec<u8>| Fingerprint::from_bytes(&bytes).ok_or_else(|| damaged("a fingerprint is none"));
    bytes.map(read).transpose()
}

pub(super) fn bytes(print: Option<Fingerprint>) -> Value {
    print.map(|print| *print.bytes()).into()
}

pub(super) fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| damaged(format_args!("a row of the store cannot be read ({error})")))
}

pub(super) fn text<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_string(value).unwrap_or_default().into()
}

pub(super) fn outcome(word: Option<&str>) -> Option<SyncOutcome> {
    word.and_then(SyncOutcome::parse)
}

const fn state_word(state: ShadowState) -> &'static str {
    match state {
        ShadowState::Linked => "linked",
        ShadowState::Held => "held",
        ShadowState::Ignored => "ignored",
        ShadowState::Skipped => "skipped",
        ShadowState::Ended => "ended",
    }
}

/// The columns of a record that is known, in the order of [`shadow`].
macro_rules! shadow_columns {
    () => {
        "remote, number, source, mapped, local, applied, base, state, grp, absent_runs, absent_since"
    };
}
pub(super) use shadow_columns;

pub(super) fn shadow(row: &mut Row) -> Result<Shadow> {
    let remote = row.text()?;
    let slot = slot(row.int()?);
    let (source, mapped) = (print(row.bytes_or_none()?)?, print(row.bytes_or_none()?)?);
    let local = row.text_or_none()?.map(LocalKey);
    let applied = print(row.bytes_or_none()?)?;
    let base = row.text_or_none()?.map(|text| json(&text)).transpose()?;
    let state = match row.text()?.as_str() {
        "linked" => ShadowState::Linked,
        "held" => ShadowState::Held,
        "ignored" => ShadowState::Ignored,
        "skipped" => ShadowState::Skipped,
        "ended" => ShadowState::Ended,
        other => return Err(damaged(format_args!("a record of the store is `{other}`"))),
    };
    let group = row.text_or_none()?;
    let absent_runs = u32::try_from(row.int()?).map_err(|_| damaged("a count of the store is none"))?;
    let absent_since = row.int_or_none()?.map(time).transpose()?;
    let slot = Some(slot);
    Ok(Shadow { remote, slot, source, mapped, local, applied, base, state, group, absent_runs, absent_since })
}

/// The number of the row of a record, by its place in the bitmap of its scope.
pub(super) fn numbered(scope: i64, slot: i64) -> i64 {
    scope.saturating_mul(1 << 32).saturating_add(slot)
}

/// The place in the bitmap of a row with this number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the lower half of it")]
pub(super) const fn slot(number: i64) -> u32 {
    number as u32
}

/// The values of a record, in the order of its columns behind the scope.
pub(super) fn shadow_values(scope: i64, slot: u32, shadow: Shadow) -> Vec<Value> {
    vec![
        scope.into(),
        shadow.remote.into(),
        numbered(scope, slot.into()).into(),
        bytes(shadow.source),
        bytes(shadow.mapped),
        shadow.local.map(|key| key.0).into(),
        bytes(shadow.applied),
        shadow.base.as_ref().map(std::string::ToString::to_string).into(),
        Value::Word(state_word(shadow.state)),
        shadow.group.into(),
        i64::from(shadow.absent_runs).into(),
        shadow.absent_since.into(),
    ]
}
