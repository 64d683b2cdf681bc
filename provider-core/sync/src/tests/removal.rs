//! Removal: for the two reasons, and for nothing else.

use provider_core::model::Offer;
use provider_core::{EntityKind, ErrorKind, Product, SubscriptionStatus};

use super::distributor::Lie;
use super::world::{PLAN, World};
use crate::engine::RunControl;
use crate::report::{KindReport, SyncOutcome};

async fn world() -> World {
    let world = World::new();
    world.shop.customers(40);
    for n in 0..40 {
        world.shop.subscription(&format!("s{n:02}"), &format!("c{:02}", n / 4), 1);
    }
    world.run().await;
    world.assert_in_step("at the beginning");
    world
}

async fn customers(world: &World) -> KindReport {
    world.run().await.kind(EntityKind::Customer).cloned().unwrap()
}

#[tokio::test]
async fn what_is_gone_is_removed_once_a_control_read_says_so() {
    let world = world().await;
    world.shop.records().customers.remove("c39");
    let report = customers(&world).await;
    assert_eq!((report.removed, report.suspected), (1, 0));
    world.assert_in_step("after the removal");
    assert_eq!(customers(&world).await.removed, 0);
}

#[tokio::test]
async fn no_lie_removes_anything() {
    let lies = [Lie::Hides, Lie::Short, Lie::Empty, Lie::Forbidden, Lie::Shifts, Lie::Breaks, Lie::Endless];
    for lie in lies {
        let world = world().await;
        for _ in 0..4 {
            world.shop.records().lie = lie;
            world.clock.pass(chrono::Duration::hours(7));
            let report = world.run().await;
            let removed: u64 = report.kinds.iter().map(|kind| kind.removed).sum();
            assert_eq!(removed, 0, "{lie:?}: {report:?}");
        }
        world.assert_in_step(&format!("{lie:?}"));
        world.shop.records().lie = Lie::None;
        // Where the connection was stopped by it, it is tried again by then.
        world.clock.pass(chrono::Duration::hours(25));
        assert_eq!(world.run().await.outcome, SyncOutcome::Completed);
        assert!(world.run().await.kinds.iter().all(KindReport::is_quiet), "{lie:?}");
    }
}

/// Behind the end of a list that was short nothing comes any more: the next run begins it anew.
#[tokio::test]
async fn what_a_short_list_left_out_comes_with_the_next_one() {
    let world = World::new();
    world.shop.customers(40);
    world.shop.records().lie = Lie::Shifts;
    for _ in 0..2 {
        let report = world.run().await;
        assert_eq!(report.outcome, SyncOutcome::Failed, "{report:?}");
        assert_eq!(report.kind(EntityKind::Customer).unwrap().listed, 39);
        assert!(!world.ids(EntityKind::Customer).contains("c02"), "it has moved to the page before");
    }
    world.shop.records().lie = Lie::None;
    let report = world.run().await;
    assert_eq!(
        (report.outcome, report.kind(EntityKind::Customer).unwrap().listed),
        (SyncOutcome::Completed, 40)
    );
    world.assert_in_step("after an honest list");
}

/// A token of a run that was cut may have run out by the next one, which no answer says in the same words.
#[tokio::test]
async fn a_point_that_is_refused_is_left_for_the_beginning() {
    for kind in [ErrorKind::InvalidCursor, ErrorKind::InvalidInput, ErrorKind::NotFound] {
        let world = World::new();
        world.shop.customers(40);
        world.shop.records().lie = Lie::Breaks;
        assert_eq!(world.run().await.outcome, SyncOutcome::Failed);
        world.shop.records().lie = Lie::None;
        world.shop.records().expired = Some(kind);
        let report = world.run().await;
        assert_eq!((report.outcome, &report.error), (SyncOutcome::Completed, &None), "{kind:?}");
        assert_eq!(world.shop.records().expired, None, "{kind:?}: it was gone on with");
        world.assert_in_step("from the beginning");
    }
}

/// A list that never ends is ended, and proves nothing about what it does not show.
#[tokio::test]
async fn an_endless_listing_is_ended_and_the_next_run_heals() {
    let world = world().await;
    world.shop.records().customers.remove("c39");
    world.shop.customer("c50", "New");
    world.shop.records().lie = Lie::Endless;
    for _ in 0..3 {
        world.clock.pass(chrono::Duration::hours(7));
        let report = world.run().await;
        assert_eq!(report.outcome, SyncOutcome::Failed);
        let why = report.error.unwrap();
        assert!(why.contains("would never end"), "{why}");
        let ids = world.ids(EntityKind::Customer);
        assert!(ids.contains("c39") && ids.contains("c50"), "nothing is removed, nothing is lost: {ids:?}");
    }
    world.shop.records().lie = Lie::None;
    let healed = world.run().await;
    assert_eq!((healed.outcome, healed.error), (SyncOutcome::Completed, None));
    assert_eq!(customers(&world).await.removed, 1);
    world.assert_in_step("afterwards");
    assert!(world.run().await.kinds.iter().all(KindReport::is_quiet));
}

#[tokio::test]
async fn without_a_total_it_takes_two_runs_hours_apart() {
    let world = world().await;
    world.shop.records().lie = Lie::NoTotal;
    world.shop.records().customers.remove("c39");
    assert_eq!(customers(&world).await.suspected, 1);
    assert_eq!(customers(&world).await.suspected, 1, "an hour later is too early");
    world.clock.pass(chrono::Duration::hours(6));
    assert_eq!(customers(&world).await.removed, 1);
    world.assert_in_step("hours later");
}

#[tokio::test]
async fn what_comes_back_was_never_missing() {
    let world = world().await;
    world.shop.records().lie = Lie::NoTotal;
    let gone = world.shop.records().customers.remove("c39").unwrap();
    assert_eq!(customers(&world).await.suspected, 1);
    world.shop.records().customers.insert("c39".into(), gone);
    assert_eq!(customers(&world).await.suspected, 0);
    world.shop.records().customers.remove("c39");
    world.clock.pass(chrono::Duration::hours(12));
    assert_eq!(customers(&world).await.suspected, 1, "it counts from the beginning");
}

#[tokio::test]
async fn a_look_into_the_list_is_no_control_read() {
    let mut world = world().await;
    world.shop = world.shop.clone().without_control();
    world.shop.records().customers.remove("c39");
    assert_eq!(customers(&world).await.suspected, 1);
    world.clock.pass(chrono::Duration::hours(6));
    assert_eq!(customers(&world).await.removed, 1);
}

#[tokio::test]
async fn a_right_that_was_withdrawn_removes_nothing() {
    let world = world().await;
    world.shop.records().customers.remove("c39");
    world.shop.records().forbidden = vec!["c39".into()];
    assert_eq!(customers(&world).await.suspected, 1);
    // Those that were listed do not answer either.
    world.shop.records().forbidden = (0..39).map(|n| format!("c{n:02}")).collect();
    assert_eq!(customers(&world).await.suspected, 1);
    world.shop.records().forbidden.clear();
    assert_eq!(customers(&world).await.removed, 1);
}

#[tokio::test]
async fn more_than_a_matter_of_course_needs_a_persons_word() {
    let world = world().await;
    for n in 35..40 {
        world.shop.records().customers.remove(&format!("c{n:02}"));
    }
    let report = customers(&world).await;
    assert_eq!((report.removed, report.suspected), (0, 5), "a tenth of 40 is 4");
    let allowed = RunControl::default().allow_removals(5);
    let report = world.run_with(&allowed).await.kind(EntityKind::Customer).cloned().unwrap();
    assert_eq!((report.removed, report.suspected), (5, 0));
    world.assert_in_step("with a word");
}

/// Whoever lets more go than a matter of course does not wait for hours that have passed already.
#[tokio::test]
async fn what_was_missing_before_a_persons_word_was_missing() {
    let world = world().await;
    world.shop.records().lie = Lie::NoTotal;
    for n in 35..40 {
        world.shop.records().customers.remove(&format!("c{n:02}"));
    }
    assert_eq!(customers(&world).await.suspected, 5);
    // One comes back, and is missing from its beginning when it goes again.
    world.shop.customer("c35", "Customer 35");
    assert_eq!(customers(&world).await.suspected, 4);
    world.shop.records().customers.remove("c35");
    world.clock.pass(chrono::Duration::hours(7));
    let word = RunControl::default().allow_removals(5);
    let report = world.run_with(&word).await.kind(EntityKind::Customer).cloned().unwrap();
    assert_eq!((report.removed, report.suspected), (4, 1), "the word does not replace the hours");
    world.clock.pass(chrono::Duration::hours(7));
    assert_eq!(customers(&world).await.removed, 1);
    world.assert_in_step("with a word");
}

#[tokio::test]
async fn what_the_distributor_says_has_ended_goes_at_once_and_comes_back() {
    let world = world().await;
    world.shop.records().subscriptions.get_mut("s01").unwrap().status = SubscriptionStatus::Cancelled;
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Subscription).unwrap().removed, 1);
    assert!(!world.ids(EntityKind::Subscription).contains("s01"));
    assert!(world.run().await.kinds.iter().all(KindReport::is_quiet));
    world.shop.records().subscriptions.get_mut("s01").unwrap().status = SubscriptionStatus::Active;
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Subscription).unwrap().created, 1);
    world.assert_in_step("when it is active again");
}

#[tokio::test]
async fn one_wrong_word_for_all_empties_no_table() {
    let world = world().await;
    for seats in world.shop.records().subscriptions.values_mut() {
        seats.status = SubscriptionStatus::Expired;
    }
    let report = world.run().await;
    let seats = report.kind(EntityKind::Subscription).unwrap();
    assert_eq!((seats.removed, seats.suspected), (0, 40));
    assert_eq!(world.ids(EntityKind::Subscription).len(), 40);
}

#[tokio::test]
async fn children_wait_for_their_parents_verdict_and_groups_of_nothing_prove_nothing() {
    let world = world().await;
    world.shop.records().lie = Lie::NoTotal;
    world.shop.records().customers.remove("c00");
    let children: Vec<String> = (0..4).map(|n| format!("s{n:02}")).collect();
    children.iter().for_each(|id| drop(world.shop.records().subscriptions.remove(id)));
    world.run().await;
    world.clock.pass(chrono::Duration::hours(7));
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Customer).unwrap().removed, 1);
    assert_eq!(report.kind(EntityKind::Subscription).unwrap().removed, 4, "{report:?}");
    world.assert_in_step("when the parent is gone");
    // All seats of a customer that is there are missing: perhaps a right was withdrawn.
    (4..8).for_each(|n| drop(world.shop.records().subscriptions.remove(&format!("s{n:02}"))));
    for _ in 0..3 {
        world.clock.pass(chrono::Duration::hours(7));
        let report = world.run_with(&RunControl::default().allow_removals(10)).await;
        assert_eq!(report.kind(EntityKind::Subscription).unwrap().suspected, 4);
    }
}

#[tokio::test]
async fn a_run_that_was_taken_up_again_removes_nothing() {
    let world = world().await;
    world.shop.records().customers.remove("c39");
    world.clock.pass(chrono::Duration::hours(1));
    let fuse = super::crash::Fuse::after(30);
    let _ = world.dying(&fuse).run(&RunControl::default()).await;
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert!(customers.resumed > 0);
    assert_eq!((customers.removed, customers.suspected), (0, 1));
    assert_eq!(self::customers(&world).await.removed, 1);
}

const MEMBERS: &str = r#"
    version = 1
    connection = "shop"
    enabled = true
    [[kinds]]
    kind = "product"
    enabled = true
    updates = ["create", "update", "remove"]
    key = { remote = "id", local = "remote" }
    each = "offers"
    unmatched = "create"
    removal = { how = "delete" }
    fields = [{ remote = "name", local = "name" }]
"#;

/// Which part of a row's id is the record's cannot be seen where an id has slashes of its own.
#[tokio::test]
async fn a_member_whose_id_has_a_slash_is_asked_for_by_its_own_record() {
    let world = World::with_plan(MEMBERS);
    for (id, offers) in [("p0", ["m", "y"]), ("p1", ["m", "y"]), ("p2", ["m", "y"]), ("p3", ["m/1", "y"])] {
        let mut product = Product::new(id, id);
        product.offers = offers.map(Offer::new).into();
        world.shop.records().products.insert(id.into(), product);
    }
    world.run().await;
    let products = async || world.run().await.kind(EntityKind::Product).cloned().unwrap();
    world.shop.records().lie = Lie::Hides;
    let report = products().await;
    assert_eq!((report.removed, report.suspected), (0, 2), "it is only not in the list: {report:?}");
    assert!(world.ids(EntityKind::Product).contains("p3/m/1"));
    world.shop.records().lie = Lie::None;
    world.shop.records().products.get_mut("p3").unwrap().offers.remove(0);
    assert_eq!(products().await.removed, 1, "the product says that it has no such offer");
    world.shop.records().products.remove("p3");
    assert_eq!(products().await.removed, 1);
    assert_eq!(world.ids(EntityKind::Product).len(), 6);
}

/// Where nothing but the list tells of a record, the rows of its members stay while it comes without them or cannot be
/// read.
#[tokio::test]
async fn a_record_that_is_listed_keeps_the_rows_of_members_that_it_does_not_tell() {
    let mut world = World::with_plan(MEMBERS);
    world.shop = world.shop.clone().without_control();
    for (id, offers) in [("p0", vec!["m", "y"]), ("p1", vec!["m"]), ("p2", vec!["m"]), ("p3", vec!["m", "y"])]
    {
        let mut product = Product::new(id, id);
        product.offers = offers.into_iter().map(Offer::new).collect();
        world.shop.records().products.insert(id.into(), product);
    }
    world.run().await;
    world.shop.records().bad = vec!["p1".into()];
    world.shop.records().products.get_mut("p2").unwrap().offers.clear();
    let products = async || {
        world.clock.pass(chrono::Duration::hours(7));
        let report = world.run().await.kind(EntityKind::Product).cloned().unwrap();
        (report.removed, report.suspected)
    };
    for _ in 0..3 {
        assert_eq!(products().await, (0, 2));
    }
    assert_eq!(world.ids(EntityKind::Product).len(), 6);
    world.shop.records().bad.clear();
    world.shop.records().products.get_mut("p3").unwrap().offers.pop();
    assert_eq!(products().await, (0, 2), "once is not enough");
    assert_eq!(products().await, (1, 1), "it tells others, and not this one");
    assert!(!world.ids(EntityKind::Product).contains("p3/y"));
}

/// A customer that the plan filters out is not gone: whether a right of its was withdrawn has to be asked as of any other.
#[tokio::test]
async fn seats_of_a_customer_that_is_filtered_out_are_looked_at_beside_its_own() {
    let plan = PLAN
        .replacen("unmatched = \"create\"", "unmatched = \"create\"\n    query = { status = \"active\" }", 1)
        .replacen("{ remote = \"customer\", local = \"account\", transform = [\"link\"] },", "", 1);
    let world = World::with_plan(&plan);
    world.shop.customer("c1", "Bakery");
    for (id, customer) in [("s1", "c1"), ("s2", "c1"), ("s3", "c1"), ("s4", "c2"), ("s5", "c2"), ("s6", "c2")]
    {
        world.shop.subscription(id, customer, 1);
    }
    world.run().await;
    // It is there, and not for everybody.
    world.shop.records().forbidden = vec!["c2".into()];
    let seats = async || world.run().await.kind(EntityKind::Subscription).cloned().unwrap();
    world.shop.records().subscriptions.remove("s4");
    assert_eq!(seats().await.removed, 1, "others of that customer answer");
    for id in ["s5", "s6"] {
        world.shop.records().subscriptions.remove(id);
    }
    let report = seats().await;
    assert_eq!((report.removed, report.suspected), (0, 2), "nothing of it is listed any more: {report:?}");
    world.shop.records().forbidden.clear();
    assert_eq!(seats().await.removed, 2, "it is gone itself");
}

/// A right on one organization was withdrawn: its products are in no list any more, and have no call of their own.
#[tokio::test]
async fn products_of_an_organization_of_which_nothing_is_listed_stay() {
    let mut world = World::with_plan(&MEMBERS.replace("    each = \"offers\"\n", ""));
    world.shop = world.shop.clone().without_control();
    for n in 0..10 {
        let id = format!("p{n}");
        let mut product = Product::new(id.as_str(), "Suite");
        product.organization = Some(if n < 5 { "1" } else { "2" }.into());
        world.shop.records().products.insert(id, product);
    }
    world.run().await;
    let withdrawn: Vec<Product> =
        (5..10).filter_map(|n| world.shop.records().products.remove(&format!("p{n}"))).collect();
    let products = async || {
        world.clock.pass(chrono::Duration::hours(7));
        let report = world.run_with(&RunControl::default().allow_removals(100)).await;
        let products = report.kind(EntityKind::Product).unwrap();
        (products.removed, products.suspected)
    };
    for _ in 0..3 {
        assert_eq!(products().await, (0, 5));
    }
    assert_eq!(world.ids(EntityKind::Product).len(), 10);
    // The organization is there again, and has one of them.
    world.shop.records().products.extend(withdrawn.into_iter().take(1).map(|p| (p.id.to_string(), p)));
    assert_eq!(products().await, (4, 0));
    assert_eq!(world.ids(EntityKind::Product).len(), 6);
}

/// A customer that waits for a person has no row. It is not forgotten while nothing of its organization is listed: its seats
/// would pass for those of one that is gone.
#[tokio::test]
async fn seats_of_a_waiting_customer_stay_while_its_organization_is_not_listed() {
    let plan = PLAN.replacen("unmatched = \"create\"", "unmatched = \"queue\"", 1).replacen(
        "{ remote = \"customer\", local = \"account\", transform = [\"link\"] },",
        "",
        1,
    );
    let world = World::with_plan(&plan);
    for (id, organization) in [("c1", "1"), ("c2", "2")] {
        world.shop.customer(id, id);
        world.shop.records().customers.get_mut(id).unwrap().organization = Some(organization.into());
    }
    for (id, customer) in [("s1", "c1"), ("s2", "c1"), ("s3", "c1"), ("s4", "c2"), ("s5", "c2"), ("s6", "c2")]
    {
        world.shop.subscription(id, customer, 1);
    }
    world.run().await;
    assert_eq!(world.ids(EntityKind::Subscription).len(), 6);
    world.shop.records().customers.remove("c2");
    ["s4", "s5", "s6"].iter().for_each(|id| drop(world.shop.records().subscriptions.remove(*id)));
    for _ in 0..3 {
        world.clock.pass(chrono::Duration::hours(7));
        let report = world.run_with(&RunControl::default().allow_removals(10)).await;
        let seats = report.kind(EntityKind::Subscription).unwrap();
        assert_eq!((seats.removed, seats.suspected), (0, 3), "{report:?}");
    }
    assert_eq!(world.ids(EntityKind::Subscription).len(), 6);
}
