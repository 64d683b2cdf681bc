//! The token endpoints.

use std::time::Duration;

use provider_simulator::streamone::{ExchangeOutcome, sha256_hex};
use provider_simulator::{FaultAction, FaultRule};
use serde_json::{Value, json};

use crate::client::{World, exchange, post_form, send};

const NIL: &str = r#"{"error":"cannot validate token: redis: nil"}"#;

#[tokio::test]
async fn an_exchange_spends_the_token_and_answers_a_pair() {
    let world = World::start().await;
    let answer = exchange(&world.ion, &world.refresh).await.json(200);
    assert_eq!(answer["expires_in"], 7_200);
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["access_token"].as_str().unwrap().len(), 48);
    let next = answer["refresh_token"].as_str().unwrap();
    assert!(world.ion.is_current(next));
    assert!(!world.ion.is_current(&world.refresh));
    assert_eq!(answer.as_object().unwrap().len(), 4);
    assert_eq!((world.ion.rotations(), world.ion.replays()), (2, 0));
}

/// A client that keeps tokens in files finds those of the simulator that had the address before: they must not pass for
/// successors of what the new one gave out.
#[tokio::test]
async fn no_two_simulators_give_out_the_same_tokens() {
    let (one, other) = (World::start().await, World::start().await);
    assert_eq!(one.ion.account_id(), other.ion.account_id());
    assert_ne!(one.refresh, other.refresh);
    let (of_one, of_other) = (one.ion.issue_credentials(), other.ion.issue_credentials());
    assert_ne!(of_one.0, of_other.0);
    assert_ne!(of_one.1, of_other.1);
}

#[tokio::test]
async fn a_second_use_answers_400_and_counts_as_a_replay() {
    let world = World::start().await;
    exchange(&world.ion, &world.refresh).await.json(200);
    let again = exchange(&world.ion, &world.refresh).await;
    assert_eq!((again.status, again.body.as_str()), (400, NIL));
    let unknown = exchange(&world.ion, "never-issued").await;
    assert_eq!((unknown.status, unknown.body.as_str()), (400, NIL));
    assert_eq!((world.ion.rotations(), world.ion.replays()), (2, 1));
    let history = world.ion.exchanges();
    let last = &history[history.len() - 2];
    assert_eq!(last.outcome, ExchangeOutcome::Replayed);
    assert_eq!(last.presented_sha256, sha256_hex(&world.refresh));
    assert_eq!(last.issued_sha256, None);
    assert_eq!(history.last().unwrap().outcome, ExchangeOutcome::Unknown);
    assert!(world.ion.refused().is_empty(), "a replay is data, not a breach of the reference");
}

#[tokio::test]
async fn of_concurrent_exchanges_one_wins() {
    let world = World::start().await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (ion, token) = (world.ion.clone(), world.refresh.clone());
        tasks.spawn(async move { exchange(&ion, &token).await.status });
    }
    let mut statuses = tasks.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 400, 400, 400, 400, 400]);
    assert_eq!((world.ion.rotations(), world.ion.replays()), (2, 7));
}

#[tokio::test]
async fn a_lost_answer_still_spends_the_token() {
    let world = World::start().await;
    let cut = FaultRule::new("POST", "/oauth/token", FaultAction::EmptyBody).once();
    world.ion.faults().add(cut);
    assert_eq!(exchange(&world.ion, &world.refresh).await.body, "");
    assert!(!world.ion.is_current(&world.refresh));
    let lost = world.ion.exchanges().pop().unwrap();
    assert_eq!(lost.outcome, ExchangeOutcome::Rotated);
    assert!(lost.issued_sha256.is_some(), "somebody would have to hold this one");
    assert_eq!(exchange(&world.ion, &world.refresh).await.status, 400);
    assert_eq!(world.ion.replays(), 1);
    let recorded = world.ion.requests();
    assert!(recorded.iter().all(|request| !request.body.contains(&world.refresh)));
}

#[tokio::test]
async fn reuse_ends_the_family_only_when_asked_to() {
    let world = World::start().await;
    let next = exchange(&world.ion, &world.refresh).await.json(200);
    let next = next["refresh_token"].as_str().unwrap();
    exchange(&world.ion, &world.refresh).await;
    assert!(world.ion.is_current(next));
    world.ion.set_reuse_revokes_family(true);
    exchange(&world.ion, &world.refresh).await;
    assert!(!world.ion.is_current(next));
    assert_eq!(world.get("/accounts/{a}/customers?pageSize=1").await.status, 401);
    let other = world.ion.issue_refresh_token();
    assert_eq!(exchange(&world.ion, &other).await.status, 200);
}

#[tokio::test]
async fn tokens_expire_on_the_simulated_clock() {
    let world = World::start().await;
    let form = format!("access_token={}", world.bearer);
    let left = post_form(&world.ion, "/oauth/validateAccess", &form).await.json(200);
    assert_eq!(left, json!({"access_expires_in": 7_200, "refresh_expires_in": 2_764_800}));
    world.sim.clock().advance(Duration::from_secs(527));
    let left = post_form(&world.ion, "/oauth/validateAccess", &form).await.json(200);
    assert_eq!(left, json!({"access_expires_in": 6_673, "refresh_expires_in": 2_764_273}));
    assert_eq!(world.get("/accounts/{a}/customers?pageSize=1").await.status, 200);
    world.sim.clock().advance(Duration::from_secs(7_200));
    assert_eq!(post_form(&world.ion, "/oauth/validateAccess", &form).await.body, NIL);
    assert_eq!(world.get("/accounts/{a}/customers?pageSize=1").await.status, 401);
    assert!(world.ion.is_current(&world.refresh));
    world.sim.clock().advance(Duration::from_secs(32 * 86_400));
    assert_eq!(exchange(&world.ion, &world.refresh).await.body, NIL);
}

#[tokio::test]
async fn validation_spends_nothing_and_expiry_can_be_forced() {
    let world = World::start().await;
    let form = format!("access_token={}", world.bearer);
    for _ in 0..3 {
        assert_eq!(post_form(&world.ion, "/oauth/validateAccess", &form).await.status, 200);
    }
    assert!(world.ion.is_current(&world.refresh));
    world.ion.expire_access_tokens();
    assert_eq!(post_form(&world.ion, "/oauth/validateAccess", &form).await.status, 400);
    assert!(world.ion.is_current(&world.refresh));
}

#[tokio::test]
async fn portal_credentials_hold_a_live_access_token() {
    let world = World::start().await;
    let (access, refresh) = world.ion.issue_credentials();
    let form = format!("access_token={access}");
    assert_eq!(post_form(&world.ion, "/oauth/validateAccess", &form).await.status, 200);
    world.ion.set_reissue_ends_chains(true);
    let newest = world.ion.issue_refresh_token();
    assert!(!world.ion.is_current(&refresh));
    assert!(world.ion.is_current(&newest));
}

#[tokio::test]
async fn anything_but_the_documented_form_is_refused() {
    let world = World::start().await;
    let good = format!("grant_type=refresh_token&refresh_token={}", world.refresh);
    for (form, name) in [
        ("refresh_token=x".to_owned(), "grant_type"),
        ("grant_type=password&refresh_token=x".to_owned(), "grant_type"),
        ("grant_type=refresh_token".to_owned(), "refresh_token"),
        (format!("{good}&redirect_uri=http%3A%2F%2Flocalhost"), "redirect_uri"),
    ] {
        let answer = post_form(&world.ion, "/oauth/token", &form).await.json(400);
        let members: Vec<&String> = answer.as_object().unwrap().keys().collect();
        assert_eq!(members, ["error"]);
        assert_eq!(world.refused()[0].0, name);
    }
    let form_type = ("Content-Type", "application/x-www-form-urlencoded");
    let with_header = [form_type, ("Authorization", "Basic eDp5")];
    let base = world.ion.base_url();
    assert_eq!(send(base, "POST", "/oauth/token", &with_header, &good).await.status, 400);
    assert_eq!(world.refused()[0].0, "authorization");
    let as_json = [("Content-Type", "application/json")];
    assert_eq!(send(base, "POST", "/oauth/token", &as_json, "{}").await.status, 400);
    assert_eq!(world.refused()[0].0, "content-type");
    assert_eq!(send(base, "GET", "/oauth/token", &[], "").await.status, 404);
    assert!(world.ion.is_current(&world.refresh), "a refused request spends nothing");
}

#[tokio::test]
async fn the_environment_carries_what_works() {
    let world = World::start().await;
    let env = world.ion.env();
    let value = |name: &str| env.iter().find(|(found, _)| found == name).unwrap().1.clone();
    assert_eq!(value("STREAMONE_BASE_URL"), world.ion.base_url());
    assert_eq!(value("STREAMONE_ACCOUNT_ID"), world.ion.account_id());
    assert!(world.ion.is_current(&value("STREAMONE_REFRESH_TOKEN")));
    let secrets: Value = serde_json::to_value(format!("{:?}", world.ion)).unwrap();
    assert!(!secrets.as_str().unwrap().contains(&world.refresh));
}
