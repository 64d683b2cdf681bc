//! A distributor's rate limit: so many calls in any window of a given length.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use super::lock::lock;

/// A sliding window over tokio's clock (not the simulated one: clients wait in real or paused time).
#[derive(Debug, Default)]
pub(crate) struct RateLimit(Mutex<Option<Window>>);

#[derive(Debug)]
struct Window {
    calls: usize,
    length: Duration,
    served: VecDeque<Instant>,
}

impl RateLimit {
    /// Allows `calls` in any `length` of time; 0 calls refuses everything.
    pub(crate) fn set(&self, calls: usize, length: Duration) {
        *lock(&self.0) = Some(Window { calls, length, served: VecDeque::new() });
    }

    /// Switches the limit off.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = None;
    }

    /// True if a call may be served now; it is then counted. A refused call does not count.
    pub(crate) fn admit(&self) -> bool {
        let mut guard = lock(&self.0);
        let Some(window) = guard.as_mut() else {
            return true;
        };
        let now = Instant::now();
        while window.served.front().is_some_and(|first| now.duration_since(*first) >= window.length) {
            window.served.pop_front();
        }
        if window.served.len() >= window.calls {
            return false;
        }
        window.served.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn slides_with_time() {
        let limit = RateLimit::default();
        assert!(limit.admit(), "off by default");
        limit.set(2, Duration::from_secs(10));
        assert!(limit.admit());
        tokio::time::advance(Duration::from_secs(6)).await;
        assert!(limit.admit());
        assert!(!limit.admit());
        tokio::time::advance(Duration::from_secs(4)).await;
        assert!(limit.admit(), "the first call has left the window");
        assert!(!limit.admit());
        limit.clear();
        assert!(limit.admit());
    }
}
