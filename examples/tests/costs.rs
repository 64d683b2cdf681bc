//! What a plan says an order costs is what its offer says, for every offer of all three distributors: the amount times
//! the quantity, in the same currency, for the same time.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::sync::Arc;

use provider_core::model::{Offer, PricePer, ProductKind};
use provider_core::{
    BillingCycle, Command, CustomerId, IdempotencyKey, NewOrder, NewOrderLine, PlaceOrder, Plan, ProductId,
    ProductQuery, Provider, ProviderExt as _, Result, SubscriptionQuery, SubscriptionStatus, WriteOptions,
};
use provider_examples::{Connections, Kind};
use rust_decimal::Decimal;

/// Answers to what the simulator's products ask for.
fn answers(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Crayon => &[("ArmRegionName", "westeurope")],
        Kind::Pax8 => &[("exCustExists", "no, create one"), ("exDomain", "harbor-example")],
        Kind::StreamOne => &[("domainName", "harbor.example.com"), ("renewalSetting", "auto-on")],
    }
}

async fn planned(
    provider: &Arc<dyn Provider>,
    kind: Kind,
    customer: &CustomerId,
    product: &ProductId,
    offer: &Offer,
    quantity: Decimal,
) -> Result<Plan> {
    let mut line = NewOrderLine::new(product, quantity);
    line.offer = Some(offer.id.clone());
    let options = WriteOptions::new(IdempotencyKey::derive("costs", [offer.id.as_str()]));
    let order = |line: &NewOrderLine| -> Command {
        PlaceOrder::new(NewOrder::new(customer).line(line.clone())).into()
    };
    match provider.plan(&order(&line), &options).await {
        Err(_) => {
            let told = answers(kind).iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned()));
            line.attributes.extend(told);
            provider.plan(&order(&line), &options).await
        }
        plan => plan,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_plan_costs_what_its_offer_says() {
    let connections = Connections::open(None).await.unwrap();
    for (kind, provider) in connections.iter() {
        let active = SubscriptionQuery::default().status(SubscriptionStatus::Active);
        let customer = provider.subscriptions(active).next().await.unwrap().unwrap().customer;
        // A customer may have prices of its own, and an organization of Cloud-iQ has.
        let query = ProductQuery::default().with_offers(true).customer(customer.clone());
        let products = provider.products(query).collect_all().await.unwrap();
        let (mut compared, mut refused) = (BTreeMap::<String, usize>::new(), Vec::new());
        for (product, kind_of, offer) in
            products.iter().flat_map(|one| one.offers.iter().map(|offer| (&one.id, one.kind.as_ref(), offer)))
        {
            // More than the least where that is one, and never in a second band.
            let quantity = match offer.max_quantity {
                Some(most) if most < Decimal::from(3) => most,
                _ => offer.min_quantity.unwrap_or_default().max(Decimal::from(3)),
            };
            let plan = match planned(provider, kind, &customer, product, offer, quantity).await {
                Ok(plan) => plan,
                Err(error) => {
                    refused.push(format!("{}: {error}", offer.id));
                    continue;
                }
            };
            let Some(unit) = &offer.cost else {
                assert_eq!(plan.cost, None, "{kind}: {}", offer.id);
                continue;
            };
            let Some(cost) = &plan.cost else {
                // Bands of which nobody says how they add up, and what is used and not ordered.
                let untold = offer.tiers.len() > 1 || kind_of == Some(&ProductKind::Usage);
                assert!(untold, "{kind}: the plan of {} ({kind_of:?}) has no cost: {offer:?}", offer.id);
                continue;
            };
            let amount = if unit.per == PricePer::Unit { unit.amount * quantity } else { unit.amount };
            if offer.tiers.is_empty() {
                assert_eq!(cost.amount, amount, "{kind}: {} x {}", quantity, offer.id);
            }
            assert_eq!(cost.per, PricePer::Flat, "{kind}: {}", offer.id);
            assert_eq!(cost.period, unit.period, "{kind}: {}", offer.id);
            assert_eq!(
                (&cost.currency, &cost.currency_as_sent),
                (&unit.currency, &unit.currency_as_sent),
                "{kind}: {}",
                offer.id
            );
            let cycle = offer.billing_cycle.as_ref().map(ToString::to_string).unwrap_or_default();
            *compared.entry(cycle).or_default() += 1;
        }
        println!("{kind}: plans compared with their offers: {compared:?}; refused: {refused:#?}");
        for cycle in [BillingCycle::Monthly, BillingCycle::Annual, BillingCycle::OneTime] {
            assert!(
                compared.contains_key(&cycle.to_string()),
                "{kind}: no plan is paid {cycle}: {refused:#?}"
            );
        }
        let all: usize = compared.values().sum();
        assert!(all > refused.len(), "{kind}: {all} plans, refused: {refused:#?}");
    }
}
