//! What commands would do. Orders are checked by Pax8 itself; everything else is worked out from reads.

use provider_core::{
    CancelSubscription, Change, ChangeQuantity, Command, CreateCustomer, Effective, Fidelity, Operation,
    Patch, PlaceOrder, Plan, Price, Result, UpdateCustomer, WriteOptions,
};

use super::Pax8Provider;
use super::budget::Budget;
use super::execute::{check_quantity, expect, new_company, update_of};
use crate::map;
use crate::model::{Commitment, Subscription};

impl Pax8Provider {
    pub(super) async fn planned(&self, command: &Command, options: &WriteOptions) -> Result<Plan> {
        let budget = Budget::new(&options.options);
        let operation = Operation::Plan(command.kind());
        let plan = match command {
            Command::CreateCustomer(command) => self.plan_company(command),
            Command::UpdateCustomer(command) => self.plan_update(command, &budget).await,
            Command::PlaceOrder(command) => self.plan_order(command, &budget).await,
            Command::ChangeQuantity(command) => self.plan_quantity(command, &budget).await,
            Command::CancelSubscription(command) => self.plan_cancel(command, &budget).await,
            _ => return Err(self.unsupported(operation)),
        };
        plan.map_err(|error| error.with_provider(crate::KIND).with_operation(operation))
    }

    /// The order as it would be sent, checked by Pax8 with `isMock=true`.
    async fn plan_order(&self, command: &PlaceOrder, budget: &Budget) -> Result<Plan> {
        let prepared = self.prepare(&command.order, budget).await?;
        self.client.orders().with(budget.quiet_call()).check(&prepared.order).await?;
        let mut plan = Plan::new(Fidelity::Native);
        plan.changes = prepared.changes;
        plan.cost = prepared.cost;
        plan.warnings = prepared.warnings;
        Ok(plan)
    }

    fn plan_company(&self, command: &CreateCustomer) -> Result<Plan> {
        let company = new_company(command, self.country, self.defaults)?;
        let mut plan =
            Plan::new(Fidelity::Simulated).with_change(Change::new("customer", None, Some(company.name)));
        let roles = command.contacts.iter().flat_map(|contact| &contact.roles);
        let missing = map::customer::missing_roles(roles);
        if !missing.is_empty() {
            plan.warnings.push(format!(
                "nothing can be ordered for it until it has a primary contact of type {}",
                missing.join(", ")
            ));
        }
        Ok(plan)
    }

    async fn plan_update(&self, command: &UpdateCustomer, budget: &Budget) -> Result<Plan> {
        let update = update_of(command)?;
        let current = self.company(command.customer.as_str(), budget).await?;
        let mut plan = Plan::new(Fidelity::Simulated);
        let mut change = |what: &str, from: Option<String>, to: Option<String>| {
            if to.is_some() && from != to {
                plan.changes.push(Change::new(format!("customer {}: {what}", command.customer), from, to));
            }
        };
        change("name", Some(current.name), update.name);
        change("external_id", current.external_id, update.external_id);
        change("phone", current.phone, update.phone);
        change("website", current.website, update.website);
        let address = |address: &crate::model::Address| serde_json::to_string(address).ok();
        let now = current.address.map(|address| map::customer::to_address(&address, None));
        change("address", now.as_ref().and_then(address), update.address.as_ref().and_then(address));
        let text = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        let flags = current.flags;
        change("self_service_allowed", text(flags.self_service_allowed), text(update.self_service_allowed));
        change("bill_on_behalf_of", text(flags.bill_on_behalf_of), text(update.bill_on_behalf_of_enabled));
        change(
            "order_approval_required",
            text(flags.order_approval_required),
            text(update.order_approval_required),
        );
        if let Patch::Set(contacts) = &command.contacts {
            let current = self.contacts_of(command.customer.as_str(), budget).await?;
            let count = |contacts: usize| Some(format!("{contacts} contacts"));
            change("contacts", count(current.len()), Some(format!("these {} contacts", contacts.len())));
            let missing = map::customer::missing_roles(contacts.iter().flat_map(|contact| &contact.roles));
            if !missing.is_empty() {
                plan.warnings.push(format!("it will lack a primary contact of type {}", missing.join(", ")));
            }
        }
        Ok(plan)
    }

    async fn plan_quantity(&self, command: &ChangeQuantity, budget: &Budget) -> Result<Plan> {
        check_quantity(command)?;
        let id = command.subscription.as_str();
        let record = self.client.subscriptions().with(budget.quiet_call()).get(id).await?;
        if let Some(expected) = command.expected {
            expect(record.quantity, expected)?;
        }
        let mut plan = Plan::new(Fidelity::Simulated);
        if record.quantity == Some(command.quantity) {
            plan.warnings.push("the subscription has this quantity already".to_owned());
            return Ok(plan);
        }
        let from = record.quantity.map(|quantity| quantity.to_string());
        let to = Some(command.quantity.to_string());
        plan.changes.push(Change::new(format!("subscription {id}: quantity"), from, to));
        let more = record.quantity.is_none_or(|quantity| command.quantity > quantity);
        if let Some(terms) = self.commitment_of(&record, budget).await? {
            let allowed =
                if more { terms.allow_for_quantity_increase } else { terms.allow_for_quantity_decrease };
            if allowed == Some(false) {
                let what = if more { "more" } else { "less" };
                plan.warnings.push(format!(
                    "the commitment does not allow {what} before it ends; Pax8 may refuse outside the first days"
                ));
            }
        }
        let currency = map::currency(record.currency_code.as_deref());
        let total = record.partner_cost.and_then(|cost| cost.checked_mul(command.quantity));
        let period = record.billing_term.as_ref().and_then(|term| map::term::billing_cycle(term).period());
        plan.cost = total.map(|total| {
            let price = Price::new(total, currency).flat();
            match period {
                Some(period) => price.every(period),
                None => price,
            }
        });
        if plan.cost.is_some() {
            plan.warnings
                .push("the cost is the present one per unit times the quantity; bands may differ".to_owned());
        }
        Ok(plan)
    }

    async fn plan_cancel(&self, command: &CancelSubscription, budget: &Budget) -> Result<Plan> {
        let id = command.subscription.as_str();
        let record = self.client.subscriptions().with(budget.quiet_call()).get(id).await?;
        let at = match command.effective {
            Effective::Now => "now".to_owned(),
            _ => self.cancel_moment(command, budget).await?.to_rfc3339(),
        };
        let status = record.status.as_ref().map(ToString::to_string);
        let mut plan = Plan::new(Fidelity::Simulated);
        plan.changes.push(Change::new(
            format!("subscription {id}: status"),
            status,
            Some(format!("Cancelled ({at})")),
        ));
        plan.warnings.push("a cancellation is final: Pax8's API has no way back".to_owned());
        if let Some(terms) = self.commitment_of(&record, budget).await? {
            if terms.allow_for_early_cancellation == Some(false) {
                plan.warnings.push("the commitment does not allow to cancel before it ends".to_owned());
            }
            if terms.cancellation_fee_applied == Some(true) {
                plan.warnings.push("cancelling costs a fee".to_owned());
            }
        }
        Ok(plan)
    }

    /// What the commitment of a subscription allows, where it has one.
    async fn commitment_of(&self, record: &Subscription, budget: &Budget) -> Result<Option<Commitment>> {
        let id = record.commitment().and_then(|commitment| commitment.id.clone());
        let (Some(id), Some(product)) = (id, &record.product_id) else { return Ok(None) };
        let all = self.dependencies(product, budget).await?.commitment_dependencies;
        Ok(all.into_iter().find(|commitment| commitment.id == id))
    }
}
