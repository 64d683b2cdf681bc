//! The clock of applications on tokio.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use provider_core::clock::{BoxFuture, Clock};
use tokio::time::Instant;

/// The machine's clock, whose sleeps are tokio's. Where a test has paused tokio's time, `now` moves with
/// it; otherwise it is the wall clock and follows its corrections.
#[derive(Debug, Clone, Copy)]
pub struct TokioClock {
    std: std::time::Instant,
    tokio: Instant,
}

impl TokioClock {
    /// A clock that starts at the machine's time.
    #[must_use]
    pub fn new() -> Self {
        Self { std: std::time::Instant::now(), tokio: Instant::now() }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> DateTime<Utc> {
        // Both instants run alike unless a test has paused or advanced tokio's.
        let lead = self.tokio.elapsed();
        let real = self.std.elapsed();
        DateTime::from(SystemTime::now() + lead.saturating_sub(real) - real.saturating_sub(lead))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn moves_with_paused_time() {
        let clock = TokioClock::new();
        let before = clock.now();
        clock.sleep(Duration::from_secs(3600)).await;
        let passed = clock.now() - before;
        assert!((passed - chrono::Duration::hours(1)).abs() < chrono::Duration::seconds(1), "{passed}");
    }

    #[tokio::test]
    async fn is_the_wall_clock_otherwise() {
        let off = TokioClock::new().now() - DateTime::<Utc>::from(SystemTime::now());
        assert!(off.abs() < chrono::Duration::seconds(1), "{off}");
    }
}
