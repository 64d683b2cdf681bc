//! Until when seats can be given back, and what it costs to miss that.

use provider_core::chrono::{DateTime, Duration, Utc};
use provider_core::commitment::{Allowed, CommitmentRule, Guard, MoneyRange, Renewal, guard};
use provider_core::{Currency, Price, Subscription, SubscriptionStatus, Term};
use rust_decimal::Decimal;

fn now() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

fn eur() -> Currency {
    "EUR".parse().unwrap()
}

/// Twelve seats at 10.50 EUR a month for a year, which can be given back for three days more.
fn seats() -> Subscription {
    let mut seats = Subscription::new("610001", "51001", 12);
    seats.status = SubscriptionStatus::Active;
    seats.cost = Some(Price::new(Decimal::new(1050, 2), Some(eur())).every(Term::MONTH));
    seats.commitment_term = Some(Term::YEAR);
    seats.cancellable_until = Some(now() + Duration::days(3));
    seats.ends_at = Some(now() + Duration::days(300));
    seats.auto_renew = Some(true);
    seats
}

#[test]
fn the_distributors_date_opens_and_closes() {
    for kind in ["acme", "crayon"] {
        let until = seats().cancellable_until;
        let open = guard(kind, &seats(), now());
        assert_eq!(open.reduce.allowed, Allowed::Open { until }, "{kind}");
        assert_eq!(open.cancel.allowed, Allowed::Open { until }, "{kind}");
        assert_eq!((open.deadline, open.as_of), (until, now()));
        let unit = Decimal::new(12_600, 2);
        assert_eq!(open.missed, Some(MoneyRange::new(unit, unit * Decimal::from(12), eur())));
        let closed = guard(kind, &seats(), now() + Duration::days(4));
        assert_eq!(closed.reduce.allowed, Allowed::Closed { again: seats().ends_at }, "{kind}");
        assert_eq!(closed.renewal.at(), seats().ends_at);
    }
    assert_eq!(guard("acme", &seats(), now()).reduce.rule, CommitmentRule::Told);
    assert_eq!(guard("crayon", &seats(), now()).reduce.rule, CommitmentRule::CrayonNewCommerce);
}

#[test]
fn what_is_not_told_is_not_known() {
    let mut untold = seats();
    untold.cancellable_until = None;
    for kind in ["acme", "crayon"] {
        assert_eq!(guard(kind, &untold, now()).reduce.allowed, Allowed::Unknown, "{kind}");
    }
    assert_eq!(guard("acme", &untold, now()).reduce.rule, CommitmentRule::NothingTold);
    let mut without_price = seats();
    without_price.cost = None;
    assert_eq!(guard("crayon", &without_price, now()).missed, None);
}

#[test]
fn one_seat_is_cancelled_and_not_reduced_and_what_has_ended_is_over() {
    let mut one = seats();
    one.quantity = Some(Decimal::ONE);
    let told = guard("crayon", &one, now());
    assert_eq!(
        (told.reduce.allowed, told.reduce.rule),
        (Allowed::Closed { again: None }, CommitmentRule::OneUnit)
    );
    assert!(matches!(told.cancel.allowed, Allowed::Open { .. }));
    let mut ended = seats();
    ended.status = SubscriptionStatus::Cancelled;
    let told = guard("crayon", &ended, now());
    assert_eq!((told.reduce.rule, told.renewal.clone()), (CommitmentRule::Ended, Renewal::Never));
    assert_eq!((told.deadline, told.missed), (None, None));
}

#[test]
fn what_renews_says_with_what_and_survives_being_stored() {
    let told = guard("crayon", &seats(), now());
    let Renewal::Renews { at, with } = &told.renewal else { panic!("{:?}", told.renewal) };
    assert_eq!(
        (*at, with.quantity, with.commitment_term),
        (seats().ends_at, Some(12.into()), Some(Term::YEAR))
    );
    let written = serde_json::to_string(&told).unwrap();
    assert_eq!(serde_json::from_str::<Guard>(&written).unwrap(), told);
    let mut ending = seats();
    ending.auto_renew = Some(false);
    assert_eq!(guard("crayon", &ending, now()).renewal, Renewal::Ends { at: seats().ends_at });
}
