//! An entry as a row.

use provider_core::info::AccountKey;
use provider_core::journal::{JournalEntry, Stage};
use provider_core::{Attempt, Error, ErrorKind, Result};
use serde_json::{Value as Json, to_string};

use crate::error::damaged_by;
use crate::tx::{Row, Value};

/// What a row is found by: the key, and whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) key: String,
    pub(super) owner: String,
}

impl Place {
    pub(super) fn of(attempt: &Attempt) -> Self {
        let owner = match &attempt.account {
            Some(account) => owner(account),
            None => owner_of_before(&attempt.connection),
        };
        Self { key: attempt.key.as_str().to_owned(), owner }
    }
}

/// JSON keeps the parts apart, whatever characters they are made of.
pub(super) fn owner(account: &AccountKey) -> String {
    array(&[&account.kind, &account.origin, &account.account])
}

/// Entries of before belong to a connection's name.
pub(super) fn owner_of_before(connection: &str) -> String {
    array(&[connection])
}

fn array(parts: &[&str]) -> String {
    Json::from(parts.to_vec()).to_string()
}

/// The text that entries about the same record share.
///
/// It is stored: a release in which [`Command::scope`](provider_core::Command::scope) answers otherwise has to
/// bring a migration that rewrites it for what is open. A test pins the texts.
pub(crate) fn scope(attempt: &Attempt) -> Result<Option<String>> {
    attempt.command.scope().map(|scope| json(&scope)).transpose()
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    to_string(value).map_err(|e| {
        Error::new(ErrorKind::Internal, "an entry of the journal cannot be written as JSON").with_source(e)
    })
}

/// Every query of entries answers their JSON alone.
pub(super) fn entry(mut row: Row) -> Result<JournalEntry> {
    serde_json::from_str(&row.text()?)
        .map_err(|e| damaged_by("an entry of the journal cannot be read", Some(e.into())))
}

fn stage(entry: &JournalEntry) -> &'static str {
    match entry.stage {
        Stage::Reserved => "reserved",
        Stage::Armed => "armed",
        Stage::Done(_) => "done",
        Stage::NotApplied => "not_applied",
        _ => "other",
    }
}

pub(super) const STORE: &str = "INSERT INTO provider_journal (owner, key, connection, kind, origin, account, \
    scope, stage, open, fence, lease_ends, ended_at, entry) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
    ON CONFLICT (key, owner) DO UPDATE SET connection = excluded.connection, scope = excluded.scope, \
    stage = excluded.stage, open = excluded.open, fence = excluded.fence, lease_ends = excluded.lease_ends, \
    ended_at = excluded.ended_at, entry = excluded.entry";

/// The values of [`STORE`].
pub(super) fn values(entry: &JournalEntry, json: String) -> Result<[Value; 13]> {
    let attempt = &entry.attempt;
    let place = Place::of(attempt);
    let account = attempt.account.as_ref();
    let ended_at = entry.has_ended().then(|| entry.ended_at.unwrap_or(entry.lease_ends));
    Ok([
        place.owner.into(),
        place.key.into(),
        attempt.connection.as_str().into(),
        account.map(|account| account.kind.as_str()).into(),
        account.map(|account| account.origin.as_str()).into(),
        account.map(|account| account.account.as_str()).into(),
        scope(attempt)?.into(),
        stage(entry).into(),
        entry.is_open().into(),
        i64::try_from(entry.fence).unwrap_or(i64::MAX).into(),
        entry.lease_ends.into(),
        ended_at.into(),
        json.into(),
    ])
}
