//! What a run does, from the first to the unchanged one.

use std::sync::Arc;

use provider_core::model::{Detail, InvoiceKind, InvoiceLineKind, Offer};
use provider_core::{EntityKind, Invoice, InvoiceLine, Period, Product, UsageRecord};
use serde_json::json;

use super::crash::Fuse;
use super::distributor::Lie;
use super::world::{PLAN, World};
use crate::engine::RunControl;
use crate::report::{Proof, SyncOutcome};
use crate::store::ConnectionState;
use crate::target::LocalKey;
use crate::target::conformance::SideChange;

fn world() -> World {
    let world = World::new();
    world.shop.customers(5);
    for n in 0..5 {
        world.shop.subscription(&format!("s{n}"), &format!("c0{n}"), n + 1);
    }
    world
}

#[tokio::test]
async fn a_first_run_brings_everything_and_a_second_one_nothing() {
    let world = world();
    let report = world.run().await;
    assert_eq!((report.outcome, report.error.as_deref()), (SyncOutcome::Completed, None));
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.listed, customers.created, customers.pages), (5, 5, 3));
    assert_eq!(customers.completeness, Proof::Proven);
    world.assert_in_step("after the first run");
    let report = world.run().await;
    for kind in &report.kinds {
        assert!(kind.is_quiet(), "{kind:?}");
        assert_eq!((kind.listed, kind.unchanged, kind.resumed), (5, 5, 0));
    }
}

#[tokio::test]
async fn only_what_changed_is_written() {
    let world = world();
    world.run().await;
    world.shop.customer("c02", "Bakery");
    // What no field of the plan carries changes nothing here.
    world.shop.records().customers.get_mut("c03").unwrap().website = Some("example.com".into());
    // What changes by itself is not even looked at.
    world.shop.records().customers.get_mut("c04").unwrap().detail = Detail::Full;
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.updated, customers.unchanged, customers.created), (1, 4, 0));
    world.assert_in_step("after a change");
}

#[tokio::test]
async fn what_the_distributor_has_not_leaves_the_field_as_it_is_unless_it_is_to_be_cleared() {
    let mut world = world();
    world.shop.records().customers.get_mut("c00").unwrap().external_id = Some("K-1".into());
    world.run().await;
    world.shop.records().customers.get_mut("c00").unwrap().external_id = None;
    world.run().await;
    assert_eq!(world.rows(EntityKind::Customer)["c00"]["number"], "K-1");
    world.plan = world.plan.replace(r#"local = "number" }"#, r#"local = "number", clear = true }"#);
    // The lists of this shop promise all that they have, so what they leave out is empty.
    world.run().await;
    assert!(!world.rows(EntityKind::Customer)["c00"].contains_key("number"));
}

#[tokio::test]
async fn a_child_waits_for_its_parent() {
    let world = world();
    world.shop.subscription("s9", "c99", 9);
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Subscription).unwrap().held, 1);
    assert!(!world.ids(EntityKind::Subscription).contains("s9"));
    world.shop.customer("c99", "Late");
    world.run().await;
    world.assert_in_step("when the parent has come");
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_tried_again_and_harms_no_other() {
    let world = world();
    world.run().await;
    world.shop.records().bad = vec!["c01".into()];
    world.shop.customer("c01", "Changed");
    world.shop.customer("c02", "Changed too");
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((report.outcome, customers.quarantined, customers.updated), (SyncOutcome::Completed, 1, 1));
    assert_eq!(customers.completeness, Proof::Proven, "it is known which one is bad");
    assert_eq!((customers.removed, customers.suspected), (0, 0), "it is there");
    assert_eq!(world.store.queue(&Default::default()).await.unwrap()[0].subject, "c01");
    world.shop.records().bad.clear();
    world.run().await;
    world.assert_in_step("when it can be read again");
    assert!(world.store.queue(&Default::default()).await.unwrap().is_empty(), "nothing waits any more");
}

#[tokio::test]
async fn a_run_that_was_cut_goes_on_where_it_was() {
    let world = world();
    let fuse = Fuse::after(25);
    let cut = world.dying(&fuse).run(&RunControl::default()).await;
    assert!(cut.map_or(true, |report| report.outcome == SyncOutcome::Failed));
    let report = world.run().await;
    assert_eq!(report.outcome, SyncOutcome::Completed);
    assert!(report.kinds.iter().any(|kind| kind.resumed > 0), "{report:?}");
    for kind in &report.kinds {
        assert_eq!(kind.listed, 5, "counts cover all parts: {kind:?}");
    }
    world.assert_in_step("after a cut");
}

#[tokio::test]
async fn a_slice_ends_between_two_kinds() {
    let world = world();
    let slice = RunControl::default().slice(std::time::Duration::ZERO);
    let report = world.run_with(&slice).await;
    assert_eq!((report.outcome, report.kinds.len()), (SyncOutcome::Sliced, 1));
    let report = world.run_with(&slice).await;
    assert_eq!((report.outcome, report.kinds.len()), (SyncOutcome::Completed, 2));
    world.assert_in_step("after two slices");
}

#[tokio::test]
async fn a_run_that_is_cancelled_is_gone_on_with() {
    let world = world();
    let control = RunControl::default();
    control.cancel_handle().cancel();
    assert_eq!(world.run_with(&control).await.outcome, SyncOutcome::Cancelled);
    assert_eq!(world.run().await.outcome, SyncOutcome::Completed);
    world.assert_in_step("after a cancelled run");
}

#[tokio::test]
async fn another_run_on_the_account_is_waited_for_and_not_disturbed() {
    let world = world();
    let account = provider_core::Provider::info(&world.shop).account_key();
    let lease = world.store.lease(&account, std::time::Duration::from_secs(86_400)).await.unwrap().unwrap();
    let report = world.engine().run(&RunControl::default()).await.unwrap();
    assert_eq!(report.outcome, SyncOutcome::Refused);
    assert!(world.ids(EntityKind::Customer).is_empty());
    world.store.release(&lease).await.unwrap();
    assert_eq!(world.run().await.outcome, SyncOutcome::Completed);
}

#[tokio::test]
async fn another_account_under_the_name_of_a_connection_is_refused() {
    let mut world = world();
    world.run().await;
    world.shop = world.shop.clone().account("two");
    world.shop.records().customers.clear();
    let report = world.run().await;
    assert_eq!(report.outcome, SyncOutcome::Refused);
    assert!(report.error.unwrap().contains("account two"));
    assert_eq!(world.ids(EntityKind::Customer).len(), 5);
}

#[tokio::test]
async fn what_is_switched_off_does_nothing() {
    let mut world = world();
    world.run().await;
    world.store.switch("shop", ConnectionState::Disabled, Some("somebody said so")).await.unwrap();
    world.shop.customer("c09", "New");
    let report = world.run().await;
    assert_eq!((report.outcome, report.error.as_deref()), (SyncOutcome::Disabled, Some("somebody said so")));
    world.store.switch("shop", ConnectionState::Active, None).await.unwrap();
    world.plan = world.plan.replacen("enabled = true", "enabled = false", 1);
    assert_eq!(world.run().await.outcome, SyncOutcome::Disabled);
    assert!(!world.ids(EntityKind::Customer).contains("c09"));
}

#[tokio::test]
async fn a_preview_says_what_a_run_would_do_and_does_nothing() {
    let world = world();
    world.run().await;
    world.shop.customer("c02", "Bakery");
    world.shop.customer("c05", "New");
    world.shop.subscription("s5", "c05", 1);
    let before = (world.target.records(EntityKind::Customer), format!("{:?}", world.store));
    let preview = world.engine().preview().await.unwrap();
    let customers = preview.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.created, customers.updated), (1, 1));
    assert_eq!(preview.kind(EntityKind::Subscription).unwrap().created, 1, "the parent would be there");
    assert_eq!((world.target.records(EntityKind::Customer), format!("{:?}", world.store)), before);
    let run = world.run().await;
    for (ahead, done) in preview.kinds.iter().zip(&run.kinds) {
        assert_eq!((ahead.created, ahead.updated, ahead.removed), (done.created, done.updated, done.removed));
    }
}

#[tokio::test]
async fn a_hint_is_followed_and_says_nothing_by_itself() {
    let world = world();
    world.run().await;
    let engine = world.engine();
    engine.hint(EntityKind::Customer, "c01").await.unwrap();
    engine.hint(EntityKind::Customer, "nobody").await.unwrap();
    let gets = world.shop.records().gets;
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Customer).unwrap().listed, 5, "it is no part of the listing");
    assert_eq!(world.shop.records().gets - gets, 2);
    let gets = world.shop.records().gets;
    world.run().await;
    assert_eq!(world.shop.records().gets, gets, "once");
    world.assert_in_step("after hints");
}

/// Deliveries come in storms, and more than once: what they name is a set, and one run works it off.
#[tokio::test]
async fn a_storm_of_hints_is_one_run_on_every_base() {
    for base in super::bases::Base::all() {
        let world = World::on(base).await;
        world.shop.customers(5);
        world.run().await;
        let storm = (0..300).map(|n| {
            let engine = world.engine();
            tokio::spawn(
                async move { engine.hint(EntityKind::Customer, &format!("c0{}", n % 3)).await.unwrap() },
            )
        });
        for hint in storm.collect::<Vec<_>>() {
            hint.await.unwrap();
        }
        let gets = world.shop.records().gets;
        let report = world.run().await;
        assert!(report.kinds.iter().all(crate::report::KindReport::is_quiet), "{base:?}: {report:?}");
        assert_eq!(world.shop.records().gets - gets, 3, "{base:?}");
        let gets = world.shop.records().gets;
        world.run().await;
        assert_eq!(world.shop.records().gets, gets, "{base:?}: once");
    }
}

#[tokio::test]
async fn a_hint_about_what_the_plan_leaves_out_is_not_kept() {
    let world = world();
    world.engine().hint(EntityKind::Order, "o1").await.unwrap();
    let scope = crate::store::KindScope::new("shop", EntityKind::Order);
    assert!(world.store.hints(&scope, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_hint_brings_in_nothing_that_the_plan_filters_out() {
    let filter = "unmatched = \"create\"\n    query = { status = \"active\" }";
    let world = World::with_plan(&PLAN.replacen("unmatched = \"create\"", filter, 1));
    world.shop.customers(3);
    // The last one is there, and is none of those that were asked for.
    world.shop.records().lie = Lie::Hides;
    for id in ["c01", "c02"] {
        world.engine().hint(EntityKind::Customer, id).await.unwrap();
    }
    world.run().await;
    assert_eq!(world.shop.records().gets, 1, "what was listed is looked at again");
    assert!(world.ids(EntityKind::Customer).into_iter().eq(["c00", "c01"]));
    let scope = crate::store::KindScope::new("shop", EntityKind::Customer);
    assert!(world.store.hints(&scope, 10).await.unwrap().is_empty(), "both are done with");
}

/// What was made after the listing had gone past its place, and announced, is not missing.
#[tokio::test]
async fn a_hint_during_a_run_counts_as_met() {
    let world = world();
    world.run().await;
    world.shop.records().lie = Lie::Hides;
    let hidden = {
        let records = world.shop.records();
        records.customers.keys().next_back().cloned().unwrap()
    };
    world.engine().hint(EntityKind::Customer, &hidden).await.unwrap();
    let report = world.run().await;
    let customers = report.kind(EntityKind::Customer).unwrap();
    assert_eq!((customers.removed, customers.suspected), (0, 0), "{hidden}: {customers:?}");
}

#[tokio::test]
async fn a_row_that_vanished_is_a_persons_business() {
    let world = world();
    world.run().await;
    let key = world.target.records(EntityKind::Customer)[0].key.clone();
    world.target.change_directly(EntityKind::Customer, &key, SideChange::Remove);
    world.shop.customer("c00", "Renamed");
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Customer).unwrap().queued, 1);
    assert!(!world.ids(EntityKind::Customer).contains("c00"), "it is not silently made again");
    // An unchanged record of which the row is gone is seen by a run that looks for it.
    let key = world.target.records(EntityKind::Customer)[0].key.clone();
    world.target.change_directly(EntityKind::Customer, &key, SideChange::Edit("Edited here".into()));
    world.run().await;
    assert!(
        world
            .target
            .records(EntityKind::Customer)
            .iter()
            .any(|row| row.values["name"] == json!("Edited here"))
    );
    world.run_with(&RunControl::default().heal(true)).await;
    assert!(
        !world
            .target
            .records(EntityKind::Customer)
            .iter()
            .any(|row| row.values["name"] == json!("Edited here"))
    );
}

#[tokio::test]
async fn each_member_of_a_list_is_a_row() {
    let world = World::with_plan(
        r#"
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
        fields = [
          { remote = "name", local = "name" },
          { remote = "offers.sku", local = "offer" },
        ]
        "#,
    );
    for n in 0..4 {
        let mut product = Product::new(format!("p{n}"), format!("Product {n}"));
        for offer in ["month", "year"] {
            let mut one = Offer::new(offer);
            one.sku = Some(format!("{n}-{offer}"));
            product.offers.push(one);
        }
        world.shop.records().products.insert(format!("p{n}"), product);
    }
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Product).unwrap().created, 8, "{report:?}");
    assert_eq!(world.rows(EntityKind::Product)["p1/year"]["offer"], "1-year");
    // The product is there and says that the offer is not.
    world.shop.records().products.get_mut("p1").unwrap().offers.pop();
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Product).unwrap().removed, 1, "{report:?}");
    // A product that tells no offers at all says nothing about them.
    world.shop.records().products.get_mut("p2").unwrap().offers.clear();
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Product).unwrap().removed, 0, "{report:?}");
    assert_eq!(report.kind(EntityKind::Product).unwrap().suspected, 2);
}

const BILLED: &str = r#"
    version = 1
    connection = "shop"
    enabled = true
    [[kinds]]
    kind = "invoice"
    enabled = true
    updates = ["create", "update"]
    key = { remote = "id", local = "remote" }
    months = 2
    unmatched = "create"
    fields = [{ remote = "number", local = "number" }]
    [[kinds]]
    kind = "invoice_line"
    enabled = true
    updates = ["create", "update"]
    key = { remote = "id", local = "remote" }
    months = 2
    unmatched = "create"
    fields = [
      { remote = "invoice", local = "invoice", transform = ["link"] },
      { remote = "description", local = "description" },
    ]
    [[kinds]]
    kind = "usage"
    enabled = true
    updates = ["create", "update"]
    key = { remote = "id", local = "remote" }
    months = 2
    unmatched = "create"
    fields = [{ remote = "quantity", local = "quantity" }]
"#;

#[tokio::test]
async fn what_is_billed_comes_by_month_and_by_document_and_what_has_no_id_is_written_as_a_set() {
    let world = World::with_plan(BILLED);
    for (id, day) in [("i1", "2026-08-01"), ("i2", "2026-10-01"), ("i3", "2026-11-01")] {
        let mut invoice = Invoice::new(id, InvoiceKind::Invoice, provider_core::model::InvoiceSide::Payable);
        invoice.issued_on = day.parse().ok();
        invoice.number = Some(format!("N-{id}"));
        world.shop.records().invoices.push(invoice);
        for n in 0..3 {
            let mut line = InvoiceLine::new(id, InvoiceLineKind::Subscription);
            line.description = Some(format!("{id} line {n}"));
            world.shop.records().lines.push(line);
        }
    }
    for n in 0..3 {
        let mut usage = UsageRecord::default();
        usage.period = Period::month(2026, 11);
        usage.quantity = Some(n.into());
        world.shop.records().usage.push(usage);
    }
    let report = world.run().await;
    assert_eq!(report.outcome, SyncOutcome::Completed, "{report:?}");
    assert_eq!(world.ids(EntityKind::Invoice).len(), 2, "of the last two months");
    assert_eq!(world.rows(EntityKind::InvoiceLine).len(), 6);
    assert_eq!(world.rows(EntityKind::Usage).len(), 3);
    assert!(world.run().await.kinds.iter().all(crate::report::KindReport::is_quiet));
    // A document that has lost a line, and a month whose records stand in another order.
    world.shop.records().lines.retain(|line| line.description.as_deref() != Some("i3 line 1"));
    world.shop.records().usage.reverse();
    world.run().await;
    let mut lines: Vec<_> =
        world.rows(EntityKind::InvoiceLine).into_values().map(|row| row["description"].clone()).collect();
    lines.sort();
    assert_eq!(lines, ["i2 line 0", "i2 line 1", "i2 line 2", "i3 line 0", "i3 line 2"]);
    assert_eq!(world.rows(EntityKind::Usage).len(), 3);
    // A month that tells nothing any more says nothing.
    world.shop.records().usage.clear();
    world.run().await;
    assert_eq!(world.rows(EntityKind::Usage).len(), 3);
}

#[tokio::test]
async fn what_has_no_id_and_cannot_be_read_keeps_its_place_and_costs_no_row() {
    let world = World::with_plan(BILLED);
    for n in 1..=3 {
        let mut usage = UsageRecord::default();
        (usage.period, usage.quantity) = (Period::month(2026, 11), Some(n.into()));
        world.shop.records().usage.push(usage);
    }
    world.run().await;
    let before = world.rows(EntityKind::Usage);
    assert_eq!(before.len(), 3);
    // The first cannot be read, and then another is gone as well.
    for suspected in [0, 1] {
        world.shop.records().illegible = Some(0);
        let report = world.run().await;
        let usage = report.kind(EntityKind::Usage).unwrap();
        let counts = (usage.quarantined, usage.removed, usage.suspected);
        assert_eq!(counts, (1, 0, suspected), "{usage:?}");
        assert_eq!(world.rows(EntityKind::Usage), before);
        world.shop.records().usage.truncate(2);
    }
    world.shop.records().illegible = None;
    let report = world.run().await;
    assert_eq!(report.kind(EntityKind::Usage).unwrap().removed, 1, "{report:?}");
    assert_eq!(world.rows(EntityKind::Usage).len(), 2);
}

#[tokio::test]
async fn a_store_that_was_lost_is_no_dead_end_and_doubles_nothing() {
    let mut world = world();
    for _ in 0..3 {
        world.run().await;
    }
    world.store = Arc::new(crate::store::MemoryStore::new(Arc::new(world.clock.clone())));
    world.shop.customer("c00", "Renamed meanwhile");
    let report = world.run().await;
    assert_eq!(report.outcome, SyncOutcome::Completed, "{report:?}");
    assert_eq!(report.kind(EntityKind::Customer).unwrap().created, 0);
    world.assert_in_step("with a new store");
    assert!(world.run().await.kinds.iter().all(crate::report::KindReport::is_quiet));
}

#[tokio::test]
async fn a_listing_that_breaks_ends_the_run_and_the_next_one_goes_on() {
    let world = world();
    world.run().await;
    world.shop.records().lie = Lie::Breaks;
    let report = world.run().await;
    assert_eq!(report.outcome, SyncOutcome::Failed);
    assert!(report.error.unwrap().contains("down"));
    world.shop.records().lie = Lie::None;
    assert_eq!(world.run().await.outcome, SyncOutcome::Completed);
    world.assert_in_step("afterwards");
    assert!(!world.target.records(EntityKind::Customer).iter().any(|row| row.key == LocalKey::new("")));
}
