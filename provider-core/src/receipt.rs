//! Receipts: the outcome of a command. Plans: what a command would do.

mod texts;

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::error::Violation;
use crate::id::{CustomerId, OrderId, SubscriptionId};
use crate::price::Price;
use crate::reducible::Reducible;

/// The outcome of a command as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Done.
    Applied,
    /// The distributor took it and carries it out later: follow the order or the record.
    Accepted,
    /// Some lines took effect, others did not: see the lines.
    Partial,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Applied => "applied",
            Self::Accepted => "accepted",
            Self::Partial => "partly applied",
        })
    }
}

/// The outcome of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LineOutcome {
    /// Done.
    Applied,
    /// Taken, and carried out later: follow the order.
    Accepted,
    /// Refused: nothing happened. The violations say why; it may be ordered again under another key.
    Rejected,
    /// It may have been bought: do not order it again before finding out. Calling again under the same key of a
    /// journaled provider asks the distributor.
    Unknown,
    /// Not sent, because an earlier line failed: it may be ordered again under another key.
    NotAttempted,
}

impl fmt::Display for LineOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Applied => "applied",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
            Self::NotAttempted => "not attempted",
        })
    }
}

/// The outcome of one line of an order, or of the one change of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LineReceipt {
    /// The index of the line in the command, from 0.
    pub line: usize,
    /// Its outcome.
    pub outcome: LineOutcome,
    /// The order it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The subscription it became or changed, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<SubscriptionId>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

impl LineReceipt {
    /// The outcome of one line.
    #[must_use]
    pub fn new(line: usize, outcome: LineOutcome) -> Self {
        Self { line, outcome, order: None, subscription: None, violations: Vec::new() }
    }
}

/// The administrator account of a new tenant. Pass it on now: it is handed out once, never stored and never
/// serialised.
#[derive(Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// The account's name.
    pub username: String,
    /// Its first password.
    pub password: SecretString,
}

impl Credentials {
    /// An account's name and first password.
    #[must_use]
    pub fn new(username: impl Into<String>, password: SecretString) -> Self {
        Self { username: username.into(), password }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// How it is known what came of a command: by the distributor's answer, or afterwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Judgement {
    /// The distributor answered.
    #[default]
    Answer,
    /// The answer was lost, and a record that carries the caller's reference was found.
    Reference,
    /// The answer was lost, and what is there now was compared with what was there before. Somebody else
    /// who did the same at the same time cannot be told from it.
    Comparison,
    /// A person said so.
    Person,
}

impl Judgement {
    /// True for [`Answer`](Self::Answer).
    #[must_use]
    pub const fn is_answer(&self) -> bool {
        matches!(self, Self::Answer)
    }
}

/// The outcome of a command, line by line.
///
/// Look at the lines: once any line took effect the answer is a receipt with [`Outcome::Partial`], never an
/// error that would hide it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Receipt {
    /// The outcome as a whole.
    pub outcome: Outcome,
    /// True when this is the stored answer to an earlier call with the same key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// The customer it made or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// How the outcome is known.
    #[serde(default, skip_serializing_if = "Judgement::is_answer")]
    pub judged_by: Judgement,
    /// The outcome of each line of an order; one line for a change of a subscription.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineReceipt>,
    /// The administrator account of a new tenant. It is never stored: a replayed receipt has none.
    #[serde(skip)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub credentials: Option<Credentials>,
}

impl Receipt {
    /// A receipt without lines.
    #[must_use]
    pub fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            replayed: false,
            customer: None,
            judged_by: Judgement::Answer,
            lines: Vec::new(),
            credentials: None,
        }
    }

    /// A receipt whose outcome follows from its lines: `Applied` or `Accepted` when all took effect,
    /// `Partial` when some did. `None` when none did: that is an error, not a receipt.
    #[must_use]
    pub fn from_lines(lines: Vec<LineReceipt>) -> Option<Self> {
        let effective = |l: &LineReceipt| matches!(l.outcome, LineOutcome::Applied | LineOutcome::Accepted);
        let outcome = if !lines.iter().any(effective) {
            return None;
        } else if !lines.iter().all(effective) {
            Outcome::Partial
        } else if lines.iter().all(|l| l.outcome == LineOutcome::Applied) {
            Outcome::Applied
        } else {
            Outcome::Accepted
        };
        Some(Self { lines, ..Self::new(outcome) })
    }

    /// Names the customer it made or changed.
    #[must_use]
    pub fn with_customer(mut self, customer: impl Into<CustomerId>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// Says how the outcome is known.
    #[must_use]
    pub fn judged_by(mut self, judgement: Judgement) -> Self {
        self.judged_by = judgement;
        self
    }

    /// Adds a line.
    #[must_use]
    pub fn with_line(mut self, line: LineReceipt) -> Self {
        self.lines.push(line);
        self
    }

    /// The orders that it became, each once, in the order of the lines.
    pub fn orders(&self) -> impl Iterator<Item = &OrderId> {
        let mut seen = Vec::new();
        self.lines.iter().filter_map(|line| line.order.as_ref()).filter(move |id| {
            let new = !seen.contains(id);
            seen.push(*id);
            new
        })
    }

    /// The first order among the lines.
    #[must_use]
    pub fn order(&self) -> Option<&OrderId> {
        self.lines.iter().find_map(|line| line.order.as_ref())
    }

    /// True when every line is done or refused: none is still to be carried out, and none is unknown.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.outcome != Outcome::Accepted
            && !self.lines.iter().any(|l| matches!(l.outcome, LineOutcome::Accepted | LineOutcome::Unknown))
    }
}

impl fmt::Display for LineReceipt {
    /// For people: `lines[0] accepted, order 7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lines[{}] {}", self.line, self.outcome)?;
        if let Some(order) = &self.order {
            write!(f, ", order {order}")?;
        }
        if let Some(subscription) = &self.subscription {
            write!(f, ", subscription {subscription}")?;
        }
        for violation in &self.violations {
            write!(f, ", {}: {}", violation.field, violation.message)?;
        }
        Ok(())
    }
}

impl fmt::Display for Receipt {
    /// One line for people; never the credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.outcome)?;
        match self.judged_by {
            Judgement::Answer => {}
            Judgement::Reference => f.write_str(", found by its reference")?,
            Judgement::Comparison => f.write_str(", found by comparing before and after")?,
            Judgement::Person => f.write_str(", by a person's word")?,
        }
        if self.replayed {
            f.write_str(", as stored")?;
        }
        if let Some(customer) = &self.customer {
            write!(f, "; customer {customer}")?;
        }
        for line in &self.lines {
            write!(f, "; {line}")?;
        }
        Ok(())
    }
}

/// Whether the distributor checked a plan, or the provider worked it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fidelity {
    /// The distributor itself checked it without doing it.
    Native,
    /// Worked out from reads; the distributor may still refuse.
    Simulated,
}

/// One thing that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Change {
    /// Which record and field, such as `subscription 7: quantity`.
    pub what: String,
    /// What it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl Change {
    /// A change from one value to another.
    #[must_use]
    pub fn new(what: impl Into<String>, from: Option<String>, to: Option<String>) -> Self {
        Self { what: what.into(), from, to }
    }
}

/// What a command would do, without doing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Plan {
    /// How far it can be trusted.
    pub fidelity: Fidelity,
    /// What would change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// What it would cost the partner, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Price>,
    /// Warnings that a person should read before the command is executed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Until when what it buys, or what it changes the quantity of, can be given back. Orders name every
    /// line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reducible: Vec<Reducible>,
}

impl Plan {
    /// A plan without changes.
    #[must_use]
    pub fn new(fidelity: Fidelity) -> Self {
        Self { fidelity, changes: Vec::new(), cost: None, warnings: Vec::new(), reducible: Vec::new() }
    }

    /// Adds a change.
    #[must_use]
    pub fn with_change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Says until when something can be given back.
    #[must_use]
    pub fn with_reducible(mut self, reducible: Reducible) -> Self {
        self.reducible.push(reducible);
        self
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{}: {from} -> {to}", self.what),
            (None, Some(to)) => write!(f, "{}: {to}", self.what),
            (Some(from), None) => write!(f, "{}: {from} -> nothing", self.what),
            (None, None) => f.write_str(&self.what),
        }
    }
}

impl fmt::Display for Plan {
    /// A line for each change, the cost, what can be taken back until when, and each warning, for people. Without an
    /// end of line at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.fidelity {
            Fidelity::Native => "plan, checked by the distributor",
            Fidelity::Simulated => "plan, worked out from what can be read",
        })?;
        if self.changes.is_empty() {
            f.write_str("\n  nothing would change")?;
        }
        for change in &self.changes {
            write!(f, "\n  {change}")?;
        }
        if let Some(cost) = &self.cost {
            write!(f, "\n  cost: {cost}")?;
        }
        for reducible in &self.reducible {
            write!(f, "\n  {reducible}")?;
        }
        for warning in &self.warnings {
            write!(f, "\n  warning: {warning}")?;
        }
        Ok(())
    }
}
