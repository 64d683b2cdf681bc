//! The seeded account: customers, their subscriptions and the orders these came from.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::access::tokens::Tokens;
use super::billing::record::Invoices;
use super::billing::report::record::Reports;
use super::catalog::providers::{AWS, MICROSOFT};
use super::catalog::record::{Catalog, Period, Plan, Product, Sku};
use super::catalog::seed::products;
use super::customer::cloud::{CloudAccounts, CloudProfile};
use super::customer::record::{Address, Customer, CustomerFields, Customers};
use super::engine::ranges::{back, first_of_month};
use super::engine::settings::Settings;
use super::purchase::cart::record::Carts;
use super::purchase::record::{Action, Order, OrderError, OrderItem, Orders};
use super::state::State;
use super::subscription::provisioning::{CANCELLATION_WINDOW, Origin, new_subscription, record};
use super::subscription::record::{CatalogIds, Subscription, Subscriptions};
use crate::engine::clock::midnight;
use crate::engine::prng::Prng;

/// Id of the first seeded customer.
const FIRST_CUSTOMER: u64 = 310_045;
const FIRST_SUBSCRIPTION: u64 = 4_500_123;
const FIRST_ORDER: u64 = 950_077;
/// Seats that some customers took in addition.
const ADDED_SEATS: u32 = 2;
/// Above every seeded id, so that what the API makes is told apart at a glance.
const FIRST_FRESH: u64 = 9_000_000;

const TRADES: [&str; 12] = [
    "Dental Group",
    "Bakery",
    "Logistics",
    "Law Office",
    "Architects",
    "Clinic",
    "Brewery",
    "Accounting",
    "Garden Center",
    "Print Shop",
    "Robotics",
    "Travel",
];
const PLACES: [(&str, &str, &str); 4] = [
    ("Springfield", "VA", "22150"),
    ("Reston", "VA", "20190"),
    ("Clearwater", "FL", "33755"),
    ("Fremont", "CA", "94538"),
];

impl State {
    /// The account as it is when the simulator starts; dates are relative to `now`.
    pub(crate) fn seeded(seed: u64, customers: usize, now: DateTime<Utc>) -> Self {
        let mut prng = Prng::keyed(seed, "streamone/credentials", 0);
        let mut state = Self {
            seed,
            account: prng.between(20_000, 29_999),
            api_key: format!("example-{}", prng.hex(16)),
            api_secret: format!("example-{}", prng.hex(24)),
            settings: Settings::default(),
            tokens: Tokens::new(),
            customers: Customers::default(),
            catalog: Catalog::new(products(seed, now)),
            subscriptions: Subscriptions::default(),
            orders: Orders::default(),
            carts: Carts::default(),
            reports: Reports::seeded(now),
            invoices: Invoices::default(),
            reported: BTreeMap::new(),
            cloud_accounts: CloudAccounts::default(),
            denied: Vec::new(),
            calls: 0,
            errors: 0,
            next_id: FIRST_FRESH,
        };
        state.tokens.start_chain(now);
        for index in 0..u64::try_from(customers).unwrap_or_default() {
            let customer = customer(seed, index, now);
            subscribe(&mut state, &customer, index, now);
            if customer.profile(AWS).is_some() {
                state.cloud_accounts.seed(customer.id, &customer.fields.email);
            }
            state.customers.insert(customer);
        }
        state.invoices = Invoices::seeded(&state.subscriptions, now.date_naive());
        state
    }
}

/// Every twelfth customer is inactive, every tenth has no Microsoft tenant yet.
fn customer(seed: u64, index: u64, now: DateTime<Utc>) -> Customer {
    let mut prng = Prng::keyed(seed, "streamone/customer", index);
    let trade = usize::try_from(index).ok().and_then(|at| TRADES.get(at % TRADES.len()));
    let trade = trade.copied().unwrap_or("Company");
    let number = index + 1;
    let (city, state, zip) = prng.pick(&PLACES).copied().unwrap_or(("Reston", "VA", "20190"));
    let created = now - TimeDelta::days(i64::try_from(prng.between(380, 900)).unwrap_or(380));
    let mut microsoft = CloudProfile::new(MICROSOFT);
    if index % 10 != 7 {
        microsoft.tenant_id = Some(prng.uuid());
        microsoft.domain = Some(format!("example{number}.onmicrosoft.com"));
        microsoft.agreement = true;
    }
    let mut profiles = vec![microsoft];
    if index % 4 == 1 {
        profiles.push(CloudProfile::new(AWS));
    }
    Customer {
        id: FIRST_CUSTOMER + index,
        uid: format!("Qx{}", prng.hex(12)),
        fields: CustomerFields {
            organization: format!("Example {trade} {number}"),
            address: Address {
                street: format!("{number} Sample Way"),
                suite: prng.chance(20).then(|| "Suite 2".to_owned()),
                city: city.to_owned(),
                state: state.to_owned(),
                zip: zip.to_owned(),
                country: "US".to_owned(),
            },
            contact_name: format!("Billing Contact {number}"),
            email: format!("billing{number}@customer{number}.example.com"),
            language: prng.word(&["EN", "EN", "en", "SE"]).to_owned(),
            title: prng.chance(50).then(|| "Office".to_owned()),
            phone: prng.chance(70).then(|| format!("555{:04}", number % 10_000)),
        },
        active: index % 12 != 11,
        created,
        updated: created + TimeDelta::days(30),
        profiles,
        custom_fields: BTreeMap::new(),
    }
}

/// Seeds the subscriptions of one customer, and the order that the first of them came from.
fn subscribe(state: &mut State, customer: &Customer, index: u64, now: DateTime<Utc>) {
    let mut prng = Prng::keyed(state.seed, "streamone/subscriptions", index);
    let count = if index == 0 { 4 } else { prng.between(1, 4) };
    for place in 0..count {
        let id = FIRST_SUBSCRIPTION + index * 4 + place;
        let Some((product, sku, plan)) = pick(&state.catalog, &mut prng, index, place) else {
            continue;
        };
        let origin = Origin {
            id,
            seed: state.seed,
            customer: customer.id,
            product,
            sku,
            plan,
            quantity: seats(&mut prng, plan, index, place),
            start: start(&mut prng, plan, (index, place), now),
        };
        let mut made = new_subscription(&origin);
        decorate(&mut made, &mut prng, (index, place));
        add_seats(&mut made, now);
        let first = FIRST_SUBSCRIPTION + index * 4;
        if index % 3 == 2 && place > 0 {
            // Add-ons are of the provider of what they are added to.
            let base = state.subscriptions.get(first).filter(|base| base.provider == made.provider);
            made.parent = base.map(|base| base.id);
        }
        if !customer.active {
            set_status(&mut made, "deleted");
        }
        if place == 0
            && let Some(ids) = &made.catalog
        {
            let order = order_of(&made, ids, plan, index);
            state.orders.insert(order);
        }
        state.subscriptions.insert(made);
    }
}

/// The first customer has one of each that tests want; the others have anything.
fn pick<'a>(
    catalog: &'a Catalog,
    prng: &mut Prng,
    index: u64,
    place: u64,
) -> Option<(&'a Product, &'a Sku, &'a Plan)> {
    let fixed = match (index, place) {
        (0, 0 | 1) => Some("ExampleSuiteNCE-demo"),
        (0, 2) => Some("ExampleAzurePlan-demo"),
        (0, 3) => Some("ExampleServer-perpetual"),
        _ => None,
    };
    let product = match fixed {
        Some(id) => catalog.get(id)?,
        None => prng.pick(catalog.products())?,
    };
    let sku = if fixed.is_some() { product.skus.first()? } else { prng.pick(&product.skus)? };
    let plan = if fixed.is_some() { sku.plans.first()? } else { prng.pick(&sku.plans)? };
    Some((product, sku, plan))
}

fn seats(prng: &mut Prng, plan: &Plan, index: u64, place: u64) -> u32 {
    let seats = match (index, place) {
        (0, 0) => 25,
        (0, 1) => 10,
        _ if plan.usage => 1,
        _ => prng.between(1, 60),
    };
    u32::try_from(seats).unwrap_or(1)
}

/// The first customer's first subscription is past its cancellation window, the second within it.
fn start(prng: &mut Prng, plan: &Plan, place: (u64, u64), now: DateTime<Utc>) -> DateTime<Utc> {
    let days = match place {
        (0, 0) => 150,
        (0, 1) => 2,
        _ => match plan.term_months() {
            1 => prng.between(1, 27),
            12 => prng.between(1, 350),
            _ => prng.between(1, 1_000),
        },
    };
    let days = i64::try_from(days).unwrap_or(1);
    now - TimeDelta::days(days) + TimeDelta::milliseconds(456)
}

fn decorate(made: &mut Subscription, prng: &mut Prng, (index, place): (u64, u64)) {
    record(made, "Subscription Created", made.start, true);
    made.reseller_po = prng.chance(60).then(|| format!("RPO-{:04}", made.id % 10_000));
    made.customer_po = prng.chance(30).then(|| format!("PO-{:03}", made.id % 1_000));
    if prng.chance(15) {
        made.custom_fields = vec![("costCenter".to_owned(), format!("CC-{}", prng.between(1, 9)))];
    }
    if index == 0 {
        return;
    }
    if place == 0 && index % 9 == 4 {
        made.catalog = None;
    }
    made.trial = prng.chance(4);
    made.live.auto_renew = prng.chance(75);
    let status = match prng.below(100) {
        0..62 => "active",
        62..70 => "suspended",
        70..80 => "deleted",
        80..85 => "cancelled",
        85..90 => "expired",
        90..94 => "pending",
        94..97 => "in_progress",
        _ => "failed",
    };
    set_status(made, status);
}

/// Seats that were added in the month before this one, where there are enough and it is paid each month.
fn add_seats(made: &mut Subscription, now: DateTime<Utc>) {
    let month = back(first_of_month(now.date_naive()), 1);
    let at = midnight(month) + TimeDelta::hours(226);
    let quantity = made.live.quantity;
    let fits = made.live.status == "active"
        && made.period == Period::Monthly
        && !made.usage
        && made.start < at - TimeDelta::days(31)
        && quantity > 10;
    if !fits {
        return;
    }
    made.live.quantity = quantity - ADDED_SEATS;
    made.change(at, at, |live| live.quantity = quantity);
    record(made, "Subscription Updated", at, true);
}

fn set_status(made: &mut Subscription, status: &'static str) {
    made.live.status = status;
    if status == "expired" {
        made.end = made.end.min(made.start + TimeDelta::hours(12));
    }
    if status != "active" {
        made.live.auto_renew = false;
        made.updated = made.start + CANCELLATION_WINDOW.min(TimeDelta::hours(12));
    }
}

/// The order that a seeded subscription came from; a few went wrong.
fn order_of(made: &Subscription, ids: &CatalogIds, plan: &Plan, index: u64) -> Order {
    let (status, item_status) = match index % 20 {
        3 => ("ERROR", "ERROR"),
        5 => ("CANCELED", "CANCELED"),
        _ => ("COMPLETED", "ACTIVE"),
    };
    let error = (status == "ERROR").then(|| OrderError {
        code: "MSFT_CR_033".to_owned(),
        detail: "renewal setting missing".to_owned(),
        path: "/orderItems/0".to_owned(),
    });
    let mut attributes = vec![("renewalSetting".to_owned(), "auto-on".to_owned())];
    if index == 1 {
        // This order opened a tenant, and the API keeps telling its administrator's password.
        attributes.push(("userName".to_owned(), "admin@example2.onmicrosoft.com".to_owned()));
        attributes.push(("password".to_owned(), "example-tenant-password".to_owned()));
    }
    let item = OrderItem {
        id: 1_200_345 + index,
        reference: Some(format!("msp-{index:06}-1")),
        cart_item: None,
        action: Action::Create,
        resource_id: (status == "COMPLETED").then(|| made.resource_id.clone()),
        product: ids.product.clone(),
        sku: ids.sku.clone(),
        plan: ids.plan.clone(),
        quantity: made.live.quantity,
        provider: made.provider,
        price: plan.list,
        status: item_status,
        customer_po: made.customer_po.clone(),
        reseller_po: made.reseller_po.clone(),
        attributes,
        add_ons: Vec::new(),
        errors: error.clone().into_iter().collect(),
    };
    Order {
        id: FIRST_ORDER + index,
        customer: made.customer,
        reference: Some(format!("msp-{index:06}")),
        display_name: Some(made.live.name.clone()),
        status,
        cart: None,
        items: vec![item],
        errors: error.into_iter().collect(),
        created: made.start,
        updated: made.start + TimeDelta::seconds(90),
    }
}
