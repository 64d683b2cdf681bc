//! Azure plans and the Azure subscriptions below them.

use chrono::{DateTime, Utc};

use super::record::{ACTIVE, OVER, SUSPENDED};
use crate::crayon::catalog::offerings::{AZURE_PLAN_PART, OfferKind};
use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::failure::{ErrorAnswer, FieldViolation};
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::text as text_param;
use crate::crayon::engine::route::{PAGED, get, patch, post, put};
use crate::crayon::engine::shape::{int, nested, refers, shape, text};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route, State};

shape!(
    AZURE_TAGS,
    "AzureSubscriptionTags",
    [text("CostCenter"), text("Department"), text("Project"), text("Custom"), text("Owner"),]
);

shape!(CREATE_AZURE, "CreateAzureSubscriptionRequest", [text("Name").required()]);
shape!(PUT_AZURE, "PutAzureSubscription", [int("Id"), refers("InvoiceProfile"), nested("Tags", &AZURE_TAGS)]);
shape!(
    ASSIGN_ADMIN,
    "AzureSubscriptionAssignAdmin",
    [int("AzurePlanId").opt(), int("AzureSubscriptionId").opt(), text("AdminEmail").required(),]
);

shape!(
    RENAME_AZURE,
    "AzureSubscriptionRename",
    [int("AzurePlanId").opt(), int("AzureSubscriptionId").opt(), text("Name").required(),]
);

pub(crate) const ROUTES: &[Route] = &[
    get("customertenants/{id:int}/azureplan", plan_of_tenant),
    get("azureplans/{plan:int}", read_plan),
    get("azureplans/{plan:int}/azuresubscriptions", list).query(&[text_param("Search")]).paged(PAGED),
    post("azureplans/{plan:int}/azuresubscriptions", create).body(&CREATE_AZURE),
    get("azureplans/{plan:int}/azuresubscriptions/{id:int}", read),
    put("azureplans/{plan:int}/azuresubscriptions/{id:int}", replace).body(&PUT_AZURE),
    put("azureplans/{plan:int}/azuresubscriptions/{id:int}/assign-unique-admin", assign).body(&ASSIGN_ADMIN),
    post("azureplans/{plan:int}/azuresubscriptions/{id:int}/cancel", cancel),
    post("azureplans/{plan:int}/azuresubscriptions/{id:int}/enable", enable),
    patch("azureplans/{plan:int}/azuresubscriptions/{id:int}/rename", rename).body(&RENAME_AZURE),
];

/// Finishes what Microsoft takes its time for.
pub(crate) fn activate(state: &mut State, now: DateTime<Utc>) {
    let waiting = std::mem::take(&mut state.azure.activating);
    for id in waiting {
        let Some(row) = state.subscriptions.get_mut(id) else {
            continue;
        };
        if row.pending_until.is_some_and(|until| until > now) {
            state.azure.activating.push(id);
            continue;
        }
        if row.pending_until.take().is_some() && row.status == SUSPENDED {
            row.status = ACTIVE;
        }
    }
    let creating = std::mem::take(&mut state.azure.creating);
    for (due, plan, name) in creating {
        if due <= now {
            state.azure.add(state.seed, plan, &name, "active");
        } else {
            state.azure.creating.push((due, plan, name));
        }
    }
}

fn plan_json(state: &State, id: i64, subscription: i64) -> Option<Json> {
    let row = state.subscriptions.get(subscription)?;
    let tenant = state.tenants.get(&row.tenant)?;
    Some(object! {
        "Id": id,
        "Name": "Azure plan",
        "PublisherSubscriptionId": row.publisher_id(state),
        "Status": row.status,
        "RegisteredForReservedInstance": row.reserved,
        "Organization": state.organization_reference(tenant.organization),
        "CustomerTenant": object! { "Id": tenant.id },
    })
}

fn plan_of_tenant(call: &mut Call<'_>) -> Outcome {
    let state = &*call.state;
    let tenant = state.tenant(call.id("id"))?.id;
    let subscription = state.subscriptions.listed(Some(tenant)).find(|row| {
        let variant = state.catalog.variant(row.variant);
        row.status & OVER == 0
            && variant.is_some_and(|variant| {
                variant.offering.kind == OfferKind::AzurePlan
                    && variant.offering.part_number == AZURE_PLAN_PART
            })
    });
    let plan = subscription.and_then(|row| state.azure.plans.iter().find(|(_, known)| **known == row.id));
    let body = plan.and_then(|(id, subscription)| plan_json(state, *id, *subscription));
    body.map(Answer::json).ok_or_else(ErrorAnswer::nothing_here)
}

fn plan(call: &Call<'_>) -> Result<(i64, i64), ErrorAnswer> {
    let id = call.id("plan");
    let subscription = call.state.azure.plans.get(&id).copied();
    subscription.map(|subscription| (id, subscription)).ok_or_else(ErrorAnswer::nothing_here)
}

fn read_plan(call: &mut Call<'_>) -> Outcome {
    let (id, subscription) = plan(call)?;
    plan_json(call.state, id, subscription).map(Answer::json).ok_or_else(ErrorAnswer::nothing_here)
}

fn list(call: &mut Call<'_>) -> Outcome {
    let (id, _) = plan(call)?;
    let search = call.query.text("Search");
    let rows = call.state.azure.rows.rows().filter(|row| {
        row.get("AzurePlanId").int() == Some(id) && mentions(search, &[row.get("FriendlyName").text()])
    });
    Ok(call.page_of(rows, Json::clone))
}

fn create(call: &mut Call<'_>) -> Outcome {
    let (id, subscription) = plan(call)?;
    if call.state.subscription(subscription)?.status != ACTIVE {
        return Err(ErrorAnswer::rule("AzurePlanNotActive", "The Azure plan is not active."));
    }
    let name = call.body.get("Name").string().unwrap_or_default();
    let due = call.now + call.settings.azure_delay;
    call.state.azure.creating.push((due, id, name));
    Ok(Answer::empty().status(202))
}

fn row<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Json, ErrorAnswer> {
    let (plan, _) = plan(call)?;
    let id = call.id("id");
    let row = call.state.azure.rows.get_mut(id);
    row.filter(|row| row.get("AzurePlanId").int() == Some(plan))
        .ok_or_else(|| ErrorAnswer::not_found("AzureSubscription", &id))
}

fn read(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(row(call)?.clone()))
}

/// The ids may be repeated in the body; they must then agree with the path.
fn check_ids(call: &Call<'_>) -> Result<(), ErrorAnswer> {
    for (member, capture) in [("AzurePlanId", "plan"), ("AzureSubscriptionId", "id"), ("Id", "id")] {
        let given = call.body.get(member).int().filter(|id| *id != 0);
        if given.is_some_and(|given| given != call.id(capture)) {
            return Err(ErrorAnswer::rule("IdMismatch", format!("{member} is not the id in the path.")));
        }
    }
    Ok(())
}

fn replace(call: &mut Call<'_>) -> Outcome {
    check_ids(call)?;
    let profile = call.body.get("InvoiceProfile").id();
    if profile.is_some_and(|id| call.state.directory.profiles.get(id).is_none()) {
        return Err(ErrorAnswer::rule("InvoiceProfileNotFound", "There is no such invoice profile."));
    }
    let profile = call.state.directory.profile_reference(profile);
    let tags = match call.body.get("Tags") {
        Json::Null => Json::Null,
        tags => AZURE_TAGS.complete(tags),
    };
    let row = row(call)?;
    row.set("InvoiceProfile", profile);
    row.set("Tags", tags);
    Ok(Answer::json(row.clone()))
}

fn assign(call: &mut Call<'_>) -> Outcome {
    check_ids(call)?;
    let email = call.body.get("AdminEmail").text().unwrap_or_default();
    if !email.contains('@') {
        return Err(ErrorAnswer::malformed(vec![FieldViolation::new(
            "InvalidValue",
            "AdminEmail",
            "AdminEmail must be an address",
        )]));
    }
    row(call)?;
    yes()
}

fn updated(row: &Json) -> Outcome {
    Ok(Answer::json(object! { "AzureSubscriptionId": row.get("PublisherSubscriptionId").clone() }))
}

fn cancel(call: &mut Call<'_>) -> Outcome {
    let row = row(call)?;
    if row.get("Status").text() != Some("active") {
        return Err(ErrorAnswer::rule("AzureSubscriptionNotActive", "The Azure subscription is not active."));
    }
    row.set("Status", "disabled");
    updated(row)
}

fn enable(call: &mut Call<'_>) -> Outcome {
    let row = row(call)?;
    if row.get("Status").text() != Some("disabled") {
        return Err(ErrorAnswer::rule(
            "AzureSubscriptionNotDisabled",
            "The Azure subscription is not disabled.",
        ));
    }
    row.set("Status", "active");
    updated(row)
}

fn rename(call: &mut Call<'_>) -> Outcome {
    check_ids(call)?;
    let name = call.body.get("Name").clone();
    let row = row(call)?;
    row.set("FriendlyName", name);
    updated(row)
}
