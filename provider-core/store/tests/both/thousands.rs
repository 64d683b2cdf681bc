//! Journals of thousands of entries.

use std::sync::Arc;

use provider_core::Error;
use provider_core::ErrorKind;
use provider_core::journal::JournalBook;

use crate::attempts::{HandClock, MINUTE, account, armed, change, done, fresh, is_done, start};

#[tokio::test]
async fn a_journal_from_elsewhere_is_taken_in_once() {
    let mut book = JournalBook::default();
    for (name, subscription, account) in [("of before", "S-1", None), ("of today", "S-2", Some(()))] {
        let mut attempt = change(name, subscription);
        if account.is_none() {
            attempt.account = None;
        }
        book.begin(&attempt, start(), MINUTE).unwrap();
        let receipt = provider_core::Receipt::new(provider_core::Outcome::Applied);
        book.finish(&attempt, &receipt, start());
    }
    ground!(place);
    let store = place.store().await;
    assert_eq!(store.import(book.clone()).await.unwrap(), 2);
    assert!(is_done(&store.journal(), &change("of before", "S-1")).await);
    assert!(is_done(&store.journal(), &change("of today", "S-2")).await);
    // What has become its account's own since then does not come back under the connection's name.
    assert_eq!(store.import(book).await.unwrap(), 0);
    assert!(is_done(&store.journal(), &change("of before", "S-1")).await);
}

#[tokio::test]
async fn forgetting_thousands_leaves_the_rest() {
    ground!(place);
    let clock: Arc<HandClock> = Arc::default();
    let store = place.opening().clock(Arc::clone(&clock) as _).await.unwrap();
    let mut book = JournalBook::default();
    for n in 0..1300 {
        let attempt = change(&format!("old {n}"), &format!("S-{n}"));
        book.begin(&attempt, start(), MINUTE).unwrap();
        book.finish(&attempt, &provider_core::Receipt::new(provider_core::Outcome::Applied), start());
    }
    store.import(book).await.unwrap();
    clock.turn(60 * MINUTE);
    let journal = store.journal();
    done(&journal, &change("young", "S-1")).await;
    armed(&journal, &change("open", "S-2")).await;
    assert_eq!(journal.forget(start() + 30 * MINUTE).await.unwrap(), 1300);
    assert!(is_done(&journal, &change("young", "S-1")).await);
    fresh(&journal, &change("old 7", "S-7")).await;
    assert_eq!(journal.open_attempts(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn moving_thousands_is_all_or_nothing() {
    ground!(place);
    let store = place.store().await;
    let mut book = JournalBook::default();
    for n in 0..1300 {
        book.begin(&change(&format!("key {n}"), &format!("S-{n}")), start(), MINUTE).unwrap();
    }
    store.import(book).await.unwrap();
    let journal = store.journal();
    let mut there = change("key 1299", "S-1").with_account(account("client 2"));
    "another".clone_into(&mut there.connection);
    let fence = fresh(&journal, &there).await;
    let (from, to) = (account("client 1"), account("client 2"));
    let error: Error = journal.move_account(&from, &to).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(journal.move_account(&account("client 3"), &to).await.unwrap(), 0);
    journal.release(&there, fence).await.unwrap();
    assert_eq!(journal.move_account(&from, &to).await.unwrap(), 1300);
    assert_eq!(journal.move_account(&from, &to).await.unwrap(), 0);
    assert_eq!(journal.move_account(&to, &to).await.unwrap(), 0);
}
