//! Every request against the vendor's own OpenAPI file, read from the folder that `VENDOR_SPECS` names.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::{calls, recorder};

const FILE: &str = "crayon/crayon-customer-api-openapi-2021-11-05.json";

/// What the vendor documents elsewhere, or added after the file was made. `*` is one segment.
const NOT_IN_THE_FILE: &[&str] = &[
    // Documented on the vendor's pages; the file is older or leaves them out.
    "POST /api/v1/AgreementProducts/getaspost",
    "POST /api/v1/Subscriptions/new-commerce-orders",
    "GET /api/v1/Subscriptions/new-commerce-orders/*",
    "POST /api/v1/Subscriptions/*/next-term-instructions",
    "GET /api/v2/Subscriptions/coterminosity",
    "GET /api/v1/Subscriptions/coterminosity",
    "GET /api/v1/Subscriptions/*/term-immediate-change-options",
    "GET /api/v1/Subscriptions/*/price",
    "GET /api/v1/Subscriptions/*/transition-eligibilities/*",
    "GET /api/v1/Subscriptions/*/transitions",
    "POST /api/v1/purchaserequest/verify",
    "POST /api/v1/purchaserequest/checkout",
    "GET /api/v1/scheduledpurchaserequest",
    "PUT /api/v1/scheduledpurchaserequest/cancel-order/*/*",
    "GET /api/v1/BillingStatements/file/*/download",
    "GET /api/v2/BillingStatements/*/reconciliationfile",
    "GET /api/v1/invoices/*",
    "GET /api/v1/orders/*/items",
    "POST /api/v1/exports/generate-license-report",
    "GET /api/v1/exports",
    "GET /api/v1/exports/*/download",
    "DELETE /api/v1/exports/*",
    "GET /api/v1/AzureUsage/*/azureSubscriptions/*/monthlyUsage",
    // In the vendor's SDK only.
    "PUT /api/v1/ResellerSalesPrices",
    "GET /api/v1/UsageCost/resellerCustomer/*/subscription/*/currency/*",
    "GET /api/v1/UsageCost/resellerCustomer/*/subscription/*/currency/*/resourceGroups",
    "GET /api/v1/UsageCost/resellerCustomer/*/subscription/*/category/*/currency/*",
    "GET /api/v1/UsageCost/resellerCustomer/*/subscription/*/category/*/subcategory/*/currency/*",
    "GET /api/v1/UsageCost/resellerCustomer/*/subscription/*/resourceGroup/*/currency/*",
];

/// Query parameters and members of bodies that are newer than the file, by where they stand.
const NEWER: &[&str] = &[
    "GET /api/v1/Agreements: isTrial",
    "GET /api/v1/AgreementProducts: IgnoreTermBillingCycleCombinationsCheck",
    "GET /api/v1/Subscriptions: publisherCustomerId",
    "GET /api/v1/Subscriptions: sync",
    "GET /api/v1/Assets: InvoiceProfileId",
    "GET /api/v1/Assets/orders: InvoiceProfileId",
    // `Lines` is missing from the file, as the reference says.
    "POST /api/v1/FacebookOrders/checkout: Lines",
    "POST /api/v1/GoogleOrders/checkout: Lines",
];

fn spec() -> Option<Value> {
    let folder = PathBuf::from(std::env::var_os("VENDOR_SPECS")?);
    let text =
        std::fs::read_to_string(folder.join(FILE)).expect("VENDOR_SPECS holds the vendor's OpenAPI file");
    Some(serde_json::from_str(&text).unwrap())
}

fn segments_fit(template: &str, path: &str, wild: impl Fn(&str) -> bool) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(&path).all(|(t, p)| wild(t) || t == p)
}

fn resolve<'a>(spec: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => spec.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// The first member that the schema does not have or that is of another type.
fn misfit(spec: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let schema = resolve(spec, schema);
    let wrong = || Some(format!("{at} is {value}"));
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => {
            let Some(members) = value.as_object() else { return wrong() };
            let known = schema.get("properties").and_then(Value::as_object)?;
            // The file writes camelCase, the service takes either.
            let known: BTreeMap<String, &Value> =
                known.iter().map(|(name, schema)| (name.to_ascii_lowercase(), schema)).collect();
            members.iter().find_map(|(name, value)| match known.get(&name.to_ascii_lowercase()) {
                Some(schema) => misfit(spec, schema, value, &format!("{at}.{name}")),
                None => Some(format!("{at}.{name} is not in the schema").replace("..", ".")),
            })
        }
        Some("array") => {
            let Some(items) = value.as_array() else { return wrong() };
            items.iter().find_map(|item| misfit(spec, &schema["items"], item, &format!("{at}[]")))
        }
        Some("integer") if !value.is_i64() => wrong(),
        Some("number") if !value.is_number() => wrong(),
        Some("boolean") if !value.is_boolean() => wrong(),
        Some("string") if !value.is_string() => wrong(),
        _ => None,
    }
}

#[tokio::test]
async fn every_request_fits_the_vendors_schema() {
    let Some(spec) = spec() else {
        eprintln!("SKIPPED: VENDOR_SPECS is not set, so requests were not compared with the vendor's schema");
        return;
    };
    let (client, recorder) = recorder::client();
    let mut unused: Vec<&str> = NOT_IN_THE_FILE.iter().chain(NEWER).copied().collect();
    let mut problems = Vec::new();
    for sent in calls::all(&client, &recorder).await.into_iter().flat_map(|case| case.sent) {
        let line = format!("{} {}", sent.method, sent.path);
        let paths = spec["paths"].as_object().unwrap();
        let method = sent.method.to_ascii_lowercase();
        // A literal path wins over one with a placeholder.
        let mut fitting: Vec<_> = paths
            .iter()
            .filter(|(path, operations)| {
                operations.get(&method).is_some() && segments_fit(path, &sent.path, |t| t.starts_with('{'))
            })
            .collect();
        fitting.sort_by_key(|(path, _)| path.matches('{').count());
        let departure = NOT_IN_THE_FILE.iter().find(|known| segments_fit(known, &line, |t| t == "*"));
        if let Some(known) = departure {
            unused.retain(|other| other != known);
            continue;
        }
        let Some((path, operations)) = fitting.first() else {
            problems.push(format!("{line} is not in the file"));
            continue;
        };
        let operation = &operations[&method];
        let place = format!("{} {path}", sent.method);
        let mut report = |name: &str, problem: String| {
            let newer = format!("{place}: {name}");
            if NEWER.contains(&newer.as_str()) {
                unused.retain(|other| *other != newer);
            } else {
                problems.push(problem);
            }
        };
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(sent.query.as_bytes()) {
            let known = parameters.iter().find(|p| p["in"] == "query" && p["name"] == *name);
            let Some(known) = known else {
                report(&name, format!("{place} has no parameter {name}"));
                continue;
            };
            let schema = resolve(&spec, &known["schema"]);
            let schema = schema.get("items").map_or(schema, |items| resolve(&spec, items));
            if schema["type"] == "integer" && value.parse::<i64>().is_err() {
                report(&name, format!("{place}: {name}={value} is no integer"));
            }
        }
        if !sent.body.is_empty() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body: Value = serde_json::from_str(&sent.body).unwrap();
            if let Some(problem) = misfit(&spec, schema, &body, "") {
                let name =
                    problem.split_whitespace().next().unwrap_or_default().trim_start_matches('.').to_owned();
                report(&name, format!("{place}: {problem}"));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(unused.is_empty(), "departures that no longer are any: {unused:#?}");
}
