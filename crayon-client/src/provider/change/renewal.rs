//! What happens when a term ends: renewal on or off, and instructions for the next term.

use provider_core::{
    CancelSubscription, ChangeRenewal, Delivery, Effective, Error, LineOutcome, LineReceipt, Outcome, Patch,
    Receipt, Result,
};

use super::{applied, for_orders, refused, seats, update};
use crate::client::CrayonClient;
use crate::map::offer::{Choice, wire_cycle};
use crate::model::{NextTermInstructions, Subscription, TermDuration};
use crate::provider::execute::before_sending;
use crate::provider::lookup::missing;
use crate::provider::{CrayonProvider, capabilities};
use crate::wire::Document;

/// A change of the renewal that can be sent.
pub(in crate::provider) struct Renewal {
    pub(in crate::provider) id: i64,
    record: Document,
    pub(in crate::provider) typed: Subscription,
    pub(in crate::provider) instructions: Option<NextTermInstructions>,
}

impl CrayonProvider {
    /// What a renewal command asks of the next term. `None` when it only switches automatic renewal.
    pub(in crate::provider) async fn instructions(
        &self,
        client: &CrayonClient,
        command: &ChangeRenewal,
    ) -> Result<Option<NextTermInstructions>> {
        let mut wanted = NextTermInstructions::default();
        match &command.quantity {
            Patch::Keep => {}
            Patch::Set(quantity) => wanted.quantity = Some(seats("quantity", *quantity)?),
            Patch::Clear => return Err(cannot_clear("quantity")),
        }
        match &command.offer {
            Patch::Keep => {}
            Patch::Set(offer) => {
                let choice = Choice::parse("offer", offer)?;
                wanted.billing_cycle = Some(for_orders("offer", choice.cycle.for_orders())?);
                wanted.term_duration = choice.term.map(|term| TermDuration::from(term.to_string()));
                wanted.part_number = Some(choice.part_number);
            }
            Patch::Clear => return Err(cannot_clear("offer")),
        }
        match &command.commitment_term {
            Patch::Keep => {}
            Patch::Set(term) => wanted.term_duration = Some(TermDuration::from(term.to_string())),
            Patch::Clear => return Err(cannot_clear("commitment_term")),
        }
        match &command.billing_cycle {
            Patch::Keep => {}
            Patch::Set(cycle) => {
                let cycle = wire_cycle(cycle).and_then(crate::model::BillingCycleEnum::for_orders);
                wanted.billing_cycle = Some(for_orders("billing_cycle", cycle)?);
            }
            Patch::Clear => return Err(cannot_clear("billing_cycle")),
        }
        match &command.ends_at {
            Patch::Keep => {}
            Patch::Set(end) => wanted.custom_term_end_date = Some(*end),
            Patch::Clear => return Err(cannot_clear("ends_at")),
        }
        match &command.product {
            Patch::Keep => {}
            Patch::Set(product) if product.as_str().contains(':') => {
                wanted.part_number = Some(product.to_string());
            }
            Patch::Set(product) => {
                let row = self.row(client, product).await.map_err(|error| missing("product", error))?;
                let part = row.product_variant.as_ref().and_then(crate::map::product::part_number);
                wanted.part_number = part.map(str::to_owned);
            }
            Patch::Clear => return Err(cannot_clear("product")),
        }
        Ok((wanted != NextTermInstructions::default()).then_some(wanted))
    }

    /// A change of the renewal that can be sent, or why it cannot.
    pub(in crate::provider) async fn prepare_renewal(
        &self,
        client: &CrayonClient,
        command: &ChangeRenewal,
    ) -> Result<Renewal> {
        let instructions = self.instructions(client, command).await?;
        if instructions.is_none() && command.auto_renew.is_none() {
            return Err(Error::invalid_input("subscription", "nothing is to be changed"));
        }
        if instructions.is_some() && command.auto_renew == Some(false) {
            return Err(Error::invalid_input(
                "auto_renew",
                "a subscription that does not renew has no next term",
            ));
        }
        let (id, record, typed) = self.record(client, &command.subscription).await?;
        Self::check_active(&typed)?;
        let renews = command.auto_renew.or(typed.auto_renew_enabled);
        if instructions.is_some() && renews == Some(false) {
            return Err(refused("auto_renew", "the subscription does not renew; switch that on as well"));
        }
        Ok(Renewal { id, record, typed, instructions })
    }

    pub(in crate::provider) async fn change_renewal(
        &self,
        client: &CrayonClient,
        command: &ChangeRenewal,
    ) -> Result<Receipt> {
        let prepared = self.prepare_renewal(client, command).await;
        let Renewal { id, mut record, typed, instructions } = before_sending(prepared)?;
        let mut switched = false;
        if let Some(renew) = command.auto_renew.filter(|renew| typed.auto_renew_enabled != Some(*renew)) {
            before_sending(record.set(&["AutoRenewEnabled"], &renew))?;
            update(client, id, &record).await?;
            switched = true;
        }
        let Some(instructions) = instructions else {
            return Ok(applied(&command.subscription, LineOutcome::Applied));
        };
        let instructed = self.instruct(client, id, &command.subscription, &instructions).await;
        match instructed {
            Err(error) if switched => {
                // Renewal was switched already: an error would hide that.
                let unknown = error.delivery() == Delivery::Unknown;
                let outcome = if unknown { LineOutcome::Unknown } else { LineOutcome::Rejected };
                let mut line = LineReceipt::new(1, outcome);
                line.subscription = Some(command.subscription.clone());
                line.violations = error.violations().to_vec();
                let mut receipt = applied(&command.subscription, LineOutcome::Applied).with_line(line);
                receipt.outcome = Outcome::Partial;
                Ok(receipt)
            }
            other => other,
        }
    }

    pub(in crate::provider) async fn cancel(
        &self,
        client: &CrayonClient,
        command: &CancelSubscription,
    ) -> Result<Receipt> {
        // Whether it exists is said first, as for every other change.
        before_sending(self.record(client, &command.subscription).await)?;
        before_sending(cancellable(command))?;
        let mut renewal = ChangeRenewal::new(&command.subscription);
        renewal.auto_renew = Some(false);
        self.change_renewal(client, &renewal).await
    }
}

/// Ending at once is not documented; ending with the term is.
pub(in crate::provider) fn cancellable(command: &CancelSubscription) -> Result<()> {
    if command.effective == Effective::TermEnd {
        return Ok(());
    }
    Err(Error::invalid_input("effective", capabilities::NO_CANCEL))
}

fn cannot_clear(field: &str) -> Error {
    Error::invalid_input(field, "cannot be emptied: what is left out of the instructions stays as it is")
}
