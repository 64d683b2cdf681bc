//! Customers of v1.

use http::StatusCode;
use serde_json::{Value, json};

use super::record::{Address, Customer, CustomerFields};
use crate::engine::prng::Prng;
use crate::streamone::catalog::pricing::book_of;
use crate::streamone::catalog::providers::provider;
use crate::streamone::engine::call::{Call, Outcome, field};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::shape::{Kind, Member, read_id, read_list, read_text, required};
use crate::streamone::engine::v1::{ListQuery, Rules, envelope, no_query, not_found};
use crate::streamone::engine::wire::merge;
use crate::streamone::state::State;

const RULES: Rules = Rules {
    fields: &["email", "name", "groupId"],
    relations: &["invoices", "group", "cloudAccounts", "priceBooksLinks", "customFieldsValues"],
    plain: &[],
};

/// Everybody is in one group.
const GROUP: u64 = 3;

fn field_of(customer: &Customer, name: &str) -> String {
    match name {
        "email" => customer.fields.email.clone(),
        "groupId" => GROUP.to_string(),
        _ => customer.fields.contact_name.clone(),
    }
}

fn customer_json(state: &State, customer: &Customer, query: &ListQuery<'_>) -> Value {
    let fields = &customer.fields;
    let mut value = json!({
        "id": customer.id.to_string(),
        "company": fields.organization,
        "name": fields.contact_name,
        "email": fields.email,
        "phone": fields.phone,
        "title": fields.title,
        "addressStreet": fields.address.street,
        "addressSuite": fields.address.suite,
        "addressCity": fields.address.city,
        "addressState": fields.address.state,
        "addressZip": fields.address.zip,
        "addressCountry": fields.address.country,
    });
    if query.embeds("customFieldsValues", true) {
        let custom: Vec<Value> = customer
            .custom_fields
            .iter()
            .map(|(id, value)| json!({"fieldId": id.to_string(), "value": value}))
            .collect();
        merge(&mut value, json!({"customFieldsValues": custom}));
    }
    if query.embeds("cloudAccounts", true) {
        let accounts: Vec<Value> = state
            .cloud_accounts
            .of_customer(customer.id)
            .map(|account| {
                let name = provider(account.provider).map_or("", |provider| provider.display_name);
                json!({"cloudAccountId": account.id.to_string(), "provider": {"name": name}})
            })
            .collect();
        merge(&mut value, json!({"cloudAccounts": accounts}));
    }
    if query.embeds("priceBooksLinks", true) {
        let book = book_of(customer.id);
        merge(&mut value, json!({"priceBooksLinks": [{"priceBookId": book.to_string()}]}));
    }
    if query.embeds("group", false) {
        merge(&mut value, json!({"group": {"id": GROUP.to_string(), "name": "All customers"}}));
    }
    if query.embeds("invoices", false) {
        let invoices: Vec<Value> = state
            .invoices
            .all()
            .filter(|invoice| invoice.customer == Some(customer.id))
            .map(|invoice| json!({"id": invoice.id.to_string(), "number": invoice.number}))
            .collect();
        merge(&mut value, json!({"invoices": invoices}));
    }
    value
}

/// `GET /customers`.
pub(crate) fn list(state: &State, call: &Call) -> Outcome {
    let query = ListQuery::of(call, RULES)?;
    let found = query.page(state.customers.after(None), |customer, name| field_of(customer, name));
    let records = found.into_iter().map(|found| customer_json(state, found, &query)).collect();
    Ok(envelope("customer", records))
}

/// The customer that a path names.
pub(crate) fn find<'a>(state: &'a State, id: &str) -> Result<&'a Customer, Problem> {
    let found = id.parse().ok().and_then(|id| state.customers.get(id));
    found.ok_or_else(|| not_found("customer", id))
}

/// `GET /customers/{id}`: a list of one.
pub(crate) fn get(state: &State, call: &Call, id: &str) -> Outcome {
    let only_relations = Rules { fields: &[], ..RULES };
    let query = ListQuery::of(call, only_relations)?;
    let customer = find(state, id)?;
    Ok(envelope("customer", json!([customer_json(state, customer, &query)])))
}

const FORM: [&str; 11] = [
    "email",
    "name",
    "title",
    "company",
    "phone",
    "addressStreet",
    "addressSuite",
    "addressCity",
    "addressState",
    "addressZip",
    "addressCountry",
];

/// `POST /customers`, a form.
pub(crate) fn create(state: &mut State, call: &Call) -> Outcome {
    no_query(call)?;
    let form = call.form(&FORM)?;
    let need = |name: &str| {
        let missing = || Problem::body(name, format!("{name} is required"));
        field(&form, name).map(str::to_owned).ok_or_else(missing)
    };
    let maybe = |name: &str| field(&form, name).map(str::to_owned);
    let fields = CustomerFields {
        organization: need("company")?,
        contact_name: need("name")?,
        email: need("email")?,
        address: Address {
            street: need("addressStreet")?,
            suite: maybe("addressSuite"),
            city: need("addressCity")?,
            state: need("addressState")?,
            zip: need("addressZip")?,
            country: need("addressCountry")?,
        },
        language: "EN".to_owned(),
        title: maybe("title"),
        phone: maybe("phone"),
    };
    if state.customers.owner_of_email(&fields.email).is_some() {
        let message = format!("email {} is already in use", fields.email);
        return Err(Problem::legacy(StatusCode::BAD_REQUEST, message));
    }
    let id = state.fresh_id();
    let uid = format!("Qx{}", Prng::keyed(state.seed, "streamone/customer", id).hex(12));
    state.customers.insert(Customer::new(id, uid, fields, call.now));
    Ok(envelope("customer", json!([{"id": id.to_string()}])))
}

const VALUE: &[Member] = &[required("fieldId", Kind::Id), required("value", Kind::Text)];
const CHANGE: &[Member] = &[required("customFieldsValues", Kind::Objects(VALUE))];

/// `PUT /customers/{id}`: custom fields.
pub(crate) fn update(state: &mut State, call: &Call, id: &str) -> Outcome {
    no_query(call)?;
    let id = find(state, id)?.id;
    let body = call.json_body(CHANGE)?;
    if let Some(customer) = state.customers.get_mut(id) {
        for pair in read_list(&body, "customFieldsValues") {
            let field = pair.get("fieldId").and_then(read_id).unwrap_or_default();
            let value = read_text(pair, "value").unwrap_or_default();
            customer.custom_fields.insert(field, value.to_owned());
        }
        customer.updated = call.now;
    }
    Ok(envelope("customer", json!([{"id": id.to_string()}])))
}
