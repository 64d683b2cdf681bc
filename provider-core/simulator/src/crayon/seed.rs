//! The customers and subscriptions that a simulator starts with.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::access::directory::Directory;
use super::access::record::{ORGANIZATIONS, Organization};
use super::billing::groupings;
use super::billing::record::Billing;
use super::catalog::offerings::AZURE_PLAN_PART;
use super::catalog::price_list::Catalog;
use super::catalog::record::{ProductCache, seeded};
use super::customer::record::{Accounts, Consent, Profile, Tenant};
use super::engine::dates;
use super::engine::json::object;
use super::engine::table::Table;
use super::purchase::assets;
use super::purchase::record::{Assets, Containers, Orders};
use super::state::State;
use super::subscription::record::{
    ACTIVE, Azure, CANCELLATION_WINDOW, CANCELLED, CONVERTED, CUSTOMER_CANCELLATION, DELETED, DISABLED,
    EXPIRED, FIXED_PRICE, NextTerm, PENDING, SUSPENDED, Subscription, Subscriptions, term_end,
};
use super::subscription::{add_ons, tags};

/// What is seeded.
///
/// ```
/// use provider_simulator::CrayonSeed;
///
/// let seed = CrayonSeed::default().organizations(1).products(50_000);
/// assert_ne!(seed, CrayonSeed::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct CrayonSeed {
    pub(crate) organizations: usize,
    pub(crate) customers: usize,
    pub(crate) products: usize,
    pub(crate) months: u32,
}

impl Default for CrayonSeed {
    fn default() -> Self {
        Self { organizations: 2, customers: 25, products: 0, months: 3 }
    }
}

impl CrayonSeed {
    /// Organizations that the API user has access to: 1 or 2 (a parent and its subsidiary). Default 2.
    pub fn organizations(mut self, organizations: usize) -> Self {
        self.organizations = organizations.clamp(1, 2);
        self
    }

    /// Customer tenants, spread over the organizations. Default 25.
    pub fn customers(mut self, customers: usize) -> Self {
        self.customers = customers;
        self
    }

    /// Rows of new-commerce products in each organization's price list; never fewer than the fixed ones. Default 12.
    pub fn products(mut self, products: usize) -> Self {
        self.products = products;
        self
    }

    /// Months before the start that have billing statements and invoices. Default 3.
    pub fn history(mut self, months: u32) -> Self {
        self.months = months;
        self
    }
}

impl State {
    /// The seeded state; every date is relative to `started`.
    pub(crate) fn seeded(seed: u64, started: DateTime<Utc>, plan: &CrayonSeed) -> Self {
        let organizations: Vec<Organization> =
            ORGANIZATIONS.into_iter().take(plan.organizations.max(1)).collect();
        let mut state = Self {
            seed,
            started,
            months: plan.months,
            agreements: seeded(&organizations, started),
            catalog: Catalog::new(plan.products),
            products: ProductCache::default(),
            tenants: BTreeMap::new(),
            subscriptions: Subscriptions::default(),
            orders: Orders::default(),
            billing: Billing::default(),
            directory: Directory::seeded(seed, started, &organizations),
            azure: Azure::default(),
            assets: Assets::default(),
            purchase_requests: Vec::new(),
            groupings: Table::starting(1_201),
            exports: Vec::new(),
            transitions: Vec::new(),
            sales_prices: Vec::new(),
            prices_off: Vec::new(),
            activity: Vec::new(),
            accounts: Accounts::seeded(&organizations),
            containers: Containers::seeded(&organizations, started),
            renewed_on: None,
            organizations,
        };
        fill(&mut state, plan.customers);
        assets::seed(&mut state);
        groupings::seed(&mut state);
        state
    }
}

const FIRST_WORDS: &[&str] = &[
    "Fabled", "Northern", "Silver", "Quiet", "Amber", "Coastal", "Maple", "Granite", "Lucky", "Velvet",
    "Polar", "Copper",
];

const SECOND_WORDS: &[&str] = &[
    "Bakery", "Orchard", "Shipyard", "Clinic", "Foundry", "Library", "Harbour", "Brewery", "Garage",
    "Theatre", "Dairy",
];

/// Every tenth tenant has not accepted the customer agreement.
const WITHOUT_CONSENT: usize = 9;
/// Of every 12 tenants one has stopped an add-on, and one the subscription around an add-on that goes on.
const STOPPED_ADD_ON: usize = 0;
const STOPPED_PARENT: usize = 6;
/// The last of every 25 tenants was removed.
const REMOVED: usize = 24;

/// Adds the tenants, spread over the organizations, and what they have bought.
pub(crate) fn fill(state: &mut State, customers: usize) {
    let organizations: Vec<i64> = state.organizations.iter().map(|organization| organization.id).collect();
    for (index, place) in (0..customers).zip((0..organizations.len()).cycle()) {
        let Some(organization) = organizations.get(place) else {
            continue;
        };
        let number = i64::try_from(index).unwrap_or_default();
        // Two profiles each, numbered from 80001 in the order of the organizations.
        let profile = 80_001 + 2 * i64::try_from(place).unwrap_or_default() + i64::from(index % 7 == 6);
        let name = tenant_name(index);
        let tenant = state.add_tenant(|id| Tenant {
            id,
            organization: *organization,
            domain_prefix: name.to_lowercase().replace(' ', ""),
            name: Some(format!("{name} Ltd")),
            external: None,
            reference: (index % 3 != 1).then(|| format!("CUST-{}", number + 1)),
            kind: if index % 12 == 11 { 1 } else { 2 },
            removed: index % 25 == REMOVED,
            has_program: true,
            invoice_profile: Some(profile),
            consumer: None,
            markup: if index % 4 == 2 { Decimal::new(125, 1) } else { Decimal::new(0, 1) },
            price_type: 1,
            profile: Profile::Seeded,
            registration_number: (index % 5 != 3).then(|| (999_000_000 + number).to_string()),
            consents: if index % 10 == WITHOUT_CONSENT { Vec::new() } else { vec![Consent::Seeded] },
        });
        subscriptions(state, tenant, index, profile);
    }
}

fn tenant_name(index: usize) -> String {
    let first = FIRST_WORDS.get(index % FIRST_WORDS.len()).copied().unwrap_or_default();
    let second = SECOND_WORDS.get(index % SECOND_WORDS.len()).copied().unwrap_or_default();
    // 12 and 11 have no common factor: the pairs repeat after 132 names.
    match index / (FIRST_WORDS.len() * SECOND_WORDS.len()) {
        0 => format!("{first} {second}"),
        round => format!("{first} {second} {round}"),
    }
}

/// One purchase of a seeded tenant.
#[derive(Clone, Copy, Debug)]
struct Bought {
    part_number: &'static str,
    term: Option<&'static str>,
    cycle: i64,
    quantity: i64,
    /// Whole months before the start.
    months_ago: i32,
    status: i64,
}

/// The statuses of subscriptions that are no longer, or not yet, in use: one for each tenant in turn.
const OTHER_STATUSES: [i64; 8] =
    [SUSPENDED, DELETED, CUSTOMER_CANCELLATION, CONVERTED, EXPIRED, PENDING, CANCELLED, DISABLED];

fn subscriptions(state: &mut State, tenant: i64, index: usize, profile: i64) {
    let mut prng = state.prng("crayon/purchases", tenant);
    let mut quantity = |most| i64::try_from(prng.between(1, most)).unwrap_or(1);
    let status = OTHER_STATUSES.get(index % OTHER_STATUSES.len()).copied().unwrap_or(EXPIRED);
    let ago = i32::try_from(index % 11).unwrap_or_default();
    let yearly = Bought {
        part_number: "CFQ7TTC0LH18:0001",
        term: Some("P1Y"),
        cycle: 1,
        quantity: quantity(60),
        months_ago: 1 + ago,
        status: ACTIVE,
    };
    let mut bought = vec![
        yearly,
        Bought {
            part_number: "CFQ7TTC0SMP2:0001",
            term: Some("P1M"),
            quantity: quantity(9),
            months_ago: ago,
            status,
            ..yearly
        },
    ];
    if index.is_multiple_of(2) {
        bought.push(Bought {
            part_number: "CFQ7TTC0SMP4:0001",
            term: Some("P1M"),
            quantity: quantity(25),
            ..yearly
        });
    }
    if index.is_multiple_of(3) {
        let part_number = "7c1f0b52-3a4d-4e6f-9b80-1a2b3c4d5e01";
        let status = if index % 12 == STOPPED_PARENT { SUSPENDED } else { ACTIVE };
        bought.push(Bought { part_number, term: None, cycle: 2, quantity: quantity(12), status, ..yearly });
    }
    if index % 5 == 1 {
        let long = Bought {
            part_number: "CFQ7TTC0SMP3:0002",
            term: Some("P3Y"),
            cycle: 8,
            months_ago: 20,
            ..yearly
        };
        bought.push(Bought { quantity: quantity(15), ..long });
    }
    if index % 8 == 4 {
        let trial =
            Bought { part_number: "CFQ7TTC0SMP6:0001", term: Some("P1M"), cycle: 3, months_ago: 0, ..yearly };
        bought.push(Bought { quantity: 25, ..trial });
    }
    if index.is_multiple_of(4) {
        let plan = Bought {
            part_number: AZURE_PLAN_PART,
            term: None,
            cycle: 1,
            quantity: 1,
            months_ago: 9,
            ..yearly
        };
        bought.push(plan);
    }
    for purchase in bought {
        let Some(record) = record(&state.catalog, state.started, tenant, profile, &purchase) else {
            continue;
        };
        let id = state.subscriptions.add(record);
        if purchase.part_number == AZURE_PLAN_PART {
            state.azure.add_plan(id);
            state.azure.seed_subscriptions(state.seed, id);
        } else if purchase.term.is_none() && index.is_multiple_of(6) {
            add_on(state, tenant, id, if index % 12 == STOPPED_ADD_ON { SUSPENDED } else { ACTIVE });
        }
    }
}

fn record(
    catalog: &Catalog,
    started: DateTime<Utc>,
    tenant: i64,
    profile: i64,
    purchase: &Bought,
) -> Option<Subscription> {
    let variant = catalog.find(purchase.part_number, purchase.term)?;
    // Some are so young that they can still be cancelled.
    let day = dates::day_start(started) - TimeDelta::days(if purchase.months_ago == 0 { 2 } else { 9 });
    let bought_at = dates::add_months(day, -purchase.months_ago) + TimeDelta::milliseconds(36_900_370);
    let mut record = Subscription::starting(tenant, &variant, purchase.quantity, purchase.cycle, bought_at);
    record.status = purchase.status;
    record.invoice_profile = Some(profile);
    record.auto_renew = record.auto_renew.map(|_| purchase.quantity % 5 != 0);
    let renews = purchase.status == ACTIVE || purchase.status == SUSPENDED;
    let months = if variant.term.months == 0 { 12 } else { variant.term.months };
    while renews && record.ends.is_some_and(|ends| ends < started) {
        let starts = record.ends? + TimeDelta::seconds(1);
        record.starts = Some(starts);
        record.ends = Some(term_end(starts, months));
        record.cancellable_until = record.cancellable_until.map(|_| starts + CANCELLATION_WINDOW);
        // Only what renews has got this far.
        record.auto_renew = record.auto_renew.map(|_| true);
    }
    if record.auto_renew == Some(true) && purchase.status == ACTIVE && purchase.quantity % 11 == 7 {
        // It goes on with fewer seats when its term ends.
        let next = NextTerm {
            variant: variant.index,
            cycle: purchase.cycle,
            quantity: purchase.quantity - 1,
            custom_end: None,
        };
        record.next_term = Some(next);
    }
    if purchase.quantity % 7 == 0 {
        record.tags =
            Some(tags::stored(&object! { "CostCenter": "CC-100", "Department": "Sales" }, bought_at));
    }
    if purchase.quantity % 9 == 0 {
        record.markup = Decimal::new(100, 1);
        record.price_type = FIXED_PRICE;
        record.sales_price = Decimal::new(799, 2);
    }
    Some(record)
}

fn add_on(state: &mut State, tenant: i64, parent: i64, status: i64) {
    let variant = add_ons::offers(state).next();
    let Some(mut record) = variant.zip(state.subscriptions.get(parent)).map(|(variant, parent)| {
        Subscription::starting(tenant, &variant, parent.quantity, parent.cycle, parent.created)
    }) else {
        return;
    };
    record.parent = Some(parent);
    record.status = status;
    state.subscriptions.add(record);
}
