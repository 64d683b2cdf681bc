//! How credentials and the pipeline work together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use provider_core::{Advice, Delivery, Error, ErrorKind, Result};
use provider_http::{Authenticator, Basic, CallOptions, Credential, Deadline, RequestSpec};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::scripted::{Reply, Scripted};

/// Hands out `token-1`, and the next one after each invalidation.
#[derive(Debug, Default)]
struct Counting {
    version: AtomicU64,
    closed: AtomicU64,
}

#[async_trait::async_trait]
impl Authenticator for Counting {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        let version = self.version.load(Ordering::SeqCst) + 1;
        Ok(Credential::bearer(&SecretString::from(format!("token-{version}")), version))
    }

    fn invalidate(&self, version: u64) {
        let _ = self.version.compare_exchange(version - 1, version, Ordering::SeqCst, Ordering::SeqCst);
    }

    async fn close(&self) -> Result<()> {
        self.closed.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// Never gets a token.
#[derive(Debug)]
struct Stuck;

#[async_trait::async_trait]
impl Authenticator for Stuck {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        std::future::pending().await
    }

    fn invalidate(&self, _version: u64) {}
}

/// Lost its grant.
#[derive(Debug)]
struct Lost;

#[async_trait::async_trait]
impl Authenticator for Lost {
    async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
        Err(Error::new(ErrorKind::ReauthRequired, "issue a new refresh token in the portal"))
    }

    fn invalidate(&self, _version: u64) {}
}

fn accepts(token: &'static str) -> Scripted {
    Scripted::new(move |_, request| {
        let given = request.headers()["authorization"].to_str().unwrap();
        Reply::status(if given == token { 200 } else { 401 })
    })
}

#[tokio::test]
async fn a_401_is_answered_with_a_new_token_once() {
    let wire = accepts("Bearer token-2");
    let http = wire.builder().authenticator(Arc::new(Counting::default())).build().unwrap();
    for spec in [RequestSpec::post("/x"), RequestSpec::get("/x")] {
        http.send(spec, &CallOptions::default()).await.unwrap();
    }
    let tokens: Vec<_> = wire.seen().into_iter().map(|seen| seen.authorization.unwrap()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2", "Bearer token-2"]);
}

#[tokio::test]
async fn a_second_401_stands() {
    let wire = accepts("Bearer token-9");
    let http = wire.builder().authenticator(Arc::new(Counting::default())).build().unwrap();
    let error = http.send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((wire.count(), error.attempts()), (2, 2));
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unauthenticated, Delivery::Rejected));
    assert_eq!(error.advice(), Advice::AfterReauth);
}

/// A token that was just obtained may not be known everywhere yet.
#[tokio::test(start_paused = true)]
async fn a_read_gets_two_new_tokens_and_no_more() {
    let wire = accepts("Bearer token-3");
    let http = wire.builder().authenticator(Arc::new(Counting::default())).build().unwrap();
    http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    assert_eq!(wire.count(), 3);

    let wire = accepts("Bearer token-9");
    for priority in [provider_core::query::Priority::Interactive, provider_core::query::Priority::Bulk] {
        let before = wire.count();
        let http = wire.builder().authenticator(Arc::new(Counting::default())).build().unwrap();
        let call = CallOptions::default().priority(priority);
        let error = http.send(RequestSpec::get("/x"), &call).await.unwrap_err();
        assert_eq!((wire.count() - before, error.attempts()), (3, 3));
        assert_eq!((error.kind(), error.advice()), (ErrorKind::Unauthenticated, Advice::AfterReauth));
    }
}

#[tokio::test]
async fn a_credential_that_cannot_change_is_not_tried_twice() {
    let wire = accepts("Basic other");
    let basic = Basic::new("user", &SecretString::from("pass".to_owned()));
    let http = wire.builder().authenticator(Arc::new(basic)).build().unwrap();
    let error = http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((wire.count(), error.kind()), (1, ErrorKind::Unauthenticated));
}

#[tokio::test]
async fn a_401_without_a_credential_stands() {
    let wire = Scripted::new(|_, _| Reply::status(401));
    let http = wire.builder().authenticator(Arc::new(Counting::default())).build().unwrap();
    let spec = RequestSpec::post("/token").without_credential();
    let error = http.send(spec, &CallOptions::default()).await.unwrap_err();
    assert_eq!((wire.count(), error.kind()), (1, ErrorKind::Unauthenticated));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_ends_at_the_deadline() {
    let wire = accepts("any");
    let http = wire.builder().authenticator(Arc::new(Stuck)).build().unwrap();
    let call = CallOptions::default().deadline(Duration::from_secs(9));
    let start = Instant::now();
    let error = http.send(RequestSpec::post("/x"), &call).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 9);
    assert_eq!(
        (error.kind(), error.delivery(), error.advice()),
        (ErrorKind::Timeout, Delivery::NotSent, Advice::Backoff)
    );
    assert_eq!(wire.count(), 0);
}

#[tokio::test]
async fn a_lost_grant_is_reported_and_nothing_is_sent() {
    let wire = accepts("any");
    let http = wire.builder().authenticator(Arc::new(Lost)).build().unwrap();
    let error = http.send(RequestSpec::post("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::ReauthRequired, Delivery::NotSent));
    assert_eq!(error.advice(), Advice::AfterReauth);
    assert_eq!(wire.count(), 0);
}

#[tokio::test]
async fn another_credential_shares_everything_else() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let first = wire.client();
    let basic = Basic::new("key", &SecretString::from("secret".to_owned()));
    let second = first.with_authenticator(Arc::new(basic));
    let tokens = second.for_tokens();
    for http in [&first, &second, &tokens] {
        http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap();
    }
    let given: Vec<_> = wire.seen().into_iter().map(|seen| seen.authorization).collect();
    assert_eq!(given, [None, Some("Basic a2V5OnNlY3JldA==".to_owned()), None]);
}

#[tokio::test]
async fn a_secret_that_no_header_can_carry_is_an_error_without_the_secret() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    #[derive(Debug)]
    struct Broken;
    #[async_trait::async_trait]
    impl Authenticator for Broken {
        async fn credential(&self, _deadline: Deadline) -> Result<Credential> {
            Ok(Credential::bearer(&SecretString::from("s3cret\n".to_owned()), 1))
        }
        fn invalidate(&self, _version: u64) {}
    }
    let http = wire.builder().authenticator(Arc::new(Broken)).build().unwrap();
    let error = http.send(RequestSpec::get("/x"), &CallOptions::default()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery(), wire.count()),
        (ErrorKind::Unauthenticated, Delivery::NotSent, 0)
    );
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn closing_waits_for_the_authenticator() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let counting = Arc::new(Counting::default());
    let http = wire.builder().authenticator(Arc::clone(&counting) as Arc<dyn Authenticator>).build().unwrap();
    http.close().await.unwrap();
    assert_eq!(counting.closed.load(Ordering::SeqCst), 1);
}
