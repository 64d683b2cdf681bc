//! Copies, and what a restored one has lost.

use std::fs;
use std::sync::Arc;

use provider_core::ErrorKind;
use provider_core::journal::Begin;
use provider_store::StoreErrorKind;
use secrecy::{ExposeSecret, SecretString};

use crate::support::{
    Folder, HandClock, MINUTE, address, armed, chain, change, done, fresh, is_done, opening,
};

#[tokio::test]
async fn a_copy_is_a_store_of_that_moment() {
    let folder = Folder::new();
    let store = folder.store().await;
    done(&store.journal(), &change("before", "S-1")).await;
    let copy = folder.file("copy.db");
    store.copy_to(&copy).await.unwrap();
    done(&store.journal(), &change("after", "S-2")).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let journal = opening(&address(&copy)).await.unwrap().journal();
    assert!(is_done(&journal, &change("before", "S-1")).await);
    fresh(&journal, &change("after", "S-2")).await;
    drop(journal);
    // The next copy takes the place of this one, whole.
    store.copy_to(&copy).await.unwrap();
    assert!(is_done(&opening(&address(&copy)).await.unwrap().journal(), &change("after", "S-2")).await);
    assert!(fs::read_dir(folder.path().parent().unwrap()).unwrap().count() <= 4, "no draft is left");
}

#[tokio::test]
async fn a_copy_onto_itself_or_to_nowhere_is_refused() {
    let folder = Folder::new();
    let store = folder.store().await;
    let error = store.copy_to(folder.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let error = store.copy_to(folder.file("nowhere/copy.db")).await.unwrap_err();
    assert_eq!(StoreErrorKind::of(&error), Some(StoreErrorKind::Unreachable));
    assert!(error.to_string().contains("nowhere"), "{error}");
    fresh(&store.journal(), &change("one", "S-1")).await;
}

/// What the documentation says of a restored copy.
#[tokio::test]
async fn a_restored_copy_has_lost_what_came_after_it() {
    let folder = Folder::new();
    let clock: Arc<HandClock> = Arc::default();
    let open = || folder.opening().clock(Arc::clone(&clock) as _);
    let store = open().await.unwrap();
    let (journal, tokens) = (store.journal(), store.token_store());
    let was_open = armed(&journal, &change("open in the copy", "S-1")).await;
    done(&journal, &change("before", "S-2")).await;
    assert!(tokens.compare_and_swap(&chain(), None, SecretString::from("REFRESH-0001")).await.unwrap());
    store.copy_to(folder.file("copy.db")).await.unwrap();
    let receipt = provider_core::Receipt::new(provider_core::Outcome::Applied);
    journal.finish(&change("open in the copy", "S-1"), was_open, &receipt).await.unwrap();
    done(&journal, &change("after", "S-3")).await;
    assert!(tokens.compare_and_swap(&chain(), Some(1), SecretString::from("REFRESH-0002")).await.unwrap());
    drop((journal, tokens, store));

    fs::rename(folder.file("copy.db"), folder.path()).unwrap();
    clock.turn(60 * MINUTE);
    let store = open().await.unwrap();
    let journal = store.journal();
    assert!(is_done(&journal, &change("before", "S-2")).await);
    fresh(&journal, &change("after", "S-3")).await;
    let again = journal.begin(&change("open in the copy", "S-1"), MINUTE).await.unwrap();
    assert!(matches!(again, Begin::Open(..)), "{again:?}");
    let stored = store.token_store().load(&chain()).await.unwrap().unwrap();
    assert_eq!(stored.value.expose_secret(), "REFRESH-0001");
}
