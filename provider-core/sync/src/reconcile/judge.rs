//! What the three sides of one subscription come to. Pure: no side is read here.

use provider_core::Currency;
use provider_core::commitment::MoneyRange;
use rust_decimal::Decimal;

use super::charges::Charges;
use super::money::{Money, one_currency};
use super::ordered::{Due, Ordered, State};
use super::rules::{Amounts, Rules};
use super::stake::Stake;
use super::tariff::Tariff;
use super::verdict::{Cause, Reason, Verdict};

/// How much of a side was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// All of it: what is not there does not exist.
    Whole,
    /// Some of it may be missing.
    Partly,
    /// Nothing.
    No,
}

/// What holds for every row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides {
    pub(super) ordered: Told,
    pub(super) invoiced: Told,
    pub(super) billed: Told,
    /// What is missing may still come.
    pub(super) open: bool,
    /// What is paid afterwards has come.
    pub(super) settled: bool,
}

/// One subscription.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) ordered: Option<&'a Ordered>,
    pub(super) invoiced: &'a Charges,
    pub(super) billed: &'a Charges,
    pub(super) tariff: Option<&'a Tariff>,
    pub(super) rules: &'a Rules,
    pub(super) sides: Sides,
}

/// What it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) cause: Cause,
    pub(super) at_stake: Option<MoneyRange>,
}

/// What speaks for a difference, with the money that it is about.
type Found = Result<(), (Cause, Stake)>;

/// What a row came to; `None` where nothing was ordered in the month and nobody charged, so that there is no row.
pub(super) fn judge(case: Case<'_>) -> Option<Judged> {
    let told = |reason: Reason| Judged {
        verdict: Verdict::NotTold(reason),
        cause: Cause::NotTold,
        at_stake: case.all(),
    };
    let currency = match case.currency() {
        Ok(currency) => currency,
        Err(reason) => return Some(Judged { at_stake: None, ..told(reason) }),
    };
    if let Some(reason) = case.unreadable() {
        return Some(told(reason));
    }
    let presence = match case.presence() {
        // Of what is charged by nobody, money back is the one thing to tell.
        Presence::None | Presence::Agreed(_) if case.given_back().is_some() => {
            Presence::Found(Cause::Credited, Stake::up_to(case.given_back()))
        }
        other => other,
    };
    let outcome = match presence {
        Presence::None => return None,
        Presence::Told(reason) => return Some(told(reason)),
        Presence::Agreed(cause) => Err((cause, Stake::Unknown)),
        Presence::Found(cause, stake) => Err((cause, stake)),
        Presence::Compare => case.compare(),
    };
    Some(match outcome {
        Err((cause, stake)) if cause.verdict() != Verdict::Match => {
            Judged { verdict: cause.verdict(), cause, at_stake: stake.range(currency) }
        }
        agreed => match case.missing().or_else(|| case.figures()) {
            Some(reason) => told(reason),
            None => {
                let cause = agreed.err().map_or(Cause::Agreed, |(cause, _)| cause);
                Judged { verdict: Verdict::Match, cause, at_stake: None }
            }
        },
    })
}

/// Which of the sides are there.
enum Presence {
    /// There is nothing to compare.
    None,
    /// Nothing can be told.
    Told(Reason),
    /// It is as it should be without a comparison.
    Agreed(Cause),
    /// It shows by what is not there.
    Found(Cause, Stake),
    /// The figures decide.
    Compare,
}

impl Case<'_> {
    fn currency(&self) -> Result<Option<Currency>, Reason> {
        let (cost, sale) =
            self.ordered.map_or((Money::Nothing, Money::Nothing), |seats| (seats.cost, seats.sale));
        let charges = self.invoiced;
        let theirs = [cost, sale, charges.all_cost(), charges.all_sale(), charges.credit_of()];
        let currency = one_currency(&theirs)?;
        let theirs = currency.map_or(Money::Nothing, |currency| Money::Sum(Decimal::ZERO, Some(currency)));
        // Without any amount of the distributor's, the billed ones are in their own.
        let known =
            theirs.currency().is_some() || self.invoiced.all_cost().amount().or(cost.amount()).is_none();
        let unsaid = Money::Sum(Decimal::ZERO, None);
        one_currency(&[if known { theirs } else { unsaid }, self.billed.sale]).map_err(
            |reason| match reason {
                Reason::InvoicedCurrency => Reason::BilledCurrency,
                other => other,
            },
        )
    }

    /// The most that is at stake where nothing is known, from nothing.
    fn all(&self) -> Option<MoneyRange> {
        let currency = self.currency().ok()??;
        let seats = self.ordered.map_or(Money::Nothing, |seats| seats.cost);
        let all = [self.invoiced.all_cost(), self.billed.sale, seats];
        let most = all.into_iter().filter_map(Money::amount).map(|amount| amount.abs()).max()?;
        Some(MoneyRange::new(Decimal::ZERO, most, currency))
    }

    fn unreadable(&self) -> Option<Reason> {
        self.billed.rare.as_ref().is_some_and(|rare| rare.unreadable).then_some(Reason::Unreadable)
    }

    /// What a side lacks for a match to be one.
    fn missing(&self) -> Option<Reason> {
        match self.sides {
            Sides { ordered: Told::No | Told::Partly, .. } if self.ordered.is_none() => {
                Some(Reason::OrderedIncomplete)
            }
            Sides { invoiced: Told::No, .. } => Some(Reason::InvoicedUnknown),
            Sides { billed: Told::No, .. } => Some(Reason::BilledUnknown),
            // What is there and agrees is a match, whatever else the side may have; what is not there may have been missed.
            Sides { invoiced: Told::Partly, .. } if self.invoiced.is_empty() => {
                Some(Reason::InvoicedIncomplete)
            }
            Sides { billed: Told::Partly, .. } if self.billed.is_empty() => Some(Reason::BilledIncomplete),
            _ => None,
        }
    }

    /// What was charged by whom, of something that should not have been. A refund was not.
    fn charged(&self, invoiced: Cause, billed: Cause) -> Option<Presence> {
        if !self.invoiced.is_empty() && !self.is_refund() {
            return Some(Presence::Found(invoiced, Stake::exactly(self.invoiced.all_cost().amount())));
        }
        (!self.billed.is_empty()).then(|| Presence::Found(billed, Stake::exactly(self.billed.sale.amount())))
    }

    /// Whether something is charged, rather than listed at nothing.
    fn costs(&self) -> bool {
        !self.invoiced.is_empty() && self.invoiced.all_cost().amount().is_some_and(|cost| !cost.is_zero())
    }

    /// Whether the lines come to less than nothing.
    fn is_refund(&self) -> bool {
        self.invoiced.all_cost().amount().is_some_and(|cost| cost < Decimal::ZERO)
    }

    /// What the distributor gave back and nobody passed on.
    fn given_back(&self) -> Option<Decimal> {
        let credit = self.invoiced.credit_of().amount().filter(|credit| !credit.is_zero());
        let refund = self.invoiced.all_cost().amount().filter(|_| self.is_refund() && self.billed.is_empty());
        credit.or(refund)
    }

    fn is_charged(&self) -> bool {
        !self.invoiced.is_empty() || !self.billed.is_empty()
    }

    fn presence(&self) -> Presence {
        let Some(seats) = self.ordered else {
            if self.sides.ordered != Told::Whole {
                return Presence::Told(Reason::OrderedIncomplete);
            }
            let charged = self.charged(Cause::InvoicedNotOrdered, Cause::BilledNotOrdered);
            // Only a credit or another month's line has this id.
            return charged.unwrap_or(Presence::None);
        };
        match seats.state {
            State::Later if !self.is_charged() => Presence::None,
            State::Later => {
                self.charged(Cause::InvoicedNotDue, Cause::BilledNotDue).unwrap_or(Presence::None)
            }
            State::Ended => {
                self.charged(Cause::InvoicedAfterEnd, Cause::BilledAfterEnd).unwrap_or(Presence::None)
            }
            State::EndUnknown | State::Unclear if !self.is_charged() => Presence::None,
            State::EndUnknown => Presence::Told(Reason::EndUnknown),
            State::Unclear => Presence::Told(Reason::State),
            State::Trial => self
                .charged(Cause::InvoicedNotDue, Cause::BilledTrial)
                .unwrap_or(Presence::Agreed(Cause::Trial)),
            State::Live | State::Converted => self.live(seats),
        }
    }

    fn live(&self, seats: &Ordered) -> Presence {
        let metered = self.invoiced.rare.as_ref().is_some_and(|rare| rare.consumption > 0);
        // What has no price and is charged for all the same is compared like anything else.
        let unmetered = !metered && self.costs();
        if (seats.due == Due::Usage && !unmetered) || (metered && self.invoiced.lines == 0) {
            return self.usage(metered);
        }
        if seats.due == Due::No {
            if self.is_part() {
                return self.part(seats);
            }
            return self
                .charged(Cause::InvoicedNotDue, Cause::BilledNotDue)
                .unwrap_or(Presence::Agreed(Cause::NotDue));
        }
        if self.billed.is_empty() && self.sides.billed != Told::No && !self.invoiced.is_empty() {
            return self.absent(self.sides.billed, Reason::BilledIncomplete, || self.unbilled(seats));
        }
        if self.invoiced.is_empty() && self.sides.invoiced != Told::No {
            return self.absent(self.sides.invoiced, Reason::InvoicedIncomplete, || {
                if let Some(other) = self.invoiced.misplaced() {
                    return Presence::Found(Cause::InvoicedOtherMonth, Stake::up_to(other.amount()));
                }
                let nobody = self.billed.is_empty() && self.sides.billed != Told::No;
                let cause = if nobody { Cause::NobodyCharged } else { Cause::NotInvoiced };
                if seats.due == Due::Unknown && nobody {
                    // Without the time between two payments nobody knows whether one was missed.
                    return Presence::Told(Reason::NoPrice);
                }
                Presence::Found(cause, Stake::up_to(self.worth(seats).0))
            });
        }
        if self.billed.is_empty() && self.sides.billed != Told::No {
            // The distributor tells nothing, and nothing is billed: it is bought all the same.
            return self.absent(self.sides.billed, Reason::BilledIncomplete, || self.unbilled(seats));
        }
        Presence::Compare
    }

    /// Whether parts of a term are all that is invoiced.
    fn is_part(&self) -> bool {
        let prorates = self.invoiced.rare.as_ref().map_or(0, |rare| rare.prorates);
        prorates > 0 && self.invoiced.lines == 0 && self.costs() && !self.is_refund()
    }

    /// Units that were added within a term that was paid before: their part of it is due, and nothing else.
    fn part(&self, seats: &Ordered) -> Presence {
        if self.billed.is_empty() && self.sides.billed != Told::No {
            return self.absent(self.sides.billed, Reason::BilledIncomplete, || self.unbilled(seats));
        }
        match self.billed_price(seats) {
            Err((cause, stake)) => Presence::Found(cause, stake),
            Ok(()) => Presence::Agreed(Cause::Prorated),
        }
    }

    /// What is bought and not billed in the month.
    fn unbilled(&self, seats: &Ordered) -> Presence {
        if let Some(other) = self.billed.misplaced() {
            return Presence::Found(Cause::BilledOtherMonth, Stake::exactly(other.amount()));
        }
        let became = seats.state == State::Converted;
        let cause = if became { Cause::TrialBecamePaid } else { Cause::NotBilled };
        let (cost, sale) = self.worth(seats);
        Presence::Found(cause, Stake::between(cost, sale))
    }

    /// What is not there, of a side of which this much was read.
    fn absent(&self, told: Told, partly: Reason, found: impl FnOnce() -> Presence) -> Presence {
        match told {
            Told::Whole if self.sides.open => Presence::Told(Reason::MonthOpen),
            Told::Whole => found(),
            _ => Presence::Told(partly),
        }
    }

    /// Consumption: one amount on each side, whatever the meters counted.
    fn usage(&self, metered: bool) -> Presence {
        let consumed = self.invoiced.consumed();
        match (metered, self.billed.is_empty()) {
            (false, true) => Presence::Agreed(Cause::NotDue),
            (true, true) if self.sides.billed == Told::No => Presence::Agreed(Cause::Agreed),
            (true, true) => self.absent(self.sides.billed, Reason::BilledIncomplete, || {
                let sale = self.invoiced.rare.as_ref().and_then(|rare| rare.consumed_sale.amount());
                Presence::Found(Cause::UsageNotBilled, Stake::between(consumed.amount(), sale))
            }),
            (false, false) if self.sides.invoiced == Told::No => Presence::Agreed(Cause::Agreed),
            (false, false) if !self.sides.settled => Presence::Told(Reason::MonthOpen),
            (false, false) => self.absent(self.sides.invoiced, Reason::InvoicedIncomplete, || {
                Presence::Found(Cause::BilledUnused, Stake::exactly(self.billed.sale.amount()))
            }),
            (true, false) => Presence::Compare,
        }
    }

    /// What the row is worth: to the partner, and to the customer.
    fn worth(&self, seats: &Ordered) -> (Option<Decimal>, Option<Decimal>) {
        // A credit that is taken off is no charge.
        let charged = if self.invoiced.is_empty() { Money::Nothing } else { self.invoiced.all_cost() };
        let cost = charged.amount().or(seats.cost.amount());
        (cost, self.expected_sale(seats).or_else(|| price(seats)))
    }

    /// What the customer should have been charged.
    fn expected_sale(&self, seats: &Ordered) -> Option<Decimal> {
        match self.rules.amounts {
            Amounts::Sale => {
                // A line that stands there twice is no reason to charge twice.
                let line = if self.repeated(seats) { Money::Nothing } else { self.invoiced.all_sale() };
                line.amount().or(price(seats))
            }
            Amounts::CustomerPrice => price(seats),
            Amounts::Cost => self.invoiced.all_cost().amount().or(seats.cost.amount()),
            Amounts::Units => None,
        }
    }

    fn repeated(&self, seats: &Ordered) -> bool {
        seats.quantity.is_some_and(|quantity| self.invoiced.repeats(quantity))
    }

    fn compare(&self) -> Found {
        let Some(seats) = self.ordered else { return Ok(()) };
        let prorated = self.invoiced.rare.as_ref().is_some_and(|rare| rare.prorates > 0);
        let metered =
            self.invoiced.lines == 0 && self.invoiced.rare.as_ref().is_some_and(|rare| rare.consumption > 0);
        if !metered {
            self.invoiced_quantity(seats, prorated)?;
            self.billed_quantity(seats, prorated)?;
            self.invoiced_price(seats, prorated)?;
        }
        self.billed_price(seats)?;
        if let Some(credit) = self.invoiced.credit_of().amount().filter(|credit| !credit.is_zero()) {
            return Err((Cause::Credited, Stake::up_to(Some(credit))));
        }
        if prorated && !metered {
            return Err((Cause::Prorated, Stake::Unknown));
        }
        Ok(())
    }

    fn same(&self, one: Decimal, other: Decimal) -> bool {
        self.rules.same_quantity(one, other)
    }

    fn invoiced_quantity(&self, seats: &Ordered, prorated: bool) -> Found {
        if self.invoiced.is_empty() {
            return Ok(());
        }
        let Some((ordered, invoiced)) = seats.quantity.zip(self.invoiced.all_quantity()) else {
            return Ok(());
        };
        let terms = self.invoiced.quantity.filter(|_| self.invoiced.lines > 0);
        let of_terms = prorated && terms.is_some_and(|terms| self.same(terms, ordered));
        if self.same(ordered, invoiced) || of_terms || seats.changed_since {
            return Ok(());
        }
        let stake = self.for_units(self.invoiced.all_cost(), invoiced, ordered, seats.cost);
        Err(if self.repeated(seats) {
            (Cause::InvoicedTwice, stake)
        } else if invoiced > ordered {
            (Cause::InvoicedMore, stake)
        } else {
            (Cause::InvoicedFewer, stake)
        })
    }

    fn billed_quantity(&self, seats: &Ordered, prorated: bool) -> Found {
        let Some(billed) = self.billed.quantity.filter(|_| self.billed.lines > 0) else { return Ok(()) };
        // Of what changed since, the invoice tells what it was in the month.
        let invoiced = self.invoiced.all_quantity().filter(|_| !self.invoiced.is_empty());
        let ordered = if seats.changed_since { invoiced } else { seats.quantity };
        let Some(ordered) = ordered else { return Ok(()) };
        let terms = self.invoiced.quantity.filter(|_| self.invoiced.lines > 0);
        if self.same(ordered, billed) || (prorated && terms.is_some_and(|terms| self.same(terms, billed))) {
            return Ok(());
        }
        let stake = self.for_units(self.billed.sale, billed, ordered, seats.sale);
        Err(if self.billed.repeats(ordered) {
            (Cause::BilledTwice, stake)
        } else if billed > ordered {
            (Cause::BilledMore, stake)
        } else {
            (Cause::BilledFewer, stake)
        })
    }

    /// What the units between two numbers are worth, by what some of them were charged or by the price.
    fn for_units(&self, charged: Money, units: Decimal, other: Decimal, price: Money) -> Stake {
        let difference = units.checked_sub(other);
        let each = charged.amount().and_then(|amount| amount.checked_div(units));
        let listed = price.amount().and_then(|amount| amount.checked_div(other));
        let of = |each: Option<Decimal>| {
            each.zip(difference)
                .and_then(|(each, units)| each.checked_mul(units))
                .map(|amount| amount.round_dp(4))
        };
        Stake::between(of(each), of(listed))
    }

    fn invoiced_price(&self, seats: &Ordered, prorated: bool) -> Found {
        if seats.changed_since || self.invoiced.is_empty() {
            return Ok(());
        }
        let Some((expected, invoiced)) = seats.cost.amount().zip(self.invoiced.all_cost().amount()) else {
            return Ok(());
        };
        if self.rules.same_amount(expected, invoiced) || self.by_tariff(seats, invoiced) {
            return Ok(());
        }
        if (prorated || seats.partial) && invoiced < expected && invoiced >= Decimal::ZERO {
            // A part of a term costs a part of its price.
            return if prorated { Ok(()) } else { Err((Cause::Prorated, Stake::Unknown)) };
        }
        let stake = Stake::difference(Some(expected), Some(invoiced));
        Err(if invoiced.is_zero() {
            (Cause::InvoicedFree, stake)
        } else if invoiced > expected {
            (Cause::InvoicedDearer, stake)
        } else {
            (Cause::InvoicedCheaper, stake)
        })
    }

    /// Whether bands of the list price explain the amount.
    fn by_tariff(&self, seats: &Ordered, invoiced: Decimal) -> bool {
        let totals = self.tariff.zip(seats.quantity).map(|(tariff, quantity)| tariff.totals(quantity));
        totals.into_iter().flatten().any(|total| self.rules.same_amount(total, invoiced))
    }

    fn billed_price(&self, seats: &Ordered) -> Found {
        let unpriced = self.billed.rare.as_ref().is_some_and(|rare| rare.unpriced);
        let Some(billed) = self.billed.sale.amount().filter(|_| !unpriced) else { return Ok(()) };
        let cost = self.invoiced.all_cost().amount().or(seats.cost.amount());
        let below = cost.is_some_and(|cost| billed < cost && !self.rules.same_amount(billed, cost));
        match self.expected_sale(seats) {
            Some(expected) if self.rules.same_amount(expected, billed) => {
                if below && self.rules.amounts != Amounts::Cost {
                    return Err((Cause::BilledBelowCost, Stake::difference(cost, Some(billed))));
                }
                Ok(())
            }
            Some(expected) => {
                let cause = if billed > expected { Cause::BilledDearer } else { Cause::BilledCheaper };
                Err((cause, Stake::difference(Some(expected), Some(billed))))
            }
            None if below => Err((Cause::BilledBelowCost, Stake::difference(cost, Some(billed)))),
            None => Ok(()),
        }
    }

    /// What the figures lack for an agreement to be one.
    fn figures(&self) -> Option<Reason> {
        let seats = self.ordered?;
        if !self.is_charged() {
            return None;
        }
        let invoiced = self.invoiced.all_quantity().filter(|_| self.invoiced.lines > 0);
        let changed = invoiced.zip(seats.quantity).is_some_and(|(one, other)| !self.same(one, other));
        if seats.changed_since && changed {
            return Some(Reason::ChangedSince);
        }
        if self.billed.rare.as_ref().is_some_and(|rare| rare.missing) {
            return Some(Reason::NoAmount);
        }
        if self.invoiced.lines > 0 && (seats.quantity.is_none() || self.invoiced.quantity.is_none()) {
            return Some(Reason::NoQuantity);
        }
        let priced = self.billed.sale.amount().is_some() && self.rules.amounts != Amounts::Units;
        (priced && self.expected_sale(seats).is_none()).then_some(Reason::NoPrice)
    }
}

/// What the customer pays in the month, where a payment is due in it.
fn price(seats: &Ordered) -> Option<Decimal> {
    seats.sale.amount().filter(|_| seats.due != Due::No)
}
