//! One sleep for many waits.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::future::{Either, select};
use provider_core::clock::{BoxFuture, Clock};

/// Waits until a moment at most. A sleep that was not slept to its end is kept for the next wait: to begin one for every
/// page wakes another thread each time.
#[derive(Debug)]
pub(super) struct Alarm {
    clock: Arc<dyn Clock>,
    kept: Mutex<Option<Sleep>>,
}

/// A sleep, and when it ends.
struct Sleep {
    ends: DateTime<Utc>,
    sleep: BoxFuture<()>,
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("ends", &self.ends).finish_non_exhaustive()
    }
}

impl Alarm {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, kept: Mutex::new(None) }
    }

    fn kept(&self) -> MutexGuard<'_, Option<Sleep>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the work answers; `None` where it has not by then.
    pub(super) async fn until<T>(
        &self,
        end: DateTime<Utc>,
        work: impl Future<Output = T> + Send,
    ) -> Option<T> {
        let mut work = pin!(work);
        loop {
            let kept = self.kept().take().filter(|kept| kept.ends <= end);
            let Sleep { ends, sleep } = kept.unwrap_or_else(|| {
                let rest = (end - self.clock.now()).to_std().unwrap_or_default();
                Sleep { ends: end, sleep: self.clock.sleep(rest) }
            });
            match select(work.as_mut(), sleep).await {
                Either::Left((done, sleep)) => {
                    *self.kept() = Some(Sleep { ends, sleep });
                    return Some(done);
                }
                Either::Right(((), _)) if ends >= end => return None,
                // It was begun for an earlier wait.
                Either::Right(((), _)) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::future::{pending, ready};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;

    /// Follows tokio's paused time, and counts the sleeps that were begun.
    #[derive(Debug)]
    struct Counting {
        begun: tokio::time::Instant,
        sleeps: AtomicU32,
    }

    impl Clock for Counting {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH + self.begun.elapsed()
        }

        fn sleep(&self, duration: Duration) -> BoxFuture<()> {
            self.sleeps.fetch_add(1, Ordering::SeqCst);
            Box::pin(tokio::time::sleep(duration))
        }
    }

    fn alarm() -> (Alarm, Arc<Counting>) {
        let clock = Arc::new(Counting { begun: tokio::time::Instant::now(), sleeps: AtomicU32::new(0) });
        (Alarm::new(Arc::<Counting>::clone(&clock)), clock)
    }

    #[tokio::test(start_paused = true)]
    async fn waits_that_end_early_share_a_sleep_and_none_is_cut_short_by_it() {
        let (alarm, clock) = alarm();
        for _ in 0..20 {
            let end = clock.now() + Duration::from_secs(30);
            let work = async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                7
            };
            assert_eq!(alarm.until(end, work).await, Some(7));
        }
        assert_eq!(clock.sleeps.load(Ordering::SeqCst), 1);
        let end = clock.now() + Duration::from_secs(30);
        assert_eq!(alarm.until(end, pending::<()>()).await, None);
        assert_eq!((clock.now(), clock.sleeps.load(Ordering::SeqCst)), (end, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_ends_before_the_sleep_of_another_has_its_own() {
        let (alarm, clock) = alarm();
        let far = clock.now() + Duration::from_secs(30);
        assert_eq!(alarm.until(far, ready(1)).await, Some(1));
        let near = clock.now() + Duration::from_secs(5);
        assert_eq!(alarm.until(near, pending::<()>()).await, None);
        assert_eq!(clock.now(), near);
        assert_eq!(alarm.until(near, pending::<()>()).await, None, "it is over already");
        assert_eq!(clock.now(), near);
    }
}
