//! Prices: an exact amount, its currency, what it is for and how often it is charged.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::iso::Currency;
use crate::term::Term;

/// Whether an amount is for one unit or for the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PricePer {
    /// One unit: a seat, a gigabyte. Multiply by the quantity.
    #[default]
    Unit,
    /// The whole band or line, whatever the quantity.
    Flat,
}

/// An exact amount of money with its currency, what it is for, and for how long it pays.
///
/// Prices in different currencies, for different periods or per different things cannot be added by
/// accident: there is no arithmetic on `Price`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Price {
    /// The amount, in major units (`10.50`), from the number's own text.
    #[serde(with = "crate::wire::decimal")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::schema::DecimalText"))]
    pub amount: Decimal,
    /// The currency, where the distributor said it or the connection knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What was sent for the currency where it is no currency code; `currency` is `None` then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency_as_sent: Option<String>,
    /// Whether it is for one unit or for the whole.
    #[serde(default)]
    pub per: PricePer,
    /// How long it pays for; `None` for one-time charges and where it was not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Term>,
}

/// The currency of the amounts of one record: the one that its distributor wrote, or the connection's where
/// none was written.
///
/// A currency that is written and not understood is never taken for another one: the amounts then have none, and
/// keep what was written.
///
/// ```
/// use provider_core::Currency;
/// use provider_core::model::Denomination;
///
/// let configured = Some("USD".parse::<Currency>()?);
/// let cost = |sent| Denomination::of(sent, configured).price(10.into());
/// assert_eq!(cost(Some("NOK")).currency, Some("NOK".parse()?));
/// assert_eq!(cost(None).currency, configured);
/// assert_eq!((cost(Some("kr")).currency, cost(Some("kr")).currency_as_sent.as_deref()), (None, Some("kr")));
/// # Ok::<(), provider_core::model::UnknownCode>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denomination {
    currency: Option<Currency>,
    as_sent: Option<String>,
}

impl Denomination {
    /// The currency of a record that says `sent`, on a connection that is configured for another or none. What
    /// is not understood is [noted](crate::wire::unknown::note).
    #[must_use]
    pub fn of(sent: Option<&str>, configured: Option<Currency>) -> Self {
        let Some(text) = sent.map(str::trim).filter(|text| !text.is_empty()) else {
            return Self { currency: configured, as_sent: None };
        };
        match Currency::new(text) {
            Ok(known) => Self { currency: Some(known), as_sent: None },
            Err(_) => {
                crate::wire::unknown::note("Currency", text);
                Self { currency: None, as_sent: Some(text.to_owned()) }
            }
        }
    }

    /// The currency, where it is known.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// A price per unit without a period.
    #[must_use]
    pub fn price(&self, amount: Decimal) -> Price {
        Price { currency_as_sent: self.as_sent.clone(), ..Price::new(amount, self.currency) }
    }

    /// An amount for a whole line or document.
    #[must_use]
    pub fn whole(&self, amount: Decimal) -> Price {
        self.price(amount).flat()
    }
}

impl Price {
    /// A price per unit without a period.
    #[must_use]
    pub fn new(amount: Decimal, currency: Option<Currency>) -> Self {
        Self { amount, currency, currency_as_sent: None, per: PricePer::Unit, period: None }
    }

    /// Makes it a price for the whole band or line.
    #[must_use]
    pub fn flat(mut self) -> Self {
        self.per = PricePer::Flat;
        self
    }

    /// Sets how long it pays for.
    #[must_use]
    pub fn every(mut self, period: Term) -> Self {
        self.period = Some(period);
        self
    }
}

impl fmt::Display for Price {
    /// For people: `10.50 EUR per month`, `99 USD flat`. What was not said is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.amount)?;
        if let Some(currency) = self.currency {
            write!(f, " {currency}")?;
        }
        if self.per == PricePer::Flat {
            f.write_str(" flat")?;
        }
        match self.period {
            None => Ok(()),
            Some(Term::MONTH) => f.write_str(" per month"),
            Some(Term::YEAR) => f.write_str(" per year"),
            Some(period) => write!(f, " per {period}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_written_for_people() {
        let price = Price::new(Decimal::new(1050, 2), "EUR".parse().ok());
        assert_eq!(price.to_string(), "10.50 EUR");
        assert_eq!(price.clone().every(Term::MONTH).to_string(), "10.50 EUR per month");
        assert_eq!(price.clone().every(Term::years(3)).to_string(), "10.50 EUR per P3Y");
        assert_eq!(price.flat().every(Term::YEAR).to_string(), "10.50 EUR flat per year");
        assert_eq!(Price::new(Decimal::from(7), None).to_string(), "7");
    }
}
