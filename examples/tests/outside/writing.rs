//! Writes through the journal of provider-store on SQLite: lost answers, a second process, a person's word.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::Settlement;
use provider_core::memory::{Evidence, Fault};
use provider_core::receipt::Judgement;
use provider_core::{
    Advice, ChangeQuantity, CommandKind, Customer, Delivery, Error, ErrorKind, IdempotencyKey,
    MemoryProvider, Operation, Outcome, Provider, ProviderExt as _, Receipt, Services, Subscription,
    SubscriptionStatus, SuspendSubscription, WriteOptions,
};
use provider_store::Store;

use crate::acme::Acme;
use crate::shop::{CLIENT_SECRET, Shop, Trouble};

const CHANGE: Operation = Operation::Execute(CommandKind::ChangeQuantity);

async fn store(folder: &Path) -> Store {
    Store::open(format!("sqlite:{}", folder.join("orders.db").display())).await.unwrap()
}

/// A process: its own store over the same file, its own client.
async fn process(folder: &Path, shop: &Shop, settling: Duration) -> Arc<dyn Provider> {
    let acme = Acme::new("main", shop, CLIENT_SECRET, &Services::default()).unwrap().settling(settling);
    Arc::new(acme).journaled(store(folder).await.journal())
}

fn options(ticket: &str) -> WriteOptions {
    WriteOptions::new(IdempotencyKey::derive("tickets", [ticket]))
}

fn to(quantity: i64) -> ChangeQuantity {
    let mut change = ChangeQuantity::new("S-1", quantity);
    change.expected = Some(10.into());
    change
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found_out_by_another_process_and_nothing_is_sent_again() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), Shop::open());
    shop.write_fails(Trouble::LostAfter);
    let first = process(folder.path(), &shop, Duration::ZERO).await;
    let error = first.change_quantity(to(15), &options("4711")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Transport, Delivery::Unknown));
    assert_eq!((error.advice(), error.is_unknown()), (Advice::AfterReconcile, true));
    assert_eq!((error.provider(), error.operation(), error.attempts()), (Some("acme"), Some(CHANGE), 1));
    let open = store(folder.path()).await.journal().open_attempts(None).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].key.clone(), open[0].connection.as_str()), (options("4711").key, "main"));
    assert_eq!(open[0].baseline.as_ref().unwrap().state["quantity"], "10");
    assert!(open[0].sent_until.is_some() && open[0].steps.len() == 1, "{open:?}");

    let second = process(folder.path(), &shop, Duration::ZERO).await;
    let found = second.change_quantity(to(15), &options("4711")).await.unwrap();
    assert!(found.replayed);
    assert_eq!((found.outcome, found.judged_by), (Outcome::Applied, Judgement::Comparison));
    let again = first.change_quantity(to(15), &options("4711")).await.unwrap();
    assert_eq!((again.replayed, again.lines), (true, found.lines));
    assert_eq!((shop.writes(), shop.quantity("S-1").as_str()), (1, "15"));
    assert!(store(folder.path()).await.journal().open_attempts(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_proven_not_to_have_arrived_is_sent_again_with_the_same_key() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), Shop::open());
    shop.write_fails(Trouble::LostBefore);
    let provider = process(folder.path(), &shop, Duration::ZERO).await;
    let error = provider.change_quantity(to(15), &options("4712")).await.unwrap_err();
    assert_eq!((error.delivery(), shop.quantity("S-1").as_str()), (Delivery::Unknown, "10"));
    let receipt = provider.change_quantity(to(15), &options("4712")).await.unwrap();
    assert_eq!((receipt.replayed, receipt.judged_by), (false, Judgement::Answer));
    assert_eq!((shop.writes(), shop.quantity("S-1").as_str()), (2, "15"));
}

#[tokio::test]
async fn before_the_settling_time_nothing_is_sent_and_others_wait_until_a_person_says() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), Shop::open());
    let hour = Duration::from_secs(3600);
    shop.write_fails(Trouble::LostBefore);
    let provider = process(folder.path(), &shop, hour).await;
    let key = options("4713").key;
    provider.change_quantity(to(15), &options("4713")).await.unwrap_err();

    let unknown = provider.change_quantity(to(15), &options("4713")).await.unwrap_err();
    assert_eq!((unknown.kind(), unknown.delivery()), (ErrorKind::Conflict, Delivery::Unknown));
    assert_eq!(unknown.advice(), Advice::AfterReconcile);
    assert!(unknown.retry_after().is_some_and(|wait| wait <= hour), "{unknown:?}");
    let other = provider.change_quantity(to(20), &options("4714")).await.unwrap_err();
    assert_eq!((other.kind(), other.delivery()), (ErrorKind::Conflict, Delivery::NotSent));
    assert!(other.to_string().contains(key.as_str()), "{other}");
    assert_eq!(shop.writes(), 1);

    provider.settle(&key, Settlement::NotApplied, "Anna").await.unwrap();
    assert!(!provider.change_quantity(to(15), &options("4713")).await.unwrap().replayed);
    assert_eq!((shop.writes(), shop.quantity("S-1").as_str()), (2, "15"));
    let gone = provider.settle(&key, Settlement::NotApplied, "Anna").await.unwrap_err();
    assert_eq!((gone.kind(), gone.delivery()), (ErrorKind::NotFound, Delivery::NotSent));
}

#[tokio::test]
async fn a_key_is_one_intent() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), Shop::open());
    let provider = process(folder.path(), &shop, Duration::ZERO).await;
    let first = provider.change_quantity(to(15), &options("4715")).await.unwrap();
    assert_eq!((first.replayed, first.lines.len()), (false, 1));
    let suspend = provider.suspend(SuspendSubscription::new("S-1"), &options("4715")).await.unwrap_err();
    let quantity = provider.change_quantity(to(16), &options("4715")).await.unwrap_err();
    for error in [suspend, quantity] {
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent), "{error}");
        assert_eq!(error.advice(), Advice::Never);
    }
    assert_eq!(shop.writes(), 1);
    assert!(IdempotencyKey::new("short").is_err());
    assert_eq!(IdempotencyKey::derive("tickets", ["4715"]), options("4715").key);
    assert_ne!(IdempotencyKey::derive("tickets", ["47", "15"]), options("4715").key);
}

#[tokio::test]
async fn what_was_refused_or_never_sent_is_not_open() {
    let (folder, shop) = (tempfile::tempdir().unwrap(), Shop::open());
    let provider = process(folder.path(), &shop, Duration::ZERO).await;
    let mut stale = to(15);
    stale.expected = Some(11.into());
    let error = provider.change_quantity(stale, &options("4716")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::PreconditionFailed, Delivery::NotSent));
    let body = r#"{"message":"no more seats","errors":[{"field":"quantity","message":"is sold out"}]}"#;
    shop.write_fails(Trouble::Refused(422, Vec::new(), body.to_owned()));
    let error = provider.change_quantity(to(15), &options("4717")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::InvalidInput, Delivery::Rejected));
    assert!(store(folder.path()).await.journal().open_attempts(None).await.unwrap().is_empty());
    assert!(!provider.change_quantity(to(15), &options("4717")).await.unwrap().replayed);
    assert_eq!((shop.writes(), shop.quantity("S-1").as_str()), (2, "15"));
}

/// A distributor in memory with one subscription, whose next answer is lost.
fn forgetful(evidence: Evidence) -> MemoryProvider {
    let mut seats = Subscription::new("S-1", "A-1", 10);
    seats.status = SubscriptionStatus::Active;
    let memory = MemoryProvider::new("main")
        .with_evidence(evidence)
        .with_customers([Customer::new("A-1", "Example Bakery")])
        .with_subscriptions([seats]);
    memory.inject(CHANGE, Fault::After(Error::new(ErrorKind::Timeout, "no answer within 30 s")));
    memory
}

#[tokio::test]
async fn a_reference_or_a_comparison_decides_and_says_so() {
    for (evidence, judged) in
        [(Evidence::Reference, Judgement::Reference), (Evidence::Baseline, Judgement::Comparison)]
    {
        let folder = tempfile::tempdir().unwrap();
        let memory = forgetful(evidence);
        let provider = Arc::new(memory.clone()).journaled(store(folder.path()).await.journal());
        let error = provider.change_quantity(to(15), options("4718")).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout, Delivery::Unknown));
        let receipt = provider.change_quantity(to(15), options("4718")).await.unwrap();
        assert_eq!((receipt.replayed, receipt.judged_by), (true, judged), "{evidence:?}");
        assert_eq!(memory.calls(CHANGE), 1, "{evidence:?}");
        assert_eq!(provider.subscription("S-1").await.unwrap().quantity, Some(15.into()));
    }
}

#[tokio::test]
async fn what_nobody_can_know_is_for_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let memory = forgetful(Evidence::None);
    let provider = Arc::new(memory.clone()).journaled(store(folder.path()).await.journal());
    let key = options("4719").key;
    for _ in 0..3 {
        let error = provider.change_quantity(to(15), options("4719")).await.unwrap_err();
        assert_eq!((error.delivery(), error.advice()), (Delivery::Unknown, Advice::AfterReconcile));
    }
    assert_eq!(memory.calls(CHANGE), 1);
    let nobody = provider.settle(&key, Settlement::NotApplied, " ").await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::InvalidInput);
    let word = Settlement::applied(Receipt::new(Outcome::Applied));
    provider.settle(&key, word, "Anna").await.unwrap();
    let receipt = provider.change_quantity(to(15), options("4719")).await.unwrap();
    assert_eq!((receipt.replayed, receipt.outcome, memory.calls(CHANGE)), (true, Outcome::Applied, 1));
}
