//! What the distributor has, whatever anybody claims.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use provider_core::{OrderQuery, Provider, ProviderExt as _, ReadOptions};
use provider_simulator::Simulator;
use serde_json::Value;

use crate::connection::Distributor;
use crate::intent::{Intent, whole};
use crate::relay::SentRequest;

/// What there is for one key.
#[derive(Debug, Default, Clone)]
pub(crate) struct Effects {
    /// Orders that live, by their own ids, with the subscriptions that they became.
    pub(crate) live: BTreeMap<String, BTreeSet<String>>,
    /// Orders that came to nothing.
    pub(crate) dead: BTreeSet<String>,
    /// A change without an order shows in the record.
    pub(crate) shows: bool,
}

impl Effects {
    pub(crate) fn happened(&self) -> bool {
        self.shows || !self.live.is_empty()
    }
}

/// Looks at the distributor's own state, by each intent's index.
pub(crate) async fn effects(
    distributor: Distributor,
    simulator: &Simulator,
    provider: &Arc<dyn Provider>,
    intents: &[Intent],
    before: &BTreeSet<String>,
) -> BTreeMap<usize, Effects> {
    let (crayon, pax8, ion) = match distributor {
        Distributor::Crayon => (simulator.crayon().orders(), Vec::new(), Vec::new()),
        Distributor::Pax8 => {
            let orders = provider.orders(OrderQuery::default()).collect_all().await.unwrap();
            (Vec::new(), orders, Vec::new())
        }
        Distributor::StreamOne => (Vec::new(), Vec::new(), simulator.streamone().orders()),
    };
    let mut found = BTreeMap::new();
    for intent in intents {
        let mut effects = Effects::default();
        match (distributor, intent.changed()) {
            (Distributor::Crayon, None) => {
                for order in &crayon {
                    if order.tenant.to_string() == intent.customer.as_str() {
                        let became = order.subscription.map(|id| id.to_string());
                        effects.live.insert(order.id.to_ascii_lowercase(), became.into_iter().collect());
                    }
                }
            }
            (Distributor::Crayon, Some(id)) => {
                let seats = simulator.crayon().subscription(id.parse().unwrap()).map(|(seats, _)| seats);
                effects.shows = seats == Some(intent.quantity);
            }
            (Distributor::Pax8, None) => {
                for order in &pax8 {
                    if order.customer == intent.customer && !before.contains(order.id.as_str()) {
                        let became = order.lines.iter().filter_map(|line| line.subscription.as_ref());
                        let became = became.map(|id| id.as_str().to_owned()).collect();
                        effects.live.insert(order.id.as_str().to_owned(), became);
                    }
                }
            }
            (Distributor::Pax8, Some(_)) => {
                let id = intent.subscription.as_ref().unwrap();
                let now = provider.get_subscription(id, &ReadOptions::default()).await.unwrap();
                effects.shows = whole(now.quantity.unwrap()) == intent.quantity;
            }
            (Distributor::StreamOne, _) => {
                for order in &ion {
                    if order.reference.as_deref() == Some(intent.key.as_str()) {
                        if matches!(order.status, "ERROR" | "CANCELED") {
                            effects.dead.insert(order.id.clone());
                        } else {
                            effects.live.insert(order.id.clone(), order.resources.iter().cloned().collect());
                        }
                    }
                }
            }
        }
        found.insert(intent.index, effects);
    }
    found
}

/// The orders that are there before anything is ordered.
pub(crate) async fn before(distributor: Distributor, provider: &Arc<dyn Provider>) -> BTreeSet<String> {
    match distributor {
        Distributor::Pax8 => {
            let orders = provider.orders(OrderQuery::default()).collect_all().await.unwrap();
            orders.into_iter().map(|order| order.id.as_str().to_owned()).collect()
        }
        // Seeded orders have no reference; those of the simulated Cloud-iQ are none.
        _ => BTreeSet::new(),
    }
}

/// Nothing was sent that the reference does not list. What was received so far is forgotten.
pub(crate) fn all_was_listed(distributor: Distributor, simulator: &Simulator) {
    macro_rules! judged {
        ($handle:expr) => {{
            let handle = $handle;
            assert!(handle.refused().is_empty(), "the reference does not list: {:?}", handle.refused());
            handle.reset_counters();
        }};
    }
    match distributor {
        Distributor::Crayon => judged!(simulator.crayon()),
        Distributor::Pax8 => judged!(simulator.pax8()),
        Distributor::StreamOne => judged!(simulator.streamone()),
    }
}

/// How many requests the distributor has received.
pub(crate) fn received(distributor: Distributor, simulator: &Simulator) -> u64 {
    match distributor {
        Distributor::Crayon => simulator.crayon().count("*", "*"),
        Distributor::Pax8 => simulator.pax8().count("*", "*"),
        Distributor::StreamOne => simulator.streamone().count("*", "*"),
    }
}

/// What names the key in a request that writes: the customer, the subscription or the reference.
pub(crate) fn written(distributor: Distributor, request: &SentRequest) -> Option<String> {
    let member = |name: &str| {
        let body: Value = serde_json::from_str(&request.body).ok()?;
        let (_, value) = body.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    match (distributor, request.method.as_str()) {
        (Distributor::Crayon, "POST") => member("CustomerTenantId"),
        (Distributor::Pax8, "POST") if !request.target.contains("isMock=true") => member("companyId"),
        (Distributor::StreamOne, "POST") => member("referenceId"),
        (Distributor::Crayon | Distributor::Pax8, "PUT") => Some(request.last_segment().to_owned()),
        _ => None,
    }
}

/// The same of an intent.
pub(crate) fn name(distributor: Distributor, intent: &Intent) -> String {
    match (distributor, intent.changed()) {
        (Distributor::StreamOne, _) => intent.key.as_str().to_owned(),
        (_, Some(id)) => id.to_owned(),
        (_, None) => intent.customer.as_str().to_owned(),
    }
}
