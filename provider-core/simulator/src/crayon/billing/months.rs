//! What was billed: a statement for each month, invoice profile and kind of provision, never changed afterwards.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::record::{CYCLE, FIRST_STATEMENT, GIVEN_BACK, Line, METERED, SEATS, Statement};
use super::usage::{METERS, daily_cost, days};
use crate::crayon::engine::dates;
use crate::crayon::state::State;
use crate::crayon::subscription::record::{OVER, PENDING};

/// One subscription of so many was made smaller once.
const SMALLER: i64 = 5;

/// Bills every month that is over. Called before anything changes, so that history does not move.
pub(crate) fn bill(state: &mut State, now: DateTime<Utc>) {
    let this_month = dates::month_start(now);
    let first =
        dates::add_months(dates::month_start(state.started), -i32::try_from(state.months).unwrap_or(0));
    let mut month = state.billing.open_month.unwrap_or(first);
    while month < this_month {
        let next = dates::add_months(month, 1);
        bill_month(state, month, next);
        month = next;
    }
    state.billing.open_month = Some(month);
}

/// Bills months that passed since the last look, if somebody looked at all.
pub(crate) fn close_months(state: &mut State, now: DateTime<Utc>) {
    if state.billing.open_month.is_some_and(|open| open < dates::month_start(now)) {
        bill(state, now);
    }
}

fn bill_month(state: &mut State, starts: DateTime<Utc>, ends: DateTime<Utc>) {
    // Organization, kind and profile, in the order that statements are numbered.
    let mut charges: BTreeMap<(i64, i64, i64), Vec<Line>> = BTreeMap::new();
    let owner = |tenant: i64| state.tenants.get(&tenant);
    // In the month before the last one some subscriptions were made smaller by a seat.
    let changed = dates::add_months(dates::month_start(state.started), -2);
    for row in state.subscriptions.all() {
        let (Some(tenant), Some(variant)) = (owner(row.tenant), state.catalog.variant(row.variant)) else {
            continue;
        };
        let billed = row.created < ends && row.status & (OVER | PENDING) == 0;
        if !billed || variant.offering.kind.provision_type() != SEATS {
            continue;
        }
        let Some(currency) =
            state.organization(tenant.organization).map(|organization| organization.currency)
        else {
            continue;
        };
        let profile = row.invoice_profile.or(tenant.invoice_profile).unwrap_or_default();
        let smaller = row.id % SMALLER == 0 && starts <= changed;
        let term = Line {
            tenant: tenant.id,
            subscription: row.id,
            variant: variant.index,
            meter: None,
            quantity: row.quantity + i64::from(smaller),
            unit_price: variant.price(currency),
            charge: CYCLE,
        };
        let back = Line { quantity: -1, charge: GIVEN_BACK, ..term.clone() };
        let lines = charges.entry((tenant.organization, SEATS, profile)).or_default();
        lines.push(term);
        lines.extend((smaller && starts == changed).then_some(back));
    }
    for (azure, subscription) in state.azure.rows() {
        let Some(plan) = state.subscriptions.get(subscription) else {
            continue;
        };
        let Some(tenant) = owner(plan.tenant) else {
            continue;
        };
        let quantity = days(plan.created, starts, ends, ends);
        if quantity == 0 {
            continue;
        }
        let profile = azure.get("InvoiceProfile").id().or(plan.invoice_profile).or(tenant.invoice_profile);
        let id = azure.id().unwrap_or_default();
        let lines = charges.entry((tenant.organization, METERED, profile.unwrap_or_default())).or_default();
        lines.extend((0..METERS.len()).map(|meter| Line {
            tenant: tenant.id,
            subscription: plan.id,
            variant: plan.variant,
            meter: Some((id, meter)),
            quantity,
            unit_price: daily_cost(state, id, meter),
            charge: CYCLE,
        }));
    }
    store(state, charges, starts, ends);
}

fn store(
    state: &mut State,
    charges: BTreeMap<(i64, i64, i64), Vec<Line>>,
    starts: DateTime<Utc>,
    ends: DateTime<Utc>,
) {
    let mut last = None;
    for ((organization, provision, profile), lines) in charges {
        if last != Some((organization, provision)) {
            state.billing.groups += 1;
            last = Some((organization, provision));
        }
        let Some(currency) = state.organization(organization).map(|organization| organization.currency)
        else {
            continue;
        };
        let count = i64::try_from(state.billing.statements.len()).unwrap_or_default();
        state.billing.statements.push(Statement {
            id: FIRST_STATEMENT + count,
            group: 3_000 + state.billing.groups,
            organization,
            profile,
            provision,
            starts,
            ends,
            currency,
            total: lines.iter().map(Line::amount).sum(),
            lines,
        });
    }
}
