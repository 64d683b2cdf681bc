//! Stopping subscriptions and letting them go on.

use provider_core::{LineOutcome, Receipt, Result, SubscriptionId};

use super::{applied, refused, update};
use crate::client::CrayonClient;
use crate::map::subscription::status as name;
use crate::model::{Subscription, SubscriptionStatus};
use crate::provider::CrayonProvider;
use crate::provider::execute::before_sending;
use crate::wire::Document;

/// A change of the status that can be sent.
pub(in crate::provider) struct Step {
    pub(in crate::provider) id: i64,
    record: Document,
    pub(in crate::provider) typed: Subscription,
    to: SubscriptionStatus,
}

impl Step {
    /// True where the subscription is what it shall be.
    fn is_done(&self) -> bool {
        self.typed.status == Some(self.to)
    }
}

impl CrayonProvider {
    /// The step to a status from the only one that leads there, or why it cannot be taken.
    pub(in crate::provider) async fn prepare_status(
        &self,
        client: &CrayonClient,
        id: &SubscriptionId,
        to: SubscriptionStatus,
    ) -> Result<Step> {
        let from = match to {
            SubscriptionStatus::SUSPENDED => SubscriptionStatus::ACTIVE,
            _ => SubscriptionStatus::SUSPENDED,
        };
        let (id, mut record, typed) = self.record(client, id).await?;
        if let Some(is) = typed.status.filter(|is| *is != from && *is != to) {
            return Err(refused("status", format!("the subscription is {}, not {}", name(is), name(from))));
        }
        record.set(&["Status"], &to)?;
        Ok(Step { id, record, typed, to })
    }

    async fn set_status(
        &self,
        client: &CrayonClient,
        id: &SubscriptionId,
        to: SubscriptionStatus,
    ) -> Result<Receipt> {
        let step = before_sending(self.prepare_status(client, id, to).await)?;
        if step.is_done() {
            return Ok(applied(id, LineOutcome::Applied));
        }
        let answer = update(client, step.id, &step.record).await?;
        let done = answer.and_then(|answer| answer.status).is_none_or(|status| status == to);
        Ok(applied(id, if done { LineOutcome::Applied } else { LineOutcome::Accepted }))
    }

    pub(in crate::provider) async fn suspend(
        &self,
        client: &CrayonClient,
        id: &SubscriptionId,
    ) -> Result<Receipt> {
        self.set_status(client, id, SubscriptionStatus::SUSPENDED).await
    }

    pub(in crate::provider) async fn resume(
        &self,
        client: &CrayonClient,
        id: &SubscriptionId,
    ) -> Result<Receipt> {
        self.set_status(client, id, SubscriptionStatus::ACTIVE).await
    }
}
