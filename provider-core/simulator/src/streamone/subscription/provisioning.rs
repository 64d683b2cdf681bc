//! The provider's side of an order item: new subscriptions and changes of existing ones.

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::record::{Activity, CatalogIds, CatalogNames, Live, Subscription};
use crate::engine::prng::Prng;
use crate::streamone::catalog::providers::MICROSOFT;
use crate::streamone::catalog::record::{Period, Plan, Product, Sku};
use crate::streamone::engine::query::parse_moment;
use crate::streamone::engine::settings::INTEGRATION_USER;
use crate::streamone::purchase::record::{Action, AddOnLine, OrderItem};
use crate::streamone::state::State;

/// Microsoft's window for cancelling and for taking seats back.
pub(crate) const CANCELLATION_WINDOW: TimeDelta = TimeDelta::days(7);

/// The provider code that the reference documents.
const RENEWAL_MISSING: &str = "MSFT_CR_033";
/// The reference names no code for the refusals below: these are the simulator's own.
const WINDOW_CLOSED: &str = "SIM_CANCELLATION_WINDOW_CLOSED";
const NOT_CHANGEABLE: &str = "SIM_SUBSCRIPTION_NOT_CHANGEABLE";

/// Where a new subscription comes from.
pub(crate) struct Origin<'a> {
    pub(crate) id: u64,
    pub(crate) seed: u64,
    pub(crate) customer: u64,
    pub(crate) product: &'a Product,
    pub(crate) sku: &'a Sku,
    pub(crate) plan: &'a Plan,
    pub(crate) quantity: u32,
    pub(crate) start: DateTime<Utc>,
}

/// An active subscription as a finished order makes it.
pub(crate) fn new_subscription(origin: &Origin<'_>) -> Subscription {
    let Origin { id, product, sku, plan, start, .. } = *origin;
    let mut prng = Prng::keyed(origin.seed, "streamone/resource", id);
    let (external_product, external_sku) =
        sku.external_id.split_once(':').unwrap_or((&sku.external_id, "0001"));
    let renewed = start.checked_add_months(Months::new(plan.term_months())).unwrap_or(start);
    // Usage and one-time purchases have no end; live records repeat the start.
    let endless = plan.usage || plan.period == Period::OneTime;
    let end = if endless { start } else { renewed };
    let live = Live {
        quantity: origin.quantity,
        status: "active",
        auto_renew: true,
        name: sku.display_name.clone(),
    };
    Subscription {
        id,
        resource_id: prng.uuid(),
        customer: origin.customer,
        provider: product.provider,
        catalog: Some(CatalogIds { product: product.id.clone(), sku: sku.id.clone(), plan: plan.id.clone() }),
        names: CatalogNames {
            product: product.display_name.clone(),
            sku: sku.display_name.clone(),
            plan: plan.display_name.clone(),
        },
        external_product: external_product.to_owned(),
        external_sku: external_sku.to_owned(),
        offer: format!("{}:{}", sku.external_id, plan.external_id),
        mpn: plan.mpn.clone(),
        usage: plan.usage,
        period: plan.period,
        term: plan.term,
        price: plan.list,
        cost: plan.book.map_or(plan.list, |book| book.price),
        msrp: plan.list,
        purchased: start,
        start,
        end,
        cancel_until: if plan.is_new_commerce() { start + CANCELLATION_WINDOW } else { end },
        updated: start,
        trial: false,
        reseller_po: None,
        customer_po: None,
        custom_fields: Vec::new(),
        attributes: Vec::new(),
        parent: None,
        stale: live.clone(),
        live,
        visible_from: start,
        log: Vec::new(),
        counts: Vec::new(),
    }
}

/// Provisions a CREATE item with its add-ons.
pub(crate) fn create(
    state: &mut State,
    customer: u64,
    item: &mut OrderItem,
    at: DateTime<Utc>,
) -> Result<String, ItemRefusal> {
    let (id, seed) = (state.fresh_id(), state.seed);
    let Some((product, sku, plan)) = state.catalog.plan(&item.product, &item.sku, &item.plan) else {
        return Err(ItemRefusal::new(NOT_CHANGEABLE, "the plan has left the catalog"));
    };
    let renewal = item.attribute("renewalSetting");
    if plan.is_new_commerce() && renewal.is_none() {
        return Err(ItemRefusal::new(RENEWAL_MISSING, "renewal setting missing"));
    }
    let origin = Origin { id, seed, customer, product, sku, plan, quantity: item.quantity, start: at };
    let mut made = new_subscription(&origin);
    made.live.auto_renew = renewal != Some("auto-off");
    made.customer_po = item.customer_po.clone();
    made.reseller_po = item.reseller_po.clone();
    if let Some(end) = item.attribute("customTermEndDate").and_then(parse_moment) {
        made.end = end;
    }
    made.attributes = item.attributes.clone();
    made.visible_from = at + state.settings.provider_lag;
    made.stale = Live { status: "pending", ..made.live.clone() };
    record(&mut made, "Subscription Created", at, true);
    let resource = made.resource_id.clone();
    state.subscriptions.insert(made);
    let lines = item.add_ons.clone();
    for line in lines.iter().filter(|line| line.action == Action::Create) {
        create_add_on(state, customer, item, line, (id, at));
    }
    if item.provider == MICROSOFT {
        open_tenant(state, customer, item);
    }
    Ok(resource)
}

/// An add-on is a subscription of its own below the one it belongs to.
fn create_add_on(
    state: &mut State,
    customer: u64,
    item: &OrderItem,
    line: &AddOnLine,
    (parent, at): (u64, DateTime<Utc>),
) {
    let (id, seed) = (state.fresh_id(), state.seed);
    let Some((product, sku, plan)) = state.catalog.plan(&item.product, &line.add_on, &line.plan) else {
        return;
    };
    let origin = Origin { id, seed, customer, product, sku, plan, quantity: line.quantity, start: at };
    let mut made = new_subscription(&origin);
    made.parent = Some(parent);
    record(&mut made, "Subscription Created", at, true);
    state.subscriptions.insert(made);
}

/// The first Microsoft order of a customer without a tenant makes one; its administrator travels in the item.
fn open_tenant(state: &mut State, customer: u64, item: &mut OrderItem) {
    let Some(domain) = item.attribute("domainName").map(str::to_lowercase) else {
        return;
    };
    let mut prng = Prng::keyed(state.seed, "streamone/tenant", item.id);
    let agreed = item.attribute("agreementDateAgreed").is_some();
    let Some(customer) = state.customers.get_mut(customer) else {
        return;
    };
    let is_new = customer.profile(MICROSOFT).is_none_or(|profile| profile.domain.is_none());
    customer.change_profile(MICROSOFT, |profile| {
        profile.enabled = true;
        profile.agreement |= agreed;
        if is_new {
            profile.tenant_id = Some(prng.uuid());
            profile.domain = Some(domain.clone());
        }
    });
    if is_new {
        item.attributes.push(("userName".to_owned(), format!("admin@{domain}")));
        item.attributes.push(("password".to_owned(), format!("example-{}", prng.hex(16))));
    }
}

/// Provisions an UPDATE item. Every rule is checked before anything changes.
pub(crate) fn update(state: &mut State, item: &OrderItem, at: DateTime<Utc>) -> Result<String, ItemRefusal> {
    let visible_from = at + state.settings.provider_lag;
    let resource = item.resource_id.as_deref().unwrap_or_default();
    let id = state.subscriptions.by_resource(resource).map(|found| found.id);
    let Some(found) = id.and_then(|id| state.subscriptions.get_mut(id)) else {
        return Err(ItemRefusal::new(NOT_CHANGEABLE, "the subscription is gone"));
    };
    if let Err(failure) = changeable(found, item, at) {
        record(found, "Subscription Updated", at, false);
        return Err(failure);
    }
    let status = match item.attribute("statusUpdate") {
        Some("deleted") => Some("deleted"),
        Some("suspended") => Some("suspended"),
        Some("active") => Some("active"),
        _ => None,
    };
    found.change(at, visible_from, |live| {
        live.quantity = item.quantity;
        match item.attribute("renewalSetting") {
            Some("auto-off") => live.auto_renew = false,
            Some(_) => live.auto_renew = true,
            None => {}
        }
        if let Some(name) = item.attribute("friendlyName") {
            name.clone_into(&mut live.name);
        }
        if let Some(status) = status {
            live.status = status;
            live.auto_renew &= status != "deleted";
        }
    });
    if let Some(order_number) = &item.reseller_po {
        found.reseller_po = Some(order_number.clone());
    }
    if let Some(order_number) = &item.customer_po {
        found.customer_po = Some(order_number.clone());
    }
    record(found, "Subscription Updated", at, true);
    let (resource, parent) = (found.resource_id.clone(), found.id);
    update_add_ons(state, parent, item, (at, visible_from));
    Ok(resource)
}

fn changeable(found: &Subscription, item: &OrderItem, at: DateTime<Utc>) -> Result<(), ItemRefusal> {
    if !matches!(found.live.status, "active" | "suspended") {
        let detail = format!("a subscription in status {} cannot be changed", found.live.status);
        return Err(ItemRefusal::new(NOT_CHANGEABLE, &detail));
    }
    let closed = found.is_new_commerce() && at > found.cancel_until;
    if closed && item.attribute("statusUpdate") == Some("deleted") {
        let detail = format!("cancellation was allowed until {}", found.cancel_until);
        return Err(ItemRefusal::new(WINDOW_CLOSED, &detail));
    }
    if closed && item.quantity < found.live.quantity {
        let detail = format!("seats could be reduced until {}", found.cancel_until);
        return Err(ItemRefusal::new(WINDOW_CLOSED, &detail));
    }
    Ok(())
}

fn update_add_ons(
    state: &mut State,
    parent: u64,
    item: &OrderItem,
    (at, visible_from): (DateTime<Utc>, DateTime<Utc>),
) {
    for line in &item.add_ons {
        let child = state.subscriptions.all().find(|found| {
            found.parent == Some(parent) && found.catalog.as_ref().is_some_and(|ids| ids.sku == line.add_on)
        });
        if let Some(child) = child.map(|found| found.id).and_then(|id| state.subscriptions.get_mut(id)) {
            child.change(at, visible_from, |live| live.quantity = line.quantity);
            record(child, "Subscription Updated", at, true);
        }
    }
}

/// Adds an entry to the activity log.
pub(crate) fn record(
    subscription: &mut Subscription,
    kind: &'static str,
    at: DateTime<Utc>,
    succeeded: bool,
) {
    let index = u64::try_from(subscription.log.len()).unwrap_or_default();
    let live = &subscription.live;
    let entry = Activity {
        id: Prng::keyed(subscription.id, "streamone/activity", index).uuid(),
        kind,
        at,
        succeeded,
        quantity: live.quantity,
        status: live.status,
        details: format!("New Quantity: {}; Status: {}; ", live.quantity, live.status),
        user: INTEGRATION_USER,
    };
    subscription.log.push(entry);
}

/// Why the provider refused an item.
#[derive(Debug)]
pub(crate) struct ItemRefusal {
    pub(crate) code: String,
    pub(crate) detail: String,
}

impl ItemRefusal {
    pub(crate) fn new(code: &str, detail: &str) -> Self {
        Self { code: code.to_owned(), detail: detail.to_owned() }
    }
}
