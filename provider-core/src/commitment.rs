//! Until when a subscription can be reduced or cancelled, when it renews and with what, and what it costs to miss
//! that.
//!
//! [`guard`] asks nobody: it reads one [`Subscription`] by the rules of the distributor that it came from, and says
//! which rule it went by. Where the facts are unknown, so is the answer: a subscription is never called reducible
//! because nothing speaks against it.
//!
//! ```
//! use provider_core::Subscription;
//! use provider_core::chrono::{DateTime, Duration, Utc};
//! use provider_core::commitment::{Allowed, guard};
//! use provider_core::model::SubscriptionStatus;
//!
//! let now: DateTime<Utc> = "2026-11-20T08:00:00Z".parse().unwrap();
//! let mut seats = Subscription::new("610001", "51001", 12);
//! seats.status = SubscriptionStatus::Active;
//! assert_eq!(guard("crayon", &seats, now).reduce.allowed, Allowed::Unknown);
//!
//! let window = now + Duration::days(3);
//! seats.cancellable_until = Some(window);
//! assert_eq!(guard("crayon", &seats, now).reduce.allowed, Allowed::Open { until: Some(window) });
//!
//! seats.ends_at = Some(now + Duration::days(300));
//! let later = guard("crayon", &seats, now + Duration::days(4));
//! assert_eq!(later.reduce.allowed, Allowed::Closed { again: seats.ends_at });
//! ```

mod cost;
mod distributors;
mod rule;
#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::SubscriptionId;
use crate::model::{NextTerm, Subscription, SubscriptionStatus};
use crate::term::BillingCycle;

pub use cost::MoneyRange;
pub use rule::CommitmentRule;

/// Whether the distributor accepts a request now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Allowed {
    /// It is accepted.
    Open {
        /// Until this moment; `None` at any time.
        until: Option<DateTime<Utc>>,
    },
    /// It is refused.
    Closed {
        /// When it is accepted again, where that is told: the end of the term.
        again: Option<DateTime<Utc>>,
    },
    /// Not known: treat it as refused, and ask the distributor.
    Unknown,
}

/// One answer, and the rule behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CommitmentAnswer {
    /// What the distributor does now.
    pub allowed: Allowed,
    /// The rule.
    pub rule: CommitmentRule,
}

impl CommitmentAnswer {
    const fn open(until: Option<DateTime<Utc>>, rule: CommitmentRule) -> Self {
        Self { allowed: Allowed::Open { until }, rule }
    }

    const fn closed(again: Option<DateTime<Utc>>, rule: CommitmentRule) -> Self {
        Self { allowed: Allowed::Closed { again }, rule }
    }

    const fn unknown(rule: CommitmentRule) -> Self {
        Self { allowed: Allowed::Unknown, rule }
    }
}

/// What happens at the end of the term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Renewal {
    /// It renews by itself.
    Renews {
        /// When, where that is told.
        at: Option<DateTime<Utc>>,
        /// With what: as it was scheduled, else as it is.
        with: Box<NextTerm>,
    },
    /// It ends.
    Ends {
        /// When, where that is told.
        at: Option<DateTime<Utc>>,
    },
    /// The term ends then; what follows is not told.
    Unknown {
        /// When, where that is told.
        at: Option<DateTime<Utc>>,
    },
    /// There is no term to renew: it has ended, was bought once, or is paid as it is used.
    Never,
}

impl Renewal {
    /// The end of the running term, where it is told.
    #[must_use]
    pub const fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Renews { at, .. } | Self::Ends { at } | Self::Unknown { at } => *at,
            Self::Never => None,
        }
    }
}

/// Until when one subscription can be reduced or cancelled, and what missing that costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Guard {
    /// Which one.
    pub subscription: SubscriptionId,
    /// The moment for which it was worked out.
    pub as_of: DateTime<Utc>,
    /// Whether units can be given back now.
    pub reduce: CommitmentAnswer,
    /// Whether it can be cancelled with effect from now.
    pub cancel: CommitmentAnswer,
    /// What happens at the end of the term.
    pub renewal: Renewal,
    /// The next moment to act by: the end of the window, else the end of the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<DateTime<Utc>>,
    /// What it costs to miss the deadline: what a whole term costs for one unit, up to that for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<MoneyRange>,
}

/// Until when a subscription can be reduced or cancelled, by the rules of its distributor: `distributor` is the
/// `ProviderInfo::kind` (`crayon`, `pax8`, `streamone`; of any other only the subscription's own dates count).
#[must_use]
pub fn guard(distributor: &str, subscription: &Subscription, now: DateTime<Utc>) -> Guard {
    let (mut reduce, cancel) = distributors::answers(distributor, subscription, now);
    let one = subscription.quantity.is_some_and(|quantity| quantity <= rust_decimal::Decimal::ONE);
    if one && matches!(reduce.allowed, Allowed::Open { .. }) {
        reduce = CommitmentAnswer::closed(None, CommitmentRule::OneUnit);
    }
    let renewal = renewal(distributor, subscription, now);
    let window = [reduce, cancel].into_iter().filter_map(|answer| match answer.allowed {
        Allowed::Open { until } => until,
        _ => None,
    });
    let at_the_end = match renewal {
        Renewal::Renews { at, .. } | Renewal::Unknown { at } => at,
        // What ends by itself costs nobody anything.
        Renewal::Ends { .. } | Renewal::Never => None,
    };
    let deadline = window.min().or(at_the_end);
    let with = match &renewal {
        Renewal::Renews { with, .. } => Some(&**with),
        _ => None,
    };
    let missed = deadline.and_then(|deadline| {
        // Before the window closes it is the running term that is at stake, else the one that begins.
        let next = with.filter(|_| Some(deadline) == at_the_end);
        MoneyRange::of_a_term(subscription, next)
    });
    Guard { subscription: subscription.id.clone(), as_of: now, reduce, cancel, renewal, deadline, missed }
}

fn renewal(distributor: &str, subscription: &Subscription, now: DateTime<Utc>) -> Renewal {
    let ahead = |at: Option<DateTime<Utc>>| at.filter(|at| *at > now);
    let never = matches!(subscription.billing_cycle, Some(BillingCycle::OneTime | BillingCycle::Usage));
    if never || distributors::has_ended(distributor, subscription) {
        return Renewal::Never;
    }
    let ends = ahead(subscription.ends_at).or_else(|| ahead(subscription.commitment_ends_at));
    if subscription.status == SubscriptionStatus::PendingCancellation {
        return Renewal::Ends { at: ends };
    }
    match subscription.auto_renew {
        Some(true) => {
            let at = ahead(subscription.renews_at).or(ends);
            Renewal::Renews { at, with: Box::new(next(subscription)) }
        }
        Some(false) => Renewal::Ends { at: ends },
        None => Renewal::Unknown { at: ahead(subscription.renews_at).or(ends) },
    }
}

/// What the next term is: as it was scheduled, and in the rest as it is.
fn next(subscription: &Subscription) -> NextTerm {
    let mut next = subscription.next_term.clone().unwrap_or_default();
    next.quantity = next.quantity.or(subscription.quantity);
    next.commitment_term = next.commitment_term.or(subscription.commitment_term);
    next.billing_cycle = next.billing_cycle.or_else(|| subscription.billing_cycle.clone());
    next
}

fn day(at: DateTime<Utc>) -> impl fmt::Display {
    at.format("%F %R UTC")
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { until: Some(until) } => write!(f, "yes, until {}", day(*until)),
            Self::Open { until: None } => f.write_str("yes, at any time"),
            Self::Closed { again: Some(again) } => write!(f, "no, not before {}", day(*again)),
            Self::Closed { again: None } => f.write_str("no"),
            Self::Unknown => f.write_str("not known"),
        }
    }
}

impl fmt::Display for CommitmentAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.allowed, self.rule)
    }
}

impl fmt::Display for Renewal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Renews { at, with } => {
                f.write_str("renews by itself")?;
                if let Some(at) = at {
                    write!(f, " at {}", day(*at))?;
                }
                if let Some(quantity) = with.quantity {
                    write!(f, " with {}", quantity.normalize())?;
                }
                if let Some(term) = with.commitment_term {
                    write!(f, " for {term}")?;
                }
                Ok(())
            }
            Self::Ends { at: Some(at) } => write!(f, "ends at {}", day(*at)),
            Self::Ends { at: None } => f.write_str("ends with its term"),
            Self::Unknown { at: Some(at) } => {
                write!(f, "its term ends at {}, and whether it renews is not told", day(*at))
            }
            Self::Unknown { at: None } => f.write_str("when it renews is not told"),
            Self::Never => f.write_str("nothing renews"),
        }
    }
}

impl fmt::Display for Guard {
    /// For people, in four or five lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "subscription {}", self.subscription)?;
        writeln!(f, "  reduce now: {}", self.reduce)?;
        writeln!(f, "  cancel now: {}", self.cancel)?;
        write!(f, "  then: {}", self.renewal)?;
        match (self.deadline, self.missed) {
            (Some(deadline), Some(missed)) => {
                write!(f, "\n  missing {} costs {missed}", day(deadline))
            }
            (Some(deadline), None) => write!(f, "\n  missing {}: what it costs is not known", day(deadline)),
            _ => Ok(()),
        }
    }
}
