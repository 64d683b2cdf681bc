//! Reconciliation of customers, judged by their records.

use provider_core::receipt::Judgement;
use provider_core::{Attempt, CreateCustomer, Outcome, Receipt, Reconciliation, Result, UpdateCustomer};
use provider_http::OperationContext;

use super::settling::{SKEW, absent};
use crate::api::{CustomerFilter, TokenPage};
use crate::model::{self, CustomerStatus, CustomerWrite};
use crate::provider::context::Context;
use crate::provider::page::TokenWalk;
use crate::provider::write::baseline::{CUSTOMERS, PAGE, UPDATED, is_by_email};
use crate::provider::write::prepare::customer;
use crate::provider::write::send::Send;

/// An e-mail address belongs to one customer on the whole platform, so it tells whether this one exists.
pub(super) async fn created(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
    command: &CreateCustomer,
) -> Result<Reconciliation> {
    let prepared = customer::create(cx, command)?;
    let Send::Create(body) = prepared.send else {
        return Ok(Reconciliation::undetermined("the command makes no customer"));
    };
    // A search that finds nothing is answered without a list, and so may be an answer that went wrong. So the
    // customer is looked for by its address, in both statuses, and then among all customers, of whom there are some:
    // a status that this version does not know is found by no filter.
    for status in [CustomerStatus::Active, CustomerStatus::Inactive] {
        let filter = CustomerFilter::default().status(status).email(&body.customer_email);
        if let Some(judged) = customer_by_email(cx, op, attempt, &body, &filter, false).await? {
            return Ok(judged);
        }
    }
    let all = CustomerFilter::default();
    match customer_by_email(cx, op, attempt, &body, &all, true).await? {
        Some(judged) => Ok(judged),
        None => Ok(absent(cx, attempt, "no customer has the e-mail address")),
    }
}

/// What a customer with the e-mail address in a list says, if one is there.
async fn customer_by_email(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
    body: &CustomerWrite,
    filter: &CustomerFilter,
    told: bool,
) -> Result<Option<Reconciliation>> {
    let mut page = TokenPage::first(PAGE);
    let mut walk = TokenWalk::over("customers");
    loop {
        let mut listed = cx.client.customers().with(op).list(filter.clone().page(page.clone())).await?;
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
            return Ok(Some(judged(customer, body, attempt)));
        }
        walk.page(&listed, model::Customer::id)?;
        match listed.next {
            Some(next) if page.token.as_ref() != Some(&next) => page = TokenPage::at(PAGE, next),
            Some(_) => return Ok(Some(Reconciliation::undetermined("the list of customers repeats itself"))),
            None => return Ok(None),
        }
    }
}

fn judged(customer: &model::Customer, body: &CustomerWrite, attempt: &Attempt) -> Reconciliation {
    let same = customer.customer_organization.as_deref().map(str::trim) == Some(&body.customer_organization);
    let known = attempt.baseline.as_ref().and_then(|baseline| baseline.state.get(CUSTOMERS)?.as_array());
    let was_there = match (known, customer.id(), customer.create_time) {
        (Some(known), Some(id), _) => Some(known.iter().any(|one| one.as_str() == Some(id.as_str()))),
        // Attempts of before know the time only.
        (None, _, Some(at)) => Some(at < attempt.started_at - SKEW),
        _ => None,
    };
    // The baseline was looked for in the known states alone.
    let known_state = matches!(
        customer.customer_status,
        None | Some(CustomerStatus::Active | CustomerStatus::Inactive | CustomerStatus::Unspecified)
    );
    match (customer.id(), was_there.filter(|was_there| *was_there || known_state)) {
        // The address was taken before, so the platform refused.
        (_, Some(true)) => Reconciliation::NotApplied,
        (Some(id), Some(false)) if same => Reconciliation::Applied(
            Receipt::new(Outcome::Applied).with_customer(id.as_str()).judged_by(Judgement::Comparison),
        ),
        _ => Reconciliation::undetermined("another customer has the e-mail address"),
    }
}

/// Judged by when the customer last changed, and by what it is.
pub(super) async fn updated(
    cx: &Context,
    op: &OperationContext,
    attempt: &Attempt,
    command: &UpdateCustomer,
) -> Result<Reconciliation> {
    let present = cx.client.customers().with(op.call().strict(true)).get(command.customer.as_str()).await?;
    let now = CustomerWrite::from(&present);
    let before = attempt.baseline.as_ref().and_then(|baseline| baseline.state.get(UPDATED)?.as_str());
    let unchanged = before.is_some() && before == present.update_time.map(|at| at.to_rfc3339()).as_deref();
    if unchanged {
        return Ok(absent(cx, attempt, "the customer has not changed"));
    }
    if customer::merged(&now, command)? == now {
        let receipt = Receipt::new(Outcome::Applied).with_customer(command.customer.clone());
        return Ok(Reconciliation::Applied(receipt.judged_by(Judgement::Comparison)));
    }
    Ok(Reconciliation::undetermined("the customer has changed since, and is not as the command wanted it"))
}
