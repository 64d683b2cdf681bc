//! Time as a seam: nothing in this SDK reads the clock of the machine directly.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// A boxed future without borrowed data.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// Where time comes from. Tests pass their own; applications on tokio pass the one of provider-http,
/// whose sleeps obey tokio's paused time.
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
