//! A server that breaks one promise each, under the real target and the real store: the suites notice, by the rule or the
//! promise.
//!
//! Triggers change what is stored, or sessions find functions of the schema before the server's own.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use provider_core::EntityKind;
use provider_store::seam::{self, Access, PgStep, PgTx};
use serde_json::json;
use tokio::sync::Notify;

use super::bases::postgres::{address_of, schema_on, server};
use super::homes::{Home, Place};
use super::oracles::broken_promise;
use super::stores::{TTL, account};
use super::tables::sabotaged;
use super::world::World;
use crate::plan::{SyncPlan, Update};
use crate::store::{SqlStore, SyncStore};
use crate::target::conformance::broken_rules;
use crate::target::{
    Applied, ApplyBatch, ApplyChange, Criterion, LocalCursor, LocalKey, LocalPage, LocalRecord, RemoteRef,
    TableTarget, Target, TargetError, TargetField,
};

/// A trigger that meddles with rows before they are stored.
fn meddling(when: &str, how: &str) -> String {
    format!(
        "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how} END $$; \
         CREATE TRIGGER meddle BEFORE {when} FOR EACH ROW EXECUTE FUNCTION meddle()"
    )
}

const FENCES: &str =
    "CREATE TABLE provider_sync_fence (connection text PRIMARY KEY NOT NULL, fence bigint NOT NULL)";

#[tokio::test]
async fn tables_that_break_a_rule_are_told_by_it() {
    if !Home::Server.is_there() {
        return;
    }
    let fences =
        |how: &str| format!("{FENCES}; {}", meddling("INSERT OR UPDATE ON provider_sync_fence", how));
    let flaws = [
        ("two rows for one record", "DROP INDEX accounts_distributor".to_owned(), "T1"),
        ("an edit is answered and not kept", meddling("UPDATE ON accounts", "RETURN OLD;"), "T1"),
        ("the link is lost", meddling("INSERT ON accounts", "NEW.distributor_id := NULL; RETURN NEW;"), "T2"),
        ("fences are forgotten", fences("NEW.fence := 0; RETURN NEW;"), "T3"),
        ("connections share a fence", fences("NEW.connection := 'all'; RETURN NEW;"), "T3"),
    ];
    for (flaw, sql, rule) in flaws {
        let broken = broken_rules(async || sabotaged(&sql).await).await;
        assert!(broken.iter().any(|broken| broken.rule == rule), "{flaw}: it breaks {rule}: {broken:?}");
    }
}

/// A store in a schema of its own to which something was done.
async fn store(sql: &str, first: &str) -> World {
    let (mut world, server) = (World::new(), server().unwrap());
    let schema = schema_on(server, "");
    let address = address_of(server, &schema);
    // The tables have to be there.
    drop(SqlStore::open(&address).await.unwrap());
    server.sql(&format!("SET search_path TO {schema}; {sql}")).unwrap();
    let clock = Arc::new(world.clock.clone());
    world.store = Arc::new(SqlStore::with_clock(&format!("{address}{first}"), clock).await.unwrap());
    world
}

/// Behind the address of a schema: what is in it goes before what the server has itself.
const BEFORE_THE_SERVERS_OWN: &str = "%2Cpg_catalog";

#[tokio::test]
async fn a_store_that_breaks_a_promise_is_told_by_it() {
    if !Home::Server.is_there() {
        return;
    }
    let queue = "what waits is in the queue until it is settled";
    let hint = "a hint is kept until it is followed";
    let flaws = [
        ("INSERT OR UPDATE ON sync_lease", "NEW.ends_at := 0; RETURN NEW;", "one has the lease"),
        (
            "UPDATE ON sync_lease",
            "NEW.fence := OLD.fence; RETURN NEW;",
            "a worker that was succeeded is refused",
        ),
        ("INSERT ON sync_shadow", "RETURN NULL;", "a page is kept"),
        ("INSERT OR UPDATE ON sync_seen", "RETURN NULL;", "what was met is remembered"),
        ("INSERT ON sync_pending", "RETURN NULL;", queue),
        ("DELETE ON sync_pending", "RETURN NULL;", queue),
        ("INSERT ON sync_hint", "RETURN NULL;", hint),
        ("DELETE ON sync_hint", "RETURN NULL;", hint),
        (
            "UPDATE ON sync_shadow",
            "NEW.absent_runs := 0; NEW.absent_since := NULL; RETURN NEW;",
            "absence is counted",
        ),
        ("DELETE ON sync_shadow", "RETURN NULL;", "what is removed is forgotten"),
    ];
    for (when, how, promise) in flaws {
        let world = store(&meddling(when, how), "").await;
        assert!(broken_promise(promise, &world).await.is_some(), "{when}: {how} breaks no `{promise}`");
    }
}

/// Between a look and what is written by it there is time enough for everybody: only the lock keeps them apart.
#[tokio::test]
async fn a_lock_that_locks_nobody_out_is_told() {
    if !Home::Server.is_there() {
        return;
    }
    let promise = "of many at once one gets it";
    let slow = meddling("INSERT ON sync_lease", "PERFORM pg_catalog.pg_sleep(0.3); RETURN NEW;");
    let no_lock = "CREATE FUNCTION pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS \
        $$ SELECT pg_catalog.pg_sleep(0) $$";
    let world = store(&format!("{slow}; {no_lock}"), BEFORE_THE_SERVERS_OWN).await;
    assert!(broken_promise(promise, &world).await.is_some(), "nobody misses the lock");
    let whole = store(&slow, BEFORE_THE_SERVERS_OWN).await;
    assert_eq!(broken_promise(promise, &whole).await, None);
}

/// Whether a machine whose clock is ten minutes ahead takes a lease that another has.
async fn takes_what_another_has(sql: &str) -> bool {
    let server = server().unwrap();
    let schema = schema_on(server, "");
    let address = address_of(server, &schema);
    drop(SqlStore::open(&address).await.unwrap());
    server.sql(&format!("SET search_path TO {schema}; {sql}")).unwrap();
    let machine = async |ahead: u32| {
        let address = format!("{address}{BEFORE_THE_SERVERS_OWN}%20-c%20machine.ahead%3D{ahead}min");
        SqlStore::open(&address).await.unwrap()
    };
    let (one, other) = (machine(0).await, machine(10).await);
    one.lease(&account("one"), TTL).await.unwrap().unwrap();
    other.lease(&account("one"), TTL).await.unwrap().is_some()
}

#[tokio::test]
async fn leases_by_the_machines_own_clocks_are_told() {
    if !Home::Server.is_there() {
        return;
    }
    let own = "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS \
        $$ SELECT pg_catalog.clock_timestamp() + CAST(current_setting('machine.ahead') AS interval) $$";
    assert!(takes_what_another_has(own).await, "nobody notices whose time it is");
    assert!(!takes_what_another_has("").await);
}

/// A target that compares first, and writes in a transaction of its own: what everybody would write who has not been caught.
#[derive(Debug)]
struct LooksBefore(TableTarget);

#[async_trait]
impl Target for LooksBefore {
    fn fields(&self, kind: EntityKind) -> Vec<TargetField> {
        self.0.fields(kind)
    }

    async fn apply(&self, batch: &ApplyBatch) -> Result<Vec<Applied>, TargetError> {
        let mut batch = batch.clone();
        for change in &mut batch.changes {
            let Some(local) = &change.local else { continue };
            let seen = self.0.get(change.remote.kind, std::slice::from_ref(local)).await?;
            if seen.first().map(|row| row.fingerprint) == change.expected {
                change.expected = None;
            }
        }
        self.0.apply(&batch).await
    }

    async fn find(
        &self,
        kind: EntityKind,
        criteria: &[Criterion],
        limit: usize,
    ) -> Result<Vec<LocalRecord>, TargetError> {
        self.0.find(kind, criteria, limit).await
    }

    async fn get(&self, kind: EntityKind, keys: &[LocalKey]) -> Result<Vec<LocalRecord>, TargetError> {
        self.0.get(kind, keys).await
    }

    async fn read(
        &self,
        kind: EntityKind,
        after: Option<&LocalCursor>,
        limit: usize,
    ) -> Result<LocalPage, TargetError> {
        self.0.read(kind, after, limit).await
    }
}

/// An edit of the application that is not yet stored.
#[derive(Debug, Clone)]
struct UnderWay {
    sql: String,
    made: Arc<Notify>,
    go: Arc<Notify>,
}

impl PgStep for UnderWay {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run(self, tx: &mut PgTx<'_>) -> provider_core::Result<()> {
        tx.statements(&self.sql).await?;
        self.made.notify_one();
        self.go.notified().await;
        Ok(())
    }
}

const PLAN: &str = r#"
version = 1
connection = "shop"
enabled = true
[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update", "remove"]
table = "accounts"
key = { remote = "id", local = "distributor_id" }
unmatched = "create"
removal = { how = "delete" }
fields = [{ remote = "name", local = "name" }]
"#;

/// A row is written while the application is about to store an edit of it: what is answered.
async fn meets_an_edit(name: &str, make: impl Fn(TableTarget) -> Arc<dyn Target> + Send + Sync) -> Applied {
    let place = Place::new(
        Home::Server,
        "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, distributor_id text UNIQUE, name text)",
    );
    let url = format!("{}&application_name={name}", place.url());
    let target = make(TableTarget::open(&url, &SyncPlan::from_toml(PLAN).unwrap()).await.unwrap());
    let change = |op, local: Option<&LocalRecord>, text: &str| ApplyChange {
        remote: RemoteRef::new(EntityKind::Customer, "c1"),
        local: local.map(|record| record.key.clone()),
        op,
        values: [("name".to_owned(), json!(text))].into(),
        expected: local.map(|record| record.fingerprint),
    };
    let batch = |change| ApplyBatch {
        connection: "shop".into(),
        fence: 1,
        deadline: DateTime::<Utc>::MAX_UTC,
        changes: vec![change],
    };
    target.apply(&batch(change(Update::Create, None, "theirs"))).await.unwrap();
    let record = target.read(EntityKind::Customer, None, 1).await.unwrap().records.pop().unwrap();

    let application = seam::visit(place.url().into(), Duration::from_secs(10)).await.unwrap();
    let (made, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let sql = "UPDATE accounts SET name = 'mine'".to_owned();
    let edit = UnderWay { sql, made: Arc::clone(&made), go: Arc::clone(&go) };
    let editing = tokio::spawn(async move { application.run(edit).await });
    made.notified().await;
    let late = batch(change(Update::Update, Some(&record), "theirs of later"));
    let writing = tokio::spawn(async move { target.apply(&late).await });
    let waits = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '{name}'"
    );
    while place.text(&waits) == "0" && !writing.is_finished() {
        tokio::task::yield_now().await;
    }
    go.notify_one();
    editing.await.unwrap().unwrap();
    writing.await.unwrap().unwrap().pop().unwrap()
}

#[tokio::test]
async fn a_comparison_outside_of_the_writing_is_told() {
    if !Home::Server.is_there() {
        return;
    }
    match meets_an_edit("holds_what_it_compares", |target| Arc::new(target)).await {
        Applied::Stale(Some(found)) => assert_eq!(found.values["name"], json!("mine")),
        other => panic!("an edit was written over: {other:?}"),
    }
    let broken = meets_an_edit("looks_before", |target| Arc::new(LooksBefore(target))).await;
    assert!(matches!(broken, Applied::Done { .. }), "nobody notices what is written over: {broken:?}");
}
