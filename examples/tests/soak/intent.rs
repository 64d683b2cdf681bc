//! What is wanted: one key, one customer or subscription of its own, so that whatever turns up at the
//! distributor belongs to one key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use provider_core::{
    BillingCycle, ChangeQuantity, Command, CustomerId, CustomerQuery, IdempotencyKey, NewOrder, NewOrderLine,
    PlaceOrder, ProductQuery, Provider, ProviderExt as _, Subscription, SubscriptionId, SubscriptionQuery,
    SubscriptionStatus, Term, WriteOptions,
};
use provider_simulator::Simulator;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::connection::Distributor;

/// One of three is a change of seats.
const CHANGES: usize = 3;
/// New commerce at the simulated Cloud-iQ: not sold in two ways, and bought once the agreement is on file.
const CRAYON_SUITE: &str = "CFQ7TTC0LH18:0001";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Intent {
    pub(crate) index: usize,
    pub(crate) key: IdempotencyKey,
    pub(crate) command: Command,
    pub(crate) customer: CustomerId,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) quantity: i64,
}

impl Intent {
    /// The own part of the subscription's id, of a change.
    pub(crate) fn changed(&self) -> Option<&str> {
        self.subscription.as_ref().map(|id| last(id.as_str()))
    }
}

/// The record's own id, which stands last.
pub(crate) fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

pub(crate) async fn intents(
    distributor: Distributor,
    simulator: &Simulator,
    provider: &Arc<dyn Provider>,
    count: usize,
) -> Vec<Intent> {
    let customers = provider.customers(CustomerQuery::default()).collect_all().await.unwrap();
    let mut changeable = changeable(distributor, provider).await;
    let line = line(distributor, simulator, provider).await;
    let mut intents = Vec::new();
    for customer in customers {
        let index = intents.len();
        if index == count {
            break;
        }
        let key = IdempotencyKey::derive("soak", [distributor.name(), &index.to_string()]);
        let subscription = if index % CHANGES == 0 { changeable.remove(&customer.id) } else { None };
        let (command, quantity) = match &subscription {
            Some(subscription) => {
                let more = whole(subscription.quantity.unwrap()) + 1 + i64::try_from(index % 7).unwrap();
                (Command::from(ChangeQuantity::new(&subscription.id, more)), more)
            }
            None => {
                let mut line = line.clone();
                let quantity = 2 + i64::try_from(index % 40).unwrap();
                line.quantity = quantity.into();
                (PlaceOrder::new(NewOrder::new(&customer.id).line(line)).into(), quantity)
            }
        };
        // Not every customer may buy.
        if provider.plan(&command, &WriteOptions::new(key.clone())).await.is_err() {
            continue;
        }
        let subscription = subscription.map(|subscription| subscription.id);
        intents.push(Intent { index, key, command, customer: customer.id, subscription, quantity });
    }
    assert_eq!(intents.len(), count, "the simulator has too few customers who may buy");
    let whose: BTreeSet<_> = intents.iter().map(|intent| &intent.customer).collect();
    assert_eq!(whose.len(), count, "two keys share a customer");
    intents
}

/// Seats are whole.
pub(crate) fn whole(quantity: Decimal) -> i64 {
    quantity.normalize().to_string().parse().unwrap()
}

/// A subscription of each customer that may have more seats.
async fn changeable(
    distributor: Distributor,
    provider: &Arc<dyn Provider>,
) -> BTreeMap<CustomerId, Subscription> {
    let query = SubscriptionQuery::default().status(SubscriptionStatus::Active);
    let all = provider.subscriptions(query).collect_all().await.unwrap();
    let fits = |one: &Subscription| match distributor {
        Distributor::Crayon => {
            one.product.sku.as_deref() == Some(CRAYON_SUITE)
                && one.parent.is_none()
                && one.auto_renew != Some(false)
                && one.quantity.is_some_and(|quantity| quantity < 200.into())
        }
        Distributor::Pax8 => one.product.name.as_deref() == Some("ExampleSoft Base"),
        Distributor::StreamOne => {
            one.offer.is_some()
                && one.product.vendor.as_deref() == Some("Microsoft")
                && one.commitment_term.is_some()
        }
    };
    all.into_iter().filter(fits).map(|one| (one.customer.clone(), one)).collect()
}

/// What is ordered.
async fn line(distributor: Distributor, simulator: &Simulator, provider: &Arc<dyn Provider>) -> NewOrderLine {
    let one = Decimal::ONE;
    match distributor {
        Distributor::Crayon => {
            let mut line = NewOrderLine::new(CRAYON_SUITE, one);
            line.billing_cycle = Some(BillingCycle::Monthly);
            line.commitment_term = Some(Term::YEAR);
            line
        }
        Distributor::Pax8 => {
            let mut line = NewOrderLine::new(simulator.pax8().product_ids()[1].as_str(), one);
            line.billing_cycle = Some(BillingCycle::Monthly);
            line
        }
        Distributor::StreamOne => {
            let query = ProductQuery::default().vendor("Microsoft");
            let products = provider.products(query).collect_all().await.unwrap();
            let (product, offer) = products
                .iter()
                .find_map(|product| {
                    let offer = product.offers.iter().find(|offer| {
                        offer.commitment_term == Some(Term::YEAR)
                            && offer.billing_cycle == Some(BillingCycle::Monthly)
                            && offer.cost.is_some()
                    })?;
                    Some((product.id.clone(), offer.id.clone()))
                })
                .unwrap();
            let mut line = NewOrderLine::new(product, one);
            line.offer = Some(offer);
            line.attributes.insert("domainName".to_owned(), "soak.onmicrosoft.com".to_owned());
            line.attributes.insert("renewalSetting".to_owned(), "auto-on".to_owned());
            line
        }
    }
}
