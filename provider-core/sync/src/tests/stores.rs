//! One suite for all stores, and everything held against the model.

use std::sync::Arc;
use std::time::Duration;

use provider_core::info::AccountKey;
use provider_core::{CreateCustomer, EntityKind, IdempotencyKey};
use serde_json::json;

use super::world::Hand;
use crate::decide::evidence::COUNTED;
use crate::fingerprint::Fingerprint;
use crate::report::{KindReport, SyncOutcome};
use crate::store::{
    ConnectionState, Decision, Intent, IntentCommit, IntentEnd, IntentState, KindScope, NewIntent,
    NewPending, PageCommit, PendingId, PendingType, QueueQuery, RunId, RunLease, SessionEnd, SessionStart,
    Shadow, ShadowState, StoreErrorKind, SyncStore,
};
use crate::target::LocalKey;

pub(super) const TTL: Duration = Duration::from_secs(90);

pub(super) fn account(name: &str) -> AccountKey {
    AccountKey::new("shop", "https://example.com", name)
}

pub(super) fn start(name: &str) -> SessionStart {
    let (connection, plan) = ("shop".into(), Fingerprint::of_text("plan"));
    let keys = std::collections::BTreeMap::new();
    SessionStart { connection, account: account(name), plan, keys, keys_hold: false }
}

pub(super) fn scope() -> KindScope {
    KindScope::new("shop", EntityKind::Customer)
}

pub(super) fn shadow(id: &str) -> Shadow {
    let mut shadow = Shadow::new(id.to_owned(), Some(format!("group {}", id.len())));
    shadow.local = Some(LocalKey::new(format!("row {id}")));
    (shadow.state, shadow.source) = (ShadowState::Linked, Some(Fingerprint::of_text(id)));
    shadow.base = Some(json!({ "phone": "1" }));
    shadow
}

pub(super) fn waiting(id: &str, facts: &str) -> NewPending {
    let facts = Fingerprint::of_text(facts);
    NewPending { subject: id.into(), kind: PendingType::Match, facts, body: json!({ "name": id }) }
}

pub(super) async fn take(store: &dyn SyncStore) -> RunLease {
    store.lease(&account("one"), TTL).await.unwrap().unwrap()
}

async fn suite(store: Arc<dyn SyncStore>, clock: Hand) {
    // Leases exclude, end, and grow their fence.
    let first = take(&*store).await;
    assert!(store.lease(&account("one"), TTL).await.unwrap().is_none());
    assert!(store.lease(&account("two"), TTL).await.unwrap().is_some(), "another account is free");
    assert_eq!(store.renew(&first).await.unwrap().fence, first.fence);
    store.release(&first).await.unwrap();
    let second = take(&*store).await;
    assert!(second.fence > first.fence);
    assert_eq!(store.renew(&first).await.unwrap_err().kind, StoreErrorKind::Fenced);
    let seen = second.fence + 40;
    let lifted = store.outbid(&second, seen).await.unwrap();
    assert_eq!(lifted.fence, seen + 1);
    assert_eq!(store.renew(&second).await.unwrap_err().kind, StoreErrorKind::Fenced);
    let lease = lifted;

    // Sessions are gone on with until they complete, unless the plan is another one.
    let session = store.open_session(&lease, &start("one")).await.unwrap();
    assert_eq!(session.resumed, 0);
    let failed = SessionEnd { error: Some("why".into()), ..SessionEnd::new("shop", SyncOutcome::Failed) };
    store.close_session(&lease, &failed).await.unwrap();
    let again = store.open_session(&lease, &start("one")).await.unwrap();
    assert_eq!((again.number, again.resumed), (session.number, 1));
    let other = store.open_session(&lease, &start("two")).await.unwrap_err();
    assert_eq!(other.kind, StoreErrorKind::OtherAccount);

    // A page is stored whole, by whoever has the lease.
    let run = store.open_kind(&lease, &again, &scope()).await.unwrap();
    assert_eq!((run.ended, run.report.resumed, run.live, run.listed_before), (false, 0, 0, None));
    let ids: Vec<String> = (0..5000).map(|n| format!("c{n}")).collect();
    let mut report = KindReport::new(EntityKind::Customer);
    report.listed = 5000;
    let page = PageCommit {
        shadows: ids.iter().map(|id| shadow(id)).collect(),
        pending: vec![waiting("c1", "a"), waiting("c2", "a")],
        report: Some(report.clone()),
        ..PageCommit::default()
    };
    let zombie = store.commit_page(&first, &scope(), run.id, page.clone()).await.unwrap_err();
    assert_eq!(zombie.kind, StoreErrorKind::Fenced);
    assert!(store.shadows(&scope(), &["c1"]).await.unwrap().is_empty(), "nothing of it");
    store.commit_page(&lease, &scope(), run.id, page.clone()).await.unwrap();
    let known = store.shadows(&scope(), &["c4999", "nobody", "c0"]).await.unwrap();
    assert_eq!(known.iter().map(|shadow| shadow.remote.as_str()).collect::<Vec<_>>(), ["c4999", "c0"]);
    let mut expected = shadow("c0");
    expected.slot = known[1].slot;
    assert_eq!(known[1], expected);
    assert!(store.missing(&scope(), run.id, None, 10).await.unwrap().is_empty(), "all were met");
    let resumed = store.open_kind(&lease, &again, &scope()).await.unwrap();
    assert_eq!((resumed.id, resumed.report.resumed, resumed.report.listed), (run.id, 1, 5000));
    store.close_kind(&lease, &scope(), run.id, &report, true).await.unwrap();
    assert!(store.open_kind(&lease, &again, &scope()).await.unwrap().ended);
    store.close_session(&lease, &SessionEnd::new("shop", SyncOutcome::Completed)).await.unwrap();

    // The next one has met nothing yet.
    let session = store.open_session(&lease, &start("one")).await.unwrap();
    assert!(session.number > again.number);
    let run = store.open_kind(&lease, &session, &scope()).await.unwrap();
    assert_eq!((run.live, run.listed_before), (COUNTED, Some(5000)));
    let slots = store.shadows(&scope(), &ids.iter().map(String::as_str).collect::<Vec<_>>()).await.unwrap();
    let seen = slots.iter().filter(|shadow| shadow.remote != "c7" && shadow.remote != "c4500");
    let page = PageCommit { seen: seen.filter_map(|shadow| shadow.slot).collect(), ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, page.clone()).await.unwrap();
    let missing = store.missing(&scope(), run.id, None, 10).await.unwrap();
    assert_eq!(missing.iter().map(|shadow| shadow.remote.as_str()).collect::<Vec<_>>(), ["c7", "c4500"]);
    let rest = store.missing(&scope(), run.id, missing[0].slot, 10).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(store.missing(&scope(), run.id, None, 1).await.unwrap().len(), 1);
    assert_eq!(store.met(&scope(), &session, "c7").await.unwrap(), Some(false));
    assert_eq!(store.met(&scope(), &session, "c8").await.unwrap(), Some(true));
    assert_eq!(store.met(&scope(), &session, "nobody").await.unwrap(), None);
    let witnesses = store.witnesses(&scope(), run.id, Some("group 2"), 20).await.unwrap();
    assert_eq!(witnesses.len(), 9, "c0 to c9 without c7");
    assert_eq!(store.witnesses(&scope(), run.id, None, 3).await.unwrap().len(), 3);
    let unseen = Shadow { absent_runs: 1, absent_since: Some(known_time(&clock)), ..missing[0].clone() };
    let page =
        PageCommit { unseen: vec![unseen.clone()], forgotten: vec!["c4500".into()], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, page.clone()).await.unwrap();
    assert_eq!(store.missing(&scope(), run.id, None, 10).await.unwrap(), [unseen], "it was not met by that");
    // A place is never given twice within a run.
    let page = PageCommit { shadows: vec![shadow("new")], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, page.clone()).await.unwrap();
    assert_eq!(store.shadows(&scope(), &["new"]).await.unwrap()[0].slot, Some(5000));

    // What waits, what is decided, and what it was decided about.
    let queue = store.queue(&QueueQuery::default()).await.unwrap();
    assert_eq!(queue.iter().map(|pending| pending.subject.as_str()).collect::<Vec<_>>(), ["c1", "c2"]);
    let id = queue[0].id.clone();
    assert_eq!(store.decide(&id, &Decision::Retry, "me").await.unwrap_err().kind, StoreErrorKind::Refused);
    let nobody: PendingId = "99-abcdef".parse().unwrap();
    assert_eq!(
        store.decide(&nobody, &Decision::Create, "me").await.unwrap_err().kind,
        StoreErrorKind::Unknown
    );
    // Many at once: all, or none where one is refused.
    let second = queue[1].id.clone();
    let stale = format!("{}-abcdef", second.number).parse().unwrap();
    let words = [(id.clone(), Decision::Ignore), (stale, Decision::Ignore), (nobody, Decision::Create)];
    let refused = store.decide_all(&words, "us").await.unwrap();
    let kinds: Vec<_> = refused.iter().map(|(at, error)| (*at, error.kind)).collect();
    assert_eq!(kinds, [(1, StoreErrorKind::Stale), (2, StoreErrorKind::Unknown)]);
    assert!(store.queue(&QueueQuery::default()).await.unwrap().iter().all(|pending| pending.who.is_none()));
    let words = [(second, Decision::Ignore), (id.clone(), Decision::Ignore)];
    assert!(store.decide_all(&words, "us").await.unwrap().is_empty());
    let decided = store.queue(&QueueQuery::default()).await.unwrap();
    assert!(decided.iter().all(|pending| pending.decision == Some(Decision::Ignore)), "{decided:?}");
    store.decide(&id, &Decision::Create, "me").await.unwrap();
    let same = PageCommit { pending: vec![waiting("c1", "a")], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, same.clone()).await.unwrap();
    let of = store.pending_of(&scope(), &["c1"]).await.unwrap();
    assert_eq!((of[0].1.decision.clone(), of[0].1.who.as_deref()), (Some(Decision::Create), Some("me")));
    let other = PageCommit { pending: vec![waiting("c1", "b")], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, other.clone()).await.unwrap();
    let of = store.pending_of(&scope(), &["c1"]).await.unwrap();
    assert_eq!((of[0].1.decision.clone(), of[0].1.id.number), (None, id.number));
    assert_eq!(store.decide(&id, &Decision::Create, "me").await.unwrap_err().kind, StoreErrorKind::Stale);
    let settled = PageCommit { settled: vec![("c1".into(), PendingType::Match)], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, settled.clone()).await.unwrap();
    assert_eq!(store.queue(&QueueQuery::default()).await.unwrap().len(), 1);
    // What was not met again is let go at the end, unless a person has decided about it.
    store.close_kind(&lease, &scope(), run.id, &report, false).await.unwrap();
    let left = store.queue(&QueueQuery::default()).await.unwrap();
    assert_eq!((left.len(), left[0].subject.as_str()), (1, "c2"));
    let settled = PageCommit { settled: vec![("c2".into(), PendingType::Match)], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, settled.clone()).await.unwrap();
    assert!(store.queue(&QueueQuery::default()).await.unwrap().is_empty());

    intents(&*store, &lease, run.id).await;

    // Hints.
    store.hint(&scope(), "c3").await.unwrap();
    store.hint(&scope(), "c3").await.unwrap();
    assert_eq!(store.hints(&scope(), 10).await.unwrap(), ["c3"]);
    let followed = PageCommit { hints: vec!["c3".into()], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, followed.clone()).await.unwrap();
    assert!(store.hints(&scope(), 10).await.unwrap().is_empty());

    // How it stands.
    clock.pass(chrono::Duration::seconds(30));
    store.switch("shop", ConnectionState::Disabled, Some("because")).await.unwrap();
    assert!(store.switch("nobody", ConnectionState::Active, None).await.is_err());
    let status = &store.status().await.unwrap()[0];
    assert_eq!(
        (status.state, status.cause.as_deref(), status.lag),
        (ConnectionState::Disabled, Some("because"), Some(30))
    );
    assert_eq!((status.last_outcome, status.linked), (Some(SyncOutcome::Completed), 5000));

    // A copy has everything and is nobody's.
    let copy = store.snapshot(Arc::new(clock.clone())).await.unwrap();
    assert_eq!(
        copy.shadows(&scope(), &["c0", "new"]).await.unwrap(),
        store.shadows(&scope(), &["c0", "new"]).await.unwrap()
    );
    assert!(copy.lease(&account("one"), TTL).await.unwrap().is_some());
}

fn intent(local: &str, name: &str) -> NewIntent {
    NewIntent {
        local: LocalKey::new(local),
        key: None,
        command: CreateCustomer::new(name).into(),
        remote: None,
        said: [("name".to_owned(), json!(name))].into(),
        print: Some(Fingerprint::of_text(name)),
        not_before: None,
        reason: None,
    }
}

/// One open intent a record, each generation under a key of its own.
async fn intents(store: &dyn SyncStore, lease: &RunLease, run: RunId) {
    let page = PageCommit { intents: vec![intent("7", "A"), intent("8", "B")], ..PageCommit::default() };
    store.commit_page(lease, &scope(), run, page.clone()).await.unwrap();
    let open = store.open_intents(&scope()).await.unwrap();
    assert_eq!(open.iter().map(|intent| intent.local.as_str()).collect::<Vec<_>>(), ["7", "8"]);
    assert!(open.iter().all(|intent| intent.generation == 1 && intent.state == IntentState::Pending));
    assert_ne!(open[0].key, open[1].key);
    assert_eq!(open[0].said["name"], json!("A"));
    // What is open stays as it was decided.
    let again = PageCommit { intents: vec![intent("7", "Other")], ..PageCommit::default() };
    store.commit_page(lease, &scope(), run, again.clone()).await.unwrap();
    let last = store.last_intent(&scope(), &LocalKey::new("7")).await.unwrap().unwrap();
    assert_eq!((last.id, &last.key, &last.command), (open[0].id, &open[0].key, &open[0].command));
    let ended = vec![
        IntentEnd { remote: Some("c0".into()), ..IntentEnd::new(open[0].id, IntentState::Applied) },
        IntentEnd::new(open[1].id, IntentState::Unknown).because("lost"),
    ];
    let page = PageCommit { ended, intents: vec![intent("7", "C")], ..PageCommit::default() };
    store.commit_page(lease, &scope(), run, page.clone()).await.unwrap();
    let status = store.status().await.unwrap().remove(0);
    assert_eq!((status.unknown, status.unknown_since), (1, Some(open[1].opened)));
    let late = IntentCommit {
        ended: vec![IntentEnd::new(open[0].id, IntentState::Unknown)],
        ..IntentCommit::default()
    };
    store.commit_intents(&scope(), &late).await.unwrap();
    assert_eq!(store.status().await.unwrap()[0].unknown, 1, "what was closed stays so");
    let next = store.last_intent(&scope(), &LocalKey::new("7")).await.unwrap().unwrap();
    assert_eq!((next.generation, next.state), (2, IntentState::Pending));
    assert_ne!(next.key, open[0].key, "another generation has another key");
    let unknown = store.last_intent(&scope(), &LocalKey::new("8")).await.unwrap().unwrap();
    assert_eq!((unknown.state, unknown.reason.as_deref()), (IntentState::Unknown, Some("lost")));
    // Outside of a run, under the caller's own key.
    let orders = KindScope::new("shop", EntityKind::Order);
    let key = IdempotencyKey::derive("quotes", ["1841"]);
    let opened = NewIntent { key: Some(key.clone()), ..intent(key.as_str(), "order") };
    let commit = IntentCommit { opened: vec![opened], ..IntentCommit::default() };
    store.commit_intents(&orders, &commit).await.unwrap();
    store.commit_intents(&orders, &commit).await.unwrap();
    let order = store.open_intents(&orders).await.unwrap();
    assert_eq!((order.len(), &order[0].key), (1, &key));
    // A copy carries on under the same keys.
    let copy = store.snapshot(Arc::new(Hand::default())).await.unwrap();
    let keys = |intents: Vec<Intent>| intents.into_iter().map(|intent| intent.key).collect::<Vec<_>>();
    assert_eq!(
        keys(copy.open_intents(&scope()).await.unwrap()),
        keys(store.open_intents(&scope()).await.unwrap())
    );
    let tied = store.tied(&scope(), &[LocalKey::new("row c3"), LocalKey::new("nobody")]).await.unwrap();
    assert_eq!(tied.iter().map(|shadow| shadow.remote.as_str()).collect::<Vec<_>>(), ["c3"]);
    let ended = vec![
        IntentEnd::new(unknown.id, IntentState::Rejected),
        IntentEnd::new(next.id, IntentState::Applied),
    ];
    store.commit_intents(&scope(), &IntentCommit { ended, ..IntentCommit::default() }).await.unwrap();
    assert!(store.open_intents(&scope()).await.unwrap().is_empty());
}

fn known_time(clock: &Hand) -> chrono::DateTime<chrono::Utc> {
    provider_core::clock::Clock::now(clock)
}

#[tokio::test]
async fn the_model_and_every_database() {
    for base in super::bases::Base::all() {
        let clock = Hand::default();
        let (store, _ground) = base.store(&clock).await;
        println!("{base:?}");
        suite(store, clock).await;
    }
}

/// What was interrupted goes on as it stands. After a failure, what had ended is gone through anew, and what had not goes on
/// with what it has met.
#[tokio::test]
async fn after_a_failure_what_had_ended_is_begun_anew_and_the_rest_goes_on() {
    for base in super::bases::Base::all() {
        let (store, _ground) = base.store(&Hand::default()).await;
        let lease = take(&*store).await;
        let seats = KindScope::new("shop", EntityKind::Subscription);
        let session = store.open_session(&lease, &start("one")).await.unwrap();
        let ended = store.open_kind(&lease, &session, &scope()).await.unwrap();
        let page = PageCommit { shadows: vec![shadow("c0")], ..PageCommit::default() };
        store.commit_page(&lease, &scope(), ended.id, page.clone()).await.unwrap();
        let report = KindReport::new(EntityKind::Customer);
        store.close_kind(&lease, &scope(), ended.id, &report, true).await.unwrap();
        let cut = store.open_kind(&lease, &session, &seats).await.unwrap();
        let page = PageCommit { shadows: vec![shadow("s0")], ..PageCommit::default() };
        store.commit_page(&lease, &seats, cut.id, page.clone()).await.unwrap();
        // Nobody has closed it: it was killed.
        let again = store.open_session(&lease, &start("one")).await.unwrap();
        assert_eq!((again.number, again.resumed), (session.number, 1), "{base:?}");
        assert!(store.open_kind(&lease, &again, &scope()).await.unwrap().ended, "{base:?}");
        assert_eq!(store.open_kind(&lease, &again, &seats).await.unwrap().id, cut.id, "{base:?}");
        store.close_session(&lease, &SessionEnd::new("shop", SyncOutcome::Failed)).await.unwrap();

        let next = store.open_session(&lease, &start("one")).await.unwrap();
        assert!(next.number > session.number, "{base:?}");
        let anew = store.open_kind(&lease, &next, &scope()).await.unwrap();
        assert_eq!((anew.ended, anew.report.resumed), (false, 0), "{base:?}");
        assert_ne!(anew.id, ended.id, "{base:?}");
        assert_eq!(store.met(&scope(), &next, "c0").await.unwrap(), Some(false), "{base:?}");
        assert_eq!(store.missing(&scope(), anew.id, None, 9).await.unwrap().len(), 1, "{base:?}");
        let gone_on = store.open_kind(&lease, &next, &seats).await.unwrap();
        assert_eq!((gone_on.id, gone_on.ended, gone_on.report.resumed), (cut.id, false, 2), "{base:?}");
        assert_eq!(store.met(&seats, &next, "s0").await.unwrap(), Some(true), "{base:?}");
        assert!(store.missing(&seats, cut.id, None, 9).await.unwrap().is_empty(), "{base:?}");

        // It fails in another kind, and then in the same one once more: both go on.
        store.close_session(&lease, &SessionEnd::new("shop", SyncOutcome::Failed)).await.unwrap();
        let last = store.open_session(&lease, &start("one")).await.unwrap();
        assert_eq!(last.number, next.number, "{base:?}: nothing had ended in it");
        assert_eq!(store.open_kind(&lease, &last, &scope()).await.unwrap().id, anew.id, "{base:?}");
        assert_eq!(store.open_kind(&lease, &last, &seats).await.unwrap().id, cut.id, "{base:?}");
    }
}

/// What nobody has decided goes with the listing that is without it. A decision waits for its record: until whole listings
/// have been without it for a month.
#[tokio::test]
async fn a_decision_waits_for_its_record() {
    for base in super::bases::Base::all() {
        let clock = Hand::default();
        let (store, _ground) = base.store(&clock).await;
        let left = async |pending: Vec<NewPending>, whole: bool| {
            clock.pass(chrono::Duration::days(20));
            let lease = take(&*store).await;
            let session = store.open_session(&lease, &start("one")).await.unwrap();
            let run = store.open_kind(&lease, &session, &scope()).await.unwrap();
            let page = PageCommit { pending, ..PageCommit::default() };
            store.commit_page(&lease, &scope(), run.id, page.clone()).await.unwrap();
            let report = KindReport::new(EntityKind::Customer);
            store.close_kind(&lease, &scope(), run.id, &report, whole).await.unwrap();
            store.close_session(&lease, &SessionEnd::new("shop", SyncOutcome::Completed)).await.unwrap();
            store.release(&lease).await.unwrap();
            let queue = store.queue(&QueueQuery::default()).await.unwrap();
            queue.into_iter().map(|pending| pending.subject).collect::<Vec<_>>()
        };
        assert_eq!(left(vec![waiting("c1", "a"), waiting("c2", "a")], true).await, ["c1", "c2"], "{base:?}");
        let id = store.queue(&QueueQuery::default()).await.unwrap()[0].id.clone();
        store.decide(&id, &Decision::Create, "me").await.unwrap();
        for whole in [true, false, false] {
            assert_eq!(left(vec![], whole).await, ["c1"], "{base:?}");
        }
        // It has come back: from now on it is another absence.
        assert_eq!(left(vec![waiting("c1", "a")], true).await, ["c1"], "{base:?}");
        let known = store.queue(&QueueQuery::default()).await.unwrap().remove(0);
        assert_eq!((known.id, known.decision), (id, Some(Decision::Create)), "{base:?}");
        for _ in 0..2 {
            assert_eq!(left(vec![], true).await, ["c1"], "{base:?}");
        }
        assert!(left(vec![], true).await.is_empty(), "{base:?}");
    }
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;
    use crate::store::SqliteStore;

    async fn open(folder: &tempfile::TempDir, clock: &Hand) -> Result<SqliteStore, crate::store::StoreError> {
        let address = format!("sqlite:{}", folder.path().join("sync.db").display());
        SqliteStore::with_clock(&address, Arc::new(clock.clone())).await
    }

    #[tokio::test]
    async fn a_holder_that_is_dead_is_succeeded_at_once() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Hand::default());
        let dead = open(&folder, &clock).await.unwrap();
        let lease = take(&dead).await;
        let next = open(&folder, &clock).await.unwrap();
        assert!(next.lease(&account("one"), TTL).await.unwrap().is_none(), "it lives");
        drop(dead);
        let taken = next.lease(&account("one"), TTL).await.unwrap().unwrap();
        assert!(taken.fence > lease.fence);
    }

    /// Who has the lock of an account is about to begin, or was done this moment: who began beside it would be taken for dead by
    /// whoever gets the lock next.
    #[tokio::test]
    async fn nobody_begins_beside_one_who_has_the_lock() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Hand::default());
        let [done, next, late] =
            [open(&folder, &clock).await, open(&folder, &clock).await, open(&folder, &clock).await]
                .map(Result::unwrap);
        let lease = take(&done).await;
        done.release(&lease).await.unwrap();
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let path = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "lock")).unwrap();
        let lock = std::fs::File::options().write(true).open(path).unwrap();
        lock.lock().unwrap();
        assert!(next.lease(&account("one"), TTL).await.unwrap().is_none());
        drop(lock);
        let taken = next.lease(&account("one"), TTL).await.unwrap().unwrap();
        // One that hangs is waited for no longer than its lease lasts.
        assert!(late.lease(&account("one"), TTL).await.unwrap().is_none());
        clock.pass(chrono::Duration::from_std(TTL).unwrap() + chrono::Duration::seconds(1));
        assert!(late.lease(&account("one"), TTL).await.unwrap().unwrap().fence > taken.fence);
    }

    /// A store of the first release is brought up to date, and keeps what it has.
    #[tokio::test]
    async fn a_store_of_before_goes_on() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Hand::default());
        let file = rusqlite::Connection::open(folder.path().join("sync.db")).unwrap();
        file.execute_batch(include_str!("../store/sql/sqlite/1.sql")).unwrap();
        file.execute_batch(
            "INSERT INTO sync_meta VALUES ('schema', '1'); \
             INSERT INTO sync_scope (connection, kind, next_slot) VALUES ('shop', 'customers', 1); \
             INSERT INTO sync_shadow (scope, remote, slot, local, base, state, absent_runs) \
             VALUES (1, 'c0', 0, '7', '{}', 'linked', 0);",
        )
        .unwrap();
        drop(file);
        let store = open(&folder, &clock).await.unwrap();
        let tied = store.tied(&scope(), &[LocalKey::new("7")]).await.unwrap();
        assert_eq!(tied[0].remote, "c0");
        let commit = IntentCommit { opened: vec![intent("7", "A")], ..IntentCommit::default() };
        store.commit_intents(&scope(), &commit).await.unwrap();
        assert_eq!(store.open_intents(&scope()).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_is_wrong_with_the_file_is_told() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Hand::default());
        let path = folder.path().join("sync.db");
        let absent = SqliteStore::open_existing(&format!("sqlite:{}", path.display())).await.unwrap_err();
        assert_eq!(absent.kind, StoreErrorKind::Absent);
        std::fs::write(&path, vec![7_u8; 4096]).unwrap();
        assert_eq!(open(&folder, &clock).await.unwrap_err().kind, StoreErrorKind::Corrupt);
        std::fs::remove_file(&path).unwrap();
        drop(open(&folder, &clock).await.unwrap());
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute("UPDATE sync_meta SET value = '9' WHERE name = 'schema'", []).unwrap();
        drop(file);
        let newer = open(&folder, &clock).await.unwrap_err();
        assert!(matches!(newer.kind, StoreErrorKind::NewerSchema { found: 9, .. }), "{newer:?}");
    }

    /// An address that names the application's own file by mistake, or before the first run.
    #[tokio::test]
    async fn whoever_only_looks_changes_nothing_of_a_file_that_is_no_store() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("app.db");
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute_batch("CREATE TABLE accounts (id INTEGER PRIMARY KEY)").unwrap();
        drop(file);
        let before = std::fs::read(&path).unwrap();
        let absent = SqliteStore::open_existing(&format!("sqlite:{}", path.display())).await.unwrap_err();
        assert_eq!(absent.kind, StoreErrorKind::Absent);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
