//! Every name that others build on, with the signature that they build on: most of it holds once it compiles.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use provider_core::chrono::{DateTime, Utc};
use provider_core::info::AccountKey;
use provider_core::{IdempotencyKey, NewOrder, NewOrderLine, PlaceOrder, Provider};
use provider_sync::{
    Activation, Alert, Applied, ApplyBatch, ApplyChange, BreakerPlan, CheckedPlan, ConnectionStatus,
    Criterion, Decision, EntityKind, FieldMap, Fingerprint, Intent, KindPlan, KindReport, KindScope,
    LocalCursor, LocalKey, LocalPage, LocalRecord, MemoryStore, Notifier, NotifyError, Pending, PendingId,
    PlanProblem, PlanProblems, Preview, QueueQuery, RemoteRef, RunControl, RunLease, Shadow, ShadowState,
    SqlStore, StoreError, StoreErrorKind, StoreResult, SyncEngine, SyncError, SyncObserver, SyncPlan,
    SyncReport, SyncResult, SyncStore, Target, TargetError, TargetField, Update, Value, Violation,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::scene::{CUSTOMER, SEATS, Scene};

fn shared<T: Debug + Send + Sync + 'static>() {}

fn error<E: Error + Send + Sync + 'static>() {}

fn stored<T: Serialize + DeserializeOwned + JsonSchema>() {}

fn kept<T: Serialize + DeserializeOwned>() {}

fn sent<F: Future + Send>(future: F) -> F {
    future
}

#[test]
fn what_is_handed_about_is_shared_between_threads_and_printed() {
    shared::<SyncPlan>();
    shared::<KindPlan>();
    shared::<CheckedPlan>();
    shared::<SyncEngine>();
    shared::<RunControl>();
    shared::<SyncReport>();
    shared::<Activation>();
    shared::<Intent>();
    shared::<MemoryStore>();
    shared::<SqlStore>();
    shared::<Arc<dyn Target>>();
    shared::<Arc<dyn SyncStore>>();
    shared::<Arc<dyn Notifier>>();
    shared::<Arc<dyn SyncObserver>>();
    error::<SyncError>();
    error::<StoreError>();
    error::<TargetError>();
    error::<NotifyError>();
    error::<PlanProblems>();
    stored::<SyncPlan>();
    stored::<KindPlan>();
    stored::<FieldMap>();
    stored::<BreakerPlan>();
    stored::<SyncReport>();
    stored::<KindReport>();
    stored::<Decision>();
    kept::<Alert>();
}

#[test]
fn what_is_called_has_the_signature_that_was_promised() {
    let _: fn(&str) -> Result<SyncPlan, PlanProblems> = SyncPlan::from_toml;
    let _: fn(&str) -> Result<SyncPlan, PlanProblems> = SyncPlan::from_json;
    let _: fn(&SyncPlan, &dyn Provider, &dyn Target) -> Result<CheckedPlan, PlanProblems> = SyncPlan::check;
    #[allow(clippy::type_complexity, reason = "it is the signature")]
    let _: fn(Arc<dyn Provider>, Arc<dyn Target>, Arc<dyn SyncStore>, CheckedPlan) -> SyncEngine =
        SyncEngine::new;
    let problems = SyncPlan::from_toml("version = 1").unwrap_err();
    let PlanProblem { path, span, message, .. } = problems.first().clone();
    let (_, _, _): (String, Option<Range<usize>>, String) = (path, span, message);
    let field = TargetField::new("name", provider_sync::LocalType::Text);
    let (_, _, _, _): (String, bool, bool, bool) = (field.name, field.required, field.unique, field.writable);
}

/// An application writes all of these, and reads all of these.
#[test]
fn what_goes_to_an_application_is_made_and_taken_apart() {
    let (local, fingerprint) = (LocalKey::new("A1"), Fingerprint::of_text("row"));
    let values: BTreeMap<String, Value> = [("name".to_owned(), "Bakery".into())].into();
    let change = ApplyChange {
        remote: RemoteRef::new(EntityKind::Customer, "c1"),
        local: Some(local.clone()),
        op: Update::Update,
        values: values.clone(),
        expected: Some(fingerprint),
    };
    let batch = ApplyBatch {
        connection: "wholesale".to_owned(),
        fence: 7,
        deadline: DateTime::<Utc>::MAX_UTC,
        changes: vec![change],
    };
    let ApplyBatch { connection: _, fence: _, deadline: _, changes } = batch;
    assert_eq!(changes[0].remote.to_string(), "customer c1");
    let record = LocalRecord { key: local.clone(), remote: Some("c1".to_owned()), values, fingerprint };
    let next = Some(LocalCursor("A1".to_owned()));
    let page = LocalPage { records: vec![record.clone()], next };
    assert_eq!(page.records.len(), 1);
    let criterion = Criterion { field: "name".to_owned(), values: vec!["Bakery".into()], folded: true };
    assert!(criterion.folded);
    let answers = [
        Applied::Done { local, fingerprint },
        Applied::Stale(Some(record)),
        Applied::Stale(None),
        Applied::Rejected(vec![Violation::new("name", "is too long")]),
    ];
    let words = answers.iter().map(|answer| match answer {
        Applied::Done { local, fingerprint: _ } => local.to_string(),
        Applied::Stale(record) => format!("stale {}", record.is_some()),
        Applied::Rejected(violations) => violations[0].field.clone(),
    });
    assert_eq!(words.collect::<Vec<_>>(), ["A1", "stale true", "stale false", "name"]);
}

#[test]
fn every_kind_of_failure_and_every_word_of_a_person_has_its_name() {
    let kinds = [
        StoreErrorKind::Fenced,
        StoreErrorKind::Locked,
        StoreErrorKind::ReadOnly,
        StoreErrorKind::Full,
        StoreErrorKind::NewerSchema { found: 9, known: 4 },
        StoreErrorKind::Corrupt,
        StoreErrorKind::Unreachable,
    ];
    assert!(kinds.iter().enumerate().all(|(at, kind)| kinds.iter().skip(at + 1).all(|other| other != kind)));
    let words = [
        Decision::Link(LocalKey::new("A1")),
        Decision::Create,
        Decision::Ignore,
        Decision::TakeRemote,
        Decision::TakeLocal,
        Decision::Happened("c1".to_owned()),
        Decision::NeverHappened,
        Decision::Retry,
    ];
    for word in words {
        let text = serde_json::to_string(&word).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&text).unwrap(), word);
    }
}

/// Each call of an engine, on another thread than the one that has made it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_is_called_from_any_thread() {
    for scene in Scene::everywhere().await {
        scene.shop.customers(2);
        let engine = scene.engine();
        let calls = async move {
            let _: Activation = sent(engine.activate()).await?;
            let _: Preview = sent(engine.preview()).await?;
            let report: SyncReport = sent(engine.run(&RunControl::default())).await?;
            sent(engine.hint(CUSTOMER, "c00")).await?;
            let _: Vec<Pending> = sent(engine.queue(QueueQuery::default())).await?;
            let nothing: PendingId = "17-3fa92c".parse().unwrap();
            let resolved: SyncResult<()> = sent(engine.resolve(nothing, Decision::Create, "Anna")).await;
            let order = PlaceOrder::new(NewOrder::new("c00").line(NewOrderLine::new("p1", 1)));
            let key = IdempotencyKey::new("order-of-quote-1841").unwrap();
            let ordered: SyncResult<Intent> = sent(engine.order(order, key)).await;
            SyncResult::Ok((report, resolved, ordered))
        };
        let (report, resolved, ordered) = tokio::spawn(calls).await.unwrap().unwrap();
        assert_eq!(report.kind(CUSTOMER).unwrap().created, 2);
        match resolved.unwrap_err() {
            SyncError::Store(error) => assert_eq!(error.kind, StoreErrorKind::Unknown),
            other => panic!("{other:?}"),
        }
        assert!(matches!(ordered, Err(SyncError::Refused(_))), "{ordered:?}");
    }
}

#[tokio::test]
async fn a_store_says_what_it_knows_and_lets_one_work_at_a_time() {
    for scene in Scene::everywhere().await {
        scene.shop.customers(2);
        scene.shop.seats("s1", "nobody", 1);
        scene.run().await;
        let (store, ttl) = (&scene.store, Duration::from_secs(90));
        let scope = KindScope::new("wholesale", CUSTOMER);
        let found: StoreResult<Vec<Shadow>> = sent(store.shadows(&scope, &["c00", "c01", "c02"])).await;
        let found = found.unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        for shadow in found {
            let row = scene.app.of(CUSTOMER, &shadow.remote).unwrap();
            assert_eq!((shadow.state, shadow.local), (ShadowState::Linked, Some(row.key)));
        }
        let held = store.shadows(&KindScope::new("wholesale", SEATS), &["s1"]).await.unwrap();
        assert_eq!((held[0].state, held[0].source), (ShadowState::Held, None), "the next run takes it");
        let status: Vec<ConnectionStatus> = store.status().await.unwrap();
        assert_eq!((status.len(), status[0].connection.as_str(), status[0].linked), (1, "wholesale", 2));
        let account: AccountKey = scene.shop.info().account_key();
        let first: RunLease = store.lease(&account, ttl).await.unwrap().unwrap();
        assert!(store.lease(&account, ttl).await.unwrap().is_none(), "somebody has it");
        let report = scene.run_with(&RunControl::default().wait(Duration::ZERO)).await;
        assert_eq!(report.outcome, provider_sync::SyncOutcome::Refused);
        store.release(&first).await.unwrap();
        let second = store.lease(&account, ttl).await.unwrap().unwrap();
        assert!(second.fence > first.fence, "{second:?}");
        assert_eq!(store.renew(&first).await.unwrap_err().kind, StoreErrorKind::Fenced);
        store.release(&second).await.unwrap();
    }
}

#[tokio::test]
async fn a_store_that_is_not_there_is_told_by_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("none.db").display());
    assert_eq!(SqlStore::open_existing(&address).await.unwrap_err().kind, StoreErrorKind::Absent);
}
