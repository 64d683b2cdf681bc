//! What is remembered before a command is sent, so that a lost answer can be judged.

use provider_core::{Baseline, Command, Operation, Result};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::budget::Budget;
use super::execute::unsent;
use super::{Pax8Provider, pages};
use crate::api::{CompanyFilter, SubscriptionFilter};
use crate::model::{Company, Order, Subscription};

/// The notes of a baseline.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub(super) enum Notes {
    /// Companies of the same name or key that exist already.
    Companies { ids: Vec<String> },
    /// The company was there; its fields say themselves whether they changed.
    Company,
    /// What the company has ordered and owns.
    Purchases { orders: Vec<String>, subscriptions: Vec<String> },
    /// The quantity before a change.
    Quantity {
        #[serde(with = "provider_core::wire::decimal::option")]
        quantity: Option<Decimal>,
    },
    /// The state before a cancellation.
    State { status: Option<String>, ends_at: Option<chrono::DateTime<chrono::Utc>> },
}

impl Pax8Provider {
    pub(super) async fn baseline_of(&self, command: &Command) -> Result<Option<Baseline>> {
        let budget = Budget::unhurried();
        let notes = self.notes(command, &budget).await.map_err(|error| {
            unsent(error).with_provider(crate::KIND).with_operation(Operation::Reconcile(command.kind()))
        })?;
        // What is noted here is plain text and numbers, which always have a JSON form.
        let state = notes.map(serde_json::to_value).transpose().map_err(|error| {
            provider_core::Error::new(provider_core::ErrorKind::Internal, "the baseline has no JSON form")
                .with_source(error)
        })?;
        Ok(state.map(|state| Baseline::new(self.clock.now(), state)))
    }

    async fn notes(&self, command: &Command, budget: &Budget) -> Result<Option<Notes>> {
        Ok(Some(match command {
            Command::CreateCustomer(command) => {
                let alike =
                    self.companies_like(&command.name, command.external_id.as_deref(), budget).await?;
                Notes::Companies { ids: alike.into_iter().map(|company| company.id).collect() }
            }
            Command::UpdateCustomer(_) => Notes::Company,
            Command::PlaceOrder(command) => {
                let company = command.order.customer.as_str();
                let (orders, subscriptions) = futures_util::join!(
                    self.all_orders(company, budget),
                    self.all_subscriptions(company, budget)
                );
                Notes::Purchases {
                    orders: orders?.into_iter().filter_map(|order| order.id).collect(),
                    subscriptions: subscriptions?.into_iter().map(|one| one.id).collect(),
                }
            }
            Command::ChangeQuantity(command) => {
                let record = self.fresh(command.subscription.as_str(), budget).await?;
                Notes::Quantity { quantity: record.quantity }
            }
            Command::CancelSubscription(command) => {
                let record = self.fresh(command.subscription.as_str(), budget).await?;
                Notes::State {
                    status: record.status.map(|status| status.to_string()),
                    ends_at: record.end_date.map(|end| end.at),
                }
            }
            _ => return Ok(None),
        }))
    }

    pub(super) async fn fresh(&self, id: &str, budget: &Budget) -> Result<Subscription> {
        self.client.subscriptions().with(budget.quiet_call()).get(id).await
    }

    /// Companies that a lost creation could have made. Pax8 has no search by name.
    pub(super) async fn companies_like(
        &self,
        name: &str,
        external_id: Option<&str>,
        budget: &Budget,
    ) -> Result<Vec<Company>> {
        let name = name.trim().to_lowercase();
        let companies = pages::every_record(|at| async move {
            let call = budget.quiet_call().strict(true);
            self.client.companies().with(call).list(&CompanyFilter::default(), at).await
        });
        let is_like = |company: &Company| {
            let same_name = company.name.as_ref().is_some_and(|other| other.trim().to_lowercase() == name);
            let same_key = external_id.is_some() && company.external_id.as_deref() == external_id;
            same_name || same_key
        };
        Ok(companies.await?.into_iter().filter(is_like).collect())
    }

    pub(super) async fn all_orders(&self, company: &str, budget: &Budget) -> Result<Vec<Order>> {
        pages::every_record(|at| async move {
            let call = budget.quiet_call().strict(true);
            self.client.orders().with(call).list(Some(company), at).await
        })
        .await
    }

    pub(super) async fn all_subscriptions(
        &self,
        company: &str,
        budget: &Budget,
    ) -> Result<Vec<Subscription>> {
        let filter = &SubscriptionFilter::of_company(company);
        pages::every_record(|at| async move {
            let call = budget.quiet_call().strict(true);
            self.client.subscriptions().with(call).list(filter, at).await
        })
        .await
    }
}
