//! A journal in a file: the same key finds its attempt again after the program has ended.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::{
    AccountKey, Attempt, Begin, Clock, Delivery, Error, ErrorKind, Fence, IdempotencyKey, Journal,
    JournalBook, Receipt, Result, Settlement, SystemClock,
};

/// A journal in one JSON file, written whole and renamed into place under a lock. Good for one machine;
/// an application keeps its journal in its database.
#[derive(Debug)]
pub struct FileJournal {
    path: PathBuf,
    clock: Arc<dyn Clock>,
}

impl FileJournal {
    /// A journal at this path. The folder is created; the file appears with the first attempt.
    ///
    /// # Errors
    /// When the folder cannot be created.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(Self { path, clock: Arc::new(SystemClock) })
    }

    fn step<T>(&self, work: impl FnOnce(&mut JournalBook) -> Result<T>) -> Result<T> {
        let failed = |e: io::Error| {
            Error::new(ErrorKind::Internal, "the journal could not be read or written")
                .with_delivery(Delivery::NotSent)
                .with_source(e)
        };
        // Held until the end of the step; the system frees it when the process dies.
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path.with_extension("lock"))
            .map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut book = load(&self.path).map_err(failed)?;
        let answer = work(&mut book)?;
        save(&self.path, &book).map_err(failed)?;
        Ok(answer)
    }
}

fn load(path: &Path) -> io::Result<JournalBook> {
    let mut text = String::new();
    match File::open(path) {
        Ok(mut file) => file.read_to_string(&mut text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(JournalBook::default()),
        Err(error) => return Err(error),
    };
    Ok(serde_json::from_str(&text)?)
}

fn save(path: &Path, book: &JournalBook) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(&serde_json::to_vec(book)?)?;
    file.sync_all()?;
    fs::rename(new, path)
}

#[async_trait]
impl Journal for FileJournal {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.step(|book| book.begin(attempt, self.clock.now(), ttl))
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.step(|book| book.arm(attempt, fence, self.clock.now(), ttl))
    }

    async fn finish(&self, attempt: &Attempt, _fence: Fence, receipt: &Receipt) -> Result<()> {
        self.step(|book| {
            book.finish(attempt, receipt, self.clock.now());
            Ok(())
        })
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.step(|book| {
            book.release(attempt, fence);
            Ok(())
        })
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.step(|book| {
            book.leave_open(attempt, fence, self.clock.now());
            Ok(())
        })
    }

    async fn open_attempts(&self, account: Option<&AccountKey>) -> Result<Vec<Attempt>> {
        self.step(|book| Ok(book.open_attempts(account)))
    }

    async fn settle(&self, key: &IdempotencyKey, settlement: Settlement, who: &str) -> Result<()> {
        self.step(|book| book.settle(key, settlement, who, self.clock.now()).map(drop))
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<u64> {
        self.step(|book| Ok(book.forget(before, self.clock.now())))
    }

    async fn move_account(&self, from: &AccountKey, to: &AccountKey) -> Result<u64> {
        self.step(|book| book.move_account(from, to))
    }
}
