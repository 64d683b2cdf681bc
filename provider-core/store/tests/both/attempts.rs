//! What is attempted on a store, wherever it is.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::attempt::Baseline;
use provider_core::clock::{BoxFuture, Clock};
use provider_core::info::AccountKey;
use provider_core::journal::{Begin, Fence, Journal};
use provider_core::token::TokenKey;
use provider_core::{Attempt, ChangeQuantity, Error, IdempotencyKey, Outcome, Receipt, Result};
use provider_store::{SealingKey, StoreErrorKind};
use secrecy::SecretString;

pub(crate) const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn sealing_key(digit: char) -> SealingKey {
    SealingKey::parse(&SecretString::from(digit.to_string().repeat(64))).unwrap()
}

/// A clock that is turned by hand. A sleep turns it.
#[derive(Debug)]
pub(crate) struct HandClock(Mutex<DateTime<Utc>>);

impl Default for HandClock {
    fn default() -> Self {
        Self(Mutex::new(start()))
    }
}

impl HandClock {
    pub(crate) fn turn(&self, time: Duration) {
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

pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200, 0).unwrap()
}

pub(crate) fn account(name: &str) -> AccountKey {
    AccountKey::new("pax8", "https://api.pax8.com", name)
}

pub(crate) fn chain() -> TokenKey {
    TokenKey::new("streamone", "10042")
}

/// A change of the subscription under the key, both of these names.
pub(crate) fn change(key: &str, subscription: &str) -> Attempt {
    let key = IdempotencyKey::derive("store", [key]);
    Attempt::new("pax8", ChangeQuantity::new(subscription, 7).into(), key, start())
        .with_account(account("client 1"))
}

pub(crate) async fn fresh(journal: &Arc<dyn Journal>, attempt: &Attempt) -> Fence {
    match journal.begin(attempt, MINUTE).await.unwrap() {
        Begin::Fresh(fence) => fence,
        other => panic!("not fresh: {other:?}"),
    }
}

/// An attempt that may have been sent.
pub(crate) async fn armed(journal: &Arc<dyn Journal>, attempt: &Attempt) -> Fence {
    let fence = fresh(journal, attempt).await;
    let notes = Baseline::new(start(), serde_json::json!({ "before": 5 }));
    journal.arm(&attempt.clone().with_baseline(Some(notes)), fence, MINUTE).await.unwrap();
    fence
}

/// An attempt from its begin to its receipt.
pub(crate) async fn done(journal: &Arc<dyn Journal>, attempt: &Attempt) {
    let fence = armed(journal, attempt).await;
    journal.finish(attempt, fence, &Receipt::new(Outcome::Applied)).await.unwrap();
}

pub(crate) async fn is_done(journal: &Arc<dyn Journal>, attempt: &Attempt) -> bool {
    matches!(journal.begin(attempt, MINUTE).await.unwrap(), Begin::Done(_))
}

pub(crate) fn of_kind<T>(answer: Result<T>, kind: StoreErrorKind) -> Error {
    let error = answer.err().unwrap_or_else(|| panic!("not {kind}, but done"));
    assert_eq!(StoreErrorKind::of(&error), Some(kind), "{error} {error:?}");
    error
}

/// As on a copy of before, to which the database was failed over in the meantime.
#[tokio::test]
async fn an_answer_that_comes_without_its_entry_is_kept() {
    ground!(place);
    let journal = place.store().await.journal();
    let attempt = change("lost", "S-1");
    let fence = fresh(&journal, &attempt).await;
    journal.release(&attempt, fence).await.unwrap();
    journal.finish(&attempt, fence, &Receipt::new(Outcome::Applied)).await.unwrap();
    assert!(is_done(&journal, &attempt).await);
}

/// While a call is under way, a person moves the account's entries to the API client that replaced the old one.
#[tokio::test]
async fn an_answer_finds_the_entry_that_was_moved_meanwhile() {
    ground!(place);
    let journal = place.store().await.journal();
    let attempt = change("moved", "S-1");
    let fence = armed(&journal, &attempt).await;
    assert_eq!(journal.move_account(&account("client 1"), &account("client 2")).await.unwrap(), 1);
    journal.finish(&attempt, fence, &Receipt::new(Outcome::Applied)).await.unwrap();
    let of_today = attempt.with_account(account("client 2"));
    assert!(is_done(&journal, &of_today).await);
    // Nothing is left under the account of before, which would lock the connection out.
    fresh(&journal, &change("next", "S-2").with_account(account("client 2"))).await;
}
