//! What a store on a server does otherwise than one in a file.

use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::Begin;
use provider_core::{AttachCustomer, Attempt, Delivery, ErrorKind, IdempotencyKey, Outcome, Receipt};
use provider_store::{Store, StoreErrorKind};

use crate::attempts::{
    HandClock, MINUTE, account, armed, chain, change, done, fresh, is_done, of_kind, start,
};
use crate::support::opening;

#[tokio::test]
async fn nothing_is_made_where_only_a_look_was_wanted() {
    ground!(place);
    let error = of_kind(place.opening().existing().await, StoreErrorKind::Absent);
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("no store in the database postgres"), "{error}");
    let tables = "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema()";
    assert!(place.client().await.query(tables, &[]).await.unwrap().is_empty());
    done(&place.store().await.journal(), &change("one", "S-1")).await;
    let store = place.opening().existing().await.unwrap();
    assert!(is_done(&store.journal(), &change("one", "S-1")).await);
}

#[tokio::test]
async fn many_that_open_a_new_store_at_once_share_one() {
    ground!(place);
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let address = place.address();
            tokio::spawn(async move { opening(&address).await.unwrap() })
        })
        .collect();
    let mut stores = Vec::new();
    for opened in opening {
        stores.push(opened.await.unwrap());
    }
    done(&stores[0].journal(), &change("one", "S-1")).await;
    assert!(is_done(&stores[7].journal(), &change("one", "S-1")).await);
}

#[tokio::test]
async fn a_newer_store_is_refused_at_once_and_while_it_is_open() {
    ground!(place);
    let store = place.store().await;
    fresh(&store.journal(), &change("one", "S-1")).await;
    place.sql("UPDATE provider_meta SET value = '9' WHERE name = 'schema'").await;
    let newer = StoreErrorKind::NewerSchema { found: 9, known: 1 };
    for refused in [
        store.journal().open_attempts(None).await.map(drop),
        store.journal().begin(&change("two", "S-2"), MINUTE).await.map(drop),
        place.opening().await.map(drop),
    ] {
        let error = of_kind(refused, newer);
        assert!(error.to_string().contains("schema 9") && error.to_string().contains("knows 1"), "{error}");
    }
    place.sql("UPDATE provider_meta SET value = '1' WHERE name = 'schema'").await;
    fresh(&store.journal(), &change("two", "S-2")).await;
}

/// A migration by another machine waits for the steps that are under way, and they do not begin while it goes on.
#[tokio::test]
async fn no_step_is_taken_while_somebody_migrates() {
    ground!(place);
    let store = place.opening().patience(Duration::from_millis(100)).await.unwrap();
    let other = place.client().await;
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended( \
        CAST(current_schema() AS TEXT) || 'provider_meta schema', 0))";
    other.batch_execute("BEGIN").await.unwrap();
    other.batch_execute(lock).await.unwrap();
    of_kind(store.journal().begin(&change("one", "S-1"), MINUTE).await, StoreErrorKind::Locked);
    other.batch_execute("UPDATE provider_meta SET value = '2' WHERE name = 'schema'; COMMIT").await.unwrap();
    let newer = StoreErrorKind::NewerSchema { found: 2, known: 1 };
    of_kind(store.journal().begin(&change("one", "S-1"), MINUTE).await, newer);
}

/// A role that has a schema of its own finds tables of `public` behind it, and one that has none finds them first.
#[tokio::test]
async fn whoever_finds_the_tables_by_another_path_waits_all_the_same() {
    ground!(place);
    let store = place.store().await;
    place.sql("CREATE SCHEMA before_the_tables").await;
    let address = place.address().replace("search_path%3D", "search_path%3Dbefore_the_tables%2C");
    let other = opening(&address).patience(Duration::from_millis(100)).await.unwrap();
    done(&store.journal(), &change("one", "S-1")).await;
    assert!(is_done(&other.journal(), &change("one", "S-1")).await, "it is one store");
    let client = place.client().await;
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended( \
        CAST(current_schema() AS TEXT) || 'provider_meta journal', 0))";
    client.batch_execute("BEGIN").await.unwrap();
    client.batch_execute(lock).await.unwrap();
    of_kind(other.journal().begin(&change("two", "S-2"), MINUTE).await, StoreErrorKind::Locked);
    client.batch_execute("COMMIT").await.unwrap();
    fresh(&other.journal(), &change("two", "S-2")).await;
}

#[tokio::test]
async fn any_text_can_be_stored_and_comes_back() {
    ground!(place);
    let store = place.store().await;
    let mut attempt = change("one", "S-1\0\u{10FFFD}\u{10FFFD}0");
    attempt.connection = "p\0ax8".to_owned();
    attempt.account = Some(account("client \0 'quoted' \\ \u{10FFFD}"));
    done(&store.journal(), &attempt).await;
    assert!(is_done(&store.journal(), &attempt).await);
    let entries = store.entries(&attempt.key).await.unwrap();
    assert_eq!(entries[0].attempt.account, attempt.account);
    let mut other = attempt.clone();
    other.account = Some(account("client 0 'quoted' \\ \u{10FFFD}"));
    let refused = store.journal().begin(&other, MINUTE).await.err().unwrap();
    assert_eq!(refused.kind(), ErrorKind::Refused, "{refused}");
}

/// Longer than what an index takes: what a record is told apart by is the distributor's to choose.
#[tokio::test]
async fn a_scope_can_be_of_any_length() {
    ground!(place);
    let journal = place.store().await.journal();
    let tenant = |last: char| {
        let long: String = (0..20_000_u32)
            .filter_map(|n| char::from_digit(n.wrapping_mul(2_654_435_761) >> 28, 36))
            .collect();
        let key = IdempotencyKey::derive("long", [last.to_string()]);
        Attempt::new("pax8", AttachCustomer::new(format!("{long}{last}")).into(), key, start())
            .with_account(account("client 1"))
    };
    fresh(&journal, &tenant('a')).await;
    fresh(&journal, &tenant('b')).await;
    let mut again = tenant('a');
    again.key = IdempotencyKey::derive("long", ["again"]);
    assert!(matches!(journal.begin(&again, MINUTE).await.unwrap(), Begin::Blocked(_)));
}

/// The machines' own clocks are off by hours, and nothing depends on them.
#[tokio::test]
async fn leases_end_by_the_databases_clock() {
    ground!(place);
    let journal = place.store().await.journal();
    // This attempt says that it was begun months ago, or months ahead.
    fresh(&journal, &change("one", "S-1")).await;
    let client = place.client().await;
    let left = "SELECT lease_ends - CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) FROM provider_journal";
    let left: i64 = client.query_one(left, &[]).await.unwrap().get(0);
    assert!((1..=60_000_000).contains(&left), "{left} us");
    let tokens = place.store().await.token_store();
    let lease = tokens.lease(&chain(), MINUTE).await.unwrap();
    assert!(lease.is_held());
    // Where a clock was given, that one counts.
    let clock: Arc<HandClock> = Arc::default();
    let by_hand = place.opening().clock(Arc::clone(&clock) as _).await.unwrap().journal();
    assert!(matches!(by_hand.begin(&change("one", "S-1"), MINUTE).await.unwrap(), Begin::Busy(_)));
    clock.turn(Duration::from_secs(100 * 365 * 86_400));
    assert!(matches!(by_hand.begin(&change("one", "S-1"), MINUTE).await.unwrap(), Begin::Fresh(_)));
}

/// Calls come from runtimes that end, from none at all, and are given up half way.
#[test]
fn a_store_outlives_the_runtime_that_opened_it() {
    ground!(place);
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime().block_on(async { place.store().await });
    for round in 0..3 {
        runtime().block_on(done(&store.journal(), &change(&format!("key {round}"), &format!("S-{round}"))));
    }
    let tokens = store.token_store();
    let lease = runtime().block_on(tokens.lease(&chain(), MINUTE)).unwrap();
    drop(lease);
    let given_up = runtime().block_on(async {
        let (journal, attempt) = (store.journal(), change("given up", "S-9"));
        let begun = journal.begin(&attempt, MINUTE);
        tokio::time::timeout(Duration::ZERO, begun).await.is_err()
    });
    assert!(given_up);
    let lease = runtime().block_on(tokens.lease(&chain(), MINUTE)).unwrap();
    assert!(lease.is_held());
    drop((lease, tokens, store));
}

/// What is answered is on the disk, whatever the server's setting is.
#[tokio::test]
async fn a_server_that_answers_too_early_is_told_to_wait() {
    ground!(place);
    let address = format!("{}%20-c%20synchronous_commit%3Doff", place.address());
    let store = opening(&address).await.unwrap();
    place
        .sql(
            "CREATE TABLE told (setting TEXT); \
             CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN INSERT INTO told VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$; \
             CREATE TRIGGER tell AFTER INSERT ON provider_journal FOR EACH ROW EXECUTE FUNCTION tell()",
        )
        .await;
    fresh(&store.journal(), &change("one", "S-1")).await;
    let told: String = place.client().await.query_one("SELECT setting FROM told", &[]).await.unwrap().get(0);
    assert_eq!(told, "on");
}

/// A restored database is noticed by what it no longer knows.
#[tokio::test]
async fn a_database_of_before_arms_nothing_that_it_does_not_know() {
    ground!(place);
    let store = place.store().await;
    let journal = store.journal();
    fresh(&journal, &change("before", "S-1")).await;
    place.sql("CREATE TABLE copy AS SELECT * FROM provider_journal").await;
    let fence = fresh(&journal, &change("after", "S-2")).await;
    place.sql("DELETE FROM provider_journal; INSERT INTO provider_journal SELECT * FROM copy").await;
    let refused = journal.arm(&change("after", "S-2"), fence, MINUTE).await.err().unwrap();
    assert_eq!(refused.delivery(), Delivery::NotSent, "{refused}");
    assert_eq!(store.entries(&change("after", "S-2").key).await.unwrap().len(), 0);
    assert!(matches!(journal.begin(&change("before", "S-1"), MINUTE).await.unwrap(), Begin::Busy(_)));
}

#[tokio::test]
async fn a_copy_is_the_servers_business() {
    ground!(place);
    let error = place.store().await.copy_to("/nowhere/copy").await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("pg_dump"), "{error}");
}

/// A journal of years is as fast as a new one.
#[tokio::test]
async fn no_step_of_an_attempt_reads_the_whole_journal() {
    ground!(place);
    let store = place.store().await;
    let mut book = provider_core::journal::JournalBook::default();
    for n in 0..3000 {
        let attempt = change(&format!("old {n}"), &format!("S-{n}"));
        book.begin(&attempt, start(), MINUTE).unwrap();
        book.finish(&attempt, &Receipt::new(Outcome::Applied), start());
    }
    store.import(book).await.unwrap();
    place.sql("ANALYZE provider_journal").await;
    armed(&store.journal(), &change("open", "S-1")).await;
    let client = place.client().await;
    client
        .batch_execute("SELECT pg_stat_reset_single_table_counters('provider_journal'::regclass)")
        .await
        .unwrap();
    let journal = store.journal();
    for n in 0..5 {
        done(&journal, &change(&format!("new {n}"), &format!("T-{n}"))).await;
        assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
    }
    // The counters come in a moment after the transactions.
    let scans = "SELECT seq_tup_read, COALESCE(idx_scan, 0) FROM pg_stat_user_tables \
        WHERE relid = 'provider_journal'::regclass";
    let mut found = (0, 0);
    for _ in 0..200 {
        client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
        let row = client.query_one(scans, &[]).await.unwrap();
        found = (row.get::<_, i64>(0), row.get::<_, i64>(1));
        if found.1 > 0 {
            break;
        }
        drop(Store::open(place.address()).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(found.1 > 0 && found.0 == 0, "rows read one after another, and looks into an index: {found:?}");
}
