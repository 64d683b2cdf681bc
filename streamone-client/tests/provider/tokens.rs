//! The chain of refresh tokens: one exchange at a time, saved first, never replayed.

use std::sync::Arc;
use std::time::Duration;

use provider_core::observe::{EventKind, Observer};
use provider_core::{CustomerQuery, ErrorKind, PageRequest, Provider as _, Services};
use provider_http::token::FileTokenStore;
use provider_simulator::{FaultAction, FaultRule, Simulator};
use streamone_client::{StreamOneClient, StreamOneConfig, StreamOneProvider};

use crate::stage::{Heard, SimTime, Stage, config};

fn filed(config: StreamOneConfig, directory: &std::path::Path, sim: &Simulator) -> StreamOneProvider {
    let client = StreamOneClient::builder(config)
        .token_store(Arc::new(FileTokenStore::new(directory)))
        .clock(Arc::new(SimTime(sim.clock().clone())))
        .build()
        .unwrap();
    StreamOneProvider::new(client)
}

async fn read(provider: &StreamOneProvider) -> provider_core::Result<()> {
    provider.list_customers(&CustomerQuery::default(), &PageRequest::default().size(1)).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_of_one_directory_never_replay_a_token() {
    let sim = Simulator::start().await.unwrap();
    let ion = sim.streamone();
    ion.set_reuse_revokes_family(true);
    let directory = tempfile::tempdir().unwrap();
    let settings = config(&ion);
    let clients: Vec<_> = (0..8).map(|_| Arc::new(filed(settings.clone(), directory.path(), &sim))).collect();
    for round in 1..=3_u64 {
        let tasks: Vec<_> = clients
            .iter()
            .map(|provider| {
                let provider = Arc::clone(provider);
                tokio::spawn(async move { read(&provider).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!((ion.rotations(), ion.replays()), (round, 0));
        sim.clock().advance(Duration::from_secs(7_200));
    }
}

#[tokio::test]
async fn a_restart_with_the_old_variable_goes_on_with_the_chain() {
    let sim = Simulator::start().await.unwrap();
    let ion = sim.streamone();
    let directory = tempfile::tempdir().unwrap();
    let old = config(&ion);
    for _ in 0..3 {
        let provider = filed(old.clone(), directory.path(), &sim);
        read(&provider).await.unwrap();
        provider.close().await.unwrap();
        sim.clock().advance(Duration::from_secs(10_000));
    }
    assert_eq!((ion.rotations(), ion.replays()), (3, 0));
    // Another token begins another chain.
    let mut new = old.clone();
    new.refresh_token = ion.issue_refresh_token().into();
    read(&filed(new, directory.path(), &sim)).await.unwrap();
    assert_eq!(ion.replays(), 0);
}

#[tokio::test]
async fn a_chain_that_is_lost_says_what_to_do_in_the_portal() {
    let sim = Simulator::start().await.unwrap();
    let ion = sim.streamone();
    let old = config(&ion);
    let first = tempfile::tempdir().unwrap();
    read(&filed(old.clone(), first.path(), &sim)).await.unwrap();
    sim.clock().advance(Duration::from_secs(33 * 86_400));
    let error = read(&filed(old, first.path(), &sim)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReauthRequired);
    for word in ["STREAMONE_REFRESH_TOKEN", "Settings, Users", "Request New Credentials"] {
        assert!(error.to_string().contains(word), "{word}: {error}");
    }
}

#[tokio::test]
async fn a_token_that_ended_early_is_renewed_once_and_the_call_repeated() {
    let stage = Stage::start().await;
    read(&stage.provider).await.unwrap();
    stage.ion.expire_access_tokens();
    read(&stage.provider).await.unwrap();
    assert_eq!((stage.ion.rotations(), stage.ion.replays()), (2, 0));
    let denied =
        FaultAction::status(http::StatusCode::FORBIDDEN, r#"{"error":"PERMISSION_DENIED","message":"no"}"#);
    stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", denied).once());
    let error = read(&stage.provider).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.to_string().contains(stage.ion.account_id()), "{error}");
    assert_eq!(stage.ion.rotations(), 2, "a missing right is no expiry");
}

#[tokio::test]
async fn keep_alive_starts_the_32_days_anew_and_validate_spends_nothing() {
    let heard = Arc::new(Heard::default());
    let stage = Stage::observed(Arc::clone(&heard) as Arc<dyn Observer>).await;
    read(&stage.provider).await.unwrap();
    stage.sim.clock().advance(Duration::from_secs(30 * 86_400));
    let health = stage.client.tokens().health().await.unwrap();
    assert_eq!(health.refresh_days_left, Some(1), "whole days: one and almost another");
    assert!(health.is_running_out(stage.sim.clock().now()));
    let expiring = |what: &EventKind| matches!(what, EventKind::TokenExpiring { days_left: 1, .. });
    assert!(heard.0.lock().unwrap().iter().any(expiring), "whoever asks for the health is told as well");
    let health = stage.client.tokens().keep_alive().await.unwrap();
    assert!(health.refresh_days_left.unwrap() >= 31, "{health:?}");
    assert!(!health.is_running_out(stage.sim.clock().now()));
    let rotations = stage.ion.rotations();
    let told = stage.client.tokens().validate().await.unwrap();
    assert!(told.refresh_days_left().unwrap() >= 31 && told.access_expires_in.unwrap() > 7_000);
    assert_eq!(stage.ion.rotations(), rotations);
    stage.assert_all_listed();
}

#[tokio::test]
async fn fewer_than_seven_days_are_told_to_the_observer() {
    let sim = Simulator::start().await.unwrap();
    let ion = sim.streamone();
    let directory = tempfile::tempdir().unwrap();
    read(&filed(config(&ion), directory.path(), &sim)).await.unwrap();
    let heard = Arc::new(Heard::default());
    ion.faults().add(FaultRule::new(
        "POST",
        "/oauth/token",
        FaultAction::rewrite(|mut body| {
            body["refresh_expires_in"] = (5 * 86_400 + 60).into();
            body
        }),
    ));
    sim.clock().advance(Duration::from_secs(8_000));
    let client = StreamOneClient::builder(config(&ion))
        .token_store(Arc::new(FileTokenStore::new(directory.path())))
        .clock(Arc::new(SimTime(sim.clock().clone())))
        .observer(Arc::clone(&heard) as Arc<dyn Observer>)
        .build()
        .unwrap();
    read(&StreamOneProvider::new(client)).await.unwrap();
    let heard = heard.0.lock().unwrap();
    assert!(
        heard.iter().any(|what| matches!(what, EventKind::TokenExpiring { days_left: 5, .. })),
        "{heard:?}"
    );
}

#[tokio::test]
async fn files_are_used_unless_the_host_gave_a_store() {
    let sim = Simulator::start().await.unwrap();
    let ion = sim.streamone();
    let directory = tempfile::tempdir().unwrap();
    let mut settings = config(&ion);
    settings.token_dir = Some(directory.path().join("kept"));
    let provider = settings.clone().connect(&Services::default()).unwrap();
    provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap();
    assert!(std::fs::read_dir(directory.path().join("kept")).unwrap().count() > 0);

    let mut elsewhere = settings;
    elsewhere.token_dir = Some(directory.path().join("unused"));
    elsewhere.refresh_token = ion.issue_refresh_token().into();
    let given =
        Services::default().with_token_store(Arc::new(provider_core::token::MemoryTokenStore::default()));
    let provider = elsewhere.connect(&given).unwrap();
    provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap();
    assert!(!directory.path().join("unused").exists());
}
