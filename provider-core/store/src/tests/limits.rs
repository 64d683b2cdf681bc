//! A full disk and a damaged row.

use std::sync::Arc;
use std::time::Duration;

use provider_core::attempt::Baseline;
use provider_core::clock::Clock;
use provider_core::journal::Begin;
use provider_core::token::TokenKey;
use provider_core::{Attempt, ChangeQuantity, Delivery, ErrorKind, IdempotencyKey, Result};
use secrecy::{ExposeSecret, SecretString};

use super::{HandClock, entries, opened};
use crate::database::Database;
use crate::tx::{Access, Step, Tx};
use crate::{Store, StoreErrorKind};

const MINUTE: Duration = Duration::from_secs(60);

fn attempt(name: &str) -> Attempt {
    let change = ChangeQuantity::new(format!("S-{name}"), 7);
    Attempt::new("pax8", change.into(), IdempotencyKey::derive("limits", [name]), HandClock::default().now())
}

async fn pragma(store: &Store, pragma: &'static str) {
    match store.database() {
        Database::Lite(worker) => worker.pragma(pragma).await.unwrap(),
        #[cfg(feature = "postgres")]
        Database::Pg(_) => panic!("there are no pragmas on a server"),
    }
}

fn of_kind<T>(answer: Result<T>, kind: StoreErrorKind) -> provider_core::Error {
    let error = answer.err().unwrap();
    assert_eq!(StoreErrorKind::of(&error), Some(kind), "{error}");
    error
}

#[tokio::test]
async fn a_full_disk_keeps_what_is_there_and_takes_up_again_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock::default());
    let store = opened(&folder.path().join("store.db"), &clock).await.unwrap();
    let (journal, tokens) = (store.journal(), store.token_store());
    let chain = TokenKey::new("streamone", "10042");
    assert!(tokens.compare_and_swap(&chain, None, SecretString::from("REFRESH-0001")).await.unwrap());
    let Begin::Fresh(fence) = journal.begin(&attempt("first"), MINUTE).await.unwrap() else { panic!() };
    let before = entries(&store).await;
    pragma(&store, "max_page_count = 1").await;

    let large = serde_json::json!({ "customers": "x".repeat(100_000) });
    let sent = attempt("first").with_baseline(Some(Baseline::new(clock.now(), large)));
    let error = of_kind(journal.arm(&sent, fence, MINUTE).await, StoreErrorKind::Full);
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unavailable, Delivery::NotSent));
    assert!(error.to_string().contains("store.db"), "{error}");
    let large = SecretString::from("x".repeat(100_000));
    of_kind(tokens.compare_and_swap(&chain, Some(1), large.clone()).await, StoreErrorKind::Full);
    assert_eq!(entries(&store).await, before, "nothing was half-written");
    assert_eq!(tokens.load(&chain).await.unwrap().unwrap().value.expose_secret(), "REFRESH-0001");

    pragma(&store, "max_page_count = 100000").await;
    journal.arm(&sent, fence, MINUTE).await.unwrap();
    assert!(tokens.compare_and_swap(&chain, Some(1), large).await.unwrap());
}

#[tokio::test]
async fn a_store_that_turns_read_only_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder.path().join("store.db"), &Arc::default()).await.unwrap();
    let journal = store.journal();
    let Begin::Fresh(fence) = journal.begin(&attempt("first"), MINUTE).await.unwrap() else { panic!() };
    journal.arm(&attempt("first"), fence, MINUTE).await.unwrap();
    pragma(&store, "query_only = ON").await;
    let error = of_kind(journal.begin(&attempt("second"), MINUTE).await, StoreErrorKind::ReadOnly);
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
}

#[derive(Clone)]
struct Run(&'static str);

impl Step for Run {
    type Answer = ();
    const ACCESS: Access = Access::Write;
    const OUTLIVES_ITS_CALLER: bool = true;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<()> {
        tx.batch(self.0).await
    }
}

#[tokio::test]
async fn a_damaged_row_is_an_error_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder.path().join("store.db"), &Arc::default()).await.unwrap();
    let journal = store.journal();
    let Begin::Fresh(_) = journal.begin(&attempt("first"), MINUTE).await.unwrap() else { panic!() };
    for damage in ["'{'", "'{}'", "''"] {
        let sql = format!("UPDATE provider_journal SET entry = {damage}, open = 1");
        store.database().run(Run(sql.leak())).await.unwrap();
        of_kind(journal.begin(&attempt("first"), MINUTE).await, StoreErrorKind::Corrupt);
        of_kind(journal.open_attempts(None).await, StoreErrorKind::Corrupt);
        assert!(matches!(journal.begin(&attempt(damage), MINUTE).await.unwrap(), Begin::Fresh(_)));
    }
    store.database().run(Run("UPDATE provider_meta SET value = 'x'")).await.unwrap();
    of_kind(journal.begin(&attempt("second"), MINUTE).await, StoreErrorKind::Corrupt);
}

#[tokio::test]
async fn a_step_that_fails_half_way_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder.path().join("store.db"), &Arc::default()).await.unwrap();
    let half = "INSERT INTO provider_meta VALUES ('half', '1'); INSERT INTO nowhere VALUES (1)";
    assert!(store.database().run(Run(half)).await.is_err());
    store.database().run(Run("INSERT INTO provider_meta VALUES ('half', '1')")).await.unwrap();
}
