//! Backoff: growing pauses between attempts, with full jitter.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Draws each pause between zero and a bound that doubles, so that callers who failed together do not
/// come back together.
#[derive(Debug)]
pub(crate) struct Backoff {
    base: Duration,
    cap: Duration,
    state: AtomicU64,
}

impl Backoff {
    /// With a seed the pauses repeat; without one they are random.
    pub(crate) fn new(base: Duration, cap: Duration, seed: Option<u64>) -> Self {
        // Without entropy the pauses would merely be the same on each start.
        let seed = seed.or_else(|| getrandom::u64().ok()).unwrap_or_default();
        Self { base, cap, state: AtomicU64::new(seed) }
    }

    /// The pause after the `failed`th attempt (from 1).
    pub(crate) fn pause(&self, failed: u32) -> Duration {
        self.draw(self.bound(failed))
    }

    /// The same for background reads: at least half of the bound.
    pub(crate) fn long_pause(&self, failed: u32) -> Duration {
        let half = self.bound(failed) / 2;
        half + self.draw(half)
    }

    fn bound(&self, failed: u32) -> Duration {
        let doubled =
            self.base.saturating_mul(1_u32.checked_shl(failed.saturating_sub(1)).unwrap_or(u32::MAX));
        doubled.min(self.cap)
    }

    fn draw(&self, bound: Duration) -> Duration {
        let nanos = u64::try_from(bound.as_nanos()).unwrap_or(u64::MAX);
        // The high half of a 128-bit product maps the full range of the generator onto 0..=bound.
        let drawn = (u128::from(self.next()) * (u128::from(nanos) + 1)) >> 64;
        Duration::from_nanos(u64::try_from(drawn).unwrap_or(nanos))
    }

    /// SplitMix64: pauses need no more than an even spread, and a lock-free step.
    fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Duration = Duration::from_millis(250);
    const CAP: Duration = Duration::from_secs(20);

    #[test]
    fn a_seed_repeats_the_pauses() {
        let draw = |seed| {
            let backoff = Backoff::new(BASE, CAP, Some(seed));
            (1..=8).map(|n| backoff.pause(n)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn pauses_spread_over_the_whole_range_and_never_beyond_it() {
        for (attempt, bound) in [(1, BASE), (2, BASE * 2), (5, BASE * 16), (8, CAP), (200, CAP)] {
            let backoff = Backoff::new(BASE, CAP, Some(1));
            let drawn: Vec<_> = (0..1000).map(|_| backoff.pause(attempt)).collect();
            assert!(drawn.iter().all(|pause| *pause <= bound), "attempt {attempt}");
            assert!(drawn.iter().any(|pause| *pause < bound / 10), "attempt {attempt}");
            assert!(drawn.iter().any(|pause| *pause > bound / 10 * 9), "attempt {attempt}");
        }
    }

    #[test]
    fn long_pauses_grow() {
        for (attempt, bound) in [(1, BASE), (4, BASE * 8), (9, CAP), (u32::MAX, CAP)] {
            let backoff = Backoff::new(BASE, CAP, Some(1));
            let drawn: Vec<_> = (0..1000).map(|_| backoff.long_pause(attempt)).collect();
            assert!(drawn.iter().all(|pause| *pause >= bound / 2 && *pause <= bound), "attempt {attempt}");
        }
    }

    #[test]
    fn without_a_seed_two_clients_differ() {
        let first = Backoff::new(BASE, CAP, None);
        let second = Backoff::new(BASE, CAP, None);
        assert_ne!(
            (1..=4).map(|n| first.pause(n)).collect::<Vec<_>>(),
            (1..=4).map(|n| second.pause(n)).collect::<Vec<_>>()
        );
    }
}
