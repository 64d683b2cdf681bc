//! What is planted in Pax8's invoices and subscriptions.

use provider_core::chrono::Duration;
use provider_sync::reconcile::{Cause, Figure, Reason};
use rust_decimal::Decimal;

use crate::kinds::{Kind, NO_UNITS, kind, more, nothing, own, set, untold};
use crate::month::{Month, Needs, at, first, october};

fn ended(month: &Month, id: &str) {
    let edited = month.simulator.pax8().edit_subscription(id, |seats| {
        seats.status = "Cancelled".to_owned();
        seats.ends_at = Some(first() - Duration::days(3));
    });
    assert!(edited, "{id}");
}

const FIVE: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// What only its invoices tell, beside what was billed.
pub(crate) const KINDS: &[Kind] = &[
    NO_UNITS,
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
    kind("neither invoiced nor billed", Cause::NobodyCharged, Needs::Plain, |month, seats| {
        month.item(&seats.id, nothing);
        month.row(&seats.id, nothing);
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
    kind("usage that is not billed", Cause::UsageNotBilled, Needs::Usage, |month, seats| {
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("usage that is billed and not invoiced", Cause::BilledUnused, Needs::Usage, |month, seats| {
        month.later_item(&seats.id, nothing);
        own(seats)
    }),
    untold("changed after the month", Reason::ChangedSince, Needs::Plain, |month, seats| {
        // The list does not tell when: the subscription itself does.
        assert!(month.simulator.pax8().edit_subscription(&seats.id, |one| {
            one.quantity += Decimal::TWO;
            one.updated_at = Some(at("2026-11-10T09:00:00Z"));
        }));
        own(seats)
    }),
];
