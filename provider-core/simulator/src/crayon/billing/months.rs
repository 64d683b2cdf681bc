//! What was billed: a statement for each month, invoice profile and kind of provision, never changed afterwards.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::usage::{METERS, daily_cost, days};
use crate::crayon::catalog::price_list::Currency;
use crate::crayon::engine::dates;
use crate::crayon::state::State;
use crate::crayon::subscription::record::{OVER, PENDING};

/// Values of `ProvisionType`.
pub(crate) const SEATS: i64 = 1;
pub(crate) const METERED: i64 = 2;

/// One charge of a statement.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) tenant: i64,
    pub(crate) subscription: i64,
    pub(crate) variant: usize,
    /// Azure subscription and place of the meter, for usage.
    pub(crate) meter: Option<(i64, usize)>,
    pub(crate) quantity: i64,
    pub(crate) unit_price: Decimal,
}

impl Line {
    pub(crate) fn amount(&self) -> Decimal {
        self.unit_price * Decimal::from(self.quantity)
    }
}

/// One billing statement, which is also one invoice.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) id: i64,
    /// Shared by statements of the same month, currency and kind.
    pub(crate) group: i64,
    pub(crate) organization: i64,
    pub(crate) profile: i64,
    pub(crate) provision: i64,
    pub(crate) starts: DateTime<Utc>,
    pub(crate) ends: DateTime<Utc>,
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<Line>,
    pub(crate) total: Decimal,
}

const FIRST_STATEMENT: i64 = 930_001;
const FIRST_ORDER: i64 = 700_000_001;
const FIRST_INVOICE: i64 = 13_000_001;

impl Statement {
    fn place(&self) -> i64 {
        self.id - FIRST_STATEMENT
    }

    /// The order that the invoice and the statement share.
    pub(crate) fn order_id(&self) -> i64 {
        FIRST_ORDER + self.place()
    }

    pub(crate) fn invoice_id(&self) -> i64 {
        FIRST_INVOICE + self.place()
    }

    pub(crate) fn invoiced_on(&self) -> DateTime<Utc> {
        self.ends + TimeDelta::days(3)
    }
}

/// The statements so far.
#[derive(Debug, Default)]
pub(crate) struct Billing {
    pub(crate) statements: Vec<Statement>,
    /// Start of the first month that is not billed yet; `None` before anything was.
    open_month: Option<DateTime<Utc>>,
    groups: i64,
}

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
        charges.entry((tenant.organization, SEATS, profile)).or_default().push(Line {
            tenant: tenant.id,
            subscription: row.id,
            variant: variant.index,
            meter: None,
            quantity: row.quantity,
            unit_price: variant.price(currency),
        });
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
