//! A server that falls, is full, refuses, or ends a session: it is told, nothing is lost, and the next call goes on.

use std::time::Duration;

use provider_core::journal::Begin;
use provider_core::{Delivery, ErrorKind};
use provider_store::StoreErrorKind;
use provider_testkit::postgres::Server;
use tokio::sync::mpsc;

use crate::attempts::{MINUTE, armed, chain, change, done, fresh, is_done, of_kind};
use crate::support::{Place, connect, keep, opening};

/// A server that things are done to, for one test.
fn own(settings: &[(&str, &str)]) -> Option<Server> {
    Server::start(settings).unwrap()
}

#[tokio::test]
async fn a_server_that_falls_and_rises_has_what_was_answered() {
    let Some(mut server) = own(&[]) else { return };
    let place = Place::on(&server);
    let store = place.store().await;
    let journal = store.journal();
    done(&journal, &change("before", "S-1")).await;
    let open = armed(&journal, &change("open", "S-2")).await;
    server.fall().unwrap();
    for _ in 0..2 {
        let error = of_kind(journal.begin(&change("down", "S-3"), MINUTE).await, StoreErrorKind::Unreachable);
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unavailable, Delivery::NotSent));
        assert!(error.to_string().contains("PROVIDER_STORE"), "{error}");
    }
    of_kind(journal.open_attempts(None).await, StoreErrorKind::Unreachable);
    of_kind(place.opening().await, StoreErrorKind::Unreachable);
    // What was sent stays sent, whether or not it could be noted.
    let receipt = provider_core::Receipt::new(provider_core::Outcome::Applied);
    let error =
        of_kind(journal.finish(&change("open", "S-2"), open, &receipt).await, StoreErrorKind::Unreachable);
    assert_eq!(error.delivery(), Delivery::Unknown);
    server.rise().unwrap();
    assert!(is_done(&journal, &change("before", "S-1")).await);
    journal.finish(&change("open", "S-2"), open, &receipt).await.unwrap();
    assert!(is_done(&journal, &change("open", "S-2")).await);
    fresh(&journal, &change("down", "S-3")).await;
}

/// Orders go on while the server falls again and again. No lease ends before it is looked at.
#[tokio::test]
async fn what_was_answered_before_a_fall_is_there_after_it() {
    const DAY: Duration = Duration::from_secs(86_400);
    let Some(mut server) = own(&[]) else { return };
    let place = Place::on(&server);
    let store = place.store().await;
    let mut answered = Vec::new();
    for fall in 0..4 {
        let journal = store.journal();
        let (told, mut answers) = mpsc::unbounded_channel();
        let orders = tokio::spawn(async move {
            let mut answered = Vec::new();
            for n in 0.. {
                let attempt = change(&format!("{fall} {n}"), &format!("S-{fall}-{n}"));
                match journal.begin(&attempt, DAY).await {
                    Ok(Begin::Fresh(_)) => {
                        answered.push(attempt);
                        let _ = told.send(());
                    }
                    Ok(other) => panic!("{other:?}"),
                    Err(error) => {
                        assert_eq!(StoreErrorKind::of(&error), Some(StoreErrorKind::Unreachable), "{error}");
                        break;
                    }
                }
            }
            answered
        });
        // It falls among orders, however slowly they are answered.
        for _ in 0..25 {
            answers.recv().await.unwrap();
        }
        server.fall().unwrap();
        answered.extend(orders.await.unwrap());
        server.rise().unwrap();
    }
    assert!(answered.len() > 20, "only {} orders", answered.len());
    for attempt in answered {
        assert!(matches!(store.journal().begin(&attempt, DAY).await.unwrap(), Begin::Busy(_)), "{attempt:?}");
    }
}

#[tokio::test]
async fn a_server_without_a_free_connection_is_full_and_an_open_store_goes_on() {
    let Some(server) = own(&[("max_connections", "6"), ("superuser_reserved_connections", "0")]) else {
        return;
    };
    let place = Place::on(&server);
    let store = place.store().await;
    fresh(&store.journal(), &change("one", "S-1")).await;
    let mut others = Vec::new();
    while let Ok((client, connection)) =
        tokio_postgres::connect(&server.address("postgres"), tokio_postgres::NoTls).await
    {
        tokio::spawn(async move { drop(connection.await) });
        others.push(client);
    }
    let patience = Duration::from_millis(200);
    let error = of_kind(place.opening().patience(patience).await, StoreErrorKind::Full);
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("max_connections"), "{error}");
    // Sixteen at once share the connection that is there.
    let crowd = (0..16).map(|n| {
        let journal = store.journal();
        tokio::spawn(async move { fresh(&journal, &change(&format!("key {n}"), &format!("T-{n}"))).await })
    });
    for begun in crowd.collect::<Vec<_>>() {
        begun.await.unwrap();
    }
    drop(others);
    fresh(&place.store().await.journal(), &change("two", "S-2")).await;
}

#[tokio::test]
async fn a_store_that_may_only_be_read_is_still_read() {
    ground!(place);
    let journal = place.store().await.journal();
    armed(&journal, &change("one", "S-1")).await;
    let read_only = format!("{}%20-c%20default_transaction_read_only%3Don", place.address());
    let role = format!("reader_{}", std::process::id());
    let may_read = format!(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; \
         DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema()); \
         EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO {role}', current_schema()); END $$"
    );
    place.sql(&may_read).await;
    let no_right = place.address().replace("postgres@", &format!("{role}@"));
    for address in [read_only, no_right] {
        let store = opening(&address).await.unwrap();
        assert_eq!(store.journal().open_attempts(None).await.unwrap().len(), 1);
        let error =
            of_kind(store.journal().begin(&change("two", "S-2"), MINUTE).await, StoreErrorKind::ReadOnly);
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("PROVIDER_STORE"), "{error}");
        of_kind(store.token_store().lease(&chain(), MINUTE).await, StoreErrorKind::ReadOnly);
    }
    fresh(&journal, &change("two", "S-2")).await;
}

#[tokio::test]
async fn who_is_not_let_in_is_told_what_to_correct() {
    let Some(server) = own(&[]) else { return };
    let right = server.address_over_tcp("postgres");
    opening(&right).await.unwrap();
    let wrong = right.replace("postgres-password", "s3cret");
    let error = of_kind(opening(&wrong).await, StoreErrorKind::Denied);
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("password"), "{error}");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    let error = of_kind(opening(&server.address("nowhere")).await, StoreErrorKind::Absent);
    assert!(error.to_string().contains("createdb"), "{error}");
    let port = server.port();
    drop(server);
    let gone = of_kind(opening(&right).await, StoreErrorKind::Unreachable);
    assert!(!format!("{gone} {gone:?}").contains("postgres-password"), "{port}: {gone:?}");
}

/// A session that an operator ends, between two steps or within one, costs nothing.
#[tokio::test]
async fn a_session_that_is_ended_from_outside_is_not_noticed() {
    let Some(server) = own(&[]) else { return };
    let place = Place::on(&server);
    let store = place.store().await;
    let operator = connect(&server.address("postgres")).await;
    let end =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'provider-store'";
    for n in 0..20 {
        done(&store.journal(), &change(&format!("key {n}"), &format!("S-{n}"))).await;
        assert!(!operator.query(end, &[]).await.unwrap().is_empty());
        assert!(is_done(&store.journal(), &change(&format!("key {n}"), &format!("S-{n}"))).await);
    }
    // Within a step: it waits for a lock when its session ends, and again on the next one.
    let held = keep(&place.address()).await;
    let journal = store.journal();
    let begun = tokio::spawn(async move { fresh(&journal, &change("waiting", "S-99")).await });
    let waiting = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'provider-store' AND wait_event_type = 'Lock'";
    while operator.query(waiting, &[]).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    operator.query(end, &[]).await.unwrap();
    while operator.query(waiting, &[]).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(held);
    begun.await.unwrap();
    let entries = store.entries(&change("waiting", "S-99").key).await.unwrap();
    assert_eq!(entries.len(), 1);
}

#[tokio::test]
async fn tables_that_somebody_took_away_are_damage() {
    ground!(place);
    let store = place.store().await;
    place.sql("DROP TABLE provider_journal").await;
    let error = of_kind(store.journal().begin(&change("one", "S-1"), MINUTE).await, StoreErrorKind::Corrupt);
    assert!(error.to_string().contains("provider_journal"), "{error}");
    place.sql("DROP TABLE provider_meta").await;
    of_kind(store.journal().open_attempts(None).await, StoreErrorKind::Corrupt);
}
