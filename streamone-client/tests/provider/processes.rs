//! Many processes on one connection: one of them is killed, none replays a token.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use provider_core::{CustomerQuery, PageRequest, Provider as _};
use provider_http::token::FileTokenStore;
use provider_simulator::Simulator;
use streamone_client::{StreamOneClient, StreamOneConfig, StreamOneProvider};

use crate::stage::config;

const BASE_URL: &str = "ION_TEST_BASE_URL";
const ACCOUNT: &str = "ION_TEST_ACCOUNT";
const TOKEN: &str = "ION_TEST_TOKEN";
const DIRECTORY: &str = "ION_TEST_DIRECTORY";
const READS: &str = "ION_TEST_READS";

fn worker(settings: &StreamOneConfig, directory: &std::path::Path, token: &str, reads: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "processes::a_worker_reads_with_a_token_of_its_own"])
        .envs([
            (BASE_URL, settings.base_url.as_str()),
            (ACCOUNT, settings.account_id.as_str()),
            (TOKEN, token),
            (DIRECTORY, directory.to_str().unwrap()),
            (READS, &reads.to_string()),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "runs as a process that another test starts"]
async fn a_worker_reads_with_a_token_of_its_own() {
    let set = |name: &str| std::env::var(name).unwrap();
    let mut settings = StreamOneConfig::new(set(ACCOUNT), set(TOKEN));
    settings.base_url = set(BASE_URL);
    let client = StreamOneClient::builder(settings)
        .token_store(Arc::new(FileTokenStore::new(set(DIRECTORY))))
        .build()
        .unwrap();
    let provider = StreamOneProvider::new(client.clone());
    for _ in 0..set(READS).parse::<u32>().unwrap() {
        provider.list_customers(&CustomerQuery::default(), &PageRequest::default().size(1)).await.unwrap();
        client.tokens().keep_alive().await.unwrap();
    }
    client.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_one_chain_and_a_killed_one_breaks_nothing() {
    let sim = Simulator::start().await.unwrap();
    let ion = sim.streamone();
    ion.set_reuse_revokes_family(true);
    let directory = tempfile::tempdir().unwrap();
    let (settings, first) = (config(&ion), ion.refresh_token());
    let mut workers: Vec<_> = (0..4).map(|_| worker(&settings, directory.path(), &first, 5)).collect();
    let statuses = tokio::task::spawn_blocking(move || {
        workers.iter_mut().map(|worker| worker.wait().unwrap().success()).collect::<Vec<_>>()
    })
    .await
    .unwrap();
    assert_eq!(statuses, [true; 4]);
    assert!(ion.rotations() >= 5, "{}", ion.rotations());
    assert_eq!(ion.replays(), 0);

    // Killed while it has nothing in flight that the others could not see: at most one token is presented
    // twice, as the one repetition that a mark without an answer allows.
    let mut doomed = worker(&settings, directory.path(), &first, 10_000);
    let before = ion.rotations();
    while ion.rotations() < before + 3 {
        // Or it would be waited for without end.
        assert!(doomed.try_wait().unwrap().is_none(), "it ended before it was killed");
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    doomed.kill().unwrap();
    doomed.wait().unwrap();
    ion.set_reuse_revokes_family(false);
    let mut survivor = worker(&settings, directory.path(), &first, 2);
    let survived = tokio::task::spawn_blocking(move || survivor.wait().unwrap().success()).await.unwrap();
    // A kill between the rotation and its storing loses the chain, and only that.
    assert!(ion.replays() <= 1, "{}", ion.replays());
    assert_eq!(survived, ion.replays() == 0);
}
