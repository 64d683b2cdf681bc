//! What a customer owns: subscriptions with their add-ons, and purchase requests.

use std::collections::BTreeMap;

use futures_util::future::try_join;
use provider_core::judge::WholeList;
use provider_core::{Result, Term};

use crate::map::subscription::term;
use crate::model::{
    AssetFilter, BillingCycleEnum, BillingCycleType, ProductReference, PurchaseRequestOrder, Subscription,
    SubscriptionFilter, SubscriptionStatus,
};
use crate::provider::context::Context;
use crate::provider::context::refusal::is_it;
use crate::provider::page::whole::whole;

const PAGE: u32 = 1_000;

/// What tells an order line, a subscription and a line of a purchase request apart from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider::write) struct Goods {
    pub(in crate::provider::write) part_number: String,
    pub(in crate::provider::write) seats: i64,
    /// `None` where it is not said.
    pub(in crate::provider::write) term: Option<Term>,
    /// `None` where it is not said.
    pub(in crate::provider::write) cycle: Option<BillingCycleEnum>,
    /// The subscription that it is an add-on of.
    pub(in crate::provider::write) parent: Option<i64>,
}

impl Goods {
    /// True when `found` is what this describes. What this leaves open may be anything.
    pub(in crate::provider::write) fn fit(&self, found: &Self) -> bool {
        self.part_number.eq_ignore_ascii_case(&found.part_number)
            && self.seats == found.seats
            && self.parent == found.parent
            && (self.term.is_none() || self.term == found.term)
            && (self.cycle.is_none() || found.cycle.is_none() || self.cycle == found.cycle)
    }
}

/// A subscription, or an add-on inside one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider::write) struct Holding {
    pub(in crate::provider::write) id: i64,
    pub(in crate::provider::write) goods: Goods,
}

fn part_number(product: Option<&ProductReference>) -> String {
    product.and_then(|product| product.part_number.clone()).unwrap_or_default()
}

fn flatten(wire: Subscription) -> impl Iterator<Item = Holding> {
    let own = wire.part_number.filter(|part| !part.is_empty());
    let whole = Holding {
        id: wire.id,
        goods: Goods {
            part_number: own.unwrap_or_else(|| part_number(wire.product.as_ref())),
            seats: wire.quantity.unwrap_or_default(),
            term: term(wire.term_duration.as_ref()),
            cycle: wire.billing_cycle,
            parent: None,
        },
    };
    let parent = wire.id;
    let add_ons = wire.subscriptions.into_iter().filter_map(move |add_on| {
        let goods = Goods {
            part_number: part_number(add_on.product.as_ref()),
            seats: add_on.quantity.unwrap_or_default(),
            term: term(add_on.term_duration.as_ref()),
            // Paid like the subscription around it.
            cycle: None,
            parent: Some(parent),
        };
        Some(Holding { id: add_on.id?, goods })
    });
    std::iter::once(whole).chain(add_ons)
}

/// Every subscription of a customer and every add-on, in whatever state, by their numbers.
pub(in crate::provider::write) async fn holdings_of(
    cx: &Context,
    tenant: i64,
) -> Result<BTreeMap<String, Holding>> {
    let owner = cx.client.customer_tenants().get(tenant).await?;
    is_it("customer", tenant, Some(owner.id))?;
    let organization = owner.organization.map(|owner| owner.id).or(cx.settings.organization);
    // A filter finds the statuses that it names, and what is listed without one is not documented: what either list
    // shows is there.
    let (known, unfiltered) = try_join(
        subscriptions_of(cx, organization, tenant, Some(SubscriptionStatus::ALL)),
        subscriptions_of(cx, organization, tenant, None),
    )
    .await?;
    let mut all = unfiltered;
    all.extend(known);
    let mut holdings = WholeList::new("subscriptions and add-ons");
    for holding in all.into_values().flat_map(flatten) {
        holdings.add(id_text(holding.id), holding)?;
    }
    holdings.declared(Some(holdings.read()));
    holdings.end()
}

async fn subscriptions_of(
    cx: &Context,
    organization: Option<i64>,
    tenant: i64,
    statuses: Option<SubscriptionStatus>,
) -> Result<BTreeMap<String, Subscription>> {
    let query = &SubscriptionFilter {
        organization_id: organization,
        customer_tenant_id: Some(tenant),
        statuses,
        ..Default::default()
    };
    let number = |subscription: &Subscription| Some(id_text(subscription.id));
    whole("subscriptions", PAGE, number, |paging| async move {
        cx.client.subscriptions().list(query.clone().page(paging)).await
    })
    .await
}

/// A number as the id of a list; nothing for one that cannot exist.
pub(in crate::provider::write) fn id_text(number: i64) -> String {
    if number > 0 { number.to_string() } else { String::new() }
}

/// The purchase requests of a customer that were checked out, by their numbers.
pub(in crate::provider::write) async fn purchases_of(
    cx: &Context,
    tenant: i64,
) -> Result<BTreeMap<String, PurchaseRequestOrder>> {
    let filter = &AssetFilter { reseller_customer_id: Some(tenant), ..Default::default() };
    // Carts without a number were not ordered.
    let number = |order: &PurchaseRequestOrder| order.external_order_id.clone().filter(|own| !own.is_empty());
    whole("purchase requests", PAGE, number, |paging| async move {
        cx.client.assets().orders(filter.clone().page(paging)).await
    })
    .await
}

/// What a purchase request of one line is for. `None` for those with more: carts of ours have one.
pub(in crate::provider::write) fn goods_of(order: &PurchaseRequestOrder) -> Option<Goods> {
    let [line] = order.order_lines.as_slice() else { return None };
    if !order.errors.is_empty() || !line.errors.is_empty() {
        return None;
    }
    Some(Goods {
        part_number: line.part_number()?,
        seats: line.quantity?,
        term: term(line.term_duration.as_ref()),
        cycle: line.billing_cycle.map(BillingCycleType::for_subscriptions),
        parent: None,
    })
}
