//! What is asked of every [`Target`]: the five rules, each tried for itself.
//!
//! ```
//! use provider_sync::conformance::{Fixture, Side};
//! # use provider_sync::{MemoryTarget, LocalType, TargetField, EntityKind};
//!
//! async fn fixture() -> Fixture {
//!     # let mine = MemoryTarget::new([(EntityKind::Customer, vec![TargetField::new("name", LocalType::Text)])]);
//!     // Your application with nothing in it, the field that the cases write, and how it is changed without the target.
//!     let direct = mine.clone();
//!     Fixture::new(mine, "name", Side::new(move |key, change| direct.change_directly(EntityKind::Customer, key, change)))
//! }
//!
//! provider_sync::target_conformance!(mine, fixture);
//! # fn main() {}
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use provider_core::EntityKind;
use serde_json::{Value, json};

use super::{Applied, ApplyBatch, ApplyChange, LocalKey, LocalRecord, RemoteRef, Target, TargetErrorKind};
use crate::plan::Update;

/// A change of a record that the application makes by itself.
#[derive(Debug, Clone)]
pub enum SideChange {
    /// Puts this text into the field.
    Edit(String),
    /// Removes the record.
    Remove,
    /// Makes a record that no distributor knows, with this text in the field; its key is the one given.
    Make(String),
}

type Hand = dyn Fn(&LocalKey, SideChange) + Send + Sync;

/// Changes records in the application directly, not through the target, as its own users do.
#[derive(Clone)]
pub struct Side(Arc<Hand>);

impl Side {
    /// Changes the record with this key by this function.
    pub fn new(hand: impl Fn(&LocalKey, SideChange) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hand))
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Side")
    }
}

/// A target with nothing in it.
#[derive(Debug, Clone)]
pub struct Fixture {
    target: Arc<dyn Target>,
    kind: EntityKind,
    field: String,
    side: Side,
    refused: Option<Value>,
}

impl Fixture {
    /// A target whose customers have this field for text.
    pub fn new(target: impl Target, field: impl Into<String>, side: Side) -> Self {
        Self {
            target: Arc::new(target),
            kind: EntityKind::Customer,
            field: field.into(),
            side,
            refused: None,
        }
    }

    /// A value that the application does not take in this field: without one, that a rejected change fails no other cannot be
    /// tried with a value.
    #[must_use]
    pub fn refusing(mut self, value: Value) -> Self {
        self.refused = Some(value);
        self
    }

    fn values(&self, text: &str) -> BTreeMap<String, Value> {
        [(self.field.clone(), json!(text))].into()
    }

    fn create(&self, id: &str, text: &str) -> ApplyChange {
        let remote = RemoteRef::new(self.kind, id);
        ApplyChange { remote, local: None, op: Update::Create, values: self.values(text), expected: None }
    }

    fn batch(&self, fence: u64, changes: Vec<ApplyChange>) -> ApplyBatch {
        ApplyBatch { connection: "conformance".into(), fence, deadline: DateTime::<Utc>::MAX_UTC, changes }
    }

    async fn apply(&self, changes: Vec<ApplyChange>) -> Result<Vec<Applied>, Broken> {
        let wanted = changes.len();
        let batch = self.batch(1, changes);
        let applied =
            self.target.apply(&batch).await.map_err(|error| broken("T1", format!("apply: {error}")))?;
        ensure("T5", applied.len() == wanted, "every change has one answer, in its place")?;
        Ok(applied)
    }

    async fn one(&self, change: ApplyChange) -> Result<Applied, Broken> {
        self.apply(vec![change]).await?.pop().ok_or_else(|| broken("T5", "a change has no answer"))
    }

    async fn made(&self, id: &str, text: &str) -> Result<(LocalKey, LocalRecord), Broken> {
        match self.one(self.create(id, text)).await? {
            Applied::Done { local, fingerprint } => {
                let record =
                    self.get(&local).await?.ok_or_else(|| broken("T2", "what was made is not there"))?;
                ensure(
                    "T4",
                    record.fingerprint == fingerprint,
                    "the answer has the fingerprint that a look has",
                )?;
                Ok((local, record))
            }
            other => Err(broken("T2", format!("a record could not be made: {other:?}"))),
        }
    }

    async fn get(&self, key: &LocalKey) -> Result<Option<LocalRecord>, Broken> {
        let found = self.target.get(self.kind, std::slice::from_ref(key)).await;
        Ok(found.map_err(|error| broken("T4", format!("get: {error}")))?.pop())
    }

    async fn count(&self) -> Result<usize, Broken> {
        let (mut count, mut after) = (0, None);
        loop {
            let page = self.target.read(self.kind, after.as_ref(), 2).await;
            let page = page.map_err(|error| broken("T2", format!("read: {error}")))?;
            count += page.records.iter().filter(|record| record.remote.is_some()).count();
            match page.next {
                Some(next) if after.as_ref() != Some(&next) => after = Some(next),
                Some(_) => return Err(broken("T2", "reading all records never ends")),
                None => return Ok(count),
            }
        }
    }

    /// The keys of the records that are tied to nothing.
    async fn untied(&self) -> Result<Vec<LocalKey>, Broken> {
        let (mut keys, mut after) = (Vec::new(), None);
        loop {
            let page = self.target.read_untied(self.kind, after.as_ref(), 1).await;
            let page = page.map_err(|error| broken("T2", format!("read_untied: {error}")))?;
            keys.extend(page.records.into_iter().map(|record| record.key));
            match page.next {
                Some(next) if after.as_ref() != Some(&next) => after = Some(next),
                Some(_) => {
                    return Err(broken("T2", "reading all records that are tied to nothing never ends"));
                }
                None => return Ok(keys),
            }
        }
    }

    fn update(&self, id: &str, local: &LocalKey, text: &str, record: &LocalRecord) -> ApplyChange {
        ApplyChange {
            local: Some(local.clone()),
            op: Update::Update,
            expected: Some(record.fingerprint),
            ..self.create(id, text)
        }
    }

    fn holds(&self, record: &LocalRecord, text: &str) -> bool {
        record.values.get(&self.field) == Some(&json!(text))
    }
}

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Broken {
    /// Which one.
    pub rule: &'static str,
    /// What was seen.
    pub seen: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not hold: {}", self.rule, self.seen)
    }
}

impl std::error::Error for Broken {}

fn broken(rule: &'static str, seen: impl Into<String>) -> Broken {
    Broken { rule, seen: seen.into() }
}

fn ensure(rule: &'static str, holds: bool, promise: &str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(broken(rule, format!("not so: {promise}"))) }
}

fn done(rule: &'static str, applied: &Applied) -> Result<LocalKey, Broken> {
    match applied {
        Applied::Done { local, .. } => Ok(local.clone()),
        other => Err(broken(rule, format!("it was to be done, and was {other:?}"))),
    }
}

/// T1: a batch that is carried out again changes nothing.
///
/// # Errors
/// What was seen instead.
pub async fn twice_is_once(fixture: Fixture) -> Result<(), Broken> {
    let batch = vec![fixture.create("r1", "one"), fixture.create("r2", "two")];
    let first = fixture.apply(batch.clone()).await?;
    let second = fixture.apply(batch).await?;
    for (first, second) in first.iter().zip(&second) {
        ensure("T1", done("T1", first)? == done("T1", second)?, "the same change answers the same key")?;
    }
    ensure("T1", fixture.count().await? == 2, "two records were made by two creates that came twice")?;
    let (local, record) = fixture.made("r3", "three").await?;
    let update = fixture.update("r3", &local, "drei", &record);
    done("T1", &fixture.one(update.clone()).await?)?;
    done("T1", &fixture.one(update).await?)?;
    let found = fixture.get(&local).await?;
    ensure("T1", found.is_some_and(|found| fixture.holds(&found, "drei")), "an update that comes twice holds")
}

/// T2: a record that is made is known by the distributor's id.
///
/// # Errors
/// What was seen instead.
pub async fn a_record_is_known_by_its_reference(fixture: Fixture) -> Result<(), Broken> {
    let (local, record) = fixture.made("r1", "one").await?;
    ensure("T2", record.remote.as_deref() == Some("r1"), "a record says what it is tied to")?;
    match fixture.one(fixture.create("r1", "another")).await? {
        Applied::Stale(Some(found)) => ensure("T2", found.key == local, "it is found by its reference")?,
        Applied::Done { local: again, .. } => ensure("T2", again == local, "it is found by its reference")?,
        other => return Err(broken("T2", format!("a record that is there was made again: {other:?}"))),
    }
    ensure("T2", fixture.count().await? == 1, "there is one record")
}

/// T2: a record that the application has is tied to one of the distributor, and keeps its key.
///
/// # Errors
/// What was seen instead.
pub async fn a_record_is_tied(fixture: Fixture) -> Result<(), Broken> {
    let keys = [LocalKey::new("41"), LocalKey::new("42")];
    let [key, stays] = &keys;
    keys.iter().for_each(|key| (fixture.side.0)(key, SideChange::Make("mine".into())));
    fixture.made("r0", "another").await?;
    ensure("T2", fixture.untied().await? == keys, "those that are tied to nothing are read by themselves")?;
    let record =
        fixture.get(key).await?.ok_or_else(|| broken("T2", "a record of the application is not seen"))?;
    ensure("T2", record.remote.is_none(), "a record of the application is tied to nothing")?;
    let tied = fixture.one(fixture.update("r1", key, "theirs", &record)).await?;
    ensure("T2", done("T2", &tied)? == *key, "it keeps its key")?;
    let untied = fixture.untied().await?;
    ensure("T2", untied == std::slice::from_ref(stays), "what is tied is none of those any more")?;
    let record = fixture.get(key).await?.ok_or_else(|| broken("T2", "a record that was tied is gone"))?;
    ensure("T2", record.remote.as_deref() == Some("r1"), "it says what it is tied to")?;
    let other = fixture.one(fixture.update("r2", key, "x", &record)).await?;
    let stays = matches!(other, Applied::Stale(Some(_)) | Applied::Rejected(_));
    ensure("T2", stays, "a record that is tied is not tied to another one")
}

/// T3: a worker of before is refused, whole.
///
/// # Errors
/// What was seen instead.
pub async fn a_fence_of_before_is_refused(fixture: Fixture) -> Result<(), Broken> {
    let target = &fixture.target;
    let late = fixture.batch(7, vec![fixture.create("r1", "new")]);
    target.apply(&late).await.map_err(|error| broken("T3", format!("apply: {error}")))?;
    let early = fixture.batch(6, vec![fixture.create("r2", "old")]);
    match target.apply(&early).await {
        Err(error) => match error.kind {
            TargetErrorKind::Fenced { latest } => {
                ensure("T3", latest == 7, "the refusal names the last fence")?;
            }
            other => return Err(broken("T3", format!("it was refused as {other:?}"))),
        },
        Ok(applied) => return Err(broken("T3", format!("an older fence wrote: {applied:?}"))),
    }
    ensure("T3", fixture.count().await? == 1, "nothing of it was done")?;
    let other =
        ApplyBatch { connection: "another".into(), ..fixture.batch(1, vec![fixture.create("r3", "x")]) };
    let other = target.apply(&other).await;
    ensure("T3", other.is_ok(), "each connection has fences of its own")
}

/// T4: what somebody else changed is not written over.
///
/// # Errors
/// What was seen instead.
pub async fn what_was_changed_is_stale(fixture: Fixture) -> Result<(), Broken> {
    let (local, record) = fixture.made("r1", "one").await?;
    (fixture.side.0)(&local, SideChange::Edit("mine".into()));
    let stale = fixture.one(fixture.update("r1", &local, "theirs", &record)).await?;
    match &stale {
        Applied::Stale(Some(found)) => ensure("T4", fixture.holds(found, "mine"), "it is answered as it is")?,
        other => return Err(broken("T4", format!("it was written over: {other:?}"))),
    }
    let found = fixture.get(&local).await?.ok_or_else(|| broken("T4", "it is gone"))?;
    ensure("T4", fixture.holds(&found, "mine"), "it was left as it is")?;
    // Who has seen it as it is may write it.
    done("T4", &fixture.one(fixture.update("r1", &local, "theirs", &found)).await?)?;
    // And who wants what is there already has it, whatever was expected.
    done("T4", &fixture.one(fixture.update("r1", &local, "theirs", &record)).await?).map(drop)
}

/// T4: what somebody else removed is not made again by an update, and is removed already for a removal.
///
/// # Errors
/// What was seen instead.
pub async fn what_was_removed_stays_removed(fixture: Fixture) -> Result<(), Broken> {
    let (local, record) = fixture.made("r1", "one").await?;
    (fixture.side.0)(&local, SideChange::Remove);
    let update = fixture.one(fixture.update("r1", &local, "theirs", &record)).await?;
    ensure(
        "T4",
        update == Applied::Stale(None),
        "an update of a record that is gone is stale, and finds nothing",
    )?;
    ensure("T4", fixture.count().await? == 0, "it was not made again")?;
    let remove = ApplyChange { op: Update::Remove, ..fixture.update("r1", &local, "one", &record) };
    done("T4", &fixture.one(remove).await?).map(drop)
}

/// T4: a removal compares as an update does, and happens once.
///
/// # Errors
/// What was seen instead.
pub async fn a_removal_compares_too(fixture: Fixture) -> Result<(), Broken> {
    let (local, record) = fixture.made("r1", "one").await?;
    let (kept, kept_record) = fixture.made("r2", "two").await?;
    (fixture.side.0)(&kept, SideChange::Edit("mine".into()));
    let remove = |id: &str, local: &LocalKey, record: &LocalRecord| ApplyChange {
        op: Update::Remove,
        values: BTreeMap::new(),
        ..fixture.update(id, local, "", record)
    };
    let stale = fixture.one(remove("r2", &kept, &kept_record)).await?;
    ensure(
        "T4",
        matches!(stale, Applied::Stale(Some(_))),
        "a record that was changed is not removed unseen",
    )?;
    for _ in 0..2 {
        done("T1", &fixture.one(remove("r1", &local, &record)).await?)?;
    }
    Ok(())
}

/// T5: one change that is rejected, or stale, does not fail the others.
///
/// # Errors
/// What was seen instead.
pub async fn a_rejected_change_fails_no_other(fixture: Fixture) -> Result<(), Broken> {
    let gone = LocalKey::new("999999");
    let mut bad = fixture.create("r2", "bad");
    (bad.op, bad.local) = (Update::Update, Some(gone));
    if let Some(value) = &fixture.refused {
        (bad.op, bad.local) = (Update::Create, None);
        bad.values.insert(fixture.field.clone(), value.clone());
    }
    let applied =
        fixture.apply(vec![fixture.create("r1", "one"), bad, fixture.create("r3", "three")]).await?;
    match applied.as_slice() {
        [first, bad, third] => {
            for (answer, id) in [(first, "r1"), (third, "r3")] {
                let record = fixture.get(&done("T5", answer)?).await?;
                let own = record.is_some_and(|record| record.remote.as_deref() == Some(id));
                ensure("T5", own, "every answer stands in the place of its change")?;
            }
            let refused = match (bad, fixture.refused.is_some()) {
                (Applied::Rejected(violations), true) => !violations.is_empty(),
                (Applied::Stale(None), false) => true,
                _ => false,
            };
            ensure("T5", refused, "a bad change is answered as such, in its place")?;
        }
        _ => return Err(broken("T5", "three changes have three answers")),
    }
    ensure("T5", fixture.count().await? == 2, "the others were written")
}

/// Every case by its name.
#[macro_export]
macro_rules! target_conformance {
    ($name:ident, $fixture:path) => {
        $crate::target_conformance! { @cases $name, $fixture,
            twice_is_once
            a_record_is_known_by_its_reference
            a_record_is_tied
            a_fence_of_before_is_refused
            what_was_changed_is_stale
            what_was_removed_stays_removed
            a_removal_compares_too
            a_rejected_change_fails_no_other
        }
    };
    (@cases $name:ident, $fixture:path, $($case:ident)*) => {
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(
                #[tokio::test]
                async fn $case() {
                    let fixture = $fixture().await;
                    if let Err(broken) = $crate::conformance::$case(fixture).await {
                        panic!("{broken}");
                    }
                }
            )*
        }
    };
}

/// Runs every case, each on a fixture of its own, and answers the rules that do not hold.
#[allow(clippy::future_not_send, reason = "cases are run where they are written")]
pub async fn broken_rules(fixture: impl AsyncFn() -> Fixture) -> Vec<Broken> {
    let mut broken = Vec::new();
    broken.extend(twice_is_once(fixture().await).await.err());
    broken.extend(a_record_is_known_by_its_reference(fixture().await).await.err());
    broken.extend(a_record_is_tied(fixture().await).await.err());
    broken.extend(a_fence_of_before_is_refused(fixture().await).await.err());
    broken.extend(what_was_changed_is_stale(fixture().await).await.err());
    broken.extend(what_was_removed_stays_removed(fixture().await).await.err());
    broken.extend(a_removal_compares_too(fixture().await).await.err());
    broken.extend(a_rejected_change_fails_no_other(fixture().await).await.err());
    broken
}
