//! What rules make of lines: prorates, credits, zero lines, consumption, terms of a year, tolerance.

use provider_core::commitment::MoneyRange;
use provider_core::model::{InvoiceLineKind, SubscriptionStatus};
use provider_core::{BillingCycle, Period, ProviderInfo, Term};
use rust_decimal::Decimal;

use super::shop::{Shop, at, billed, elsewhere, line, month, only, seats, usd};
use crate::reconcile::{
    Amounts, BilledRow, Cause, Consumption, Credits, Loser, Prorates, Reason, Rules, Terms, Verdict,
    ZeroLines,
};

pub(super) fn amount(mut row: BilledRow, cents: i64) -> BilledRow {
    row.amount = Decimal::new(cents, 2).into();
    row
}

pub(super) fn units(mut row: BilledRow, units: i64) -> BilledRow {
    row.quantity = Decimal::from(units).into();
    row
}

/// Without the zeros at the end.
fn stake(range: MoneyRange) -> String {
    MoneyRange::new(range.least.normalize(), range.most.normalize(), range.currency).to_string()
}

pub(super) async fn by(shop: &Shop, rows: Vec<BilledRow>, rules: Rules) -> (Cause, Option<String>) {
    let row = only(&shop.compare_by(rows, rules, "2026-11-20T08:00:00Z").await);
    assert_eq!(row.cause.verdict().as_str() == row.verdict.as_str(), row.cause != Cause::NotTold, "{row:#?}");
    (row.cause, row.at_stake.map(stake))
}

#[tokio::test]
async fn the_money_at_stake_is_what_the_difference_comes_to() {
    let shop = Shop::with(vec![seats("s-1")]);
    for (rows, cause, stake) in [
        (vec![units(billed("s-1"), 8)], Cause::BilledFewer, "6 to 7.5 USD"),
        (vec![billed("s-1"), billed("s-1")], Cause::BilledTwice, "30 USD"),
        (vec![amount(billed("s-1"), 2_750)], Cause::BilledCheaper, "2.5 USD"),
        (vec![amount(billed("s-1"), 3_100)], Cause::BilledDearer, "1 USD"),
    ] {
        assert_eq!(by(&shop, rows, Rules::default()).await, (cause, Some(stake.to_owned())), "{cause:?}");
    }
    let rows = vec![billed("s-2")];
    let compared = shop.compare(rows).await;
    let found: Vec<_> = compared.rows().map(|row| (row.cause, row.at_stake.map(stake))).collect();
    assert_eq!(found[0], (Cause::NotBilled, Some("20 to 30 USD".to_owned())));
    assert_eq!(found[1], (Cause::BilledNotOrdered, Some("30 USD".to_owned())));
    let losers: Vec<_> = compared.rows().map(|row| row.cause.loser()).collect();
    assert_eq!(losers, [Some(Loser::Partner), Some(Loser::Customer)]);
}

#[tokio::test]
async fn a_cent_is_within_the_tolerance_and_two_are_not() {
    let shop = Shop::with(vec![seats("s-1")]);
    assert_eq!(by(&shop, vec![amount(billed("s-1"), 2_999)], Rules::default()).await.0, Cause::Agreed);
    assert_eq!(by(&shop, vec![amount(billed("s-1"), 2_998)], Rules::default()).await.0, Cause::BilledCheaper);
    let mut rules = Rules::default();
    rules.tolerance.amount = Decimal::ONE;
    rules.tolerance.quantity = Decimal::TWO;
    assert_eq!(by(&shop, vec![units(amount(billed("s-1"), 2_900), 8)], rules).await.0, Cause::Agreed);
}

#[tokio::test]
async fn a_part_of_a_term_explains_a_lower_amount_and_no_higher_one() {
    let mut more = seats("s-1");
    more.quantity = Some(12.into());
    let mut part = line("s-1");
    part.kind = InvoiceLineKind::Prorate;
    part.quantity = Some(2.into());
    part.cost = Some(usd("2.00").flat());
    part.sale = Some(usd("3.00").flat());
    let mut shop = Shop { lines: vec![line("s-1"), part], ..Shop::with(vec![more]) };
    let row = vec![units(amount(billed("s-1"), 3_300), 12)];
    assert_eq!(by(&shop, row.clone(), Rules::default()).await, (Cause::Prorated, None));
    // Left out, the units are too few.
    let mut rules = Rules::default();
    rules.prorates = Prorates::Leave;
    assert_eq!(by(&shop, row.clone(), rules).await.0, Cause::InvoicedFewer);
    shop.lines[1].cost = Some(usd("9.00").flat());
    assert_eq!(by(&shop, row, Rules::default()).await, (Cause::InvoicedDearer, Some("5 USD".to_owned())));
}

#[tokio::test]
async fn what_began_in_the_month_may_cost_a_part() {
    let mut young = seats("s-1");
    young.starts_at = Some(at("2026-10-16T00:00:00Z"));
    let mut half = line("s-1");
    half.cost = Some(usd("10.00").flat());
    half.sale = Some(usd("15.00").flat());
    let shop = Shop { lines: vec![half.clone()], ..Shop::with(vec![young]) };
    assert_eq!(by(&shop, vec![amount(billed("s-1"), 1_500)], Rules::default()).await.0, Cause::Prorated);
    // The same of one that has run all along is a difference.
    let shop = Shop { lines: vec![half], ..Shop::with(vec![seats("s-1")]) };
    assert_eq!(
        by(&shop, vec![amount(billed("s-1"), 1_500)], Rules::default()).await.0,
        Cause::InvoicedCheaper
    );
}

#[tokio::test]
async fn money_that_was_given_back_is_said_or_taken_off() {
    let mut credit = line("s-1");
    credit.kind = InvoiceLineKind::Credit;
    credit.quantity = Some(1.into());
    credit.cost = Some(usd("-4.00").flat());
    credit.sale = None;
    let shop = Shop { lines: vec![line("s-1"), credit.clone()], ..Shop::with(vec![seats("s-1")]) };
    let row = || vec![billed("s-1")];
    assert_eq!(by(&shop, row(), Rules::default()).await, (Cause::Credited, Some("0 to 4 USD".to_owned())));
    let mut rules = Rules::default();
    rules.credits = Credits::Net;
    assert_eq!(by(&shop, row(), rules.clone()).await, (Cause::InvoicedCheaper, Some("4 USD".to_owned())));
    rules.credits = Credits::Leave;
    assert_eq!(by(&shop, row(), rules).await.0, Cause::Agreed);
    // One for an earlier month is said, and changes nothing of this one.
    credit.period = Some(elsewhere());
    let shop = Shop { lines: vec![line("s-1"), credit], ..Shop::with(vec![seats("s-1")]) };
    let row = only(&shop.compare(vec![billed("s-1")]).await);
    assert_eq!((row.cause, row.notes.len()), (Cause::Agreed, 1));
    assert!(row.notes[0].contains("-4.00 USD for another month"), "{:?}", row.notes);
    // It is not the month's own line either: that one is missing all the same, as it is beside a fee.
    let mut fee = line("s-1");
    fee.kind = InvoiceLineKind::Fee;
    fee.period = Some(elsewhere());
    let credit = shop.lines[1].clone();
    let both = Shop::with(vec![seats("s-1"), seats("s-2")]);
    let other = Shop { lines: vec![credit, fee, line("s-2")], ..both };
    let compared = other.compare(vec![billed("s-1"), billed("s-2")]).await;
    let first = compared.rows().next().unwrap();
    assert_eq!((first.cause, first.notes.len()), (Cause::NotInvoiced, 1), "{first:#?}");
}

#[tokio::test]
async fn a_line_without_an_amount_counts_or_is_as_if_it_were_not_there() {
    let mut free = line("s-1");
    free.cost = Some(usd("0").flat());
    let shop = Shop { lines: vec![free], ..Shop::with(vec![seats("s-1")]) };
    assert_eq!(
        by(&shop, vec![billed("s-1")], Rules::default()).await,
        (Cause::InvoicedFree, Some("20 USD".into()))
    );
    let mut rules = Rules::default();
    rules.zero_lines = ZeroLines::Leave;
    assert_eq!(by(&shop, vec![billed("s-1")], rules).await.0, Cause::NotInvoiced);
}

#[tokio::test]
async fn the_meters_of_a_subscription_are_one_line() {
    let mut storage = seats("s-1");
    storage.billing_cycle = Some(BillingCycle::Usage);
    storage.quantity = Some(1.into());
    storage.cost = None;
    storage.customer_price = None;
    let meter = |cost: &str, sale: &str| {
        let mut meter = line("s-1");
        meter.kind = InvoiceLineKind::Usage;
        meter.quantity = Some(417.into());
        meter.cost = Some(usd(cost).flat());
        meter.sale = Some(usd(sale).flat());
        meter
    };
    let lines = vec![meter("1.10", "1.50"), meter("2.20", "2.50"), meter("0.30", "0.50")];
    let shop = Shop { lines, ..Shop::with(vec![storage]) };
    let one = vec![units(amount(billed("s-1"), 450), 1)];
    let row = only(&shop.compare(one.clone()).await);
    assert_eq!((row.cause, row.notes), (Cause::Agreed, vec!["3 meters as one line".to_owned()]));
    let cheaper = vec![units(amount(billed("s-1"), 400), 1)];
    assert_eq!(by(&shop, cheaper, Rules::default()).await, (Cause::BilledCheaper, Some("0.5 USD".into())));
    let other = Shop { subscriptions: vec![shop.subscriptions[0].clone(), seats("s-2")], ..shop.clone() };
    let other = Shop { lines: [shop.lines.clone(), vec![line("s-2")]].concat(), ..other };
    let compared = other.compare(vec![billed("s-2")]).await;
    let first = compared.rows().next().unwrap();
    assert_eq!(
        (first.cause, stake(first.at_stake.unwrap())),
        (Cause::UsageNotBilled, "3.6 to 4.5 USD".into())
    );
    let mut rules = Rules::default();
    rules.consumption = Consumption::Leave;
    let left = other.compare_by(vec![billed("s-2")], rules, "2026-11-20T08:00:00Z").await;
    assert_eq!(left.rows().next().unwrap().cause, Cause::NotDue);
}

#[tokio::test]
async fn a_year_counts_in_its_month_or_in_all_of_them() {
    let yearly = |start: &str| {
        let mut yearly = seats("s-1");
        yearly.billing_cycle = Some(BillingCycle::Annual);
        yearly.starts_at = Some(at(start));
        yearly.cost = Some(usd("24.00").every(Term::YEAR));
        yearly.customer_price = Some(usd("36.00").every(Term::YEAR));
        yearly
    };
    let mut year = line("s-1");
    year.cost = Some(usd("240.00").flat());
    year.sale = Some(usd("360.00").flat());
    year.period = Period::new(at("2026-03-01T00:00:00Z"), at("2027-03-01T00:00:00Z")).ok();
    // Charged in March: nothing is due in October.
    let other = line("s-2");
    let lines = vec![year.clone(), other];
    let both = |seats_1| vec![seats_1, seats("s-2")];
    let shop = Shop { lines, ..Shop::with(both(yearly("2026-03-05T00:00:00Z"))) };
    let first = |compared: crate::reconcile::Comparison| compared.rows().next().unwrap();
    assert_eq!(first(shop.compare(vec![billed("s-2")]).await).cause, Cause::NotDue);
    let rows = vec![billed("s-2"), amount(billed("s-1"), 3_000)];
    assert_eq!(first(shop.compare(rows.clone()).await).cause, Cause::BilledNotDue);
    // Spread, a twelfth of it is October's.
    let mut rules = Rules::default();
    rules.terms = Terms::Spread;
    let spread = shop.compare_by(rows, rules, "2026-11-20T08:00:00Z").await;
    let row = first(spread);
    assert_eq!((row.cause, row.invoiced.amount), (Cause::Agreed, Some("20.00".parse().unwrap())));
    // Due again after a year.
    year.period = Period::new(at("2026-10-01T00:00:00Z"), at("2027-10-01T00:00:00Z")).ok();
    let shop = Shop { lines: vec![year, line("s-2")], ..Shop::with(both(yearly("2025-10-05T00:00:00Z"))) };
    let rows = vec![billed("s-2"), amount(billed("s-1"), 36_000)];
    assert_eq!(first(shop.compare(rows).await).cause, Cause::Agreed);
}

#[tokio::test]
async fn what_billed_amounts_are_held_against_is_the_billers_choice() {
    let mut shop = Shop::with(vec![seats("s-1")]);
    // The partner's own price is another one than the distributor's list.
    shop.subscriptions[0].customer_price = Some(usd("3.50").every(Term::MONTH));
    let cases = [
        (Amounts::Sale, 3_000, Cause::Agreed),
        (Amounts::CustomerPrice, 3_500, Cause::Agreed),
        (Amounts::CustomerPrice, 3_000, Cause::BilledCheaper),
        (Amounts::Cost, 2_000, Cause::Agreed),
        (Amounts::Units, 9_999, Cause::Agreed),
        (Amounts::Units, 1_999 - 50, Cause::BilledBelowCost),
    ];
    for (amounts, cents, cause) in cases {
        let mut rules = Rules::default();
        rules.amounts = amounts;
        assert_eq!(
            by(&shop, vec![amount(billed("s-1"), cents)], rules).await.0,
            cause,
            "{amounts:?} {cents}"
        );
    }
    // Without any price there is nothing to hold it against, and that is no match.
    shop.subscriptions[0].customer_price = None;
    shop.lines[0].sale = None;
    let row = only(&shop.compare(vec![billed("s-1")]).await);
    assert_eq!(row.verdict, Verdict::NotTold(Reason::NoPrice));
}

#[tokio::test]
async fn what_has_ended_is_held_to_when_it_did() {
    let mut ended = seats("s-1");
    ended.status = SubscriptionStatus::Cancelled;
    ended.ends_at = Some(at("2026-09-20T00:00:00Z"));
    let mut shop = Shop::with(vec![ended]);
    assert_eq!(by(&shop, vec![billed("s-1")], Rules::default()).await.0, Cause::InvoicedAfterEnd);
    let other = Shop {
        lines: vec![line("s-2")],
        subscriptions: vec![shop.subscriptions[0].clone(), seats("s-2")],
        ..shop.clone()
    };
    let compared = other.compare(vec![billed("s-1"), billed("s-2")]).await;
    let causes: Vec<_> = compared.rows().map(|row| row.cause).collect();
    assert_eq!(causes, [Cause::BilledAfterEnd, Cause::Agreed]);
    // Nobody charged: there is no row.
    assert_eq!(other.compare(vec![billed("s-2")]).await.rows().count(), 1);
    // In the month itself it was still in use.
    shop.subscriptions[0].ends_at = Some(at("2026-10-20T00:00:00Z"));
    assert_eq!(by(&shop, vec![billed("s-1")], Rules::default()).await.0, Cause::Agreed);
    // The end of the term is not the day on which it was cancelled.
    let end = Some(at("2027-03-05T00:00:00Z"));
    (shop.subscriptions[0].ends_at, shop.subscriptions[0].commitment_ends_at) = (end, end);
    let row = only(&shop.compare(vec![billed("s-1")]).await);
    assert_eq!(row.verdict, Verdict::NotTold(Reason::EndUnknown));
    shop.subscriptions[0].updated_at = Some(at("2026-08-20T00:00:00Z"));
    assert_eq!(by(&shop, vec![billed("s-1")], Rules::default()).await.0, Cause::InvoicedAfterEnd);
}

#[tokio::test]
async fn a_term_that_renewed_at_cloud_iq_began_when_it_was_bought() {
    let mut renewed = seats("s-1");
    renewed.created_at = Some(at("2026-05-09T10:00:00Z"));
    renewed.starts_at = Some(at("2026-11-09T00:00:00Z"));
    let mut shop = Shop::with(vec![renewed]);
    // Elsewhere a start does not move: what starts after the month was ordered ahead.
    assert_eq!(by(&shop, vec![billed("s-1")], Rules::default()).await.0, Cause::InvoicedNotDue);
    shop.info = ProviderInfo::new("crayon", "shop");
    assert_eq!(by(&shop, vec![billed("s-1")], Rules::default()).await.0, Cause::Agreed);
}

#[tokio::test]
async fn what_changed_after_the_month_is_not_held_against_it() {
    let mut changed = seats("s-1");
    changed.quantity = Some(15.into());
    changed.updated_at = Some(at("2026-11-10T00:00:00Z"));
    let shop = Shop::with(vec![changed]);
    let row = only(&shop.compare(vec![billed("s-1")]).await);
    assert_eq!(row.verdict, Verdict::NotTold(Reason::ChangedSince));
    // The invoice still tells what it was in the month.
    assert_eq!(by(&shop, vec![units(billed("s-1"), 8)], Rules::default()).await.0, Cause::BilledFewer);
}

#[tokio::test]
async fn two_subscriptions_of_one_product_and_a_product_of_another_name_are_told_apart_by_id() {
    let mut renamed = line("s-2");
    renamed.description = Some("Example Suite (new name)".to_owned());
    let shop = Shop { lines: vec![line("s-1"), renamed], ..Shop::with(vec![seats("s-1"), seats("s-2")]) };
    let compared = shop.compare(vec![billed("s-1"), billed("s-2")]).await;
    assert!(compared.header().summary.all_matched);
    // Both on one row: one is billed twice over, the other not at all.
    let both = vec![units(amount(billed("s-1"), 6_000), 20)];
    let causes: Vec<_> = shop.compare(both).await.rows().map(|row| row.cause).collect();
    assert_eq!(causes, [Cause::BilledMore, Cause::NotBilled]);
}

#[tokio::test]
async fn renewals_of_the_next_ninety_days_are_told_in_their_order() {
    let renewing = |id: &str, on: &str| {
        let mut seats = seats(id);
        seats.auto_renew = Some(true);
        seats.renews_at = Some(at(on));
        seats.commitment_term = Some(Term::YEAR);
        seats
    };
    let all = vec![
        renewing("s-1", "2027-01-05T00:00:00Z"),
        renewing("s-2", "2026-12-01T00:00:00Z"),
        renewing("s-3", "2027-06-01T00:00:00Z"),
        seats("s-4"),
    ];
    let compared = Shop::with(all).compare_alone().await;
    let told: Vec<_> = compared.header().renewals.iter().map(|one| one.guard.subscription.as_str()).collect();
    assert_eq!(told, ["s-2", "s-1"]);
    let first = &compared.header().renewals[0];
    assert_eq!(first.customer_name.as_deref(), Some("Example Bakery"));
    assert_eq!(first.guard.missed.unwrap().to_string(), "24.00 to 240.00 USD");
    assert_eq!(month().to_string(), "2026-10");
}
