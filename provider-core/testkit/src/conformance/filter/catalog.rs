//! The filters of products and subscriptions.

use provider_core::{Product, ProductId, ProductQuery, Subscription, SubscriptionQuery, SubscriptionStatus};

use super::Probe;
use super::people::{NEVER, no_customer, no_organization};
use crate::conformance::world::{World, unknown_id};

pub(crate) fn products(world: &World) -> Vec<Probe<Product>> {
    let base = || world.products.query.clone();
    vec![
        Probe::by(
            world,
            "vendor",
            |p: &Product| p.vendor.clone(),
            |q: ProductQuery, v| q.vendor(v),
            Some(NEVER.to_owned()),
        ),
        Probe::search(world, base().search(NEVER), |p: &Product| &p.name, |q: ProductQuery, v| q.search(v)),
        Probe::by(
            world,
            "sku",
            |p: &Product| p.sku.clone(),
            |q: ProductQuery, v| q.sku(v),
            Some(NEVER.to_owned()),
        ),
        Probe::unseen("customer", base().customer(no_customer(world))),
        Probe::unseen("organization", base().organization(no_organization(world))),
        Probe::switch("with_offers", base().with_offers(true)),
    ]
}

pub(crate) fn subscriptions(world: &World) -> Vec<Probe<Subscription>> {
    let base = || world.subscriptions.query.clone();
    let no_product = ProductId::new(unknown_id(world.products.ids()));
    vec![
        Probe::by(
            world,
            "customer",
            |s: &Subscription| Some(s.customer.clone()),
            |q: SubscriptionQuery, v| q.customer(v),
            Some(no_customer(world)),
        ),
        Probe::by(
            world,
            "product",
            |s: &Subscription| s.product.id.clone(),
            |q: SubscriptionQuery, v| q.product(v),
            Some(no_product),
        ),
        Probe::by(
            world,
            "status",
            |s: &Subscription| (s.status != SubscriptionStatus::default()).then(|| s.status.clone()),
            SubscriptionQuery::status,
            Some(SubscriptionStatus::from(NEVER)),
        ),
        Probe::unseen("organization", base().organization(no_organization(world))),
        Probe::by(
            world,
            "vendor_subscription_id",
            |s: &Subscription| s.vendor_subscription_id.clone(),
            |q: SubscriptionQuery, v| q.vendor_subscription_id(v),
            Some("00000000-0000-4000-8000-00000000abcd".to_owned()),
        ),
        Probe::unseen("search", base().search(NEVER)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::{all_of, fields};
    use super::*;

    #[test]
    fn every_filter_is_walked() {
        let all = ProductQuery::default()
            .vendor("a")
            .search("a")
            .sku("a")
            .customer("1")
            .organization("1")
            .with_offers(true);
        assert_eq!(fields::<Product>(), all_of(&all));
        let all = SubscriptionQuery::default()
            .customer("1")
            .product("1")
            .status(SubscriptionStatus::Active)
            .organization("1")
            .vendor_subscription_id("a")
            .search("a");
        assert_eq!(fields::<Subscription>(), all_of(&all));
    }
}
