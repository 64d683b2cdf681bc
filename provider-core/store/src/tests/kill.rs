//! Kill -9 between any two statements: what is there afterwards is what was answered, or one step more.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::grounds::Ground;
use super::script::{self, DAY};
use super::{HandClock, entries, entries_of, opened_at};

const NAME: &str = "tests::kill::a_kill_between_any_two_statements_leaves_a_whole_step";
const ADDRESS: &str = "PROVIDER_STORE_KILLED";
const ANSWERED: &str = "PROVIDER_STORE_ANSWERED";
const AT: &str = "PROVIDER_STORE_KILLED_AT";

/// How many statements this process has left; below zero: no end.
static LEFT: AtomicI64 = AtomicI64::new(-1);

/// Called by the code under test before each statement, each message to a server, and each change of a file.
pub(crate) fn between_statements() {
    if LEFT.load(Ordering::SeqCst) < 0 {
        return;
    }
    if LEFT.fetch_sub(1, Ordering::SeqCst) == 0 {
        let me = std::process::id().to_string();
        let _ = Command::new("kill").args(["-9", &me]).status();
        // The signal arrives when it arrives; nothing more happens until then.
        loop {
            std::thread::sleep(Duration::from_secs(1));
        }
    }
}

/// The process that is killed: it goes through the day, and notes each call that was answered.
fn live(address: &str, answered: &Path, statements: i64) {
    LEFT.store(statements, Ordering::SeqCst);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock = Arc::new(HandClock::default());
        let store = opened_at(address, &clock).await.unwrap();
        for (done, call) in DAY.into_iter().enumerate() {
            script::pass(call, &clock);
            let _ = call.on_store(&store, &clock).await;
            std::fs::write(answered, (done + 1).to_string()).unwrap();
        }
    });
}

fn answered(path: &Path) -> usize {
    std::fs::read_to_string(path).map_or(0, |text| text.parse().unwrap_or(0))
}

/// Answers whether the process was killed before its day was over.
fn one_life(address: &str, answered: &Path, statements: i64) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args([NAME, "--exact", "--nocapture"])
        .env(ADDRESS, address)
        .env(ANSWERED, answered)
        .env(AT, statements.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    if !status.success() {
        #[cfg(unix)]
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9), "it failed by itself");
    }
    !status.success()
}

async fn judge(address: &str, done: usize, statements: i64) {
    let store = opened_at(address, &Arc::new(HandClock::default())).await.unwrap();
    let found = (entries(&store).await, script::token(&store).await);
    let model = |calls: usize| {
        let model = script::model_after(calls);
        (entries_of(&model.book), model.token)
    };
    assert!(
        found == model(done) || found == model(done + 1),
        "killed before statement {statements}, after {done} answers: {found:#?}"
    );
}

#[test]
fn a_kill_between_any_two_statements_leaves_a_whole_step() {
    if let (Ok(address), Some(answered)) = (std::env::var(ADDRESS), std::env::var_os(ANSWERED)) {
        let statements = std::env::var(AT).unwrap().parse().unwrap();
        return live(&address, &PathBuf::from(answered), statements);
    }
    kill_everywhere(|| Some(Ground::file()), 100);
    kill_everywhere(Ground::schema, 100);
}

/// A new place for each life, until one is lived to its end.
fn kill_everywhere(ground: impl Fn() -> Option<Ground>, at_least: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut kills = 0;
    for statements in 0.. {
        assert!(statements < 1000, "the day has no end");
        let Some(ground) = ground() else { return };
        let (address, folder) = (ground.address(), tempfile::tempdir().unwrap());
        let said = folder.path().join("answered");
        let killed = one_life(&address, &said, statements);
        runtime.block_on(judge(&address, answered(&said), statements));
        if !killed {
            assert_eq!(answered(&said), DAY.len());
            break;
        }
        kills += 1;
    }
    assert!(kills > at_least, "only {kills} kills: the day is over too soon");
    println!("{kills} kills, one before each statement");
}
