//! Amounts that are added up in one currency and no other.

use provider_core::{Currency, Price};
use rust_decimal::Decimal;

use super::verdict::Reason;

/// What amounts add up to, for as long as they can be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Money {
    /// No amount was told.
    #[default]
    Nothing,
    /// This much, in the currency that all of them named.
    Sum(Decimal, Option<Currency>),
    /// They cannot be added.
    Broken(Reason),
}

impl Money {
    pub(super) fn of(price: &Price) -> Self {
        match (&price.currency, &price.currency_as_sent) {
            (None, Some(_)) => Self::Broken(Reason::NoCurrency),
            (currency, _) => Self::Sum(price.amount, *currency),
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        *self = match (*self, other) {
            (Self::Nothing, other) => other,
            (one, Self::Nothing) => one,
            (Self::Broken(reason), _) | (_, Self::Broken(reason)) => Self::Broken(reason),
            (Self::Sum(one, currency), Self::Sum(other, same)) if currency == same => {
                one.checked_add(other).map_or(Self::Broken(Reason::TooLarge), |sum| Self::Sum(sum, currency))
            }
            (Self::Sum(_, None), _) | (_, Self::Sum(_, None)) => Self::Broken(Reason::NoCurrency),
            _ => Self::Broken(Reason::InvoicedCurrency),
        };
    }

    pub(super) fn times(self, factor: Decimal) -> Self {
        match self {
            Self::Sum(amount, currency) => amount
                .checked_mul(factor)
                .map_or(Self::Broken(Reason::TooLarge), |amount| Self::Sum(amount, currency)),
            other => other,
        }
    }

    pub(super) fn amount(self) -> Option<Decimal> {
        match self {
            Self::Sum(amount, _) => Some(amount),
            _ => None,
        }
    }

    pub(super) fn currency(self) -> Option<Currency> {
        match self {
            Self::Sum(_, currency) => currency,
            _ => None,
        }
    }
}

/// The one currency of all these, where there are any amounts.
pub(super) fn one_currency(all: &[Money]) -> Result<Option<Currency>, Reason> {
    let mut known: Option<Option<Currency>> = None;
    for money in all {
        match (*money, known) {
            (Money::Nothing, _) => {}
            (Money::Broken(reason), _) => return Err(reason),
            (Money::Sum(_, currency), None) => known = Some(currency),
            (Money::Sum(_, currency), Some(same)) if currency == same => {}
            (Money::Sum(_, None), _) | (_, Some(None)) => return Err(Reason::NoCurrency),
            _ => return Err(Reason::InvoicedCurrency),
        }
    }
    Ok(known.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(parts: &[(i64, Option<&str>)]) -> Money {
        let mut money = Money::Nothing;
        for (amount, code) in parts {
            money.add(Money::Sum((*amount).into(), code.and_then(|code| code.parse().ok())));
        }
        money
    }

    #[test]
    fn amounts_of_two_currencies_are_never_added() {
        assert_eq!(sum(&[(1, Some("USD")), (2, Some("USD"))]).amount(), Some(3.into()));
        assert_eq!(sum(&[(1, None), (2, None)]).amount(), Some(3.into()));
        assert_eq!(sum(&[(1, Some("USD")), (2, Some("EUR"))]), Money::Broken(Reason::InvoicedCurrency));
        assert_eq!(sum(&[(1, Some("USD")), (2, None)]), Money::Broken(Reason::NoCurrency));
        let mut large = Money::Sum(Decimal::MAX, None);
        large.add(Money::Sum(Decimal::MAX, None));
        assert_eq!(large, Money::Broken(Reason::TooLarge));
        let (dollars, euros) = (sum(&[(1, Some("USD"))]), sum(&[(0, Some("EUR"))]));
        assert_eq!(one_currency(&[dollars, Money::Nothing]), Ok("USD".parse().ok()));
        assert_eq!(one_currency(&[dollars, euros]), Err(Reason::InvoicedCurrency));
    }
}
