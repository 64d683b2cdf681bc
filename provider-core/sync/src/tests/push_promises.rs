//! What the guide about both ways promises beside what the other files hold.

use provider_core::{EntityKind, Subscription};
use serde_json::json;

use super::market::DeskFault;
use super::town::{BOTH, Town};
use crate::engine::RunControl;
use crate::plan::SyncPlan;
use crate::store::PendingType;
use crate::target::LocalKey;

const CUSTOMER: EntityKind = EntityKind::Customer;
const SEATS: EntityKind = EntityKind::Subscription;

#[tokio::test]
async fn what_is_beyond_the_changes_of_a_run_waits_for_the_next_run() {
    let plan = SyncPlan::from_toml("version = 1\nconnection = \"shop\"").unwrap();
    assert_eq!(
        (plan.cap.creates, plan.cap.changes, plan.cap.units),
        (50, 1000, None),
        "unless said otherwise"
    );
    let town = Town::with_plan(&BOTH.replace("units = 1000", "units = 1000, changes = 2"));
    town.market.shop.customers(3);
    town.run().await;
    for id in ["c00", "c01", "c02"] {
        town.write(CUSTOMER, &town.key(CUSTOMER, id), &[("phone", "1")]);
    }
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].waiting), (2, 1), "{report:?}");
    let waiting = town.waiting().await;
    assert_eq!(waiting[0].why, PendingType::Waits);
    assert!(waiting[0].body["reason"].as_str().unwrap().contains("`cap.changes`"), "{waiting:?}");
    assert_eq!(town.run().await.kinds[0].pushed, 1);
    town.assert_quiet("all of it").await;
}

/// Between the listing and the look at the customer somebody has changed it there.
#[tokio::test]
async fn what_somebody_changes_there_in_the_meantime_is_noticed() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("name", "Ours"), ("phone", "1")]);
    town.market.desk().meanwhile = Some("Theirs".into());
    let report = town.run().await;
    assert_eq!((report.kinds[0].conflicts, report.kinds[0].pushed), (1, 1), "{report:?}");
    let theirs = town.theirs("c1");
    assert_eq!((theirs.name.as_str(), theirs.phone.as_deref()), ("Theirs", Some("1")), "the others go on");
    assert_eq!(town.row(CUSTOMER, &key).values["name"], json!("Ours"));
    assert_eq!(town.waiting().await[0].why, PendingType::Conflict);
}

/// The same of a field that is not sent: what somebody has changed there comes over, and is not sent back.
#[tokio::test]
async fn what_somebody_changes_beside_what_is_sent_comes_over() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("phone", "1")]);
    town.market.desk().meanwhile = Some("Theirs".into());
    assert_eq!(town.run().await.kinds[0].pushed, 1);
    town.run().await;
    let theirs = town.theirs("c1");
    assert_eq!((theirs.name.as_str(), theirs.phone.as_deref()), ("Theirs", Some("1")));
    assert_eq!(town.row(CUSTOMER, &key).values["name"], json!("Theirs"));
    town.assert_quiet("come over").await;
    assert_eq!(town.writes(), 1);
}

/// A process dies with the answer in its hands, and a colleague changes there what was sent before the next run.
#[tokio::test]
async fn what_is_changed_there_before_the_answer_is_read_is_not_overwritten() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("name", "Ours")]);
    town.market.desk().forgetful = true;
    town.market.desk().faults.push_back(DeskFault::LostAfter);
    assert_eq!(town.run().await.intents.unknown, 1);
    assert_eq!(town.theirs("c1").name, "Ours");
    town.change("c1", |known| known.name = "Theirs".into());
    town.market.desk().forgetful = false;
    for _ in 0..2 {
        town.run().await;
    }
    assert_eq!(town.theirs("c1").name, "Theirs");
    assert_eq!(town.row(CUSTOMER, &key).values["name"], json!("Theirs"));
    town.assert_quiet("come over").await;
}

/// What a distributor makes of a value that is nobody's is its change, and is not sent against for ever.
#[tokio::test]
async fn what_a_distributor_makes_of_a_value_of_nobody_comes_over() {
    let town = Town::with_plan(&BOTH.replacen(
        "local = \"phone\", owner = \"local\"",
        "local = \"phone\", owner = \"ask\"",
        1,
    ));
    town.market.desk().normalises = true;
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("phone", "030")]);
    assert_eq!(town.run().await.kinds[0].pushed, 1);
    town.run().await;
    assert_eq!(town.row(CUSTOMER, &key).values["phone"], json!("+030"));
    town.assert_quiet("taken over").await;
    assert_eq!(town.writes(), 1);
}

#[tokio::test]
async fn whether_it_renews_is_a_command_of_its_own() {
    let renews =
        "{ remote = \"auto_renew\", local = \"renews\", owner = \"local\" },\n      { remote = \"quantity\"";
    let town = Town::with_plan(&BOTH.replacen("{ remote = \"quantity\"", renews, 1));
    town.market.shop.customer("c1", "Bakery");
    let mut seats = Subscription::new("s1", "c1", 10);
    seats.auto_renew = Some(true);
    town.market.shop.records().subscriptions.insert("s1".into(), seats);
    town.run().await;
    let key = town.key(SEATS, "s1");
    let mut row = town.row(SEATS, &key);
    row.values.insert("renews".into(), json!(false));
    town.target.put(SEATS, row);
    town.write(SEATS, &key, &[("quantity", "12")]);
    assert_eq!(town.run().await.kinds[1].pushed, 2);
    let seats = town.market.shop.records().subscriptions["s1"].clone();
    assert_eq!((seats.auto_renew, seats.quantity), (Some(false), Some(12.into())));
    town.assert_quiet("it ends").await;
}

/// An order is a purchase: nobody makes one by adding a row.
#[tokio::test]
async fn new_rows_of_seats_are_not_ordered() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let account = town.key(CUSTOMER, "c1");
    town.write(SEATS, "9", &[("account", &account), ("quantity", "3"), ("status", "active")]);
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.intents.applied), (0, 0), "{report:?}");
    assert_eq!(town.market.desk().asked, 0);
    assert_eq!(town.row(SEATS, "9").remote, None);
    town.assert_quiet("left alone").await;
}

/// Of a customer that was made and whose first answer nobody has read, the intent says that its password is lost.
#[tokio::test]
async fn an_answer_that_nobody_read_says_so() {
    let town = Town::new();
    town.market.desk().faults.push_back(DeskFault::LostAfter);
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    town.write(CUSTOMER, "8", &[("name", "Florist")]);
    assert_eq!(town.run().await.intents.applied, 2);
    let scope = crate::KindScope::new("shop", CUSTOMER);
    let mut reasons = Vec::new();
    for key in ["7", "8"] {
        let intent = town.store.last_intent(&scope, &LocalKey::new(key)).await.unwrap().unwrap();
        reasons.push(intent.reason);
    }
    assert!(
        reasons[0].as_ref().unwrap().contains("a password that came with it was not kept"),
        "{reasons:?}"
    );
    assert_eq!(reasons[1], None);
}

#[tokio::test]
async fn a_password_that_nobody_takes_is_told_by_its_row() {
    let town = Town::new();
    town.market.desk().tenants = true;
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    let report = town.engine().run(&RunControl::default()).await.unwrap();
    let error = report.error.unwrap();
    assert!(error.contains("record `7`") && error.contains("there is nobody to give it to"), "{error}");
    assert!(!error.contains("planted-secret"), "{error}");
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m01"), "it is made and tied all the same");
    assert_eq!(town.writes(), 1);
}
