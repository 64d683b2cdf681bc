//! Customers: companies and, on request, their contacts.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use provider_core::model::{Contact, Detail};
use provider_core::{Customer, CustomerId, CustomerQuery, Error, ErrorKind, Page, PageRequest, Result};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::CompanyFilter;
use crate::map;
use crate::model;

/// Records of a page unless the caller says otherwise.
const PAGE: u32 = 200;
/// With contacts each record takes a call more.
const PAGE_WITH_CONTACTS: u32 = 50;
const MOST_WITH_CONTACTS: u32 = 100;
/// How many of those calls are under way at once; the rate limiter decides when each goes.
const AT_ONCE: usize = 16;

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &CustomerQuery,
    request: &PageRequest,
) -> Result<Page<Customer>> {
    query.only(&["status", "name", "external_id", "with_contacts"])?;
    let mut filter = CompanyFilter::default();
    if let Some(status) = &query.status {
        match map::customer::status_filter(status) {
            Some(status) => filter.status = Some(status),
            // A state that is not in the reference is looked for below: Pax8 may refuse to filter by it.
            None if matches!(status, provider_core::model::CustomerStatus::Other(_)) => {}
            None => return Ok(Page::empty()),
        }
    }
    let (size, most) =
        if query.with_contacts { (PAGE_WITH_CONTACTS, MOST_WITH_CONTACTS) } else { (PAGE, PAGE) };
    let asked = page::asked_at_most(&cx.info, query, request, size, most)?;
    let listed = cx
        .client
        .companies()
        .with(op)
        .list_as(&filter, asked, |company, raw| map::customer::customer(company, raw, Detail::Summary))
        .await?;
    // Pax8 searches neither by name nor by the partner's key.
    let mut page = page::of(&cx.info, query, asked, listed).keep(|customer| {
        query.status.as_ref().is_none_or(|status| customer.status.as_ref() == Some(status))
            && query.name.as_ref().is_none_or(|name| customer.name == *name)
            && query.external_id.as_ref().is_none_or(|id| customer.external_id.as_ref() == Some(id))
    });
    if query.with_contacts {
        add_contacts(cx, op, &mut page).await?;
    }
    Ok(page)
}

async fn add_contacts(cx: &Context, op: &OperationContext, listed: &mut Page<Customer>) -> Result<()> {
    let ids: Vec<CustomerId> = listed.records().map(|customer| customer.id.clone()).collect();
    let found: Vec<Result<Vec<Contact>>> = stream::iter(ids)
        .map(|id| async move { page::one_among_others(contacts_of(cx, op, id.as_str()).await, |_| false) })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let found = page::unless_all_are_refused(found)?;
    for (item, contacts) in listed.items.iter_mut().filter(|item| item.is_ok()).zip(found) {
        let Ok(customer) = item else { continue };
        match contacts {
            Ok(contacts) => customer.contacts = contacts,
            Err(error) => {
                let raw = customer.raw.take();
                *item = Err(page::untold(
                    "contacts",
                    "the contacts of company",
                    customer.id.as_str(),
                    &error,
                    raw,
                ));
            }
        }
    }
    Ok(())
}

pub(super) async fn get(cx: &Context, op: &OperationContext, id: &CustomerId) -> Result<Customer> {
    let companies = cx.client.companies().with(op);
    let (customer, contacts) = futures_util::join!(
        companies.get_as(id.as_str(), |company, raw| map::customer::customer(company, raw, Detail::Full)),
        contacts_of(cx, op, id.as_str()),
    );
    let mut customer = customer?;
    customer.contacts = contacts?;
    Ok(customer)
}

/// All contacts; none for a company whose contacts are gone with it.
pub(super) async fn contacts_of(cx: &Context, op: &OperationContext, company: &str) -> Result<Vec<Contact>> {
    match wire_contacts(cx, op, company, false).await {
        Ok(contacts) => Ok(contacts.into_iter().map(map::customer::contact).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// `strict` fails on a contact that cannot be read, for those who write what they have read.
pub(super) async fn wire_contacts(
    cx: &Context,
    op: &OperationContext,
    company: &str,
    strict: bool,
) -> Result<Vec<model::Contact>> {
    page::every_record("contacts", |at| async move {
        cx.client.contacts().with(op.quiet().call().strict(strict)).list(company, at).await
    })
    .await
}

/// Every contact of a company, by its id, for those who judge by them.
pub(super) async fn all_contacts(
    cx: &Context,
    op: &OperationContext,
    company: &str,
) -> Result<BTreeMap<String, model::Contact>> {
    page::whole(
        "contacts",
        |contact: &model::Contact| contact.id.as_deref(),
        |at| async move { cx.client.contacts().with(op.quiet().call().strict(true)).list(company, at).await },
    )
    .await
}

/// The company as it is now, for those who compare.
pub(super) async fn record(cx: &Context, op: &OperationContext, id: &CustomerId) -> Result<model::Company> {
    let record = cx.client.companies().with(op.quiet()).get(id.as_str()).await?;
    if record.id.eq_ignore_ascii_case(id.as_str()) {
        return Ok(record);
    }
    let message = format!("the answer is not company {id}, which was asked for");
    Err(Error::new(ErrorKind::Decode, message).for_read())
}
