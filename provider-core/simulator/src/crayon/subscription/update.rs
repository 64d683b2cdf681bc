//! Changing a subscription: a PUT of the whole record, with the vendor's rules.

use rust_decimal::Decimal;

use super::record::{ACTIVE, CUSTOMER_CANCELLATION, DELETED, SUSPENDED, Subscription};
use super::tags;
use crate::crayon::engine::call::{Answer, Outcome};
use crate::crayon::engine::dates;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::Json;
use crate::crayon::purchase;
use crate::crayon::state::{Call, State};

/// Members that a PUT cannot change: they may be left out, but not differ.
const FIXED: &[&str] =
    &["PublisherSubscriptionId", "TermDuration", "PartNumber", "OrderId", "ProvisionType", "IsTrial"];

/// `PUT subscriptions/{id}`: what the body leaves out is reset, so only a client that read the record first keeps it.
pub(crate) fn replace(call: &mut Call<'_>) -> Outcome {
    let id = call.id("id");
    let body = std::mem::replace(&mut call.body, Json::Null);
    let current = call.state.subscription(id)?.clone();
    check_fixed(call.state, &current, &body)?;

    let status = body.get("Status").int().unwrap_or_default();
    let resumes = current.status == SUSPENDED && status == ACTIVE;
    if current.status != ACTIVE && !(resumes && call.settings.resume_allowed) {
        return Err(ErrorAnswer::rule(
            "SubscriptionNotActive",
            "Only an active subscription can be updated.",
        )
        .with("Status", &current.status));
    }
    let quantity = body.get("Quantity").int().unwrap_or_default();
    if resumes && quantity != current.quantity {
        return Err(ErrorAnswer::rule(
            "SubscriptionNotActive",
            "A suspended subscription can be resumed, not resized.",
        ));
    }
    check_quantity(call, &current, quantity)?;
    let window_open = current.cancellable_until.is_none_or(|until| call.now <= until);
    match status {
        ACTIVE | SUSPENDED => {}
        DELETED | CUSTOMER_CANCELLATION if window_open => {}
        DELETED | CUSTOMER_CANCELLATION => {
            return Err(ErrorAnswer::rule(
                "CancellationNotAllowed",
                "The subscription can be cancelled only until CancellationAllowedUntilDate.",
            ));
        }
        _ => {
            return Err(ErrorAnswer::rule(
                "StatusNotAllowed",
                "A subscription cannot be put into that status.",
            ));
        }
    }
    let nce = current.is_nce(call.state);
    let profile = body.get("InvoiceProfile").id();
    if profile.is_some_and(|id| call.state.directory.profiles.get(id).is_none()) {
        return Err(ErrorAnswer::rule("InvoiceProfileNotFound", "There is no such invoice profile."));
    }

    for (column, from, to) in [("Quantity", current.quantity, quantity), ("Status", current.status, status)] {
        let values = (Some(from.to_string()), Some(to.to_string()));
        call.state.note_change(("Subscription", id), column, values, call.now);
    }
    let record = call.state.subscription_mut(id)?;
    record.quantity = quantity;
    record.status = status;
    record.name = body.get("Name").filled().map(str::to_owned);
    if nce {
        record.auto_renew = Some(body.get("AutoRenewEnabled").bool().unwrap_or(false));
    }
    record.markup = body.get("Markup").decimal().unwrap_or(Decimal::ZERO);
    record.sales_price = body.get("SalesPrice").decimal().unwrap_or(Decimal::ZERO);
    record.price_type = body.get("PriceType").int().filter(|kind| *kind != 0).unwrap_or(1);
    record.invoice_profile = profile;
    record.reserved = body.get("RegisteredForReservedInstance").bool().unwrap_or(false);
    record.accept_auto_suspension = body.get("AcceptAutoSuspension").bool();
    record.auto_suspension = body.get("AutoSuspensionDate").text().and_then(dates::read);
    record.attestation = body.get("AttestationAccepted").bool();
    record.tags = match body.get("SubscriptionTags") {
        Json::Null => None,
        tags => Some(tags::stored(tags, call.now)),
    };
    Ok(Answer::json(call.state.subscription(id)?.detailed(call.state)))
}

fn check_fixed(state: &State, current: &Subscription, body: &Json) -> Result<(), ErrorAnswer> {
    if body.id().is_some_and(|named| named != current.id) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let stored = current.detailed(state);
    let differs =
        |name: &str| body.find(name).is_some_and(|value| !value.is_null() && value != stored.get(name));
    if let Some(name) = FIXED.iter().find(|name| differs(name)) {
        return Err(
            ErrorAnswer::rule("MemberFixed", format!("{name} cannot be changed.")).with("Member", name)
        );
    }
    let cycle = body.get("BillingCycle").int().filter(|cycle| *cycle != 0);
    if cycle.is_some_and(|cycle| cycle != current.cycle) {
        return Err(ErrorAnswer::rule(
            "MemberFixed",
            "BillingCycle changes with next-term instructions only.",
        )
        .with("Member", "BillingCycle"));
    }
    let tenant = body.get("CustomerTenant").id();
    if tenant.is_some_and(|tenant| tenant != current.tenant) {
        return Err(ErrorAnswer::rule("MemberFixed", "CustomerTenant cannot be changed.")
            .with("Member", "CustomerTenant"));
    }
    Ok(())
}

fn check_quantity(call: &Call<'_>, current: &Subscription, quantity: i64) -> Result<(), ErrorAnswer> {
    if quantity == current.quantity {
        return Ok(());
    }
    if let Some(variant) = call.state.catalog.variant(current.variant) {
        purchase::rules::check_quantity(&variant, quantity)?;
    }
    let closed = current.cancellable_until.is_some_and(|until| call.now > until);
    if quantity < current.quantity && closed {
        return Err(ErrorAnswer::rule(
            "QuantityDecreaseNotAllowed",
            "The quantity can be decreased only until CancellationAllowedUntilDate.",
        ));
    }
    Ok(())
}
