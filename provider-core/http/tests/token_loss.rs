//! Single-use refresh tokens when something fails: lost answers, refusals, stores that cannot write; on
//! paused time, counting POSTs and replays.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap or index is a failed test")]

mod token_support;

use std::sync::Arc;
use std::time::Duration;

use provider_core::ErrorKind;
use provider_core::observe::{Event, EventKind, Observer};
use provider_http::Authenticator as _;
use serde_json::json;
use token_support::{Fate, HOUR, World, WriteFate, expire, failure, patient, token};
use tokio::time::{advance, sleep, timeout};

#[tokio::test(start_paused = true)]
async fn a_request_that_never_left_is_simply_sent_later() {
    let world = World::new();
    world.issuer.next(vec![Fate::NotSent; 6]);
    let manager = world.manager("R0");
    for _ in 0..6 {
        let error = failure(&manager).await;
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.message().contains("STREAMONE_BASE_URL"), "{error}");
        assert_eq!(world.store.record().await["first_intent"], json!(null), "nothing is in doubt");
        advance(HOUR).await;
    }
    assert_eq!(token(&manager).await.unwrap(), "A1");
    assert_eq!(world.issuer.posts(), ["R0"]);
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_answer_the_token_is_sent_once_more_and_marked() {
    for fate in [Fate::LostBefore, Fate::Silent] {
        let world = World::new();
        let manager = world.manager("R0");
        token(&manager).await.unwrap();
        expire().await;
        world.issuer.next([fate.clone(), Fate::Slow(Duration::from_secs(1))]);
        let kind = failure(&manager).await.kind();
        assert!(matches!(kind, ErrorKind::Transport | ErrorKind::Timeout), "{fate:?}: {kind}");
        assert_eq!(world.store.record().await["intent"]["recovery_used"], json!(false));
        let again = world.manager("R0");
        let (token, ()) = tokio::join!(token(&again), async {
            sleep(Duration::from_millis(500)).await;
            assert_eq!(world.store.record().await["intent"]["recovery_used"], json!(true));
        });
        assert_eq!(token.unwrap(), "A2", "{fate:?}");
        assert_eq!(world.issuer.posts(), ["R0", "R1", "R1"]);
        assert_eq!(world.issuer.replays(), 0);
        assert_eq!(world.store.record().await["intent"], json!(null));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_rotation_costs_one_marked_repetition_and_then_needs_a_person() {
    for fate in [Fate::LostAfter, Fate::Torn] {
        let world = World::new();
        let manager = world.manager("R0");
        token(&manager).await.unwrap();
        expire().await;
        world.issuer.next([fate]);
        failure(&manager).await;
        for _ in 0..3 {
            let error = failure(&manager).await;
            assert_eq!(error.kind(), ErrorKind::ReauthRequired);
            assert!(error.message().contains("STREAMONE_REFRESH_TOKEN"), "{error}");
            assert!(error.message().contains("Settings, Users"), "{error}");
            advance(HOUR).await;
            assert_eq!(failure(&world.manager("R0")).await.kind(), ErrorKind::ReauthRequired);
        }
        assert_eq!(world.issuer.posts(), ["R0", "R1", "R1"]);
        assert_eq!(world.issuer.replays(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn two_lost_answers_are_never_followed_by_a_third_post() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    expire().await;
    world.issuer.next([Fate::LostBefore, Fate::LostBefore]);
    failure(&manager).await;
    for _ in 0..5 {
        assert_eq!(failure(&manager).await.kind(), ErrorKind::ReauthRequired);
        advance(HOUR).await;
        assert_eq!(failure(&world.manager("R0")).await.kind(), ErrorKind::ReauthRequired);
    }
    assert_eq!(world.issuer.posts(), ["R0", "R1", "R1"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_gets_fifteen_seconds() {
    let world = World::new();
    world.issuer.next([Fate::Silent]);
    let before = tokio::time::Instant::now();
    assert_eq!(failure(&world.manager("R0")).await.kind(), ErrorKind::Timeout);
    assert_eq!(before.elapsed(), Duration::from_secs(15));
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_down_costs_no_chain_however_long() {
    for (status, kind) in [
        (500, ErrorKind::Unavailable),
        (502, ErrorKind::Unavailable),
        (503, ErrorKind::Unavailable),
        (429, ErrorKind::RateLimited),
    ] {
        let world = World::new();
        let manager = world.manager("R0");
        token(&manager).await.unwrap();
        expire().await;
        world.issuer.next(vec![Fate::Status(status, "down"); 10]);
        for _ in 0..10 {
            assert_eq!(failure(&manager).await.kind(), kind, "{status}");
            advance(HOUR).await;
        }
        assert_eq!(token(&manager).await.unwrap(), "A2", "{status}");
        assert_eq!(world.issuer.replays(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_error_may_hide_a_rotation_and_then_one_repetition_tells() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    expire().await;
    world.issuer.next([Fate::ActsThen(502, "bad gateway")]);
    assert_eq!(failure(&manager).await.kind(), ErrorKind::Unavailable);
    assert_eq!(failure(&manager).await.kind(), ErrorKind::ReauthRequired);
    advance(HOUR).await;
    assert_eq!(failure(&manager).await.kind(), ErrorKind::ReauthRequired);
    assert_eq!(world.issuer.replays(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_token_endpoint_names_the_address() {
    for (status, body, kind) in [
        (302, "", ErrorKind::Config),
        (404, "{}", ErrorKind::Config),
        (200, "<html>sign in</html>", ErrorKind::Decode),
        (403, "blocked", ErrorKind::PermissionDenied),
    ] {
        let world = World::new();
        world.issuer.next([Fate::Status(status, body)]);
        let manager = world.manager("R0");
        let error = failure(&manager).await;
        assert_eq!(error.kind(), kind, "{status}");
        assert!(error.message().contains("STREAMONE_BASE_URL"), "{error}");
        advance(HOUR).await;
        assert_eq!(token(&manager).await.unwrap(), "A1", "{status}: the token is still good");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_chain_is_not_tried_again_until_a_new_token_is_configured() {
    let world = World::new();
    let (manager, other) = (world.manager("R0"), world.manager("R0"));
    token(&manager).await.unwrap();
    expire().await;
    world.issuer.revoke_all();
    for _ in 0..20 {
        assert_eq!(failure(&manager).await.kind(), ErrorKind::ReauthRequired);
        assert_eq!(failure(&other).await.kind(), ErrorKind::ReauthRequired);
        advance(Duration::from_secs(600)).await;
    }
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
    let told =
        world.observer.count(|what| matches!(what, EventKind::TokenFailed { reauth_required: true, .. }));
    assert_eq!(told, 2, "once for each process");
    assert_eq!(manager.status().await.unwrap().problem.unwrap().kind(), ErrorKind::ReauthRequired);
    world.issuer.grant("N0");
    assert_eq!(token(&world.manager("N0")).await.unwrap(), "A2");
    // Those that were latched see that the store has changed.
    advance(Duration::from_secs(2)).await;
    assert_eq!(token(&manager).await.unwrap(), "A2");
    assert_eq!(token(&other).await.unwrap(), "A2");
    assert!(manager.status().await.unwrap().problem.is_none());
    assert_eq!(world.issuer.posts(), ["R0", "R1", "N0"]);
}

#[tokio::test(start_paused = true)]
async fn a_dead_chain_stays_dead_while_new_credentials_are_tried() {
    let world = World::new();
    let old = world.manager("R0");
    token(&old).await.unwrap();
    expire().await;
    world.issuer.next([Fate::LostAfter]);
    failure(&old).await;
    assert_eq!(failure(&old).await.kind(), ErrorKind::ReauthRequired);
    // The first exchange of the new credentials is lost too.
    world.issuer.grant("N0");
    world.issuer.next([Fate::LostAfter]);
    failure(&world.manager("N0")).await;
    advance(HOUR).await;
    for first in ["R0", "N0", "R0", "N0"] {
        assert_eq!(failure(&world.manager(first)).await.kind(), ErrorKind::ReauthRequired);
    }
    assert_eq!(world.issuer.posts(), ["R0", "R1", "R1", "N0", "N0"]);
    world.issuer.grant("N1");
    assert_eq!(token(&world.manager("N1")).await.unwrap(), "A4");
    advance(HOUR).await;
    assert_eq!(token(&old).await.unwrap(), "A4");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_believed_where_the_store_holds_a_newer_token() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    expire().await;
    let theirs = {
        let mut record = world.store.record().await;
        record["refresh_token"] = json!("R7");
        record["access_token"] = json!("A7");
        record["access_expires_at"] = json!("2026-05-29T20:26:40.000Z");
        record
    };
    world.issuer.next([Fate::Slow(Duration::from_secs(3))]);
    world.issuer.revoke_all();
    let (token, ()) = tokio::join!(token(&manager), async {
        sleep(Duration::from_secs(1)).await;
        world.store.overwrite(&theirs).await;
    });
    assert_eq!(token.unwrap(), "A7");
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
}

#[tokio::test(start_paused = true)]
async fn an_unsaved_token_is_served_and_nothing_else_is_renewed_until_it_is_saved() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    expire().await;
    world.store.next_writes([WriteFate::Works]);
    world.issuer.next([Fate::Slow(Duration::from_secs(1))]);
    let (served, ()) = tokio::join!(token(&manager), async {
        sleep(Duration::from_millis(500)).await;
        world.store.set_broken(true);
    });
    assert_eq!(served.unwrap(), "A2");
    assert!(manager.status().await.unwrap().unsaved);
    let other = world.manager("R0");
    assert!(timeout(Duration::from_secs(30), token(&other)).await.is_err(), "the lease is kept");
    let blocked = manager.renew(patient()).await.unwrap_err();
    assert_eq!(blocked.kind(), ErrorKind::Unavailable);
    sleep(Duration::from_secs(300)).await;
    assert_eq!(token(&manager).await.unwrap(), "A2", "still served");
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
    let unsaved = world.observer.count(|what| matches!(what, EventKind::TokenUnsaved { .. }));
    assert!(unsaved > 10, "{unsaved}");
    assert!(manager.close().await.is_err(), "closing says that it is not saved");
    world.store.set_broken(false);
    manager.close().await.unwrap();
    assert_eq!(world.store.record().await["refresh_token"], json!("R2"));
    assert!(!manager.status().await.unwrap().unsaved);
    assert_eq!(token(&other).await.unwrap(), "A2");
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
    assert_eq!(manager.renew(patient()).await.map(|c| token_support::bearer(&c)).unwrap(), "A3");
}

#[tokio::test(start_paused = true)]
async fn an_unsaved_token_that_has_run_out_is_not_replaced() {
    let world = World::new();
    world.store.next_writes([WriteFate::Works]);
    let manager = world.manager("R0");
    world.issuer.next([Fate::Slow(Duration::from_secs(1))]);
    tokio::join!(async { token(&manager).await.unwrap() }, async {
        sleep(Duration::from_millis(500)).await;
        world.store.set_broken(true);
    });
    sleep(3 * HOUR).await;
    let error = failure(&manager).await;
    assert!(error.message().contains("not saved"), "{error}");
    assert_eq!(world.issuer.posts(), ["R0"]);
    world.store.set_broken(false);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(token(&manager).await.unwrap(), "A2");
}

#[tokio::test(start_paused = true)]
async fn a_write_that_failed_only_by_its_report_is_found_to_be_there() {
    let world = World::new();
    world.store.next_writes([WriteFate::Works, WriteFate::WorksButReportsFailure]);
    let manager = world.manager("R0");
    assert_eq!(token(&manager).await.unwrap(), "A1");
    manager.close().await.unwrap();
    assert_eq!(world.store.record().await["refresh_token"], json!("R1"));
    assert_eq!(*world.log.lock().unwrap(), ["mark", "post", "save", "save"]);
    expire().await;
    assert_eq!(token(&manager).await.unwrap(), "A2");
}

#[tokio::test(start_paused = true)]
async fn without_a_stored_mark_nothing_is_sent() {
    let world = World::new();
    world.store.set_broken(true);
    let manager = world.manager("R0");
    let error = failure(&manager).await;
    assert!(error.message().contains("disk full"), "{error}");
    assert!(world.issuer.posts().is_empty());
    world.store.set_broken(false);
    assert_eq!(token(&manager).await.unwrap(), "A1");
}

#[tokio::test(start_paused = true)]
async fn a_record_that_was_written_in_between_is_replaced_only_where_it_is_older() {
    for (refresh, served) in [("R0", "A1"), ("R7", "A7")] {
        let world = World::new();
        let manager = world.manager("R0");
        world.issuer.next([Fate::Slow(Duration::from_secs(2))]);
        let (token, ()) = tokio::join!(token(&manager), async {
            sleep(Duration::from_secs(1)).await;
            let mut record = world.store.record().await;
            record["refresh_token"] = json!(refresh);
            if refresh == "R7" {
                record["first_intent"] = json!(null);
                record["access_token"] = json!("A7");
                record["access_issued_at"] = json!("2026-05-28T20:26:40.000Z");
                record["access_expires_at"] = json!("2026-05-28T22:26:40.000Z");
            }
            world.store.overwrite(&record).await;
        });
        assert_eq!(token.unwrap(), served);
        let kept = if refresh == "R0" { "R1" } else { "R7" };
        assert_eq!(world.store.record().await["refresh_token"], json!(kept));
    }
}

#[tokio::test(start_paused = true)]
async fn a_damaged_or_later_record_is_an_error_and_stays() {
    for record in [json!({"schema": 2}), json!({"schema": "x"}), json!([])] {
        let world = World::new();
        world.store.overwrite(&record).await;
        let error = failure(&world.manager("R0")).await;
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(world.store.record().await, record);
        assert!(world.issuer.posts().is_empty());
    }
}

#[test]
fn a_renewal_that_dies_with_its_runtime_is_recovered_by_its_mark() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = World::new();
    world.issuer.next([Fate::Silent]);
    let manager = world.manager("R0");
    let first = runtime();
    first.block_on(async {
        let sent = async {
            while world.issuer.posts().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            served = token(&manager) => unreachable!("{served:?}"),
            () = sent => {}
        }
    });
    drop(first);
    assert_eq!(runtime().block_on(token(&manager)).unwrap(), "A1");
    assert_eq!(world.issuer.posts(), ["R0", "R0"]);
}

#[tokio::test(start_paused = true)]
async fn an_endless_answer_is_cut_off_and_counts_as_lost() {
    let world = World::new();
    world.issuer.next([Fate::Endless]);
    let manager = world.manager("R0");
    let error = failure(&manager).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(world.store.record().await["first_intent"]["recovery_used"], json!(false));
    assert_eq!(token(&manager).await.unwrap(), "A1");
    assert_eq!(world.issuer.posts(), ["R0", "R0"]);
}

#[derive(Debug)]
struct Broken;

impl Observer for Broken {
    fn event(&self, _: &Event) {
        std::panic::resume_unwind(Box::new("broken"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_costs_no_rotated_token() {
    let world = World::new();
    world.store.next_writes([WriteFate::Works, WriteFate::Fails]);
    let manager = world.builder(Some("R0")).observer(Arc::new(Broken)).build().unwrap();
    assert_eq!(token(&manager).await.unwrap(), "A1");
    manager.close().await.unwrap();
    assert_eq!(world.store.record().await["refresh_token"], json!("R1"));
    assert_eq!(world.issuer.posts(), ["R0"]);
}
