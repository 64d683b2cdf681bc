//! Users, clients, organizations and everything else that is kept beside customers.

use serde_json::{Value, json};

use crate::desk::{CHILD, Desk, PARENT, ids};

#[tokio::test]
async fn the_caller_and_its_organizations() {
    let desk = Desk::open().await;
    let me = desk.get("me").await;
    assert_eq!(
        (me["UserName"].clone(), me["Claims"][1].clone()),
        (json!("api.user@example.com"), json!("scope: CustomerApi"))
    );
    let page = desk.get("organizations/?page=1&pageSize=50").await;
    assert_eq!((page["TotalHits"].clone(), ids(&page)), (json!(2), vec![PARENT, CHILD]));
    assert_eq!(
        (page["Items"][1]["ParentId"].clone(), page["Items"][1]["AccountNumber"].clone()),
        (json!(PARENT), Value::Null)
    );
    assert_eq!(ids(&desk.get("organizations?search=sub").await), [CHILD]);
    assert_eq!(desk.get(&format!("organizations/{PARENT}")).await, page["Items"][0]);
    assert_eq!(desk.get(&format!("organizations/HasAccess/{PARENT}")).await, true);
    let foreign = desk.crayon.foreign_organization_id();
    assert_eq!(desk.get(&format!("organizations/HasAccess/{foreign}")).await, false);
    assert_eq!(desk.answer("GET", &format!("organizations/{foreign}"), None, 404).await, Value::Null);
    assert!(desk.get(&format!("organizations/{PARENT}/salescontact")).await["Email"].is_string());
    let addresses = desk.get(&format!("organizations/{PARENT}/addresses?type=Invoice")).await;
    assert_eq!(addresses["TotalHits"], 1);
    let id = addresses["Items"][0]["Id"].as_i64().unwrap();
    assert_eq!(desk.get(&format!("organizations/{PARENT}/addresses/{id}")).await, addresses["Items"][0]);
    desk.answer("GET", &format!("organizations/{CHILD}/addresses/{id}"), None, 404).await;
}

#[tokio::test]
async fn access_can_be_granted() {
    let desk = Desk::open().await;
    let all = desk.get("organizationaccess?organizationId=0").await;
    assert_eq!(all["TotalHits"], 2);
    let mut row =
        desk.get(&format!("organizationaccess/grant?organizationId={CHILD}")).await["Items"][0].clone();
    assert_eq!(row["Role"], 3);
    row["Role"] = json!(4);
    let granted = desk.put("organizationaccess", json!([row])).await;
    assert_eq!((granted[0]["Id"].clone(), granted[0]["Role"].clone()), (row["Id"].clone(), json!(4)));
    row["Id"] = json!(0);
    let granted = desk.put("organizationaccess", json!([row])).await;
    assert_eq!(granted[0]["Id"], 603);
    let user = row["User"]["Id"].as_str().unwrap();
    assert_eq!(desk.get(&format!("organizationaccess?userId={user}")).await["TotalHits"], 3);
    row["User"]["Id"] = json!("nobody");
    desk.answer("PUT", "organizationaccess", Some(json!([row])), 400).await;
    desk.answer("PUT", "organizationaccess", Some(json!({})), 400).await;
}

#[tokio::test]
async fn users_come_and_go() {
    let desk = Desk::open().await;
    let body = json!({"UserName": "two@example.com", "FirstName": "Test", "LastName": "Two"});
    let created = desk.post("users", body.clone()).await;
    let id = created["Id"].as_str().unwrap().to_owned();
    assert_eq!(
        (created["TenantAdmin"].clone(), created["Email"].clone()),
        (json!(false), json!("two@example.com"))
    );
    assert_eq!(desk.answer("POST", "users", Some(body), 400).await["ErrorCode"], "UserNameTaken");
    assert_eq!(desk.get("users").await["TotalHits"], 2);
    assert_eq!(desk.get("users?role=TenantAdmin").await["TotalHits"], 1);
    assert_eq!(desk.get(&format!("users?organizationId={PARENT}&search=api")).await["TotalHits"], 1);
    assert_eq!(desk.get("users/user?userName=TWO@example.com").await["Id"], json!(id));
    desk.answer("GET", "users/user?userName=three@example.com", None, 404).await;
    let mut changed = created;
    changed["LastName"] = json!("Deux");
    assert_eq!(desk.put(&format!("users/{id}"), changed).await["LastName"], "Deux");
    let password = json!({"UserId": id, "NewPassword": "example-1"});
    assert_eq!(desk.put(&format!("users/{id}/changepassword"), password).await, true);
    desk.answer("PUT", &format!("users/{id}/changepassword"), Some(json!({"UserId": id})), 400).await;
    assert_eq!(desk.answer("DELETE", &format!("users/{id}"), None, 200).await, true);
    desk.answer("GET", &format!("users/{id}"), None, 404).await;
    let own = desk.get("me").await["UserId"].as_str().unwrap().to_owned();
    assert_eq!(desk.answer("DELETE", &format!("users/{own}"), None, 400).await["ErrorCode"], "OwnUser");
}

#[tokio::test]
async fn a_secret_is_readable_once() {
    let desk = Desk::open().await;
    let client = desk.post("clients", json!({"ClientName": "Second", "Flow": 4, "Enabled": true})).await;
    let id = client["ClientId"].as_str().unwrap().to_owned();
    let secret = desk.post("secrets", json!({"ClientId": id, "Description": "first"})).await;
    assert!(secret["Value"].as_str().unwrap().starts_with("example-"));
    let read = desk.get(&format!("clients/{id}")).await;
    assert_eq!(
        (read["ClientSecrets"][0]["Id"].clone(), read["ClientSecrets"][0]["Value"].clone()),
        (secret["Id"].clone(), Value::Null)
    );
    let number = secret["Id"].as_i64().unwrap();
    desk.answer("DELETE", &format!("secrets?secretId={number}&clientId=other"), None, 404).await;
    assert_eq!(
        desk.answer("DELETE", &format!("secrets?secretId={number}&clientId={id}"), None, 200).await,
        true
    );
    let mut changed = read;
    changed["ClientName"] = json!("Renamed");
    assert_eq!(desk.put(&format!("clients/{id}"), changed).await["ClientSecrets"], json!([]));
    assert_eq!(desk.get("clients?search=renamed").await["TotalHits"], 1);
    assert_eq!(desk.answer("DELETE", &format!("clients/{id}"), None, 200).await, true);
    desk.answer("GET", &format!("clients/{id}"), None, 404).await;
    let own = desk.crayon.client_id();
    assert_eq!(desk.answer("DELETE", &format!("clients/{own}"), None, 400).await["ErrorCode"], "OwnClient");
    desk.answer("POST", "secrets", Some(json!({"ClientId": "other"})), 404).await;
}

#[tokio::test]
async fn consumers_have_a_legal_name() {
    let desk = Desk::open().await;
    assert_eq!(
        ids(&desk.get(&format!("consumers?organizationId={CHILD}&pageSize=1000")).await),
        [30_003, 30_004]
    );
    let body = json!({"Name": "Third", "LegalName": "Third AS", "Organization": {"Id": PARENT}});
    let created = desk.post("consumers", body).await;
    let mut changed = desk.get("consumers/30005").await;
    assert_eq!(changed, created);
    changed.as_object_mut().unwrap().remove("LegalName");
    assert_eq!(desk.put("consumers/30005", changed).await["LegalName"], Value::Null);
    assert_eq!(desk.get("consumers?search=third").await["TotalHits"], 1);
    assert_eq!(desk.answer("DELETE", "consumers/30005", None, 200).await, true);
    desk.answer("GET", "consumers/30005", None, 404).await;
}

#[tokio::test]
async fn sales_prices_start_at_a_date() {
    let desk = Desk::open().await;
    let price = |from: &str, value: f64| json!({"ObjectId": 51001, "ObjectType": 2, "Type": 3, "PriceType": 1, "Value": value, "FromDate": from});
    desk.answer("GET", "resellersalesprices/current?objectId=51001&objectType=2", None, 404).await;
    desk.post("resellersalesprices", price("2026-01-01T00:00:00", 10.0)).await;
    desk.post("resellersalesprices", price("2026-03-01T00:00:00", 12.5)).await;
    desk.post("resellersalesprices", price("2026-06-01T00:00:00", 15.0)).await;
    let error =
        desk.answer("POST", "resellersalesprices", Some(price("2026-06-01T00:00:00", 1.0)), 400).await;
    assert_eq!(error["ErrorCode"], "PriceExists");
    let rows = desk.get("resellersalesprices?type=3&objectId=51001&objectType=2").await;
    assert_eq!(rows.as_array().unwrap().len(), 3);
    let docs =
        "resellersalesprices/current?resellerSalesPriceType=3&objectId=51001&resellerSalesPriceObjectType=2";
    assert_eq!(desk.get(docs).await["Value"], 12.5);
    desk.put("resellersalesprices", price("2026-03-01T00:00:00", 13.0)).await;
    assert_eq!(desk.get(docs).await["Value"], json!(13.0));
    desk.put("resellersalesprices/2026-06-01T00:00:00", price("2026-03-10T00:00:00", 14.0)).await;
    assert_eq!(desk.get(docs).await["Value"], json!(14.0));
    desk.answer("PUT", "resellersalesprices/2026-07-01", Some(price("2026-07-01", 1.0)), 404).await;
    desk.post("resellersalesprices/toggle", json!({"Toggle": false, "ObjectId": 51001, "ObjectType": 2}))
        .await;
    desk.answer("GET", docs, None, 404).await;
    desk.post("resellersalesprices/toggle", json!({"Toggle": true, "ObjectId": 51001, "ObjectType": 2}))
        .await;
    desk.answer("DELETE", "resellersalesprices", None, 400).await;
    desk.answer("DELETE", "resellersalesprices?objectId=51001&fromDate=2026-03-10", None, 200).await;
    assert_eq!(desk.get(docs).await["Value"], json!(13.0));
    desk.answer("DELETE", "resellersalesprices?objectId=1", None, 404).await;
    let mut unknown = price("2026-01-01", 1.0);
    unknown["ObjectId"] = json!(99);
    desk.answer("POST", "resellersalesprices", Some(unknown), 404).await;
}

#[tokio::test]
async fn links_lead_to_the_portals() {
    let desk = Desk::open().await;
    let page = desk.get("managementlinks?subscriptionIds=610001&resellerCustomerIds=51001").await;
    assert_eq!(page["TotalHits"], 1);
    assert_eq!(page["Items"][0]["Subscription"], json!({"Id": 610_001, "Name": "Sample Business Suite"}));
    let grouped =
        desk.get("managementlinks/grouped?resellerCustomerIds=51001&resellerCustomerIds=51002").await;
    assert_eq!(grouped["TotalHits"], 2);
    assert!(grouped["Items"][0].get("Subscription").is_none());
}

#[tokio::test]
async fn activity_needs_an_entity_and_an_id() {
    let desk = Desk::open().await;
    desk.answer("GET", "activitylogs", None, 400).await;
    desk.answer("GET", "activitylogs?entity=CustomerTenant", None, 400).await;
    let id = desk.create_tenant("logged").await["Tenant"]["Id"].as_i64().unwrap();
    let log = desk.get(&format!("activitylogs?entity=customertenant&id={id}&ids=51001")).await;
    assert_eq!((log["TotalHits"].clone(), log["Items"][0]["ChangeType"].clone()), (json!(1), json!(2)));
    assert_eq!(log["Items"][0]["ChangedDate"], "2026-03-15T12:00:00.0000000Z");
    let before = format!("activitylogs?entity=CustomerTenant&id={id}&to=2026-03-15T11:00:00");
    assert_eq!(desk.get(&before).await["TotalHits"], 0);
}

#[tokio::test]
async fn containers_hold_carts_and_reports() {
    let desk = Desk::open().await;
    let reports = desk.get(&format!("productcontainers?organizationId={PARENT}&category=2")).await;
    assert_eq!(ids(&reports), [40_001]);
    let both =
        format!("productcontainers?organizationId={PARENT}&includeSubsidiaries=true&year=2026&month=2");
    assert_eq!(desk.get(&both).await["TotalHits"], 2);
    let cart = desk.get(&format!("productcontainers/getorcreateshoppingcart?organizationId={PARENT}")).await;
    assert_eq!(cart["Id"], 40_003, "the first GET makes it");
    let again = desk.get(&format!("productcontainers/getorcreateshoppingcart?organizationId={PARENT}")).await;
    assert_eq!(again, cart);
    let mut changed = cart;
    changed["Note"] = json!("for later");
    assert_eq!(
        desk.put("productcontainers/40003?requireEulaAnalysis=true", changed).await["Note"],
        "for later"
    );
    assert_eq!(desk.answer("DELETE", "productcontainers/40003", None, 200).await, true);
    assert_eq!(desk.get("productcontainers/40003").await["Removed"], true);
    let issues = desk.get("productcontainers/rowissues/40001").await;
    assert_eq!(issues["ProductRows"][0]["Issues"][0]["Code"], "ProductVariantMissing");
    let row = json!({"Id": 50001, "Quantity": 9, "ProductVariant": {"Id": 2600001}});
    let patched = desk.answer("PATCH", "productcontainers/40001/row/50001", Some(row), 200).await;
    assert_eq!(
        (
            patched["ProductRows"][0]["Quantity"].clone(),
            patched["ProductRows"][0]["UsageCountryCode"].clone()
        ),
        (json!(9), json!("NO"))
    );
    assert_eq!(desk.get("productcontainers/rowissues/40001").await["ProductRows"][0]["Issues"], json!([]));
    let path = format!(
        "productcontainers/reportbymonth?organizationId={PARENT}&programId=8&year=2026&month=3&copyLast=true"
    );
    let report = desk.answer("POST", &path, None, 200).await;
    assert_eq!(
        (report["UsageMonth"].clone(), report["ProductRows"][0]["Quantity"].clone()),
        (json!("2026-03-01T00:00:00"), json!(9))
    );
    desk.answer("POST", &path.replace("month=3", "month=13"), None, 400).await;
    desk.answer("PATCH", "productcontainers/40001/row/1", Some(json!({})), 404).await;

    let rows = desk.get("agreementreports/40001").await;
    let mut row = rows["Items"][0].clone();
    assert_eq!((row["Status"].clone(), row["HasValidAgreementTerm"].clone()), (json!(1), json!(true)));
    row["Status"] = json!(6);
    assert_eq!(desk.put("agreementreports/90001", row).await["Status"], 6);
    desk.answer("GET", "agreementreports/99", None, 404).await;
}

#[tokio::test]
async fn other_clouds_have_accounts() {
    let desk = Desk::open().await;
    let aws =
        desk.get(&format!("awsaccounts?organizationId={PARENT}&publisherId=4&customerTenantType=2")).await;
    assert_eq!(ids(&aws), [8_101]);
    let mut account = desk.get("awsaccounts/8101").await;
    account["Reference"] = json!("R-1");
    assert_eq!(desk.put("awsaccounts/8101", account).await["Reference"], "R-1");
    assert_eq!(desk.get("crayonaccounts?consumerId=1").await["TotalHits"], 0);
    let created = desk.post("crayonaccounts", json!({"Name": "New", "Organization": {"Id": CHILD}})).await;
    assert_eq!(
        (created["Id"].clone(), created["Organization"]["Name"].clone()),
        (json!(8_503), json!("Example Partner Sub AS"))
    );
    assert_eq!(desk.get("crayonaccounts/8503").await, created);
    desk.put("crayonaccounts/8503", created).await;
    desk.answer("GET", "crayonaccounts/99", None, 404).await;
    desk.answer("POST", "crayonaccounts", Some(json!({"Name": "New"})), 400).await;
}

#[tokio::test]
async fn google_and_facebook_orders_are_checked_out() {
    let desk = Desk::open().await;
    let line =
        json!({"PublisherId": 5, "AgreementId": 90013, "ProductVariantId": 1, "Sku": "S", "Quantity": 2});
    let mut order = json!({
        "OrganizationId": PARENT, "InvoiceProfileId": 80001, "DomainName": "example.com",
        "SubscriptionStartDate": "2026-04-01T00:00:00", "Lines": [line],
    });
    assert_eq!(desk.post("googleorders/checkout", order.clone()).await, Value::Null);
    order["Lines"][0]["Quantity"] = json!(0);
    desk.answer("POST", "googleorders/checkout", Some(order.clone()), 400).await;
    order["Lines"][0]["Quantity"] = json!(1);
    order["InvoiceProfileId"] = json!(80_003);
    desk.answer("POST", "googleorders/checkout", Some(order), 400).await;
    let order = json!({
        "OrganizationId": PARENT, "InvoiceProfileId": 80001, "ConsumerSignupEmail": "a@example.com", "Lines": [line],
    });
    desk.post("facebookorders/checkout", order).await;
    assert_eq!(desk.crayon.purchases(), 2);
    assert_eq!(desk.get("blogitems").await["TotalHits"], 6);
    assert_eq!(desk.get(&format!("blogitems?count=2&organizationId={PARENT}")).await["TotalHits"], 2);
}
