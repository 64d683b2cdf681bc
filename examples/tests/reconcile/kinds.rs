//! The kinds of differences, and how each is planted.

use provider_core::Period;
use provider_core::chrono::Duration;
use provider_sync::reconcile::{BilledRow, Cause, Figure, Reason, Verdict};
use rust_decimal::Decimal;

use crate::month::{Month, Needs, Seats, first, october};

/// One kind of difference.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// What it comes to.
    pub(crate) told: (Verdict, Cause),
    pub(crate) needs: Needs,
    /// Plants it, and answers the id of the row that shows it.
    pub(crate) plant: fn(&mut Month, &Seats) -> String,
}

const fn kind(
    name: &'static str,
    cause: Cause,
    needs: Needs,
    plant: fn(&mut Month, &Seats) -> String,
) -> Kind {
    Kind { name, told: (cause.verdict(), cause), needs, plant }
}

const fn untold(
    name: &'static str,
    reason: Reason,
    needs: Needs,
    plant: fn(&mut Month, &Seats) -> String,
) -> Kind {
    Kind { name, told: (Verdict::NotTold(reason), Cause::NotTold), needs, plant }
}

fn own(seats: &Seats) -> String {
    seats.id.clone()
}

fn set(mut row: BilledRow, change: impl Fn(&mut BilledRow)) -> Vec<BilledRow> {
    change(&mut row);
    vec![row]
}

fn more(figure: &mut Figure, by: Decimal) {
    match figure {
        Figure::Is(number) => *number += by,
        other => panic!("{other:?}"),
    }
}

fn nothing<T>(_: T) -> Vec<T> {
    Vec::new()
}

fn ended(month: &Month, id: &str) {
    let edited = month.simulator.pax8().edit_subscription(id, |seats| {
        seats.status = "Cancelled".to_owned();
        seats.ends_at = Some(first() - Duration::days(3));
    });
    assert!(edited, "{id}");
}

const FIVE: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

pub(crate) const KINDS: &[Kind] = &[
    kind("a missing line", Cause::NotInvoiced, Needs::Plain, |month, seats| {
        month.item(&seats.id, nothing);
        own(seats)
    }),
    kind("a doubled line", Cause::InvoicedTwice, Needs::Plain, |month, seats| {
        month.item(&seats.id, |item| vec![item.clone(), item]);
        own(seats)
    }),
    kind("too many units invoiced", Cause::InvoicedMore, Needs::Plain, |month, seats| {
        let cost = seats.cost;
        month.item(&seats.id, |mut item| {
            item.quantity += Decimal::TWO;
            item.cost_total += cost * Decimal::TWO;
            vec![item]
        });
        own(seats)
    }),
    kind("too few units invoiced", Cause::InvoicedFewer, Needs::Plain, |month, seats| {
        let cost = seats.cost;
        month.item(&seats.id, |mut item| {
            item.quantity -= Decimal::ONE;
            item.cost_total -= cost;
            vec![item]
        });
        own(seats)
    }),
    kind("a higher price", Cause::InvoicedDearer, Needs::Plain, |month, seats| {
        month.item(&seats.id, |mut item| {
            item.cost_total += FIVE / Decimal::TEN;
            vec![item]
        });
        own(seats)
    }),
    kind("a lower price", Cause::InvoicedCheaper, Needs::Plain, |month, seats| {
        month.item(&seats.id, |mut item| {
            item.cost_total -= FIVE / Decimal::TEN;
            vec![item]
        });
        own(seats)
    }),
    kind("a zero line", Cause::InvoicedFree, Needs::Plain, |month, seats| {
        month.item(&seats.id, |mut item| {
            item.cost_total = Decimal::ZERO;
            vec![item]
        });
        own(seats)
    }),
    kind("a prorate", Cause::Prorated, Needs::Plain, |month, seats| {
        // Two seats more since the middle of the month, which are charged at half.
        assert!(month.simulator.pax8().edit_subscription(&seats.id, |one| one.quantity += Decimal::TWO));
        let (cost, price) = (seats.cost, seats.price);
        month.add_item(&seats.id, |item| {
            item.kind = "prorate".to_owned();
            item.quantity = Decimal::TWO;
            item.cost_total = cost;
            item.sub_total = price;
            item.first_day += Duration::days(15);
        });
        month.row(&seats.id, |row| {
            set(row, |row| {
                more(&mut row.quantity, Decimal::TWO);
                more(&mut row.amount, price);
            })
        });
        own(seats)
    }),
    kind("a credit", Cause::Credited, Needs::Plain, |month, seats| {
        month.add_item(&seats.id, |item| {
            item.kind = "service-credit".to_owned();
            item.quantity = Decimal::ONE;
            item.cost_total = -FIVE;
            item.sub_total = Decimal::ZERO;
        });
        own(seats)
    }),
    kind("a line for another month", Cause::InvoicedOtherMonth, Needs::Plain, |month, seats| {
        month.item(&seats.id, |mut item| {
            item.last_day = item.first_day.pred_opt().unwrap();
            item.first_day = october().before().period().start.date_naive();
            vec![item]
        });
        own(seats)
    }),
    untold("a line in another currency", Reason::InvoicedCurrency, Needs::Plain, |month, seats| {
        month.item(&seats.id, |mut item| {
            item.currency = Some("CAD".to_owned());
            vec![item]
        });
        own(seats)
    }),
    kind("a line for nobody's id", Cause::InvoicedNotOrdered, Needs::Plain, |month, seats| {
        let stranger = "00000000-0000-4000-8000-000000000001";
        month.add_item(&seats.id, |item| item.subscription = Some(stranger.to_owned()));
        stranger.to_owned()
    }),
    kind("cancelled but invoiced", Cause::InvoicedAfterEnd, Needs::Plain, |month, seats| {
        ended(month, &seats.id);
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("cancelled but billed", Cause::BilledAfterEnd, Needs::Plain, |month, seats| {
        ended(month, &seats.id);
        month.item(&seats.id, nothing);
        own(seats)
    }),
    kind("invoiced though nothing is due", Cause::InvoicedNotDue, Needs::Yearly, |month, seats| {
        let (like, id) = (month.take(Needs::Plain), seats.id.clone());
        month.add_item(&like.id, |item| item.subscription = Some(id.clone()));
        own(seats)
    }),
    kind("a trial that became paid", Cause::TrialBecamePaid, Needs::Converted, |month, seats| {
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("a trial that is billed", Cause::BilledTrial, Needs::Trial, |month, seats| {
        month.bill(&seats.id, seats.quantity, Decimal::TEN);
        own(seats)
    }),
    kind("bought and not billed", Cause::NotBilled, Needs::Plain, |month, seats| {
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("neither invoiced nor billed", Cause::NobodyCharged, Needs::Plain, |month, seats| {
        month.item(&seats.id, nothing);
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("billed twice", Cause::BilledTwice, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| vec![row.clone(), row]);
        own(seats)
    }),
    kind("too many units billed", Cause::BilledMore, Needs::Plain, |month, seats| {
        let price = seats.price;
        month.row(&seats.id, |row| {
            set(row, |row| {
                more(&mut row.quantity, Decimal::ONE);
                more(&mut row.amount, price);
            })
        });
        own(seats)
    }),
    kind("too few units billed", Cause::BilledFewer, Needs::Plain, |month, seats| {
        let price = seats.price;
        month.row(&seats.id, |row| {
            set(row, |row| {
                more(&mut row.quantity, -Decimal::ONE);
                more(&mut row.amount, -price);
            })
        });
        own(seats)
    }),
    kind("billed at a higher price", Cause::BilledDearer, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| set(row, |row| more(&mut row.amount, Decimal::ONE)));
        own(seats)
    }),
    kind("billed at a lower price", Cause::BilledCheaper, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| set(row, |row| more(&mut row.amount, -Decimal::new(2, 2))));
        own(seats)
    }),
    kind("billed below cost", Cause::BilledBelowCost, Needs::Plain, |month, seats| {
        // What the customer is charged is less than it costs, and just that is billed.
        let low = Decimal::ONE;
        month.item(&seats.id, |mut item| {
            item.sub_total = low;
            vec![item]
        });
        month.row(&seats.id, |row| set(row, |row| row.amount = Figure::Is(low)));
        own(seats)
    }),
    kind("billed for nobody's id", Cause::BilledNotOrdered, Needs::Plain, |month, _| {
        month.bill("b7c1-4711", Decimal::from(3), Decimal::from(30));
        "b7c1-4711".to_owned()
    }),
    kind("billed for another month", Cause::BilledOtherMonth, Needs::Plain, |month, seats| {
        let before: Period = october().before().period();
        month.row(&seats.id, |row| set(row, |row| row.period = Some(before)));
        own(seats)
    }),
    kind("billed though nothing is due", Cause::BilledNotDue, Needs::Yearly, |month, seats| {
        month.bill(&seats.id, seats.quantity, Decimal::from(100));
        own(seats)
    }),
    kind("usage that is not billed", Cause::UsageNotBilled, Needs::Usage, |month, seats| {
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("usage that is billed and not invoiced", Cause::BilledUnused, Needs::Usage, |month, seats| {
        month.later_item(&seats.id, nothing);
        own(seats)
    }),
    untold("billed in another currency", Reason::BilledCurrency, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| set(row, |row| row.currency = "EUR".parse().ok()));
        own(seats)
    }),
    untold("billed in a currency that is no code", Reason::NoCurrency, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| {
            set(row, |row| {
                row.currency = None;
                row.currency_as_written = Some("kr".to_owned());
            })
        });
        own(seats)
    }),
    untold("billed with a decimal comma", Reason::Unreadable, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| set(row, |row| row.amount = Figure::read("1.234,50")));
        own(seats)
    }),
    untold("billed without a number of units", Reason::NoAmount, Needs::Plain, |month, seats| {
        month.row(&seats.id, |row| set(row, |row| row.quantity = Figure::Missing));
        own(seats)
    }),
    untold("billed before it is provisioned", Reason::State, Needs::Pending, |month, seats| {
        month.bill(&seats.id, seats.quantity, Decimal::from(50));
        own(seats)
    }),
];
