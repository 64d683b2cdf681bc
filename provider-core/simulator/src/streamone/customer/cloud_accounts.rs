//! Cloud accounts: known from a script for the host before TD SYNNEX took it over.

use serde_json::{Value, json};

use super::cloud::CloudAccount;
use super::v1::find;
use crate::streamone::catalog::providers::{provider, provider_named};
use crate::streamone::engine::call::{Call, Outcome, field};
use crate::streamone::engine::problem::Problem;
use crate::streamone::engine::v1::{envelope, no_query, not_found};
use crate::streamone::state::State;

fn account_json(account: &CloudAccount) -> Value {
    json!({
        "id": account.id.to_string(),
        "accountNumber": account.number,
        "providerCode": provider(account.provider).map_or("", |found| found.short_name),
        "email": account.email,
        "customerId": account.customer.map(|customer| customer.to_string()),
        "billingStartDate": account.billing_start,
    })
}

/// `GET /customers/{id}/cloud-accounts`.
pub(crate) fn of_customer(state: &State, call: &Call, id: &str) -> Outcome {
    no_query(call)?;
    let customer = find(state, id)?.id;
    let accounts = state.cloud_accounts.of_customer(customer).map(account_json).collect();
    Ok(envelope("cloud_account", accounts))
}

/// `POST /cloud-accounts`, a form.
pub(crate) fn create(state: &mut State, call: &Call) -> Outcome {
    no_query(call)?;
    let form = call.form(&["accountNumber", "providerCode", "email"])?;
    let need =
        |name: &str| field(&form, name).ok_or_else(|| Problem::body(name, format!("{name} is required")));
    let code = need("providerCode")?;
    let provider = provider_named(code)
        .ok_or_else(|| Problem::invalid_argument(format!("providerCode '{code}' is not known")))?;
    let number = need("accountNumber")?.to_owned();
    let id = state.cloud_accounts.add(number, provider.id, need("email")?.to_owned());
    Ok(envelope("cloud_account", json!([{"id": id.to_string()}])))
}

/// `POST /cloud-accounts/{id}/assign-customer`, a form. The reference lists two fields and says that there are more, so
/// the others are ignored.
pub(crate) fn assign(state: &mut State, call: &Call, id: &str) -> Outcome {
    no_query(call)?;
    let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&call.body)
        .map_err(|error| Problem::body("", format!("body is not a form: {error}")))?;
    let customer =
        field(&form, "customerId").ok_or_else(|| Problem::body("customerId", "customerId is required"))?;
    let customer = find(state, customer)?.id;
    let found = id.parse().ok().and_then(|id| state.cloud_accounts.get_mut(id));
    let account = found.ok_or_else(|| not_found("cloud account", id))?;
    account.customer = Some(customer);
    account.billing_start = field(&form, "billingStartDate").map(str::to_owned);
    Ok(envelope("cloud_account", json!([account_json(account)])))
}
