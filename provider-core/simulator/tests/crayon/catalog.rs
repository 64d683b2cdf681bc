//! Agreements, products and the lists around them.

use provider_simulator::{CrayonSeed, ListEnvelope, TermField};
use serde_json::{Value, json};

use crate::desk::{CHILD, Desk, PARENT, ids};

#[tokio::test]
async fn agreements_are_filtered_and_echo_the_filter() {
    let desk = Desk::open().await;
    let all = desk.get(&format!("agreements/?organizationId={PARENT}")).await;
    assert_eq!(ids(&all), [90_001, 90_005, 90_006, 90_007, 90_008, 90_013]);
    assert_eq!(all["Filter"], json!({"OrganizationId": PARENT, "Page": 1, "PageSize": 50}));
    let found = async |query: &str| ids(&desk.get(&format!("agreements?{query}")).await);
    assert_eq!(found(&format!("organizationId={PARENT}&status=1")).await, [90_001, 90_006, 90_007, 90_013]);
    assert_eq!(found(&format!("organizationId={PARENT}&status=2")).await, [90_005, 90_008]);
    assert_eq!(
        found("agreementTypes=13&agreementTypes=7").await,
        [90_005, 90_007, 90_013, 90_105, 90_107, 90_113]
    );
    assert_eq!(found("agreementIds=90013").await, [90_013]);
    assert_eq!(found("salesPriceCurrency=nok&agreementTypes=6&status=1").await, [90_106]);
    assert_eq!(found(&format!("organizationIds={CHILD}&termRequired=true&status=1")).await, [90_113]);
    assert_eq!(found("search=previous").await, [90_005, 90_105]);
    assert_eq!(found("publisherIds=3").await, Vec::<i64>::new());
    assert_eq!(found("programIds=8&agreementIds=90001").await, [90_001]);
    assert_eq!(found("endDateTo=2026-01-01T00:00:00Z").await, [90_005, 90_105]);
    assert_eq!(
        found("endDateFrom=2026-01-01&searchDate=2023-01-01&agreementIds=90005").await,
        Vec::<i64>::new()
    );
    desk.answer("GET", "agreements?organizationIds=4199999", None, 403).await;
    let row = desk.get("agreements?agreementIds=90013").await["Items"][0].clone();
    assert_eq!(
        row,
        json!({
            "Id": 90013, "Organization": {"Id": PARENT, "Name": "Example Partner AS"}, "Name": "Microsoft CSP NCE",
            "SalesPriceCurrencyCode": "EUR", "StartDate": "2022-03-01T00:00:00+00:00",
            "EndDate": "9999-12-31T23:59:59+00:00", "Disabled": false, "Publisher": {"Id": 2, "Name": "Microsoft"},
            "Program": {"Id": 8, "Name": "CSP"}, "Number": "-", "CustomerNumber": null, "MasterAgreement": null,
            "HasTerms": true, "AgreementType": 13, "ParentAgreementId": null, "CommitmentLevel": 0.0,
            "ConsumerId": null,
        })
    );
}

#[tokio::test]
async fn a_product_row_tells_price_term_cycles_and_limits() {
    let desk = Desk::open().await;
    let path = format!(
        "agreementproducts/?organizationId={PARENT}&agreementId=90013&include.partNumbers=CFQ7TTC0LH18%3A0001"
    );
    let page = desk.get(&path).await;
    assert_eq!(page["TotalHits"], 3);
    let row = &page["Items"][1];
    assert_eq!(row["UniqueId"], "90013_2600002_1");
    assert_eq!(row["Name"], "Sample Business Suite (1 year)");
    assert_eq!(row["SalesPrice"], json!({"Value": 4.32, "CurrencyCode": "EUR"}));
    assert_eq!(row["RecommendedRetailPrice"], json!({"Value": 5.10, "CurrencyCode": "EUR"}));
    assert_eq!(row["Agreement"], json!({"Id": 90013, "Name": "Microsoft CSP NCE"}));
    assert_eq!((row["MinimumQuantity"].clone(), row["MaximumQuantity"].clone()), (json!(1), json!(300)));
    let variant = &row["ProductVariant"];
    assert_eq!(variant["PartNumber"], "CFQ7TTC0LH18:0001");
    assert_eq!(variant["MinimumCommitment"], json!({"Id": 2, "Months": 12, "Name": "1 Year"}));
    assert_eq!(variant["AvailableBillingCycleIds"], json!([1, 2]));
    assert_eq!(row["ProductInformation"], Value::Null);
    let told = desk.get(&format!("{path}&includeProductInformation=true")).await;
    assert_eq!(told["Items"][0]["ProductInformation"]["CultureCode"], "en-US");

    desk.crayon.set_term_field(TermField::PurchasePeriod);
    let variant = desk.get(&path).await["Items"][1]["ProductVariant"].clone();
    assert_eq!((&variant["PurchasePeriod"], &variant["MinimumCommitment"]), (&json!("P1Y"), &Value::Null));
    desk.crayon.set_term_field(TermField::Attributes);
    let variant = desk.get(&path).await["Items"][1]["ProductVariant"].clone();
    assert_eq!(variant["Attributes"], json!({"TermDuration": "P1Y"}));
}

#[tokio::test]
async fn products_are_filtered_by_query_and_by_body_alike() {
    let desk = Desk::open().await;
    let hits = async |query: &str| desk.get(&format!("agreementproducts?{query}")).await["TotalHits"].clone();
    // Twelve new-commerce rows, four legacy, three usage and two software rows for each of two organizations.
    assert_eq!(hits("").await, 42);
    assert_eq!(hits(&format!("organizationId={PARENT}")).await, 21);
    assert_eq!(hits("customerTenantId=51001").await, 21);
    assert_eq!(hits(&format!("organizationId={PARENT}&agreementTypeIds=13")).await, 12);
    assert_eq!(hits("agreementIds=90013&agreementIds=90113").await, 24);
    assert_eq!(hits("priceListId=513").await, 12);
    assert_eq!(hits("agreementId=90013&isTrial=true").await, 1);
    assert_eq!(hits("agreementId=90013&search=mailbox").await, 2);
    assert_eq!(hits("agreementId=90006&include.productTypeNames=Subscription").await, 2);
    let both = "include.productTypeNames=Subscription&include.productTypeNames=Subscription%20Add-On";
    assert_eq!(hits(&format!("agreementId=90006&{both}&include.programNames=CSP")).await, 4);
    assert_eq!(hits("agreementId=90013&include.billingCycles=ThreeYears").await, 2);
    assert_eq!(hits("agreementId=90013&exclude.billingCycles=Annual").await, 5);
    assert_eq!(hits("agreementId=90013&exclude.publisherIds=2").await, 0);
    assert_eq!(hits("agreementId=90013&include.levelNames=A").await, 0);
    assert_eq!(hits("agreementId=90005").await, 0, "the agreement is over");
    assert_eq!(hits("agreementId=90005&searchDate=2024-01-01").await, 12);

    let body = json!({
        "organizationId": PARENT, "AgreementIds": [90013], "Include": {"PartNumbers": ["CFQ7TTC0LH18:0001"]},
        "Page": 2, "PageSize": 2,
    });
    let page = desk.post("agreementproducts/getaspost", body.clone()).await;
    assert_eq!((page["TotalHits"].clone(), page["Items"].as_array().unwrap().len()), (json!(3), 1));
    assert_eq!(page["Filter"]["Include"]["PartNumbers"], json!(["CFQ7TTC0LH18:0001"]));
    assert_eq!(page["Filter"]["PageSize"], 2);
    let query =
        "organizationId=4100001&agreementIds=90013&include.partNumbers=CFQ7TTC0LH18:0001&page=2&pageSize=2";
    let by_query = desk.get(&format!("agreementproducts?{query}")).await;
    assert_eq!(by_query["Items"], page["Items"]);
    assert_eq!(desk.post("agreementproducts", body).await["Items"], page["Items"], "the older path");
    let error = desk.answer("POST", "agreementproducts/getaspost", Some(json!({"Page": 0})), 400).await;
    assert_eq!(error["ObjectErrors"][0]["ErrorCode"], "InvalidValue");
    desk.answer(
        "GET",
        &format!("agreementproducts?organizationId={CHILD}&customerTenantId=51001"),
        None,
        404,
    )
    .await;
}

#[tokio::test]
async fn facets_count_what_matches() {
    let desk = Desk::open().await;
    let page = desk.get("agreementproducts?agreementId=90013&pageSize=1").await;
    assert_eq!(
        page["Publishers"],
        json!([{"Key": "Microsoft", "DocCount": 12, "Programs": [{"Key": "CSP", "DocCount": 12}]}])
    );
    let cycles: Vec<_> =
        page["BillingCycles"].as_array().unwrap().iter().map(|row| row["DocCount"].clone()).collect();
    assert_eq!(cycles, [11, 7, 2, 1]);
    assert_eq!(page["Agreements"], json!([{"Id": 90013, "Name": "Microsoft CSP NCE"}]));
    assert_eq!(page["Pools"], json!([]));
}

#[tokio::test]
async fn fifty_thousand_rows_are_read_page_by_page() {
    let desk = Desk::open().await;
    desk.crayon.reseed(&CrayonSeed::default().organizations(1).products(50_000));
    let mut seen = std::collections::HashSet::new();
    for number in 1..=50 {
        let path = format!("agreementproducts?agreementId=90013&page={number}&pageSize=1000");
        // Parsing seventy megabytes of JSON without optimisation would take most of the test's time.
        let text = desk.send("GET", &path, None).await.text();
        assert!(text.contains(r#""TotalHits":50000,"#));
        seen.extend(text.split(r#""UniqueId":""#).skip(1).map(|rest| rest[..15].to_owned()));
    }
    assert_eq!(seen.len(), 50_000);
    let one = desk.get("agreementproducts?include.partNumbers=CFQ7SIM00010:0001&agreementId=90013").await;
    assert_eq!(one["TotalHits"], 3);
}

#[tokio::test]
async fn billing_cycles_are_told_in_every_disputed_way() {
    let desk = Desk::open().await;
    assert_eq!(
        desk.get("agreementproducts/CFQ7TTC0LH18%3A0001/supportedbillingcycles?resellerCustomerId=51001")
            .await,
        json!([1, 2, 8])
    );
    desk.answer("GET", "agreementproducts/unknown/supportedbillingcycles", None, 404).await;
    desk.answer(
        "GET",
        "agreementproducts/CFQ7TTC0LH18:0001/supportedbillingcycles?resellerCustomerId=9",
        None,
        404,
    )
    .await;
    let bare = desk.get("billingcycles").await;
    assert_eq!(bare[0], json!({"Id": 1, "Name": "Monthly"}));
    assert_eq!(bare.as_array().unwrap().len(), 8);
    assert_eq!(desk.get("billingcycles?includeUnknown=True").await[0], json!({"Id": 0, "Name": "Unknown"}));
    assert_eq!(desk.get("billingcycles/productVariant/2600002").await.as_array().unwrap().len(), 2);
    assert_eq!(desk.get("billingcycles/cspNameDictionary").await["8"], "ThreeYears");
    desk.crayon.set_envelope(ListEnvelope::Items);
    assert_eq!(desk.get("billingcycles").await["TotalHits"], 8);
    desk.crayon.set_envelope(ListEnvelope::Bare);
    assert_eq!(desk.get("billingcycles").await, bare);
    assert_eq!(desk.get("organizations").await.as_array().unwrap().len(), 2);
    assert_eq!(desk.get("subscriptions/true/subscriptionId/610001").await, json!([false]));
}

#[tokio::test]
async fn the_price_list_is_a_workbook() {
    let desk = Desk::open().await;
    let reply = desk.send("POST", "agreementproducts/file/xlsx", Some(json!({"AgreementId": 90013}))).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=agreementproducts.xlsx"));
    assert!(reply.body.starts_with(b"PK\x03\x04"));
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(text.matches("<row ").count(), 13);
    assert!(text.contains("Sample Business Suite (1 year)"));
}

#[tokio::test]
async fn master_data_can_be_looked_up() {
    let desk = Desk::open().await;
    assert_eq!(ids(&desk.get("publishers").await), [1, 2, 3, 4, 5]);
    assert_eq!(ids(&desk.get("publishers?names=microsoft&names=Google").await), [2, 5]);
    assert_eq!(ids(&desk.get("publishers?programType=4").await), [2, 4]);
    assert_eq!(ids(&desk.get("publishers?search=sample").await), [1, 3]);
    assert_eq!(desk.get("publishers/2").await, json!({"Id": 2, "Name": "Microsoft"}));
    desk.answer("GET", "publishers/77", None, 404).await;
    assert_eq!(ids(&desk.get("programs?publisherId=2").await), [7, 8]);
    assert_eq!(ids(&desk.get("programs?programType=Cloud").await), [8, 12]);
    assert_eq!(
        desk.get("programs/8").await,
        json!({"Id": 8, "Name": "CSP", "IsCommitment": false, "Publisher": {"Id": 2, "Name": "Microsoft"}})
    );
    desk.answer("GET", "programs/77", None, 404).await;
    assert_eq!(
        desk.get("regions?regionList=1&search=norway").await["Items"],
        json!([{"Code": "NO", "Name": "Norway"}])
    );
    assert_eq!(desk.get("regions?regionList=2&pageSize=1000").await["TotalHits"], 3);
    assert_eq!(desk.get("regions/bycode?regionCode=de&regionList=1").await["Name"], "Germany");
    desk.answer("GET", "regions/bycode?regionCode=DE&regionList=2", None, 404).await;
    desk.answer("GET", "regions/bycode", None, 400).await;
}
