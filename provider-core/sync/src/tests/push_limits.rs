//! How much is sent in one run, and when units can be given back.

use provider_core::{BillingCycle, EntityKind, Subscription};
use serde_json::json;

use super::crash::Fuse;
use super::market::DeskFault;
use super::town::{BOTH, Town};
use crate::engine::RunControl;
use crate::store::PendingType;

const CUSTOMER: EntityKind = EntityKind::Customer;

#[tokio::test]
async fn what_is_beyond_the_cap_waits_for_the_next_run() {
    let town = Town::with_plan(&BOTH.replace("units = 1000", "units = 5, creates = 2"));
    for n in 0..3 {
        town.write(CUSTOMER, &n.to_string(), &[("name", &format!("Bakery {n}"))]);
    }
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].waiting), (2, 1), "{report:?}");
    let waiting = town.waiting().await;
    assert_eq!(waiting[0].why, PendingType::Waits);
    assert!(waiting[0].body["reason"].as_str().unwrap().contains("`cap.creates`"), "{waiting:?}");
    assert_eq!(town.run().await.kinds[0].pushed, 1);
    let (a, b) = (Subscription::new("s1", "m01", 10), Subscription::new("s2", "m02", 10));
    town.market.shop.records().subscriptions.extend([("s1".into(), a), ("s2".into(), b)]);
    town.run().await;
    for id in ["s1", "s2"] {
        let key = town.key(EntityKind::Subscription, id);
        town.write(EntityKind::Subscription, &key, &[("quantity", "14")]);
    }
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].waiting), (1, 1), "{report:?}");
    assert_eq!(town.run().await.kinds[1].pushed, 1);
    town.assert_quiet("all of it").await;
    assert!(town.waiting().await.is_empty());
}

/// What a run carries on with counts, wherever it is cut short before it goes on.
#[tokio::test]
async fn what_was_begun_before_counts_in_a_run_that_is_cut_and_goes_on() {
    let begun = || async {
        let town = Town::with_plan(&BOTH.replace("units = 1000", "units = 1000, changes = 2"));
        town.market.shop.customers(5);
        town.run().await;
        for n in 0..5 {
            town.write(CUSTOMER, &town.key(CUSTOMER, &format!("c0{n}")), &[("phone", "1")]);
        }
        town.market.desk().faults.push_back(DeskFault::Throttled);
        assert_eq!(town.run().await.kinds[0].pushed, 0);
        let scope = crate::KindScope::new("shop", CUSTOMER);
        assert_eq!(town.store.open_intents(&scope).await.unwrap().len(), 1);
        town.clock.pass(chrono::Duration::hours(1));
        town
    };
    let (town, fuse) = (begun().await, Fuse::after(1_000_000));
    let report = town.dying(&fuse).run(&RunControl::default()).await.unwrap();
    assert_eq!(report.kinds[0].pushed, 2, "{report:?}");
    let points = 1_000_000 - fuse.left();
    assert!(points > 20, "{points}");
    for point in 0..points {
        let town = begun().await;
        let _ = town.dying(&Fuse::after(point)).run(&RunControl::default()).await;
        let report = town.run().await;
        assert!(report.kinds[0].pushed <= 2, "after a crash at {point} of {points}: {report:?}");
    }
}

#[tokio::test]
async fn a_total_that_cannot_be_kept_keeps_the_units() {
    let plan = BOTH.replace("units = 1000", "units = 1000, total = \"50\", currency = \"EUR\"");
    let town = Town::with_plan(&plan);
    town.market.shop.customer("c1", "Bakery");
    let mut priced = Subscription::new("s1", "c1", 10);
    let cost = json!({ "amount": "10.00", "currency": "EUR", "per": "unit" });
    priced.cost = serde_json::from_value(cost).unwrap();
    town.market.shop.records().subscriptions.insert("s1".into(), priced);
    town.market.shop.records().subscriptions.insert("s2".into(), Subscription::new("s2", "c1", 10));
    town.run().await;
    let keys = ["s1", "s2"].map(|id| town.key(EntityKind::Subscription, id));
    for key in &keys {
        town.write(EntityKind::Subscription, key, &[("quantity", "16")]);
    }
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].waiting), (0, 2), "{report:?}");
    let reasons: Vec<_> =
        town.waiting().await.iter().map(|pending| pending.body["reason"].to_string()).collect();
    assert!(reasons.iter().any(|reason| reason.contains("spends 50 EUR at most")), "{reasons:?}");
    assert!(reasons.iter().any(|reason| reason.contains("price is not told")), "{reasons:?}");
    town.write(EntityKind::Subscription, &keys[0], &[("quantity", "15")]);
    assert_eq!(town.run().await.kinds[1].pushed, 1);
}

/// What the whole costs, whatever the quantity, is no price of a unit.
#[tokio::test]
async fn a_flat_price_counts_once_however_many_units_are_added() {
    let plan = BOTH.replace("units = 1000", "units = 1000, total = \"50\", currency = \"EUR\"");
    let town = Town::with_plan(&plan);
    town.market.shop.customer("c1", "Bakery");
    for id in ["s1", "s2"] {
        let mut flat = Subscription::new(id, "c1", 10);
        flat.cost =
            serde_json::from_value(json!({ "amount": "40.00", "currency": "EUR", "per": "flat" })).unwrap();
        town.market.shop.records().subscriptions.insert(id.into(), flat);
    }
    town.run().await;
    for id in ["s1", "s2"] {
        let key = town.key(EntityKind::Subscription, id);
        town.write(EntityKind::Subscription, &key, &[("quantity", "16")]);
    }
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].waiting), (1, 1), "{report:?}");
    assert_eq!(town.run().await.kinds[1].pushed, 1);
}

#[tokio::test]
async fn a_total_counts_one_payment_of_what_is_added() {
    for (per, amount, period, cycle, pushed) in [
        ("unit", "10.00", Some("P1M"), BillingCycle::Monthly, 1),
        ("unit", "10.00", Some("P1M"), BillingCycle::Annual, 0),
        ("unit", "20.00", Some("P1Y"), BillingCycle::Triennial, 0),
        ("unit", "20.00", Some("P1M"), BillingCycle::Quarterly, 0),
        ("unit", "16.00", Some("P1M"), BillingCycle::Quarterly, 1),
        // A price for longer than one pays for counts whole: five units.
        ("unit", "51.00", Some("P1Y"), BillingCycle::Monthly, 0),
        ("unit", "50.00", Some("P1Y"), BillingCycle::Monthly, 1),
        ("unit", "50.00", Some("P30D"), BillingCycle::Monthly, 1),
        ("unit", "50.00", Some("P365D"), BillingCycle::Annual, 1),
        ("unit", "50.00", None, BillingCycle::Annual, 1),
        ("unit", "50.00", Some("P1Y"), BillingCycle::OneTime, 1),
        ("flat", "240.00", Some("P1M"), BillingCycle::Monthly, 1),
        ("flat", "251.00", Some("P1M"), BillingCycle::Monthly, 0),
        ("flat", "240.00", Some("P1M"), BillingCycle::Annual, 0),
    ] {
        let plan = BOTH.replace("units = 1000", "units = 1000, total = \"250\", currency = \"EUR\"");
        let town = Town::with_plan(&plan);
        town.market.shop.customer("c1", "Bakery");
        let mut seats = Subscription::new("s1", "c1", 10);
        let cost = json!({ "amount": amount, "currency": "EUR", "per": per, "period": period });
        (seats.cost, seats.billing_cycle) = (serde_json::from_value(cost).unwrap(), Some(cycle.clone()));
        town.market.shop.records().subscriptions.insert("s1".into(), seats);
        town.run().await;
        let key = town.key(EntityKind::Subscription, "s1");
        town.write(EntityKind::Subscription, &key, &[("quantity", "15")]);
        let report = town.run().await;
        let found = (report.kinds[1].pushed, report.kinds[1].waiting);
        assert_eq!(found, (pushed, 1 - pushed), "{per} {amount} {period:?} {cycle}: {report:?}");
    }
}

#[tokio::test]
async fn units_go_back_on_the_day_on_which_that_is_possible() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    let mut seats = Subscription::new("s1", "c1", 10);
    let now = provider_core::clock::Clock::now(&town.clock);
    seats.status = provider_core::SubscriptionStatus::Active;
    seats.cancellable_until = Some(now - chrono::Duration::days(1));
    seats.ends_at = Some(now + chrono::Duration::days(30));
    town.market.shop.records().subscriptions.insert("s1".into(), seats);
    town.run().await;
    let key = town.key(EntityKind::Subscription, "s1");
    town.write(EntityKind::Subscription, &key, &[("quantity", "4")]);
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].waiting), (0, 1), "{report:?}");
    let waiting = town.waiting().await;
    assert!(waiting[0].body["reason"].as_str().unwrap().contains("cannot be reduced before"), "{waiting:?}");
    // Taken back, and asked for again.
    town.write(EntityKind::Subscription, &key, &[("quantity", "10")]);
    assert_eq!(town.run().await.kinds[1].waiting, 0);
    assert!(town.waiting().await.is_empty());
    town.write(EntityKind::Subscription, &key, &[("quantity", "3")]);
    town.run().await;
    town.clock.pass(chrono::Duration::days(31));
    let report = town.run().await;
    assert_eq!(report.kinds[1].pushed, 1, "{report:?}");
    let quantity = town.market.shop.records().subscriptions["s1"].quantity;
    assert_eq!(quantity, Some(3.into()));
    town.assert_quiet("given back").await;
}

/// A term that ends earlier than was told opens its window earlier, and that closes again.
#[tokio::test]
async fn what_waits_for_its_day_does_not_wait_for_one_that_has_moved() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    let mut seats = Subscription::new("s1", "c1", 10);
    let now = provider_core::clock::Clock::now(&town.clock);
    seats.status = provider_core::SubscriptionStatus::Active;
    seats.cancellable_until = Some(now - chrono::Duration::days(1));
    seats.ends_at = Some(now + chrono::Duration::days(300));
    town.market.shop.records().subscriptions.insert("s1".into(), seats);
    town.run().await;
    let key = town.key(EntityKind::Subscription, "s1");
    town.write(EntityKind::Subscription, &key, &[("quantity", "4")]);
    assert_eq!(town.run().await.kinds[1].waiting, 1);
    let scope = crate::KindScope::new("shop", EntityKind::Subscription);
    let day = town.store.open_intents(&scope).await.unwrap()[0].not_before;
    // Later, and then in the window of a term that has begun meanwhile.
    let later = now + chrono::Duration::days(400);
    town.market.shop.records().subscriptions.get_mut("s1").unwrap().ends_at = Some(later);
    assert_eq!(town.run().await.kinds[1].waiting, 1);
    let open = town.store.open_intents(&scope).await.unwrap();
    assert!(open.len() == 1 && open[0].not_before > day, "{open:?}");
    let window = now + chrono::Duration::days(7);
    town.market.shop.records().subscriptions.get_mut("s1").unwrap().cancellable_until = Some(window);
    assert_eq!(town.run().await.kinds[1].pushed, 1);
    assert_eq!(town.market.shop.records().subscriptions["s1"].quantity, Some(4.into()));
    town.assert_quiet("given back").await;
    assert!(town.waiting().await.is_empty());
}

#[tokio::test]
async fn a_status_is_a_command_of_its_own() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    let mut seats = Subscription::new("s1", "c1", 10);
    seats.status = provider_core::SubscriptionStatus::Active;
    town.market.shop.records().subscriptions.insert("s1".into(), seats);
    town.run().await;
    let key = town.key(EntityKind::Subscription, "s1");
    town.write(EntityKind::Subscription, &key, &[("status", "suspended"), ("quantity", "12")]);
    assert_eq!(town.run().await.kinds[1].pushed, 2);
    let seats = town.market.shop.records().subscriptions["s1"].clone();
    assert_eq!((seats.status.as_str(), seats.quantity), ("suspended", Some(12.into())));
    town.write(EntityKind::Subscription, &key, &[("status", "forgotten")]);
    let report = town.run().await;
    assert_eq!(report.kinds[1].refused, 1, "{report:?}");
    assert_eq!(town.waiting().await[0].body["violations"][0]["field"], "status");
    town.write(EntityKind::Subscription, &key, &[("status", "active")]);
    assert_eq!(town.run().await.kinds[1].pushed, 1);
    town.assert_quiet("active").await;
}

/// Rows of one name, however many they are, do not keep those of another from being seen as twins.
#[tokio::test]
async fn a_name_that_the_application_has_thousands_of_times_hides_no_twins() {
    let town = Town::new();
    for n in 0..2000 {
        town.write(CUSTOMER, &format!("a{n:04}"), &[("name", "Test")]);
    }
    for (key, name) in [("b0", "Test"), ("b1", "Bakery"), ("b2", "Bakery")] {
        town.write(CUSTOMER, key, &[("name", name)]);
    }
    let report = town.run().await;
    assert_eq!(report.kinds[0].pushed, 0, "{report:?}");
    assert!(town.market.shop.records().customers.is_empty());
    let twins = town.waiting().await.into_iter().filter(|pending| pending.why == PendingType::Twin);
    let twins: Vec<_> = twins.map(|pending| pending.subject).collect();
    assert!(["local:b1", "local:b2"].iter().all(|row| twins.iter().any(|twin| twin == row)));
}
