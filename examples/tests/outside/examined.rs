//! The conformance suite over what an outsider wrote, and over the reference.

use std::sync::Arc;

use provider_core::{ChangeQuantity, Customer, EntityKind, MemoryProvider, Provider as _, Services};
use provider_store::Store;
use provider_testkit::conformance::{self, ConformanceReport, Expectations, Rule};

use crate::acme::Acme;
use crate::shop::{CLIENT_SECRET, Shop, TOKEN};

fn kept(report: &ConformanceReport, rule: Rule, subject: &str) -> bool {
    report.passed().any(|case| case.rule == rule && case.subject.contains(subject))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_over_http_keeps_every_promise_with_a_durable_journal() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), Shop::open());
    let store = Store::open(format!("sqlite:{}", folder.path().join("orders.db").display())).await.unwrap();
    let connect = |name| Acme::new(name, &shop, CLIENT_SECRET, &Services::default()).unwrap();
    let (calls, writes) = (shop.clone(), shop.clone());
    let expectations = Expectations::default()
        .count(EntityKind::Customer, 3)
        .count(EntityKind::Subscription, 2)
        .proven([EntityKind::Customer, EntityKind::Subscription])
        .ended(EntityKind::Customer, "A-2")
        .command(ChangeQuantity::new("S-1", 15))
        .lost(ChangeQuantity::new("S-2", 8))
        .allow_writes()
        .wire_calls(move || calls.calls())
        .wire_writes(move || writes.writes())
        .secret(CLIENT_SECRET)
        .secret(TOKEN)
        .other(Arc::new(connect("second")))
        .journal(store.journal());
    let report = conformance::suite(Arc::new(connect("main")), expectations).await;
    report.assert();
    assert_eq!((report.provider.as_str(), report.connection.as_str()), ("acme", "main"));
    for (rule, subject) in [
        (Rule::ListingProven, "customers"),
        (Rule::ListingProven, "subscriptions"),
        (Rule::ExecuteAnnounced, "change"),
        (Rule::ExecuteEach, "change"),
        (Rule::ExecuteApplies, "change"),
        (Rule::ReplayAnswers, "change"),
        (Rule::ReplayLost, "change"),
        (Rule::ReconcileSent, "change"),
        (Rule::Secrets, ""),
    ] {
        assert!(kept(&report, rule, subject), "{rule} was not examined:\n{report}");
    }
    assert_eq!((shop.quantity("S-1").as_str(), shop.quantity("S-2").as_str()), ("15", "8"));
    assert_eq!(shop.writes(), 2, "each of the two was sent once");
}

#[tokio::test]
async fn the_reference_passes_too() {
    let customers = [Customer::new("A-1", "Example Bakery"), Customer::new("A-2", "Example Dental")];
    let memory = MemoryProvider::new("main").with_customers(customers);
    let expectations = Expectations::default()
        .count(EntityKind::Customer, 2)
        .proven([EntityKind::Customer])
        .other(Arc::new(MemoryProvider::new("another connection")));
    let report = conformance::suite(Arc::new(memory.clone()), expectations).await;
    report.assert();
    assert!(kept(&report, Rule::ListingProven, "customers"), "{report}");
    assert_eq!(memory.info().kind, "memory");
}
