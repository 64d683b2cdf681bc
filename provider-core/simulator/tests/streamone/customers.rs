//! Customers of v3: paging, filters, writes, and what every v3 call has in common.

use serde_json::{Value, json};

use crate::client::{World, encoded, send};

fn id_of(customer: &Value) -> String {
    customer["name"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn all_pages(world: &World, first: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut path = first.to_owned();
    loop {
        let page = world.read(&path).await;
        found.extend(page["customers"].as_array().unwrap().iter().cloned());
        match page.get("nextPageToken") {
            None => return found,
            Some(token) => path = format!("{first}&pageToken={}", encoded(token.as_str().unwrap())),
        }
    }
}

fn new_customer(email: &str) -> Value {
    json!({
        "customerOrganization": "Example Bakery Ltd",
        "customerAddress": {"street": "2 Sample Way", "city": "Reston", "state": "VA", "zip": "20190", "country": "US"},
        "customerName": "Office Contact",
        "customerEmail": email,
        "languageCode": "EN",
        "customerTitle": "Office",
    })
}

#[tokio::test]
async fn token_pages_hand_out_every_customer_once() {
    let world = World::start().await;
    for size in [1, 7, 25, 200] {
        let found = all_pages(&world, &format!("/accounts/{{a}}/customers?pageSize={size}")).await;
        let mut ids: Vec<String> = found.iter().map(id_of).collect();
        assert_eq!(ids.len(), 25, "page size {size}");
        ids.dedup();
        assert_eq!(ids.len(), 25);
    }
    let page = world.read("/accounts/{a}/customers?pageSize=25").await;
    assert!(page.get("nextPageToken").is_none(), "an exact last page has no token");
    world.ion.set_write_empties(true);
    let page = world.read("/accounts/{a}/customers?pageSize=25").await;
    assert_eq!(page["nextPageToken"], "");
}

#[tokio::test]
async fn the_first_page_needs_a_size_and_a_token_its_own_filters() {
    let world = World::start().await;
    let refused = world.get("/accounts/{a}/customers").await.json(400);
    assert_eq!(refused["error"], "INVALID_REQUEST");
    assert_eq!(refused["code"], 400);
    assert_eq!(world.refused()[0].0, "pageSize");
    let page = world.read("/accounts/{a}/customers?pageSize=10").await;
    let token = page["nextPageToken"].as_str().unwrap();
    let alone = world.read(&format!("/accounts/{{a}}/customers?pageToken={token}")).await;
    assert_eq!(alone["customers"].as_array().unwrap().len(), 15);
    let other = format!("/accounts/{{a}}/customers?pageToken={token}&filter.customerStatus=ACTIVE");
    assert_eq!(world.get(&other).await.json(400)["error"], "INVALID_ARGUMENT");
    let bogus = world.get("/accounts/{a}/customers?pageSize=10&pageToken=x").await.json(400);
    assert_eq!(bogus["message"], "page_token 'x' is not valid for this list");
    world.ion.set_largest_page(4, 4);
    let page = world.read("/accounts/{a}/customers?pageSize=1000").await;
    assert_eq!(page["customers"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn records_have_the_documented_members() {
    let world = World::start().await;
    let page = world.read("/accounts/{a}/customers?pageSize=1").await;
    let customer = &page["customers"][0];
    let name = format!("accounts/{}/customers/310045", world.ion.account_id());
    assert_eq!(customer["name"], name);
    assert!(customer.get("id").is_none(), "the id travels in the name alone");
    assert_eq!(customer["customerOrganization"], "Example Dental Group 1");
    assert_eq!(customer["customerStatus"], "ACTIVE");
    assert_eq!(customer["customerAddress"]["country"], "US");
    assert_eq!(&world.read("/accounts/{a}/customers/310045").await, customer);
    assert!(!page.to_string().contains("null"), "absent members are left out");
}

#[tokio::test]
async fn filters_work_only_with_a_status() {
    let world = World::start().await;
    let ask = async |filter: &str| {
        all_pages(&world, &format!("/accounts/{{a}}/customers?pageSize=100&{filter}")).await
    };
    assert_eq!(ask("filter.customerStatus=INACTIVE").await.len(), 2);
    assert_eq!(ask("filter.customerStatus=ACTIVE").await.len(), 23);
    let email = encoded("billing3@customer3.example.com");
    let by_email = format!("filter.customerEmail={email}");
    let found = ask(&format!("{by_email}&filter.customerStatus=ACTIVE")).await;
    assert_eq!(found.iter().map(id_of).collect::<Vec<_>>(), ["310047"]);
    assert_eq!(ask(&by_email).await.len(), 25, "without a status the filter does nothing");
    let domain = "filter.customerDomain=example4.onmicrosoft.com&filter.customerStatus=ACTIVE";
    assert_eq!(ask(domain).await.iter().map(id_of).collect::<Vec<_>>(), ["310048"]);
}

#[tokio::test]
async fn a_created_customer_comes_with_a_password_once() {
    let world = World::start().await;
    let body = new_customer("office@bakery.example.com").to_string();
    let made = world.call("POST", "/accounts/{a}/customers", &body).await.json(200);
    assert_eq!(made["user"]["userStatus"], "ACTIVE");
    assert!(made["user"]["password"].as_str().unwrap().starts_with("example-"));
    assert_eq!(made["createTime"], crate::client::NOW);
    let read = world.read(&format!("/accounts/{{a}}/customers/{}", id_of(&made))).await;
    assert!(read.get("user").is_none());
    assert_eq!(read["customerTitle"], "Office");
    assert_eq!(world.ion.customer_count(), 26);
}

#[tokio::test]
async fn a_used_address_and_a_bad_language_answer_412() {
    let world = World::start().await;
    let body = new_customer("Billing2@Customer2.example.com").to_string();
    let refused = world.call("POST", "/accounts/{a}/customers", &body).await.json(412);
    assert_eq!(refused["error"], "FAILED_PRECONDITION");
    assert_eq!(refused["code"], 412);
    let detail = &refused["details"][0];
    assert_eq!(detail["@type"], "type.googleapis.com/google.rpc.RequestInfo");
    assert_eq!(detail["code"], "CUS-CR-001");
    assert_eq!(detail["referenceEntity"], "primaryContactEmail");
    assert_eq!(detail["requestId"].as_str().unwrap().len(), 20);
    let mut body = new_customer("new@bakery.example.com");
    body["languageCode"] = json!("English");
    let refused = world.call("POST", "/accounts/{a}/customers", &body.to_string()).await.json(412);
    assert_eq!(refused["details"][0]["code"], "CUS-CR-002");
    assert_eq!(world.ion.customer_count(), 25);
    assert!(world.ion.refused().is_empty());
}

#[tokio::test]
async fn an_update_replaces_the_whole_object() {
    let world = World::start().await;
    let mut body = new_customer("billing1@customer1.example.com");
    body.as_object_mut().unwrap().remove("customerTitle");
    let path = "/accounts/{a}/customers/310045";
    let changed = world.call("PUT", path, &body.to_string()).await.json(200);
    assert_eq!(changed["customerOrganization"], "Example Bakery Ltd");
    assert!(changed["user"].get("password").is_none());
    let read = world.read(path).await;
    assert!(read.get("customerTitle").is_none(), "what is left out is gone");
    assert!(read.get("customerPhone").is_none());
    assert_eq!(read["updateTime"], crate::client::NOW);
    let stolen = new_customer("billing2@customer2.example.com").to_string();
    assert_eq!(world.call("PUT", path, &stolen).await.status, 412);
    let partial = json!({"customerOrganization": "x"}).to_string();
    assert_eq!(world.call("PUT", path, &partial).await.status, 400);
    assert_eq!(world.refused()[0].0, "customerAddress");
}

#[tokio::test]
async fn what_the_reference_does_not_list_is_refused() {
    let world = World::start().await;
    for (query, name) in [
        ("page_size=5", "page_size"),
        ("pageSize=5&page=2", "page"),
        ("pageSize=5&pageSize=6", "pageSize"),
        ("pageSize=many", "pageSize"),
        ("pageSize=5&filter.customerStatus=active", "filter.customerStatus"),
    ] {
        let answer = world.get(&format!("/accounts/{{a}}/customers?{query}")).await.json(400);
        assert_eq!(answer["error"], "INVALID_REQUEST", "{query}");
        assert_eq!(world.refused()[0].0, name);
    }
    for (member, value, name) in [
        ("alternateEmail", json!("x@example.com"), "alternateEmail"),
        ("customerName", json!(7), "customerName"),
        ("languageCode", json!(""), "languageCode"),
        ("customerAddress", json!({"street": "x"}), "customerAddress.city"),
    ] {
        let mut body = new_customer("strict@bakery.example.com");
        body[member] = value;
        let answer = world.call("POST", "/accounts/{a}/customers", &body.to_string()).await;
        assert_eq!(answer.json(400)["error"], "INVALID_REQUEST");
        assert_eq!(world.refused()[0].0, name);
    }
    assert_eq!(world.call("DELETE", "/accounts/{a}/customers/310045", "").await.status, 404);
    assert_eq!(world.get("/accounts/{a}/customers/").await.status, 404);
    world.ion.set_strict(false);
    assert_eq!(world.get("/accounts/{a}/customers?pageSize=5&page=2").await.status, 200);
}

#[tokio::test]
async fn the_account_the_role_and_the_bearer_are_checked() {
    let world = World::start().await;
    let missing = world.get("/accounts/{a}/customers/1").await.json(404);
    let message = format!("resource 'accounts/{}/customers/1' not found", world.ion.account_id());
    assert_eq!(missing["message"], message);
    assert_eq!(missing["error"], "NOT_FOUND");
    let foreign = world.get("/accounts/1/customers?pageSize=1").await.json(403);
    assert_eq!(foreign["error"], "PERMISSION_DENIED");
    assert_eq!(foreign["message"], "permission denied for resource 'accounts/1'");
    world.ion.deny("/accounts/*/orders");
    assert_eq!(world.get("/accounts/{a}/orders?pageSize=1").await.json(403)["code"], 403);
    world.ion.allow_all();
    assert_eq!(world.get("/accounts/{a}/orders?pageSize=1").await.status, 200);
    let target = format!("/api/v3/accounts/{}/customers?pageSize=1", world.ion.account_id());
    for headers in [&[][..], &[("Authorization", "Bearer unknown")], &[("Authorization", "Basic eDp5")]] {
        let answer = send(world.ion.base_url(), "GET", &target, headers, "").await;
        assert_eq!(answer.json(401)["error"], "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn cloud_profiles_show_the_tenant() {
    let world = World::start().await;
    let profiles = world.read("/accounts/{a}/customers/310046/cloudProfiles").await;
    assert_eq!(profiles["customerId"], "310046");
    let listed = profiles["customerCloudProfiles"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0]["providerId"], "30");
    assert_eq!(listed[0]["customerDomain"], "example2.onmicrosoft.com");
    assert_eq!(listed[0]["agreementStatus"], "ACCEPTED");
    let aws = "/accounts/{a}/customers/310046/cloudProfiles?providerId=1&enabledOnly=True";
    let aws = world.read(aws).await;
    assert_eq!(aws["customerCloudProfiles"].as_array().unwrap().len(), 1);
    let single = "/accounts/{a}/customers/310046/cloudProfile";
    assert_eq!(world.read(&format!("{single}?providerId=30")).await["providerId"], "30");
    assert_eq!(world.get(single).await.status, 400);
    assert_eq!(world.get(&format!("{single}?providerId=1")).await.status, 404);
    let link = "/accounts/{a}/customers/310045/cloudProviders/1:link";
    assert_eq!(world.call("POST", link, r#"{"anything":[1]}"#).await.json(200), json!({}));
    let linked = world.read("/accounts/{a}/customers/310045/cloudProfiles?providerId=1").await;
    assert_eq!(linked["customerCloudProfiles"][0]["enabled"], true);
}

#[tokio::test]
async fn ten_thousand_customers_are_no_burden() {
    let world = World::with_customers(10_000).await;
    let started = std::time::Instant::now();
    let found = all_pages(&world, "/accounts/{a}/customers?pageSize=1000").await;
    assert_eq!(found.len(), 10_000);
    let page = "pagination.limit=5000&pagination.offset=15000";
    let page = world.read(&format!("/accounts/{{a}}/subscriptions?{page}")).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 5_000);
    let page = world.read("/accounts/{a}/orders?pageSize=1000&sortBy=updateTime").await;
    assert_eq!(page["orders"].as_array().unwrap().len(), 1_000);
    let page = world.v1_get("/invoices?limit=1000").await.json(200);
    assert_eq!(page["data"]["invoice"].as_array().unwrap().len(), 1_000);
    // A few seconds unoptimized; without the indexes it is minutes.
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
