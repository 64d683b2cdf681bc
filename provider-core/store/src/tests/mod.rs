//! What can only be tested from within: kills between statements, a full disk, schemas that do not exist yet.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed unwrap is a failed test"
)]

mod grounds;
pub(crate) mod kill;
mod limits;
mod lookups;
mod migrations;
mod script;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::Result;
use provider_core::clock::{BoxFuture, Clock};
use provider_core::journal::{JournalBook, JournalEntry};

use crate::Store;
use crate::tx::{Access, Step, Tx};

/// A clock that is turned by hand. A sleep turns it.
#[derive(Debug)]
struct HandClock(Mutex<DateTime<Utc>>);

impl Default for HandClock {
    fn default() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(1_772_323_200, 0).unwrap()))
    }
}

impl HandClock {
    fn turn(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        self.turn(time);
        Box::pin(async {})
    }
}

async fn opened(path: &Path, clock: &Arc<HandClock>) -> Result<Store> {
    opened_at(&format!("sqlite:{}", path.display()), clock).await
}

async fn opened_at(address: &str, clock: &Arc<HandClock>) -> Result<Store> {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    Store::open(address).unsealed().clock(clock).patience(Duration::from_secs(5)).await
}

/// Every entry of a journal, as JSON and in order.
fn texts(entries: impl IntoIterator<Item = JournalEntry>) -> Vec<String> {
    let mut texts: Vec<String> =
        entries.into_iter().map(|entry| serde_json::to_string(&entry).unwrap()).collect();
    texts.sort();
    texts
}

async fn entries(store: &Store) -> Vec<String> {
    texts(store.database().run(AllEntries).await.unwrap())
}

fn entries_of(book: &JournalBook) -> Vec<String> {
    texts(book.entries().cloned())
}

#[derive(Clone)]
struct AllEntries;

impl Step for AllEntries {
    type Answer = Vec<JournalEntry>;
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Vec<JournalEntry>> {
        let rows = tx.rows("SELECT entry FROM provider_journal", &[]).await?;
        let read = |mut row: crate::tx::Row| Ok(serde_json::from_str(&row.text()?).unwrap());
        rows.into_iter().map(read).collect()
    }
}
