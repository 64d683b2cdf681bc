//! Until when what was bought can be reduced or cancelled.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::Subscription;

/// Until when something can be reduced or cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReducibleUntil {
    /// At any time.
    Always,
    /// Until this moment.
    Moment(DateTime<Utc>),
    /// In so many days after it begins, and then not before its term ends.
    FirstDays(u32),
    /// Not before its term ends, where that is told.
    TermEnd(Option<DateTime<Utc>>),
    /// The distributor does not say.
    Unknown,
}

/// Until when one thing that a plan is about can be reduced or cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reducible {
    /// What it is about: `lines[0]` of an order, or `subscription 7`.
    pub what: String,
    /// Until when.
    pub until: ReducibleUntil,
}

impl Reducible {
    /// This can be reduced until then.
    #[must_use]
    pub fn new(what: impl Into<String>, until: ReducibleUntil) -> Self {
        Self { what: what.into(), until }
    }

    /// A line of an order, by its index from 0.
    #[must_use]
    pub fn line(index: usize, until: ReducibleUntil) -> Self {
        Self::new(format!("lines[{index}]"), until)
    }

    /// A subscription, by what it says itself: until the end of its window while that is open, then not
    /// before its term ends. Without a window nothing is known.
    #[must_use]
    pub fn subscription(subscription: &Subscription, now: DateTime<Utc>) -> Self {
        let ends = subscription.commitment_ends_at.or(subscription.ends_at);
        let what = format!("subscription {}", subscription.id);
        Self::new(what, ReducibleUntil::window(subscription.cancellable_until, ends, now))
    }
}

impl ReducibleUntil {
    /// Within a window until this moment, and after it not before the term ends. Without a window nothing is
    /// known.
    #[must_use]
    pub fn window(until: Option<DateTime<Utc>>, ends: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Self {
        match until {
            Some(until) if until >= now => Self::Moment(until),
            Some(_) => Self::TermEnd(ends.filter(|end| *end > now)),
            None => Self::Unknown,
        }
    }
}

impl fmt::Display for ReducibleUntil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("can be reduced or cancelled at any time"),
            Self::Moment(until) => write!(f, "can be reduced or cancelled until {}", until.to_rfc3339()),
            Self::FirstDays(days) => write!(
                f,
                "can be reduced or cancelled in the first {days} days, then not before its term ends"
            ),
            Self::TermEnd(Some(end)) => {
                write!(f, "cannot be reduced or cancelled before its term ends at {}", end.to_rfc3339())
            }
            Self::TermEnd(None) => f.write_str("cannot be reduced or cancelled before its term ends"),
            Self::Unknown => f.write_str("until when it can be reduced or cancelled is not known"),
        }
    }
}

impl fmt::Display for Reducible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.until)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_subscription_says_it_by_its_window() {
        let now = DateTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let later = now + Duration::from_secs(60);
        let mut subscription = Subscription::new("7", "c", 5);
        let told = |subscription: &Subscription| Reducible::subscription(subscription, now).until;
        assert_eq!(told(&subscription), ReducibleUntil::Unknown);
        subscription.cancellable_until = Some(later);
        assert_eq!(told(&subscription), ReducibleUntil::Moment(later));
        subscription.cancellable_until = Some(DateTime::UNIX_EPOCH);
        assert_eq!(told(&subscription), ReducibleUntil::TermEnd(None));
        subscription.ends_at = Some(later);
        assert_eq!(told(&subscription), ReducibleUntil::TermEnd(Some(later)));
        subscription.ends_at = Some(DateTime::UNIX_EPOCH);
        assert_eq!(told(&subscription), ReducibleUntil::TermEnd(None), "an end that has passed says nothing");
        assert_eq!(
            Reducible::line(0, ReducibleUntil::FirstDays(7)).to_string(),
            "lines[0]: can be reduced or cancelled in the first 7 days, then not before its term ends"
        );
    }
}
