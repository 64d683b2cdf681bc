//! The simulator against the vendor's own OpenAPI files of November 2021 and April 2022: operations, parameters, bodies,
//! answers.

use serde_json::{Value, json};

use crate::departures::{DEPARTURES_2021, DEPARTURES_2022, GONE, GONE_MEMBERS_2021, GONE_MEMBERS_2022};
use crate::desk::{Desk, PARENT};
use crate::typed::{Differences, Spec};

/// A value for each capture in a path of the file.
fn concrete(path: &str) -> String {
    let mut concrete = String::new();
    for segment in path.split('/').skip(1) {
        concrete.push('/');
        concrete.push_str(match segment {
            "{reservedInstance}" => "true",
            "{oldFromDate}" => "2026-03-01T00:00:00",
            "{partNumber}" => "CFQ7TTC0LH18%3A0001",
            "{clientId}" => "0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f",
            capture if capture.starts_with('{') => "1",
            literal => literal,
        });
    }
    // Users are the one resource whose ids are GUIDs.
    concrete.replace("/Users/1", "/Users/0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f")
}

fn query_sample(schema: &Value, spec: &Spec) -> String {
    let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
    let sample = spec.sample(schema, 0);
    match sample {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Samples are made by type, so that they may break a rule; but every name and type must be known.
fn is_unknown(reason: &str) -> bool {
    [
        "has no member",
        "is not a parameter",
        "is no value",
        "unknown path",
        "cannot be null",
        "must be a JSON",
        "must be true",
        "must be text",
        "must be a date",
        "must be the number",
        "must be a list",
    ]
    .iter()
    .any(|part| reason.contains(part))
}

#[tokio::test]
async fn every_operation_parameter_and_body_member_is_known() {
    for spec in Spec::all() {
        let (gone, counts) = match spec.year {
            "2021" => (GONE_MEMBERS_2021, (138, 262, 468)),
            _ => (GONE_MEMBERS_2022, (140, 265, 475)),
        };
        let (found, counted) = send_everything(&spec).await;
        let gone: Differences = gone.iter().map(|member| (*member).to_owned()).collect();
        assert_eq!(found, gone, "{}: every listed exception is needed", spec.year);
        assert_eq!(counted, counts, "{}", spec.year);
    }
}

/// Sends every operation with every parameter and member. Answers the members that are gone on purpose, and how many
/// operations, parameters and members there were.
async fn send_everything(spec: &Spec) -> (Differences, (usize, usize, usize)) {
    let desk = Desk::open().await;
    let (mut operations, mut parameters, mut members) = (0, 0, 0);
    let mut gone = Differences::new();
    for (method, path, operation) in spec.operations() {
        let name = format!("{method} {path}");
        if GONE.contains(&name.as_str()) || path.ends_with("/connect/token") {
            continue;
        }
        operations += 1;
        let none = Vec::new();
        let query: Vec<String> = operation["parameters"]
            .as_array()
            .unwrap_or(&none)
            .iter()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| {
                let value = query_sample(&parameter["schema"], spec);
                format!("{}={value}", parameter["name"].as_str().unwrap())
            })
            .collect();
        parameters += query.len();
        let target = format!("{}?{}", concrete(&path), query.join("&"));
        let schema = operation["requestBody"]["content"]["application/json"].get("schema");
        let body = schema.map(|schema| spec.sample(schema, 0));
        members += body.as_ref().and_then(Value::as_object).map_or(0, serde_json::Map::len);
        desk.crayon.reset_counters();
        let status = desk.send(&method, &target, body).await.status;
        assert_ne!(status, 405, "{name}");
        for refusal in desk.crayon.refused().into_iter().filter(|refusal| is_unknown(&refusal.reason)) {
            if GONE_MEMBERS_2021.contains(&refusal.reason.as_str()) {
                gone.insert(refusal.reason);
            } else {
                panic!("{} {name}: {} ({})", spec.year, refusal.reason, refusal.name);
            }
        }
    }
    (gone, (operations, parameters, members))
}

/// A read of the file, and the path to read.
type Read = (&'static str, String);

fn reads() -> Vec<Read> {
    let of = |template: &'static str, path: &str| (template, path.to_owned());
    let period = "from=2026-02-01T00:00:00&to=2026-03-01T00:00:00";
    vec![
        of("/api/v1/Me", "me"),
        of("/api/v1/Organizations", "organizations"),
        of("/api/v1/Organizations/{id}", "organizations/4100002"),
        of("/api/v1/Organizations/{organizationId}/salescontact", "organizations/4100001/salescontact"),
        of("/api/v1/Organizations/HasAccess/{id}", "organizations/HasAccess/1"),
        of("/api/v1/organizations/{organizationId}/Addresses", "organizations/4100001/addresses"),
        of("/api/v1/OrganizationAccess", "organizationaccess"),
        of("/api/v1/OrganizationAccess/grant", "organizationaccess/grant"),
        of("/api/v1/Users", "users"),
        of("/api/v1/Clients", "clients"),
        of("/api/v1/CustomerTenants", "customertenants?organizationId=4100001"),
        of("/api/v1/CustomerTenants/{id}", "customertenants/51001"),
        of("/api/v1/CustomerTenants/{id}/detailed", "customertenants/51001/detailed"),
        of("/api/v1/CustomerTenants/{customerTenantId}/azurePlan", "customertenants/51001/azurePlan"),
        of("/api/v1/customertenants/{customerTenantId}/agreements", "customertenants/51001/agreements"),
        of("/api/v1/Agreements", "agreements"),
        of("/api/v1/AgreementProducts", "agreementproducts?includeProductInformation=true&pageSize=100"),
        of(
            "/api/v1/AgreementProducts/{partNumber}/supportedbillingcycles",
            "agreementproducts/CFQ7TTC0LH18:0001/supportedbillingcycles",
        ),
        of("/api/v1/AgreementReports/{productContainerId}", "agreementreports/40001"),
        of("/api/v1/BillingCycles", "billingcycles?includeUnknown=true"),
        of("/api/v1/BillingCycles/productVariant/{productVariantId}", "billingcycles/productVariant/2600001"),
        of("/api/v1/BillingCycles/cspNameDictionary", "billingcycles/cspNameDictionary"),
        of("/api/v1/Publishers", "publishers"),
        of("/api/v1/Publishers/{id}", "publishers/2"),
        of("/api/v1/Programs", "programs"),
        of("/api/v1/Programs/{id}", "programs/8"),
        of("/api/v1/Regions", "regions"),
        of("/api/v1/Regions/bycode", "regions/bycode?regionCode=NO"),
        of("/api/v1/Subscriptions", "subscriptions?pageSize=1000"),
        of("/api/v1/Subscriptions/{id}", "subscriptions/610001"),
        of("/api/v1/Subscriptions/{subscriptionId}/tags", "subscriptions/610001/tags"),
        of("/api/v1/Subscriptions/{id}/activationlink", "subscriptions/610001/activationlink"),
        of("/api/v1/Subscriptions/subscriptionpricetypes", "subscriptions/subscriptionpricetypes"),
        of("/api/v1/InvoiceProfiles", "invoiceprofiles?organizationId=4100001"),
        of("/api/v1/InvoiceProfiles/{id}", "invoiceprofiles/80001"),
        of("/api/v1/BillingStatements", "billingstatements?organizationId=4100001"),
        of("/api/v1/BillingStatements/grouped", "billingstatements/grouped?organizationId=4100001"),
        of("/api/v1/Groupings", "groupings"),
        of("/api/v1/Groupings/{id}", "groupings/1201"),
        (
            "/api/v1/UsageCost/organization/{organizationId}",
            format!("usagecost/organization/{PARENT}?{period}"),
        ),
        of("/api/v1/AzurePlans/{azurePlanId}", "azureplans/1701"),
        of("/api/v1/AzurePlans/{azurePlanId}/azureSubscriptions", "azureplans/1701/azureSubscriptions"),
        of(
            "/api/v1/AzurePlans/{azurePlanId}/azureSubscriptions/{id}",
            "azureplans/1701/azureSubscriptions/2901",
        ),
        of("/api/v1/Assets", "assets"),
        of("/api/v1/Assets/{id}", "assets/20001"),
        of("/api/v1/Assets/orders", "assets/orders"),
        of("/api/v1/Consumers", "consumers"),
        of("/api/v1/Consumers/{id}", "consumers/30001"),
        of("/api/v1/ResellerSalesPrices", "resellersalesprices"),
        of("/api/v1/ResellerSalesPrices/current", "resellersalesprices/current?objectId=51001"),
        of("/api/v1/ActivityLogs", "activitylogs?entity=Subscription&id=610001"),
        of("/api/v1/ManagementLinks", "managementlinks"),
        of("/api/v1/ManagementLinks/grouped", "managementlinks/grouped"),
        of("/api/v1/ProductContainers", "productcontainers"),
        of("/api/v1/ProductContainers/{id}", "productcontainers/40001"),
        of("/api/v1/ProductContainers/rowissues/{id}", "productcontainers/rowissues/40001"),
        of(
            "/api/v1/ProductContainers/getorcreateshoppingcart",
            "productcontainers/getorcreateshoppingcart?organizationId=4100001",
        ),
        of("/api/v1/AwsAccounts", "awsaccounts"),
        of("/api/v1/AwsAccounts/{id}", "awsaccounts/8101"),
        of("/api/v1/CrayonAccounts", "crayonaccounts"),
        of("/api/v1/CrayonAccounts/{id}", "crayonaccounts/8501"),
        of("/api/v1/BlogItems", "blogitems"),
    ]
}

/// Fills what is empty at the start, so that every list has a row, and compares the answers to the writes.
async fn write_and_compare(desk: &Desk, spec: &Spec, found: &mut Differences) {
    let tenant = desk.consenting_tenant("compared").await;
    let compare = |method: &str, template: &str, answer: &Value, found: &mut Differences| {
        if let Some(schema) = spec.answer(method, template) {
            spec.compare(template, schema, answer, found);
        }
    };
    let created = desk.create_tenant("comparedtwo").await;
    compare("POST", "/api/v1/CustomerTenants", &created, found);
    let subscription = json!({
        "Name": "x", "CustomerTenant": {"Id": tenant}, "Product": {"PartNumber": "CFQ7TTC0LH18:0001"}, "Quantity": 9,
        "BillingCycle": 1, "TermDuration": "P1Y",
    });
    let bought = desk.post("subscriptions", subscription).await;
    compare("POST", "/api/v1/Subscriptions", &bought, found);
    let id = bought["Id"].as_i64().unwrap();
    let offers = desk.get(&format!("subscriptions/{id}/transition-eligibilities/immediate")).await;
    let request = json!({
        "ToCatalogItemId": offers["items"][0]["catalogItemId"], "TransitionType": "transition_only", "Quantity": 2,
        "BillingCycle": 1, "Term": "P1Y",
    });
    let upgraded = desk.post(&format!("subscriptions/{id}/transition"), request).await;
    compare("POST", "/api/v1/Subscriptions/{id}/transition", &upgraded, found);
    let eligibilities = "/api/v1/Subscriptions/{id}/transition-eligibilities/{eligibilityType}";
    compare("GET", eligibilities, &offers, found);
    let transitions = desk.get(&format!("subscriptions/{id}/transitions")).await;
    assert_eq!(transitions["TotalHits"], 1);
    compare("GET", "/api/v1/Subscriptions/{id}/transitions", &transitions, found);
    let mut body = desk.get("subscriptions/610001").await;
    body["Quantity"] = json!(200);
    body["SubscriptionTags"] = json!({"Owner": "Ops"});
    compare("PUT", "/api/v1/Subscriptions/{id}", &desk.put("subscriptions/610001", body).await, found);
    let legacy = desk.get("subscriptions?statuses=1&search=office").await["Items"][0]["Id"].as_i64().unwrap();
    for (part, template) in [
        ("conversions", "/api/v1/Subscriptions/{subscriptionId}/conversions"),
        ("addon-offers", "/api/v1/Subscriptions/{subscriptionId}/addon-offers"),
    ] {
        let answer = desk.get(&format!("subscriptions/{legacy}/{part}")).await;
        assert_ne!(answer["TotalHits"], 0);
        compare("GET", template, &answer, found);
    }
    let cart = json!({
        "ResellerCustomerId": tenant,
        "OrderLines": [
            {"ProductId": "CFQ7TTC0LH18", "SkuId": "0001", "Quantity": 1, "BillingCycle": 1, "TermDuration": "P1Y", "Type": 3},
        ],
    });
    let verified = desk.post("assets/verify", cart).await;
    compare("POST", "/api/v1/Assets/verify", &verified, found);
    desk.post("assets/checkout", verified).await;
    let price = json!({
        "ObjectId": 51001, "ObjectType": 2, "Type": 1, "PriceType": 1, "Value": 10, "FromDate": "2026-03-01T00:00:00",
    });
    let price = desk.post("resellersalesprices", price).await;
    compare("POST", "/api/v1/ResellerSalesPrices", &price, found);
    let usage = desk.get(&format!("usagecost/organization/{PARENT}?from=2026-02-01&to=2026-03-01")).await;
    let request = json!({
        "ResellerCustomerId": 51001, "SubscriptionId": usage["Items"][1]["SubscriptionId"], "CurrencyCode": "EUR",
        "From": "2026-02-01T00:00:00", "To": "2026-03-01T00:00:00", "Category": "Storage",
        "Subcategory": "Managed Disks", "ResourceGroup": "rg-app",
    });
    for (path, more) in [
        ("getForSubscription", &[][..]),
        ("getForCategory", &["Category"]),
        ("getForSubcategory", &["Category", "Subcategory"]),
        ("getForSubscription/resourceGroups", &[]),
        ("getForResourceGroup", &["ResourceGroup"]),
    ] {
        let mut body = request.clone();
        for name in ["Category", "Subcategory", "ResourceGroup"] {
            if !more.contains(&name) {
                body.as_object_mut().unwrap().remove(name);
            }
        }
        let answer = desk.post(&format!("usagecost/{path}"), body).await;
        assert_ne!(answer["TotalHits"], 0, "{path}");
        compare("POST", &format!("/api/v1/UsageCost/{path}"), &answer, found);
    }
}

async fn departures(spec: &Spec) -> Differences {
    let desk = Desk::open().await;
    let mut found = Differences::new();
    write_and_compare(&desk, spec, &mut found).await;
    for (template, path) in reads() {
        let answer = desk.get(&path).await;
        assert_ne!(answer["TotalHits"], json!(0), "{path} shows nothing to compare");
        let schema = spec.answer("GET", template).unwrap_or_else(|| panic!("{template} has no schema"));
        spec.compare(template, schema, &answer, &mut found);
    }
    found
}

#[tokio::test]
async fn answers_fit_the_vendors_schemas_but_for_listed_departures() {
    for spec in Spec::all() {
        let listed = if spec.year == "2021" { DEPARTURES_2021 } else { DEPARTURES_2022 };
        let listed: Differences = listed.iter().map(|(departure, _)| (*departure).to_owned()).collect();
        let found = departures(&spec).await;
        let unlisted: Vec<_> = found.difference(&listed).collect();
        let outdated: Vec<_> = listed.difference(&found).collect();
        let year = spec.year;
        assert!(
            unlisted.is_empty() && outdated.is_empty(),
            "{year}: unlisted: {unlisted:#?}\noutdated: {outdated:#?}"
        );
    }
}
