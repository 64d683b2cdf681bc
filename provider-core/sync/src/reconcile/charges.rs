//! What one side charged for one subscription in the month.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use provider_core::Period;
use provider_core::model::{InvoiceLine, InvoiceLineKind, UsageKind, UsageRecord};
use rust_decimal::Decimal;

use super::billed::{BilledRow, Figure};
use super::money::Money;
use super::ordered::share;
use super::rules::{Consumption, Credits, Prorates, Rules, Terms, ZeroLines};
use super::verdict::Reason;

/// Lines, added up as they come: none of them is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Charges {
    /// Whole terms.
    pub(super) lines: u32,
    /// Units of the whole terms; `None` once a line told none.
    pub(super) quantity: Option<Decimal>,
    pub(super) cost: Money,
    pub(super) sale: Money,
    /// Whether all of them are one and the same line.
    alike: bool,
    first: Option<(Option<Decimal>, Money, Option<Period>)>,
    /// What only few have.
    pub(super) rare: Option<Box<Rare>>,
}

/// What only few subscriptions have.
#[derive(Debug, Clone, Default)]
pub(super) struct Rare {
    pub(super) prorates: u32,
    pub(super) prorated: Decimal,
    pub(super) prorate_cost: Money,
    pub(super) prorate_sale: Money,
    pub(super) credit: Money,
    pub(super) consumption: u32,
    pub(super) consumed: Money,
    pub(super) consumed_sale: Money,
    pub(super) other_month: u32,
    pub(super) other_cost: Money,
    /// What the month's document gives back for another month.
    pub(super) other_credit: Money,
    pub(super) unreadable: bool,
    pub(super) missing: bool,
    /// A row has no amount, so that those of the others are not all of it.
    pub(super) unpriced: bool,
}

/// Where a line belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// To the month.
    Here,
    /// To another one, and the month's own document has it.
    Misplaced,
    /// To another one.
    Elsewhere,
}

/// Where a line belongs that says this, on a document that belongs to the month or not.
pub(super) fn place(period: Option<Period>, month: Period, own: bool, rules: &Rules) -> Place {
    let Some(period) = period else {
        return if own { Place::Here } else { Place::Elsewhere };
    };
    let here = match rules.terms {
        Terms::Charged => month.contains(period.start),
        Terms::Spread => is_spread_over(period, month),
    };
    match (here, own) {
        (true, _) => Place::Here,
        (false, true) => Place::Misplaced,
        (false, false) => Place::Elsewhere,
    }
}

/// Whether what names no subscription may be a line of the month: the month's own document has it, or it is for that
/// time.
pub(super) fn may_be_here(period: Option<Period>, month: Period, own: bool, rules: &Rules) -> bool {
    own || place(period, month, own, rules) == Place::Here
}

/// Months since the beginning of years.
fn number(at: DateTime<Utc>) -> i64 {
    i64::from(at.year()) * 12 + i64::from(at.month0())
}

/// Whether a month is one of those that a time is spread over: as many as it is long, from the one that it begins in. A
/// term of the 15th reaches into one more, and there the next one has begun.
fn is_spread_over(period: Period, month: Period) -> bool {
    (0..i64::from(months(Some(period)))).contains(&(number(month.start) - number(period.start)))
}

/// Months of a term, where it is whole months. A part of one ends with it: the month of its end is the next term's.
fn months(period: Option<Period>) -> u32 {
    let Some(period) = period else { return 1 };
    let end_of = |months: u32| provider_core::Term::months(months).after(period.start);
    let whole = (1..=120u32).find(|months| end_of(*months).is_some_and(|end| end >= period.end)).unwrap_or(1);
    if end_of(whole).is_some_and(|end| end - period.end < TimeDelta::days(1)) {
        return whole;
    }
    u32::try_from(number(period.end) - number(period.start)).unwrap_or(1).clamp(1, 120)
}

impl Charges {
    /// Whether nothing of this side was met at all.
    pub(super) fn is_empty(&self) -> bool {
        self.lines == 0 && self.rare.as_ref().is_none_or(|rare| rare.prorates == 0 && rare.consumption == 0)
    }

    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    fn term(&mut self, quantity: Option<Decimal>, cost: Money, sale: Money, period: Option<Period>) {
        let this = (quantity, if cost == Money::Nothing { sale } else { cost }, period);
        match &self.first {
            None => {
                self.first = Some(this);
                self.alike = true;
                self.quantity = quantity;
            }
            Some(first) => {
                self.alike &= *first == this;
                self.quantity = self.quantity.zip(quantity).and_then(|(one, other)| one.checked_add(other));
            }
        }
        self.lines = self.lines.saturating_add(1);
        self.cost.add(cost);
        self.sale.add(sale);
    }

    /// Whether it is one line that stands there more than once, each with this many units.
    pub(super) fn repeats(&self, quantity: Decimal) -> bool {
        self.lines > 1 && self.alike && matches!(self.first, Some((Some(first), ..)) if first == quantity)
    }

    /// A line of an invoice.
    pub(super) fn invoiced(&mut self, line: &InvoiceLine, month: Period, own: bool, rules: &Rules) {
        use InvoiceLineKind as Kind;
        // Fees and taxes are no charge for the units.
        if matches!(line.kind, Kind::Fee | Kind::Tax) {
            return;
        }
        let cost = line.cost.as_ref().map_or(Money::Nothing, Money::of);
        let sale = line.sale.as_ref().map_or(Money::Nothing, Money::of);
        let zero = cost.amount().is_some_and(|cost| cost.is_zero());
        if zero && rules.zero_lines == ZeroLines::Leave {
            return;
        }
        let metered = line.kind == Kind::Usage;
        match place(line.period, month, own, rules) {
            Place::Here => {}
            Place::Misplaced if matches!(line.kind, Kind::Credit | Kind::Rebate) => {
                self.rare().other_credit.add(cost);
                return;
            }
            // What is paid afterwards stands on a later document as a matter of course.
            Place::Misplaced if !metered => {
                let rare = self.rare();
                rare.other_month = rare.other_month.saturating_add(1);
                rare.other_cost.add(cost);
                return;
            }
            _ => return,
        }
        // Otherwise what is charged for several months at once would be charged whole in each of them.
        let (cost, sale) = if rules.terms == Terms::Spread {
            let months = months(line.period);
            (share(cost, months), share(sale, months))
        } else {
            (cost, sale)
        };
        match line.kind {
            Kind::Prorate => self.prorate(line.quantity.unwrap_or_default(), cost, sale, rules),
            Kind::Credit | Kind::Rebate => self.credit(cost, rules),
            Kind::Usage => self.consumption(cost, sale, rules),
            _ => self.term(line.quantity, cost, sale, line.period),
        }
    }

    /// A record of usage, where that is what tells what is invoiced.
    pub(super) fn used(&mut self, record: &UsageRecord, rules: &Rules) {
        let cost = record.cost.as_ref().map_or(Money::Nothing, Money::of);
        let sale = record.sale.as_ref().map_or(Money::Nothing, Money::of);
        let zero = cost.amount().is_some_and(|cost| cost.is_zero());
        if zero && rules.zero_lines == ZeroLines::Leave {
            return;
        }
        match record.kind {
            Some(UsageKind::Licence) => self.term(record.quantity, cost, sale, record.period),
            Some(UsageKind::Credit) => self.credit(cost, rules),
            _ => self.consumption(cost, sale, rules),
        }
    }

    fn prorate(&mut self, quantity: Decimal, cost: Money, sale: Money, rules: &Rules) {
        let rare = self.rare();
        rare.prorates = rare.prorates.saturating_add(1);
        if rules.prorates == Prorates::Count {
            rare.prorated = rare.prorated.checked_add(quantity).unwrap_or(rare.prorated);
            rare.prorate_cost.add(cost);
            rare.prorate_sale.add(sale);
        }
    }

    fn credit(&mut self, cost: Money, rules: &Rules) {
        match rules.credits {
            Credits::Apart => self.rare().credit.add(cost),
            Credits::Net => self.cost.add(cost),
            Credits::Leave => {}
        }
    }

    fn consumption(&mut self, cost: Money, sale: Money, rules: &Rules) {
        if rules.consumption == Consumption::Leave {
            return;
        }
        let rare = self.rare();
        rare.consumption = rare.consumption.saturating_add(1);
        rare.consumed.add(cost);
        rare.consumed_sale.add(sale);
    }

    /// A row of the application.
    pub(super) fn billed(&mut self, row: &BilledRow, month: Period) {
        let amount = match &row.amount {
            _ if row.currency_as_written.is_some() => Money::Broken(Reason::NoCurrency),
            Figure::Is(amount) => Money::Sum(*amount, row.currency),
            _ => Money::Nothing,
        };
        if row.period.is_some_and(|period| period.start >= month.end || period.end <= month.start) {
            let rare = self.rare();
            rare.other_month = rare.other_month.saturating_add(1);
            rare.other_cost.add(amount);
            return;
        }
        let figures = [&row.quantity, &row.amount];
        if row.period_as_written.is_some()
            || figures.iter().any(|figure| matches!(figure, Figure::Unreadable(_)))
        {
            self.rare().unreadable = true;
        }
        if figures.iter().any(|figure| matches!(figure, Figure::Missing)) {
            self.rare().missing = true;
        }
        if row.amount == Figure::Missing {
            self.rare().unpriced = true;
        }
        self.term(row.quantity.number(), Money::Nothing, amount, row.period);
    }

    /// What it has for another month, where it has any.
    pub(super) fn misplaced(&self) -> Option<Money> {
        self.rare.as_ref().filter(|rare| rare.other_month > 0).map(|rare| rare.other_cost)
    }

    pub(super) fn consumed(&self) -> Money {
        self.rare.as_ref().map_or(Money::Nothing, |rare| rare.consumed)
    }

    pub(super) fn credit_of(&self) -> Money {
        self.rare.as_ref().map_or(Money::Nothing, |rare| rare.credit)
    }

    /// What is charged for terms and parts of terms together.
    pub(super) fn all_cost(&self) -> Money {
        let mut all = self.cost;
        if let Some(rare) = &self.rare {
            all.add(rare.prorate_cost);
            all.add(rare.consumed);
        }
        all
    }

    /// What the customer is charged for all of that, as far as it is told.
    pub(super) fn all_sale(&self) -> Money {
        let mut all = self.sale;
        if let Some(rare) = &self.rare {
            all.add(rare.prorate_sale);
            all.add(rare.consumed_sale);
        }
        all
    }

    /// Units of terms and of parts of terms together.
    pub(super) fn all_quantity(&self) -> Option<Decimal> {
        let prorated = self.rare.as_ref().map_or(Decimal::ZERO, |rare| rare.prorated);
        let terms = if self.lines == 0 { Some(Decimal::ZERO) } else { self.quantity };
        terms.and_then(|quantity| quantity.checked_add(prorated))
    }
}
