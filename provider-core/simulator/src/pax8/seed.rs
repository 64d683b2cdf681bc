//! The seeded account: companies of every status, their subscriptions, orders, usage and invoices.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::billing::months::{self, Month};
use super::billing::record::Item;
use super::catalog;
use super::catalog::seed::{YEARLY_COMMITMENT, place};
use super::customer::record::{Address, CONTACT_TYPES, Company, Contact, Profile, Role};
use super::purchase::record::{Order, OrderLine};
use super::state::State;
use super::subscription::record::{CommitmentRun, Subscription};
use crate::engine::clock::midnight;
use crate::engine::handle::Setup;
use crate::engine::prng::Prng;

/// Seats that some companies took in addition.
const ADDED_SEATS: Decimal = Decimal::TWO;

/// What one company has: product, billing term, commitment, status.
type Holding = (usize, &'static str, Option<usize>, &'static str);

const FIRST_WORDS: &[&str] = &[
    "Northwind",
    "Oak Street",
    "Harbor",
    "Summit",
    "Riverside",
    "Cedar",
    "Bluebird",
    "Granite",
    "Lakeside",
    "Maple",
    "Prairie",
    "Sunrise",
];
const SECOND_WORDS: &[&str] = &[
    "Bakery",
    "Dental",
    "Supplies",
    "Legal",
    "Logistics",
    "Clinic",
    "Studio",
    "Foods",
    "Motors",
    "Partners",
];
const PLACES: &[(&str, &str, &str, &str)] = &[
    ("Springfield", "IL", "62701", "US"),
    ("Springfield", "Illinois", "62702", "US"),
    ("Portland", "ME", "04101", "US"),
    ("Boulder", "Colorado", "80302", "US"),
    ("Toronto", "ON", "M5H 2N2", "CA"),
];
const FIRST_NAMES: &[&str] = &["Avery", "Jordan", "Riley", "Morgan", "Casey", "Quinn"];
const LAST_NAMES: &[&str] = &["Sample", "Example", "Tester", "Demo"];

/// Past months that have an invoice, the newest first. The one that was made void is of one company alone.
const PAST_INVOICES: &[&str] =
    &["Unpaid", "Paid", "Paid", "Carried", "Credited", "Paid", "Void", "Nothing Due"];

/// The account of a seed at the time the clock shows now.
pub(crate) fn state(setup: &Setup) -> State {
    let now = setup.clock.now();
    let mut state = State::new(setup.seed, catalog::seed::seeded(setup.seed));
    for place in 0..setup.customers {
        let company = company(setup.seed, place, now);
        state.companies.push(company);
        add_holdings(&mut state, place, now);
    }
    add_invoices(&mut state, now);
    // What was seeded happened before anyone listened.
    state.events.clear();
    state
}

fn number(place: usize) -> u64 {
    u64::try_from(place).unwrap_or(u64::MAX)
}

/// Every tenth company from the fifth lacks primary contacts, every twenty-fifth from the fourteenth is deleted.
fn company(seed: u64, place: usize, now: DateTime<Utc>) -> Company {
    let mut prng = Prng::keyed(seed, "pax8/company", number(place));
    let id = prng.uuid();
    let name = format!("{} {} {:05}", prng.word(FIRST_WORDS), prng.word(SECOND_WORDS), place + 1);
    let (city, state, postal_code, country) = prng.pick(PLACES).copied().unwrap_or_default();
    let host = format!("customer-{:05}.example.com", place + 1);
    let created_at = now - TimeDelta::days(400) + TimeDelta::minutes(17);
    let lacks_primaries = place % 10 == 4;
    let profile = Profile {
        name,
        address: Address {
            street: Some(format!("{} Mill Lane", prng.between(1, 400))),
            street2: prng.chance(20).then(|| "Unit 3".to_owned()),
            city: Some(city.to_owned()),
            state_or_province: Some(state.to_owned()),
            postal_code: Some(postal_code.to_owned()),
            country: Some(country.to_owned()),
        },
        phone: format!("555-{:04}", prng.below(10_000)),
        // The live data has both full addresses and bare hosts.
        website: if prng.chance(50) { format!("https://{host}") } else { host.clone() },
        external_id: prng.chance(60).then(|| format!("CUST-{:05}", place + 1)),
        bill_on_behalf_of: prng.chance(15),
        self_service: prng.chance(30),
        order_approval: prng.chance(10),
    };
    let contacts = contacts(&mut prng, lacks_primaries, &host, created_at);
    Company {
        id,
        profile,
        deleted: place % 25 == 13,
        updated_at: created_at + TimeDelta::days(i64::try_from(prng.below(300)).unwrap_or(0)),
        contacts,
    }
}

fn contacts(prng: &mut Prng, lacks_primaries: bool, host: &str, created_at: DateTime<Utc>) -> Vec<Contact> {
    let mut contact = |name: &str, roles: Vec<Role>| Contact {
        id: prng.uuid(),
        first_name: prng.word(FIRST_NAMES).to_owned(),
        last_name: prng.word(LAST_NAMES).to_owned(),
        email: format!("{name}@{host}"),
        phone: format!("555-{:04}", prng.below(10_000)),
        created_at,
        roles,
    };
    if lacks_primaries {
        let role = Role { kind: "Technical", primary: true };
        return vec![contact("it", vec![role])];
    }
    let all = CONTACT_TYPES.iter().map(|kind| Role { kind, primary: true }).collect();
    let billing = Role { kind: "Billing", primary: false };
    vec![contact("owner", all), contact("accounts", vec![billing])]
}

/// Ten patterns, so that every status and billing term appears among the first ten companies.
fn holdings(place: usize) -> &'static [Holding] {
    const YEARLY: Option<usize> = Some(YEARLY_COMMITMENT);
    const MONTHLY: Option<usize> = Some(catalog::seed::MONTHLY_COMMITMENT);
    match place % 10 {
        0 => &[(place::SUITE, "Annual", YEARLY, "Active"), (place::SHIELD, "Monthly", None, "Active")],
        1 => &[(place::BASE, "Monthly", None, "Active")],
        2 => &[(place::SUITE, "Monthly", MONTHLY, "Active"), (place::STORAGE, "Monthly", None, "Active")],
        3 => &[(place::BACKUP, "Monthly", None, "Active"), (place::BASE, "Monthly", None, "Cancelled")],
        5 => &[(place::BASE, "Trial", None, "Trial")],
        6 => &[(place::SUITE, "Monthly", YEARLY, "Active"), (place::MIGRATION, "One-Time", None, "Active")],
        7 => &[(place::SUPPORT, "Monthly", None, "PendingManual"), (place::BACKUP, "2-Year", None, "Active")],
        8 => &[(place::BASE, "Annual", None, "PendingCancel")],
        9 => &[(place::STORAGE, "Monthly", None, "Active"), (place::BASE, "Monthly", None, "Converted")],
        _ => &[],
    }
}

fn add_holdings(state: &mut State, company: usize, now: DateTime<Utc>) {
    let mut prng = Prng::keyed(state.seed, "pax8/holdings", number(company));
    let age = u32::try_from(prng.between(2, 11)).unwrap_or(2);
    let deleted = state.companies.at(company).is_some_and(|one| one.deleted);
    let started = Month::of(now.date_naive()).minus(age).first();
    let started = started.checked_add_days(Days::new(prng.below(28))).unwrap_or(started);
    let created_at = midnight(started) + TimeDelta::minutes(510);
    let mut parent: Option<String> = None;
    let mut lines = Vec::new();
    let mut made = Vec::new();
    for (product, billing_term, commitment, status) in holdings(company) {
        let status = if deleted { "Cancelled" } else { *status };
        let subscription = Holder { state, company, created_at, now }.subscription(
            &mut prng,
            (*product, billing_term, *commitment, status),
            parent.clone(),
        );
        let commitment_id = state
            .products
            .at(*product)
            .and_then(|one| one.commitment((*commitment)?))
            .map(|one| one.id.clone());
        parent = Some(subscription.id.clone());
        made.push(subscription.id.clone());
        let quantity = subscription.quantity;
        lines.push(OrderLine {
            id: prng.uuid(),
            product: *product,
            subscription: state.add_subscription(subscription),
            commitment_id,
            provision_start: Some(created_at),
            billing_term,
            quantity,
        });
    }
    if !lines.is_empty() {
        state.orders.push(Order {
            id: prng.uuid(),
            company,
            created_at,
            ordered_by: "Pax8Partner",
            email: "ordering@msp.example.com".to_owned(),
            lines,
        });
    }
    for id in made {
        add_seats(state, &id, now);
    }
}

/// Seats that were added in the month before this one, where there are enough and it is paid each month.
fn add_seats(state: &mut State, id: &str, now: DateTime<Utc>) {
    let at = midnight(Month::of(now.date_naive()).minus(1).first()) + TimeDelta::hours(226);
    let Some(subscription) = state.subscriptions.get(id) else { return };
    let quantity = subscription.quantity;
    let fits = subscription.is_live()
        && subscription.billing_term == "Monthly"
        && subscription.starts_at < at - TimeDelta::days(31)
        && quantity > Decimal::TEN;
    if !fits {
        return;
    }
    if let Some(subscription) = state.subscriptions.get_mut(id) {
        subscription.quantity = quantity - ADDED_SEATS;
    }
    state.change_subscription(id, at, "UPDATED", |subscription| subscription.quantity = quantity);
}

struct Holder<'a> {
    state: &'a State,
    company: usize,
    created_at: DateTime<Utc>,
    now: DateTime<Utc>,
}

impl Holder<'_> {
    fn subscription(
        &self,
        prng: &mut Prng,
        (place, billing_term, commitment, status): Holding,
        parent: Option<String>,
    ) -> Subscription {
        let product = self.state.products.at(place);
        let quantity = match place {
            place::MIGRATION | place::STORAGE => Decimal::ONE,
            _ => Decimal::from(prng.between(1, 80)),
        };
        let rate = product
            .and_then(|one| one.price(billing_term, commitment))
            .and_then(|price| price.rate(quantity));
        let discount = Decimal::ONE - self.state.discount(self.company);
        let ends_at = match status {
            "Cancelled" => Some(self.now - TimeDelta::days(20)),
            "PendingCancel" => Some(end_of_next_month(self.now)),
            "Trial" => Some(self.now + TimeDelta::days(14)),
            _ => None,
        };
        Subscription {
            id: prng.uuid(),
            parent_id: parent.filter(|_| product.is_some_and(|one| !one.parents.is_empty())),
            company: self.company,
            product: place,
            vendor_subscription_id: (status != "PendingManual").then(|| format!("vendor-{}", prng.hex(12))),
            quantity,
            starts_at: self.created_at,
            ends_at,
            created_at: self.created_at,
            updated_at: Some(self.created_at + TimeDelta::minutes(19)),
            status,
            price: rate.map_or(Decimal::ZERO, |rate| rate.retail),
            cost: rate.map_or(Decimal::ZERO, |rate| (rate.buy * discount).round_dp(4)),
            billing_term,
            commitment: commitment.map(|place| CommitmentRun { place, started: self.created_at }),
            answers: Vec::new(),
            next: match (status, ends_at) {
                ("PendingCancel" | "Trial", Some(end)) => Some((end, "Cancelled")),
                _ => None,
            },
            history: Vec::new(),
            counts: Vec::new(),
        }
    }
}

fn end_of_next_month(now: DateTime<Utc>) -> DateTime<Utc> {
    let first: NaiveDate = now.date_naive().with_day(1).unwrap_or(now.date_naive());
    let after = first.checked_add_months(Months::new(2)).unwrap_or(first);
    midnight(after) - TimeDelta::days(1)
}

fn add_invoices(state: &mut State, now: DateTime<Utc>) {
    let today = now.date_naive();
    let this = Month::of(today);
    let newest = if today >= this.invoice_day() { this } else { this.minus(1) };
    // The oldest first, as they were issued.
    let past: Vec<(u32, &&str)> = (0..).zip(PAST_INVOICES).collect();
    for (age, status) in past.into_iter().rev() {
        let month = newest.minus(age);
        let mut items = match *status {
            "Nothing Due" => Vec::new(),
            _ => months::items(state, month, true, today),
        };
        if let (2 | 4, Some(company)) = (age, items.first().map(|item| item.company)) {
            items.extend(special_items(company, month, age));
        }
        let id = Prng::keyed(state.seed, "pax8/invoice", u64::from(age)).uuid();
        let first = items.first().map(|item| item.company).filter(|_| *status == "Void");
        items.retain(|item| first.is_none_or(|only| item.company == only));
        months::issue(state, id.clone(), month.invoice_day(), status, items);
        if let Some(invoice) = state.invoices.get_mut(&id) {
            invoice.company = first;
        }
    }
}

/// The kinds of item that subscriptions alone do not make.
fn special_items(company: usize, month: Month, age: u32) -> Vec<Item> {
    let item = |kind, term, description, cents: i64, with_product: bool| {
        let amount = Decimal::new(cents, 2);
        Item {
            kind,
            company,
            product: with_product.then_some(place::BASE),
            subscription: None,
            first_day: month.first(),
            last_day: month.invoice_day(),
            quantity: if with_product { Decimal::new(25, 1) } else { Decimal::ONE },
            term,
            rate_type: "flat",
            flat: true,
            price: amount,
            sub_total: amount,
            cost: amount,
            cost_total: amount,
            description,
            foreign: None,
            currency: None,
        }
    };
    if age == 2 {
        vec![
            item("prorate", "Monthly", "Seats added during the month", 1_234, true),
            item("rebate", "Rebate", "Volume rebate", -2_500, false),
            item("service-charge", "One-time", "Onboarding", 9_900, false),
        ]
    } else {
        vec![
            item("service-credit", "One-time", "Outage credit", -1_500, false),
            item("payment-credit", "One-time", "Overpayment", -775, false),
            item("invoice-credit", "One-time", "Correction of an invoice", -3_210, true),
        ]
    }
}
