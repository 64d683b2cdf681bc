//! The filters of invoices, their lines and usage.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use provider_core::model::{InvoiceId, InvoiceKind, InvoiceStatus};
use provider_core::{
    Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery, Period, SubscriptionId, UsageQuery, UsageRecord,
};

use super::Probe;
use super::people::{NEVER, no_customer, no_organization};
use crate::conformance::world::{World, unknown_id};

pub(crate) fn invoices(world: &World) -> Vec<Probe<Invoice>> {
    let base = || world.invoices.query.clone();
    let mut days: Vec<NaiveDate> = world.invoices.records.iter().filter_map(|i| i.issued_on).collect();
    days.sort_unstable();
    let middle = days.get(days.len() / 2).copied();
    let by_day = |field, set: fn(InvoiceQuery, NaiveDate) -> InvoiceQuery, after: bool| Probe::<Invoice> {
        field,
        some: middle.map(|day| {
            let holds: super::Holds<Invoice> =
                Box::new(move |i: &Invoice| i.issued_on.map(|on| (on >= day) == after));
            (set(base(), day), holds)
        }),
        none: beyond(&days, after).map(|day| set(base(), day)),
    };
    vec![
        Probe::by(
            world,
            "kind",
            |i: &Invoice| Some(i.kind.clone()),
            InvoiceQuery::kind,
            Some(InvoiceKind::from(NEVER)),
        ),
        Probe::by(world, "side", |i: &Invoice| Some(i.side), InvoiceQuery::side, None),
        Probe::by(
            world,
            "status",
            |i: &Invoice| i.status.clone(),
            InvoiceQuery::status,
            Some(InvoiceStatus::from(NEVER)),
        ),
        Probe::by(
            world,
            "customer",
            |i: &Invoice| i.customer.clone(),
            |q: InvoiceQuery, v| q.customer(v),
            Some(no_customer(world)),
        ),
        Probe::by(
            world,
            "organization",
            |i: &Invoice| i.organization.clone(),
            |q: InvoiceQuery, v| q.organization(v),
            Some(no_organization(world)),
        ),
        by_day("issued_from", InvoiceQuery::issued_from, true),
        by_day("issued_before", InvoiceQuery::issued_before, false),
    ]
}

/// A day after which, or before which, nothing was issued.
fn beyond(days: &[NaiveDate], after: bool) -> Option<NaiveDate> {
    if after { days.last()?.checked_add_days(Days::new(1)) } else { days.first().copied() }
}

pub(crate) fn invoice_lines(world: &World) -> Vec<Probe<InvoiceLine>> {
    let kinds: BTreeMap<InvoiceId, InvoiceKind> =
        world.invoices.records.iter().map(|i| (i.id.clone(), i.kind.clone())).collect();
    vec![
        Probe::by(
            world,
            "invoice",
            |l: &InvoiceLine| Some(l.invoice.clone()),
            |q: InvoiceLineQuery, v| q.invoice(v),
            Some(InvoiceId::new(unknown_id(world.invoices.ids()))),
        ),
        Probe::by(
            world,
            "customer",
            |l: &InvoiceLine| l.customer.clone(),
            |q: InvoiceLineQuery, v| q.customer(v),
            Some(no_customer(world)),
        ),
        Probe::by(
            world,
            "kind",
            move |l: &InvoiceLine| kinds.get(&l.invoice).cloned(),
            InvoiceLineQuery::kind,
            Some(InvoiceKind::from(NEVER)),
        ),
    ]
}

pub(crate) fn usage(world: &World) -> Vec<Probe<UsageRecord>> {
    let base = || world.usage.query.clone();
    let at = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
    // A month in which none of the distributors sold anything.
    let long_ago = Period::new(at(315_532_800), at(318_211_200)).ok();
    let first = world.usage.records.iter().filter_map(|u| u.period).min_by_key(|p| p.start);
    let period = Probe::<UsageRecord> {
        field: "period",
        some: first.map(|wanted| {
            let holds: super::Holds<UsageRecord> = Box::new(move |u: &UsageRecord| {
                let period = u.period?;
                // What touches the wanted time may come or not; what lies outside must not.
                let outside = wanted.end <= period.start || period.end < wanted.start;
                let inside = wanted.start <= period.start && period.end <= wanted.end;
                if outside { Some(false) } else { inside.then_some(true) }
            });
            (base().period(wanted), holds)
        }),
        none: long_ago.map(|period| base().period(period)),
    };
    vec![
        Probe::by(
            world,
            "customer",
            |u: &UsageRecord| u.customer.clone(),
            |q: UsageQuery, v| q.customer(v),
            Some(no_customer(world)),
        ),
        Probe::by(
            world,
            "subscription",
            |u: &UsageRecord| u.subscription.clone(),
            |q: UsageQuery, v| q.subscription(v),
            Some(SubscriptionId::new(unknown_id(world.subscriptions.ids()))),
        ),
        Probe::unseen("organization", base().organization(no_organization(world))),
        period,
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::model::InvoiceSide;

    use super::super::{all_of, fields};
    use super::*;

    #[test]
    fn every_filter_is_walked() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let all = InvoiceQuery::default()
            .kind(InvoiceKind::Draft)
            .side(InvoiceSide::Payable)
            .status(InvoiceStatus::Open)
            .customer("1")
            .organization("1")
            .issued_from(day)
            .issued_before(day);
        assert_eq!(fields::<Invoice>(), all_of(&all));
        let all = InvoiceLineQuery::default().invoice("1").customer("1").kind(InvoiceKind::Draft);
        assert_eq!(fields::<InvoiceLine>(), all_of(&all));
        let period = Period::inclusive_days(day, day).unwrap();
        let all = UsageQuery::default().customer("1").subscription("1").organization("1").period(period);
        assert_eq!(fields::<UsageRecord>(), all_of(&all));
    }
}
