//! What a person says about what waits, checked before it is stored.

use std::collections::{BTreeMap, BTreeSet};

use provider_core::EntityKind;

use super::{Result, SyncEngine};
use crate::store::rules::{check_decision, unknown};
use crate::store::{
    Decision, Pending, PendingId, PendingType, QueueQuery, StoreError, StoreErrorKind, SyncStore,
};
use crate::target::{LocalKey, LocalRecord, Target};

impl SyncEngine {
    /// Stores a person's word, which the next run carries out.
    ///
    /// # Errors
    /// `Unknown` for what does not wait, `Stale` where it has changed since it was looked at, `Refused` for a word that
    /// does not decide it or names a record that is not there or belongs to another one.
    pub async fn resolve(&self, id: PendingId, decision: Decision, who: &str) -> Result<()> {
        let refused = self.resolve_all(&[(id, decision)], who).await?;
        refused.into_iter().next().map_or(Ok(()), |(_, error)| Err(error.into()))
    }

    /// Stores a person's words about many things: all of them, or none where one is refused. Answers the refusals, by
    /// their places among the words, for the reasons of [`resolve`](Self::resolve); a word about what another one is
    /// about is refused too.
    ///
    /// # Errors
    /// An application or a store that cannot be used, and `Stale` where something changed at that very moment.
    pub async fn resolve_all(
        &self,
        words: &[(PendingId, Decision)],
        who: &str,
    ) -> Result<Vec<(usize, StoreError)>> {
        let own = Some(self.plan.connection.as_str());
        decide(&*self.store, Some(&*self.timely().target), own, words, who).await
    }
}

/// What [`SyncEngine::resolve_all`] does, for a program that has no connection to the distributor. Without the
/// application, whether the records that are linked to are there is left for the next run to find out; so it is of what is
/// about another connection than that application's.
///
/// # Errors
/// An application or a store that cannot be used, and `Stale` where something changed at that very moment.
pub async fn resolve_all(
    store: &dyn SyncStore,
    target: Option<&dyn Target>,
    words: &[(PendingId, Decision)],
    who: &str,
) -> Result<Vec<(usize, StoreError)>> {
    let connection = target.and_then(Target::connection);
    decide(store, target, connection, words, who).await
}

/// `connection`: whose records the application's are, where that is known.
async fn decide(
    store: &dyn SyncStore,
    target: Option<&dyn Target>,
    connection: Option<&str>,
    words: &[(PendingId, Decision)],
    who: &str,
) -> Result<Vec<(usize, StoreError)>> {
    let waiting = waiting(store, words).await?;
    let mut refused = repeated(words);
    for (at, (id, decision)) in words.iter().enumerate() {
        let known = waiting.get(&id.number).ok_or_else(|| unknown(id));
        refused
            .extend(known.and_then(|known| check_decision(known, id, decision)).err().map(|why| (at, why)));
    }
    if let Some(target) = target {
        refused.extend(links(target, connection, &waiting, words).await?);
    }
    if refused.is_empty() {
        return Ok(store.decide_all(words, who).await?);
    }
    refused.sort_by_key(|(at, _)| *at);
    refused.dedup_by_key(|(at, _)| *at);
    Ok(refused)
}

fn refusal(message: String) -> StoreError {
    StoreError::new(StoreErrorKind::Refused, message)
}

/// Words about what an earlier one is about.
fn repeated(words: &[(PendingId, Decision)]) -> Vec<(usize, StoreError)> {
    let mut met = BTreeSet::new();
    let again = words.iter().enumerate().filter(|(_, (id, _))| !met.insert(id.number));
    again.map(|(at, (id, _))| (at, refusal(format!("`{id}` is decided more than once")))).collect()
}

/// Links to records that are not there or somebody else's.
async fn links(
    target: &dyn Target,
    connection: Option<&str>,
    waiting: &BTreeMap<i64, Pending>,
    words: &[(PendingId, Decision)],
) -> Result<Vec<(usize, StoreError)>> {
    let mut links: BTreeMap<EntityKind, Vec<(usize, &Pending, &LocalKey)>> = BTreeMap::new();
    for (at, (id, decision)) in words.iter().enumerate() {
        let own = |pending: &&Pending| connection.is_none_or(|own| own == pending.connection);
        if let (Decision::Link(key), Some(pending)) = (decision, waiting.get(&id.number).filter(own)) {
            links.entry(pending.kind).or_default().push((at, pending, key));
        }
    }
    let mut refused = Vec::new();
    for (kind, links) in links {
        let keys: Vec<_> = links.iter().map(|(_, _, key)| (*key).clone()).collect();
        let found = target.get(kind, &keys).await?;
        let found: BTreeMap<_, _> = found.iter().map(|record| (record.key.as_str(), record)).collect();
        let mut given = BTreeSet::new();
        for (at, pending, key) in links {
            let wrong = unfit(pending, key, found.get(key.as_str()).copied()).or_else(|| {
                (!given.insert(key)).then(|| format!("record `{key}` is given to more than one"))
            });
            refused.extend(wrong.map(|message| (at, refusal(message))));
        }
    }
    Ok(refused)
}

/// What waits of what the words are about, by its number.
async fn waiting(store: &dyn SyncStore, words: &[(PendingId, Decision)]) -> Result<BTreeMap<i64, Pending>> {
    let numbers = || words.iter().map(|(id, _)| id.number);
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return Ok(BTreeMap::new()) };
    // Numbers are given once.
    let limit = usize::try_from(last.saturating_sub(first).saturating_add(1)).ok();
    let query = QueueQuery { after: first.checked_sub(1), limit, ..QueueQuery::default() };
    let waiting = store.queue(&query).await?;
    Ok(waiting.into_iter().map(|pending| (pending.id.number, pending)).collect())
}

fn unfit(pending: &Pending, key: &LocalKey, found: Option<&LocalRecord>) -> Option<String> {
    let Some(record) = found else { return Some(format!("the application has no record `{key}`")) };
    let other = record.remote.as_ref().filter(|other| **other != pending.subject)?;
    (pending.why == PendingType::Match).then(|| format!("record `{key}` belongs to `{other}` already"))
}
