//! What a run tells, for programs: the members that others read, with these names.

use std::collections::BTreeSet;

use provider_core::ErrorKind;
use provider_sync::{Proof, SyncOutcome, SyncReport};
use serde_json::{Value, json};

use crate::scene::Scene;

/// The members of a kind that were promised first.
const COUNTS: [&str; 12] = [
    "listed",
    "created",
    "updated",
    "unchanged",
    "removed",
    "suspected",
    "queued",
    "conflicts",
    "quarantined",
    "pushed",
    "unknown",
    "pages",
];
/// Those that have come since.
const LATER: [&str; 3] = ["held", "refused", "waiting"];

fn members(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn assert_shape(report: &SyncReport) {
    let told = serde_json::to_value(report).unwrap();
    let mut top = BTreeSet::from(["connection", "outcome", "kinds", "intents"]);
    top.extend(report.error.is_some().then_some("error"));
    assert_eq!(members(&told), top, "{told}");
    assert_eq!(told["connection"], "wholesale");
    assert_eq!(members(&told["intents"]), BTreeSet::from(["applied", "rejected", "unknown"]));
    for (kind, own) in told["kinds"].as_array().unwrap().iter().zip(&report.kinds) {
        let mut wanted = BTreeSet::from(["kind", "completeness", "resumed"]);
        wanted.extend(COUNTS.into_iter().chain(LATER));
        assert_eq!(members(kind), wanted, "{kind}");
        for count in COUNTS.into_iter().chain(LATER).chain(["resumed"]) {
            assert!(kind[count].is_u64(), "{count}: {kind}");
        }
        assert_eq!((&kind["listed"], &kind["pages"]), (&json!(own.listed), &json!(own.pages)));
        assert!(kind["kind"] == "customer" || kind["kind"] == "subscription", "{kind}");
        let word = kind["completeness"].as_str().unwrap();
        assert!(["proven", "no_total", "unproven"].contains(&word), "{kind}");
    }
}

#[tokio::test]
async fn a_report_and_a_preview_have_the_members_that_were_promised() {
    for scene in Scene::everywhere().await {
        scene.shop.customers(3);
        scene.shop.seats("s1", "c01", 2);
        let preview = scene.engine().preview().await.unwrap();
        let report = scene.run().await;
        for told in [&preview, &report] {
            assert_shape(told);
            let json = serde_json::to_value(told).unwrap();
            assert_eq!((&json["outcome"], json.get("error")), (&json!("completed"), None));
            assert_eq!(serde_json::from_value::<SyncReport>(json).unwrap(), *told);
        }
        scene.shop.break_with(ErrorKind::Unavailable, "it is down");
        let report = scene.run().await;
        assert_shape(&report);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["outcome"], "failed");
        assert!(json["error"].as_str().unwrap().contains("it is down"), "{json}");
        scene.engine().disable("Anna").await.unwrap();
        let report = scene.run().await;
        assert_shape(&report);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!((&json["outcome"], &json["kinds"]), (&json!("disabled"), &json!([])));
    }
}

#[test]
fn the_words_are_those_that_were_promised() {
    for (outcome, word) in [
        (SyncOutcome::Completed, "completed"),
        (SyncOutcome::Sliced, "sliced"),
        (SyncOutcome::Cancelled, "cancelled"),
        (SyncOutcome::Failed, "failed"),
        (SyncOutcome::Disabled, "disabled"),
        (SyncOutcome::Refused, "refused"),
    ] {
        assert_eq!((json!(outcome), outcome.as_str()), (json!(word), word));
    }
    for (proof, word) in
        [(Proof::Proven, "proven"), (Proof::NoTotal, "no_total"), (Proof::Unproven, "unproven")]
    {
        assert_eq!(json!(proof), json!(word));
    }
}
