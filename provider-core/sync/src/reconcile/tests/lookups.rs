//! What is looked up before a row is called different, and what a report of some vendors leaves open.

use provider_core::model::{SubscriptionStatus, UsageKind};
use provider_core::{Capabilities, EntityKind, Operation, Subscription, UsageRecord};

use super::shop::{Shop, at, billed, line, only, seats, usd};
use crate::reconcile::{Cause, Comparison, Reason, Rules, Verdict};

fn verdicts(compared: &Comparison) -> Vec<Verdict> {
    compared.rows().map(|row| row.verdict).collect()
}

/// Twelve seats, of which the list does not tell when they changed; the invoice and the bill have ten.
fn grown(id: &str) -> Subscription {
    let mut grown = seats(id);
    grown.quantity = Some(12.into());
    grown
}

/// A distributor that tells it of each subscription by itself.
fn dated(listed: Vec<Subscription>, updated: &str) -> Shop {
    let mut shop = Shop::with(listed);
    shop.capabilities = shop
        .capabilities
        .to_builder()
        .native(Operation::Get(EntityKind::Subscription))
        .detail_fields(EntityKind::Subscription, ["updated_at"])
        .build();
    shop.details.clone_from(&shop.subscriptions);
    for seats in &mut shop.details {
        seats.updated_at = Some(at(updated));
    }
    shop
}

fn asked(shop: &Shop) -> usize {
    shop.asked.0.lock().unwrap().len()
}

#[tokio::test]
async fn a_change_after_the_month_is_looked_up_where_only_the_record_itself_tells_it() {
    let shop = dated(vec![grown("s-1"), seats("s-2")], "2026-11-10T00:00:00Z");
    let compared = shop.compare(vec![billed("s-1"), billed("s-2")]).await;
    assert_eq!(verdicts(&compared), [Verdict::NotTold(Reason::ChangedSince), Verdict::Match]);
    // What agrees is asked for by nobody.
    assert_eq!(asked(&shop), 1);

    // One that has not changed since differs.
    let shop = dated(vec![grown("s-1")], "2026-08-10T00:00:00Z");
    let row = only(&shop.compare(vec![billed("s-1")]).await);
    assert_eq!((row.cause, row.notes), (Cause::InvoicedFewer, Vec::new()));

    // Before the month is over nothing can have changed after it.
    let open = shop.compare_by(vec![billed("s-1")], Rules::default(), "2026-10-20T00:00:00Z").await;
    assert_eq!((only(&open).cause, asked(&shop)), (Cause::InvoicedFewer, 1));
}

#[tokio::test]
async fn a_cancellation_that_winto_asked_for_before_the_month_ends_on_its_day() {
    let mut cancelled = grown("s-1");
    cancelled.status = SubscriptionStatus::Cancelled;
    cancelled.ends_at = Some(at("2026-10-31T00:00:00Z"));
    // The record last changed when its end was set: it was in use until then, and differs as it did in the list.
    let shop = dated(vec![cancelled], "2026-08-10T00:00:00Z");
    let row = only(&shop.compare(vec![billed("s-1")]).await);
    assert_eq!((row.cause, asked(&shop)), (Cause::InvoicedFewer, 1));
}

#[tokio::test]
async fn where_nobody_tells_when_it_changed_the_difference_says_so() {
    let row = only(&Shop::with(vec![grown("s-1")]).compare(vec![billed("s-1")]).await);
    assert_eq!(row.cause, Cause::InvoicedFewer);
    assert_eq!(row.notes, ["when it last changed is not told: what is ordered is what it is now"]);
    // One that has gone since stays as it was listed.
    let mut gone = dated(vec![grown("s-1")], "2026-11-10T00:00:00Z");
    gone.details.clear();
    assert_eq!(only(&gone.compare(vec![billed("s-1")]).await).cause, Cause::InvoicedFewer);
}

/// A distributor whose reports are of some vendors.
fn reports(listed: Vec<Subscription>, reported: &[&str]) -> Shop {
    let mut shop = Shop { lines: Vec::new(), ..Shop::with(listed) };
    shop.capabilities = Capabilities::builder()
        .native(Operation::List(EntityKind::Subscription))
        .native(Operation::List(EntityKind::Usage))
        .fields(EntityKind::Usage, ["subscription", "cost"])
        .build();
    for id in reported {
        let line = line(id);
        let mut record = UsageRecord::default();
        record.kind = Some(UsageKind::Licence);
        record.subscription = line.subscription;
        (record.quantity, record.cost, record.sale) = (line.quantity, line.cost, line.sale);
        shop.usage.push(record);
    }
    shop
}

#[tokio::test]
async fn of_a_vendor_that_the_reports_leave_out_nothing_is_missing() {
    let of = |id: &str, vendor: Option<&str>, product: &str| {
        let mut seats = seats(id);
        seats.product.vendor = vendor.map(str::to_owned);
        seats.product.id = Some(product.into());
        seats
    };
    let listed = vec![
        of("s-1", Some("Acme"), "suite"),
        of("s-2", Some("Acme"), "voice"),
        of("s-3", Some("Other"), "mail"),
        of("s-4", None, "cloud"),
        of("s-5", None, "cloud"),
        of("s-6", None, "shield"),
    ];
    let shop = reports(listed, &["s-1", "s-4"]);
    let rows = ["s-1", "s-2", "s-3", "s-4", "s-5", "s-6"].map(billed).to_vec();
    let missing = Verdict::NotBilled;
    let untold = Verdict::NotTold(Reason::InvoicedUnknown);
    let compared = shop.compare(rows).await;
    assert_eq!(verdicts(&compared), [Verdict::Match, missing, untold, Verdict::Match, missing, untold]);
    assert!(!compared.header().summary.all_matched);
    // What is not billed is bought all the same, and what is billed too low differs from the order.
    let mut fewer = billed("s-6");
    fewer.quantity = rust_decimal::Decimal::from(7).into();
    let causes: Vec<_> = shop.compare(vec![fewer]).await.rows().map(|row| row.cause).collect();
    assert_eq!(causes.last(), Some(&Cause::BilledFewer));
    assert_eq!(causes.get(2), Some(&Cause::NotBilled));
}

#[tokio::test]
async fn usage_that_names_nobody_may_be_what_is_missing() {
    let of_one_vendor = |id: &str| {
        let mut seats = seats(id);
        seats.product.vendor = Some("Acme".to_owned());
        seats
    };
    let mut shop = reports(vec![of_one_vendor("s-1"), of_one_vendor("s-2")], &["s-1"]);
    let mut record = UsageRecord::default();
    record.cost = Some(usd("4.00").flat());
    let incomplete = Verdict::NotTold(Reason::InvoicedIncomplete);
    let loose = Verdict::NotTold(Reason::NoSubscription);
    for (kind, vendor, second) in [
        (None, None, incomplete),
        // Money back needs no subscription, and an id that nobody has is not that of the second.
        (Some(UsageKind::Credit), None, Verdict::NotBilled),
        (None, Some("elsewhere".to_owned()), Verdict::NotBilled),
    ] {
        (record.kind, record.vendor_subscription_id) = (kind, vendor);
        shop.usage.truncate(1);
        shop.usage.push(record.clone());
        let compared = shop.compare(vec![billed("s-1"), billed("s-2")]).await;
        assert_eq!(verdicts(&compared), [Verdict::Match, second, loose], "{record:?}");
        assert!(!compared.header().summary.all_matched);
    }
}

#[tokio::test]
async fn reports_without_a_record_tell_nothing_of_anybody() {
    let shop = reports(vec![seats("s-1")], &[]);
    let compared = shop.compare(vec![billed("s-1")]).await;
    assert_eq!(verdicts(&compared), [Verdict::NotTold(Reason::InvoicedUnknown)]);
    let row = only(&compared);
    assert_eq!(row.ordered.amount, Some(usd("20.00").amount));
}
