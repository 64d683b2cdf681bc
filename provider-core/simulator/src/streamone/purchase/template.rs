//! Provisioning templates: which attributes a vendor wants.

use serde_json::{Value, json};

use super::record::Action;
use crate::streamone::catalog::providers::{PROVIDERS, provider, provider_named};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::wire::merge;
use crate::streamone::state::State;

const MICROSOFT_CREATE: &[&str] = &[
    "domainName",
    "renewalSetting",
    "autoRenew",
    "billingTerm",
    "billingCycle",
    "coterm",
    "customTermEndDate",
    "agreementDateAgreed",
    "agreementFirstName",
    "agreementLastName",
    "agreementEmail",
    "agreementPhoneNumber",
    "agreementUserId",
    "companyRegistrationId",
];
const MICROSOFT_UPDATE: &[&str] = &["operations", "renewalSetting", "statusUpdate", "friendlyName"];
const GOOGLE_CREATE: &[&str] = &["domainName", "renewalSetting"];
const PLAIN_CREATE: &[&str] = &["domainName", "renewalSetting"];
const PLAIN_UPDATE: &[&str] = &["operations", "renewalSetting", "statusUpdate", "friendlyName"];

/// The attribute names that orders of this provider and action may carry.
pub(crate) fn attribute_names(provider_id: u64, action: Action) -> &'static [&'static str] {
    let vendor = provider(provider_id).map_or("NOT_SPECIFIED", |found| found.vendor);
    match (vendor, action) {
        ("MICROSOFT", Action::Create) => MICROSOFT_CREATE,
        ("MICROSOFT", Action::Update) => MICROSOFT_UPDATE,
        ("GOOGLE", Action::Create) => GOOGLE_CREATE,
        (_, Action::Create) => PLAIN_CREATE,
        (_, Action::Update) => PLAIN_UPDATE,
    }
}

/// The id of a template, for example `azure-create`.
fn template_id(provider_id: u64, action: Action) -> String {
    let name = provider(provider_id).map_or("", |found| found.short_name);
    format!("{name}-{}", action.word().to_lowercase())
}

fn template(provider_id: u64, action: Action) -> Value {
    let id = template_id(provider_id, action);
    let code = provider(provider_id).map_or("UNSPECIFIED", |found| found.code);
    let vendor = provider(provider_id).map_or("NOT_SPECIFIED", |found| found.vendor);
    let text = json!({"type": "string"});
    let mut item = json!({
        "action": {"type": "string", "enum": [action.word()]},
        "productId": text,
        "skuId": text,
        "planId": text,
        "quantity": {"type": "integer"},
        "providerName": {"type": "string", "enum": [code]},
        "vendor": {"type": "string", "enum": [vendor]},
        "attributes": {"type": "array", "items": {"$ref": "#/defs/attributes"}},
    });
    if action == Action::Update {
        merge(&mut item, json!({"resourceId": text}));
    }
    json!({
        "id": id,
        "schema": "http://json-schema.org/draft-07/schema#",
        "title": id,
        "description": format!("{} on {code}", action.word()),
        "type": "object",
        "properties": {
            "referenceId": text,
            "displayName": text,
            "orderItems": {"type": "array", "items": {"$ref": "#/defs/orderItems"}},
        },
        "defs": {
            "orderItems": {"type": "object", "properties": item},
            "attributes": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "enum": attribute_names(provider_id, action)},
                    "value": text,
                },
            },
        },
    })
}

fn read_action(query: &Query<'_>) -> Result<Option<Action>, Problem> {
    let word = query.choice("action", &["CREATE", "UPDATE", "ACTION_NOT_SPECIFIED"])?;
    Ok(match word {
        Some("CREATE") => Some(Action::Create),
        Some("UPDATE") => Some(Action::Update),
        _ => None,
    })
}

/// `GET /accounts/{a}/provisionTemplates`: one template when vendor and action name exactly one, otherwise a list.
pub(crate) fn list(call: &Call) -> Outcome {
    let query = Query::of(call, &["vendor", "provider", "action"])?;
    query.required("vendor")?;
    let vendors = &["MICROSOFT", "GOOGLE", "IBM", "SOPHOS", "NOT_SPECIFIED"];
    let vendor = query.choice("vendor", vendors)?.unwrap_or_default();
    let action = read_action(&query)?;
    let wanted = query.text("provider");
    let refs: Vec<Value> = PROVIDERS
        .iter()
        .filter(|found| vendor == "NOT_SPECIFIED" || found.vendor == vendor)
        .filter(|found| {
            wanted.is_none_or(|name| provider_named(name).is_some_and(|named| named.id == found.id))
        })
        .flat_map(|found| [(found.id, Action::Create), (found.id, Action::Update)])
        .filter(|(_, found)| action.is_none_or(|action| action == *found))
        .map(|(provider, action)| template(provider, action))
        .collect();
    let body = match <[Value; 1]>::try_from(refs) {
        Ok([single]) => json!({"provisioningReference": single}),
        Err(refs) => json!({"provisioningReferences": {"refs": refs}}),
    };
    Ok(Answer::json(body))
}

/// `GET /accounts/{a}/provisionTemplates/{templateId}`.
pub(crate) fn get(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    PROVIDERS
        .iter()
        .flat_map(|found| [(found.id, Action::Create), (found.id, Action::Update)])
        .find(|(provider, action)| template_id(*provider, *action) == id)
        .map(|(provider, action)| Answer::json(template(provider, action)))
        .ok_or_else(|| Problem::not_found(&format!("accounts/{}/provisionTemplates/{id}", state.account)))
}
