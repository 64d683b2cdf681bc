//! Did it happen? Orders are found by their reference; customers and cancellations are judged by state.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use provider_core::{
    Attempt, Baseline, CancelOrder, Command, CreateCustomer, CustomerId, Error, ErrorKind, LineOutcome,
    LineReceipt, Outcome, ReadOptions, Receipt, Reconciliation, Result, SubscriptionId, UpdateCustomer,
};
use serde_json::json;

use super::evidence::{self, Found};
use super::{customers, reference, subscriptions, writes};
use crate::api::{CustomerFilter, TokenPage};
use crate::client::StreamOneClient;
use crate::map;
use crate::model::{self, CustomerStatus, CustomerWrite, OrderStatus};

/// What was sent may still arrive for so long after an attempt began: the longest call, and some.
const SETTLING: Duration = Duration::from_secs(5 * 60);
/// Clocks differ.
const SKEW: TimeDelta = TimeDelta::minutes(5);
const PAGE: u32 = 200;

/// What to remember before sending: of a customer when it last changed, of an order, which carries the key
/// itself, the orders that any later list must still hold.
pub(super) async fn baseline(client: &StreamOneClient, command: &Command) -> Result<Option<Baseline>> {
    let customer = match command {
        Command::UpdateCustomer(update) => {
            let present = client.customers().get(update.customer.as_str()).await?;
            let state = json!({ "updated": present.update_time.map(|at| at.to_rfc3339()) });
            return Ok(Some(Baseline::new(client.clock().now(), state)));
        }
        Command::PlaceOrder(place) => Ok(place.order.customer.clone()),
        Command::ChangeQuantity(change) => writes::customer_of(&change.subscription),
        Command::ChangeRenewal(change) => writes::customer_of(&change.subscription),
        Command::Suspend(suspend) => writes::customer_of(&suspend.subscription),
        Command::Resume(resume) => writes::customer_of(&resume.subscription),
        Command::CancelSubscription(cancel) => writes::customer_of(&cancel.subscription),
        _ => return Ok(None),
    };
    match customer {
        Ok(customer) => evidence::before(client, &customer).await,
        // The preparation refuses the id, and says why.
        Err(_) => Ok(None),
    }
}

pub(super) async fn reconcile(client: &StreamOneClient, attempt: &Attempt) -> Result<Reconciliation> {
    if attempt.connection != client.info().connection {
        return Err(Error::new(
            ErrorKind::Refused,
            format!("the attempt belongs to the connection `{}`", attempt.connection),
        ));
    }
    match &attempt.command {
        Command::PlaceOrder(place) => {
            let sought = Sought { customer: place.order.customer.clone(), subscription: None };
            sought.find(client, attempt, place.order.reference.as_deref()).await
        }
        Command::ChangeQuantity(change) => changed(client, attempt, &change.subscription).await,
        Command::ChangeRenewal(change) => changed(client, attempt, &change.subscription).await,
        Command::Suspend(suspend) => changed(client, attempt, &suspend.subscription).await,
        Command::Resume(resume) => changed(client, attempt, &resume.subscription).await,
        Command::CancelSubscription(cancel) => changed(client, attempt, &cancel.subscription).await,
        Command::CreateCustomer(create) => created(client, attempt, create).await,
        Command::UpdateCustomer(update) => updated(client, attempt, update).await,
        Command::CancelOrder(cancel) => cancelled(client, attempt, cancel).await,
        _ => Ok(Reconciliation::undetermined("this provider does not carry out such a command")),
    }
}

async fn changed(
    client: &StreamOneClient,
    attempt: &Attempt,
    subscription: &SubscriptionId,
) -> Result<Reconciliation> {
    let customer = writes::customer_of(subscription)?;
    Sought { customer, subscription: Some(subscription.clone()) }.find(client, attempt, None).await
}

/// `NotApplied` once nothing of the attempt can still arrive.
fn absent(client: &StreamOneClient, attempt: &Attempt, what: &str) -> Reconciliation {
    let passed = (client.clock().now() - attempt.started_at).to_std().unwrap_or_default();
    match SETTLING.checked_sub(passed) {
        Some(rest) if !rest.is_zero() => {
            Reconciliation::undetermined_until(format!("{what}, but it may still arrive"), rest)
        }
        _ => Reconciliation::NotApplied,
    }
}

/// The order of an attempt.
struct Sought {
    customer: CustomerId,
    subscription: Option<SubscriptionId>,
}

impl Sought {
    async fn find(
        self,
        client: &StreamOneClient,
        attempt: &Attempt,
        given: Option<&str>,
    ) -> Result<Reconciliation> {
        let sought = reference::of(&attempt.key, given);
        match evidence::look(client, &self.customer, attempt, &sought, came_to_nothing).await? {
            Found::Live(order) => self.applied(client, &order).await,
            // A dead order under the key says nothing of one that is still on its way.
            Found::Absent(what) => Ok(absent(client, attempt, what)),
            Found::Undetermined(undetermined) => Ok(undetermined),
        }
    }

    async fn applied(&self, client: &StreamOneClient, order: &model::Order) -> Result<Reconciliation> {
        let mut receipt = writes::taken(order, self.customer.clone(), self.subscription.as_ref());
        for (line, item) in receipt.lines.iter_mut().zip(&order.order_items) {
            let resource = item.resource_id.as_deref().filter(|_| line.subscription.is_none());
            if let (Some(resource), LineOutcome::Applied) = (resource, line.outcome) {
                let options = ReadOptions::default();
                line.subscription =
                    subscriptions::canonical(client, &self.customer, resource, &options).await?;
            }
        }
        Ok(Reconciliation::Applied(receipt))
    }
}

/// Failed or cancelled with no item carried out.
fn came_to_nothing(order: &model::Order) -> bool {
    let ended = matches!(order.status, Some(OrderStatus::Error | OrderStatus::Canceled));
    ended && !map::order::receipts(order).iter().any(|line| line.outcome == LineOutcome::Applied)
}

/// An e-mail address belongs to one customer on the whole platform, so it tells whether this one exists.
async fn created(
    client: &StreamOneClient,
    attempt: &Attempt,
    command: &CreateCustomer,
) -> Result<Reconciliation> {
    let prepared = customers::create(client, command)?;
    let writes::Send::Create(body) = prepared.send else {
        return Ok(Reconciliation::undetermined("the command makes no customer"));
    };
    // A search that finds nothing is answered without a list, and so may an odd answer be. So it is looked
    // for by its address, in both states, and then among all active customers, of whom there are some.
    for status in [CustomerStatus::Active, CustomerStatus::Inactive] {
        let filter = CustomerFilter::default().status(status).email(&body.customer_email);
        if let Some(judged) = customer_by_email(client, attempt, &body, &filter, false).await? {
            return Ok(judged);
        }
    }
    let all = CustomerFilter::default().status(CustomerStatus::Active);
    match customer_by_email(client, attempt, &body, &all, true).await? {
        Some(judged) => Ok(judged),
        None => Ok(absent(client, attempt, "no customer has the e-mail address")),
    }
}

/// What a customer with the e-mail address in a list says, if one is there.
async fn customer_by_email(
    client: &StreamOneClient,
    attempt: &Attempt,
    body: &CustomerWrite,
    filter: &CustomerFilter,
    told: bool,
) -> Result<Option<Reconciliation>> {
    let mut page = TokenPage::first(PAGE);
    loop {
        let mut listed = client.customers().list(filter, &page).await?;
        if told {
            listed = listed.with_its_list("customers")?;
        }
        if let Some(error) = listed.items.iter().find_map(|item| item.as_ref().err()) {
            return Ok(Some(Reconciliation::undetermined(format!(
                "a customer cannot be read, and may be the one sought ({error})"
            ))));
        }
        if let Some(customer) = listed.records().find(|customer| is_by_email(customer, &body.customer_email))
        {
            return Ok(Some(judged(customer, body, attempt.started_at)));
        }
        match listed.next {
            Some(next) if page.token.as_ref() != Some(&next) => page = TokenPage::at(PAGE, next),
            Some(_) => return Ok(Some(Reconciliation::undetermined("the list of customers repeats itself"))),
            None => return Ok(None),
        }
    }
}

fn is_by_email(customer: &model::Customer, email: &str) -> bool {
    customer.customer_email.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(email))
}

fn judged(customer: &model::Customer, body: &CustomerWrite, started_at: DateTime<Utc>) -> Reconciliation {
    let same = customer.customer_organization.as_deref().map(str::trim) == Some(&body.customer_organization);
    match (customer.id(), customer.create_time) {
        (Some(id), Some(at)) if same && at >= started_at - SKEW => {
            Reconciliation::Applied(Receipt::new(Outcome::Applied).with_customer(id.as_str()))
        }
        // The address was taken before, so the platform refused.
        (_, Some(at)) if at < started_at - SKEW => Reconciliation::NotApplied,
        _ => Reconciliation::undetermined("another customer has the e-mail address"),
    }
}

async fn updated(
    client: &StreamOneClient,
    attempt: &Attempt,
    command: &UpdateCustomer,
) -> Result<Reconciliation> {
    let present = client.customers().get(command.customer.as_str()).await?;
    let now = CustomerWrite::from(&present);
    let before = attempt.baseline.as_ref().and_then(|baseline| baseline.state.get("updated")?.as_str());
    let unchanged = before.is_some() && before == present.update_time.map(|at| at.to_rfc3339()).as_deref();
    if unchanged {
        return Ok(absent(client, attempt, "the customer has not changed"));
    }
    if customers::merged(&now, command)? == now {
        let receipt = Receipt::new(Outcome::Applied).with_customer(command.customer.clone());
        return Ok(Reconciliation::Applied(receipt));
    }
    Ok(Reconciliation::undetermined("the customer has changed since, and is not as the command wanted it"))
}

async fn cancelled(
    client: &StreamOneClient,
    attempt: &Attempt,
    command: &CancelOrder,
) -> Result<Reconciliation> {
    let customer = command.customer.as_ref().map(CustomerId::as_str);
    let order = client.orders().get(customer, command.order.own()).await?;
    Ok(match &order.status {
        Some(OrderStatus::Canceled) => {
            let mut line = LineReceipt::new(0, LineOutcome::Applied);
            line.order = Some(command.order.clone());
            let receipt = Receipt::new(Outcome::Applied).with_line(line);
            Reconciliation::Applied(match order.customer() {
                Some(customer) => receipt.with_customer(customer.as_str()),
                None => receipt,
            })
        }
        Some(status) if status.is_final() => Reconciliation::NotApplied,
        _ => absent(client, attempt, "the order is not cancelled"),
    })
}
