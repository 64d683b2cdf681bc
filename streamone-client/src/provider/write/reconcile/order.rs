//! Reconciliation of orders, which are found by their reference, and of their cancellation, judged by their status.

use provider_core::receipt::{Judgement, LineOutcome, LineReceipt};
use provider_core::{
    Attempt, CancelOrder, CustomerId, NewOrder, Outcome, Receipt, Reconciliation, Result, SubscriptionId,
};
use provider_http::OperationContext;

use super::evidence::{self, Found};
use super::settling::absent;
use crate::api::ANY_CUSTOMER;
use crate::map;
use crate::map::order::reference;
use crate::model::{self, OrderStatus};
use crate::provider::context::Context;
use crate::provider::subscriptions;
use crate::provider::write::send::taken;

/// Judges a purchase.
pub(super) async fn placed(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
    order: &NewOrder,
) -> Result<Reconciliation> {
    let sought = Sought { customer: order.customer.clone(), subscription: None };
    sought.find(cx, op, attempt, order.reference.as_deref()).await
}

/// Judges a change of a subscription.
pub(super) async fn changed(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
    subscription: &SubscriptionId,
) -> Result<Reconciliation> {
    let customer = subscriptions::customer_of(subscription)?;
    Sought { customer, subscription: Some(subscription.clone()) }.find(cx, op, attempt, None).await
}

/// The order of an attempt.
pub(super) struct Sought {
    pub(super) customer: CustomerId,
    pub(super) subscription: Option<SubscriptionId>,
}

impl Sought {
    async fn find(
        self,
        cx: &Context,
        op: &OperationContext,
        attempt: &Attempt,
        given: Option<&str>,
    ) -> Result<Reconciliation> {
        let sought = reference::of(&attempt.key, given);
        match evidence::look(cx, op, &self.customer, attempt, &sought, came_to_nothing).await? {
            Found::Live(order) => Ok(Reconciliation::Applied(self.receipt(cx, op, &order).await?)),
            // A failed or cancelled order under the key says nothing of another that is still on its way.
            Found::Absent(what) => Ok(absent(cx, attempt, what)),
            Found::Undetermined(undetermined) => Ok(undetermined),
        }
    }

    /// The receipt of the order that was found by its reference.
    pub(super) async fn receipt(
        &self,
        cx: &Context,
        op: &OperationContext,
        order: &model::Order,
    ) -> Result<Receipt> {
        let receipt = taken(order, self.customer.clone(), self.subscription.as_ref());
        let mut receipt = receipt.judged_by(Judgement::Reference);
        for (line, item) in receipt.lines.iter_mut().zip(&order.order_items) {
            let resource = item.resource_id.as_deref().filter(|_| line.subscription.is_none());
            if let (Some(resource), LineOutcome::Applied) = (resource, line.outcome) {
                line.subscription = subscriptions::canonical(cx, op, &self.customer, resource).await?;
            }
        }
        Ok(receipt)
    }
}

/// Failed or cancelled with no item carried out.
pub(super) fn came_to_nothing(order: &model::Order) -> bool {
    let ended = matches!(order.status, Some(OrderStatus::Error | OrderStatus::Canceled));
    ended && !map::order::receipts(order).iter().any(|line| line.outcome == LineOutcome::Applied)
}

/// Judges the cancellation of an order.
pub(super) async fn cancelled(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
    command: &CancelOrder,
) -> Result<Reconciliation> {
    let customer = command.customer.as_ref().map_or(ANY_CUSTOMER, CustomerId::as_str);
    let order = cx.client.orders().with(op).get(customer, command.order.own()).await?;
    Ok(match &order.status {
        Some(OrderStatus::Canceled) => {
            let mut line = LineReceipt::new(0, LineOutcome::Applied);
            line.order = Some(command.order.clone());
            let receipt = Receipt::new(Outcome::Applied).with_line(line).judged_by(Judgement::Comparison);
            Reconciliation::Applied(match order.customer() {
                Some(customer) => receipt.with_customer(customer.as_str()),
                None => receipt,
            })
        }
        Some(status) if status.is_final() => Reconciliation::NotApplied,
        _ => absent(cx, attempt, "the order is not cancelled"),
    })
}
