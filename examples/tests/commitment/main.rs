//! What the guard says about leaving a subscription is what the distributor then does: every subscription of the three
//! simulated ones, at moments within and after their windows, asked by the bare client, which checks nothing itself.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

mod moments;
mod shop;

use std::collections::BTreeMap;
use std::time::Duration;

use provider_core::ProviderExt as _;
use provider_core::commitment::{CommitmentRule, guard};
use provider_core::{Subscription, SubscriptionQuery};

use moments::{Moment, at_every};
use shop::{Ask, Shop, simulator};

/// Days after the simulator was seeded: inside the first windows, after them, and around renewals.
const DAYS: [u64; 9] = [0, 4, 6, 12, 25, 33, 90, 200, 366];
const DAY: Duration = Duration::from_secs(86_400);

/// How often each rule was tried, by what was asked and whether it said yes, no, or that it is not known.
type Tried = BTreeMap<(CommitmentRule, Ask, Option<bool>), usize>;

/// Asks the distributor for what the guard has an answer to, and holds the one against the other.
async fn hold(shop: &Shop, ask: Ask, seats: &Subscription, tried: &mut Tried) {
    let told = guard(shop.kind(), seats, shop.now());
    let (says, rule) = ask.of(&told);
    if let Some(says) = says {
        let does = shop.accepts(ask, seats).await;
        assert_eq!(says, does, "{}, {}, {ask:?}: {told}\n{seats:#?}", shop.kind(), shop.now());
    }
    *tried.entry((rule, ask, says)).or_default() += 1;
}

/// Every subscription, so many days after the simulator was seeded.
async fn compare(kind: &str, days: u64, tried: &mut Tried) {
    let simulator = simulator().await;
    simulator.clock().advance(DAY * u32::try_from(days).unwrap());
    let shop = Shop::open(kind, &simulator);
    let listed = shop.provider().subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    assert!(listed.len() > 20, "{kind} has {} subscriptions", listed.len());
    for seats in listed.iter().filter(|seats| seats.quantity.is_some()) {
        for ask in Ask::BOTH {
            hold(&shop, ask, seats, tried).await;
        }
    }
}

async fn agrees(kind: &str) -> Tried {
    let mut tried = Tried::new();
    for days in DAYS {
        compare(kind, days, &mut tried).await;
    }
    tried
}

/// The rules that were seen to say yes and no to both questions, and those that can only say one.
fn assert_tried(tried: &Tried, both: &[CommitmentRule], yes: &[CommitmentRule], no: &[CommitmentRule]) {
    for ask in [Ask::Reduce, Ask::Cancel] {
        for (rules, says) in [(both, true), (both, false), (yes, true), (no, false)] {
            for rule in rules {
                assert!(
                    tried.contains_key(&(*rule, ask, Some(says))),
                    "{rule:?} never said {says} to {ask:?}: {tried:?}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_crayons_own_refusals_for_every_subscription() {
    let tried = agrees("crayon").await;
    assert_tried(
        &tried,
        &[CommitmentRule::CrayonNewCommerce],
        &[],
        &[CommitmentRule::Ended, CommitmentRule::CrayonActiveOnly],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_pax8s_own_refusals_for_every_subscription() {
    let tried = agrees("pax8").await;
    assert_tried(
        &tried,
        &[CommitmentRule::Pax8NewCommerce],
        &[CommitmentRule::Pax8Uncommitted],
        &[CommitmentRule::Ended],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_streamones_own_refusals_for_every_subscription() {
    let tried = agrees("streamone").await;
    assert_tried(
        &tried,
        &[CommitmentRule::StreamOneNewCommerce],
        &[],
        &[CommitmentRule::Ended, CommitmentRule::StreamOneImported],
    );
}

/// Answers of one rule at each kind of moment: whether it was seen to say this.
fn said(all: &BTreeMap<Moment, Tried>, rule: CommitmentRule, moment: Moment, says: Option<bool>) -> bool {
    Ask::BOTH.iter().all(|ask| all.get(&moment).is_some_and(|tried| tried.contains_key(&(rule, *ask, says))))
}

/// A window that is open until its last moment, closed a second later, and open again once the term has renewed.
fn assert_window(all: &BTreeMap<Moment, Tried>, rule: CommitmentRule) {
    let (yes, no) = (Some(true), Some(false));
    for (moment, says, never) in [
        (Moment::Inside, yes, no),
        (Moment::LastInstant, yes, no),
        (Moment::SecondAfter, no, yes),
        (Moment::RenewalDay, yes, Some(false)),
        (Moment::AfterRenewal, no, yes),
    ] {
        assert!(said(all, rule, moment, says), "{rule:?} at {moment:?}: {:?}", all.get(&moment));
        // A single unit is never given back, and what has ended is closed: those are other rules.
        assert!(!said(all, rule, moment, never), "{rule:?} at {moment:?}: {:?}", all.get(&moment));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_crayon_at_the_moments_that_matter() {
    let all = at_every("crayon").await;
    assert_window(&all, CommitmentRule::CrayonNewCommerce);
    assert!(said(&all, CommitmentRule::CrayonNewCommerce, Moment::LastDay, Some(false)), "{all:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_pax8_at_the_moments_that_matter() {
    let all = at_every("pax8").await;
    assert_window(&all, CommitmentRule::Pax8NewCommerce);
    // What counts as the renewal is not documented: neither yes nor no is said on the last day of a term.
    assert!(said(&all, CommitmentRule::Pax8LastDay, Moment::LastDay, None), "{all:?}");
    assert!(!said(&all, CommitmentRule::Pax8NewCommerce, Moment::LastDay, Some(true)), "{all:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guard_agrees_with_streamone_at_the_moments_that_matter() {
    let all = at_every("streamone").await;
    assert_window(&all, CommitmentRule::StreamOneNewCommerce);
    assert!(said(&all, CommitmentRule::StreamOneNewCommerce, Moment::LastDay, Some(false)), "{all:?}");
}
