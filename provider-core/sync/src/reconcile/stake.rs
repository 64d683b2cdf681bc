//! What a difference is about, in money.

use provider_core::Currency;
use provider_core::commitment::MoneyRange;
use rust_decimal::Decimal;

/// Money at stake before its currency is known.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stake {
    Unknown,
    Between(Decimal, Decimal),
}

impl Stake {
    pub(super) fn exactly(amount: Option<Decimal>) -> Self {
        amount.map_or(Self::Unknown, |amount| Self::Between(amount.abs(), amount.abs()))
    }

    /// From the one to the other, or the one that is known.
    pub(super) fn between(one: Option<Decimal>, other: Option<Decimal>) -> Self {
        match (one.or(other), other.or(one)) {
            (Some(one), Some(other)) => Self::Between(one.abs(), other.abs()),
            _ => Self::Unknown,
        }
    }

    pub(super) fn up_to(amount: Option<Decimal>) -> Self {
        amount.map_or(Self::Unknown, |amount| Self::Between(Decimal::ZERO, amount.abs()))
    }

    pub(super) fn difference(one: Option<Decimal>, other: Option<Decimal>) -> Self {
        Self::exactly(one.zip(other).and_then(|(one, other)| one.checked_sub(other)))
    }

    pub(super) fn range(self, currency: Option<Currency>) -> Option<MoneyRange> {
        match self {
            Self::Between(one, other) => Some(MoneyRange::new(one, other, currency?)),
            Self::Unknown => None,
        }
    }
}
