//! Single-use refresh tokens: every branch of the protocol, on paused time, counting POSTs and replays.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod token_support;

use std::time::Duration;

use futures_util::future::join_all;
use provider_core::{ErrorKind, What};
use provider_http::{Authenticator as _, Deadline};
use serde_json::json;
use token_support::{Fate, World, WriteFate, failure, patient, token};
use tokio::time::{advance, sleep, timeout};

const HOUR: Duration = Duration::from_secs(3600);

/// Past the end of an access token and of every pause that the manager keeps.
async fn expire() {
    advance(2 * HOUR + Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_mark_is_stored_before_the_post_and_the_tokens_before_their_use() {
    let world = World::new();
    let manager = world.manager("R0");
    assert_eq!(token(&manager).await.unwrap(), "A1");
    assert_eq!(*world.log.lock().unwrap(), ["mark", "post", "save"]);
    assert_eq!(world.observer.seen(), [What::token_renewed(2 * HOUR, true)]);
}

#[tokio::test(start_paused = true)]
async fn the_stored_record_is_stable() {
    let world = World::new();
    world.issuer.next([Fate::LostBefore]);
    let manager = world.manager("R0");
    failure(&manager).await;
    let hash = "4439e44862b85cc6d4c7f522808581e5b4489ec37c5b7b0ef2f7f0efa1333196";
    let marked = world.store.record().await;
    assert_eq!(
        marked,
        json!({
            "schema": 1,
            "chain": null,
            "refresh_token": null,
            "refresh_expires_at": null,
            "access_token": null,
            "access_issued_at": null,
            "access_expires_at": null,
            "intent": null,
            "first_intent": {
                "token_sha256": hash,
                "at": "2026-05-28T20:26:40.000Z",
                "recovery_used": false,
                "refused": false
            },
            "first_tokens": []
        })
    );
    advance(Duration::from_secs(20)).await;
    assert_eq!(token(&manager).await.unwrap(), "A1");
    assert_eq!(
        world.store.record().await,
        json!({
            "schema": 1,
            "chain": &hash[..16],
            "refresh_token": "R1",
            "refresh_expires_at": "2026-06-29T20:27:00.000Z",
            "access_token": "A1",
            "access_issued_at": "2026-05-28T20:27:00.000Z",
            "access_expires_at": "2026-05-28T22:27:00.000Z",
            "intent": null,
            "first_intent": null,
            "first_tokens": [hash]
        })
    );
}

#[tokio::test(start_paused = true)]
async fn however_many_ask_at_once_one_post_is_made() {
    let world = World::new();
    world.issuer.next([Fate::Slow(Duration::from_secs(2))]);
    let manager = world.manager("R0");
    let tokens = join_all((0..50).map(|_| token(&manager))).await;
    assert!(tokens.iter().all(|token| token.as_ref().unwrap() == "A1"));
    for _ in 0..1000 {
        assert_eq!(token(&manager).await.unwrap(), "A1");
    }
    assert_eq!(world.issuer.posts(), ["R0"]);
}

#[tokio::test(start_paused = true)]
async fn several_managers_of_one_account_make_one_post_between_them() {
    let world = World::new();
    world.issuer.next([Fate::Slow(Duration::from_secs(2))]);
    let managers: Vec<_> = (0..8).map(|_| world.manager("R0")).collect();
    let tokens = join_all(managers.iter().map(token)).await;
    assert!(tokens.iter().all(|token| token.as_ref().unwrap() == "A1"), "{tokens:?}");
    assert_eq!(world.issuer.posts(), ["R0"]);
    expire().await;
    let tokens = join_all(managers.iter().map(token)).await;
    assert!(tokens.iter().all(|token| token.as_ref().unwrap() == "A2"), "{tokens:?}");
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_does_not_take_the_answer_with_it() {
    let world = World::new();
    world.issuer.next([Fate::Slow(Duration::from_secs(10))]);
    let manager = world.manager("R0");
    assert!(timeout(Duration::from_secs(1), token(&manager)).await.is_err());
    let error = manager.credential(Deadline::after(Duration::from_secs(1))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(token(&manager).await.unwrap(), "A1");
    assert_eq!(world.issuer.posts(), ["R0"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_its_end_while_the_old_one_is_served() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    advance(2 * HOUR - Duration::from_secs(301)).await;
    assert_eq!(token(&manager).await.unwrap(), "A1");
    assert_eq!(world.issuer.posts().len(), 1, "too early");
    advance(Duration::from_secs(70)).await;
    world.issuer.next([Fate::Slow(Duration::from_secs(5))]);
    for _ in 0..10 {
        let now = timeout(Duration::from_millis(1), token(&manager)).await;
        assert_eq!(now.unwrap().unwrap(), "A1", "nobody waits for the renewal");
    }
    sleep(Duration::from_secs(6)).await;
    assert_eq!(token(&manager).await.unwrap(), "A2");
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
}

#[tokio::test(start_paused = true)]
async fn a_valid_token_survives_a_failed_renewal() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    advance(2 * HOUR - Duration::from_secs(200)).await;
    world.issuer.next(vec![Fate::Status(503, ""); 100]);
    for _ in 0..190 {
        assert_eq!(token(&manager).await.unwrap(), "A1");
        sleep(Duration::from_secs(1)).await;
    }
    let posts = world.issuer.posts().len() - 1;
    assert!((4..20).contains(&posts), "attempts thin out: {posts}");
    assert!(
        world.observer.count(|what| matches!(what, What::TokenFailed { reauth_required: false, .. }))
            == posts
    );
    sleep(Duration::from_secs(20)).await;
    assert_eq!(failure(&manager).await.kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn what_another_process_renewed_is_taken_up_without_a_post() {
    let world = World::new();
    let (one, two) = (world.manager("R0"), world.manager("R0"));
    let first = one.credential(patient()).await.unwrap();
    assert_eq!(token(&two).await.unwrap(), "A1");
    assert_eq!(two.renew(patient()).await.map(|c| token_support::bearer(&c)).unwrap(), "A2");
    one.invalidate(first.version());
    assert_eq!(token(&one).await.unwrap(), "A2");
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
}

#[tokio::test(start_paused = true)]
async fn a_401_renews_once_and_a_late_one_for_a_replaced_token_is_ignored() {
    let world = World::new();
    let manager = world.manager("R0");
    let first = manager.credential(patient()).await.unwrap();
    manager.invalidate(first.version());
    let second = manager.credential(patient()).await.unwrap();
    for _ in 0..5 {
        manager.invalidate(first.version());
        assert_eq!(manager.credential(patient()).await.unwrap().version(), second.version());
    }
    assert_eq!(world.issuer.posts(), ["R0", "R1"]);
}

#[tokio::test(start_paused = true)]
async fn an_api_that_refuses_every_token_does_not_use_up_the_chain() {
    let world = World::new();
    let manager = world.manager("R0");
    for _ in 0..100 {
        let credential = manager.credential(patient()).await.unwrap();
        manager.invalidate(credential.version());
    }
    assert_eq!(world.issuer.posts().len(), 1 + 8);
}

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
    let told = world.observer.count(|what| matches!(what, What::TokenFailed { reauth_required: true, .. }));
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
async fn a_configured_token_is_exchanged_once_in_its_life() {
    let world = World::new();
    token(&world.manager("R0")).await.unwrap();
    expire().await;
    // The setting still holds the first token after every restart.
    assert_eq!(token(&world.manager("R0")).await.unwrap(), "A2");
    expire().await;
    assert_eq!(token(&world.builder(None).build().unwrap()).await.unwrap(), "A3");
    world.issuer.grant("N0");
    assert_eq!(token(&world.manager("N0")).await.unwrap(), "A4", "a new one begins a chain at once");
    assert_eq!(token(&world.manager("R0")).await.unwrap(), "A4", "an old one does not");
    assert_eq!(world.issuer.posts(), ["R0", "R1", "R2", "N0"]);
    assert_eq!(world.store.record().await["first_tokens"].as_array().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_new_token_is_named_and_does_not_cost_the_old_chain() {
    let world = World::new();
    token(&world.manager("R0")).await.unwrap();
    let wrong = world.manager("EXPIRED");
    for _ in 0..3 {
        let error = failure(&wrong).await;
        assert_eq!(error.kind(), ErrorKind::ReauthRequired);
        assert_eq!(error.http_status(), Some(400));
        assert!(error.message().contains("refused STREAMONE_REFRESH_TOKEN"), "{error}");
        assert!(!format!("{error:?}").contains("EXPIRED"));
        advance(Duration::from_secs(60)).await;
    }
    assert_eq!(failure(&world.manager("EXPIRED")).await.kind(), ErrorKind::ReauthRequired);
    assert_eq!(world.issuer.posts(), ["R0", "EXPIRED"]);
    assert_eq!(token(&world.manager("R0")).await.unwrap(), "A1");
    expire().await;
    assert_eq!(token(&world.manager("R0")).await.unwrap(), "A2");
    // It is still named after the old chain went on, and still not sent again.
    assert_eq!(failure(&world.manager("EXPIRED")).await.kind(), ErrorKind::ReauthRequired);
    assert_eq!(world.issuer.posts(), ["R0", "EXPIRED", "R1"]);
    // Given up for another one, it is no more than a token that was sent once.
    world.issuer.grant("N0");
    assert_eq!(token(&world.manager("N0")).await.unwrap(), "A3");
    assert_eq!(token(&world.manager("EXPIRED")).await.unwrap(), "A3");
    assert_eq!(world.issuer.posts(), ["R0", "EXPIRED", "R1", "N0"]);
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
async fn nothing_configured_and_nothing_stored_names_the_setting() {
    let world = World::new();
    for first in [None, Some(""), Some(" \n")] {
        let error = failure(&world.builder(first).build().unwrap()).await;
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains("STREAMONE_REFRESH_TOKEN is not set"), "{error}");
    }
    assert!(world.issuer.posts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_refresh_token_leaves_the_old_one_in_force() {
    let world = World::new();
    let manager = world.manager("R0");
    world.issuer.next([Fate::WithoutRefreshToken, Fate::WithoutRefreshToken]);
    assert_eq!(token(&manager).await.unwrap(), "A1");
    expire().await;
    assert_eq!(token(&manager).await.unwrap(), "A2");
    expire().await;
    assert_eq!(token(&manager).await.unwrap(), "A3");
    assert_eq!(world.issuer.posts(), ["R0", "R0", "R0"]);
    assert_eq!(world.issuer.replays(), 0);
    assert_eq!(world.observer.seen()[0], What::token_renewed(2 * HOUR, false));
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
    let unsaved = world.observer.count(|what| matches!(what, What::TokenUnsaved { .. }));
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

#[tokio::test(start_paused = true)]
async fn the_host_is_told_when_a_refresh_token_runs_out_soon() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    let status = manager.status().await.unwrap();
    assert_eq!(status.refresh_days_left, Some(32));
    assert!(status.valid_until.is_some() && !status.unsaved && status.problem.is_none());
    advance(26 * 24 * HOUR).await;
    for _ in 0..3 {
        let status = manager.status().await.unwrap();
        assert_eq!((status.refresh_days_left, status.valid_until), (Some(6), None));
    }
    let told = world.observer.count(|what| *what == What::token_expiring(6));
    assert_eq!(told, 1, "once a day");
    advance(24 * HOUR).await;
    // Another process that only looks at the store is told as well.
    world.manager("R0").status().await.unwrap();
    assert_eq!(world.observer.count(|what| *what == What::token_expiring(5)), 1);
    assert_eq!(world.issuer.posts(), ["R0"]);
    assert_eq!(token(&manager).await.unwrap(), "A2");
    assert_eq!(manager.status().await.unwrap().refresh_days_left, Some(32));
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
async fn nothing_secret_is_in_debug() {
    let world = World::new();
    let manager = world.manager("R0");
    token(&manager).await.unwrap();
    let credential = manager.credential(patient()).await.unwrap();
    let shown =
        format!("{:?} {manager:?} {credential:?} {:?}", world.builder(Some("R0")), manager.status().await);
    for secret in ["R0", "R1", "A1"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
