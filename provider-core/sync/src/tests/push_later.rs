//! What a distributor takes, and carries out later.

use provider_core::{EntityKind, Subscription};
use serde_json::json;

use super::town::{BOTH, Town};
use crate::store::PendingType;

const SEATS: EntityKind = EntityKind::Subscription;

/// Ten seats, of which twelve are ordered: it is taken, and not carried out.
async fn ordered(owner: &str) -> (Town, String) {
    let quantity = |owner: &str| format!("local = \"quantity\", owner = \"{owner}\"");
    let town = Town::with_plan(&BOTH.replace(&quantity("ask"), &quantity(owner)));
    town.market.shop.customer("c1", "Bakery");
    town.market.shop.records().subscriptions.insert("s1".into(), Subscription::new("s1", "c1", 10));
    town.run().await;
    let key = town.key(SEATS, "s1");
    town.market.desk().later = true;
    town.write(SEATS, &key, &[("quantity", "12")]);
    assert_eq!(town.run().await.kinds[1].pushed, 1);
    (town, key)
}

fn carry_out(town: &Town, quantity: u32) {
    town.market.desk().later = false;
    let mut records = town.market.shop.records();
    records.subscriptions.get_mut("s1").unwrap().quantity = Some(quantity.into());
}

#[tokio::test]
async fn what_is_carried_out_later_is_not_set_back_until_then() {
    for owner in ["ask", "local"] {
        let (town, key) = ordered(owner).await;
        for _ in 0..2 {
            let report = town.run().await;
            assert_eq!((report.kinds[1].updated, report.kinds[1].waiting), (0, 1), "{owner}: {report:?}");
            assert_eq!(town.row(SEATS, &key).values["quantity"], json!("12"), "{owner}");
            let waiting = town.waiting().await;
            assert_eq!((waiting.len(), waiting[0].why), (1, PendingType::Waits), "{owner}: {waiting:?}");
            assert!(waiting[0].body["reason"].as_str().unwrap().contains("`quantity`"), "{waiting:?}");
        }
        carry_out(&town, 12);
        town.run().await;
        assert_eq!(town.row(SEATS, &key).values["quantity"], json!("12"), "{owner}");
        assert!(town.waiting().await.is_empty(), "{owner}");
        town.assert_quiet(owner).await;
        assert_eq!(town.writes(), 1, "{owner}");
    }
}

/// What comes of one's own order is no change of the distributor's, whatever the row says since.
#[tokio::test]
async fn what_is_edited_again_before_it_is_carried_out_is_no_conflict() {
    let (town, key) = ordered("ask").await;
    town.write(SEATS, &key, &[("quantity", "14")]);
    carry_out(&town, 12);
    let report = town.run().await;
    assert_eq!((report.kinds[1].conflicts, report.kinds[1].pushed), (0, 1), "{report:?}");
    assert_eq!(town.market.shop.records().subscriptions["s1"].quantity, Some(14.into()));
    assert_eq!(town.row(SEATS, &key).values["quantity"], json!("14"));
    town.assert_quiet("sent").await;
    assert!(town.waiting().await.is_empty());
}

/// Back to what both sides had is an edit as well: the order is carried out all the same, and another one takes it back.
#[tokio::test]
async fn what_is_set_back_before_it_is_carried_out_is_sent() {
    for edit in ["10", "14"] {
        let (town, key) = ordered("ask").await;
        town.write(SEATS, &key, &[("quantity", edit)]);
        if edit == "10" {
            assert_eq!(town.run().await.kinds[1].pushed, 0, "both sides have it still");
        }
        carry_out(&town, 12);
        let report = town.run().await;
        assert_eq!((report.kinds[1].conflicts, report.kinds[1].pushed), (0, 1), "{edit}: {report:?}");
        assert_eq!(town.row(SEATS, &key).values["quantity"], json!(edit));
        let quantity = town.market.shop.records().subscriptions["s1"].quantity;
        assert_eq!(quantity.map(|quantity| quantity.to_string()).as_deref(), Some(edit));
        town.assert_quiet(edit).await;
        assert!(town.waiting().await.is_empty(), "{edit}");
    }
}

/// Another number than the one that was ordered is the distributor's change, as ever.
#[tokio::test]
async fn what_comes_in_place_of_what_was_sent_comes_over() {
    let (town, key) = ordered("ask").await;
    carry_out(&town, 11);
    town.run().await;
    assert_eq!(town.row(SEATS, &key).values["quantity"], json!("11"));
    town.write(SEATS, &key, &[("quantity", "12")]);
    assert_eq!(town.run().await.kinds[1].pushed, 1, "it is ordered again");
    assert_eq!(town.market.shop.records().subscriptions["s1"].quantity, Some(12.into()));
    town.assert_quiet("sent").await;
}
