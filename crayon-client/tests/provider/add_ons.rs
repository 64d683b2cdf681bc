//! Add-ons stand inside their subscriptions, whose state and name may be others: a filter means the same for both.

use std::collections::BTreeSet;

use provider_core::page::UnprovenReason;
use provider_core::{Completeness, ProviderExt as _, SubscriptionQuery, SubscriptionStatus};

use super::facts::{Scene, page, scene};

/// Parent and add-on, each in its own state: in use and stopped, deleted and in use, and both of tomorrow.
const ALL: [(i64, i64, &str); 3] = [
    (1, 1, r#"{"Id":11,"Status":2,"Quantity":1,"PublisherSubscriptionId":"inner-1"}"#),
    (2, 4, r#"{"Id":21,"Status":1,"Quantity":1,"PublisherSubscriptionId":"inner-2"}"#),
    (3, 512, r#"{"Id":31,"Status":1,"Quantity":1},{"Id":32,"Status":512,"Quantity":1}"#),
];

/// Lists as the service does: a filter is for what stands on its own.
fn listed(target: &str) -> Option<Vec<u8>> {
    let lower = target.to_ascii_lowercase();
    if lower.contains("customertenants/2") {
        return Some(br#"{"Id":2,"Name":"Bakery","Organization":{"Id":7}}"#.to_vec());
    }
    let value = |name: &str| {
        let (_, rest) = lower.split_once(&format!("{name}="))?;
        rest.split('&').next().map(str::to_owned)
    };
    let statuses: Option<i64> = value("statuses").map(|sum| sum.parse().unwrap());
    let found = ALL.iter().filter(|(id, status, _)| {
        statuses.is_none_or(|sum| sum & status != 0)
            && value("istrial").is_none_or(|trial| trial == "false")
            && value("search").is_none_or(|text| text == format!("outer-{id}"))
    });
    let rows: Vec<String> = found
        .map(|(id, status, inner)| {
            format!(
                r#"{{"Id":{id},"CustomerTenant":{{"Id":2}},"Quantity":1,"Status":{status},"PublisherSubscriptionId":"outer-{id}","Subscriptions":[{inner}]}}"#
            )
        })
        .collect();
    page(&rows.join(","), rows.len() as u64)
}

async fn found(scene: &Scene, query: SubscriptionQuery) -> (BTreeSet<String>, Completeness) {
    let mut listing = scene.provider.subscriptions(query);
    let report = listing.report();
    let mut ids = BTreeSet::new();
    while let Some(record) = listing.next().await {
        ids.insert(record.unwrap().id.to_string());
    }
    (ids, report.completeness())
}

#[tokio::test]
async fn an_add_on_is_found_by_its_own_state() {
    let scene = scene(listed);
    let whole = found(&scene, SubscriptionQuery::default()).await;
    assert_eq!(whole.1, Completeness::Unproven(UnprovenReason::Hidden));
    for (state, expected) in [
        (SubscriptionStatus::Active, vec!["1", "21"]),
        (SubscriptionStatus::Suspended, vec!["11"]),
        (SubscriptionStatus::Deleted, vec!["2"]),
        (SubscriptionStatus::Expired, vec![]),
    ] {
        let (ids, completeness) = found(&scene, SubscriptionQuery::default().status(state.clone())).await;
        assert_eq!(ids, expected.into_iter().map(str::to_owned).collect(), "{state}");
        assert!(ids.is_subset(&whole.0), "{state}");
        // An add-on in use stands inside what no known state finds: the listing knows that it may lack some.
        assert_eq!(completeness, Completeness::Unproven(UnprovenReason::Hidden), "{state}");
    }
    let of_tomorrow = SubscriptionQuery::default().status(SubscriptionStatus::Other("512".to_owned()));
    let (ids, completeness) = found(&scene, of_tomorrow).await;
    assert_eq!(ids, ["3".to_owned(), "32".to_owned()].into());
    assert_eq!(completeness, Completeness::Proven);
    let trials = found(&scene, SubscriptionQuery::default().status(SubscriptionStatus::Trial)).await;
    assert_eq!(trials, (BTreeSet::new(), Completeness::Proven));
}

#[tokio::test]
async fn an_add_on_is_found_by_its_own_id_at_the_publisher_or_nothing_is_proven() {
    let scene = scene(listed);
    let by_id = |id: &str| SubscriptionQuery::default().vendor_subscription_id(id);
    let (ids, completeness) = found(&scene, by_id("INNER-1").customer("2")).await;
    assert_eq!(ids, ["11".to_owned()].into());
    assert_eq!(completeness, Completeness::Unproven(UnprovenReason::Hidden), "one is in a state of tomorrow");
    // The search of the whole service does not look into subscriptions, and says so.
    assert_eq!(
        found(&scene, by_id("inner-1")).await,
        (BTreeSet::new(), Completeness::Unproven(UnprovenReason::Hidden))
    );
    assert_eq!(found(&scene, by_id("outer-1")).await.0, ["1".to_owned()].into());
}

/// What stands inside a subscription that cannot be read is not listed: nothing says that it is gone.
#[tokio::test]
async fn add_ons_of_a_subscription_that_cannot_be_read_leave_the_list_unproven() {
    for (inner, expected) in [
        (r#"{"Id":11,"Status":1,"Quantity":1}"#, Completeness::Unproven(UnprovenReason::Hidden)),
        ("", Completeness::Proven),
    ] {
        let scene = scene(move |_| {
            let unread = format!(
                r#"{{"Id":1,"CustomerTenant":null,"Quantity":1,"Status":1,"Subscriptions":[{inner}]}}"#
            );
            let read = r#"{"Id":2,"CustomerTenant":{"Id":2},"Quantity":1,"Status":1}"#;
            page(&format!("{unread},{read}"), 2)
        });
        let mut listing = scene.provider.subscriptions(SubscriptionQuery::default());
        let report = listing.report();
        let mut records = Vec::new();
        while let Some(record) = listing.next().await {
            records.push(record.map(|one| one.id.to_string()).map_err(|error| error.is_item()));
        }
        assert_eq!(records, [Err(true), Ok("2".to_owned())]);
        assert_eq!(report.completeness(), expected);
    }
}

/// The service has made its pages smaller in the middle: the next one begins with records of the one before, and so do
/// their add-ons, which no total declares and which count once.
#[tokio::test]
async fn add_ons_that_come_again_with_smaller_pages_count_once() {
    let scene = scene(|target| {
        let lower = target.to_ascii_lowercase();
        let value = |name: &str| -> Option<usize> {
            let (_, rest) = lower.split_once(&format!("{name}="))?;
            rest.split('&').next()?.parse().ok()
        };
        let (number, size) = (value("page")?, value("pagesize")?);
        let size = if number > 1 { size.min(3) } else { size };
        let asked = value("pagesize")?;
        let first = (number - 1) * asked + 1;
        let rows = (first..first + size).filter(|id| *id <= 12).map(|id| {
            let inner = format!(r#"{{"Id":{},"Status":1,"Quantity":1}}"#, id + 100);
            format!(
                r#"{{"Id":{id},"CustomerTenant":{{"Id":2}},"Quantity":1,"Status":1,"Subscriptions":[{inner}]}}"#
            )
        });
        page(&rows.collect::<Vec<_>>().join(","), 12)
    });
    let listing = scene.provider.subscriptions(SubscriptionQuery::default()).page_size(4);
    let report = listing.report();
    let records = listing.collect_all().await.unwrap();
    let ids: BTreeSet<String> = records.iter().map(|record| record.id.to_string()).collect();
    assert_eq!((ids.len(), report.completeness()), (24, Completeness::Proven));
    let asked = scene.asked.lock().unwrap();
    assert!(asked.iter().any(|target| target.to_ascii_lowercase().contains("pagesize=3")), "{asked:?}");
}
