//! What changes between a person's look and the run that carries the word out, or between a command and its answer: it
//! is said, kept, and never guessed.

use std::sync::Arc;

use provider_core::model::{NewOrder, NewOrderLine};
use provider_core::{EntityKind, IdempotencyKey, PlaceOrder};
use serde_json::json;

use super::market::DeskFault;
use super::pushes::decide;
use super::town::{BOTH, Town, city};
use crate::engine::{RunControl, SyncEngine, SyncError, SyncEvent, SyncObserver};
use crate::plan::SyncPlan;
use crate::store::{Decision, IntentState, Pending, PendingType};
use crate::target::conformance::SideChange;
use crate::target::{LocalKey, MemoryTarget};

const CUSTOMER: EntityKind = EntityKind::Customer;

/// A customer whose name both sides have changed, and the key of its row.
async fn conflict() -> (Town, String) {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("name", "Ours")]);
    town.change("c1", |known| known.name = "Theirs".into());
    assert_eq!(town.run().await.kinds[0].conflicts, 1);
    (town, key)
}

/// The names on both sides.
fn names(town: &Town, key: &str) -> (String, String) {
    let here = town.row(CUSTOMER, key).values["name"].as_str().unwrap().to_owned();
    (here, town.theirs("c1").name)
}

async fn open_conflict(town: &Town) -> Pending {
    let waiting = town.waiting().await;
    assert_eq!((waiting.len(), waiting[0].why), (1, PendingType::Conflict), "{waiting:?}");
    waiting[0].clone()
}

#[tokio::test]
async fn a_word_for_ours_is_not_carried_out_over_what_nobody_has_seen() {
    let (town, key) = conflict().await;
    decide(&town, PendingType::Conflict, Decision::TakeLocal).await;
    town.change("c1", |known| known.name = "Theirs again".into());
    for _ in 0..2 {
        town.run().await;
        assert_eq!(names(&town, &key), ("Ours".into(), "Theirs again".into()));
        let asked = open_conflict(&town).await;
        assert_eq!((asked.decision, &asked.body["fields"]["name"]["remote"]), (None, &json!("Theirs again")));
    }
    assert_eq!(town.writes(), 0);
    decide(&town, PendingType::Conflict, Decision::TakeLocal).await;
    town.run().await;
    town.run().await;
    assert_eq!(names(&town, &key), ("Ours".into(), "Ours".into()));
    town.assert_quiet("ours").await;
    assert!(town.waiting().await.is_empty());
}

#[tokio::test]
async fn a_word_for_theirs_is_not_carried_out_over_what_nobody_has_seen() {
    let (town, key) = conflict().await;
    decide(&town, PendingType::Conflict, Decision::TakeRemote).await;
    town.write(CUSTOMER, &key, &[("name", "Ours again")]);
    for _ in 0..2 {
        town.run().await;
        assert_eq!(names(&town, &key), ("Ours again".into(), "Theirs".into()));
        let asked = open_conflict(&town).await;
        assert_eq!((asked.decision, &asked.body["fields"]["name"]["local"]), (None, &json!("Ours again")));
    }
    assert_eq!(town.writes(), 0);
    decide(&town, PendingType::Conflict, Decision::TakeRemote).await;
    town.run().await;
    town.run().await;
    assert_eq!(names(&town, &key), ("Theirs".into(), "Theirs".into()));
    town.assert_quiet("theirs").await;
    assert!(town.waiting().await.is_empty());
}

/// A word about one field stands, whatever becomes of another one.
#[tokio::test]
async fn a_word_holds_while_something_else_of_the_record_changes() {
    for (decision, name) in [(Decision::TakeLocal, "Ours"), (Decision::TakeRemote, "Theirs")] {
        let (town, key) = conflict().await;
        decide(&town, PendingType::Conflict, decision).await;
        town.change("c1", |known| known.website = Some("there.example.com".into()));
        town.write(CUSTOMER, &key, &[("phone", "1")]);
        town.run().await;
        town.run().await;
        assert_eq!(names(&town, &key), (name.into(), name.into()));
        assert_eq!(town.row(CUSTOMER, &key).values["site"], json!("there.example.com"));
        assert_eq!(town.theirs("c1").phone.as_deref(), Some("1"));
        town.assert_quiet(name).await;
        assert!(town.waiting().await.is_empty());
    }
}

/// While nobody knows whether a customer was made, its row is deleted, and the database gives its key to another one.
#[tokio::test]
async fn what_nobody_knew_is_not_tied_to_another_row_of_the_same_key() {
    let town = Town::new();
    town.market.desk().forgetful = true;
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    town.market.desk().faults.push_back(DeskFault::LostAfter);
    assert_eq!(town.run().await.intents.unknown, 1);
    town.write(CUSTOMER, "7", &[("name", "Florist")]);
    decide(&town, PendingType::Unknown, Decision::Happened("m01".into())).await;
    let report = town.run().await;
    assert_eq!((report.intents.unknown, report.kinds[0].created), (0, 0), "{report:?}");
    assert_eq!((town.row(CUSTOMER, "7").remote, town.theirs("m01").name), (None, "Bakery".into()));
    decide(&town, PendingType::Vanished, Decision::Ignore).await;
    town.run().await;
    town.run().await;
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m02"));
    assert_eq!((town.theirs("m01").name, town.theirs("m02").name), ("Bakery".into(), "Florist".into()));
    town.assert_quiet("another").await;
    assert_eq!(town.writes(), 2);
}

/// What both sides last had is not what they had before the plan stopped to push.
#[tokio::test]
async fn a_plan_that_pulls_for_a_while_and_pushes_again_sends_nothing_of_before() {
    let mut town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.plan = BOTH.replace("direction = \"both\"", "direction = \"pull\"").replace(", owner = \"ask\"", "");
    town.change("c1", |known| known.name = "Baker".into());
    town.run().await;
    assert_eq!(names(&town, &key), ("Baker".into(), "Baker".into()));
    town.plan = BOTH.to_owned();
    town.change("c1", |known| known.name = "Bakery".into());
    town.run().await;
    assert_eq!(names(&town, &key), ("Bakery".into(), "Bakery".into()));
    town.assert_quiet("as it was").await;
    assert_eq!(town.writes(), 0);
}

/// A listing that hides something says nothing against a person's word.
#[tokio::test]
async fn a_word_about_a_name_outlives_a_listing_that_hides_the_other_one() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    town.write(CUSTOMER, "mine", &[("name", "Bakery")]);
    town.run().await;
    decide(&town, PendingType::Twin, Decision::Ignore).await;
    for bad in [vec!["c1".into()], Vec::new()] {
        town.market.shop.records().bad = bad;
        town.run().await;
        let waiting = town.waiting().await;
        let twin = waiting.iter().find(|pending| pending.why == PendingType::Twin);
        assert_eq!(twin.unwrap().decision, Some(Decision::Ignore), "{waiting:?}");
    }
    assert_eq!(town.writes(), 0);
}

/// A plan that stops to push while nobody knows whether a customer was made: no row is made for what may be it, and a
/// person's word is carried out.
#[tokio::test]
async fn what_was_sent_before_a_plan_only_pulls_is_settled_and_nothing_is_sent() {
    for (fault, happened) in [(DeskFault::LostAfter, true), (DeskFault::LostBefore, false)] {
        let mut town = Town::new();
        town.market.desk().forgetful = true;
        town.market.desk().faults.push_back(fault);
        town.write(CUSTOMER, "7", &[("name", "Bakery")]);
        assert_eq!(town.run().await.intents.unknown, 1);
        town.plan = BOTH.replace("direction = \"both\"", "direction = \"pull\"");
        let asked = town.market.desk().asked;
        let report = town.run().await;
        assert_eq!((report.kinds[0].created, report.intents.unknown), (0, 1), "{report:?}");
        let word = if happened { Decision::Happened("m01".into()) } else { Decision::NeverHappened };
        decide(&town, PendingType::Unknown, word).await;
        let report = town.run().await;
        assert_eq!((report.kinds[0].created, report.intents.unknown), (0, 0), "{report:?}");
        assert!(town.waiting().await.is_empty());
        assert_eq!(town.market.desk().asked, asked, "a plan that only pulls sends nothing");
        assert_eq!(town.target.records(CUSTOMER).len(), 1);
        assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), happened.then_some("m01"));
    }
}

/// What a run had begun of a kind that the plan leaves out since is told, and nothing of it is sent.
#[tokio::test]
async fn what_was_begun_before_a_plan_leaves_its_kind_out_is_told_and_goes_on_with_it() {
    let mut town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    let seats = provider_core::Subscription::new("s1", "c1", 10);
    town.market.shop.records().subscriptions.insert("s1".into(), seats);
    town.run().await;
    let key = town.key(EntityKind::Subscription, "s1");
    town.write(EntityKind::Subscription, &key, &[("quantity", "12")]);
    town.market.desk().faults.push_back(DeskFault::Throttled);
    let report = town.run().await;
    assert_eq!((report.kinds[1].pushed, report.intents.unknown), (0, 0), "{report:?}");
    town.plan = BOTH.split("[[kinds]]").take(2).collect::<Vec<_>>().join("[[kinds]]");
    let sent = || {
        let asked = town.market.desk().asked;
        (asked, town.writes())
    };
    let before = sent();
    for _ in 0..2 {
        let report = town.run().await;
        assert_eq!((report.kinds.len(), report.intents.unknown), (1, 1), "{report:?}");
        let waiting = town.waiting().await;
        assert_eq!((waiting.len(), waiting[0].why), (1, PendingType::Unknown), "{waiting:?}");
        let reason = waiting[0].body["reason"].as_str().unwrap();
        assert!(reason.contains("leaves subscriptions out"), "{reason}");
        assert_eq!(town.store.status().await.unwrap()[0].unknown, 1);
    }
    assert_eq!(sent(), before, "nothing is sent");
    town.plan = BOTH.to_owned();
    let report = town.run().await;
    assert_eq!((report.intents.applied, report.intents.unknown), (1, 0), "{report:?}");
    assert_eq!(town.market.shop.records().subscriptions["s1"].quantity, Some(12.into()));
    assert!(town.waiting().await.is_empty());
    town.assert_quiet("back in the plan").await;
}

fn order() -> PlaceOrder {
    PlaceOrder::new(NewOrder::new("c00").line(NewOrderLine::new("p1", 3)))
}

/// An order that a person says was never placed may be placed again, under the key that it has.
#[tokio::test]
async fn an_order_that_never_happened_may_be_placed_again_under_its_key() {
    let town = Town::new();
    town.market.desk().forgetful = true;
    town.market.desk().faults.push_back(DeskFault::LostBefore);
    let key = IdempotencyKey::derive("quotes", ["1841"]);
    let intent = town.engine().order(order(), key.clone()).await.unwrap();
    assert_eq!((intent.state, town.writes()), (IntentState::Unknown, 0));
    decide(&town, PendingType::Unknown, Decision::NeverHappened).await;
    let report = town.run().await;
    assert_eq!((report.intents.rejected, report.intents.unknown), (1, 0), "{report:?}");
    assert!(town.waiting().await.is_empty());
    assert_eq!(town.writes(), 0, "nobody places it by himself");
    let placed = town.engine().order(order(), key.clone()).await.unwrap();
    assert_eq!(
        (placed.state, placed.remote.as_deref(), town.writes()),
        (IntentState::Applied, Some("o1"), 1)
    );
    let again = town.engine().order(order(), key).await.unwrap();
    assert_eq!((again.remote.as_deref(), town.writes()), (Some("o1"), 1));
}

#[tokio::test]
async fn nothing_is_ordered_without_a_journal() {
    let town = Town::new();
    let pull = BOTH.replace("direction = \"both\"", "direction = \"pull\"").replace("owner = \"ask\" }", "}");
    let plan = SyncPlan::from_toml(&pull).unwrap().check(&town.market, &town.target).unwrap();
    let (market, target) = (Arc::new(town.market.clone()), Arc::new(town.target.clone()));
    let engine = SyncEngine::new(market, target, Arc::clone(&town.store), plan);
    match engine.order(order(), IdempotencyKey::derive("quotes", ["1841"])).await.unwrap_err() {
        SyncError::Refused(message) => assert!(message.contains("needs a journal"), "{message}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(town.market.desk().asked, 0);
    assert!(town.waiting().await.is_empty());
}

/// The application's own users, who write while a page of customers is being dealt with.
#[derive(Debug)]
struct Meanwhile(MemoryTarget);

impl SyncObserver for Meanwhile {
    fn event(&self, event: &SyncEvent) {
        let SyncEvent::Page(page) = event else { return };
        if page.kind != CUSTOMER {
            return;
        }
        for mut row in self.0.records(CUSTOMER) {
            row.values.insert("name".into(), "Ours".into());
            self.0.put(CUSTOMER, row);
        }
        let key = LocalKey::new("900");
        self.0.change_directly(CUSTOMER, &key, SideChange::Make("Pier".into()));
    }
}

#[tokio::test]
async fn what_is_written_within_the_first_run_reaches_the_distributor() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    let control = RunControl::default().observer(Arc::new(Meanwhile(town.target.clone())));
    town.clock.pass(chrono::Duration::hours(1));
    let first = town.engine().run(&control).await.unwrap();
    assert_eq!((first.error.as_deref(), first.kinds[0].created), (None, 1), "{first:?}");
    let names = || -> Vec<String> {
        let known = town.market.shop.records();
        let mut names: Vec<_> = known.customers.values().map(|known| known.name.clone()).collect();
        names.sort();
        names
    };
    // What the run has written itself a moment ago is looked at by the next one.
    assert_eq!(names(), ["Bakery", "Pier"]);
    assert!(town.row(CUSTOMER, "900").remote.is_some());
    town.run().await;
    assert_eq!(names(), ["Ours", "Pier"]);
    town.assert_quiet("written within the first run").await;
    town.assert_none_doubled("written within the first run");
}

/// What was sent and nobody knows of shows at the distributor, and the row says something else by now, or what it said
/// before. The distributor's side is what the row itself has said: that is no edit of anybody's there.
#[tokio::test]
async fn what_a_lost_command_has_written_is_no_change_of_the_distributors() {
    for later in ["Later", "Old"] {
        let town = Town::new();
        town.market.shop.customer("c1", "Bakery");
        town.change("c1", |known| known.address = Some(city("Old")));
        town.run().await;
        let key = town.key(CUSTOMER, "c1");
        let theirs = || town.theirs("c1").address.unwrap().city.unwrap();
        town.market.desk().forgetful = true;
        town.market.desk().faults.push_back(DeskFault::LostAfter);
        town.write(CUSTOMER, &key, &[("city", "Sent")]);
        assert_eq!(town.run().await.intents.unknown, 1);
        assert_eq!(theirs(), "Sent");
        town.write(CUSTOMER, &key, &[("city", later)]);
        for _ in 0..2 {
            let report = town.run().await;
            assert_eq!(report.kinds[0].conflicts, 0, "{report:?}");
            assert_eq!(town.row(CUSTOMER, &key).values["city"], json!(later));
        }
        decide(&town, PendingType::Unknown, Decision::Happened("c1".into())).await;
        for _ in 0..3 {
            town.run().await;
        }
        assert_eq!(
            (theirs().as_str(), town.row(CUSTOMER, &key).values["city"].as_str()),
            (later, Some(later))
        );
        assert!(town.waiting().await.is_empty(), "{later}");
        town.assert_quiet(later).await;
    }
}

/// The journal has the answer of what the lost runs have sent, and the distributor something else since.
#[tokio::test]
async fn what_is_said_again_after_an_older_store_was_put_back_is_sent() {
    let mut town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    let phone = |town: &Town| town.theirs("c1").phone;
    town.write(CUSTOMER, &key, &[("phone", "1")]);
    town.run().await;
    let older = town.store.snapshot(Arc::new(town.clock.clone())).await.unwrap();
    for number in ["2", "3"] {
        town.write(CUSTOMER, &key, &[("phone", number)]);
        town.run().await;
    }
    town.store = Arc::new(older);
    assert_eq!(town.run().await.kinds[0].pushed, 0, "both sides have the same");
    for number in ["2", "4"] {
        town.write(CUSTOMER, &key, &[("phone", number)]);
        let report = town.run().await;
        assert_eq!((report.kinds[0].pushed, report.kinds[0].refused), (1, 0), "{report:?}");
        assert_eq!(phone(&town).as_deref(), Some(number));
    }
    assert_eq!(town.writes(), 5);
    town.assert_quiet("sent").await;
}
