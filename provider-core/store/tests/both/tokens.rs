//! Keys, their absence, and rows that were moved.

use std::sync::Arc;
use std::time::Duration;

use provider_core::ErrorKind;
use provider_core::clock::Clock as _;
use provider_core::token::{TokenKey, TokenStore};
use provider_store::{Store, StoreErrorKind};
use secrecy::{ExposeSecret, SecretString};

use crate::attempts::{HandClock, MINUTE, chain, of_kind, sealing_key};

fn value(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn stored(tokens: &Arc<dyn TokenStore>) -> Option<String> {
    tokens.load(&chain()).await.unwrap().map(|stored| stored.value.expose_secret().to_owned())
}

#[tokio::test]
async fn without_a_key_nothing_is_kept_unless_that_is_chosen() {
    ground!(place);
    let store = Store::open(place.address()).await.unwrap();
    let tokens = store.services().token_store;
    let refusals = [
        tokens.load(&chain()).await.map(drop),
        tokens.compare_and_swap(&chain(), None, value("REFRESH-0001")).await.map(drop),
        tokens.lease(&chain(), MINUTE).await.map(drop),
    ];
    for refusal in refusals {
        let error = of_kind(refusal, StoreErrorKind::NoKey);
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("PROVIDER_TOKEN_KEY"), "{error}");
        assert!(error.to_string().contains("unsealed()"), "{error}");
    }
    assert!(store.services().journal.is_some(), "the journal needs no key");
    assert_eq!(stored(&place.store().await.token_store()).await, None);
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_overwrites_nothing() {
    ground!(place);
    let open = |digit| place.opening().sealing_key(sealing_key(digit));
    let right = open('1').await.unwrap().token_store();
    assert!(right.compare_and_swap(&chain(), None, value("REFRESH-0001")).await.unwrap());
    let (wrong, none) = (open('2').await.unwrap().token_store(), place.store().await.token_store());
    for tokens in [wrong, none] {
        for key in [chain(), TokenKey::new("streamone", "another account")] {
            for refusal in [
                tokens.load(&key).await.map(drop),
                tokens.compare_and_swap(&key, None, value("x")).await.map(drop),
                tokens.compare_and_swap(&key, Some(1), value("x")).await.map(drop),
            ] {
                let error = of_kind(refusal, StoreErrorKind::WrongKey);
                assert!(error.to_string().contains("PROVIDER_TOKEN_KEY"), "{error}");
                assert!(!format!("{error} {error:?}").contains("REFRESH"), "{error:?}");
            }
        }
    }
    assert_eq!(stored(&right).await.as_deref(), Some("REFRESH-0001"));
    assert!(right.compare_and_swap(&chain(), Some(1), value("REFRESH-0002")).await.unwrap());
}

#[tokio::test]
async fn a_key_can_be_added_later_and_is_needed_from_then_on() {
    ground!(place);
    let clear = place.store().await.token_store();
    assert!(clear.compare_and_swap(&chain(), None, value("REFRESH-0001")).await.unwrap());
    let sealed = place.opening().sealing_key(sealing_key('1')).await.unwrap().token_store();
    assert_eq!(stored(&sealed).await.as_deref(), Some("REFRESH-0001"));
    assert!(!sealed.compare_and_swap(&chain(), None, value("x")).await.unwrap());
    assert_eq!(stored(&clear).await.as_deref(), Some("REFRESH-0001"), "nothing was sealed yet");
    assert!(sealed.compare_and_swap(&chain(), Some(1), value("REFRESH-0002")).await.unwrap());
    of_kind(clear.load(&chain()).await, StoreErrorKind::WrongKey);
    of_kind(clear.compare_and_swap(&chain(), Some(2), value("x")).await, StoreErrorKind::WrongKey);
    assert_eq!(stored(&sealed).await.as_deref(), Some("REFRESH-0002"));
}

#[tokio::test]
async fn a_row_that_was_moved_or_rolled_back_does_not_open() {
    ground!(place);
    let tokens = place.opening().sealing_key(sealing_key('1')).await.unwrap().token_store();
    let other = TokenKey::new("streamone", "10043");
    assert!(tokens.compare_and_swap(&chain(), None, value("REFRESH-0001")).await.unwrap());
    assert!(tokens.compare_and_swap(&other, None, value("REFRESH-9001")).await.unwrap());
    place
        .sql(
            "CREATE TABLE kept AS SELECT value FROM provider_token WHERE account = '10042'; \
         UPDATE provider_token SET value = (SELECT value FROM kept) WHERE account = '10043'",
        )
        .await;
    of_kind(tokens.load(&other).await, StoreErrorKind::WrongKey);
    assert!(tokens.compare_and_swap(&chain(), Some(1), value("REFRESH-0002")).await.unwrap());
    place.sql("UPDATE provider_token SET value = (SELECT value FROM kept) WHERE account = '10042'").await;
    of_kind(tokens.load(&chain()).await, StoreErrorKind::WrongKey);
}

#[tokio::test]
async fn a_lease_is_given_back_before_its_process_can_end() {
    ground!(place);
    let clock: Arc<HandClock> = Arc::default();
    let open = || place.opening().clock(Arc::clone(&clock) as _);
    for _ in 0..20 {
        let before = clock.now();
        let tokens = open().await.unwrap().token_store();
        let lease = tokens.lease(&chain(), MINUTE).await.unwrap();
        assert!(lease.is_held());
        assert_eq!(clock.now(), before, "nobody had to wait for the lease before");
        drop(tokens);
        drop(lease);
    }
    let tokens = open().await.unwrap().token_store();
    let lease = tokens.lease(&chain(), MINUTE).await.unwrap();
    clock.turn(MINUTE - Duration::from_micros(1));
    assert!(lease.is_held());
    clock.turn(Duration::from_micros(1));
    assert!(!lease.is_held(), "at its end it may be somebody else's");
}
