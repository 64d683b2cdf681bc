//! The entries that one step of the protocol looks at, and what it changed of them.

use std::collections::BTreeMap;

use provider_core::Result;
use provider_core::journal::{JournalBook, JournalEntry};

use super::row::{self, Place};
use crate::tx::{Row, Tx, Value};

const REMOVE: &str = "DELETE FROM provider_journal WHERE key = $1 AND owner = $2";

/// Core's journal over a handful of entries: rows are laid out, a step is taken, and what differs goes back.
#[derive(Debug, Default)]
pub(super) struct Desk {
    entries: Vec<JournalEntry>,
}

impl Desk {
    /// Lays out what a query answers. The same entry twice is no harm.
    pub(super) async fn take<T: Tx>(
        &mut self,
        tx: &mut T,
        sql: &'static str,
        values: &[Value],
    ) -> Result<()> {
        self.put(tx.rows(sql, values).await?)
    }

    pub(super) fn put(&mut self, rows: Vec<Row>) -> Result<()> {
        for row in rows {
            self.entries.push(row::entry(row)?);
        }
        Ok(())
    }

    /// The key of the entry that was laid out last.
    pub(super) fn last_key(&self) -> Option<String> {
        self.entries.last().map(|entry| entry.attempt.key.as_str().to_owned())
    }

    /// Takes a step and stores what it changed.
    pub(super) async fn step<T: Tx, A>(
        self,
        tx: &mut T,
        work: impl FnOnce(&mut JournalBook) -> Result<A>,
    ) -> Result<A> {
        let mut book = JournalBook::from(self.entries);
        let mut before = texts(&book)?;
        let answer = work(&mut book)?;
        for entry in book.entries() {
            let text = row::json(entry)?;
            // Only what the step changed is written: what a later release added to the others stays.
            if before.remove(&Place::of(&entry.attempt)).as_ref() != Some(&text) {
                tx.exec(row::STORE, &row::values(entry, text)?).await?;
            }
        }
        for (place, _) in before {
            tx.exec(REMOVE, &[place.key.into(), place.owner.into()]).await?;
        }
        Ok(answer)
    }
}

fn texts(book: &JournalBook) -> Result<BTreeMap<Place, String>> {
    book.entries().map(|entry| Ok((Place::of(&entry.attempt), row::json(entry)?))).collect()
}
