//! One suite for all stores, and everything held against the model.

use std::sync::Arc;
use std::time::Duration;

use provider_core::EntityKind;
use provider_core::info::AccountKey;
use serde_json::json;

use super::world::Hand;
use crate::fingerprint::Fingerprint;
use crate::report::{KindReport, Outcome};
use crate::store::{
    ConnectionState, Decision, KindScope, NewPending, PageCommit, PendingType, QueueQuery,
    RunLease, SessionStart, Shadow, ShadowState, StoreErrorKind, SyncStore,
};
use crate::target::LocalKey;

const TTL: Duration = Duration::from_secs(90);

fn account(name: &str) -> AccountKey {
    AccountKey::new("shop", "https://example.com", name)
}

fn start(name: &str) -> SessionStart {
    SessionStart { connection: "shop".into(), account: account(name), plan: Fingerprint::of_text("plan") }
}

fn scope() -> KindScope {
    KindScope::new("shop", EntityKind::Customer)
}

fn shadow(id: &str) -> Shadow {
    let mut shadow = Shadow::new(id.to_owned(), Some(format!("group {}", id.len())));
    shadow.local = Some(LocalKey::new(format!("row {id}")));
    (shadow.state, shadow.source) = (ShadowState::Linked, Some(Fingerprint::of_text(id)));
    shadow.base = Some(json!({ "phone": "1" }));
    shadow
}

fn waiting(id: &str, facts: &str) -> NewPending {
    let facts = Fingerprint::of_text(facts);
    NewPending { subject: id.into(), kind: PendingType::Match, facts, body: json!({ "name": id }) }
}

async fn take(store: &dyn SyncStore) -> RunLease {
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
    store.close_session(&lease, "shop", Outcome::Failed, Some("why")).await.unwrap();
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
    let zombie = store.commit_page(&first, &scope(), run.id, &page).await.unwrap_err();
    assert_eq!(zombie.kind, StoreErrorKind::Fenced);
    assert!(store.shadows(&scope(), &["c1"]).await.unwrap().is_empty(), "nothing of it");
    store.commit_page(&lease, &scope(), run.id, &page).await.unwrap();
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
    store.close_session(&lease, "shop", Outcome::Completed, None).await.unwrap();

    // The next one has met nothing yet.
    let session = store.open_session(&lease, &start("one")).await.unwrap();
    assert!(session.number > again.number);
    let run = store.open_kind(&lease, &session, &scope()).await.unwrap();
    assert_eq!((run.live, run.listed_before), (5000, Some(5000)));
    let slots = store.shadows(&scope(), &ids.iter().map(String::as_str).collect::<Vec<_>>()).await.unwrap();
    let seen = slots.iter().filter(|shadow| shadow.remote != "c7" && shadow.remote != "c4500");
    let page = PageCommit { seen: seen.filter_map(|shadow| shadow.slot).collect(), ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, &page).await.unwrap();
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
    store.commit_page(&lease, &scope(), run.id, &page).await.unwrap();
    assert_eq!(store.missing(&scope(), run.id, None, 10).await.unwrap(), [unseen], "it was not met by that");
    // A place is never given twice within a run.
    let page = PageCommit { shadows: vec![shadow("new")], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, &page).await.unwrap();
    assert_eq!(store.shadows(&scope(), &["new"]).await.unwrap()[0].slot, Some(5000));

    // What waits, what is decided, and what it was decided about.
    let queue = store.queue(&QueueQuery::default()).await.unwrap();
    assert_eq!(queue.iter().map(|pending| pending.subject.as_str()).collect::<Vec<_>>(), ["c1", "c2"]);
    let id = queue[0].id.clone();
    assert_eq!(store.decide(&id, &Decision::Retry, "me").await.unwrap_err().kind, StoreErrorKind::Refused);
    let nobody = "99-abcdef".parse().unwrap();
    assert_eq!(
        store.decide(&nobody, &Decision::Create, "me").await.unwrap_err().kind,
        StoreErrorKind::Unknown
    );
    store.decide(&id, &Decision::Create, "me").await.unwrap();
    let same = PageCommit { pending: vec![waiting("c1", "a")], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, &same).await.unwrap();
    let of = store.pending_of(&scope(), &["c1"]).await.unwrap();
    assert_eq!((of[0].1.decision.clone(), of[0].1.who.as_deref()), (Some(Decision::Create), Some("me")));
    let other = PageCommit { pending: vec![waiting("c1", "b")], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, &other).await.unwrap();
    let of = store.pending_of(&scope(), &["c1"]).await.unwrap();
    assert_eq!((of[0].1.decision.clone(), of[0].1.id.number), (None, id.number));
    assert_eq!(store.decide(&id, &Decision::Create, "me").await.unwrap_err().kind, StoreErrorKind::Stale);
    let settled = PageCommit { settled: vec![("c1".into(), PendingType::Match)], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, &settled).await.unwrap();
    assert_eq!(store.queue(&QueueQuery::default()).await.unwrap().len(), 1);
    // What was not met again is let go at the end.
    store.close_kind(&lease, &scope(), run.id, &report, false).await.unwrap();
    assert!(store.queue(&QueueQuery::default()).await.unwrap().is_empty());

    // Hints.
    store.hint(&scope(), "c3").await.unwrap();
    store.hint(&scope(), "c3").await.unwrap();
    assert_eq!(store.hints(&scope(), 10).await.unwrap(), ["c3"]);
    let followed = PageCommit { hints: vec!["c3".into()], ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, &followed).await.unwrap();
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
    assert_eq!((status.last_outcome, status.linked), (Some(Outcome::Completed), 5000));

    // A copy has everything and is nobody's.
    let copy = store.snapshot(Arc::new(clock.clone())).await.unwrap();
    assert_eq!(
        copy.shadows(&scope(), &["c0", "new"]).await.unwrap(),
        store.shadows(&scope(), &["c0", "new"]).await.unwrap()
    );
    assert!(copy.lease(&account("one"), TTL).await.unwrap().is_some());
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
        assert_eq!(newer.kind, StoreErrorKind::NewerSchema { found: 9, known: 1 });
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use provider_testkit::postgres::Server;

    use super::super::bases::postgres::{address, address_on};
    use super::*;
    use crate::store::SqlStore;
    use crate::target::{
        Applied, ApplyBatch, Criterion, LocalCursor, LocalPage, LocalRecord, MemoryTarget, Target, TargetError, TargetField,
    };

    #[tokio::test]
    async fn what_is_wrong_with_the_database_is_told() {
        let Some(address) = address() else { return };
        let absent = SqlStore::open_existing(&address).await.unwrap_err();
        assert_eq!(absent.kind, StoreErrorKind::Absent);
        let store = SqlStore::open(&address).await.unwrap();
        assert!(store.path().is_none());
        let lease = take(&store).await;
        store.sql("UPDATE sync_meta SET value = '9' WHERE name = 'schema'").await.unwrap();
        let newer = StoreErrorKind::NewerSchema { found: 9, known: 1 };
        assert_eq!(SqlStore::open(&address).await.unwrap_err().kind, newer);
        assert_eq!(store.renew(&lease).await.unwrap_err().kind, newer);
        let nowhere = address.replace("/postgres?", "/nowhere?");
        assert_eq!(SqlStore::open(&nowhere).await.unwrap_err().kind, StoreErrorKind::Absent);
    }

    /// Machines whose clocks are minutes apart agree, since none of them is asked.
    #[tokio::test]
    async fn leases_end_by_the_databases_clock() {
        let Some(address) = address() else { return };
        let (one, other) = (SqlStore::open(&address).await.unwrap(), SqlStore::open(&address).await.unwrap());
        let lease = one.lease(&account("one"), Duration::from_millis(300)).await.unwrap().unwrap();
        assert!(other.lease(&account("one"), TTL).await.unwrap().is_none());
        let taken = loop {
            if let Some(taken) = other.lease(&account("one"), TTL).await.unwrap() {
                break taken;
            }
        };
        assert!(taken.fence > lease.fence);
        assert_eq!(one.renew(&lease).await.unwrap_err().kind, StoreErrorKind::Fenced);
        let ends = taken.ends_at - chrono::Duration::from_std(TTL).unwrap();
        assert!(ends >= lease.ends_at, "the successor came after the end");
    }

    /// Of many that want one account, one has it at a time, whatever machine they are on.
    #[tokio::test]
    async fn of_sixteen_one_has_the_lease() {
        let Some(address) = address() else { return };
        let mut stores = Vec::new();
        for _ in 0..16 {
            stores.push(SqlStore::open(&address).await.unwrap());
        }
        let mut last = 0;
        for _ in 0..20 {
            let tasks = stores.iter().map(|store| {
                let store = store.clone();
                tokio::spawn(async move { store.lease(&account("one"), TTL).await.unwrap() })
            });
            let mut leases = Vec::new();
            for task in tasks.collect::<Vec<_>>() {
                leases.extend(task.await.unwrap());
            }
            assert_eq!(leases.len(), 1, "{leases:?}");
            assert!(leases[0].fence > last);
            last = leases[0].fence;
            stores[0].release(&leases[0]).await.unwrap();
        }
    }

    /// A database that was restored knows nothing of the lease: whoever goes on with it is refused.
    #[tokio::test]
    async fn an_older_copy_is_noticed_by_the_fence() {
        let Some(address) = address() else { return };
        let store = SqlStore::open(&address).await.unwrap();
        let before = take(&store).await;
        store.release(&before).await.unwrap();
        store.sql("CREATE TABLE copy AS SELECT * FROM sync_lease").await.unwrap();
        let lease = take(&store).await;
        let session = store.open_session(&lease, &start("one")).await.unwrap();
        let run = store.open_kind(&lease, &session, &scope()).await.unwrap();
        store.sql("DELETE FROM sync_lease; INSERT INTO sync_lease SELECT * FROM copy").await.unwrap();
        let page = PageCommit { shadows: vec![shadow("c1")], ..PageCommit::default() };
        let late = store.commit_page(&lease, &scope(), run.id, &page).await.unwrap_err();
        assert_eq!(late.kind, StoreErrorKind::Fenced);
        assert!(store.shadows(&scope(), &["c1"]).await.unwrap().is_empty());
        assert!(take(&store).await.fence > before.fence);
    }

    /// Whatever a distributor calls its records.
    #[tokio::test]
    async fn any_id_can_be_stored() {
        let Some(address) = address() else { return };
        let store = SqlStore::open(&address).await.unwrap();
        let lease = take(&store).await;
        let session = store.open_session(&lease, &start("one")).await.unwrap();
        let run = store.open_kind(&lease, &session, &scope()).await.unwrap();
        let ids = ["a\0b", "\u{10FFFD}0", "'; DROP TABLE sync_shadow; --", "$1", ""];
        let page = PageCommit { shadows: ids.map(shadow).to_vec(), ..PageCommit::default() };
        store.commit_page(&lease, &scope(), run.id, &page).await.unwrap();
        let known = store.shadows(&scope(), &ids).await.unwrap();
        assert_eq!(known.iter().map(|shadow| shadow.remote.as_str()).collect::<Vec<_>>(), ids);
    }

    /// The application goes on while the server of the store falls: in the middle of a page.
    #[derive(Debug)]
    struct Fells {
        inner: MemoryTarget,
        server: Arc<Mutex<Server>>,
        left: AtomicUsize,
    }

    #[async_trait::async_trait]
    impl Target for Fells {
        fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
            self.inner.fields(kind)
        }

        async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
            let applied = self.inner.apply(batch).await;
            // Now and then before anybody is told.
            let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if left.is_err() {
                let _ = self.server.lock().unwrap().fall();
            }
            applied
        }

        async fn find(&self, kind: EntityKind, of: &[Criterion], limit: usize) -> Result<Vec<LocalRecord>, TargetError> {
            self.inner.find(kind, of, limit).await
        }

        async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
            self.inner.get(kind, keys).await
        }

        async fn read(&self, kind: EntityKind, after: Option<&LocalCursor>, limit: usize) -> Result<LocalPage, TargetError> {
            self.inner.read(kind, after, limit).await
        }
    }

    #[tokio::test]
    async fn a_server_that_falls_within_a_run_is_told_and_the_next_run_heals() {
        use crate::engine::RunControl;
        use crate::report::KindReport;
        use crate::tests::world::World;

        let Some(server) = Server::start(&[]).unwrap() else { return };
        let mut world = World::new();
        world.store = Arc::new(
            SqlStore::with_clock(&address_on(&server), Arc::new(world.clock.clone())).await.unwrap(),
        );
        world.shop.customers(8);
        world.run().await;
        let server = Arc::new(Mutex::new(server));
        for fall in 0..4 {
            world.shop.customers(10 + fall);
            world.shop.customer("c01", &format!("Changed {fall}"));
            world.clock.pass(chrono::Duration::hours(1));
            let target = Fells { inner: world.target.clone(), server: Arc::clone(&server), left: AtomicUsize::new(fall % 2) };
            let engine = world.over(world.shop.clone(), Arc::new(target), Arc::clone(&world.store));
            let said = match engine.run(&RunControl::default()).await {
                Ok(report) => report.error.unwrap_or_default(),
                Err(error) => error.to_string(),
            };
            assert!(said.contains("cannot be reached"), "{said}");
            server.lock().unwrap().rise().unwrap();
            world.run().await;
            world.assert_in_step("after a fall");
            let quiet = world.run().await;
            assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{quiet:?}");
        }
    }
}
