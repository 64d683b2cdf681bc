//! Several processes on one file.

use std::fs;
use std::time::{Duration, Instant};

use provider_core::journal::Begin;
use provider_store::StoreErrorKind;

use crate::support::{Folder, MINUTE, armed, chain, change, fresh, of_kind};
use crate::worker::{Worker, command, crowd, fresh_of};

#[tokio::test]
async fn a_file_that_another_process_keeps_is_locked() {
    let folder = Folder::new();
    let store = folder.opening().patience(Duration::from_millis(50)).await.unwrap();
    let mut keeper = Worker::start(command("keep", &folder.path()));
    assert_eq!(keeper.answer(), "kept");
    let error = of_kind(store.journal().begin(&change("one", "S-1"), MINUTE).await, StoreErrorKind::Locked);
    assert!(error.to_string().contains("another process"), "{error}");
    keeper.kill();
    fresh(&store.journal(), &change("one", "S-1")).await;
}

/// Eight here and eight there, on the same record at the same time.
#[tokio::test]
async fn of_sixteen_in_two_processes_one_is_fresh() {
    let folder = Folder::new();
    let here = crowd(&folder.path()).await;
    let mut child = Worker::start(command("begin", &folder.path()));
    assert_eq!(child.answer(), "ready");
    for round in 0..20 {
        let subscription = format!("S-{round}");
        child.order(&subscription);
        let fresh = fresh_of(&here, "parent", &subscription).await;
        let there: usize = child.answer().parse().unwrap();
        assert_eq!(fresh + there, 1, "in round {round}: {fresh} here, {there} there");
    }
    child.end();
}

#[tokio::test]
async fn a_killed_holder_loses_its_lease_at_its_end() {
    let folder = Folder::new();
    let tokens = folder.store().await.token_store();
    let mut holder = Worker::start(command("lease", &folder.path()));
    assert_eq!(holder.answer(), "held");
    let began = Instant::now();
    holder.kill();
    let lease = tokens.lease(&chain(), MINUTE).await.unwrap();
    assert!(lease.is_held());
    assert!(began.elapsed() < Duration::from_secs(30), "it ends with its time to live");
}

#[tokio::test]
async fn what_a_killed_process_had_begun_is_busy_until_its_end_and_says_whose_it_is() {
    let folder = Folder::new();
    let journal = folder.store().await.journal();
    let mut child = Worker::start(command("reserve", &folder.path()));
    assert_eq!(child.answer(), "reserved");
    child.kill();
    match journal.begin(&change("reserved", "S-1"), MINUTE).await.unwrap() {
        Begin::Busy(held) => assert_eq!(held.by.as_deref(), Some("the child")),
        other => panic!("not busy: {other:?}"),
    }
}

/// As a user who may not write, whoever runs this test.
#[cfg(unix)]
#[tokio::test]
async fn a_file_that_may_not_be_written_is_said_to_be_read_only() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65_534;
    let folder = Folder::new();
    let file = folder.file("shelf/store.db");
    let store = crate::support::opening(&file).await.unwrap();
    armed(&store.journal(), &change("one", "S-1")).await;
    drop(store);
    let mode =
        |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let shelf = file.parent().unwrap();
    mode(shelf.parent().unwrap(), 0o755);
    mode(&file, 0o444);
    let privileged = fs::OpenOptions::new().write(true).open(&file).is_ok();
    for shelf_mode in [0o555, 0o777] {
        mode(shelf, shelf_mode);
        let mut command = command("try", &file);
        if privileged {
            command.uid(NOBODY);
        }
        let mut child = Worker::start(command);
        let answer = child.answer();
        assert!(
            answer.starts_with("Some(ReadOnly)") && answer.contains("store.db"),
            "{shelf_mode:o}: {answer}"
        );
        child.end();
    }
    mode(shelf, 0o755);
    mode(&file, 0o600);
    let open = crate::support::opening(&file).await.unwrap().journal().open_attempts(None).await.unwrap();
    assert_eq!(open.len(), 1, "nothing was lost");
}
