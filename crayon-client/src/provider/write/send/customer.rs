//! Customers that are made or taken over.

use provider_core::error::Violation;
use provider_core::receipt::{Credentials, LineOutcome, LineReceipt};
use provider_core::{Error, ErrorKind, Outcome, Receipt, Result};

use super::outcome::{of_step, undecided};
use crate::config::KIND;
use crate::model::{CustomerTenantDetailed, ServiceAccountAgreement};
use crate::provider::context::Context;

pub(super) async fn create(
    cx: &Context,
    tenant: &CustomerTenantDetailed,
    consent: Option<ServiceAccountAgreement>,
) -> Result<Receipt> {
    let tenants = cx.client.customer_tenants();
    let created = match &tenant.user {
        None => tenants.create_without_user(tenant).await?,
        Some(_) => tenants.create(tenant).await?,
    };
    let (id, mut receipt) = receipt_for(&created)?;
    if let Some(user) = created.user
        && let (Some(name), Some(password)) = (user.user_name, user.password)
    {
        receipt.credentials = Some(Credentials::new(name, password.into_secret()));
    }
    // Whether the agreement that is sent along counts is not documented, so it is recorded as well, by a
    // request of its own.
    let cx = cx.step(1);
    if let Some(agreement) = consent
        && let Err(error) = consented(&cx, id, &agreement).await
    {
        receipt = without_consent(receipt, of_step(&error), error.message());
    }
    Ok(receipt)
}

/// Records an agreement. The answer repeats who accepted it.
pub(super) async fn consented(cx: &Context, id: i64, agreement: &ServiceAccountAgreement) -> Result<()> {
    let recorded = cx.client.customer_tenants().record_agreement(id, agreement).await?;
    let (found, wanted) = (recorded.email.as_deref(), agreement.email.as_deref().unwrap_or_default());
    if found.is_some_and(|found| found.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    Err(undecided("the agreement"))
}

pub(super) async fn attach(cx: &Context, tenant: &CustomerTenantDetailed) -> Result<Receipt> {
    let attached = cx.client.customer_tenants().attach(None, tenant).await?;
    receipt_for(&attached).map(|(_, receipt)| receipt)
}

fn receipt_for(record: &CustomerTenantDetailed) -> Result<(i64, Receipt)> {
    match record.tenant.as_ref().map(|tenant| tenant.id).filter(|id| *id > 0) {
        Some(id) => Ok((id, Receipt::new(Outcome::Applied).with_customer(id.to_string()))),
        None => Err(Error::new(ErrorKind::Decode, "the answer does not say which tenant was made")
            .with_provider(KIND)),
    }
}

/// A customer that was made, and whose consent was not recorded with it.
pub(in crate::provider::write) fn without_consent(
    receipt: Receipt,
    outcome: LineOutcome,
    why: &str,
) -> Receipt {
    let mut line = LineReceipt::new(1, outcome);
    line.violations.push(Violation::new("consent", why));
    let mut receipt = receipt.with_line(LineReceipt::new(0, LineOutcome::Applied)).with_line(line);
    receipt.outcome = Outcome::Partial;
    receipt
}
