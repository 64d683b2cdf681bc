//! What is planted in ION's billing reports and subscriptions.

use provider_core::chrono::Duration;
use provider_simulator::streamone::ReportLine;
use provider_sync::reconcile::{Cause, Figure, Reason};
use rust_decimal::Decimal;

use crate::kinds::{Kind, NO_UNITS, kind, nothing, own, set, untold};
use crate::month::{Needs, Seats, at, first, loose};

fn line(seats: &Seats) -> ReportLine {
    ReportLine::new(seats.price * seats.quantity, seats.cost * seats.quantity, seats.quantity)
}

/// What only its reports tell, beside what was billed.
pub(crate) const KINDS: &[Kind] = &[
    NO_UNITS,
    kind("a missing line", Cause::NotInvoiced, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| reported.lines.clear());
        own(seats)
    }),
    kind("a doubled line", Cause::InvoicedTwice, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| reported.lines.extend(reported.lines.clone()));
        own(seats)
    }),
    kind("too many units reported", Cause::InvoicedMore, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| {
            for line in &mut reported.lines {
                line.usage += Decimal::TWO;
                line.cost += seats.cost * Decimal::TWO;
            }
        });
        own(seats)
    }),
    kind("too few units reported", Cause::InvoicedFewer, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| {
            for line in &mut reported.lines {
                line.usage -= Decimal::ONE;
                line.cost -= seats.cost;
            }
        });
        own(seats)
    }),
    kind("a higher price", Cause::InvoicedDearer, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| {
            reported.lines.iter_mut().for_each(|line| line.cost += Decimal::new(5, 1));
        });
        own(seats)
    }),
    kind("a lower price", Cause::InvoicedCheaper, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| {
            reported.lines.iter_mut().for_each(|line| line.cost -= Decimal::new(5, 1));
        });
        own(seats)
    }),
    kind("a zero line", Cause::InvoicedFree, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| {
            reported.lines.iter_mut().for_each(|line| line.cost = Decimal::ZERO);
        });
        own(seats)
    }),
    kind("a credit", Cause::Credited, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| {
            let mut credit = ReportLine::new(Decimal::ZERO, Decimal::from(-5), Decimal::ONE);
            credit.is_credit = true;
            reported.lines.push(credit);
        });
        own(seats)
    }),
    untold("reported in another currency", Reason::InvoicedCurrency, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| reported.currency = Some("CAD".to_owned()));
        own(seats)
    }),
    // It is told by the vendor's own id, which is that of nothing that is listed: nobody knows whose it is.
    untold("a line for nobody's id", Reason::NoSubscription, Needs::Yearly, |month, seats| {
        let like = seats.clone();
        month.report(&seats.vendor_id, |reported| {
            reported.resource_id = "00000000-0000-4000-8000-000000000001".to_owned();
            reported.lines.push(line(&like));
        });
        loose(&seats.customer, "usage")
    }),
    kind("ended but reported", Cause::InvoicedAfterEnd, Needs::Plain, |month, seats| {
        month.only_the_subscription(&seats.vendor_id, |one| {
            one.status = "cancelled".to_owned();
            one.updated_at = first() - Duration::days(11);
        });
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("ended but billed", Cause::BilledAfterEnd, Needs::Plain, |month, seats| {
        month.subscription(&seats.vendor_id, |one| {
            one.status = "cancelled".to_owned();
            one.updated_at = first() - Duration::days(11);
        });
        own(seats)
    }),
    // It ended some time in the month: only its last change is told, and the end of its term.
    untold("ended within the month", Reason::EndUnknown, Needs::Plain, |month, seats| {
        month.only_the_subscription(&seats.vendor_id, |one| {
            one.status = "cancelled".to_owned();
            one.updated_at = first() + Duration::days(14);
        });
        own(seats)
    }),
    untold("changed after the month", Reason::ChangedSince, Needs::Plain, |month, seats| {
        month.only_the_subscription(&seats.vendor_id, |one| {
            one.quantity += 2;
            one.updated_at = at("2026-11-10T09:00:00Z");
        });
        own(seats)
    }),
    kind("reported though nothing is due", Cause::InvoicedNotDue, Needs::Yearly, |month, seats| {
        let like = seats.clone();
        month.report(&seats.vendor_id, |reported| reported.lines.push(line(&like)));
        own(seats)
    }),
    kind("neither reported nor billed", Cause::NobodyCharged, Needs::Plain, |month, seats| {
        month.report(&seats.vendor_id, |reported| reported.lines.clear());
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("billed below cost", Cause::BilledBelowCost, Needs::Plain, |month, seats| {
        // What the customer is charged is less than it costs, and just that is billed.
        let low = Decimal::ONE;
        month.report(&seats.vendor_id, |reported| {
            reported.lines.iter_mut().for_each(|line| line.price = low);
        });
        month.row(&seats.id, |row| set(row, |row| row.amount = Figure::Is(low)));
        own(seats)
    }),
    kind("usage that is not billed", Cause::UsageNotBilled, Needs::Usage, |month, seats| {
        month.row(&seats.id, nothing);
        own(seats)
    }),
    kind("usage that is billed and not reported", Cause::BilledUnused, Needs::Usage, |month, seats| {
        month.report(&seats.vendor_id, |reported| reported.lines.clear());
        own(seats)
    }),
];
