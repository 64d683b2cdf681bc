//! Where time comes from. What waits or compares moments takes a [`Clock`], so that tests need not wait.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// A boxed future without borrowed data.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// The time, and sleeping. The default is [`SystemClock`]; applications on tokio may pass the `TokioClock` of
/// provider-http, whose sleeps follow tokio's paused time; tests pass their own.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;

    /// Completes after this long.
    fn sleep(&self, duration: Duration) -> BoxFuture<()>;
}

/// The machine's clock. Its sleeps need no async runtime.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from(SystemTime::now())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(futures_timer::Delay::new(duration))
    }
}
