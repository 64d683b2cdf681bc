//! Every request against the vendor's own OpenAPI files, as strictly as they allow: path, names and types of the query,
//! media type, members and types of the body.

use std::collections::BTreeSet;

use serde_json::Value;

use super::calls::{self, Case};
use super::recorder::Sent;
use super::shapes::{camel, renamed};
use super::vendor::{File, Operation};
use super::{coverage, recorder};

/// Where requests differ from the files on purpose: the reason, the years of the files, and the places. A place that no
/// request needs any more fails the test.
const DEPARTURES: &[(&str, &str, &[&str])] = &[
    (
        "documented on the vendor's pages; the files are older or leave it out",
        "2021 2022",
        &[
            "POST /api/v1/AgreementProducts/getaspost",
            "POST /api/v1/Subscriptions/new-commerce-orders",
            "GET /api/v1/Subscriptions/new-commerce-orders/{order}",
            "POST /api/v1/Subscriptions/{id}/next-term-instructions",
            "GET /api/v1/Subscriptions/coterminosity",
            "GET /api/v2/Subscriptions/coterminosity",
            "GET /api/v1/Subscriptions/{id}/term-immediate-change-options",
            "GET /api/v1/Subscriptions/{id}/price",
            "POST /api/v1/purchaserequest/verify",
            "POST /api/v1/purchaserequest/checkout",
            "GET /api/v1/scheduledpurchaserequest",
            "PUT /api/v1/scheduledpurchaserequest/cancel-order/{order_reference}/{order_number}",
            "GET /api/v1/BillingStatements/file/{id}/download",
            "GET /api/v2/BillingStatements/{id}/reconciliationfile",
            "GET /api/v1/invoices/{organization}",
            "GET /api/v1/orders/{order}/items",
            "POST /api/v1/exports/generate-license-report",
            "GET /api/v1/exports",
            "GET /api/v1/exports/{id}/download",
            "DELETE /api/v1/exports/{id}",
            "GET /api/v1/AzureUsage/{plan}/azureSubscriptions/{subscription}/monthlyUsage",
            "GET /api/v1/Agreements: ?isTrial is not in the file",
            "GET /api/v1/Subscriptions: ?publisherCustomerId is not in the file",
            "GET /api/v1/Subscriptions: ?sync is not in the file",
            "POST /api/v1/Assets/checkout: orderLines[].customTermEndDate is not in the file",
            "POST /api/v1/Assets/checkout: scheduledPurchaseDate is not in the file",
            "POST /api/v1/Assets/verify: orderLines[].customTermEndDate is not in the file",
            "POST /api/v1/Assets/verify: scheduledPurchaseDate is not in the file",
            "POST /api/v1/Subscriptions: customerTenant.publisherCustomerId is not in the file",
            "PUT /api/v1/Subscriptions/{id}: customerTenant.publisherCustomerId is not in the file",
        ],
    ),
    (
        "in the vendor's SDK only",
        "2021 2022",
        &[
            "PUT /api/v1/ResellerSalesPrices",
            "GET /api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/currency/{currency}",
            "GET /api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/currency/{currency}/resourceGroups",
            "GET /api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/category/{category}/currency/{currency}",
            "GET /api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/category/{category}/subcategory/{subcategory}/currency/{currency}",
            "GET /api/v1/UsageCost/resellerCustomer/{tenant}/subscription/{subscription}/resourceGroup/{resource_group}/currency/{currency}",
            "POST /api/v1/Consumers: legalName is not in the file",
            "PUT /api/v1/Consumers/{id}: legalName is not in the file",
            "POST /api/v1/FacebookOrders/checkout: lines is not in the file",
            "POST /api/v1/GoogleOrders/checkout: lines is not in the file",
            "POST /api/v1/Subscriptions/{id}/transition: fromCatalogItemId is not in the file",
            "POST /api/v1/Subscriptions/{id}/transition: fromSubscriptionId is not in the file",
            "POST /api/v1/Subscriptions/{id}/transition: toSubscriptionId is not in the file",
            "PUT /api/v1/Subscriptions/{id}: maxEndCustomerQuantity is not in the file",
        ],
    ),
    (
        "a sum of flags, of which the files list the single ones",
        "2021 2022",
        &["GET /api/v1/Subscriptions: ?Statuses has no value 67"],
    ),
    ("in the file of 2021 alone", "2022", &["GET /api/v1/Subscriptions/{id}/transition-eligibilities"]),
    (
        "in the file of 2022",
        "2021",
        &[
            "GET /api/v1/Subscriptions/{id}/transition-eligibilities/{eligibility_type}",
            "GET /api/v1/Subscriptions/{id}/transitions",
            "GET /api/v1/AgreementProducts: ?AgreementTypeIds[] has no value 13",
            "GET /api/v1/Agreements: ?AgreementTypes[] has no value 13",
            "POST /api/v1/AgreementProducts/file/xlsx: agreementTypeIds[] has no value 13",
            "POST /api/v1/AgreementProducts: agreementTypeIds[] has no value 13",
            "GET /api/v1/AgreementProducts: ?IgnoreTermBillingCycleCombinationsCheck is not in the file",
            "POST /api/v1/AgreementProducts/file/xlsx: ignoreTermBillingCycleCombinationsCheck is not in the file",
            "POST /api/v1/AgreementProducts: ignoreTermBillingCycleCombinationsCheck is not in the file",
            "GET /api/v1/Assets/orders: ?InvoiceProfileId is not in the file",
            "GET /api/v1/Assets: ?InvoiceProfileId is not in the file",
            "POST /api/v1/Assets/checkout: orderLines[].attestationAccepted is not in the file",
            "POST /api/v1/Assets/checkout: orderLines[].name is not in the file",
            "POST /api/v1/Assets/verify: orderLines[].attestationAccepted is not in the file",
            "POST /api/v1/Assets/verify: orderLines[].name is not in the file",
            "PUT /api/v1/Assets/{assetId}: autoRenewEnabled is not in the file",
            "PUT /api/v1/Assets/{assetId}: externalProductId is not in the file",
            "PUT /api/v1/Assets/{assetId}: externalSkuId is not in the file",
            "PUT /api/v1/Assets/{assetId}: name is not in the file",
            "PUT /api/v1/Subscriptions/{id}: cancellationAllowedUntilDate is not in the file",
            "PUT /api/v1/Subscriptions/{id}: scheduledNextTermInstructions is not in the file",
            "PUT /api/v1/Subscriptions/{id}: subscriptions[].cancellationAllowedUntilDate is not in the file",
        ],
    ),
    (
        "in the file of 2021 and the documents",
        "2022",
        &[
            "PUT /api/v1/Assets/{assetId}: productVariantId is not in the file",
            "PUT /api/v1/Subscriptions/{id}: scheduledNextTermInstructions.customTermEndDate is not in the file",
        ],
    ),
];

/// Parameters and operations of the files that the client does not send, with the reason.
const NOT_SENT: &[(&str, &str, &[&str])] = &[
    ("sent by the token manager, which has tests of its own", "2021 2022", &["POST /api/v1/connect/token"]),
    ("without effect, says the vendor", "2021 2022", &["GET /api/v1/Subscriptions: ?Refresh"]),
];

/// A value of a path or a query as JSON, by the type that its schema says.
fn typed(file: &File, schema: &Value, text: &str) -> Value {
    let schema = file.resolve(schema);
    match schema["type"].as_str() {
        Some("array") => Value::Array(vec![typed(file, &schema["items"], text)]),
        Some("integer" | "number" | "boolean") => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
        }
        _ => Value::from(text),
    }
}

fn check_path(file: &File, operation: Operation<'_>, sent: &Sent, found: &mut BTreeSet<String>) {
    let parameters = operation.parameters("path");
    for (name, value) in operation.path.split('/').zip(sent.path.split('/')) {
        let Some(name) = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else { continue };
        let schema = &parameters[name]["schema"];
        let value = value.replace("%3A", ":").replace("%40", "@");
        for misfit in file.misfits(schema, &typed(file, schema, &value)) {
            found.insert(format!("{} {}: {{{name}}}{misfit}", sent.method, operation.path));
        }
    }
}

fn check_query(file: &File, operation: Operation<'_>, sent: &Sent, found: &mut BTreeSet<String>) {
    let place = format!("{} {}", sent.method, operation.path);
    let parameters = operation.parameters("query");
    for (name, value) in url::form_urlencoded::parse(sent.query.as_bytes()) {
        let Some(parameter) = parameters.get(&*name) else {
            found.insert(format!("{place}: ?{name} is not in the file"));
            continue;
        };
        let schema = &parameter["schema"];
        for misfit in file.misfits(schema, &typed(file, schema, &value)) {
            found.insert(format!("{place}: ?{name}{misfit}"));
        }
    }
}

fn check_body(file: &File, operation: Operation<'_>, sent: &Sent, found: &mut BTreeSet<String>) {
    let place = format!("{} {}", sent.method, operation.path);
    match operation.bodies() {
        None if sent.body.is_empty() => {}
        None => {
            found.insert(format!("{place}: takes no body"));
        }
        Some(_) if sent.body.is_empty() => {
            found.insert(format!("{place}: takes a body"));
        }
        Some(bodies) => {
            let media = sent.content_type.split(';').next().unwrap().trim();
            let Some(body) = bodies.get(media) else {
                found.insert(format!("{place}: takes no {media}"));
                return;
            };
            // The files write camelCase; the service takes either.
            let value = renamed(&serde_json::from_str(&sent.body).unwrap(), camel);
            found.extend(
                file.misfits(&body["schema"], &value).into_iter().map(|misfit| format!("{place}: {misfit}")),
            );
        }
    }
}

/// Everything that a request says and the file does not.
fn check(file: &File, sent: &Sent, found: &mut BTreeSet<String>) {
    let own = coverage::endpoint(&sent.method, &sent.path);
    let Some(operation) = file.operation(own.method, own.path) else {
        found.insert(format!("{} {}", own.method, own.path));
        return;
    };
    check_path(file, operation, sent, found);
    check_query(file, operation, sent, found);
    check_body(file, operation, sent, found);
}

async fn every_request() -> Vec<Sent> {
    let (client, recorder) = recorder::client();
    let mut cases: Vec<Case> = calls::all(&client, &recorder).await;
    cases.extend(calls::bodies::all(&client, &recorder).await.into_iter().map(|(_, case)| case));
    cases.into_iter().flat_map(|case| case.sent).collect()
}

fn judge(file: &File, found: &BTreeSet<String>, listed: &[(&str, &str, &[&str])]) {
    let listed =
        listed.iter().filter(|(_, years, _)| years.contains(file.year)).flat_map(|(.., places)| *places);
    let listed: BTreeSet<String> = listed.map(|place| (*place).to_owned()).collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    let outdated: Vec<_> = listed.difference(found).collect();
    assert!(
        unlisted.is_empty() && outdated.is_empty(),
        "{}: unlisted: {unlisted:#?}\nno longer so: {outdated:#?}",
        file.year
    );
}

#[tokio::test]
async fn every_request_fits_the_vendors_files() {
    for file in File::all() {
        let mut found = BTreeSet::new();
        for sent in every_request().await {
            check(&file, &sent, &mut found);
        }
        judge(&file, &found, DEPARTURES);
    }
}

#[tokio::test]
async fn everything_that_the_vendors_files_take_is_sent() {
    for file in File::all() {
        let sent = every_request().await;
        let mut missing = BTreeSet::new();
        for (method, operation) in file.operations() {
            let place = format!("{method} {}", operation.path);
            let of_this = |sent: &&Sent| {
                let own = coverage::endpoint(&sent.method, &sent.path);
                let for_it = file.operation(own.method, own.path);
                sent.method == method && for_it.is_some_and(|found| found.path == operation.path)
            };
            let sent: Vec<&Sent> = sent.iter().filter(of_this).collect();
            if sent.is_empty() {
                missing.insert(place);
                continue;
            }
            let names: BTreeSet<String> = sent
                .iter()
                .flat_map(|sent| {
                    url::form_urlencoded::parse(sent.query.as_bytes()).map(|(name, _)| name.into_owned())
                })
                .collect();
            let unsent = operation.parameters("query").into_keys().filter(|name| !names.contains(*name));
            missing.extend(unsent.map(|name| format!("{place}: ?{name}")));
        }
        judge(&file, &missing, NOT_SENT);
    }
}
