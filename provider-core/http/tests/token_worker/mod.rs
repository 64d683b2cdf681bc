//! One of the processes of the process test: renews as often as it is told, notes every step in a file
//! that survives its death, and stands still where it is to be killed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failed unwrap is a failed worker, which the test counts; its output is how it speaks to the test"
)]

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use provider_core::token::{Lease, Stored, TokenKey, TokenStore, Version};
use provider_core::{ErrorKind, Result};
use provider_http::auth::{RotatingRefresh, TokenManager};
use provider_http::token::FileTokenStore;
use provider_http::{Body, Deadline, HttpOptions, ReqwestTransport, Transport, TransportError};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What a worker is told, through its environment.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    pub(crate) endpoint: String,
    pub(crate) tokens: PathBuf,
    pub(crate) progress: PathBuf,
    pub(crate) first: String,
    pub(crate) wishes: u64,
    /// Chooses where to be killed; none: nowhere.
    pub(crate) seed: Option<u64>,
}

const NAMES: [&str; 6] =
    ["WORKER_ENDPOINT", "WORKER_TOKENS", "WORKER_PROGRESS", "WORKER_FIRST", "WORKER_WISHES", "WORKER_SEED"];

impl Orders {
    pub(crate) fn to_env(&self) -> Vec<(&'static str, String)> {
        let values = [
            self.endpoint.clone(),
            self.tokens.display().to_string(),
            self.progress.display().to_string(),
            self.first.clone(),
            self.wishes.to_string(),
            self.seed.map(|seed| seed.to_string()).unwrap_or_default(),
        ];
        NAMES.into_iter().zip(values).collect()
    }

    /// The orders of this process, if it is a worker.
    pub(crate) fn from_env() -> Option<Self> {
        let mut values = NAMES.iter().map(|name| std::env::var(name).ok());
        let mut next = || values.next().flatten();
        Some(Self {
            endpoint: next()?,
            tokens: next()?.into(),
            progress: next()?.into(),
            first: next()?,
            wishes: next()?.parse().unwrap(),
            seed: next()?.parse().ok(),
        })
    }
}

pub(crate) fn key() -> TokenKey {
    TokenKey::new("streamone", "process-test")
}

/// Lower-case hexadecimal SHA-256, as the simulator and the stored record name tokens.
pub(crate) fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A well mixed number for every input (splitmix64).
pub(crate) fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One step in this many asks to be killed there.
const STEPS_TO_A_KILL: u64 = 40;

/// Notes steps, and stands still at those that the seed chose.
#[derive(Debug)]
struct Progress {
    file: File,
    seed: Option<u64>,
    steps: AtomicU64,
}

impl Progress {
    fn open(path: &Path, seed: Option<u64>) -> Arc<Self> {
        let file = File::options().create(true).append(true).open(path).unwrap();
        Arc::new(Self { file, seed, steps: AtomicU64::new(0) })
    }

    /// One unbuffered write: it is there even if the process dies right after.
    fn note(&self, step: &str, token: &str) {
        (&self.file).write_all(format!("{step} {token}\n").as_bytes()).unwrap();
    }

    fn step(&self, step: &str, token: &str) {
        self.note(step, token);
        let count = self.steps.fetch_add(1, Ordering::Relaxed);
        let chosen = |seed: u64| mixed(seed ^ count.rotate_left(32)).is_multiple_of(STEPS_TO_A_KILL);
        if self.seed.is_some_and(chosen) {
            println!("{KILL}");
            loop {
                std::thread::park();
            }
        }
    }
}

/// The file store with a step before and after each write and after each lease.
#[derive(Debug)]
struct WatchedStore {
    inner: FileTokenStore,
    progress: Arc<Progress>,
}

fn parse(value: &SecretString) -> Value {
    serde_json::from_str(value.expose_secret()).unwrap()
}

fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record.get(name).unwrap().as_str().unwrap()
}

fn flag(record: &Value, name: &str) -> bool {
    record.get(name).unwrap().as_bool().unwrap()
}

/// What a write is, and the token that it is about: the mark that changes, or else the new token.
fn describe(before: &Value, after: &Value) -> (&'static str, String) {
    let changed = ["intent", "first_intent"]
        .into_iter()
        .map(|name| (before.get(name), after.get(name).unwrap()))
        .find(|(before, after)| !after.is_null() && *before != Some(*after));
    let Some((_, mark)) = changed else { return ("save", hash(text(after, "refresh_token"))) };
    let step = match (flag(mark, "refused"), flag(mark, "recovery_used")) {
        (true, _) => "refuse",
        (false, true) => "recovery",
        (false, false) => "mark",
    };
    (step, text(mark, "token_sha256").to_owned())
}

/// The token that is lost to whoever has `first` configured, if the record says so.
fn lost(record: &Value, first: &str) -> Option<String> {
    let known = record.get("first_tokens").unwrap().as_array().unwrap();
    let first = hash(first);
    let (token, mark) = if known.iter().any(|token| token.as_str() == Some(&first)) {
        (hash(text(record, "refresh_token")), "intent")
    } else {
        (first, "first_intent")
    };
    let mark = record.get(mark).filter(|mark| !mark.is_null())?;
    let dead = text(mark, "token_sha256") == token && (flag(mark, "refused") || flag(mark, "recovery_used"));
    dead.then_some(token)
}

#[async_trait]
impl TokenStore for WatchedStore {
    async fn load(&self, key: &TokenKey) -> Result<Option<Stored>> {
        self.inner.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &TokenKey,
        expected: Option<Version>,
        value: SecretString,
    ) -> Result<bool> {
        let before = self.inner.load(key).await?.map_or(Value::Null, |stored| parse(&stored.value));
        let (step, token) = describe(&before, &parse(&value));
        self.progress.step(&format!("{step}:before"), &token);
        let done = self.inner.compare_and_swap(key, expected, value).await?;
        assert!(done, "under the lease nobody else writes");
        self.progress.step(&format!("{step}:after"), &token);
        Ok(done)
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Box<dyn Lease>> {
        let lease = self.inner.lease(key, ttl).await?;
        self.progress.step("leased", "-");
        Ok(lease)
    }
}

/// The real transport with a step before the request and one when the whole answer is there.
#[derive(Debug)]
struct WatchedTransport {
    inner: ReqwestTransport,
    progress: Arc<Progress>,
}

#[async_trait]
impl Transport for WatchedTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(request.body()).unwrap();
        let token =
            fields.iter().find(|(name, _)| name == "refresh_token").map(|(_, token)| hash(token)).unwrap();
        self.progress.step("post:before", &token);
        let (head, body) = self.inner.send(request).await?.into_parts();
        let body = body.collect().await?;
        self.progress.step("post:after", &token);
        Ok(Response::from_parts(head, Body::from_bytes(body)))
    }
}

/// How a worker ended by itself.
pub(crate) const FINISHED: &str = "@finished";
/// Followed by the hash of the token that is lost.
pub(crate) const LOST: &str = "@lost ";
/// Asks to be killed where it stands.
pub(crate) const KILL: &str = "@kill";

/// The worker's whole life.
pub(crate) fn work(orders: &Orders) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let end = runtime.block_on(fulfil(orders));
    println!("{end}");
}

async fn fulfil(orders: &Orders) -> String {
    let progress = Progress::open(&orders.progress, orders.seed);
    let inner = FileTokenStore::new(&orders.tokens);
    let store = WatchedStore { inner: inner.clone(), progress: Arc::clone(&progress) };
    let transport = WatchedTransport {
        inner: ReqwestTransport::new(&HttpOptions::default()).unwrap(),
        progress: Arc::clone(&progress),
    };
    let first = SecretString::from(orders.first.clone());
    let grant = RotatingRefresh::new(orders.endpoint.parse().unwrap(), Some(first));
    let manager =
        TokenManager::builder(key(), grant, Arc::new(transport)).store(Arc::new(store)).build().unwrap();
    for _ in 0..orders.wishes {
        loop {
            match manager.renew(Deadline::after(Duration::from_secs(60))).await {
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::ReauthRequired => {
                    let stored = inner.load(&key()).await.unwrap().unwrap();
                    // Otherwise somebody with newer credentials has begun a chain since.
                    if let Some(token) = lost(&parse(&stored.value), &orders.first) {
                        return format!("{LOST}{token}");
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        progress.note("wish", "-");
    }
    FINISHED.to_owned()
}
