#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::field_reassign_with_default,
    reason = "a failed unwrap is a failed test, and outside of this crate the types are made like this"
)]

use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;

use super::{Allowed, CommitmentRule, Guard, MoneyRange, Renewal, guard};
use crate::model::{NextTerm, Subscription, SubscriptionStatus};
use crate::price::Price;
use crate::term::{BillingCycle, Term};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-11-20T08:00:00Z")
}

fn seats(quantity: i64) -> Subscription {
    let mut seats = Subscription::new("7", "c", quantity);
    seats.status = SubscriptionStatus::Active;
    seats.billing_cycle = Some(BillingCycle::Monthly);
    seats
}

/// New commerce as each distributor tells it, bought so many days ago for a year.
fn new_commerce(distributor: &str, days: i64) -> Subscription {
    let start = now() - Duration::days(days);
    let mut seats = seats(12);
    seats.starts_at = Some(start);
    seats.commitment_term = Some(Term::YEAR);
    seats.commitment_ends_at = Term::YEAR.after(start);
    match distributor {
        "crayon" => {
            seats.ends_at = seats.commitment_ends_at;
            seats.cancellable_until = Some(start + Duration::days(7));
        }
        "pax8" => seats.product.name = Some("Example Suite [New Commerce Experience]".to_owned()),
        "streamone" => {
            seats.offer = Some("sku/plan".into());
            seats.product.vendor = Some("Microsoft".to_owned());
            seats.product.sku = Some("EXMP0TTC0AAA:0001:P1Y:M".to_owned());
            seats.ends_at = seats.commitment_ends_at;
            seats.cancellable_until = Some(start + Duration::days(7));
        }
        // One that has no rules here.
        _ => {}
    }
    seats
}

fn told(distributor: &str, seats: &Subscription) -> (Allowed, Allowed) {
    let guard = guard(distributor, seats, now());
    (guard.reduce.allowed, guard.cancel.allowed)
}

const ALWAYS: Allowed = Allowed::Open { until: None };
const NEVER: Allowed = Allowed::Closed { again: None };

#[test]
fn new_commerce_is_open_for_seven_days_and_then_closed_until_its_term_ends() {
    for distributor in ["crayon", "pax8", "streamone"] {
        let young = new_commerce(distributor, 3);
        let open = Allowed::Open { until: Some(now() + Duration::days(4)) };
        assert_eq!(told(distributor, &young), (open, open), "{distributor}");
        let old = new_commerce(distributor, 30);
        let closed = Allowed::Closed { again: old.commitment_ends_at };
        assert_eq!(told(distributor, &old), (closed, closed), "{distributor}");
    }
}

#[test]
fn a_term_that_renewed_at_pax8_opens_the_window_again() {
    let mut seats = new_commerce("pax8", 0);
    seats.commitment_term = Some(Term::MONTH);
    seats.starts_at = Some(at("2026-01-31T09:00:00Z"));
    seats.commitment_ends_at = None;
    let on = |day: &str| guard("pax8", &seats, at(day)).cancel.allowed;
    let open = |until: &str| Allowed::Open { until: Some(at(until)) };
    assert_eq!(on("2026-02-06T09:00:00Z"), open("2026-02-07T09:00:00Z"));
    assert_eq!(on("2026-02-07T09:00:00Z"), Allowed::Closed { again: Some(at("2026-02-28T09:00:00Z")) });
    assert_eq!(on("2026-03-01T09:00:00Z"), open("2026-03-07T09:00:00Z"));
    // The short month has not cost the long one its last day.
    assert_eq!(on("2026-03-30T09:00:00Z"), Allowed::Closed { again: Some(at("2026-03-31T09:00:00Z")) });
    assert_eq!(on("2026-04-01T09:00:00Z"), open("2026-04-07T09:00:00Z"));
}

#[test]
fn what_pax8_does_on_the_last_day_of_a_term_is_not_known() {
    let mut seats = new_commerce("pax8", 0);
    seats.commitment_term = Some(Term::MONTH);
    seats.starts_at = Some(at("2026-03-05T09:00:00Z"));
    seats.commitment_ends_at = Some(at("2026-04-04T00:00:00Z"));
    let on = |moment: &str| {
        let told = guard("pax8", &seats, at(moment));
        assert_eq!(told.reduce, told.cancel);
        (told.reduce.allowed, told.reduce.rule)
    };
    let closed = Allowed::Closed { again: seats.commitment_ends_at };
    assert_eq!(on("2026-04-03T23:59:59Z"), (closed, CommitmentRule::Pax8NewCommerce));
    // Its renewal opens it, and when that is taken to be is not told.
    for moment in ["2026-04-04T00:00:00Z", "2026-04-04T10:00:00Z", "2026-04-05T08:59:59Z"] {
        assert_eq!(on(moment), (Allowed::Unknown, CommitmentRule::Pax8LastDay), "{moment}");
    }
    // The record still has the end of the term before: nobody says that another one began.
    assert_eq!(on("2026-04-05T09:00:00Z"), (Allowed::Unknown, CommitmentRule::Pax8RenewalUntold));
    let mut renewed = seats.clone();
    renewed.commitment_ends_at = Some(at("2026-05-04T00:00:00Z"));
    let until = Some(at("2026-04-12T09:00:00Z"));
    let told = |moment: &str| guard("pax8", &renewed, at(moment)).cancel.allowed;
    assert_eq!(told("2026-04-05T09:00:00Z"), Allowed::Open { until });
    assert_eq!(told("2026-04-12T08:59:59Z"), Allowed::Open { until });
    assert_eq!(told("2026-04-12T09:00:00Z"), Allowed::Closed { again: renewed.commitment_ends_at });
}

#[test]
fn a_window_that_is_told_is_open_at_its_last_instant_and_closed_a_second_later() {
    for distributor in ["crayon", "streamone", "acme"] {
        let mut seats = new_commerce(distributor, 3);
        let until = now() + Duration::days(2);
        seats.cancellable_until = Some(until);
        let open = |at: DateTime<Utc>| guard(distributor, &seats, at).reduce.allowed;
        assert_eq!(open(until), Allowed::Open { until: Some(until) }, "{distributor}");
        let closed = Allowed::Closed { again: seats.commitment_ends_at };
        assert_eq!(open(until + Duration::seconds(1)), closed, "{distributor}");
    }
}

#[test]
fn what_the_facts_do_not_say_is_not_known() {
    let both = (Allowed::Unknown, Allowed::Unknown);
    assert_eq!(told("crayon", &seats(5)), both, "no window is told, so it is no new commerce");
    let mut ahead = seats(5);
    ahead.billing_cycle = Some(BillingCycle::Annual);
    assert_eq!(told("pax8", &ahead), both);
    let mut committed = new_commerce("pax8", 30);
    committed.product.name = Some("Example Backup".to_owned());
    assert_eq!(
        told("pax8", &committed),
        both,
        "the product's commitment has the flags, not the subscription"
    );
    let mut unnamed = new_commerce("pax8", 30);
    unnamed.commitment_term = None;
    assert_eq!(told("pax8", &unnamed), both, "it may have renewed");
    let mut vendor = new_commerce("streamone", 30);
    vendor.product.vendor = Some("AWS".to_owned());
    assert_eq!(told("streamone", &vendor), both);
    assert_eq!(told("acme", &seats(5)), both);
    for status in [SubscriptionStatus::Pending, SubscriptionStatus::Other("novel".to_owned())] {
        for distributor in ["crayon", "pax8", "streamone"] {
            let mut waiting = new_commerce(distributor, 2);
            waiting.status = status.clone();
            assert_eq!(told(distributor, &waiting), both, "{distributor} {status}");
        }
    }
}

#[test]
fn what_is_not_committed_and_paid_by_the_month_is_open_at_pax8_only() {
    assert_eq!(told("pax8", &seats(5)), (ALWAYS, ALWAYS));
    assert_eq!(told("streamone", &seats(5)), (NEVER, NEVER), "without ids of the catalog");
    let mut later = seats(5);
    later.starts_at = Some(now() + Duration::days(2));
    let told = guard("pax8", &later, now());
    assert_eq!(told.reduce.allowed, Allowed::Closed { again: later.starts_at });
    assert_eq!(told.cancel.allowed, Allowed::Unknown);
}

#[test]
fn what_has_ended_is_closed_and_a_trial_that_was_converted_has_ended_elsewhere_only() {
    for distributor in ["crayon", "pax8", "streamone", "acme"] {
        for status in
            [SubscriptionStatus::Cancelled, SubscriptionStatus::Expired, SubscriptionStatus::Deleted]
        {
            let mut ended = seats(5);
            ended.status = status;
            ended.auto_renew = Some(true);
            assert_eq!(told(distributor, &ended), (NEVER, NEVER), "{distributor}");
            assert_eq!(guard(distributor, &ended, now()).renewal, Renewal::Never);
        }
    }
    let mut converted = seats(5);
    converted.status = SubscriptionStatus::Converted;
    assert_eq!(told("pax8", &converted), (ALWAYS, ALWAYS));
    assert_eq!(told("crayon", &converted), (NEVER, NEVER));
}

#[test]
fn a_single_unit_is_cancelled_and_never_reduced() {
    let told = guard("pax8", &seats(1), now());
    assert_eq!((told.reduce.allowed, told.reduce.rule), (NEVER, CommitmentRule::OneUnit));
    assert_eq!(told.cancel.allowed, ALWAYS);
}

fn dollars(least: i64, most: i64) -> MoneyRange {
    MoneyRange::new(Decimal::new(least, 2), Decimal::new(most, 2), "USD".parse().unwrap())
}

fn priced(mut seats: Subscription, cents: i64, every: Term) -> Subscription {
    let price = Price::new(Decimal::new(cents, 2), "USD".parse().ok());
    seats.cost = Some(price.every(every));
    seats
}

#[test]
fn missing_a_date_costs_a_term_of_one_unit_up_to_all_of_them() {
    let monthly = priced(new_commerce("crayon", 3), 1_760, Term::MONTH);
    let told = guard("crayon", &monthly, now());
    assert_eq!(told.deadline, monthly.cancellable_until);
    assert_eq!(told.missed, Some(dollars(21_120, 253_440)));
    // Afterwards it is the next term that is at stake, with what was scheduled for it.
    let mut later = priced(new_commerce("crayon", 30), 21_120, Term::YEAR);
    later.auto_renew = Some(true);
    let mut next = NextTerm::default();
    next.quantity = Some(10.into());
    later.next_term = Some(next);
    let told = guard("crayon", &later, now());
    assert_eq!((told.deadline, told.missed), (later.ends_at, Some(dollars(21_120, 211_200))));
    assert!(matches!(&told.renewal, Renewal::Renews { with, .. } if with.quantity == Some(10.into())));
    // Whoever does not renew misses nothing.
    later.auto_renew = Some(false);
    let told = guard("crayon", &later, now());
    assert_eq!((told.renewal, told.deadline, told.missed), (Renewal::Ends { at: later.ends_at }, None, None));
    // Of another product, or without a price, a currency or a quantity, nothing is known.
    let mut unpriced = new_commerce("crayon", 3);
    assert_eq!(guard("crayon", &unpriced, now()).missed, None);
    unpriced.cost = Some(Price::new(5.into(), None).every(Term::MONTH));
    assert_eq!(guard("crayon", &unpriced, now()).missed, None);
    let mut countless = priced(new_commerce("crayon", 3), 1_760, Term::MONTH);
    countless.quantity = None;
    assert_eq!(guard("crayon", &countless, now()).missed, None);
    let mut changing = priced(new_commerce("crayon", 30), 1_760, Term::MONTH);
    changing.auto_renew = Some(true);
    let mut next = NextTerm::default();
    next.billing_cycle = Some(BillingCycle::Annual);
    changing.next_term = Some(next);
    assert_eq!(guard("crayon", &changing, now()).missed, None);
}

#[test]
fn ranges_of_two_currencies_are_never_added() {
    let one = dollars(100, 200);
    assert_eq!(one.checked_add(dollars(50, 50)), Some(dollars(150, 250)));
    assert_eq!(one.checked_add(MoneyRange::exactly(1.into(), "EUR".parse().unwrap())), None);
    assert_eq!(
        MoneyRange::new(2.into(), 1.into(), one.currency),
        MoneyRange::new(1.into(), 2.into(), one.currency)
    );
    assert_eq!((one.to_string(), dollars(5, 5).to_string()), ("1.00 to 2.00 USD".into(), "0.05 USD".into()));
}

#[test]
fn a_guard_reads_like_a_sentence_and_comes_back_from_json() {
    let told = guard("pax8", &priced(new_commerce("pax8", 30), 1_760, Term::MONTH), now());
    let text = told.to_string();
    assert!(
        text.contains("reduce now: no, not before 2027-10-21 08:00 UTC (Microsoft's new commerce"),
        "{text}"
    );
    assert!(text.contains("whether it renews is not told"), "{text}");
    assert!(text.contains("missing 2027-10-21 08:00 UTC costs 211.20 to 2534.40 USD"), "{text}");
    let json = serde_json::to_string(&told).unwrap();
    assert_eq!(serde_json::from_str::<Guard>(&json).unwrap(), told);
    for rule in [
        told.reduce.rule,
        CommitmentRule::CrayonLegacy,
        CommitmentRule::Ended,
        CommitmentRule::StreamOneImported,
    ] {
        assert!(!rule.says().is_empty() && !rule.source().is_empty());
    }
}
