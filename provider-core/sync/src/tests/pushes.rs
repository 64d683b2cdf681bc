//! What goes to the distributor, once, and what waits for a person.

use provider_core::EntityKind;
use serde_json::json;

use super::market::DeskFault;
use super::town::{BOTH, Town, city};
use crate::report::SyncOutcome;
use crate::store::{Decision, IntentState, PendingType};
use crate::target::LocalKey;

const CUSTOMER: EntityKind = EntityKind::Customer;

pub(super) async fn decide(town: &Town, why: PendingType, decision: Decision) {
    let waiting = town.waiting().await;
    let pending = waiting.iter().find(|pending| pending.why == why).unwrap_or_else(|| panic!("{waiting:?}"));
    town.engine().resolve(pending.id.clone(), decision, "Anna").await.unwrap();
}

#[tokio::test]
async fn what_only_the_application_has_is_made_once_and_tied() {
    let town = Town::new();
    town.write(CUSTOMER, "7", &[("name", "Bakery"), ("phone", "030"), ("city", "Berlin")]);
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.intents.applied, report.kinds[0].created), (1, 1, 0));
    let made = town.theirs("m01");
    assert_eq!((made.name.as_str(), made.phone.as_deref()), ("Bakery", Some("030")));
    assert_eq!((made.external_id.as_deref(), made.address), (Some("7"), Some(city("Berlin"))));
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m01"));
    town.assert_quiet("made").await;
    assert_eq!(town.writes(), 1);
    assert!(town.waiting().await.is_empty());
}

#[tokio::test]
async fn each_field_goes_where_its_owner_says() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.change("c1", |known| {
        known.website = Some("old.example.com".into());
        known.address = Some(city("Berlin"));
        known.address.as_mut().unwrap().line1 = Some("Street 1".into());
    });
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("name", "Bakery Ltd"), ("phone", "1"), ("site", "mine"), ("city", "Bonn")]);
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].updated), (1, 1), "{report:?}");
    let theirs = town.theirs("c1");
    assert_eq!((theirs.name.as_str(), theirs.phone.as_deref()), ("Bakery Ltd", Some("1")));
    assert_eq!(theirs.website.as_deref(), Some("old.example.com"), "what is the distributor's is not sent");
    let address = theirs.address.unwrap();
    assert_eq!(
        (address.city.as_deref(), address.line1.as_deref()),
        (Some("Bonn"), Some("Street 1")),
        "the rest stays"
    );
    assert_eq!(town.row(CUSTOMER, &key).values["site"], json!("old.example.com"), "and is put right again");
    town.assert_quiet("pushed").await;
    // What the distributor changes of the application's is set again; the rest comes over.
    town.change("c1", |known| {
        known.phone = Some("999".into());
        known.website = Some("new.example.com".into());
        known.address = Some(city("Kiel"));
    });
    town.run().await;
    assert_eq!(town.theirs("c1").phone.as_deref(), Some("1"));
    let row = town.row(CUSTOMER, &key);
    assert_eq!((&row.values["site"], &row.values["city"]), (&json!("new.example.com"), &json!("Kiel")));
    town.assert_quiet("restored").await;
}

#[tokio::test]
async fn an_empty_field_says_nothing_unless_the_plan_says_so() {
    let clear = BOTH.replacen("owner = \"local\" }", "owner = \"local\", clear = true }", 1);
    for (plan, left) in [(BOTH.to_owned(), Some("030")), (clear, None)] {
        let town = Town::with_plan(&plan);
        town.market.shop.customer("c1", "Bakery");
        town.change("c1", |known| known.phone = Some("030".into()));
        town.run().await;
        let key = town.key(CUSTOMER, "c1");
        let mut row = town.row(CUSTOMER, &key);
        row.values.insert("phone".into(), json!(null));
        town.target.put(CUSTOMER, row);
        town.run().await;
        assert_eq!(town.theirs("c1").phone.as_deref(), left);
        town.assert_quiet("emptied").await;
    }
}

#[tokio::test]
async fn a_conflict_freezes_one_field_and_a_person_ends_it() {
    for (decision, name) in [(Decision::TakeRemote, "Theirs"), (Decision::TakeLocal, "Ours")] {
        let town = Town::new();
        town.market.shop.customer("c1", "Bakery");
        town.change("c1", |known| known.address = Some(city("Berlin")));
        town.run().await;
        let key = town.key(CUSTOMER, "c1");
        town.write(CUSTOMER, &key, &[("name", "Ours"), ("city", "Bonn"), ("phone", "1")]);
        town.change("c1", |known| known.name = "Theirs".into());
        let report = town.run().await;
        assert_eq!((report.kinds[0].conflicts, report.kinds[0].pushed), (1, 1), "{report:?}");
        let theirs = town.theirs("c1");
        assert_eq!(
            (theirs.name.as_str(), theirs.phone.as_deref()),
            ("Theirs", Some("1")),
            "the others go on"
        );
        assert_eq!(theirs.address, Some(city("Bonn")));
        assert_eq!(town.row(CUSTOMER, &key).values["name"], json!("Ours"));
        let report = town.run().await;
        assert_eq!((report.kinds[0].conflicts, report.kinds[0].updated), (1, 0), "{report:?}");
        assert_eq!(town.row(CUSTOMER, &key).values["name"], json!("Ours"), "it waits");
        town.change("c1", |known| known.website = Some("https://example.com".into()));
        let report = town.run().await;
        assert_eq!((report.kinds[0].conflicts, report.kinds[0].updated), (1, 1), "{report:?}");
        assert_eq!(town.row(CUSTOMER, &key).values["name"], json!("Ours"), "it waits still");
        decide(&town, PendingType::Conflict, decision).await;
        town.run().await;
        town.run().await;
        assert_eq!(
            (town.theirs("c1").name.as_str(), &town.row(CUSTOMER, &key).values["name"]),
            (name, &json!(name))
        );
        town.assert_quiet(name).await;
        assert!(town.waiting().await.is_empty());
    }
}

/// A distributor that writes a value in its own way is not sent it again and again.
#[tokio::test]
async fn what_a_distributor_makes_of_a_value_is_no_edit() {
    let town = Town::new();
    town.market.desk().normalises = true;
    town.write(CUSTOMER, "7", &[("name", "Bakery"), ("phone", "030")]);
    town.run().await;
    assert_eq!(town.theirs("m01").phone.as_deref(), Some("+030"));
    town.assert_quiet("made").await;
    town.write(CUSTOMER, "7", &[("phone", "031")]);
    town.run().await;
    assert_eq!(town.theirs("m01").phone.as_deref(), Some("+031"));
    town.assert_quiet("changed").await;
    assert_eq!(town.row(CUSTOMER, "7").values["phone"], json!("031"));
}

#[tokio::test]
async fn two_of_one_name_wait_for_a_person() {
    let town = Town::new();
    town.write(CUSTOMER, "1", &[("name", "Bakery")]);
    town.write(CUSTOMER, "2", &[("name", " BAKERY ")]);
    let report = town.run().await;
    assert_eq!((report.kinds[0].queued, report.kinds[0].pushed), (2, 0), "{report:?}");
    let waiting = town.waiting().await;
    assert!(waiting.iter().all(|pending| pending.why == PendingType::Twin), "{waiting:?}");
    assert_eq!(waiting[0].subject, "local:1");
    town.engine().resolve(waiting[0].id.clone(), Decision::Create, "Anna").await.unwrap();
    town.run().await;
    assert_eq!(town.row(CUSTOMER, "1").remote.as_deref(), Some("m01"));
    assert_eq!(town.row(CUSTOMER, "2").remote, None, "the other waits still");
    decide(&town, PendingType::Twin, Decision::Ignore).await;
    town.assert_quiet("left out").await;
    assert_eq!(town.writes(), 1);
}

/// What was made of the first is no reason to ask about the second again.
#[tokio::test]
async fn two_of_one_name_are_both_made_where_a_person_says_so_of_both() {
    let town = Town::new();
    town.write(CUSTOMER, "1", &[("name", "Bakery")]);
    town.write(CUSTOMER, "2", &[("name", " BAKERY ")]);
    town.run().await;
    for pending in town.waiting().await {
        town.engine().resolve(pending.id.clone(), Decision::Create, "Anna").await.unwrap();
    }
    let report = town.run().await;
    assert_eq!((report.intents.applied, report.kinds[0].queued), (2, 0), "{report:?}");
    assert!(town.waiting().await.is_empty());
    town.run().await;
    town.assert_quiet("both are made").await;
    assert_eq!(town.writes(), 2);
}

#[tokio::test]
async fn a_name_that_the_distributor_has_waits_for_a_person() {
    let plan = BOTH.replacen("unmatched = \"create\"", "unmatched = \"queue\"\n    matching = [\"name\"]", 1);
    let town = Town::with_plan(&plan);
    town.market.shop.customer("c1", "Bakery");
    town.write(CUSTOMER, "1", &[("name", "Bakery")]);
    let report = town.run().await;
    assert_eq!(report.kinds[0].pushed, 0, "{report:?}");
    let types: Vec<_> = town.waiting().await.iter().map(|pending| pending.why).collect();
    assert_eq!(types, [PendingType::Match, PendingType::Twin]);
    // Said on either side, it is settled on both.
    decide(&town, PendingType::Match, Decision::Link(LocalKey::new("1"))).await;
    town.run().await;
    assert_eq!(town.row(CUSTOMER, "1").remote.as_deref(), Some("c1"));
    town.run().await;
    assert!(town.waiting().await.is_empty());
    assert_eq!(town.market.shop.records().customers.len(), 1);
}

/// What may be a record of the distributor under another name is not made a second time while that waits.
#[tokio::test]
async fn a_row_that_waits_as_a_match_is_not_made() {
    let plan = BOTH
        .replacen("unmatched = \"create\"", "unmatched = \"queue\"\n    matching = [\"external_id\"]", 1)
        .replacen(
            "    fields = [",
            "    fields = [\n      { remote = \"external_id\", local = \"site\" },",
            1,
        )
        .replacen("      { remote = \"website\", local = \"site\" },\n", "", 1);
    let town = Town::with_plan(&plan);
    town.market.shop.customer("c1", "Bakery Limited");
    town.change("c1", |known| known.external_id = Some("7411".into()));
    for key in ["1", "2"] {
        town.write(CUSTOMER, key, &[("name", &format!("Bakery {key}")), ("site", "7411")]);
    }
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].queued), (0, 3), "{report:?}");
    let waiting = town.waiting().await;
    let twins: Vec<_> = waiting.iter().filter(|pending| pending.why == PendingType::Twin).collect();
    assert!(twins.len() == 2 && twins[0].body["reason"].as_str().unwrap().contains("`c1`"), "{waiting:?}");
    decide(&town, PendingType::Match, Decision::Link(LocalKey::new("1"))).await;
    town.run().await;
    town.run().await;
    assert_eq!(town.row(CUSTOMER, "1").remote.as_deref(), Some("c1"));
    assert_eq!(town.row(CUSTOMER, "2").remote.as_deref(), Some("m01"));
    // That the two are not called alike is another matter.
    assert!(town.waiting().await.iter().all(|pending| pending.why == PendingType::Conflict));
}

#[tokio::test]
async fn a_record_that_lacks_what_is_needed_is_told_by_its_column() {
    let town = Town::new();
    town.write(CUSTOMER, "1", &[("name", "  "), ("phone", "1")]);
    let report = town.run().await;
    assert_eq!((report.kinds[0].refused, report.intents.rejected), (1, 1));
    let waiting = town.waiting().await;
    assert_eq!(waiting[0].why, PendingType::Refused);
    assert_eq!(waiting[0].body["violations"][0]["field"], "name");
    town.write(CUSTOMER, "1", &[("name", "Bakery")]);
    town.run().await;
    town.run().await;
    assert_eq!(town.writes(), 1);
    assert!(town.waiting().await.is_empty());
}

/// Half of what is sent is refused: it is told by the application's own column, and not sent again until somebody changes
/// it or says so.
#[tokio::test]
async fn a_distributor_that_refuses_half_is_not_asked_again_and_again() {
    let town = Town::new();
    for n in 0..6 {
        town.write(CUSTOMER, &n.to_string(), &[("name", &format!("Bakery {n}")), ("city", "Berlin")]);
        let fault = if n % 2 == 0 { DeskFault::Refused("address.city") } else { DeskFault::LostAfter };
        town.market.desk().faults.push_back(fault);
    }
    let report = town.run().await;
    assert_eq!(
        (report.intents.applied, report.intents.rejected, report.intents.unknown),
        (3, 3, 0),
        "{report:?}"
    );
    let waiting = town.waiting().await;
    assert_eq!(waiting.len(), 3);
    assert!(waiting.iter().all(|pending| pending.body["violations"][0]["field"] == "city"), "{waiting:?}");
    let report = town.run().await;
    assert_eq!((report.intents.applied, report.kinds[0].refused), (0, 3));
    assert_eq!(town.writes(), 3);
    let first = town.waiting().await[0].clone();
    town.engine().resolve(first.id, Decision::Retry, "Anna").await.unwrap();
    assert_eq!(town.run().await.intents.applied, 1);
    town.write(CUSTOMER, "2", &[("city", "Bonn")]);
    assert_eq!(town.run().await.intents.applied, 1);
    decide(&town, PendingType::Refused, Decision::Ignore).await;
    let report = town.run().await;
    assert_eq!((report.intents.applied, report.kinds[0].refused), (0, 0));
    town.assert_none_doubled("refused");
}

#[tokio::test]
async fn a_distributor_that_is_busy_is_left_alone_and_asked_later() {
    let town = Town::new();
    for n in 0..3 {
        town.write(CUSTOMER, &n.to_string(), &[("name", &format!("Bakery {n}"))]);
    }
    town.market.desk().faults.push_back(DeskFault::Throttled);
    let report = town.run().await;
    assert_eq!((report.intents.applied, report.outcome), (0, SyncOutcome::Completed), "{report:?}");
    let report = town.run().await;
    assert_eq!(report.intents.applied, 3, "{report:?}");
    town.assert_quiet("later").await;
    town.assert_none_doubled("later");
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_nothing_is_made_twice() {
    let town = Town::new();
    for (n, fault) in [DeskFault::LostBefore, DeskFault::LostAfter].into_iter().enumerate() {
        town.write(CUSTOMER, &n.to_string(), &[("name", &format!("Bakery {n}"))]);
        town.market.desk().faults.push_back(fault);
        let report = town.run().await;
        assert_eq!((report.intents.applied, report.intents.unknown), (1, 0), "{report:?}");
    }
    town.assert_quiet("looked up").await;
    town.assert_none_doubled("looked up");
    assert_eq!(town.writes(), 2);
}

#[tokio::test]
async fn what_nobody_knows_waits_for_a_person() {
    for (fault, happened) in [(DeskFault::LostAfter, true), (DeskFault::LostBefore, false)] {
        let town = Town::new();
        town.market.desk().forgetful = true;
        town.write(CUSTOMER, "7", &[("name", "Bakery")]);
        town.market.desk().faults.push_back(fault);
        let report = town.run().await;
        assert_eq!(
            (report.intents.unknown, report.kinds[0].unknown, report.intents.applied),
            (1, 1, 0),
            "{report:?}"
        );
        assert_eq!(town.store.status().await.unwrap()[0].unknown, 1);
        let first = town.waiting().await;
        assert_eq!((first[0].why, first[0].subject.as_str()), (PendingType::Unknown, "local:7"));
        // What may be it is nobody else's, and no row is made for it; the row is left as it is.
        town.write(CUSTOMER, "7", &[("phone", "1")]);
        let report = town.run().await;
        assert_eq!((report.kinds[0].created, report.intents.unknown), (0, 1), "{report:?}");
        assert_eq!(town.waiting().await.len(), 1);
        if happened {
            decide(&town, PendingType::Unknown, Decision::Happened("nobody".into())).await;
            let report = town.run().await;
            assert_eq!(report.intents.unknown, 1, "there is no such record: {report:?}");
            decide(&town, PendingType::Unknown, Decision::Happened("m01".into())).await;
        } else {
            decide(&town, PendingType::Unknown, Decision::NeverHappened).await;
        }
        let report = town.run().await;
        assert_eq!(report.intents.unknown, 0, "{report:?}");
        let report = town.run().await;
        assert_eq!(report.intents.unknown, 0, "{report:?}");
        assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m01"));
        assert_eq!(town.theirs("m01").phone.as_deref(), Some("1"), "what was edited since follows");
        assert_eq!(town.market.shop.records().customers.len(), 1);
        let last =
            town.store.last_intent(&crate::KindScope::new("shop", CUSTOMER), &LocalKey::new("7")).await;
        assert_eq!(last.unwrap().unwrap().state, IntentState::Applied);
        town.assert_quiet("settled").await;
        assert!(town.waiting().await.is_empty());
    }
}

/// Databases give the key of a row that was deleted to the next one.
#[tokio::test]
async fn a_row_that_was_deleted_and_made_again_is_another_one() {
    let town = Town::new();
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    town.run().await;
    let row = town.row(CUSTOMER, "7");
    town.target.put(CUSTOMER, crate::LocalRecord { remote: None, ..row });
    town.write(CUSTOMER, "7", &[("name", "Florist")]);
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].queued), (0, 1), "{report:?}");
    assert_eq!(town.theirs("m01").name, "Bakery", "nothing of it is changed");
    assert_eq!(town.row(CUSTOMER, "7").remote, None);
    decide(&town, PendingType::Vanished, Decision::Ignore).await;
    town.run().await;
    town.run().await;
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m02"));
    assert_eq!((town.theirs("m01").name.as_str(), town.theirs("m02").name.as_str()), ("Bakery", "Florist"));
    town.assert_quiet("another").await;
}

#[tokio::test]
async fn a_colleague_who_makes_the_same_at_the_same_moment_is_told() {
    let plan = BOTH.replacen("unmatched = \"create\"", "unmatched = \"queue\"\n    matching = [\"name\"]", 1);
    let town = Town::with_plan(&plan);
    town.market.desk().colleague = true;
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    town.run().await;
    assert_eq!(town.row(CUSTOMER, "7").remote.as_deref(), Some("m01"));
    let report = town.run().await;
    assert_eq!(
        (report.kinds[0].queued, report.kinds[0].created, report.intents.applied),
        (1, 0, 0),
        "{report:?}"
    );
    let waiting = town.waiting().await;
    assert_eq!((waiting[0].why, waiting[0].subject.as_str()), (PendingType::Match, "z01"));
}

#[tokio::test]
async fn a_listing_that_hides_something_makes_nothing() {
    let town = Town::new();
    town.market.shop.customer("c1", "Hidden");
    town.market.shop.records().bad = vec!["c1".into()];
    town.write(CUSTOMER, "7", &[("name", "Bakery")]);
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].waiting), (0, 1), "{report:?}");
    town.market.shop.records().bad.clear();
    assert_eq!(town.run().await.kinds[0].pushed, 1);
}

#[tokio::test]
async fn a_preview_shows_what_would_be_pushed_and_sends_nothing() {
    let town = Town::new();
    town.market.shop.customer("c1", "Bakery");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("phone", "1")]);
    town.write(CUSTOMER, "7", &[("name", "Florist")]);
    let rows = town.target.records(CUSTOMER);
    let preview = town.engine().preview().await.unwrap();
    assert_eq!((preview.kinds[0].pushed, preview.intents.applied), (2, 2), "{preview:?}");
    assert_eq!((town.writes(), town.target.records(CUSTOMER)), (0, rows));
    assert!(town.store.open_intents(&crate::KindScope::new("shop", CUSTOMER)).await.unwrap().is_empty());
    assert_eq!(town.run().await.kinds[0].pushed, 2);
}

#[tokio::test]
async fn what_is_only_pushed_makes_and_changes_no_row() {
    let plan = r#"
        version = 1
        connection = "shop"
        enabled = true
        [[kinds]]
        kind = "customer"
        enabled = true
        direction = "push"
        updates = ["create", "update"]
        key = { remote = "id", local = "remote" }
        unmatched = "skip"
        fields = [{ remote = "name", local = "name" }, { remote = "phone", local = "phone" }]
    "#;
    let town = Town::with_plan(plan);
    town.market.shop.customer("c1", "Theirs");
    town.write(CUSTOMER, "7", &[("name", "Bakery"), ("phone", "1")]);
    let report = town.run().await;
    assert_eq!((report.kinds[0].pushed, report.kinds[0].created), (1, 0));
    town.change("m01", |known| known.name = "Changed there".into());
    town.run().await;
    assert_eq!(town.theirs("m01").name, "Bakery");
    assert_eq!(town.target.records(CUSTOMER).len(), 1);
    town.assert_quiet("pushed").await;
}

/// A plan that pulled becomes one that goes both ways: nothing says which side has changed what, so that nothing is sent
/// that a person might have to decide about.
#[tokio::test]
async fn a_plan_that_begins_to_push_sends_nothing_that_it_does_not_know() {
    let pull = BOTH.replace("direction = \"both\"", "direction = \"pull\"").replace("owner = \"ask\" }", "}");
    let mut town = Town::with_plan(&pull);
    town.market.shop.customer("c1", "Bakery");
    town.market.shop.customer("c2", "Florist");
    town.run().await;
    let key = town.key(CUSTOMER, "c1");
    town.write(CUSTOMER, &key, &[("name", "Edited while it was pulled only")]);
    town.plan = BOTH.to_owned();
    let report = town.run().await;
    assert_eq!((report.kinds[0].conflicts, report.kinds[0].pushed), (1, 0), "{report:?}");
    assert_eq!(town.theirs("c1").name, "Bakery");
    decide(&town, PendingType::Conflict, Decision::TakeLocal).await;
    town.run().await;
    town.run().await;
    assert_eq!(town.theirs("c1").name, "Edited while it was pulled only");
    town.assert_quiet("decided").await;
}
