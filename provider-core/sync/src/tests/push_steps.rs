//! Commands of one record that do not depend on one another, rights that are withdrawn, and what people have said about it.

use provider_core::clock::Clock as _;
use provider_core::{EntityKind, ErrorKind, Subscription, SubscriptionStatus};

use super::crash::Fuse;
use super::market::DeskFault;
use super::pushes::decide;
use super::town::{BOTH, Town};
use crate::engine::RunControl;
use crate::report::Proof;
use crate::store::{Decision, PendingType};

const CUSTOMER: EntityKind = EntityKind::Customer;
const SEATS: EntityKind = EntityKind::Subscription;

/// Ten units of a customer, and the key of their row.
async fn seats(change: impl FnOnce(&Town, &mut Subscription)) -> (Town, String) {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    let mut seats = Subscription::new("s1", "c1", 10);
    seats.status = SubscriptionStatus::Active;
    change(&town, &mut seats);
    town.market.shop.records().subscriptions.insert("s1".into(), seats);
    town.run().await;
    let key = town.key(SEATS, "s1");
    (town, key)
}

/// Nothing can be given back for 30 days.
fn committed(town: &Town, seats: &mut Subscription) {
    let now = town.clock.now();
    seats.cancellable_until = Some(now - chrono::Duration::days(1));
    seats.ends_at = Some(now + chrono::Duration::days(30));
}

fn held(town: &Town) -> (String, Option<rust_decimal::Decimal>) {
    let seats = town.market.shop.records().subscriptions["s1"].clone();
    (seats.status.as_str().to_owned(), seats.quantity)
}

#[tokio::test]
async fn a_command_that_is_refused_does_not_hold_up_the_others() {
    let (town, key) = seats(|_, _| {}).await;
    town.write(SEATS, &key, &[("quantity", "12"), ("status", "suspended")]);
    town.market.desk().faults.push_back(DeskFault::Refused("quantity"));
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].refused), (1, 1), "{report:?}");
    assert_eq!(held(&town), ("suspended".into(), Some(10.into())));
    let waiting = town.waiting().await;
    assert_eq!((waiting.len(), waiting[0].subject.as_str()), (1, &*format!("local:{key}#quantity")));
    let writes = town.writes();
    assert_eq!(town.run().await.kinds[1].refused, 1);
    town.write(SEATS, &key, &[("status", "active")]);
    town.run().await;
    assert_eq!(held(&town).0, "active", "what is refused goes on waiting beside it");
    assert_eq!(town.writes(), writes + 1, "and is not asked for again");
    decide(&town, PendingType::Refused, Decision::Ignore).await;
    assert_eq!(town.run().await.kinds[1].refused, 0);
    assert_eq!(town.run().await.kinds[1].refused, 0);
    assert_eq!((held(&town).1, town.writes()), (Some(10.into()), writes + 1));
    // Another number is another thing.
    town.write(SEATS, &key, &[("quantity", "13")]);
    assert_eq!(town.run().await.kinds[1].pushed, 1);
    town.assert_quiet("another number").await;
    assert!(town.waiting().await.is_empty());
}

#[tokio::test]
async fn what_is_suspended_is_resumed_before_anything_else() {
    let (town, key) = seats(|_, seats| seats.status = SubscriptionStatus::Suspended).await;
    town.write(SEATS, &key, &[("quantity", "12"), ("status", "active")]);
    town.market.desk().faults.push_back(DeskFault::Refused("status"));
    town.run().await;
    let waiting = town.waiting().await;
    assert_eq!((waiting.len(), waiting[0].subject.as_str()), (1, &*format!("local:{key}#status")));
    assert_eq!(held(&town), ("suspended".into(), Some(12.into())));
}

#[tokio::test]
async fn what_is_possible_today_does_not_wait_for_what_is_not() {
    let (town, key) = seats(committed).await;
    town.write(SEATS, &key, &[("quantity", "4")]);
    assert_eq!(town.run().await.kinds[1].waiting, 1);
    // Something else about the same record, later and at once.
    for status in ["suspended", "active"] {
        town.write(SEATS, &key, &[("status", status)]);
        let report = town.run().await;
        assert_eq!((report.kinds[1].pushed, report.kinds[1].waiting), (1, 1), "{status}: {report:?}");
        assert_eq!(held(&town), (status.into(), Some(10.into())));
        let scope = crate::KindScope::new("shop", SEATS);
        let open = town.store.open_intents(&scope).await.unwrap();
        assert_eq!(open.len(), 1, "{open:?}");
        assert!(open[0].not_before.is_some());
        let report = town.run().await;
        assert_eq!((report.kinds[1].pushed, report.kinds[1].waiting), (0, 1), "{status}: {report:?}");
    }
    town.clock.pass(chrono::Duration::days(31));
    assert_eq!(town.run().await.kinds[1].pushed, 1);
    assert_eq!(held(&town).1, Some(4.into()));
    town.assert_quiet("given back").await;
    assert!(town.waiting().await.is_empty());
}

/// What waits for its day was never sent: that the distributor has it by now is somebody else's doing, and comes over.
#[tokio::test]
async fn what_was_never_sent_is_not_taken_for_ones_own_when_the_distributor_has_it() {
    let (town, key) = seats(committed).await;
    town.write(SEATS, &key, &[("quantity", "4")]);
    assert_eq!(town.run().await.kinds[1].waiting, 1);
    town.write(SEATS, &key, &[("quantity", "10")]);
    town.market.shop.records().subscriptions.get_mut("s1").unwrap().quantity = Some(4.into());
    let writes = town.writes();
    for _ in 0..2 {
        let report = town.run().await;
        assert_eq!((report.kinds[1].pushed, report.kinds[1].conflicts), (0, 0), "{report:?}");
        assert_eq!(town.row(SEATS, &key).values["quantity"], serde_json::json!("4"));
        assert_eq!((held(&town).1, town.writes()), (Some(4.into()), writes));
    }
    town.assert_quiet("came over").await;
    assert!(town.waiting().await.is_empty());
}

/// On the day, what the record says then is done, and not what it said months before.
#[tokio::test]
async fn what_waited_for_its_day_is_looked_at_anew_then() {
    // Left out by a person.
    let (town, key) = seats(committed).await;
    town.write(SEATS, &key, &[("quantity", "4")]);
    town.run().await;
    decide(&town, PendingType::Waits, Decision::Ignore).await;
    town.run().await;
    let writes = town.writes();
    town.clock.pass(chrono::Duration::days(31));
    town.run().await;
    town.run().await;
    assert_eq!((town.writes(), held(&town).1), (writes, Some(10.into())));

    // Another number on the day itself.
    let (town, key) = seats(committed).await;
    town.write(SEATS, &key, &[("quantity", "4")]);
    town.run().await;
    town.clock.pass(chrono::Duration::days(31));
    town.write(SEATS, &key, &[("quantity", "6")]);
    town.run().await;
    assert_eq!((town.writes(), held(&town).1), (1, Some(6.into())));

    // Changed there meanwhile.
    let (town, key) = seats(committed).await;
    town.write(SEATS, &key, &[("quantity", "4")]);
    town.run().await;
    town.market.shop.records().subscriptions.get_mut("s1").unwrap().quantity = Some(20.into());
    town.clock.pass(chrono::Duration::days(31));
    let report = town.run().await;
    assert_eq!((report.kinds[1].conflicts, town.writes()), (1, 0), "{report:?}");
    assert_eq!(held(&town).1, Some(20.into()));

    // More than a run may do on that day.
    let (mut town, key) = seats(committed).await;
    town.write(SEATS, &key, &[("quantity", "4")]);
    town.run().await;
    town.plan = BOTH.replace("units = 1000", "units = 5");
    town.clock.pass(chrono::Duration::days(31));
    let report = town.run().await;
    assert_eq!((report.kinds[1].waiting, town.writes()), (1, 0), "{report:?}");
    assert!(town.waiting().await[0].body["reason"].as_str().unwrap().contains("`cap.units`"));
}

/// A run that is cut short and goes on is one run: what it has ordered counts.
#[tokio::test]
async fn a_cap_holds_for_a_run_with_all_its_parts() {
    let mut full = 0;
    for point in 0.. {
        let town = Town::with_plan(&BOTH.replace("units = 1000", "units = 8"));
        town.market.shop.customer("c1", "Bakery");
        let ids = ["s1", "s2", "s3", "s4"];
        for id in ids {
            let seats = Subscription::new(id, "c1", 10);
            town.market.shop.records().subscriptions.insert(id.into(), seats);
        }
        town.run().await;
        for id in ids {
            town.write(SEATS, &town.key(SEATS, id), &[("quantity", "14")]);
        }
        let before = town.store.status().await.unwrap()[0].last_good;
        town.clock.pass(chrono::Duration::hours(1));
        let _ = town.dying(&Fuse::after(point)).run(&RunControl::default()).await;
        if town.store.status().await.unwrap()[0].last_good != before {
            break;
        }
        // It goes on, in another process.
        town.clock.pass(chrono::Duration::hours(1));
        let report = town.engine().run(&RunControl::default()).await.unwrap();
        let bought: rust_decimal::Decimal = ids
            .iter()
            .filter_map(|id| town.market.shop.records().subscriptions[*id].quantity)
            .map(|quantity| quantity - rust_decimal::Decimal::TEN)
            .sum();
        assert!(bought <= 8.into(), "{bought} were bought after a crash at {point}: {report:?}");
        full += usize::from(bought == 8.into());
    }
    assert!(full > 20, "few of the runs went as far as the cap: {full}");
}

#[tokio::test]
async fn who_cancels_gives_back_all_units() {
    let town = Town::with_plan(&BOTH.replace("units = 1000", "units = 15"));
    town.market.shop.customer("c1", "Bakery");
    for id in ["s1", "s2"] {
        let mut seats = Subscription::new(id, "c1", 10);
        seats.status = SubscriptionStatus::Active;
        town.market.shop.records().subscriptions.insert(id.into(), seats);
    }
    town.run().await;
    for id in ["s1", "s2"] {
        town.write(SEATS, &town.key(SEATS, id), &[("status", "cancelled")]);
    }
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].waiting), (1, 1), "{report:?}");
    let spent = report.kinds[1].spent;
    assert_eq!((spent.changes, spent.units), (1, 10.into()));
    assert_eq!(town.run().await.kinds[1].pushed, 1);
}

#[tokio::test]
async fn numbers_of_any_size_are_beyond_the_cap() {
    let (town, key) = seats(|_, _| {}).await;
    for quantity in ["79228162514264337593543950335", "-79228162514264337593543950335"] {
        town.write(SEATS, &key, &[("quantity", quantity)]);
        let report = town.run().await;
        assert_eq!((report.kinds[1].waiting, town.writes()), (1, 0), "{quantity}: {report:?}");
    }
}

/// Who lacks a right is not told once for ever: it is asked again by each run, a few times, and everything goes on once
/// the right is there.
#[tokio::test]
async fn a_right_that_is_withdrawn_and_given_back_needs_no_word() {
    let town = Town::new();
    for n in 0..6 {
        town.write(CUSTOMER, &n.to_string(), &[("name", &format!("Bakery {n}"))]);
    }
    town.market.desk().forbidden = true;
    for _ in 0..2 {
        let asked = town.market.desk().asked;
        let report = town.run().await;
        assert_eq!((report.intents.applied, report.kinds[0].refused), (0, 3), "{report:?}");
        assert_eq!(report.kinds[0].waiting, 3, "{report:?}");
        assert_eq!(town.market.desk().asked, asked + 3, "a right that three lack is lacked by all");
    }
    town.market.desk().forbidden = false;
    assert_eq!(town.run().await.intents.applied, 6);
    town.assert_quiet("given back").await;
    assert!(town.waiting().await.is_empty());
}

/// The list tells of it, and its own call answers with something else.
#[tokio::test]
async fn a_record_that_cannot_be_read_does_not_hold_up_the_others() {
    for kind in [ErrorKind::Decode, ErrorKind::InvalidInput] {
        let town = Town::new();
        town.market.shop.customers(3);
        town.run().await;
        for id in ["c00", "c01", "c02"] {
            town.write(CUSTOMER, &town.key(CUSTOMER, id), &[("phone", "1")]);
        }
        town.market.desk().unreadable = Some(("c00", kind));
        for pushed in [2, 0] {
            let report = town.run().await;
            assert_eq!(
                (report.kinds[0].pushed, report.kinds[0].refused),
                (pushed, 1),
                "{kind:?}: {report:?}"
            );
            let waiting = town.waiting().await;
            assert_eq!((waiting.len(), waiting[0].why), (1, PendingType::Refused), "{waiting:?}");
        }
        town.market.desk().unreadable = None;
        assert_eq!(town.run().await.kinds[0].pushed, 1, "it is read again, and needs no word");
        assert!(town.waiting().await.is_empty());
        town.assert_quiet("read again").await;
    }
}

#[tokio::test]
async fn a_word_to_try_again_is_for_once() {
    let town = Town::new();
    town.write(CUSTOMER, "1", &[("name", "Bakery")]);
    town.market.desk().faults.push_back(DeskFault::Refused("name"));
    town.run().await;
    decide(&town, PendingType::Refused, Decision::Retry).await;
    town.market.desk().faults.push_back(DeskFault::Refused("name"));
    town.run().await;
    let asked = town.market.desk().asked;
    assert_eq!(town.waiting().await[0].decision, None);
    town.run().await;
    assert_eq!(town.market.desk().asked, asked, "it waits for another word");
}

/// What a person has said about a change outlives a run that could not look at it.
#[tokio::test]
async fn a_word_outlives_a_record_that_is_hidden_for_a_while() {
    let (town, key) = seats(|_, _| {}).await;
    town.write(SEATS, &key, &[("quantity", "12")]);
    town.market.desk().faults.push_back(DeskFault::Refused("quantity"));
    town.run().await;
    decide(&town, PendingType::Refused, Decision::Ignore).await;
    town.run().await;
    town.market.desk().hidden = true;
    assert_eq!(town.run().await.kinds[1].completeness, Proof::Proven);
    town.market.desk().hidden = false;
    let asked = town.market.desk().asked;
    town.run().await;
    assert_eq!(town.market.desk().asked, asked);
    assert_eq!(town.waiting().await[0].decision, Some(Decision::Ignore));
}

/// Of a customer of which nobody knows whether it was made, a person is told what the listing makes likely.
#[tokio::test]
async fn what_is_likely_is_said_and_not_done() {
    for (fault, says) in [
        (DeskFault::LostBefore, "it seems that it never happened"),
        (DeskFault::LostAfter, "it may be this one"),
    ] {
        let town = Town::new();
        town.market.desk().forgetful = true;
        town.write(CUSTOMER, "7", &[("name", "Bakery")]);
        town.market.desk().faults.push_back(fault);
        town.run().await;
        town.run().await;
        let waiting = town.waiting().await;
        assert!(waiting[0].body["advice"].as_str().unwrap().contains(says), "{waiting:?}");
        let before = waiting[0].id.clone();
        assert_eq!(town.run().await.intents.unknown, 1);
        assert_eq!(town.waiting().await[0].id, before, "what a person reads stays what it is about");
        // A word that cannot be true is not carried about for ever.
        decide(&town, PendingType::Unknown, Decision::Happened("nobody".into())).await;
        town.run().await;
        assert_eq!(town.waiting().await[0].decision, None);
    }
}

/// A distributor that takes a customer and does not say which one that is leaves a question that a person can answer.
#[tokio::test]
async fn what_was_made_and_not_named_is_named_by_a_person() {
    let town = Town::new();
    town.market.desk().silent = true;
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    let report = town.run().await;
    assert_eq!((report.intents.applied, report.intents.unknown), (0, 1), "{report:?}");
    assert_eq!(town.run().await.intents.unknown, 1);
    decide(&town, PendingType::Unknown, Decision::Happened("m01".into())).await;
    assert_eq!(town.run().await.intents.unknown, 0);
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m01"));
    assert_eq!(town.writes(), 1);
    town.assert_quiet("named").await;
}

/// A distributor that answers with the record of another row leaves a question that a person can answer too.
#[tokio::test]
async fn what_was_answered_with_the_record_of_another_row_is_let_go_by_a_person() {
    let town = Town::new();
    town.market.shop.customer("c1", "Florist");
    town.run().await;
    town.market.desk().existing = Some("c1");
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    assert_eq!(town.run().await.intents.unknown, 1);
    decide(&town, PendingType::Unknown, Decision::NeverHappened).await;
    let report = town.run().await;
    assert_eq!((report.intents.unknown, report.kinds[0].refused), (0, 1), "{report:?}");
    let asked = town.market.desk().asked;
    town.run().await;
    assert_eq!(town.market.desk().asked, asked, "it is not asked for again and again");
    town.market.desk().existing = None;
    decide(&town, PendingType::Refused, Decision::Retry).await;
    town.run().await;
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m01"));
    town.assert_quiet("made").await;
    assert!(town.waiting().await.is_empty());
}

#[tokio::test]
async fn what_is_wrong_with_one_field_does_not_hold_up_the_others() {
    let (town, key) = seats(|_, _| {}).await;
    town.write(SEATS, &key, &[("quantity", "12"), ("status", "forgotten")]);
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].refused), (1, 1), "{report:?}");
    assert_eq!(held(&town), ("active".into(), Some(12.into())));
    let writes = town.writes();
    assert_eq!(town.run().await.kinds[1].refused, 1);
    assert_eq!(town.writes(), writes);
    town.write(SEATS, &key, &[("status", "suspended"), ("quantity", "many")]);
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.kinds[1].refused), (1, 1), "{report:?}");
    assert_eq!(town.waiting().await[0].body["violations"][0]["field"], "quantity");
    assert_eq!(held(&town), ("suspended".into(), Some(12.into())));
}
