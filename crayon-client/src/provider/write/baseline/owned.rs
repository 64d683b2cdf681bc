//! What a customer owns: subscriptions with their add-ons, and purchase requests.

use std::collections::BTreeMap;

use provider_core::{Result, Term};

use crate::map::subscription::term;
use crate::model::{
    AssetFilter, BillingCycleEnum, BillingCycleType, ProductReference, PurchaseRequestOrder, Subscription,
    SubscriptionFilter, SubscriptionStatus,
};
use crate::provider::context::Context;
use crate::provider::page::whole::Pages;

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
    let add_ons = wire.subscriptions.into_iter().map(move |add_on| Holding {
        id: add_on.id,
        goods: Goods {
            part_number: part_number(add_on.product.as_ref()),
            seats: add_on.quantity.unwrap_or_default(),
            term: term(add_on.term_duration.as_ref()),
            // Paid like the subscription around it.
            cycle: None,
            parent: Some(parent),
        },
    });
    std::iter::once(whole).chain(add_ons)
}

/// Every subscription of a customer and every add-on, in whatever state.
pub(in crate::provider::write) async fn holdings_of(cx: &Context, tenant: i64) -> Result<Vec<Holding>> {
    let organization = cx.client.customer_tenants().get(tenant).await?.organization.map(|owner| owner.id);
    let query = SubscriptionFilter {
        organization_id: organization.or(cx.settings.organization),
        customer_tenant_id: Some(tenant),
        statuses: Some(SubscriptionStatus::ALL),
        ..Default::default()
    };
    let mut all: BTreeMap<i64, Subscription> = BTreeMap::new();
    let mut pages = Pages::of(PAGE);
    loop {
        let page = cx.client.subscriptions().list(query.clone().page(pages.paging)).await?;
        let got = page.items.len();
        all.extend(page.items.into_iter().map(|subscription| (subscription.id, subscription)));
        if !pages.go_on(got, page.total_hits) {
            return Ok(all.into_values().flat_map(flatten).collect());
        }
    }
}

/// The purchase requests of a customer that were checked out, by their numbers.
pub(in crate::provider::write) async fn purchases_of(
    cx: &Context,
    tenant: i64,
) -> Result<BTreeMap<String, PurchaseRequestOrder>> {
    let filter = AssetFilter { reseller_customer_id: Some(tenant), ..Default::default() };
    let mut all = BTreeMap::new();
    let mut pages = Pages::of(PAGE);
    loop {
        let page = cx.client.assets().orders(filter.clone().page(pages.paging)).await?;
        let got = page.items.len();
        let numbered = page.items.into_iter().filter_map(|order| {
            Some((order.external_order_id.clone().filter(|number| !number.is_empty())?, order))
        });
        all.extend(numbered);
        if !pages.go_on(got, page.total_hits) {
            return Ok(all);
        }
    }
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
