//! Terms that begin on any day, what is charged for a part of them, and what is given back alone.

use provider_core::model::{InvoiceLineKind, SubscriptionStatus};
use provider_core::{BillingCycle, InvoiceLine, Period, Price, Subscription, SubscriptionId, Term};
use rust_decimal::Decimal;

use super::cases::{amount, by, units};
use super::shop::{Shop, at, billed, line, only, seats, usd};
use crate::reconcile::{BilledRow, Cause, Credits, Figure, Reason, Row, Rules, Terms, Verdict};

fn spread() -> Rules {
    let mut rules = Rules::default();
    rules.terms = Terms::Spread;
    rules
}

/// So many seats for 24.00 a year, since the middle of an October.
fn yearly(quantity: i64) -> Subscription {
    let mut yearly = seats("s-1");
    yearly.quantity = Some(quantity.into());
    yearly.billing_cycle = Some(BillingCycle::Annual);
    yearly.starts_at = Some(at("2025-10-15T00:00:00Z"));
    yearly.cost = Some(usd("24.00").every(Term::YEAR));
    yearly.customer_price = Some(usd("36.00").every(Term::YEAR));
    yearly
}

fn of(kind: InvoiceLineKind, quantity: i64, cost: &str, sale: &str, days: (&str, &str)) -> InvoiceLine {
    let mut line = line("s-1");
    line.kind = kind;
    line.quantity = Some(quantity.into());
    line.cost = Some(usd(cost).flat());
    line.sale = Some(usd(sale).flat());
    let day = |day: &str| at(&format!("{day}T00:00:00Z"));
    line.period = Period::new(day(days.0), day(days.1)).ok();
    line
}

fn year(days: (&str, &str)) -> InvoiceLine {
    of(InvoiceLineKind::Subscription, 10, "240.00", "360.00", days)
}

#[tokio::test]
async fn a_year_that_begins_on_the_15th_is_spread_over_twelve_months() {
    // It has renewed in October, which is the first month of the new one.
    let lines = vec![year(("2025-10-15", "2026-10-15")), year(("2026-10-15", "2027-10-15"))];
    let shop = Shop { lines, ..Shop::with(vec![yearly(10)]) };
    assert_eq!(by(&shop, vec![billed("s-1")], spread()).await, (Cause::Agreed, None));
}

#[tokio::test]
async fn seats_that_were_added_in_a_year_are_spread_over_what_is_left_of_it() {
    let mut seats = yearly(15);
    seats.starts_at = Some(at("2026-01-15T00:00:00Z"));
    // Five more from June on, which are charged for seven months at once.
    for added in ["2026-06-10", "2026-06-15", "2026-06-20"] {
        let part = of(InvoiceLineKind::Prorate, 5, "70.00", "105.00", (added, "2027-01-15"));
        let lines = vec![year(("2026-01-15", "2027-01-15")), part];
        let shop = Shop { lines, ..Shop::with(vec![seats.clone()]) };
        let row = vec![units(amount(billed("s-1"), 4_500), 15)];
        assert_eq!(by(&shop, row, spread()).await, (Cause::Prorated, None), "{added}");
    }
}

#[tokio::test]
async fn what_a_part_or_a_meter_costs_in_another_currency_is_compared_with_nothing() {
    let month = ("2026-10-01", "2026-11-01");
    for kind in [InvoiceLineKind::Prorate, InvoiceLineKind::Usage] {
        let mut part = of(kind, 10, "20.00", "30.00", month);
        let shop = Shop { lines: vec![part.clone()], ..Shop::with(vec![seats("s-1")]) };
        assert_ne!(by(&shop, vec![billed("s-1")], Rules::default()).await.0, Cause::NotTold);
        // The customer is charged in euros by the line, and was in dollars.
        part.sale = Some(Price::new("30.00".parse().unwrap(), "EUR".parse().ok()).flat());
        let shop = Shop { lines: vec![part], ..shop };
        let row = only(&shop.compare(vec![billed("s-1")]).await);
        assert_eq!(row.verdict, Verdict::NotTold(Reason::InvoicedCurrency));
    }
}

/// What the first of two came to, of which the second is as it should be.
async fn first(seats_1: Subscription, line_1: InvoiceLine, mut rows: Vec<BilledRow>) -> Row {
    let lines = vec![line_1, line("s-2")];
    let shop = Shop { lines, ..Shop::with(vec![seats_1, seats("s-2")]) };
    rows.push(billed("s-2"));
    let compared = shop.compare(rows).await;
    let first = compared.rows().next().unwrap();
    assert_eq!(first.subscription.as_ref().map(SubscriptionId::as_str), Some("s-1"), "{first:#?}");
    first
}

#[tokio::test]
async fn money_back_for_what_nobody_charges_is_told() {
    let mut ended = seats("s-1");
    ended.status = SubscriptionStatus::Cancelled;
    ended.ends_at = Some(at("2026-09-20T00:00:00Z"));
    let mut trial = seats("s-1");
    trial.status = SubscriptionStatus::Trial;
    let month = ("2026-10-01", "2026-11-01");
    let mut not_due = yearly(10);
    not_due.starts_at = Some(at("2026-03-05T00:00:00Z"));
    for seats in [ended.clone(), trial, not_due] {
        // As a credit, or as a part of a term that comes to less than nothing.
        for kind in [InvoiceLineKind::Credit, InvoiceLineKind::Prorate] {
            let back = of(kind, 1, "-4.00", "-6.00", month);
            let row = first(seats.clone(), back, Vec::new()).await;
            assert_eq!((row.verdict, row.cause), (Verdict::Price, Cause::Credited), "{row:#?}");
            assert_eq!(row.at_stake.map(|range| range.most), Some("4.00".parse().unwrap()));
        }
    }
    let back = of(InvoiceLineKind::Prorate, 1, "-4.00", "-6.00", month);
    let row = first(ended, back, vec![billed("s-1")]).await;
    assert_eq!(row.cause, Cause::BilledAfterEnd);
}

#[tokio::test]
async fn what_was_free_and_is_charged_for_is_no_match() {
    let mut free = seats("s-1");
    free.cost = Some(usd("0").every(Term::MONTH));
    free.customer_price = None;
    // At nothing it stands on the invoice as a matter of course.
    let month = ("2026-10-01", "2026-11-01");
    let at_nothing = of(InvoiceLineKind::Subscription, 10, "0", "0", month);
    assert_eq!(first(free.clone(), at_nothing, Vec::new()).await.cause, Cause::NotDue);
    let charged = of(InvoiceLineKind::Subscription, 10, "20.00", "30.00", month);
    let row = first(free.clone(), charged.clone(), Vec::new()).await;
    assert_eq!((row.verdict, row.cause), (Verdict::NotBilled, Cause::NotBilled));
    assert_eq!(row.at_stake.map(|range| (range.least, range.most)), Some((20.into(), 30.into())));
    let row = first(free, charged, vec![billed("s-1")]).await;
    assert_eq!((row.verdict, row.cause), (Verdict::Price, Cause::InvoicedDearer));
}

#[tokio::test]
async fn seats_that_were_added_within_a_year_are_due_in_their_month() {
    let mut grown = yearly(15);
    grown.starts_at = Some(at("2026-03-05T00:00:00Z"));
    let part = of(InvoiceLineKind::Prorate, 5, "50.00", "75.00", ("2026-10-10", "2027-03-05"));
    let row = |cents| vec![units(amount(billed("s-1"), cents), 5)];
    for (rows, verdict, cause, stake) in [
        (row(7_500), Verdict::Match, Cause::Prorated, None),
        (row(7_000), Verdict::Price, Cause::BilledCheaper, Some((5, 5))),
        (Vec::new(), Verdict::NotBilled, Cause::NotBilled, Some((50, 75))),
    ] {
        let row = first(grown.clone(), part.clone(), rows).await;
        assert_eq!((row.verdict, row.cause), (verdict, cause), "{row:#?}");
        let stake = stake.map(|(least, most): (i64, i64)| (Decimal::from(least), Decimal::from(most)));
        assert_eq!(row.at_stake.map(|range| (range.least, range.most)), stake);
    }
    // What the customer should have been charged for it is the line's to say: the price is that of a year.
    let mut untold = part;
    untold.sale = None;
    let row = first(grown, untold, row(7_500)).await;
    assert_eq!(row.verdict, Verdict::NotTold(Reason::NoPrice));
}

#[tokio::test]
async fn a_row_without_an_amount_beside_one_that_has_it_is_no_lower_price() {
    let shop = Shop::with(vec![seats("s-1")]);
    let half = |figure: Figure| {
        let mut half = units(billed("s-1"), 5);
        half.amount = figure;
        half
    };
    let both = |other| vec![half(Figure::read("15.00")), half(other)];
    assert_eq!(by(&shop, both(Figure::read("15.00")), Rules::default()).await, (Cause::Agreed, None));
    let row = only(&shop.compare(both(Figure::Missing)).await);
    assert_eq!(row.verdict, Verdict::NotTold(Reason::NoAmount));
    // The units are told all the same.
    let few = vec![half(Figure::Missing)];
    assert_eq!(by(&shop, few, Rules::default()).await.0, Cause::BilledFewer);
}

#[tokio::test]
async fn what_is_missing_beside_a_credit_is_worth_its_price() {
    let mut net = Rules::default();
    net.credits = Credits::Net;
    let credit = of(InvoiceLineKind::Credit, 1, "-4.00", "-6.00", ("2026-10-01", "2026-11-01"));
    let both = Shop::with(vec![seats("s-1"), seats("s-2")]);
    let shop = Shop { lines: vec![credit, line("s-2")], ..both };
    let rows = vec![billed("s-1"), billed("s-2")];
    let compared = shop.compare_by(rows, net, "2026-11-20T08:00:00Z").await;
    let row = compared.rows().next().unwrap();
    assert_eq!(row.cause, Cause::NotInvoiced, "{row:#?}");
    assert_eq!(row.at_stake.map(|range| range.most), Some(20.into()));
}
