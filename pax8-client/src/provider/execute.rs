//! Commands carried out. Each write goes out at most once.

mod customer;
mod receipt;

use provider_core::{
    CancelSubscription, ChangeQuantity, Command, Delivery, Effective, Error, ErrorKind, LineOutcome,
    LineReceipt, Operation, Outcome, PlaceOrder, Receipt, Result, SubscriptionId, WriteOptions,
};
use rust_decimal::Decimal;

pub(super) use self::customer::{new_company, update_of};
pub(super) use self::receipt::matched;
use super::Pax8Provider;
use super::budget::Budget;
use crate::model::SubscriptionUpdate;

impl Pax8Provider {
    pub(super) async fn executed(&self, command: &Command, options: &WriteOptions) -> Result<Receipt> {
        let budget = Budget::new(&options.options);
        let operation = Operation::Execute(command.kind());
        let done = match command {
            Command::CreateCustomer(command) => self.create_company(command, &budget).await,
            Command::UpdateCustomer(command) => self.update_company(command, &budget).await,
            Command::PlaceOrder(command) => self.place(command, &budget).await,
            Command::ChangeQuantity(command) => self.change_quantity(command, &budget).await,
            Command::CancelSubscription(command) => self.cancel(command, &budget).await,
            _ => return Err(self.unsupported(operation)),
        };
        done.map_err(|error| error.with_provider(crate::KIND).with_operation(operation))
    }

    async fn place(&self, command: &PlaceOrder, budget: &Budget) -> Result<Receipt> {
        let prepared = self.prepare(&command.order, budget).await.map_err(unsent)?;
        let order = self.client.orders().with(budget.call()).create(&prepared.order).await?;
        if order.id.is_none() {
            return Err(Error::new(ErrorKind::Decode, "Pax8 took the order, but its answer has no id")
                .with_delivery(Delivery::Unknown));
        }
        let mut receipt = receipt::of_order(&order, &command.order.lines);
        receipt.customer = Some(command.order.customer.clone());
        Ok(receipt)
    }

    async fn change_quantity(&self, command: &ChangeQuantity, budget: &Budget) -> Result<Receipt> {
        check_quantity(command)?;
        let id = command.subscription.as_str();
        if let Some(expected) = command.expected {
            let record =
                self.client.subscriptions().with(budget.quiet_call()).get(id).await.map_err(unsent)?;
            expect(record.quantity, expected)?;
            if expected == command.quantity {
                return Ok(done(&command.subscription, LineOutcome::Applied));
            }
        }
        let update = SubscriptionUpdate { quantity: Some(command.quantity), ..SubscriptionUpdate::default() };
        let record = self.client.subscriptions().with(budget.call()).update(id, &update).await?;
        let applied = record.quantity.is_none_or(|quantity| quantity == command.quantity);
        let outcome = if applied { LineOutcome::Applied } else { LineOutcome::Accepted };
        let mut receipt = done(&command.subscription, outcome);
        receipt.customer = record.company_id.map(provider_core::CustomerId::from);
        Ok(receipt)
    }

    async fn cancel(&self, command: &CancelSubscription, budget: &Budget) -> Result<Receipt> {
        let id = command.subscription.as_str();
        let at = match command.effective {
            Effective::Now => None,
            _ => Some(self.cancel_moment(command, budget).await.map_err(unsent)?),
        };
        self.client.subscriptions().with(budget.call()).cancel(id, at).await.map_err(|error| {
            error.with_operation(Operation::Execute(provider_core::CommandKind::CancelSubscription))
        })?;
        let outcome = if at.is_some() { LineOutcome::Accepted } else { LineOutcome::Applied };
        Ok(done(&command.subscription, outcome))
    }

    /// When a cancellation takes effect that is not for now.
    pub(super) async fn cancel_moment(
        &self,
        command: &CancelSubscription,
        budget: &Budget,
    ) -> Result<chrono::DateTime<chrono::Utc>> {
        match command.effective {
            Effective::Now => Ok(self.clock.now()),
            Effective::On(day) => Ok(day.and_time(chrono::NaiveTime::MIN).and_utc()),
            _ => {
                let id = command.subscription.as_str();
                let record = self.client.subscriptions().with(budget.quiet_call()).get(id).await?;
                let end = record
                    .commitment()
                    .and_then(|commitment| commitment.end_date)
                    .or(record.end_date.map(|end| end.at));
                end.ok_or_else(|| {
                    Error::invalid_input("effective", "the subscription has no term that ends: name a day")
                })
            }
        }
    }
}

/// What speaks against a change of quantity before anything is asked.
pub(super) fn check_quantity(command: &ChangeQuantity) -> Result<()> {
    if command.effective != Effective::Now {
        return Err(Error::invalid_input("effective", "Pax8 changes quantities at once only"));
    }
    if command.quantity <= Decimal::ZERO || !command.quantity.fract().is_zero() {
        return Err(Error::invalid_input(
            "quantity",
            "must be a whole number above zero; cancel to have none",
        ));
    }
    Ok(())
}

/// Refuses when the subscription does not have the quantity that the caller relies on.
pub(super) fn expect(found: Option<Decimal>, expected: Decimal) -> Result<()> {
    if found == Some(expected) {
        return Ok(());
    }
    let found = found.map_or_else(|| "an unknown quantity".to_owned(), |found| found.to_string());
    let message = format!("the subscription has {found}, not {expected}: nothing was sent");
    Err(Error::new(ErrorKind::PreconditionFailed, message).with_delivery(Delivery::NotSent))
}

/// Whatever went wrong, it went wrong before the write.
pub(super) fn unsent(error: Error) -> Error {
    error.with_delivery(Delivery::NotSent)
}

pub(super) fn done(subscription: &SubscriptionId, outcome: LineOutcome) -> Receipt {
    let mut line = LineReceipt::new(0, outcome);
    line.subscription = Some(subscription.clone());
    let whole = if outcome == LineOutcome::Applied { Outcome::Applied } else { Outcome::Accepted };
    Receipt::new(whole).with_line(line)
}
