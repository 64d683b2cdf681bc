//! A day of a store, step by step, and what a model makes of the same day.

use std::sync::Arc;
use std::time::Duration;

use provider_core::attempt::{Baseline, Step};
use provider_core::clock::Clock;
use provider_core::info::AccountKey;
use provider_core::journal::{self, Fence, JournalBook, Settlement};
use provider_core::token::TokenKey;
use provider_core::{Attempt, ChangeQuantity, IdempotencyKey, Outcome, Receipt, Result};
use secrecy::{ExposeSecret, SecretString};

use super::HandClock;
use crate::Store;

const MINUTE: Duration = Duration::from_secs(60);

fn account(name: &str) -> AccountKey {
    AccountKey::new("pax8", "https://api.pax8.com", name)
}

fn attempt(name: &str, subscription: &str) -> Attempt {
    let key = IdempotencyKey::derive("script", [name]);
    let change = ChangeQuantity::new(subscription, 7);
    let clock = HandClock::default();
    Attempt::new("pax8", change.into(), key, clock.now()).with_account(account("client 1"))
}

fn armed(name: &str, subscription: &str) -> Attempt {
    let notes = Baseline::new(HandClock::default().now(), serde_json::json!({ "before": 5 }));
    let mut armed = attempt(name, subscription).with_baseline(Some(notes));
    armed.steps.push(Step::new(0));
    armed
}

fn receipt(customer: &str) -> Receipt {
    Receipt::new(Outcome::Applied).with_customer(customer)
}

fn chain() -> TokenKey {
    TokenKey::new("streamone", "10042")
}

/// One call, with whatever came of it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Call {
    Begin(&'static str, &'static str),
    BeginOfBefore(&'static str, &'static str),
    Arm(&'static str, &'static str, u64),
    Finish(&'static str, &'static str, u64),
    Release(&'static str, &'static str, u64),
    LeaveOpen(&'static str, &'static str, u64),
    Settle(&'static str),
    NeverHappened(&'static str),
    Forget,
    Move,
    Token(Option<u64>, &'static str),
}

use Call::{
    Arm, Begin, BeginOfBefore, Finish, Forget, LeaveOpen, Move, NeverHappened, Release, Settle, Token,
};

/// All kinds of calls, so that a kill between any two statements of any of them is met.
pub(super) const DAY: [Call; 26] = [
    Begin("done", "S-1"),
    Arm("done", "S-1", 1),
    Arm("done", "S-1", 1),
    Finish("done", "S-1", 1),
    Token(None, "REFRESH-0001"),
    Begin("released", "S-1"),
    Release("released", "S-1", 1),
    BeginOfBefore("adopted", "S-2"),
    Begin("adopted", "S-2"),
    Begin("adopted", "S-2"),
    Begin("left open", "S-3"),
    Arm("left open", "S-3", 1),
    LeaveOpen("left open", "S-3", 1),
    Begin("blocked", "S-3"),
    Begin("left open", "S-3"),
    Token(Some(1), "REFRESH-0002"),
    Finish("left open", "S-3", 2),
    Begin("settled", "S-4"),
    Arm("settled", "S-4", 1),
    LeaveOpen("settled", "S-4", 1),
    Settle("settled"),
    Begin("never happened", "S-5"),
    Arm("never happened", "S-5", 1),
    NeverHappened("never happened"),
    Move,
    Forget,
];

/// What the model holds: the journal, and the token with its version.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) book: JournalBook,
    pub(super) token: Option<(u64, String)>,
}

/// The fence of the nth lease on a key: the first is the journal's to choose.
fn fence(name: &str, nth: u64) -> Fence {
    let (mut book, clock) = (JournalBook::default(), HandClock::default());
    for call in DAY {
        pass(call, &clock);
        if matches!(call, Begin(known, _) if known == name)
            && let Ok(journal::Begin::Fresh(Fence(first))) = book.begin(&call.attempt(), clock.now(), MINUTE)
        {
            return Fence(first + nth - 1);
        }
    }
    Fence(nth)
}

/// Time passes before each call, so that some leases run out.
pub(super) fn pass(call: Call, clock: &HandClock) {
    let wait = match call {
        Begin("adopted", _) | NeverHappened(_) => 2 * MINUTE,
        Forget => 2000 * MINUTE,
        _ => Duration::from_secs(1),
    };
    clock.turn(wait);
}

impl Call {
    fn attempt(self) -> Attempt {
        match self {
            BeginOfBefore(name, subscription) => {
                let mut attempt = attempt(name, subscription);
                attempt.account = None;
                attempt
            }
            Arm(name, subscription, _) => armed(name, subscription),
            Begin(name, subscription)
            | Finish(name, subscription, _)
            | Release(name, subscription, _)
            | LeaveOpen(name, subscription, _) => attempt(name, subscription),
            Settle(name) | NeverHappened(name) => attempt(name, ""),
            Forget | Move | Token(..) => attempt("none", ""),
        }
    }

    fn settlement(self) -> Settlement {
        if matches!(self, Settle(_)) { Settlement::applied(receipt("C-2")) } else { Settlement::NotApplied }
    }

    /// By the rules of core.
    pub(super) fn on_model(self, model: &mut Model, clock: &HandClock) {
        let (now, attempt, book) = (clock.now(), self.attempt(), &mut model.book);
        match self {
            Begin(..) | BeginOfBefore(..) => drop(book.begin(&attempt, now, MINUTE)),
            Arm(name, _, nth) => drop(book.arm(&attempt, fence(name, nth), now, MINUTE)),
            Finish(..) => book.finish(&attempt, &receipt("C-1"), now),
            Release(name, _, nth) => book.release(&attempt, fence(name, nth)),
            LeaveOpen(name, _, nth) => book.leave_open(&attempt, fence(name, nth), now),
            Settle(_) | NeverHappened(_) => {
                let _ = book.settle(&attempt.key, self.settlement(), "somebody", now);
            }
            Forget => drop(book.forget(now - 1000 * MINUTE, now)),
            Move => drop(book.move_account(&account("client 1"), &account("client 2"))),
            Token(expected, value) => {
                if model.token.as_ref().map(|(version, _)| *version) == expected {
                    model.token = Some((expected.unwrap_or(0) + 1, value.to_owned()));
                }
            }
        }
    }

    /// On the store. A refusal is an answer too.
    pub(super) async fn on_store(self, store: &Store, clock: &HandClock) -> Result<()> {
        let (journal, attempt) = (store.journal(), self.attempt());
        match self {
            Begin(..) | BeginOfBefore(..) => journal.begin(&attempt, MINUTE).await.map(drop),
            Arm(name, _, nth) => journal.arm(&attempt, fence(name, nth), MINUTE).await,
            Finish(name, _, nth) => journal.finish(&attempt, fence(name, nth), &receipt("C-1")).await,
            Release(name, _, nth) => journal.release(&attempt, fence(name, nth)).await,
            LeaveOpen(name, _, nth) => journal.leave_open(&attempt, fence(name, nth)).await,
            Settle(_) | NeverHappened(_) => journal.settle(&attempt.key, self.settlement(), "somebody").await,
            Forget => journal.forget(clock.now() - 1000 * MINUTE).await.map(drop),
            Move => journal.move_account(&account("client 1"), &account("client 2")).await.map(drop),
            Token(expected, value) => {
                let value = SecretString::from(value);
                store.token_store().compare_and_swap(&chain(), expected, value).await.map(drop)
            }
        }
    }
}

/// What a store holds, to be held against the model.
pub(super) async fn token(store: &Store) -> Option<(u64, String)> {
    let stored = store.token_store().load(&chain()).await.unwrap()?;
    Some((stored.version, stored.value.expose_secret().to_owned()))
}

/// The model after so many calls.
pub(super) fn model_after(calls: usize) -> Model {
    let (mut model, clock) = (Model::default(), HandClock::default());
    for call in DAY.into_iter().take(calls) {
        pass(call, &clock);
        call.on_model(&mut model, &clock);
    }
    model
}

/// Every call does what it does in the model, whether the store is opened once or for each call.
#[tokio::test]
async fn a_store_reopened_after_every_step_is_the_model() {
    for ground in super::grounds::Ground::all() {
        let (address, clock) = (ground.address(), Arc::new(HandClock::default()));
        for (done, call) in DAY.into_iter().enumerate() {
            pass(call, &clock);
            let store = super::opened_at(&address, &clock).await.unwrap();
            let _ = call.on_store(&store, &clock).await;
            drop(store);
            let store = super::opened_at(&address, &clock).await.unwrap();
            let model = model_after(done + 1);
            assert_eq!(super::entries(&store).await, super::entries_of(&model.book), "after {call:?}");
            assert_eq!(token(&store).await, model.token, "after {call:?}");
        }
    }
}

/// The day meets what it is there to meet.
#[test]
fn the_day_ends_with_every_kind_of_entry() {
    let stages = |calls: usize| super::entries_of(&model_after(calls).book);
    let all = DAY.len();
    assert!(stages(all - 1).iter().any(|entry| entry.contains("client 2")), "something was moved");
    assert!(stages(all).len() < stages(all - 1).len(), "something was forgotten");
    for stage in ["reserved", "armed", "done", "not_applied"] {
        let met = (0..all).any(|calls| {
            stages(calls).iter().any(|entry| {
                entry.contains(&format!("\"stage\":\"{stage}"))
                    || entry.contains(&format!("\"stage\":{{\"{stage}"))
            })
        });
        assert!(met, "no entry is ever {stage}");
    }
}
