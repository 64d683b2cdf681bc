//! The vendor's agreement, which a customer accepts before anything is ordered for it.

use provider_core::command::Consent;
use provider_core::{CustomerId, ErrorKind, RecordConsent, Result};

use super::prepared::{Prepared, made};
use crate::model::{AgreementTypeConsent, ServiceAccountAgreement};
use crate::provider::context::refusal::number;
use crate::provider::context::{Context, organizations};
use crate::provider::write::send::call::Send;
use crate::wire::Listed;

pub(super) async fn record(cx: &Context, command: &RecordConsent) -> Result<Prepared> {
    let id = own_customer(cx, &command.customer).await?;
    let mut plan = made(&format!("customer {id}: consent"), &command.consent.email);
    match accepted(cx, id).await {
        Ok(known) if !known.is_empty() => {
            plan.warnings.push("the customer has accepted the agreement already".to_owned());
        }
        // Whoever may record an agreement need not be allowed to read those that were recorded.
        Err(error) if error.kind() != ErrorKind::PermissionDenied => return Err(error),
        _ => {}
    }
    let (customer, agreement) = (command.customer.clone(), recorded(&command.consent));
    Ok(Prepared { plan, send: Send::Consent { customer, id, agreement } })
}

/// The number of a customer that this connection may change.
async fn own_customer(cx: &Context, id: &CustomerId) -> Result<i64> {
    let number = number("customer", id)?;
    if cx.settings.organization.is_some() {
        let tenant = cx.client.customer_tenants().get(number).await?;
        organizations::within(cx, "customer", tenant.organization.map(|organization| organization.id))?;
    }
    Ok(number)
}

/// The Microsoft Customer Agreements that a customer has accepted.
pub(in crate::provider::write) async fn accepted(
    cx: &Context,
    tenant: i64,
) -> Result<Listed<ServiceAccountAgreement>> {
    let kind = AgreementTypeConsent::MicrosoftCustomerAgreement;
    cx.client.customer_tenants().agreements(tenant, Some(kind)).await
}

/// The Microsoft Customer Agreement, as it is recorded.
pub(super) fn recorded(consent: &Consent) -> ServiceAccountAgreement {
    ServiceAccountAgreement {
        first_name: Some(consent.first_name.clone()),
        last_name: Some(consent.last_name.clone()),
        phone_number: consent.phone.clone(),
        email: Some(consent.email.clone()),
        date_agreed: Some(consent.agreed_at),
        agreement_type: Some(AgreementTypeConsent::MicrosoftCustomerAgreement),
    }
}
