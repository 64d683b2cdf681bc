//! A token endpoint in memory, a clock on tokio's time, a store that can fail, and an observer that remembers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a failed unwrap is a failed test, and each test file uses a part of this"
)]

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Request, Response, StatusCode};
use provider_core::clock::{BoxFuture, Clock};
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::token::{Lease, MemoryTokenStore, Stored, TokenKey, TokenStore, Version};
use provider_core::{Error, ErrorKind, Result};
use provider_http::auth::{RotatingRefresh, SettingNames, TokenManager, TokenManagerBuilder};
use provider_http::{
    Authenticator, Body, Credential, Deadline, Transport, TransportError, TransportErrorKind,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

/// Long enough for everything that is to succeed.
pub(crate) fn patient() -> Deadline {
    Deadline::after(Duration::from_secs(120))
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

pub(crate) fn key() -> TokenKey {
    TokenKey::new("streamone", "10042")
}

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// Past the end of an access token and of every pause that the manager keeps.
pub(crate) async fn expire() {
    tokio::time::advance(2 * HOUR + Duration::from_secs(1)).await;
}

/// The bearer token of a credential.
pub(crate) fn bearer(credential: &Credential) -> String {
    let (_, value) = credential.header().unwrap().unwrap();
    value.to_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}

/// Wall time that follows tokio's clock.
#[derive(Debug)]
pub(crate) struct TestClock(Instant);

impl TestClock {
    pub(crate) fn start() -> Arc<Self> {
        Arc::new(Self(Instant::now()))
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap() + self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// What becomes of one POST. By default the token is judged and the answer arrives.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    Normal,
    /// Normal, this much later.
    Slow(Duration),
    /// No connection.
    NotSent,
    /// The connection breaks before the endpoint acts.
    LostBefore,
    /// The endpoint acts, and the answer is lost.
    LostAfter,
    /// The endpoint acts, and half of the answer arrives.
    Torn,
    /// An answer that never ends, and the endpoint does not act.
    Endless,
    /// Nothing ever comes, and the endpoint does not act.
    Silent,
    /// This status and body, and the endpoint does not act.
    Status(u16, &'static str),
    /// The endpoint acts, and this status and body arrive.
    ActsThen(u16, &'static str),
    /// Issues an access token and no refresh token; the one that was sent stays good.
    WithoutRefreshToken,
}

/// A token endpoint with single-use refresh tokens: `R0` is good at first, then `R1`, and so on.
#[derive(Default)]
pub(crate) struct Issuer {
    state: Mutex<IssuerState>,
    log: Log,
}

/// It knows all tokens, and a test searches for them in what is shown of managers.
impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Issuer")
    }
}

struct IssuerState {
    good: HashSet<String>,
    spent: HashSet<String>,
    issued: u32,
    fates: VecDeque<Fate>,
    posts: Vec<String>,
    replays: u32,
    life: u64,
}

impl Default for IssuerState {
    fn default() -> Self {
        Self {
            good: HashSet::from(["R0".to_owned()]),
            spent: HashSet::new(),
            issued: 0,
            fates: VecDeque::new(),
            posts: Vec::new(),
            replays: 0,
            life: 7200,
        }
    }
}

/// What happened, in order, across endpoint and store.
pub(crate) type Log = Arc<Mutex<Vec<&'static str>>>;

impl Issuer {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn logging(log: &Log) -> Arc<Self> {
        Arc::new(Self { log: Arc::clone(log), ..Self::default() })
    }

    /// What becomes of the next POSTs.
    pub(crate) fn next(&self, fates: impl IntoIterator<Item = Fate>) {
        self.state.lock().unwrap().fates.extend(fates);
    }

    /// "Request new credentials": another token becomes good.
    pub(crate) fn grant(&self, token: &str) {
        self.state.lock().unwrap().good.insert(token.to_owned());
    }

    pub(crate) fn revoke_all(&self) {
        self.state.lock().unwrap().good.clear();
    }

    pub(crate) fn set_life(&self, seconds: u64) {
        self.state.lock().unwrap().life = seconds;
    }

    /// The refresh tokens of all POSTs that left.
    pub(crate) fn posts(&self) -> Vec<String> {
        self.state.lock().unwrap().posts.clone()
    }

    /// POSTs of a token that had been exchanged.
    pub(crate) fn replays(&self) -> u32 {
        self.state.lock().unwrap().replays
    }

    fn act(&self, token: &str) -> (u16, String) {
        let mut state = self.state.lock().unwrap();
        if !state.good.remove(token) {
            if state.spent.contains(token) {
                state.replays += 1;
            }
            return (400, r#"{"error":"cannot validate token: redis: nil"}"#.to_owned());
        }
        state.spent.insert(token.to_owned());
        state.issued += 1;
        let (number, life) = (state.issued, state.life);
        state.good.insert(format!("R{number}"));
        (
            200,
            format!(
                r#"{{"access_token":"A{number}","expires_in":{life},"refresh_token":"R{number}","token_type":"Bearer"}}"#
            ),
        )
    }
}

fn lost() -> TransportError {
    TransportError::new(TransportErrorKind::Request, "the connection broke before an answer came")
}

fn answer(status: u16, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::from_bytes(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

#[async_trait]
impl Transport for Issuer {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let (parts, body) = request.into_parts();
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).unwrap();
        let token = fields.into_iter().find(|(name, _)| name == "refresh_token").unwrap().1;
        let fate = self.state.lock().unwrap().fates.pop_front().unwrap_or(Fate::Normal);
        if matches!(fate, Fate::NotSent) {
            return Err(TransportError::new(TransportErrorKind::Connect, "no connection"));
        }
        assert_eq!(parts.method, http::Method::POST);
        self.state.lock().unwrap().posts.push(token.clone());
        self.log.lock().unwrap().push("post");
        match fate {
            Fate::NotSent | Fate::LostBefore => Err(lost()),
            Fate::Normal => {
                let (status, body) = self.act(&token);
                Ok(answer(status, body))
            }
            Fate::Slow(pause) => {
                let (status, body) = self.act(&token);
                tokio::time::sleep(pause).await;
                Ok(answer(status, body))
            }
            Fate::LostAfter => {
                self.act(&token);
                Err(lost())
            }
            Fate::Torn => {
                let (_, body) = self.act(&token);
                let half = Bytes::from(body.split_at(body.len() / 2).0.to_owned());
                let torn = TransportError::new(TransportErrorKind::Interrupted, "the answer broke off");
                let pieces = futures_util::stream::iter([Ok(half), Err(torn)]);
                Ok(Response::new(Body::from_stream(pieces)))
            }
            Fate::Endless => {
                let piece = futures_util::stream::repeat_with(|| Ok(Bytes::from(vec![b' '; 65_536])));
                Ok(Response::new(Body::from_stream(piece)))
            }
            Fate::Silent => std::future::pending().await,
            Fate::Status(status, body) => Ok(answer(status, body)),
            Fate::ActsThen(status, body) => {
                self.act(&token);
                Ok(answer(status, body))
            }
            Fate::WithoutRefreshToken => {
                let mut state = self.state.lock().unwrap();
                assert!(state.good.contains(&token));
                state.issued += 1;
                let number = state.issued;
                Ok(answer(200, format!(r#"{{"access_token":"A{number}","expires_in":7200}}"#)))
            }
        }
    }
}

/// How the next writes of a [`FlakyStore`] end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteFate {
    Works,
    Fails,
    /// Stores the value and reports a failure all the same.
    WorksButReportsFailure,
}

/// A store that fails on demand and notes its writes in a log.
#[derive(Debug)]
pub(crate) struct FlakyStore {
    pub(crate) inner: MemoryTokenStore,
    writes: Mutex<VecDeque<WriteFate>>,
    broken: Mutex<bool>,
    log: Log,
}

impl FlakyStore {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Self::logging(clock, &Log::default())
    }

    pub(crate) fn logging(clock: Arc<dyn Clock>, log: &Log) -> Arc<Self> {
        Arc::new(Self {
            inner: MemoryTokenStore::new(clock),
            writes: Mutex::default(),
            broken: Mutex::new(false),
            log: Arc::clone(log),
        })
    }

    pub(crate) fn next_writes(&self, fates: impl IntoIterator<Item = WriteFate>) {
        self.writes.lock().unwrap().extend(fates);
    }

    /// From now on every write fails, or none.
    pub(crate) fn set_broken(&self, broken: bool) {
        *self.broken.lock().unwrap() = broken;
    }

    /// The stored record.
    pub(crate) async fn record(&self) -> serde_json::Value {
        let stored = self.inner.load(&key()).await.unwrap().unwrap();
        serde_json::from_str(stored.value.expose_secret()).unwrap()
    }

    /// Stores this record, whatever is there.
    pub(crate) async fn overwrite(&self, record: &serde_json::Value) {
        let version = self.inner.load(&key()).await.unwrap().map(|stored| stored.version);
        let value = SecretString::from(record.to_string());
        assert!(self.inner.compare_and_swap(&key(), version, value).await.unwrap());
    }
}

#[async_trait]
impl TokenStore for FlakyStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<Stored>> {
        self.inner.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &TokenKey,
        expected: Option<Version>,
        value: SecretString,
    ) -> Result<bool> {
        let fate = self.writes.lock().unwrap().pop_front().unwrap_or(WriteFate::Works);
        let broken = *self.broken.lock().unwrap();
        let failure = || Err(Error::new(ErrorKind::Internal, "disk full"));
        if broken || fate == WriteFate::Fails {
            return failure();
        }
        let record: serde_json::Value = serde_json::from_str(value.expose_secret()).unwrap();
        let marked = ["intent", "first_intent"].iter().any(|mark| !record.get(mark).unwrap().is_null());
        self.log.lock().unwrap().push(if marked { "mark" } else { "save" });
        let done = self.inner.compare_and_swap(key, expected, value).await?;
        if fate == WriteFate::WorksButReportsFailure { failure() } else { Ok(done) }
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Box<dyn Lease>> {
        self.inner.lease(key, ttl).await
    }
}

/// Remembers what it was told. Whoever tells it survives its panics, so it judges the names afterwards.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Vec<Event>>);

impl Recorder {
    pub(crate) fn seen(&self) -> Vec<EventKind> {
        let name = |event: &Event| {
            assert_eq!((event.provider.as_ref(), event.connection.as_str()), ("streamone", "main"));
            event.what.clone()
        };
        self.0.lock().unwrap().iter().map(name).collect()
    }

    pub(crate) fn count(&self, wanted: impl Fn(&EventKind) -> bool) -> usize {
        self.seen().iter().filter(|what| wanted(what)).count()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            drop(self.seen());
        }
    }
}

impl Observer for Recorder {
    fn event(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

/// One account at one endpoint with one store, and as many managers (processes) as a test wants.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) store: Arc<FlakyStore>,
    pub(crate) observer: Arc<Recorder>,
    pub(crate) log: Log,
}

impl World {
    pub(crate) fn new() -> Self {
        let (clock, log) = (TestClock::start(), Log::default());
        Self {
            issuer: Issuer::logging(&log),
            store: FlakyStore::logging(Arc::<TestClock>::clone(&clock), &log),
            observer: Arc::default(),
            clock,
            log,
        }
    }

    pub(crate) fn builder(&self, first: Option<&str>) -> TokenManagerBuilder {
        let endpoint = "https://ion.example.com/oauth/token".parse().unwrap();
        let grant = RotatingRefresh::new(endpoint, first.map(secret))
            .refresh_life(Duration::from_secs(2_764_800))
            .settings(SettingNames::new(
                "STREAMONE_BASE_URL",
                ["STREAMONE_REFRESH_TOKEN"],
                "request new credentials under Settings, Users, OAuth credentials",
            ));
        TokenManager::builder(key(), grant, Arc::<Issuer>::clone(&self.issuer))
            .connection("main")
            .store(Arc::<FlakyStore>::clone(&self.store))
            .clock(Arc::<TestClock>::clone(&self.clock))
            .observer(Arc::<Recorder>::clone(&self.observer))
    }

    /// A manager as another process would have it, with this token configured.
    pub(crate) fn manager(&self, first: &str) -> TokenManager {
        self.builder(Some(first)).build().unwrap()
    }
}

/// The bearer token that a manager serves.
pub(crate) async fn token(manager: &TokenManager) -> Result<String> {
    manager.credential(patient()).await.map(|credential| bearer(&credential))
}

/// The error of a manager that has no token, which must hold no secret.
pub(crate) async fn failure(manager: &TokenManager) -> Error {
    let error = manager.credential(patient()).await.unwrap_err();
    let mut shown = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        shown.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    for number in 0..9 {
        for prefix in ["R", "A"] {
            let token = format!("{prefix}{number}");
            assert!(!shown.contains(&token), "{token} in {shown}");
        }
    }
    assert_eq!(error.delivery(), provider_core::Delivery::NotSent);
    assert_eq!(error.provider(), Some("streamone"));
    error
}
