//! How long answers take.

use std::future::Future;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::lock::lock;

/// How long every answer takes, counted from the arrival of its request, on tokio's clock.
#[derive(Debug, Default)]
pub(crate) struct Latency(Mutex<Duration>);

impl Latency {
    pub(crate) fn set(&self, latency: Duration) {
        *lock(&self.0) = latency;
    }

    /// Holds back what `work` makes until it is due. The work falls inside: what it takes is not added.
    pub(crate) async fn hold<T>(&self, work: impl Future<Output = T>) -> T {
        let latency = *lock(&self.0);
        let due = Instant::now() + latency;
        let made = work.await;
        if !latency.is_zero() {
            sleep_until(due).await;
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_falls_inside_and_is_not_cut_short() {
        const LATENCY: Duration = Duration::from_millis(40);
        let latency = Latency::default();
        let taken = async |work: Duration| {
            let arrived = Instant::now();
            latency.hold(sleep(work)).await;
            arrived.elapsed()
        };
        assert_eq!(taken(Duration::ZERO).await, Duration::ZERO, "off by default");
        latency.set(LATENCY);
        assert_eq!(taken(Duration::ZERO).await, LATENCY);
        assert_eq!(taken(LATENCY / 2).await, LATENCY);
        assert_eq!(taken(LATENCY * 2).await, LATENCY * 2);
    }
}
