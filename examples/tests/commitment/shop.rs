//! A distributor as a caller without any caution has it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crayon_client::model::SubscriptionStatus as CrayonStatus;
use crayon_client::{CrayonClient, CrayonConfig, CrayonProvider};
use pax8_client::model::SubscriptionUpdate;
use pax8_client::{Pax8Client, Pax8Config, Pax8Provider};
use provider_core::chrono::{DateTime, Utc};
use provider_core::commitment::{Allowed, CommitmentRule, Guard};
use provider_core::token::MemoryTokenStore;
use provider_core::{Delivery, Error, Provider, ProviderInfo, Subscription};
use provider_http::RateLimit;
use provider_simulator::{SimClock, Simulator};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use streamone_client::model::{OrderItemWrite, OrderStatus, OrderWrite};
use streamone_client::{StreamOneClient, StreamOneConfig, StreamOneProvider};

/// What is asked of a distributor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    Reduce,
    Cancel,
}

impl Ask {
    pub(crate) const BOTH: [Self; 2] = [Self::Reduce, Self::Cancel];

    /// What the guard says to it, `None` where that is not known, and the rule that it went by.
    pub(crate) fn of(self, told: &Guard) -> (Option<bool>, CommitmentRule) {
        let answer = match self {
            Self::Reduce => told.reduce,
            Self::Cancel => told.cancel,
        };
        let says = match answer.allowed {
            Allowed::Open { .. } => Some(true),
            Allowed::Closed { .. } => Some(false),
            _ => None,
        };
        (says, answer.rule)
    }
}

/// A distributor, asked by its bare client, and the provider that lists what it has.
pub(crate) struct Shop {
    kind: &'static str,
    provider: Arc<dyn Provider>,
    client: Client,
    clock: SimClock,
}

enum Client {
    Crayon(CrayonClient),
    Pax8(Pax8Client),
    StreamOne(StreamOneClient),
}

/// The simulated distributors on the day on which they were seeded.
pub(crate) async fn simulator() -> Simulator {
    let seeded = "2026-03-10T10:00:00Z".parse().unwrap();
    let simulator = Simulator::builder().fixed_time(seeded).start().await.unwrap();
    // Orders are carried out at once, so that the moment of asking is the one that counts.
    simulator.streamone().set_order_delays(Duration::ZERO, Duration::ZERO, Duration::ZERO);
    simulator
}

fn refused(error: &Error) -> bool {
    assert_eq!(error.delivery(), Delivery::Rejected, "{error}");
    true
}

impl Shop {
    /// Connects to one of the distributors at the time that it has now: tokens of before may have expired.
    pub(crate) fn open(kind: &str, simulator: &Simulator) -> Self {
        let mut variables: BTreeMap<String, String> = simulator.env().into_iter().collect();
        variables.insert("STREAMONE_REFRESH_TOKEN".to_owned(), simulator.streamone().issue_refresh_token());
        let get = |name: &str| variables.get(name).cloned();
        let (kind, provider, client): (_, Arc<dyn Provider>, _) = match kind {
            "crayon" => {
                let client = CrayonClient::new(CrayonConfig::from_vars(get).unwrap().unwrap()).unwrap();
                let provider = CrayonProvider::new(client.clone(), ProviderInfo::new("crayon", "crayon"));
                ("crayon", Arc::new(provider), Client::Crayon(client))
            }
            "pax8" => {
                let config = Pax8Config::from_vars(get).unwrap().unwrap();
                // Nobody waits for the documented rate.
                let client =
                    Pax8Client::builder(config.clone()).rate(RateLimit::unlimited()).build().unwrap();
                ("pax8", Arc::new(Pax8Provider::new(client.clone(), &config)), Client::Pax8(client))
            }
            _ => {
                let config = StreamOneConfig::from_vars(get).unwrap().unwrap();
                let tokens = Arc::new(MemoryTokenStore::default());
                let client = StreamOneClient::builder(config).token_store(tokens).build().unwrap();
                ("streamone", Arc::new(StreamOneProvider::new(client.clone())), Client::StreamOne(client))
            }
        };
        Self { kind, provider, client, clock: simulator.clock().clone() }
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(crate) fn provider(&self) -> &Arc<dyn Provider> {
        &self.provider
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether the distributor does it.
    pub(crate) async fn accepts(&self, ask: Ask, seats: &Subscription) -> bool {
        let fewer = seats.quantity.unwrap() - Decimal::ONE;
        match &self.client {
            Client::Crayon(client) => {
                let id = seats.id.as_str().parse().unwrap();
                let mut record = client.subscriptions().document(id).await.unwrap();
                match ask {
                    Ask::Reduce => record.set(&["Quantity"], &fewer.to_i64().unwrap()).unwrap(),
                    Ask::Cancel => record.set(&["Status"], &CrayonStatus::DELETED.number()).unwrap(),
                }
                match client.subscriptions().update(id, &record).await {
                    Ok(_) => true,
                    Err(error) => !refused(&error),
                }
            }
            Client::Pax8(client) => {
                let (subscriptions, id) = (client.subscriptions(), seats.id.as_str());
                let answer = match ask {
                    Ask::Reduce => {
                        let mut update = SubscriptionUpdate::default();
                        update.quantity = Some(fewer);
                        subscriptions.update(id, &update).await.map(drop)
                    }
                    Ask::Cancel => subscriptions.cancel(id, None).await,
                };
                answer.map_or_else(|error| !refused(&error), |()| true)
            }
            Client::StreamOne(client) => {
                let customer = seats.customer.as_str();
                let record = client.subscriptions().get(customer, seats.id.own(), None).await.unwrap();
                // What carries no ids of the catalog cannot even be asked for.
                let Some(ids) = record.catalog_ids() else { return false };
                let resource = record.subscription_id.as_deref().unwrap();
                let seats = if ask == Ask::Reduce { fewer } else { seats.quantity.unwrap() };
                let mut item = OrderItemWrite::update(resource, ids, seats.to_u32().unwrap());
                if ask == Ask::Cancel {
                    item = item.with_attribute("statusUpdate", "deleted");
                }
                let mut order = OrderWrite::default();
                order.order_items.push(item);
                let placed = match client.orders().create(customer, &order).await {
                    Ok(placed) => placed,
                    Err(error) => return !refused(&error),
                };
                let id = placed.id().unwrap().to_string();
                let ended = client.orders().get(customer, &id).await.unwrap().status.unwrap();
                assert!(ended.is_final(), "{ended:?}");
                ended == OrderStatus::Completed
            }
        }
    }
}
