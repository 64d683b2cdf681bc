//! Customers.

use provider_core::model::{CustomerStatus, Detail};
use provider_core::{Customer, CustomerId, CustomerQuery, Error, ErrorKind, Page, PageRequest, Result};
use provider_http::OperationContext;

use super::context::Context;
use super::page;
use crate::api::CustomerFilter;
use crate::{map, model};

pub(super) async fn list(
    cx: &Context,
    op: &OperationContext,
    query: &CustomerQuery,
    page: &PageRequest,
) -> Result<Page<Customer>> {
    // Contacts are part of every record, so asking for them costs nothing.
    query.only(&["status", "with_contacts"])?;
    let asked = page::token(cx.info(), query, page)?;
    let status = match &query.status {
        None => None,
        Some(CustomerStatus::Active) => Some(model::CustomerStatus::Active),
        Some(CustomerStatus::Inactive) => Some(model::CustomerStatus::Inactive),
        Some(_) => {
            return Err(Error::invalid_input("status", "ION knows active and inactive customers only"));
        }
    };
    let filter = CustomerFilter { status, ..CustomerFilter::default() };
    let customers = cx.client.customers().with(op);
    let answer = customers.answer(&filter, &asked).await?;
    page::tell_next(cx.info(), query, page, &asked, &answer).await;
    let map = |wire, raw| map::customer::customer(&wire, Detail::Summary, raw);
    let listed = customers.read_as(&answer, map)?;
    Ok(page::token_page(cx.info(), query, &asked, listed))
}

/// The record, and the tenants that only its cloud profiles name.
pub(super) async fn get(cx: &Context, op: &OperationContext, id: &CustomerId) -> Result<Customer> {
    let mut customer = cx
        .client
        .customers()
        .with(op)
        .get_as(id.as_str(), |wire, raw| map::customer::customer(&wire, Detail::Full, raw))
        .await?;
    match cx.client.customers().with(op.quiet()).cloud_profiles(id.as_str(), None, None).await {
        Ok(profiles) => customer.tenants = map::customer::tenants(&profiles),
        // A role without the right to see profiles sees customers without tenants, every time alike.
        Err(error) if is_refused(&error) => {}
        Err(error) => return Err(error),
    }
    Ok(customer)
}

fn is_refused(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::InvalidInput | ErrorKind::Unsupported
    )
}
