//! Taking in the entries of a journal that was kept elsewhere.

use provider_core::Result;
use provider_core::journal::{JournalBook, JournalEntry};

use super::row::{self, Place};
use super::steps::LOCK;
use crate::tx::{Access, Step, Tx};

/// An entry of before may have become its account's own since it was taken in.
const IS_THERE: &str =
    "SELECT key FROM provider_journal WHERE key = $1 AND (owner = $2 OR connection = $3) LIMIT 1";

/// Takes in what is not there yet, and answers how much that was.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) book: JournalBook,
}

impl Step for Import {
    type Answer = u64;
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<u64> {
        tx.exclusive(LOCK).await?;
        let mut taken = 0;
        for entry in Vec::<JournalEntry>::from(self.book) {
            let Place { key, owner } = Place::of(&entry.attempt);
            let connection = entry.attempt.connection.as_str();
            if tx.rows(IS_THERE, &[key.into(), owner.into(), connection.into()]).await?.is_empty() {
                let json = row::json(&entry)?;
                taken += tx.exec(row::STORE, &row::values(&entry, json)?).await?;
            }
        }
        Ok(taken)
    }
}
