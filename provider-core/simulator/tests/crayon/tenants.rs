//! Customer tenants and their agreements.

use serde_json::{Value, json};

use crate::desk::{CHILD, Desk, PARENT, consent, ids, new_tenant};

#[tokio::test]
async fn tenants_are_spread_over_the_organizations_and_paged() {
    let desk = Desk::open().await;
    let parent = desk.get(&format!("customertenants?organizationId={PARENT}")).await;
    let child = desk.get(&format!("customertenants?organizationId={CHILD}")).await;
    assert_eq!((parent["TotalHits"].clone(), child["TotalHits"].clone()), (json!(13), json!(12)));
    assert_eq!(ids(&parent)[..2], [51_001, 51_003]);
    let mut seen = Vec::new();
    for page in 1..=4 {
        let rows =
            desk.get(&format!("customertenants/?organizationId={PARENT}&page={page}&pageSize=4")).await;
        assert_eq!(rows["TotalHits"], 13);
        seen.extend(ids(&rows));
    }
    assert_eq!(seen, ids(&parent));
    let beyond = desk.get(&format!("customertenants?organizationId={PARENT}&page=9")).await;
    assert_eq!(beyond, json!({"Items": [], "TotalHits": 13}));
    let foreign = desk.crayon.foreign_organization_id();
    let error = desk.answer("GET", &format!("customertenants?organizationId={foreign}"), None, 403).await;
    assert_eq!(error["ErrorCode"], "AccessDenied");
}

#[tokio::test]
async fn a_listed_tenant_has_every_documented_member() {
    let desk = Desk::open().await;
    let page = desk.get(&format!("customertenants?organizationId={PARENT}&pageSize=1")).await;
    let row = &page["Items"][0];
    assert_eq!(
        *row,
        json!({
            "Id": 51001, "Name": "Fabled Bakery Ltd", "Publisher": {"Id": 2, "Name": "Microsoft"},
            "Program": {"Id": 8, "Name": "CSP"}, "PublisherCustomerId": row["PublisherCustomerId"],
            "ExternalPublisherCustomerId": row["ExternalPublisherCustomerId"],
            "Domain": "fabledbakery.onmicrosoft.com", "DomainPrefix": "fabledbakery", "Reference": "CUST-1",
            "CustomerTenantType": 2, "EntityStatus": 0,
            "Organization": {
                "Id": PARENT, "Name": "Example Partner AS", "ParentId": 0,
                "CrayonCompanyName": "Crayon Example AS", "AccountNumber": "C-100200",
            },
            "InvoiceProfile": {"Id": 80001, "Name": "Default"}, "Consumer": null, "ResellerMarkup": 0.0,
            "DefaultSubscriptionPriceType": 1, "agreement": null,
        })
    );
    assert_eq!(desk.get("customertenants/51001").await, *row);
    let detailed = desk.get("customertenants/51001/detailed").await;
    assert_eq!(detailed["Tenant"], *row);
    assert_eq!(detailed["User"], json!({"UserName": "admin@fabledbakery.onmicrosoft.com", "Password": null}));
    assert_eq!(detailed["Company"]["OrganizationRegistrationNumber"], "999000000");
    assert_eq!(detailed["Profile"]["Address"]["CountryName"], Value::Null);
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let desk = Desk::open().await;
    let hits = async |filter: &str| {
        let page = desk.get(&format!("customertenants?organizationId={PARENT}&{filter}")).await;
        page["TotalHits"].as_i64().unwrap()
    };
    assert_eq!(hits("publisherId=0&programId=0&consumerId=0").await, 13);
    assert_eq!(hits("publisherId=2").await, 13);
    assert_eq!(hits("publisherId=3").await, 0);
    assert_eq!(hits("programId=8").await, 13);
    assert_eq!(hits("consumerId=30001").await, 0);
    assert_eq!(hits("customerTenantType=T2").await, 13);
    assert_eq!(hits("customerTenantType=1").await, 0);
    assert_eq!(hits("invoiceProfileId=80002").await, 2);
    assert_eq!(hits("domainPrefix=FabledBakery").await, 1);
    assert_eq!(hits("domain=fabledbakery.onmicrosoft.com").await, 1);
    assert_eq!(hits("search=cust-1").await, 4);
    let type_one = desk.get(&format!("customertenants?organizationId={CHILD}&customerTenantType=1")).await;
    assert_eq!(type_one["TotalHits"], 2);
}

#[tokio::test]
async fn a_creation_answers_the_password_once() {
    let desk = Desk::open().await;
    let created = desk.create_tenant("fabled17").await;
    let id = created["Tenant"]["Id"].as_i64().unwrap();
    assert_eq!(id, 51_026);
    assert_eq!(created["User"]["UserName"], "admin@fabled17.onmicrosoft.com");
    assert!(created["User"]["Password"].as_str().unwrap().starts_with("example-"));
    assert_eq!(created["Tenant"]["Program"], Value::Null);
    let mut again = desk.get(&format!("customertenants/{id}/detailed")).await;
    assert_eq!(again["User"]["Password"], Value::Null);
    again["User"]["Password"] = created["User"]["Password"].clone();
    assert_eq!(again, created);
    let page = desk.get(&format!("customertenants?organizationId={PARENT}&search=CUST-17")).await;
    assert!(ids(&page).contains(&id));
}

#[tokio::test]
async fn a_creation_names_what_is_missing_or_wrong() {
    let desk = Desk::open().await;
    let refuse = async |change: fn(&mut Value), status: u16| {
        let mut body = new_tenant("refused");
        change(&mut body);
        desk.answer("POST", "customertenants", Some(body), status).await
    };
    let missing = refuse(|body| body["Profile"]["Address"]["City"] = json!(" "), 400).await;
    assert_eq!(missing["ErrorCode"], "ValidationError");
    assert_eq!(missing["ObjectErrors"][0]["Parameters"]["Field"], "Profile.Address.City");
    let missing = refuse(|body| body["Tenant"]["InvoiceProfile"] = Value::Null, 400).await;
    assert_eq!(missing["ObjectErrors"][0]["Message"], "Tenant.InvoiceProfile.Id is required");
    let missing = refuse(|body| body["Profile"] = Value::Null, 400).await;
    assert_eq!(missing["ObjectErrors"].as_array().unwrap().len(), 10);
    let wrong = refuse(|body| body["Tenant"]["CustomerTenantType"] = json!(0), 400).await;
    assert_eq!(wrong["ObjectErrors"][0]["Parameters"]["Field"], "Tenant.CustomerTenantType");
    let wrong = refuse(|body| body["Profile"]["Address"]["CountryCode"] = json!("Norway"), 400).await;
    assert_eq!(wrong["ObjectErrors"][0]["ErrorCode"], "InvalidValue");
    let code = async |change: fn(&mut Value), status| refuse(change, status).await["ErrorCode"].clone();
    assert_eq!(
        code(|body| body["Tenant"]["Organization"]["Id"] = json!(4_199_999), 403).await,
        "AccessDenied"
    );
    assert_eq!(code(|body| body["Tenant"]["Publisher"]["Id"] = json!(3), 400).await, "PublisherNotSupported");
    assert_eq!(
        code(|body| body["Tenant"]["InvoiceProfile"]["Id"] = json!(80_003), 400).await,
        "InvoiceProfileNotFound"
    );
    assert_eq!(code(|body| body["Tenant"]["DomainPrefix"] = json!("a-b"), 400).await, "DomainPrefixInvalid");
    assert_eq!(
        code(|body| body["Tenant"]["DomainPrefix"] = json!("FabledBakery"), 400).await,
        "DomainPrefixTaken"
    );
    let page = desk.get(&format!("customertenants?organizationId={PARENT}")).await;
    assert_eq!(page["TotalHits"], 13, "nothing was made");
}

#[tokio::test]
async fn an_existing_tenant_is_attached_by_its_directory_id() {
    let desk = Desk::open().await;
    let external = "1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9";
    let body = json!({"Tenant": {
        "DomainPrefix": "attached", "CustomerTenantType": 2, "Organization": {"Id": PARENT}, "Publisher": {"Id": 2},
        "InvoiceProfile": {"Id": 80001}, "ExternalPublisherCustomerId": external,
    }});
    let attached = desk.post("customertenants/existing?syncFromPublisher=true", body.clone()).await;
    assert_eq!(attached["Tenant"]["ExternalPublisherCustomerId"], external);
    assert_eq!(attached["User"]["Password"], Value::Null, "nobody was created");
    let mut again = body.clone();
    again["Tenant"]["DomainPrefix"] = json!("other");
    let error = desk.answer("POST", "customertenants/existing", Some(again), 400).await;
    assert_eq!(error["ErrorCode"], "TenantAlreadyAttached");
    let mut without = body.clone();
    without["Tenant"].as_object_mut().unwrap().remove("ExternalPublisherCustomerId");
    let error = desk.answer("POST", "customertenants/existing", Some(without), 400).await;
    assert_eq!(error["ObjectErrors"][0]["Parameters"]["Field"], "Tenant.ExternalPublisherCustomerId");
    let mut wrong = body;
    wrong["Tenant"]["ExternalPublisherCustomerId"] = json!("not-a-guid");
    wrong["Tenant"]["DomainPrefix"] = json!("third");
    let error = desk.answer("POST", "customertenants/existing", Some(wrong), 400).await;
    assert_eq!(error["ObjectErrors"][0]["ErrorCode"], "InvalidValue");
}

#[tokio::test]
async fn an_update_replaces_and_resets_what_is_left_out() {
    let desk = Desk::open().await;
    let before = desk.get("customertenants/51003/detailed").await;
    let unchanged = desk.put("customertenants/51003", before.clone()).await;
    assert_eq!(unchanged, before, "reading and writing back changes nothing");

    let mut body = before.clone();
    body["Tenant"]["Reference"] = json!("NEW-1");
    body["Profile"]["Address"]["City"] = json!("Bergen");
    let updated = desk.put("customertenants/51003", body).await;
    assert_eq!(updated["Tenant"]["Reference"], "NEW-1");
    assert_eq!(updated["Profile"]["Address"]["City"], "Bergen");
    assert_eq!(desk.get("customertenants/51003/detailed").await, updated);

    let careless = json!({"Tenant": {"Id": 51003, "Name": "Renamed Ltd", "CustomerTenantType": 2}});
    let reset = desk.put("customertenants/51003", careless).await;
    assert_eq!(reset["Tenant"]["Name"], "Renamed Ltd");
    assert_eq!(reset["Tenant"]["Reference"], Value::Null);
    assert_eq!(reset["Tenant"]["InvoiceProfile"], Value::Null);
    assert_eq!(reset["Tenant"]["ResellerMarkup"], json!(0));
    assert_eq!(reset["Tenant"]["DomainPrefix"], before["Tenant"]["DomainPrefix"], "identity stays");
    assert_eq!(reset["Profile"]["Contact"], Value::Null);
    assert_eq!(reset["Company"]["OrganizationRegistrationNumber"], Value::Null);

    let log = desk.get("activitylogs?entity=CustomerTenant&id=51003").await;
    assert_eq!((log["Entity"].clone(), log["TotalHits"].clone()), (json!("CustomerTenant"), json!(1)));
    assert_eq!(log["Items"][0]["ChangedTo"], "Renamed Ltd");
}

#[tokio::test]
async fn an_update_refuses_what_cannot_change() {
    let desk = Desk::open().await;
    let code = async |path: &str, tenant: Value, status| {
        desk.answer("PUT", path, Some(json!({"Tenant": tenant})), status).await["ErrorCode"].clone()
    };
    assert_eq!(code("customertenants/51003", json!({"Id": 51001, "Name": "x"}), 400).await, "IdMismatch");
    assert_eq!(code("customertenants/51003", json!({"Id": 51003}), 400).await, "ValidationError");
    let moved = json!({"Name": "x", "Organization": {"Id": CHILD}});
    assert_eq!(code("customertenants/51003", moved, 400).await, "OrganizationFixed");
    let profile = json!({"Name": "x", "InvoiceProfile": {"Id": 80003}});
    assert_eq!(code("customertenants/51003", profile, 400).await, "InvoiceProfileNotFound");
    assert_eq!(code("customertenants/99", json!({"Name": "x"}), 404).await, "NotFound");
}

#[tokio::test]
async fn a_deleted_tenant_stays_listed_as_removed() {
    let desk = Desk::open().await;
    assert_eq!(desk.answer("DELETE", "customertenants/51003", None, 200).await, Value::Null);
    assert_eq!(desk.get("customertenants/51003").await["EntityStatus"], 1);
    assert_eq!(desk.get("customertenants/51025").await["EntityStatus"], 1, "one is removed from the start");
    desk.answer("DELETE", "customertenants/99", None, 404).await;
    desk.answer("GET", "customertenants/99/detailed", None, 404).await;
}

#[tokio::test]
async fn agreements_are_recorded_and_listed_by_type() {
    let desk = Desk::open().await;
    let id = desk.create_tenant("consents").await["Tenant"]["Id"].as_i64().unwrap();
    let path = format!("customertenants/{id}/agreements");
    assert_eq!(desk.get(&path).await, json!({"Items": [], "TotalHits": 0}));
    let recorded = desk.post(&path, consent()).await;
    assert_eq!(recorded, consent());
    assert_eq!(desk.get(&format!("{path}?agreementTypeConsent=1")).await["Items"], json!([consent()]));
    assert_eq!(desk.get(&format!("{path}?agreementTypeConsent=0")).await["TotalHits"], 0);
    let mut future = consent();
    future["DateAgreed"] = json!("2027-01-01T00:00:00Z");
    let error = desk.answer("POST", &path, Some(future), 400).await;
    assert_eq!(error["ErrorCode"], "DateAgreedInFuture");
    let error = desk.answer("POST", &path, Some(json!({"FirstName": "Test"})), 400).await;
    assert_eq!(error["ObjectErrors"].as_array().unwrap().len(), 4);
    let seeded = desk.get("customertenants/51001/agreements").await;
    assert_eq!(seeded["Items"][0]["AgreementType"], 1);
    let without = desk.get("customertenants/51010/agreements").await;
    assert_eq!(without["TotalHits"], 0, "every tenth tenant has not agreed");
}

#[tokio::test]
async fn one_organization_can_own_everything() {
    let desk = Desk::open().await;
    let seed = provider_simulator::CrayonSeed::default().organizations(1).customers(5);
    desk.crayon.reseed(&seed);
    assert_eq!(desk.crayon.organization_ids(), [PARENT]);
    assert_eq!(desk.get("organizations").await["TotalHits"], 1);
    assert_eq!(desk.get(&format!("customertenants?organizationId={PARENT}")).await["TotalHits"], 5);
    assert_eq!(desk.crayon.tenant_ids(), [51_001, 51_002, 51_003, 51_004, 51_005]);
    desk.answer("GET", &format!("customertenants?organizationId={CHILD}"), None, 403).await;
}

#[tokio::test]
async fn ten_thousand_tenants_are_paged() {
    let desk = Desk::with_customers(10_000).await;
    let mut seen = std::collections::HashSet::new();
    for organization in [PARENT, CHILD] {
        for page in 1..=5 {
            let path = format!("customertenants?organizationId={organization}&page={page}&pageSize=1000");
            let rows = desk.get(&path).await;
            assert_eq!(rows["TotalHits"], 5_000);
            seen.extend(ids(&rows));
        }
    }
    assert_eq!(seen.len(), 10_000);
    let last = desk.get("subscriptions?customerTenantId=61000").await;
    assert!(last["TotalHits"].as_i64().unwrap() >= 2);
}
