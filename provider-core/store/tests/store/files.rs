//! The file: its mode, its damages, and what happens when it is exchanged.

use std::fs;
use std::path::Path;
use std::time::Duration;

use provider_core::journal::Begin;
use provider_core::receipt::Credentials;
use provider_core::{ErrorKind, Outcome, Receipt};
use provider_store::{Store, StoreErrorKind};
use secrecy::SecretString;

use crate::support::{Folder, MINUTE, address, armed, chain, change, done, fresh, is_done, of_kind, opening};
use crate::worker::{Worker, command};

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_any_of_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let path = folder.file("a/b/store.db");
    let store = opening(&address(&path)).await.unwrap();
    done(&store.journal(), &change("one", "S-1")).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files: Vec<_> =
        fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "the file, its log and its index: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
    for made in ["a", "a/b"] {
        assert_eq!(mode(&folder.file(made)), 0o700, "{made}");
    }
}

#[tokio::test]
async fn passwords_and_sealed_tokens_are_in_no_file() {
    let folder = Folder::new();
    let store = folder.opening().sealing_key(crate::support::sealing_key('1')).await.unwrap();
    let (journal, attempt) = (store.journal(), change("one", "S-1"));
    let fence = armed(&journal, &attempt).await;
    let mut receipt = Receipt::new(Outcome::Applied);
    receipt.credentials = Some(Credentials::new("admin", SecretString::from("PASSWORD-0001")));
    journal.finish(&attempt, fence, &receipt).await.unwrap();
    store.token_store().compare_and_swap(&chain(), None, SecretString::from("REFRESH-0001")).await.unwrap();
    store.copy_to(folder.file("copy.db")).await.unwrap();
    let mut found = String::new();
    for file in fs::read_dir(folder.path().parent().unwrap()).unwrap() {
        found.push_str(&String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()));
    }
    assert!(found.contains("subscription"), "the journal is readable");
    assert!(!found.contains("PASSWORD-0001") && !found.contains("REFRESH-0001"));
}

/// A store at rest with some entries, and its bytes.
async fn at_rest(folder: &Folder) -> Vec<u8> {
    let store = folder.store().await;
    for n in 0..20 {
        done(&store.journal(), &change(&format!("key {n}"), &format!("S-{n}"))).await;
    }
    drop(store);
    fs::read(folder.path()).unwrap()
}

#[tokio::test]
async fn a_cut_file_is_refused_wherever_it_was_cut_and_stays_as_it_is() {
    let folder = Folder::new();
    let whole = at_rest(&folder).await;
    let pages = whole.len() / 4096;
    assert!(pages > 5, "{pages} pages");
    let cuts = (0..pages).map(|page| page * 4096).chain([1, 99, 600, whole.len() - 1, whole.len() - 512]);
    for length in cuts {
        fs::write(folder.path(), &whole[..length]).unwrap();
        let opened = folder.opening().await;
        assert!(opened.is_err(), "cut to {length} of {} bytes", whole.len());
        let error = of_kind(opened, StoreErrorKind::Corrupt);
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("store.db"), "{error}");
        assert_eq!(
            fs::read(folder.path()).unwrap(),
            &whole[..length],
            "somebody may still want to look at it"
        );
    }
    fs::write(folder.path(), &whole).unwrap();
    assert!(is_done(&folder.store().await.journal(), &change("key 19", "S-19")).await);
}

#[tokio::test]
async fn what_is_no_store_is_refused() {
    let folder = Folder::new();
    let text = "no database, but long enough to be one ".repeat(200);
    fs::write(folder.path(), &text).unwrap();
    of_kind(folder.opening().await, StoreErrorKind::Corrupt);
    assert_eq!(fs::read_to_string(folder.path()).unwrap(), text);
    fs::create_dir(folder.file("folder.db")).unwrap();
    of_kind(opening(&address(&folder.file("folder.db"))).await, StoreErrorKind::Unreachable);
    fs::write(folder.file("file"), "").unwrap();
    assert!(opening(&address(&folder.file("file/store.db"))).await.is_err());
}

/// A log that ends anywhere, as after a power cut, leaves some first steps whole, and never a part of one.
#[tokio::test]
async fn a_torn_log_leaves_whole_steps() {
    const STEPS: usize = 6;
    let folder = Folder::new();
    let store = folder.store().await;
    for n in 0..STEPS {
        fresh(&store.journal(), &change(&format!("key {n}"), &format!("S-{n}"))).await;
    }
    // Copied while it is in use: as a crash would leave them.
    let log = fs::read(folder.file("store.db-wal")).unwrap();
    let base = fs::read(folder.path()).unwrap();
    let mut counts = Vec::new();
    for length in (0..=log.len()).step_by(1031).chain([log.len()]) {
        let after = Folder::new();
        fs::write(after.path(), &base).unwrap();
        fs::write(after.file("store.db-wal"), &log[..length]).unwrap();
        let journal = after.store().await.journal();
        let mut there = Vec::new();
        for n in 0..STEPS {
            let attempt = change(&format!("key {n}"), &format!("S-{n}"));
            there.push(matches!(journal.begin(&attempt, MINUTE).await.unwrap(), Begin::Busy(_)));
        }
        let count = there.iter().filter(|there| **there).count();
        assert!(there[..count].iter().all(|there| *there), "a hole after a log of {length} bytes: {there:?}");
        counts.push(count);
    }
    assert!(counts.is_sorted() && counts.first() == Some(&0) && counts.last() == Some(&STEPS), "{counts:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_was_exchanged_under_a_process_is_noticed() {
    let folder = Folder::new();
    let store = folder.store().await;
    done(&store.journal(), &change("one", "S-1")).await;
    store.copy_to(folder.file("copy.db")).await.unwrap();
    done(&store.journal(), &change("two", "S-2")).await;
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("store.db{suffix}");
        fs::rename(folder.file(&name), folder.file(&format!("old-{name}"))).unwrap();
    }
    let gone = store.journal().begin(&change("three", "S-3"), MINUTE).await;
    of_kind(gone, StoreErrorKind::Replaced);
    fs::rename(folder.file("copy.db"), folder.path()).unwrap();
    let other = store.journal().begin(&change("three", "S-3"), MINUTE).await;
    let error = of_kind(other, StoreErrorKind::Replaced);
    assert_eq!(error.kind(), ErrorKind::Config);
    let journal = folder.store().await.journal();
    assert!(is_done(&journal, &change("one", "S-1")).await);
    fresh(&journal, &change("three", "S-3")).await;
}

/// A journal lives in the database of an application as well as in a file of its own.
#[tokio::test]
async fn the_tables_of_an_application_stay_what_they_are() {
    let folder = Folder::new();
    let application = rusqlite::Connection::open(folder.path()).unwrap();
    application
        .execute_batch("CREATE TABLE tickets (id INTEGER); INSERT INTO tickets VALUES (4711)")
        .unwrap();
    let store = folder.store().await;
    done(&store.journal(), &change("one", "S-1")).await;
    let ticket: i64 = application.query_row("SELECT id FROM tickets", [], |row| row.get(0)).unwrap();
    assert_eq!(ticket, 4711);
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'provider\\_%' ESCAPE '\\'";
    let others: i64 = application.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(others, 1);
}

#[tokio::test]
async fn an_address_that_cannot_be_used_says_what_can() {
    let mut addresses = vec!["mysql://app:s3cret@db/orders", "store.db"];
    if cfg!(not(feature = "postgres")) {
        addresses.push("postgres://app:s3cret@db/orders");
    }
    for address in addresses {
        let error = Store::open(address).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("sqlite:PATH"), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"));
    }
    assert!(!format!("{:?}", Store::open("postgres://app:s3cret@db/orders")).contains("s3cret"));
}

#[tokio::test]
async fn a_store_that_somebody_keeps_is_locked_and_waited_for() {
    let folder = Folder::new();
    let store = folder.opening().patience(Duration::from_millis(50)).await.unwrap();
    let other = rusqlite::Connection::open(folder.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = of_kind(store.journal().begin(&change("one", "S-1"), MINUTE).await, StoreErrorKind::Locked);
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("50 ms"), "{error}");
    assert!(store.journal().open_attempts(None).await.unwrap().is_empty(), "reading waits for nobody");
    other.execute_batch("COMMIT").unwrap();
    fresh(&store.journal(), &change("one", "S-1")).await;
}

/// A store in a folder that was misspelt would know no key.
#[tokio::test]
async fn what_is_not_to_be_made_is_not_made() {
    let folder = Folder::new();
    let file = folder.file("misspelt/store.db");
    let error = of_kind(opening(&address(&file)).in_existing_folder().await, StoreErrorKind::Absent);
    assert_eq!(error.kind(), ErrorKind::Config);
    let said = error.to_string();
    assert!(said.contains("PROVIDER_STORE") && said.contains("misspelt does not exist"), "{said}");
    assert!(!file.parent().unwrap().exists());

    let error = of_kind(folder.opening().existing().await, StoreErrorKind::Absent);
    assert!(error.to_string().contains("there is no store at"), "{error}");
    assert!(!folder.path().exists());

    let store = folder.opening().in_existing_folder().await.unwrap();
    done(&store.journal(), &change("one", "S-1")).await;
    drop(store);
    let store = folder.opening().existing().await.unwrap();
    assert!(is_done(&store.journal(), &change("one", "S-1")).await);
}

#[tokio::test]
async fn what_is_under_a_key_is_told_when_it_has_ended_too() {
    use provider_core::journal::Stage;

    let folder = Folder::new();
    let store = folder.store().await;
    let attempt = change("one", "S-1");
    assert!(store.entries(&attempt.key).await.unwrap().is_empty());
    let fence = armed(&store.journal(), &attempt).await;
    let open = store.entries(&attempt.key).await.unwrap();
    assert!(matches!(open.as_slice(), [one] if one.is_open() && one.attempt.command == attempt.command));
    store.journal().finish(&attempt, fence, &Receipt::new(Outcome::Applied)).await.unwrap();
    let ended = store.entries(&attempt.key).await.unwrap();
    assert!(matches!(ended.as_slice(), [one] if matches!(one.stage, Stage::Done(_))));
    assert!(store.entries(&change("two", "S-2").key).await.unwrap().is_empty());
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
    let store = opening(&address(&file)).await.unwrap();
    armed(&store.journal(), &change("one", "S-1")).await;
    drop(store);
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let shelf = file.parent().unwrap();
    mode(shelf.parent().unwrap(), 0o755);
    mode(&file, 0o444);
    let privileged = fs::OpenOptions::new().write(true).open(&file).is_ok();
    for shelf_mode in [0o555, 0o777] {
        mode(shelf, shelf_mode);
        let mut command = command("try", &address(&file));
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
    let open = opening(&address(&file)).await.unwrap().journal().open_attempts(None).await.unwrap();
    assert_eq!(open.len(), 1, "nothing was lost");
}
