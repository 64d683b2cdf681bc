//! The kinds of differences, and those that show in what was billed, wherever it was bought.

use provider_core::Period;
use provider_sync::reconcile::{BilledRow, Cause, Figure, Reason, Verdict};
use rust_decimal::Decimal;

use crate::month::{Month, Needs, Seats, october};

/// What a row came to.
pub(crate) type Told = (Verdict, Cause);

/// Plants a difference, and answers the row that shows it.
pub(crate) type Plant = fn(&mut Month, &Seats) -> String;

/// One kind of difference.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What it comes to.
    pub(crate) told: Told,
    pub(crate) needs: Needs,
    pub(crate) plant: Plant,
}

pub(crate) const fn kind(name: &'static str, cause: Cause, needs: Needs, plant: Plant) -> Kind {
    Kind { name, told: (cause.verdict(), cause), needs, plant }
}

pub(crate) const fn untold(name: &'static str, reason: Reason, needs: Needs, plant: Plant) -> Kind {
    Kind { name, told: (Verdict::NotTold(reason), Cause::NotTold), needs, plant }
}

pub(crate) fn own(seats: &Seats) -> String {
    seats.id.clone()
}

pub(crate) fn set<T>(mut record: T, change: impl Fn(&mut T)) -> Vec<T> {
    change(&mut record);
    vec![record]
}

pub(crate) fn more(figure: &mut Figure, by: Decimal) {
    match figure {
        Figure::Is(number) => *number += by,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn nothing<T>(_: T) -> Vec<T> {
    Vec::new()
}

fn change(month: &mut Month, seats: &Seats, change: impl Fn(&mut BilledRow)) -> String {
    month.row(&seats.id, |row| set(row, &change));
    own(seats)
}

/// What can be told of any distributor: it shows beside what was ordered.
pub(crate) const BILLED: &[Kind] = &[
    kind("bought and not billed", Cause::NotBilled, Needs::Plain, |month, seats| {
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("billed twice", Cause::BilledTwice, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| vec![row.clone(), row]);
        own(seats)
    }),
    kind("too many units billed", Cause::BilledMore, Needs::Plain, |month, seats| {
        change(month, seats, |row| {
            more(&mut row.quantity, Decimal::ONE);
            more(&mut row.amount, seats.price);
        })
    }),
    kind("too few units billed", Cause::BilledFewer, Needs::Plain, |month, seats| {
        change(month, seats, |row| {
            more(&mut row.quantity, -Decimal::ONE);
            more(&mut row.amount, -seats.price);
        })
    }),
    kind("billed at a higher price", Cause::BilledDearer, Needs::Priced, |month, seats| {
        change(month, seats, |row| more(&mut row.amount, Decimal::ONE))
    }),
    kind("billed at a lower price", Cause::BilledCheaper, Needs::Priced, |month, seats| {
        change(month, seats, |row| more(&mut row.amount, -Decimal::new(2, 2)))
    }),
    kind("billed for nobody's id", Cause::BilledNotOrdered, Needs::Plain, |month, _| {
        month.bill("b7c1-4711", Decimal::from(3), Decimal::from(30));
        "b7c1-4711".to_owned()
    }),
    kind("billed for another month", Cause::BilledOtherMonth, Needs::Plain, |month, seats| {
        let before: Period = october().before().period();
        change(month, seats, |row| row.period = Some(before))
    }),
    kind("billed though nothing is due", Cause::BilledNotDue, Needs::Yearly, |month, seats| {
        month.bill(&seats.id, seats.quantity, Decimal::from(100));
        own(seats)
    }),
    kind("a trial that is billed", Cause::BilledTrial, Needs::Trial, |month, seats| {
        month.bill(&seats.id, seats.quantity, Decimal::TEN);
        own(seats)
    }),
    untold("billed in another currency", Reason::BilledCurrency, Needs::Priced, |month, seats| {
        change(month, seats, |row| row.currency = "EUR".parse().ok())
    }),
    untold("billed in a currency that is no code", Reason::NoCurrency, Needs::Plain, |month, seats| {
        change(month, seats, |row| {
            row.currency = None;
            row.currency_as_written = Some("kr".to_owned());
        })
    }),
    untold("billed with a decimal comma", Reason::Unreadable, Needs::Plain, |month, seats| {
        change(month, seats, |row| row.amount = Figure::read("1.234,50"))
    }),
    untold("billed before it is provisioned", Reason::State, Needs::Pending, |month, seats| {
        month.bill(&seats.id, seats.quantity, Decimal::from(50));
        own(seats)
    }),
];

/// Of those whose invoices are told: without them, nothing is told of what agrees.
pub(crate) const NO_UNITS: Kind =
    untold("billed without a number of units", Reason::NoAmount, Needs::Plain, |month, seats| {
        change(month, seats, |row| row.quantity = Figure::Missing)
    });
