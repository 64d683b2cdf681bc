//! The customer endpoints of v3.

use serde_json::{Value, json};

use super::cloud::CloudProfile;
use super::record::{Address, Customer, CustomerFields};
use crate::engine::answer::put;
use crate::engine::prng::Prng;
use crate::streamone::catalog::providers::{MICROSOFT, provider};
use crate::streamone::engine::answer::Answer;
use crate::streamone::engine::call::{Call, Outcome};
use crate::streamone::engine::pages::TokenPage;
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::query::Query;
use crate::streamone::engine::shape::{Kind, Member, optional, read_text, required};
use crate::streamone::engine::wire::{empty_object, merge, timestamp};
use crate::streamone::state::State;

const ADDRESS: &[Member] = &[
    required("street", Kind::Text),
    optional("suite", Kind::Text),
    required("city", Kind::Text),
    required("state", Kind::Text),
    required("zip", Kind::Text),
    required("country", Kind::Text),
];

const CUSTOMER: &[Member] = &[
    required("customerOrganization", Kind::Text),
    required("customerAddress", Kind::Object(ADDRESS)),
    required("customerName", Kind::Text),
    required("customerEmail", Kind::Text),
    required("languageCode", Kind::Text),
    optional("customerTitle", Kind::Text),
    optional("customerPhone", Kind::Text),
];

const FILTERS: [&str; 5] = [
    "filter.customerEmail",
    "filter.languageCode",
    "filter.customerStatus",
    "filter.customerName",
    "filter.customerDomain",
];

/// `GET /accounts/{a}/customers`.
pub(crate) fn list(state: &mut State, call: &Call) -> Outcome {
    let names: Vec<&str> = FILTERS.iter().chain(&TokenPage::NAMES).copied().collect();
    let query = Query::of(call, &names)?;
    let page = TokenPage::of(call, &query, state.settings.largest_page)?;
    let status = query.choice("filter.customerStatus", &["ACTIVE", "INACTIVE"])?;
    let found = state
        .customers
        .after(page.after.map(|(_, id)| id))
        .filter(|customer| admits(&query, status, customer));
    let (customers, next) = page.cut(found, |customer| (0, customer.id));
    let customers: Vec<Value> = customers.into_iter().map(|customer| customer.v3(state.account)).collect();
    let mut answer = json!({"nextPageToken": next.unwrap_or_default()});
    put(&mut answer, "customers", customers);
    Ok(Answer::json(answer))
}

/// The vendor warns that filters work as meant only with a valid status: without one the others do nothing here.
fn admits(query: &Query<'_>, status: Option<&str>, customer: &Customer) -> bool {
    let Some(status) = status else {
        return true;
    };
    let is = |name: &str, value: Option<&str>| {
        query
            .text(name)
            .is_none_or(|wanted| value.is_some_and(|value| value.to_lowercase() == wanted.to_lowercase()))
    };
    let domain = customer.profile(MICROSOFT).and_then(|profile| profile.domain.as_deref());
    customer.status() == status
        && is("filter.customerEmail", Some(&customer.fields.email))
        && is("filter.languageCode", Some(&customer.fields.language))
        && is("filter.customerName", Some(&customer.fields.contact_name))
        && is("filter.customerDomain", domain)
}

/// `GET /accounts/{a}/customers/{c}`.
pub(crate) fn get(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    Ok(Answer::json(state.customer(id)?.v3(state.account)))
}

fn read(body: &Value) -> CustomerFields {
    let text = |object: &Value, name: &str| read_text(object, name).unwrap_or_default().to_owned();
    let maybe = |object: &Value, name: &str| read_text(object, name).map(str::to_owned);
    let address = body.get("customerAddress").unwrap_or(&Value::Null);
    CustomerFields {
        organization: text(body, "customerOrganization"),
        address: Address {
            street: text(address, "street"),
            suite: maybe(address, "suite"),
            city: text(address, "city"),
            state: text(address, "state"),
            zip: text(address, "zip"),
            country: text(address, "country"),
        },
        contact_name: text(body, "customerName"),
        email: text(body, "customerEmail"),
        language: text(body, "languageCode"),
        title: maybe(body, "customerTitle"),
        phone: maybe(body, "customerPhone"),
    }
}

/// The platform's own checks; `own` is the customer that may keep its address.
fn check(state: &State, fields: &CustomerFields, own: Option<u64>) -> Result<(), Problem> {
    let two_letters = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    if !two_letters(&fields.language) {
        let detail = format!("languageCode '{}' is not valid", fields.language);
        return Err(Problem::precondition("CUS-CR-002", "languageCode", detail));
    }
    if !two_letters(&fields.address.country) {
        let message = format!("country '{}' is not an ISO code", fields.address.country);
        return Err(Problem::invalid_argument(message));
    }
    if !fields.email.contains('@') {
        let message = format!("primaryContactEmail '{}' is not an address", fields.email);
        return Err(Problem::invalid_argument(message));
    }
    match state.customers.owner_of_email(&fields.email) {
        Some(owner) if Some(owner) != own => {
            let detail = format!("primaryContactEmail '{}' is already in use", fields.email);
            Err(Problem::precondition("CUS-CR-001", "primaryContactEmail", detail))
        }
        _ => Ok(()),
    }
}

/// `POST /accounts/{a}/customers`: the answer alone carries the new user's password.
pub(crate) fn create(state: &mut State, call: &Call) -> Outcome {
    Query::none(call)?;
    let fields = read(&call.json_body(CUSTOMER)?);
    check(state, &fields, None)?;
    let (id, user) = (state.fresh_id(), state.fresh_id());
    let mut prng = Prng::keyed(state.seed, "streamone/customer", id);
    let customer = Customer::new(id, format!("Qx{}", prng.hex(12)), fields, call.now);
    let mut answer = customer.v3(state.account);
    let mut login = user_json(state, &customer, user);
    merge(&mut login, json!({"password": format!("example-{}", prng.hex(16))}));
    merge(&mut answer, json!({"user": login}));
    state.customers.insert(customer);
    Ok(Answer::json(answer))
}

fn user_json(state: &State, customer: &Customer, user: u64) -> Value {
    json!({
        "name": format!("{}/users/{user}", state.customer_name(customer.id)),
        "userName": "DEFAULT ACCOUNT USER",
        "email": customer.fields.email,
        "userStatus": "ACTIVE",
        "createTime": timestamp(customer.created),
    })
}

/// `PUT /accounts/{a}/customers/{c}`: the whole object; what is left out is gone.
pub(crate) fn update(state: &mut State, call: &Call, id: &str) -> Outcome {
    Query::none(call)?;
    let id = state.customer(id)?.id;
    let fields = read(&call.json_body(CUSTOMER)?);
    check(state, &fields, Some(id))?;
    state.customers.replace(id, fields, call.now);
    let customer = state.customer(&id.to_string())?;
    let mut answer = customer.v3(state.account);
    merge(&mut answer, json!({"user": user_json(state, customer, id)}));
    Ok(Answer::json(answer))
}

/// `GET /accounts/{a}/customers/{c}/cloudProfiles`.
pub(crate) fn cloud_profiles(state: &mut State, call: &Call, id: &str) -> Outcome {
    let query = Query::of(call, &["providerId", "enabledOnly"])?;
    let wanted: Option<u64> = query.number("providerId")?;
    let enabled_only = query.flag("enabledOnly")?;
    let customer = state.customer(id)?;
    let profiles: Vec<Value> = customer
        .profiles
        .iter()
        .filter(|profile| wanted.is_none_or(|wanted| wanted == profile.provider))
        .filter(|profile| !enabled_only || profile.enabled)
        .map(CloudProfile::json)
        .collect();
    Ok(Answer::json(json!({
        "customerId": customer.id.to_string(),
        "customerOrganization": customer.fields.organization,
        "customerCloudProfiles": profiles,
    })))
}

/// `GET /accounts/{a}/customers/{c}/cloudProfile`: Microsoft only, being withdrawn.
pub(crate) fn cloud_profile(state: &mut State, call: &Call, id: &str) -> Outcome {
    let query = Query::of(call, &["providerId", "refresh"])?;
    query.required("providerId")?;
    query.flag("refresh")?;
    let wanted: Option<u64> = query.number("providerId")?;
    let customer = state.customer(id)?;
    let profile = wanted.filter(|id| *id == MICROSOFT).and_then(|id| customer.profile(id));
    profile.map(|profile| Answer::json(profile.json())).ok_or_else(|| {
        let name = state.customer_name(customer.id);
        Problem::not_found(&format!("{name}/cloudProfile"))
    })
}

/// `POST …/cloudProviders/{providerId}:link` and `:provision`. Their bodies are not known, so any JSON will do.
pub(crate) fn attach_provider(state: &mut State, call: &Call, id: &str, provider_id: &str) -> Outcome {
    Query::none(call)?;
    call.any_json_body()?;
    let customer = state.customer(id)?.id;
    let known = provider_id.parse().ok().and_then(provider);
    let Some(known) = known else {
        let name = format!("accounts/{}/cloudProviders/{provider_id}", state.account);
        return Err(Problem::not_found(&name));
    };
    if let Some(customer) = state.customers.get_mut(customer) {
        customer.change_profile(known.id, |profile| profile.enabled = true);
        customer.updated = call.now;
    }
    Ok(Answer::json(empty_object()))
}
