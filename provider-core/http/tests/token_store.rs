//! The conformance cases against the two stores of this SDK, and what is special about files.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap or index is a failed test")]

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use provider_core::token::{MemoryTokenStore, TokenKey, TokenStore};
use provider_core::{ErrorKind, Result};
use provider_http::token::{FileTokenStore, TokenFileKey};
use provider_testkit::token::{HangingHolder, StoreFixture};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;

#[derive(Debug, Default)]
struct InMemory(MemoryTokenStore);

#[async_trait]
impl StoreFixture for InMemory {
    async fn open(&self) -> Result<Arc<dyn TokenStore>> {
        Ok(Arc::new(self.0.clone()))
    }

    fn hanging_holder(&self) -> HangingHolder {
        HangingHolder::LosesLeaseAfterTtl
    }
}

#[derive(Debug)]
struct InFiles {
    directory: TempDir,
    key: Option<TokenFileKey>,
}

impl InFiles {
    fn plain() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), key: None }
    }

    fn encrypted() -> Self {
        Self { key: Some(key('1')), ..Self::plain() }
    }

    fn store(&self) -> FileTokenStore {
        let store = FileTokenStore::new(self.directory.path().join("tokens"));
        match &self.key {
            Some(key) => store.encrypted(key.clone()),
            None => store,
        }
    }
}

#[async_trait]
impl StoreFixture for InFiles {
    async fn open(&self) -> Result<Arc<dyn TokenStore>> {
        Ok(Arc::new(self.store()))
    }

    fn hanging_holder(&self) -> HangingHolder {
        HangingHolder::KeepsLeaseWhileAlive
    }
}

fn key(digit: char) -> TokenFileKey {
    TokenFileKey::parse(&SecretString::from(digit.to_string().repeat(64))).unwrap()
}

fn account() -> TokenKey {
    TokenKey::new("streamone", "10042")
}

fn value(text: &str) -> SecretString {
    SecretString::from(text)
}

provider_testkit::token_store_conformance!(memory, InMemory::default());
provider_testkit::token_store_conformance!(file, InFiles::plain());
provider_testkit::token_store_conformance!(encrypted_file, InFiles::encrypted());

#[tokio::test]
async fn a_damaged_file_is_an_error_for_reads_and_writes_and_stays_as_it_is() {
    let fixture = InFiles::plain();
    let store = fixture.store();
    store.compare_and_swap(&account(), None, value("REFRESH-0001")).await.unwrap();
    let path = store.path(&account());
    let whole = fs::read(&path).unwrap();
    let altered: Vec<u8> =
        String::from_utf8(whole.clone()).unwrap().replace("REFRESH-0001", "REFRESH-0002").into();
    for content in [&whole[..whole.len() / 2], b"", b"{}", &altered] {
        fs::write(&path, content).unwrap();
        for error in [
            store.load(&account()).await.unwrap_err(),
            store.compare_and_swap(&account(), None, value("other")).await.unwrap_err(),
            store.compare_and_swap(&account(), Some(1), value("other")).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains("PROVIDER_TOKEN_DIR"), "{error}");
            assert!(!format!("{error} {error:?}").contains("REFRESH-000"), "{error:?}");
        }
        assert_eq!(fs::read(&path).unwrap(), content, "an operator may still want to look at it");
    }
}

#[tokio::test]
async fn a_key_can_be_added_later_and_is_needed_from_then_on() {
    let fixture = InFiles::plain();
    let plain = fixture.store();
    plain.compare_and_swap(&account(), None, value("REFRESH-0001")).await.unwrap();
    let sealed = fixture.store().encrypted(key('1'));
    let stored = sealed.load(&account()).await.unwrap().unwrap();
    assert_eq!(stored.value.expose_secret(), "REFRESH-0001");
    assert!(sealed.compare_and_swap(&account(), Some(stored.version), value("REFRESH-0002")).await.unwrap());
    assert!(!fs::read_to_string(sealed.path(&account())).unwrap().contains("REFRESH"));
    for store in [plain, fixture.store().encrypted(key('2'))] {
        let error = store.load(&account()).await.unwrap_err();
        assert!(error.to_string().contains("PROVIDER_TOKEN_KEY"), "{error}");
        assert!(store.compare_and_swap(&account(), Some(2), value("x")).await.is_err());
    }
}

#[tokio::test]
async fn settings_choose_directory_and_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a/b").display().to_string();
    let hex = "1".repeat(64);
    let set = |pairs: Vec<(&'static str, String)>| {
        move |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
    };
    let store = FileTokenStore::from_vars(set(vec![
        ("PROVIDER_TOKEN_DIR", path.clone()),
        ("PROVIDER_TOKEN_KEY", hex),
    ]))
    .unwrap();
    assert_eq!(store.directory(), PathBuf::from(&path));
    store.compare_and_swap(&account(), None, value("REFRESH-0001")).await.unwrap();
    assert!(!fs::read_to_string(store.path(&account())).unwrap().contains("REFRESH"));
    let error = FileTokenStore::from_vars(set(vec![
        ("PROVIDER_TOKEN_DIR", path.clone()),
        ("PROVIDER_TOKEN_KEY", "abc".to_owned()),
    ]))
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[cfg(unix)]
#[test]
fn a_key_or_directory_that_is_blank_or_no_text_is_refused_by_name() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    for name in ["PROVIDER_TOKEN_KEY", "PROVIDER_TOKEN_DIR"] {
        for bytes in [&[0xA0; 32][..], b"", b" \n"] {
            let error = FileTokenStore::from_vars(|asked| {
                let home = (asked == "HOME").then(|| OsString::from("/home/example"));
                home.or_else(|| (asked == name).then(|| OsString::from_vec(bytes.to_vec())))
            })
            .unwrap_err();
            assert_eq!((error.kind(), error.violations()[0].field.as_str()), (ErrorKind::Config, name));
        }
    }
}

#[tokio::test]
async fn an_unusable_directory_names_the_setting() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "not a directory").unwrap();
    let store = FileTokenStore::new(file.join("tokens"));
    for error in [
        store.compare_and_swap(&account(), None, value("x")).await.unwrap_err(),
        store.lease(&account(), std::time::Duration::from_secs(1)).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("PROVIDER_TOKEN_DIR"), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_and_no_draft_is_left() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = InFiles::plain();
    let store = fixture.store();
    // A crash between writing and renaming leaves a draft; the next writer replaces it.
    fs::create_dir_all(store.directory()).unwrap();
    fs::set_permissions(store.directory(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(store.path(&account()).with_extension("new"), "half a tok").unwrap();
    let lease = store.lease(&account(), std::time::Duration::from_secs(1)).await.unwrap();
    store.compare_and_swap(&account(), None, value("one")).await.unwrap();
    store.compare_and_swap(&account(), Some(1), value("two")).await.unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(store.directory()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        names.push(entry.path().extension().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["json", "lease", "lock"]);
    // A lock file that somebody removed protects nobody, and its holder can tell.
    assert!(lease.is_held());
    fs::remove_file(store.path(&account()).with_extension("lease")).unwrap();
    assert!(!lease.is_held());
    let made = InFiles::plain().store();
    made.compare_and_swap(&account(), None, value("one")).await.unwrap();
    assert_eq!(fs::metadata(made.directory()).unwrap().permissions().mode() & 0o777, 0o700);
}

/// Whoever can write to the directory could otherwise have a chain of their own used, or the next tokens
/// written in the clear.
#[tokio::test]
async fn an_encrypted_file_that_is_replaced_by_a_clear_one_is_refused() {
    let (fixture, elsewhere) = (InFiles::encrypted(), InFiles::plain());
    let (sealed, clear) = (fixture.store(), elsewhere.store());
    sealed.compare_and_swap(&account(), None, value("REFRESH-0001")).await.unwrap();
    clear.compare_and_swap(&account(), None, value("FOREIGN-0001")).await.unwrap();
    let refused = |error: provider_core::Error| {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("PROVIDER_TOKEN_KEY"), "{error}");
        assert!(error.to_string().contains("is not encrypted"), "{error}");
    };
    fs::copy(clear.path(&account()), sealed.path(&account())).unwrap();
    refused(sealed.load(&account()).await.unwrap_err());
    refused(sealed.compare_and_swap(&account(), Some(1), value("x")).await.unwrap_err());
    // Written by a store of this directory that has no key, after the encrypted file was removed.
    fs::remove_file(sealed.path(&account())).unwrap();
    let plain = FileTokenStore::new(sealed.directory());
    plain.compare_and_swap(&account(), None, value("FOREIGN-0002")).await.unwrap();
    refused(sealed.load(&account()).await.unwrap_err());
    // A file that an earlier release encrypted is noted when it is read.
    let (old, noted) = (InFiles::encrypted(), InFiles::encrypted());
    old.store().compare_and_swap(&account(), None, value("REFRESH-0001")).await.unwrap();
    fs::create_dir_all(noted.store().directory()).unwrap();
    fs::copy(old.store().path(&account()), noted.store().path(&account())).unwrap();
    assert!(noted.store().load(&account()).await.unwrap().is_some());
    fs::copy(clear.path(&account()), noted.store().path(&account())).unwrap();
    refused(noted.store().load(&account()).await.unwrap_err());
}

/// Whoever comes first makes the lock file; to those who look at the same moment it is no fault of the directory.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_file_that_appears_between_two_looks_is_opened() {
    let fixture = InFiles::plain();
    for account in 0..300 {
        let key = TokenKey::new("streamone", account.to_string());
        let gate = Arc::new(std::sync::Barrier::new(8));
        let first_comers = (0..8).map(|_| {
            let (store, key, gate) = (fixture.store(), key.clone(), Arc::clone(&gate));
            tokio::spawn(async move {
                tokio::task::block_in_place(|| gate.wait());
                drop(store.lease(&key, std::time::Duration::from_secs(1)).await?);
                store.compare_and_swap(&key, None, value("REFRESH-0001")).await
            })
        });
        let mut written = 0;
        for attempt in first_comers.collect::<Vec<_>>() {
            written += usize::from(attempt.await.unwrap().unwrap());
        }
        assert_eq!(written, 1, "account {account}");
    }
}

/// Opening a pipe for reading waits for a writer: the process could not even end.
#[cfg(unix)]
#[tokio::test]
async fn only_regular_files_are_opened() {
    let fixture = InFiles::plain();
    let store = fixture.store();
    fs::create_dir_all(store.directory()).unwrap();
    let path = |extension: &str| store.path(&account()).with_extension(extension);
    let refused = |error: provider_core::Error| {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("no regular file"), "{error}");
    };
    for extension in ["json", "lock", "lease"] {
        // What was tried before may have made it.
        let _ = fs::remove_file(path(extension));
        let made = std::process::Command::new("mkfifo").arg(path(extension)).status().unwrap();
        assert!(made.success());
        match extension {
            "json" => {
                refused(store.load(&account()).await.unwrap_err());
                refused(store.compare_and_swap(&account(), None, value("x")).await.unwrap_err());
            }
            "lock" => refused(store.compare_and_swap(&account(), None, value("x")).await.unwrap_err()),
            _ => refused(store.lease(&account(), std::time::Duration::from_secs(1)).await.unwrap_err()),
        }
        fs::remove_file(path(extension)).unwrap();
        std::os::unix::fs::symlink("/dev/zero", path(extension)).unwrap();
        let error = match extension {
            "lease" => store.lease(&account(), std::time::Duration::from_secs(1)).await.unwrap_err(),
            _ => store.compare_and_swap(&account(), None, value("x")).await.unwrap_err(),
        };
        refused(error);
        fs::remove_file(path(extension)).unwrap();
    }
    fs::create_dir(path("json")).unwrap();
    refused(store.load(&account()).await.unwrap_err());
    fs::remove_dir(path("json")).unwrap();
    // A link into what is not mounted now is no empty store.
    for extension in ["json", "lock", "lease"] {
        let _ = fs::remove_file(path(extension));
        std::os::unix::fs::symlink(store.directory().join("not-there"), path(extension)).unwrap();
        let error = match extension {
            "json" => store.load(&account()).await.unwrap_err(),
            "lock" => store.compare_and_swap(&account(), None, value("x")).await.unwrap_err(),
            _ => store.lease(&account(), std::time::Duration::from_secs(1)).await.map(drop).unwrap_err(),
        };
        assert!(error.to_string().contains("leads nowhere"), "{error}");
        fs::remove_file(path(extension)).unwrap();
    }
    // A link to a file is a file.
    fs::write(store.directory().join("elsewhere"), "").unwrap();
    std::os::unix::fs::symlink(store.directory().join("elsewhere"), path("lease")).unwrap();
    drop(store.lease(&account(), std::time::Duration::from_secs(1)).await.unwrap());
    fs::remove_file(path("lease")).unwrap();
    assert!(store.compare_and_swap(&account(), None, value("x")).await.unwrap());
}
