//! An application of one's own: rows in a map behind a lock, written from the words of `Target` alone.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use provider_core::async_trait;
use provider_sync::conformance::SideChange;
use provider_sync::{
    Applied, ApplyBatch, ApplyChange, Criterion, EntityKind, Fingerprint, LocalCursor, LocalKey, LocalPage,
    LocalRecord, LocalType, RemoteRef, Target, TargetError, TargetErrorKind, TargetField, Update, Value,
    Violation,
};
use serde_json::json;

/// The field that holds the distributor's id.
pub(crate) const KEY: &str = "distributor_id";
/// How many characters a name has at most, unless a test says otherwise.
pub(crate) const LONGEST: usize = 40;

type Place = (EntityKind, LocalKey);

#[derive(Debug, Clone, Default)]
struct Row {
    remote: Option<String>,
    values: BTreeMap<String, Value>,
}

impl Row {
    fn seen(&self, key: &LocalKey) -> LocalRecord {
        LocalRecord {
            key: key.clone(),
            remote: self.remote.clone(),
            values: self.values.clone(),
            fingerprint: Fingerprint::of_text(&json!([self.remote, self.values]).to_string()),
        }
    }

    /// Whether it says already what a change wants.
    fn says(&self, change: &ApplyChange) -> bool {
        let held = |(name, value): (&String, &Value)| self.values.get(name).unwrap_or(&Value::Null) == value;
        self.remote.as_ref() == Some(&change.remote.id) && change.values.iter().all(held)
    }

    fn field(&self, name: &str) -> Value {
        match name {
            KEY => json!(self.remote),
            other => self.values.get(other).cloned().unwrap_or_default(),
        }
    }
}

#[derive(Debug)]
struct Books {
    rows: HashMap<Place, Row>,
    fences: HashMap<String, u64>,
    made: u64,
    batches: u64,
    longest: usize,
    unwritable: Option<TargetErrorKind>,
    unreadable: Option<TargetErrorKind>,
}

fn shut(why: Option<TargetErrorKind>) -> Result<(), TargetError> {
    why.map_or(Ok(()), |kind| Err(TargetError::new(kind, "the books are shut")))
}

impl Books {
    fn records(&self, kind: EntityKind) -> Vec<LocalRecord> {
        let own = self.rows.iter().filter(|((of, _), _)| *of == kind);
        let mut records: Vec<_> = own.map(|((_, key), row)| row.seen(key)).collect();
        records.sort_by(|one, other| one.key.cmp(&other.key));
        records
    }

    fn tied(&self, remote: &RemoteRef) -> Option<LocalKey> {
        let own = |((kind, _), row): &(&Place, &Row)| {
            *kind == remote.kind && row.remote.as_ref() == Some(&remote.id)
        };
        self.rows.iter().find(own).map(|((_, key), _)| key.clone())
    }

    fn too_long(&self, change: &ApplyChange) -> Option<Violation> {
        let name = change.values.get("name")?.as_str()?;
        let message = format!("holds {} characters at most", self.longest);
        (name.chars().count() > self.longest).then(|| Violation::new("name", message))
    }

    fn carry_out(&mut self, change: &ApplyChange) -> Applied {
        let remote = &change.remote;
        let key = change.local.clone().or_else(|| self.tied(remote));
        let place = key.clone().map(|key| (remote.kind, key));
        let known = place.as_ref().and_then(|place| self.rows.get(place)).cloned();
        let done = |record: LocalRecord| Applied::Done { local: record.key, fingerprint: record.fingerprint };
        let (Some(place), Some(mut row)) = (place, known) else {
            return match change.op {
                Update::Create => self.make(change),
                Update::Remove => Applied::Done {
                    local: key.unwrap_or_else(|| LocalKey::new("")),
                    fingerprint: Fingerprint::of_text("gone"),
                },
                _ => Applied::Stale(None),
            };
        };
        let seen = row.seen(&place.1);
        if change.op != Update::Remove && row.says(change) {
            return done(seen);
        }
        let strange = row.remote.as_ref().is_some_and(|other| *other != remote.id);
        let untied = change.op == Update::Remove && row.remote.is_none();
        let changed = change.expected.is_some_and(|expected| expected != seen.fingerprint);
        if change.op == Update::Create || strange || untied || changed {
            return Applied::Stale(Some(seen));
        }
        if change.op == Update::Remove {
            self.rows.remove(&place);
            return done(seen);
        }
        if let Some(violation) = self.too_long(change) {
            return Applied::Rejected(vec![violation]);
        }
        row.remote = Some(remote.id.clone());
        row.values.extend(change.values.clone());
        let seen = row.seen(&place.1);
        self.rows.insert(place, row);
        done(seen)
    }

    fn make(&mut self, change: &ApplyChange) -> Applied {
        if let Some(violation) = self.too_long(change) {
            return Applied::Rejected(vec![violation]);
        }
        self.made += 1;
        let key = LocalKey::new(format!("R{:06}", self.made));
        let row = Row { remote: Some(change.remote.id.clone()), values: change.values.clone() };
        let LocalRecord { key, fingerprint, .. } = row.seen(&key);
        self.rows.insert((change.remote.kind, key.clone()), row);
        Applied::Done { local: key, fingerprint }
    }
}

/// Clones share the books.
#[derive(Debug, Clone)]
pub(crate) struct Application(Arc<Mutex<Books>>);

impl Default for Application {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Books {
            rows: HashMap::new(),
            fences: HashMap::new(),
            made: 0,
            batches: 0,
            longest: LONGEST,
            unwritable: None,
            unreadable: None,
        })))
    }
}

impl Application {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All records of a kind, by their keys.
    pub(crate) fn records(&self, kind: EntityKind) -> Vec<LocalRecord> {
        self.books().records(kind)
    }

    /// The record that is tied to this one of the distributor.
    pub(crate) fn of(&self, kind: EntityKind, remote: &str) -> Option<LocalRecord> {
        self.records(kind).into_iter().find(|record| record.remote.as_deref() == Some(remote))
    }

    /// What a field of that record holds, as text.
    pub(crate) fn text(&self, kind: EntityKind, remote: &str, field: &str) -> Option<String> {
        self.of(kind, remote)?.values.get(field)?.as_str().map(ToOwned::to_owned)
    }

    /// What somebody in the application writes, into a record that is there or a new one.
    pub(crate) fn write(&self, kind: EntityKind, key: &str, values: &[(&str, &str)]) {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        self.books().rows.entry((kind, LocalKey::new(key))).or_default().values.extend(values);
    }

    pub(crate) fn erase(&self, kind: EntityKind, key: &LocalKey) {
        self.books().rows.remove(&(kind, key.clone()));
    }

    /// What the suite has somebody do.
    pub(crate) fn by_hand(&self, key: &LocalKey, change: SideChange) {
        match change {
            SideChange::Edit(text) | SideChange::Make(text) => {
                self.write(EntityKind::Customer, key.as_str(), &[("name", &text)]);
            }
            SideChange::Remove => self.erase(EntityKind::Customer, key),
        }
    }

    /// How many batches it was given.
    pub(crate) fn batches(&self) -> u64 {
        self.books().batches
    }

    pub(crate) fn take_names_up_to(&self, characters: usize) {
        self.books().longest = characters;
    }

    pub(crate) fn refuse_to_be_written(&self, why: Option<TargetErrorKind>) {
        self.books().unwritable = why;
    }

    pub(crate) fn refuse_to_be_read(&self, why: Option<TargetErrorKind>) {
        self.books().unreadable = why;
    }
}

fn folded(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => json!(text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()),
        None => value.clone(),
    }
}

#[async_trait]
impl Target for Application {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        let text = |name: &str| TargetField::new(name, LocalType::Text);
        let mut fields = match kind {
            EntityKind::Customer => {
                vec![text("name").required(), text("number"), text("phone"), text("site")]
            }
            EntityKind::Subscription => {
                vec![text("account"), TargetField::new("quantity", LocalType::Numeric), text("status")]
            }
            EntityKind::Order => vec![text("status")],
            _ => return Vec::new(),
        };
        fields.push(text(KEY).unique());
        fields
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let mut books = self.books();
        shut(books.unwritable)?;
        let latest = books.fences.get(&batch.connection).copied().unwrap_or_default();
        if batch.fence < latest {
            return Err(TargetError::new(TargetErrorKind::Fenced { latest }, "somebody has taken over"));
        }
        books.fences.insert(batch.connection.clone(), batch.fence);
        books.batches += 1;
        Ok(batch.changes.iter().map(|change| books.carry_out(change)).collect())
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        let books = self.books();
        shut(books.unreadable)?;
        let fits = |row: &Row, criterion: &Criterion| {
            let held = row.field(&criterion.field);
            criterion.values.iter().any(|wanted| {
                if criterion.folded { folded(&held) == folded(wanted) } else { held == *wanted }
            })
        };
        let mut found = books.records(kind);
        found.retain(|record| {
            let row = books.rows.get(&(kind, record.key.clone()));
            row.is_some_and(|row| criteria.iter().all(|criterion| fits(row, criterion)))
        });
        found.truncate(limit);
        Ok(found)
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        let books = self.books();
        shut(books.unreadable)?;
        let found = keys.iter().filter_map(|key| Some(books.rows.get(&(kind, key.clone()))?.seen(key)));
        Ok(found.collect())
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        let books = self.books();
        shut(books.unreadable)?;
        let mut records = books.records(kind);
        records.retain(|record| after.is_none_or(|after| record.key.as_str() > after.0.as_str()));
        let more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| more).map(|last| LocalCursor(last.key.as_str().to_owned()));
        Ok(LocalPage { records, next })
    }
}
