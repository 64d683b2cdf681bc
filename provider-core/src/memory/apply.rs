//! What each command does to the records.

use chrono::{DateTime, NaiveTime, Utc};
use rust_decimal::Decimal;

use super::state::State;
use crate::attempt::WriteOptions;
use crate::command::{
    CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CreateCustomer, Effective, PlaceOrder,
    UpdateCustomer,
};
use crate::error::{Error, ErrorKind, Result, Violation};
use crate::id::{CustomerId, OrderId, SubscriptionId};
use crate::model::{
    Customer, CustomerStatus, DistributorFlags, NewOrderLine, NextTerm, Order, OrderLine, OrderStatus,
    Parent, Subscription, SubscriptionProduct, SubscriptionStatus, Tenant,
};
use crate::patch::Patch;
use crate::receipt::{LineOutcome, LineReceipt, Outcome, Receipt};

fn not_found(what: &str, id: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no {what} `{id}`"))
}

fn merge_flags(into: &mut DistributorFlags, from: &DistributorFlags) {
    let set = |into: &mut Option<bool>, from: Option<bool>| *into = from.or(*into);
    set(&mut into.self_service_allowed, from.self_service_allowed);
    set(&mut into.bill_on_behalf_of, from.bill_on_behalf_of);
    set(&mut into.order_approval_required, from.order_approval_required);
}

impl State {
    /// Carries out a command, or says why not and leaves a state that must be thrown away.
    pub(super) fn apply(
        &mut self,
        command: &Command,
        options: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Receipt> {
        let receipt = match command {
            Command::CreateCustomer(c) => self.create_customer(c, now),
            Command::UpdateCustomer(c) => self.update_customer(c, now),
            Command::AttachCustomer(c) => {
                let name = c.name.clone().unwrap_or_else(|| c.tenant_id.clone());
                let taken = self
                    .customers
                    .iter()
                    .any(|known| known.tenants.iter().any(|t| t.tenant_id.as_ref() == Some(&c.tenant_id)));
                if taken {
                    return Err(Error::new(ErrorKind::AlreadyExists, "this tenant is attached already"));
                }
                let mut create = CreateCustomer::new(name);
                create.organization.clone_from(&c.organization);
                create.invoice_profile.clone_from(&c.invoice_profile);
                let receipt = self.create_customer(&create, now)?;
                if let Some(customer) = self.customers.last_mut() {
                    let mut tenant = Tenant::new("memory");
                    tenant.tenant_id = Some(c.tenant_id.clone());
                    tenant.domain.clone_from(&c.domain);
                    customer.tenants.push(tenant);
                }
                Ok(receipt)
            }
            Command::RecordConsent(c) => {
                let id = self.customer(&c.customer)?.id.clone();
                self.consents.insert(id.clone());
                Ok(Receipt::new(Outcome::Applied).with_customer(id))
            }
            Command::PlaceOrder(c) => self.place_order(c, now),
            Command::CancelOrder(c) => self.cancel_order(&c.order, now),
            Command::ChangeQuantity(c) => self.change_quantity(c, now),
            Command::ChangeRenewal(c) => self.change_renewal(c, now),
            Command::Suspend(c) => self.set_status(
                &c.subscription,
                &[SubscriptionStatus::Active, SubscriptionStatus::Trial],
                SubscriptionStatus::Suspended,
                now,
            ),
            Command::Resume(c) => self.set_status(
                &c.subscription,
                &[SubscriptionStatus::Suspended],
                SubscriptionStatus::Active,
                now,
            ),
            Command::CancelSubscription(c) => self.cancel_subscription(c, now),
        }?;
        self.carried_out.insert(options.key.clone(), receipt.clone());
        Ok(receipt)
    }

    fn customer(&mut self, id: &CustomerId) -> Result<&mut Customer> {
        self.customers.iter_mut().find(|c| c.id == *id).ok_or_else(|| not_found("customer", id))
    }

    fn subscription(&mut self, id: &SubscriptionId) -> Result<&mut Subscription> {
        self.subscriptions.iter_mut().find(|s| s.id == *id).ok_or_else(|| not_found("subscription", id))
    }

    fn create_customer(&mut self, c: &CreateCustomer, now: DateTime<Utc>) -> Result<Receipt> {
        if c.name.trim().is_empty() {
            return Err(Error::invalid_input("name", "is missing"));
        }
        if c.external_id.is_some() && self.customers.iter().any(|known| known.external_id == c.external_id) {
            return Err(Error::new(ErrorKind::AlreadyExists, "a customer with this external id exists"));
        }
        let mut customer = Customer::new(self.new_id("customer"), &*c.name);
        customer.status = Some(CustomerStatus::Active);
        customer.external_id.clone_from(&c.external_id);
        customer.organization.clone_from(&c.organization);
        customer.contacts.clone_from(&c.contacts);
        customer.address.clone_from(&c.address);
        customer.phone.clone_from(&c.phone);
        customer.website.clone_from(&c.website);
        customer.registration_number.clone_from(&c.registration_number);
        customer.invoice_profile.clone_from(&c.invoice_profile);
        customer.flags = c.flags.clone();
        if let Some(domain) = &c.domain {
            let mut tenant = Tenant::new("memory");
            tenant.domain = Some(domain.clone());
            customer.tenants.push(tenant);
        }
        customer.created_at = Some(now);
        customer.updated_at = Some(now);
        let id = customer.id.clone();
        if c.consent.is_some() {
            self.consents.insert(id.clone());
        }
        self.customers.push(customer);
        Ok(Receipt::new(Outcome::Applied).with_customer(id))
    }

    fn update_customer(&mut self, c: &UpdateCustomer, now: DateTime<Utc>) -> Result<Receipt> {
        let customer = self.customer(&c.customer)?;
        match &c.name {
            Patch::Keep => {}
            Patch::Set(name) if !name.trim().is_empty() => customer.name.clone_from(name),
            Patch::Set(_) | Patch::Clear => return Err(Error::invalid_input("name", "cannot be empty")),
        }
        c.external_id.clone().apply_to(&mut customer.external_id);
        c.address.clone().apply_to(&mut customer.address);
        c.phone.clone().apply_to(&mut customer.phone);
        c.website.clone().apply_to(&mut customer.website);
        c.registration_number.clone().apply_to(&mut customer.registration_number);
        c.invoice_profile.clone().apply_to(&mut customer.invoice_profile);
        match &c.contacts {
            Patch::Keep => {}
            Patch::Clear => customer.contacts.clear(),
            Patch::Set(contacts) => customer.contacts.clone_from(contacts),
        }
        merge_flags(&mut customer.flags, &c.flags);
        customer.updated_at = Some(now);
        Ok(Receipt::new(Outcome::Applied).with_customer(&c.customer))
    }

    fn check_line(&self, c: &PlaceOrder, index: usize, line: &NewOrderLine) -> Vec<Violation> {
        let field = |name: &str| format!("lines[{index}].{name}");
        let mut violations = Vec::new();
        if line.quantity <= Decimal::ZERO {
            violations.push(Violation::new(field("quantity"), "must be more than 0"));
        }
        match self.products.iter().find(|p| p.id == line.product) {
            None => violations.push(Violation::new(field("product"), "is not known")),
            Some(product) if product.offers.is_empty() && line.offer.is_none() => {}
            Some(_) => match self.offer(&line.product, line.offer.as_ref()) {
                None => violations.push(Violation::new(field("offer"), "name one of the product's offers")),
                Some(offer) => {
                    if offer.min_quantity.is_some_and(|min| line.quantity < min)
                        || offer.max_quantity.is_some_and(|max| line.quantity > max)
                    {
                        violations.push(Violation::new(field("quantity"), "is outside the offer's range"));
                    }
                }
            },
        }
        let parent_known = match &line.parent {
            None => true,
            Some(Parent::Subscription(id)) => self.subscriptions.iter().any(|s| s.id == *id),
            Some(Parent::Line(at)) => *at < c.order.lines.len() && *at != index,
        };
        if !parent_known {
            violations.push(Violation::new(field("parent"), "is not known"));
        }
        violations
    }

    fn place_order(&mut self, c: &PlaceOrder, now: DateTime<Utc>) -> Result<Receipt> {
        let new = &c.order;
        let customer = self.customer(&new.customer)?;
        if customer.status.as_ref().is_some_and(|status| *status != CustomerStatus::Active) {
            return Err(Error::new(ErrorKind::PreconditionFailed, "the customer is not active"));
        }
        if new.lines.is_empty() {
            return Err(Error::invalid_input("lines", "an order needs at least one line"));
        }
        let violations: Vec<_> =
            new.lines.iter().enumerate().flat_map(|(at, line)| self.check_line(c, at, line)).collect();
        if !violations.is_empty() {
            return Err(
                Error::new(ErrorKind::InvalidInput, "the order is not valid").with_violations(violations)
            );
        }
        let mut order = Order::new(self.new_id("order"), &new.customer);
        order.reference.clone_from(&new.reference);
        order.status = OrderStatus::Completed;
        order.created_at = Some(now);
        order.updated_at = Some(now);
        let ids: Vec<SubscriptionId> =
            new.lines.iter().map(|_| SubscriptionId::from(self.new_id("subscription"))).collect();
        let mut receipt = Receipt::new(Outcome::Applied).with_customer(&new.customer);
        for (at, (line, id)) in new.lines.iter().zip(&ids).enumerate() {
            self.subscriptions.push(self.subscribed(c, line, id, &ids, now));
            let mut placed = OrderLine::new(line.quantity);
            placed.product = Some(line.product.clone());
            placed.offer.clone_from(&line.offer);
            placed.status = Some(OrderStatus::Completed);
            placed.subscription = Some(id.clone());
            order.lines.push(placed);
            let mut done = LineReceipt::new(at, LineOutcome::Applied);
            done.order = Some(order.id.clone());
            done.subscription = Some(id.clone());
            receipt = receipt.with_line(done);
        }
        self.orders.push(order);
        Ok(receipt)
    }

    fn subscribed(
        &self,
        c: &PlaceOrder,
        line: &NewOrderLine,
        id: &SubscriptionId,
        ids: &[SubscriptionId],
        now: DateTime<Utc>,
    ) -> Subscription {
        let product = self.products.iter().find(|p| p.id == line.product);
        let offer = self.offer(&line.product, line.offer.as_ref());
        let mut subscription = Subscription::new(id, &c.order.customer, line.quantity);
        let bought = SubscriptionProduct {
            id: Some(line.product.clone()),
            name: product.map(|p| p.name.clone()),
            sku: product.and_then(|p| p.sku.clone()),
            vendor: product.and_then(|p| p.vendor.clone()),
        };
        subscription.name.clone_from(&bought.name);
        subscription.product = bought;
        subscription.offer = offer.map(|o| o.id.clone());
        subscription.status = SubscriptionStatus::Active;
        subscription.billing_cycle =
            line.billing_cycle.clone().or_else(|| offer.and_then(|o| o.billing_cycle.clone()));
        subscription.commitment_term = line.commitment_term.or_else(|| offer.and_then(|o| o.commitment_term));
        subscription.cost = offer.and_then(|o| o.cost.clone());
        let starts = c.order.effective.map_or(now, |day| day.and_time(NaiveTime::MIN).and_utc());
        subscription.starts_at = Some(starts);
        subscription.commitment_ends_at = subscription.commitment_term.and_then(|term| term.after(starts));
        subscription.renews_at = subscription.commitment_ends_at;
        subscription.auto_renew = Some(true);
        subscription.parent = match &line.parent {
            Some(Parent::Subscription(parent)) => Some(parent.clone()),
            Some(Parent::Line(at)) => ids.get(*at).cloned(),
            None => None,
        };
        subscription.created_at = Some(now);
        subscription.updated_at = Some(now);
        subscription
    }

    fn cancel_order(&mut self, id: &OrderId, now: DateTime<Utc>) -> Result<Receipt> {
        let order = self.orders.iter_mut().find(|o| o.id == *id).ok_or_else(|| not_found("order", id))?;
        if !matches!(order.status, OrderStatus::Pending | OrderStatus::OnHold) {
            let message = format!("the order is {} and cannot be taken back", order.status);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        order.status = OrderStatus::Cancelled;
        order.updated_at = Some(now);
        let mut line = LineReceipt::new(0, LineOutcome::Applied);
        line.order = Some(id.clone());
        Ok(Receipt::new(Outcome::Applied).with_customer(&order.customer).with_line(line))
    }

    fn change_quantity(&mut self, c: &ChangeQuantity, now: DateTime<Utc>) -> Result<Receipt> {
        let subscription = self.subscription(&c.subscription)?;
        if let Some(expected) = c.expected.filter(|expected| Some(*expected) != subscription.quantity) {
            let found = subscription.quantity.map_or_else(|| "unknown".to_owned(), |q| q.to_string());
            let message = format!("the quantity is {found}, not {expected}");
            return Err(Error::new(ErrorKind::PreconditionFailed, message));
        }
        if c.quantity <= Decimal::ZERO {
            return Err(Error::invalid_input(
                "quantity",
                "must be more than 0; cancel the subscription instead",
            ));
        }
        if !subscription.status.is_live() {
            let message = format!("the subscription is {}", subscription.status);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let at_once = match c.effective {
            Effective::Now => true,
            Effective::TermEnd => false,
            Effective::On(day) => day <= now.date_naive(),
        };
        if at_once {
            subscription.quantity = Some(c.quantity);
        } else {
            subscription.next_term.get_or_insert_with(NextTerm::default).quantity = Some(c.quantity);
        }
        subscription.updated_at = Some(now);
        Ok(changed(subscription))
    }

    fn change_renewal(&mut self, c: &ChangeRenewal, now: DateTime<Utc>) -> Result<Receipt> {
        let subscription = self.subscription(&c.subscription)?;
        if !subscription.status.is_live() {
            let message = format!("the subscription is {}", subscription.status);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        subscription.auto_renew = c.auto_renew.or(subscription.auto_renew);
        let mut next = subscription.next_term.take().unwrap_or_default();
        c.quantity.apply_to(&mut next.quantity);
        c.commitment_term.apply_to(&mut next.commitment_term);
        c.billing_cycle.clone().apply_to(&mut next.billing_cycle);
        c.ends_at.apply_to(&mut next.ends_at);
        match &c.product {
            Patch::Keep => {}
            Patch::Clear => next.product = None,
            Patch::Set(id) => {
                next.product.get_or_insert_with(SubscriptionProduct::default).id = Some(id.clone());
            }
        }
        subscription.next_term = (next != NextTerm::default()).then_some(next);
        subscription.updated_at = Some(now);
        Ok(changed(subscription))
    }

    fn set_status(
        &mut self,
        id: &SubscriptionId,
        from: &[SubscriptionStatus],
        to: SubscriptionStatus,
        now: DateTime<Utc>,
    ) -> Result<Receipt> {
        let subscription = self.subscription(id)?;
        if !from.contains(&subscription.status) {
            let message = format!("the subscription is {}", subscription.status);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        subscription.status = to;
        subscription.updated_at = Some(now);
        Ok(changed(subscription))
    }

    fn cancel_subscription(&mut self, c: &CancelSubscription, now: DateTime<Utc>) -> Result<Receipt> {
        let subscription = self.subscription(&c.subscription)?;
        if !subscription.status.is_live() {
            let message = format!("the subscription is {}", subscription.status);
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        let ends = match c.effective {
            Effective::Now => now,
            Effective::TermEnd => subscription.renews_at.or(subscription.ends_at).unwrap_or(now),
            Effective::On(day) => day.and_time(NaiveTime::MIN).and_utc(),
        };
        subscription.status =
            if ends <= now { SubscriptionStatus::Cancelled } else { SubscriptionStatus::PendingCancellation };
        subscription.ends_at = Some(ends);
        subscription.auto_renew = Some(false);
        subscription.updated_at = Some(now);
        Ok(changed(subscription))
    }
}

fn changed(subscription: &Subscription) -> Receipt {
    let mut line = LineReceipt::new(0, LineOutcome::Applied);
    line.subscription = Some(subscription.id.clone());
    Receipt::new(Outcome::Applied).with_customer(&subscription.customer).with_line(line)
}
