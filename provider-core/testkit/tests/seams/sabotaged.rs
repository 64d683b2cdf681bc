//! A journal with at most one fault, on a clock that is turned by hand.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal, JournalBook, JournalEntry, Settlement, Stage};
use provider_core::{Attempt, Error, ErrorKind, IdempotencyKey, Receipt, Result, async_trait};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The lease keeps nobody out.
    NeverBusy,
    ReleasesNothing,
    /// What was never sent counts as sent.
    OpensReservations,
    /// What was never sent guards its record without an end.
    ReservesForEver,
    LosesBaseline,
    /// What was done is not remembered.
    Forgets,
    KeepsCredentials,
    /// A key stands for any command.
    TakesAnyCommand,
    /// Two handles are two journals.
    ForgetsWithItsHandle,
    /// Whoever slept through a lease still arms.
    NoFence,
    /// Whoever slept through a lease ends that of another.
    ReleasesForOthers,
    /// A late answer is thrown away.
    FinishNeedsLease,
    LastAnswerWins,
    /// Only the first step is remembered.
    ArmsOnce,
    LeavesNothing,
    /// What came of it is overwritten by its arming.
    ArmsWhatIsDone,
    GuardsNothing,
    /// All records are one.
    GuardsEverything,
    KnowsNoAccounts,
    /// Keys belong to the connection's name.
    KeysOfConnections,
    MovesOver,
    NoEntriesOfBefore,
    /// Reservations and what is done are listed as open.
    ListsEverything,
    /// A person's word goes over what is under way, and changes nothing else.
    SettlesEverything,
    ForgetsWhatIsOpen,
    /// Between the look and the write others look too.
    NotExclusive,
    /// No flaw: the half that may be left out is left out.
    KeepsNoHouse,
    Down,
}

#[derive(Debug)]
struct Place {
    now: DateTime<Utc>,
    entries: Vec<JournalEntry>,
    credentials: Option<provider_core::receipt::Credentials>,
}

#[derive(Debug)]
pub(crate) struct Sabotaged {
    place: Arc<Mutex<Place>>,
    flaw: Option<Flaw>,
}

impl Clone for Sabotaged {
    fn clone(&self) -> Self {
        if self.is(Flaw::ForgetsWithItsHandle) {
            return Self::new(self.flaw);
        }
        Self { place: Arc::clone(&self.place), flaw: self.flaw }
    }
}

impl Sabotaged {
    pub(crate) fn new(flaw: Option<Flaw>) -> Self {
        let now = provider_core::wire::date_time::parse("2026-03-01T00:00:00Z").unwrap();
        let place = Place { now, entries: Vec::new(), credentials: None };
        Self { place: Arc::new(Mutex::new(place)), flaw }
    }

    pub(crate) fn is(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    pub(crate) fn turn(&self, time: Duration) {
        self.place.lock().unwrap().now += time;
    }

    /// One step of the book on what is there.
    fn step<A>(&self, work: impl FnOnce(&mut JournalBook, DateTime<Utc>) -> A) -> A {
        let mut place = self.place.lock().unwrap();
        let mut book = JournalBook::from(std::mem::take(&mut place.entries));
        let answer = work(&mut book, place.now);
        place.entries = book.into();
        answer
    }

    fn edit(&self, key: &IdempotencyKey, work: impl Fn(&mut JournalEntry)) {
        let mut place = self.place.lock().unwrap();
        place.entries.iter_mut().filter(|entry| entry.attempt.key == *key).for_each(work);
    }

    fn stored(&self, key: &IdempotencyKey) -> Option<JournalEntry> {
        self.place.lock().unwrap().entries.iter().find(|entry| entry.attempt.key == *key).cloned()
    }

    /// What this journal makes of an attempt before it looks it up.
    fn seen(&self, attempt: &Attempt) -> Attempt {
        let mut seen = attempt.clone();
        match self.flaw {
            Some(Flaw::KnowsNoAccounts) => {
                "all".clone_into(&mut seen.connection);
                seen.account = None;
            }
            Some(Flaw::KeysOfConnections) => {
                seen.account =
                    seen.account.map(|own| AccountKey::new(own.kind, own.origin, &*attempt.connection));
            }
            Some(Flaw::NoEntriesOfBefore) if seen.account.is_none() => {
                seen.connection.push_str(" of before");
            }
            _ => {}
        }
        seen
    }

    fn up(&self) -> Result<()> {
        if self.is(Flaw::Down) { Err(Error::new(ErrorKind::Unavailable, "down")) } else { Ok(()) }
    }

    fn house(&self) -> Result<()> {
        if self.is(Flaw::KeepsNoHouse) {
            return Err(Error::new(ErrorKind::Unsupported, "this journal keeps no house"));
        }
        self.up()
    }

    fn current_fence(&self, attempt: &Attempt, fence: Fence) -> Fence {
        self.stored(&attempt.key).map_or(fence, |entry| Fence(entry.fence))
    }
}

#[async_trait]
impl Journal for Sabotaged {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.up()?;
        let attempt = self.seen(attempt);
        let before = self.place.lock().unwrap().entries.clone();
        if self.is(Flaw::NotExclusive) {
            tokio::task::yield_now().await;
            let now = self.place.lock().unwrap().now;
            let mut book = JournalBook::from(before);
            let answer = book.begin(&attempt, now, ttl);
            let own = book.entry(&attempt).cloned();
            tokio::task::yield_now().await;
            let mut place = self.place.lock().unwrap();
            place.entries.retain(|entry| entry.attempt.key != attempt.key);
            place.entries.extend(own);
            return answer;
        }
        if self.is(Flaw::OpensReservations) {
            self.edit(&attempt.key, |entry| {
                if matches!(entry.stage, Stage::Reserved) {
                    entry.stage = Stage::Armed;
                }
            });
        }
        let ttl = if self.is(Flaw::ReservesForEver) { Duration::MAX } else { ttl };
        let mut answer = self.step(|book, now| book.begin(&attempt, now, ttl));
        match (self.flaw, &mut answer) {
            (Some(Flaw::NeverBusy), Ok(Begin::Busy(_))) | (Some(Flaw::TakesAnyCommand), Err(_)) => {
                return Ok(Begin::Fresh(Fence(1)));
            }
            (Some(Flaw::GuardsNothing), Ok(Begin::Blocked(_))) => return Ok(Begin::Fresh(Fence(1))),
            (Some(Flaw::GuardsEverything), Ok(Begin::Fresh(_))) => {
                let other = before.iter().find(|entry| entry.attempt.key != attempt.key);
                if let (Some(other), Some(scope)) = (other, attempt.command.scope()) {
                    let blocked =
                        provider_core::journal::Blocked::new(other.attempt.key.clone(), scope, None);
                    return Ok(Begin::Blocked(blocked));
                }
            }
            (Some(Flaw::LosesBaseline), Ok(Begin::Open(open, _))) => open.baseline = None,
            (Some(Flaw::KeepsCredentials), Ok(Begin::Done(receipt))) => {
                receipt.credentials.clone_from(&self.place.lock().unwrap().credentials);
            }
            _ => {}
        }
        answer
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.up()?;
        let attempt = self.seen(attempt);
        let stored = self.stored(&attempt.key);
        match self.flaw {
            Some(Flaw::NoFence) => {
                let fence = self.current_fence(&attempt, fence);
                self.edit(&attempt.key, |entry| entry.lease_ends = DateTime::<Utc>::MAX_UTC);
                self.step(|book, now| book.arm(&attempt, fence, now, ttl))
            }
            Some(Flaw::ArmsOnce) if stored.is_some_and(|entry| entry.is_open()) => Ok(()),
            Some(Flaw::ArmsWhatIsDone) => {
                self.edit(&attempt.key, |entry| entry.stage = Stage::Reserved);
                self.step(|book, now| book.arm(&attempt, fence, now, ttl))
            }
            _ => self.step(|book, now| book.arm(&attempt, fence, now, ttl)),
        }
    }

    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<()> {
        self.up()?;
        let attempt = self.seen(attempt);
        match self.flaw {
            Some(Flaw::Forgets) => {
                self.step(|book, _| book.release(&attempt, fence));
                return Ok(());
            }
            Some(Flaw::FinishNeedsLease) if self.current_fence(&attempt, fence) != fence => return Ok(()),
            Some(Flaw::LastAnswerWins) => self.edit(&attempt.key, |entry| entry.stage = Stage::Armed),
            _ => {}
        }
        self.place.lock().unwrap().credentials.clone_from(&receipt.credentials);
        self.step(|book, now| book.finish(&attempt, receipt, now));
        Ok(())
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.up()?;
        let attempt = self.seen(attempt);
        let fence = match self.flaw {
            Some(Flaw::ReleasesNothing) => return Ok(()),
            Some(Flaw::ReleasesForOthers) => self.current_fence(&attempt, fence),
            _ => fence,
        };
        self.step(|book, _| book.release(&attempt, fence));
        Ok(())
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.up()?;
        let attempt = self.seen(attempt);
        if !self.is(Flaw::LeavesNothing) {
            self.step(|book, now| book.leave_open(&attempt, fence, now));
        }
        Ok(())
    }

    async fn open_attempts(&self, account: Option<&AccountKey>) -> Result<Vec<Attempt>> {
        self.house()?;
        if self.is(Flaw::ListsEverything) {
            return Ok(self
                .place
                .lock()
                .unwrap()
                .entries
                .iter()
                .map(|entry| entry.attempt.clone())
                .collect());
        }
        Ok(self.step(|book, _| book.open_attempts(account)))
    }

    async fn settle(&self, key: &IdempotencyKey, settlement: Settlement, who: &str) -> Result<()> {
        self.house()?;
        if self.is(Flaw::SettlesEverything) {
            return Ok(());
        }
        if let (Some(Flaw::KeepsCredentials), Settlement::Applied(receipt)) = (self.flaw, &settlement) {
            self.place.lock().unwrap().credentials.clone_from(&receipt.credentials);
        }
        self.step(|book, now| book.settle(key, settlement, who, now).map(drop))
    }

    async fn forget(&self, before: DateTime<Utc>) -> Result<u64> {
        self.house()?;
        if self.is(Flaw::ForgetsWhatIsOpen) {
            let mut place = self.place.lock().unwrap();
            let had = place.entries.len();
            place.entries.clear();
            return Ok(had as u64);
        }
        Ok(self.step(|book, now| book.forget(before, now)))
    }

    async fn move_account(&self, from: &AccountKey, to: &AccountKey) -> Result<u64> {
        self.house()?;
        if self.is(Flaw::MovesOver) {
            let mut place = self.place.lock().unwrap();
            let (mut moved, mut over): (Vec<_>, Vec<_>) =
                place.entries.drain(..).partition(|entry| entry.attempt.account.as_ref() == Some(from));
            over.retain(|entry| !moved.iter().any(|new| new.attempt.key == entry.attempt.key));
            moved.iter_mut().for_each(|entry| entry.attempt.account = Some(to.clone()));
            let count = moved.len() as u64;
            place.entries = moved.into_iter().chain(over).collect();
            return Ok(count);
        }
        self.step(|book, _| book.move_account(from, to))
    }
}
