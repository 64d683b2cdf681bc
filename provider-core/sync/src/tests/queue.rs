//! What is matched, what waits for a person, and what becomes of that person's word.

use provider_core::EntityKind;
use provider_core::model::CustomerStatus;
use serde_json::json;

use super::distributor::Lie;
use super::world::{PLAN, World};
use crate::engine::SyncError;
use crate::report::KindReport;
use crate::store::{Decision, Pending, PendingType, QueueQuery, StoreErrorKind};
use crate::target::LocalKey;
use crate::target::conformance::SideChange;

fn world(rules: &str, unmatched: &str) -> World {
    let plan = PLAN.replacen(
        "unmatched = \"create\"",
        &format!("unmatched = \"{unmatched}\"\n    matching = {rules}"),
        1,
    );
    World::with_plan(&plan)
}

fn mine(world: &World, key: &str, name: &str) {
    world.target.change_directly(EntityKind::Customer, &LocalKey::new(key), SideChange::Make(name.into()));
}

async fn waiting(world: &World) -> Vec<Pending> {
    world.store.queue(&QueueQuery::default()).await.unwrap()
}

fn tied(world: &World, key: &str) -> Option<String> {
    let records = world.target.records(EntityKind::Customer);
    records.into_iter().find(|record| record.key.0 == key).and_then(|record| record.remote)
}

async fn decide(world: &World, decision: Decision) {
    let id = waiting(world).await[0].id.clone();
    world.engine().resolve(id, decision, "somebody").await.unwrap();
}

#[tokio::test]
async fn the_applications_own_key_ties_by_itself() {
    let world = world(r#"["external_id"]"#, "queue");
    mine(&world, "a7", "Bakery of ours");
    world.shop.customer("c1", "Bakery");
    // The plan maps the external id to a column, so that the column is compared.
    world.shop.records().customers.get_mut("c1").unwrap().external_id = Some("K-7".into());
    world.run().await;
    assert_eq!(waiting(&world).await.len(), 1, "no record has that number");
    let plan = world.plan.replace("{ remote = \"external_id\", local = \"number\" },", "");
    let world = World { plan, ..world };
    world.shop.records().customers.get_mut("c1").unwrap().external_id = Some("a7".into());
    world.run().await;
    assert_eq!(tied(&world, "a7").as_deref(), Some("c1"));
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn a_name_is_never_enough_unless_the_plan_says_so() {
    let mut world = world(r#"["name"]"#, "create");
    mine(&world, "a1", "  BAKERY ");
    world.shop.customer("c1", "Bakery");
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Customer).unwrap().queued, 1);
    assert_eq!(tied(&world, "a1"), None);
    world.plan = world.plan.replacen("matching", "auto_name = true\n    matching", 1);
    world.run().await;
    assert_eq!(tied(&world, "a1").as_deref(), Some("c1"));
    assert!(world.run().await.kinds.iter().all(KindReport::is_quiet));
}

/// A plan that makes rows and changes none ties what is there, and leaves it as it is, until it may change it.
#[tokio::test]
async fn a_row_is_tied_and_not_changed_where_the_plan_changes_none() {
    let mut world = world(r#"["name"]"#, "create");
    world.plan = world.plan.replacen("matching", "auto_name = true\n    matching", 1);
    let plan = std::mem::take(&mut world.plan);
    world.plan = plan.replacen(r#"["create", "update", "remove"]"#, r#"["create"]"#, 1);
    mine(&world, "a1", "  BAKERY ");
    world.shop.customer("c1", "Bakery");
    world.shop.customer("c2", "Brewery");
    let name = |world: &World, id: &str| world.rows(EntityKind::Customer)[id]["name"].clone();
    world.run().await;
    assert_eq!(tied(&world, "a1").as_deref(), Some("c1"));
    assert_eq!((name(&world, "c1").as_str(), name(&world, "c2").as_str()), ("  BAKERY ", "Brewery"));
    // The same where the store has lost everything.
    world.store =
        std::sync::Arc::new(crate::store::MemoryStore::new(std::sync::Arc::new(world.clock.clone())));
    world.shop.customer("c1", "Bakery & Sons");
    world.run().await;
    assert_eq!(name(&world, "c1"), "  BAKERY ");
    assert!(waiting(&world).await.is_empty());
    world.plan = plan;
    world.run().await;
    assert_eq!(name(&world, "c1"), "Bakery & Sons");
    assert!(world.run().await.kinds.iter().all(KindReport::is_quiet));
}

#[tokio::test]
async fn a_match_has_to_be_the_only_one_on_both_sides() {
    let mut world = world(r#"["name"]"#, "create");
    world.plan = world.plan.replacen("matching", "auto_name = true\n    matching", 1);
    mine(&world, "a1", "Twin");
    mine(&world, "b1", "Double");
    mine(&world, "b2", "Double");
    for (id, name) in [("c1", "Twin"), ("c2", "Other"), ("c3", "Twin"), ("c4", "Double")] {
        world.shop.customer(id, name);
    }
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.created, customers.queued, customers.updated), (1, 3, 0));
    let subjects: Vec<_> = waiting(&world).await.into_iter().map(|pending| pending.subject).collect();
    assert_eq!(subjects, ["c1", "c3", "c4"]);
    assert!(["a1", "b1", "b2"].iter().all(|key| tied(&world, key).is_none()));
}

#[tokio::test]
async fn a_persons_word_is_carried_out_by_the_next_run_and_the_children_follow() {
    let world = world("[]", "queue");
    mine(&world, "a1", "Something else");
    world.shop.customer("c1", "Bakery");
    world.shop.subscription("s1", "c1", 3);
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Subscription).unwrap().held, 1);
    decide(&world, Decision::Link(LocalKey::new("a1"))).await;
    world.run().await;
    assert_eq!(tied(&world, "a1").as_deref(), Some("c1"));
    assert_eq!(world.rows(EntityKind::Subscription)["s1"]["account"], "a1");
    assert!(waiting(&world).await.is_empty());
    world.shop.customer("c2", "New");
    world.shop.customer("c3", "Unwanted");
    world.run().await;
    decide(&world, Decision::Create).await;
    world.run().await;
    decide(&world, Decision::Ignore).await;
    world.run().await;
    world.shop.customer("c3", "Unwanted still");
    assert!(world.run().await.kinds.iter().all(|kind| kind.is_quiet() && kind.queued == 0));
    assert_eq!(world.ids(EntityKind::Customer), ["c1", "c2"].map(str::to_owned).into());
}

#[tokio::test]
async fn what_a_person_left_out_stays_out_when_a_listing_does_not_show_it_once() {
    let world = world(r#"["name"]"#, "create");
    mine(&world, "a1", "Bakery");
    for (id, name) in [("c1", "Brewery"), ("c2", "Butcher"), ("c9", "Bakery")] {
        world.shop.customer(id, name);
    }
    world.run().await;
    decide(&world, Decision::Ignore).await;
    world.run().await;
    world.shop.records().lie = Lie::Hides;
    world.run().await;
    world.shop.records().lie = Lie::None;
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.created, customers.queued), (0, 0), "{customers:?}");
    assert!(waiting(&world).await.is_empty());
    assert_eq!(world.ids(EntityKind::Customer), ["c1", "c2"].map(str::to_owned).into());
}

/// Nobody has carried it out yet, and the listing is without its record just then.
#[tokio::test]
async fn a_word_is_carried_out_when_its_record_comes_back() {
    let world = world("[]", "queue");
    for (id, name) in [("c1", "Brewery"), ("c2", "Butcher"), ("c9", "Bakery")] {
        world.shop.customer(id, name);
    }
    world.run().await;
    let last = waiting(&world).await.pop().unwrap();
    assert_eq!(last.subject, "c9");
    world.engine().resolve(last.id.clone(), Decision::Create, "somebody").await.unwrap();
    world.shop.records().lie = Lie::Hides;
    world.run().await;
    world.run().await;
    assert!(!world.ids(EntityKind::Customer).contains("c9"));
    let kept = waiting(&world).await.pop().unwrap();
    assert_eq!((kept.id, kept.decision), (last.id, Some(Decision::Create)));
    world.shop.records().lie = Lie::None;
    world.run().await;
    assert!(world.ids(EntityKind::Customer).contains("c9"));
    assert!(waiting(&world).await.iter().all(|pending| pending.subject != "c9"));
}

#[tokio::test]
async fn a_word_about_something_else_is_refused() {
    let world = world(r#"["name"]"#, "queue");
    mine(&world, "a1", "Bakery");
    world.shop.customer("c1", "Bakery");
    world.run().await;
    let engine = world.engine();
    let old = waiting(&world).await[0].id.clone();
    let kind = |error: SyncError| match error {
        SyncError::Store(error) => error.kind,
        other => panic!("{other}"),
    };
    let refused = engine.resolve(old.clone(), Decision::TakeRemote, "x").await.unwrap_err();
    assert_eq!(kind(refused), StoreErrorKind::Refused);
    let nobody = engine.resolve(old.clone(), Decision::Link(LocalKey::new("zz")), "x").await.unwrap_err();
    assert_eq!(kind(nobody), StoreErrorKind::Refused);
    world.shop.customer("c1", "Brewery");
    world.run().await;
    let stale = engine.resolve(old, Decision::Create, "x").await.unwrap_err();
    assert_eq!(kind(stale), StoreErrorKind::Stale);
    // A word that was given about what was then is not carried out about what is now.
    decide(&world, Decision::Create).await;
    world.shop.customer("c1", "Butcher");
    world.run().await;
    assert_eq!(waiting(&world).await[0].decision, None);
    assert!(world.ids(EntityKind::Customer).is_empty());
}

#[tokio::test]
async fn what_both_sides_changed_is_asked_about_field_by_field() {
    let world = World::new();
    world.shop.customer("c1", "Bakery");
    world.shop.records().customers.get_mut("c1").unwrap().phone = Some("1".into());
    world.run().await;
    let local = |world: &World| world.rows(EntityKind::Customer)["c1"]["phone"].clone();
    // The hand of the application reaches its first field; the phone is the distributor's too.
    let phone = |number: &str| {
        let mut record = world.target.records(EntityKind::Customer).remove(0);
        record.values.insert("phone".into(), json!(number));
        world.target.put(EntityKind::Customer, record);
    };
    // Only the distributor changed it.
    world.shop.records().customers.get_mut("c1").unwrap().phone = Some("2".into());
    world.run().await;
    assert_eq!(local(&world), "2");
    // Only the application did: another field's change leaves it.
    phone("22");
    world.shop.customer("c1", "Bakery & Sons");
    world.shop.records().customers.get_mut("c1").unwrap().phone = Some("2".into());
    world.run().await;
    assert_eq!(local(&world), "22");
    assert_eq!(world.rows(EntityKind::Customer)["c1"]["name"], "Bakery & Sons");
    // Both did.
    phone("33");
    world.shop.records().customers.get_mut("c1").unwrap().phone = Some("3".into());
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Customer).unwrap().conflicts, 1);
    assert_eq!((local(&world).as_str(), waiting(&world).await[0].why), ("33", PendingType::Conflict));
    world.shop.customer("c1", "Bakery and Sons");
    world.shop.records().customers.get_mut("c1").unwrap().phone = Some("3".into());
    world.run().await;
    assert_eq!(
        world.rows(EntityKind::Customer)["c1"]["name"],
        "Bakery and Sons",
        "only that field is frozen"
    );
    assert_eq!(local(&world), "33");
    decide(&world, Decision::TakeLocal).await;
    world.run().await;
    assert_eq!(local(&world), "33");
    assert!(waiting(&world).await.is_empty());
    phone("44");
    world.shop.records().customers.get_mut("c1").unwrap().phone = Some("4".into());
    world.run().await;
    decide(&world, Decision::TakeRemote).await;
    world.run().await;
    assert_eq!(local(&world), "4");
    assert!(waiting(&world).await.is_empty());
    assert!(world.run().await.kinds.iter().all(KindReport::is_quiet));
}

/// All words of a person, or none of them where one is wrong: a record that is not there, that is somebody else's, or
/// that two are given.
#[tokio::test]
async fn of_many_words_one_that_is_wrong_leaves_all_undone() {
    let world = world("[]", "queue");
    for n in 0..300 {
        mine(&world, &format!("a{n:03}"), &format!("Ours {n}"));
        world.shop.customer(&format!("c{n:03}"), &format!("Theirs {n}"));
    }
    world.shop.customer("c900", "Tied before");
    world.run().await;
    let tie = |pending: &Pending, key: String| (pending.id.clone(), Decision::Link(LocalKey::new(key)));
    let all = waiting(&world).await;
    let last = all.iter().find(|pending| pending.subject == "c900").unwrap();
    mine(&world, "b1", "Of the last one");
    world.engine().resolve(last.id.clone(), Decision::Link(LocalKey::new("b1")), "me").await.unwrap();
    world.run().await;
    let all = waiting(&world).await;
    assert_eq!(all.len(), 300);
    let right: Vec<_> = all.iter().map(|one| tie(one, one.subject.replace('c', "a"))).collect();
    let mut wrong = right.clone();
    wrong[7] = tie(&all[7], "nobody".into());
    wrong[70] = tie(&all[70], "b1".into());
    wrong[200] = right[199].clone();
    wrong[290] = tie(&all[290], "a001".into());
    let refused = world.engine().resolve_all(&wrong, "me").await.unwrap();
    let said: Vec<_> = refused.iter().map(|(at, error)| (*at, error.to_string())).collect();
    let expected = [
        (7, "the application has no record `nobody`".to_owned()),
        (70, "record `b1` belongs to `c900` already".to_owned()),
        (200, format!("`{}` is decided more than once", right[199].0)),
        (290, "record `a001` is given to more than one".to_owned()),
    ];
    assert_eq!(said, expected);
    assert!(waiting(&world).await.iter().all(|pending| pending.decision.is_none()));
    assert!(world.engine().resolve_all(&right, "me").await.unwrap().is_empty());
    world.run().await;
    for n in 0..300 {
        assert_eq!(tied(&world, &format!("a{n:03}")), Some(format!("c{n:03}")));
    }
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn what_a_person_has_left_out_stays_out_when_it_ends_and_comes_back() {
    let world = world("[]", "queue");
    world.shop.customer("c1", "Bakery");
    world.run().await;
    decide(&world, Decision::Ignore).await;
    for status in [CustomerStatus::Active, CustomerStatus::Deleted, CustomerStatus::Active] {
        world.run().await;
        world.shop.records().customers.get_mut("c1").unwrap().status = Some(status);
    }
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Customer).unwrap().queued, 0, "{report:?}");
    assert!(waiting(&world).await.is_empty() && world.ids(EntityKind::Customer).is_empty());
}

#[tokio::test]
async fn a_name_that_the_application_has_a_thousand_times_hides_no_other() {
    let world = world("[\"name\"]", "create");
    (0..1000).for_each(|n| mine(&world, &format!("{n:04}"), "Test"));
    mine(&world, "bakery", "Bakery");
    world.shop.customer("c00", "Test");
    world.shop.customer("c01", "Bakery");
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.queued, customers.created), (2, 0), "{customers:?}");
}

/// A row that was deleted by mistake and made again, and one that was removed with a record that came back.
#[tokio::test]
async fn rows_refer_to_the_new_row_of_a_record_that_has_another_than_before() {
    let world = World::new();
    world.shop.customers(2);
    (0..4).for_each(|n| world.shop.subscription(&format!("s{n}"), &format!("c0{}", n % 2), 1));
    world.run().await;
    let rows = world.target.records(EntityKind::Customer);
    let first = rows.iter().find(|row| row.remote.as_deref() == Some("c00")).unwrap();
    world.target.change_directly(EntityKind::Customer, &first.key, SideChange::Remove);
    world.shop.customer("c00", "Bakery");
    world.run().await;
    decide(&world, Decision::Create).await;
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Subscription).unwrap().updated, 2, "{report:?}");
    world.assert_in_step("when it was made again");
    for status in [CustomerStatus::Deleted, CustomerStatus::Active] {
        world.shop.records().customers.get_mut("c01").unwrap().status = Some(status);
        world.run().await;
    }
    world.assert_in_step("when it came back");
    assert!(world.run().await.kinds.iter().all(KindReport::is_quiet));
}

#[tokio::test]
async fn a_word_holds_although_the_plan_leaves_out_by_now_what_nothing_fits() {
    let mut world = world("[]", "queue");
    world.shop.customer("c1", "Bakery");
    world.shop.customer("c2", "Butcher");
    world.run().await;
    decide(&world, Decision::Create).await;
    world.plan = world.plan.replace("\"queue\"", "\"skip\"");
    // The plan is another one: the record is looked at again, and then it is as that person saw it.
    for _ in 0..2 {
        world.run().await;
    }
    assert!(world.ids(EntityKind::Customer).into_iter().eq(["c1"]));
    assert!(waiting(&world).await.is_empty());
}

/// It was given where nobody could look whether the row is there.
#[tokio::test]
async fn a_word_that_names_no_row_makes_way_for_the_next() {
    let world = world(r#"["name"]"#, "queue");
    mine(&world, "a1", "Bakery");
    world.shop.customer("c1", "Bakery");
    world.run().await;
    let word = (waiting(&world).await[0].id.clone(), Decision::Link(LocalKey::new("zz")));
    assert!(world.store.decide_all(&[word], "somebody").await.unwrap().is_empty());
    for _ in 0..2 {
        world.run().await;
        let open = waiting(&world).await;
        assert!(open.iter().all(|pending| pending.decision.is_none()), "{open:?}");
    }
    let open = waiting(&world).await;
    let gone = open.iter().find(|pending| pending.why == PendingType::Vanished).unwrap();
    world.engine().resolve(gone.id.clone(), Decision::Link(LocalKey::new("a1")), "somebody").await.unwrap();
    world.run().await;
    assert_eq!(tied(&world, "a1").as_deref(), Some("c1"));
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn a_record_whose_named_row_is_gone_waits_once_and_is_not_made_instead() {
    let world = world(r#"["name"]"#, "create");
    mine(&world, "a1", "Bakery");
    world.shop.customer("c1", "Bakery");
    world.run().await;
    decide(&world, Decision::Link(LocalKey::new("a1"))).await;
    world.target.change_directly(EntityKind::Customer, &LocalKey::new("a1"), SideChange::Remove);
    for _ in 0..3 {
        let report = world.run().await;
        let customers = report.kind(EntityKind::Customer).unwrap();
        assert_eq!((customers.created, customers.queued), (0, 1), "{customers:?}");
        let open: Vec<_> = waiting(&world).await.into_iter().map(|pending| pending.why).collect();
        assert_eq!(open, [PendingType::Vanished]);
    }
    // Looked at again, it may be a record that came meanwhile.
    mine(&world, "a2", "Bakery");
    decide(&world, Decision::Retry).await;
    world.run().await;
    let open: Vec<_> = waiting(&world).await.into_iter().map(|pending| pending.why).collect();
    assert_eq!(open, [PendingType::Match]);
    decide(&world, Decision::Link(LocalKey::new("a2"))).await;
    world.run().await;
    assert_eq!(tied(&world, "a2").as_deref(), Some("c1"));
    assert!(waiting(&world).await.is_empty());
}

/// The second word about one row cannot be carried out, and a preview says so too.
#[tokio::test]
async fn of_two_records_that_are_given_one_row_the_second_waits_once() {
    let world = world("[]", "queue");
    mine(&world, "a1", "Bakery");
    world.shop.customer("c1", "Brewery");
    world.shop.customer("c2", "Butcher");
    world.run().await;
    for pending in waiting(&world).await {
        let link = Decision::Link(LocalKey::new("a1"));
        world.engine().resolve(pending.id, link, "somebody").await.unwrap();
    }
    let counts = |report: &crate::report::SyncReport| {
        let customers = report.kind(EntityKind::Customer).unwrap();
        (customers.updated, customers.queued)
    };
    assert_eq!(counts(&world.engine().preview().await.unwrap()), (1, 1));
    assert_eq!(counts(&world.run().await), (1, 1));
    let open: Vec<_> =
        waiting(&world).await.into_iter().map(|pending| (pending.subject, pending.why)).collect();
    assert_eq!(open, [("c2".to_owned(), PendingType::Vanished)]);
}

/// Whether a row is there is asked of nobody else's tables.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_word_about_another_connection_is_not_looked_up_in_the_tables_of_this_one() {
    use super::homes::{Home, Place};

    let world = world("[]", "queue");
    world.shop.customer("c1", "Bakery");
    world.run().await;
    let words = [(waiting(&world).await[0].id.clone(), Decision::Link(LocalKey::new("7")))];
    let place = Place::new(
        Home::File,
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, remote TEXT UNIQUE, name TEXT, number TEXT, phone TEXT)",
    );
    let own = place.target(PLAN).await;
    let refused = crate::engine::resolve_all(&*world.store, Some(&own), &words, "somebody").await.unwrap();
    assert_eq!(refused.len(), 1, "{refused:?}");
    let other = place.target(&PLAN.replace("\"shop\"", "\"other\"")).await;
    let refused = crate::engine::resolve_all(&*world.store, Some(&other), &words, "somebody").await.unwrap();
    assert!(refused.is_empty(), "{refused:?}");
}
