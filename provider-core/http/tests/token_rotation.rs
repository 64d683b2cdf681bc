//! Single-use refresh tokens while all goes well: who renews, when, and what is stored; on paused time,
//! counting POSTs and replays.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap or index is a failed test")]

mod token_support;

use std::time::Duration;

use futures_util::future::join_all;
use provider_core::ErrorKind;
use provider_core::observe::EventKind;
use provider_http::{Authenticator as _, Deadline};
use serde_json::json;
use token_support::{Fate, HOUR, World, expire, failure, patient, token};
use tokio::time::{advance, sleep, timeout};

#[tokio::test(start_paused = true)]
async fn a_mark_is_stored_before_the_post_and_the_tokens_before_their_use() {
    let world = World::new();
    let manager = world.manager("R0");
    assert_eq!(token(&manager).await.unwrap(), "A1");
    assert_eq!(*world.log.lock().unwrap(), ["mark", "post", "save"]);
    assert_eq!(world.observer.seen(), [EventKind::token_renewed(2 * HOUR, true)]);
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
        world.observer.count(|what| matches!(what, EventKind::TokenFailed { reauth_required: false, .. }))
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
    assert_eq!(world.issuer.posts().len(), 1 + 32);
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
    assert_eq!(world.observer.seen()[0], EventKind::token_renewed(2 * HOUR, false));
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
    let told = world.observer.count(|what| *what == EventKind::token_expiring(6));
    assert_eq!(told, 1, "once a day");
    advance(24 * HOUR).await;
    // Another process that only looks at the store is told as well.
    world.manager("R0").status().await.unwrap();
    assert_eq!(world.observer.count(|what| *what == EventKind::token_expiring(5)), 1);
    assert_eq!(world.issuer.posts(), ["R0"]);
    assert_eq!(token(&manager).await.unwrap(), "A2");
    assert_eq!(manager.status().await.unwrap().refresh_days_left, Some(32));
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
