//! The answers of the reference, read through the method that asks for them.

use provider_core::ErrorKind;
use rust_decimal::Decimal;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use streamone_client::api::{
    ANY_CUSTOMER, BillingProvider, BillingReportFilter, CartFilter, CustomerFilter, GenerateInvoices,
    InvoicesOf, LegacyFilter, OffsetPage, OrderFilter, ProductFilter, ProductView, SubscriptionFilter,
    TokenPage,
};
use streamone_client::model::{
    CartItemWrite, CartStatus, CartWrite, CheckedOut, Checkout, CloudAccountWrite, CsvReport, CustomFields,
    CustomerStatus, CustomerWrite, OrderStatus, OrderWrite, PaymentType, PricingQuery, ProgramAssignment,
    Report, TemplateVendor, UserStatus, ValueType,
};

use crate::recorder::Recorder;

fn dec(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn customers_and_their_profiles() {
    let recorder = Recorder::answering(
        200,
        r#"{"customers":[{"name":"accounts/20001/customers/310045","customerOrganization":"Example Dental Group","customerAddress":{"street":"1 Sample Way","city":"Springfield","state":"VA","zip":22150,"country":"US"},"customerName":"Billing Contact","customerEmail":"billing@dental.example.com","customerTitle":"Office","customerPhone":"5550100","createTime":"2025-03-04T09:15:27Z","updateTime":"2025-11-20T16:02:11Z","languageCode":"EN","uid":"Qx7exampleUid1","customerStatus":"active"}],"nextPageToken":"EXAMPLE-PAGE-2"}"#,
    );
    let client = recorder.client();
    let page = client.customers().list(CustomerFilter::default().page(TokenPage::first(200))).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("EXAMPLE-PAGE-2"));
    let customer = page.items[0].as_ref().unwrap();
    assert_eq!(customer.id().unwrap().as_str(), "310045", "not the uid");
    assert_eq!(customer.customer_status, Some(CustomerStatus::Active));
    assert_eq!(customer.customer_address.as_ref().unwrap().zip.as_deref(), Some("22150"));
    assert!(customer.create_time.unwrap() < customer.update_time.unwrap());

    recorder.answer(200, r#"{"name":"accounts/20001/customers/310046","customerOrganization":"Example Bakery Ltd","languageCode":"EN","user":{"name":"accounts/20001/customers/310046/users/77001","userName":"DEFAULT ACCOUNT USER","email":"office@bakery.example.com","userStatus":"ACTIVE","password":"EXAMPLE-SECRET","createTime":"2026-01-10T12:00:00Z"}}"#);
    let made = client.customers().create(&CustomerWrite::default()).await.unwrap();
    assert!(!format!("{made:?}").contains("EXAMPLE-SECRET"));
    let user = made.user.unwrap();
    assert_eq!(user.user_status, Some(UserStatus::Active));
    assert_eq!(user.password.unwrap().expose_secret(), "EXAMPLE-SECRET");

    recorder.answer(200, r#"{"customerId":"310045","customerOrganization":"x","customerCloudProfiles":[{"providerId":"30","displayName":"Microsoft","enabled":true,"customerTenantId":"t","customerDomain":"x.onmicrosoft.com","agreementStatus":"ACCEPTED","gdapRoles":["reader"]},{"providerId":1,"passRiOptimization":false}]}"#);
    let profiles = client.customers().cloud_profiles("310045", None, None).await.unwrap();
    assert!(
        profiles.customer_cloud_profiles[0].is_at("30") && profiles.customer_cloud_profiles[1].is_at("1")
    );
    assert_eq!(profiles.customer_cloud_profiles[0].gdap_roles, ["reader"]);

    recorder.answer(200, r#"{"providerId":"30","enabled":true,"customerTenantId":"t"}"#);
    let profile = client.customers().cloud_profile("310045", "30", None).await.unwrap();
    assert!(profile.is_at("30"));
    assert_eq!(profile.enabled, Some(true));
}

#[tokio::test]
async fn writes_of_which_nobody_says_what_they_answer_take_any_answer_but_a_refusal() {
    let recorder = Recorder::answering(200, "");
    let client = recorder.client();
    let (customers, legacy) = (client.customers(), client.legacy_customers());
    let body = serde_json::json!({"customerId": "7"});
    let invoices = GenerateInvoices::new("aws");
    for (answer, expected) in [("", Value::Null), (r#"{"jobId":"5"}"#, serde_json::json!({"jobId": "5"}))] {
        recorder.answer(200, answer);
        assert_eq!(customers.link_provider("1", "30", &body).await.unwrap().0, expected);
        assert_eq!(customers.provision_provider("1", "30", &body).await.unwrap().0, expected);
        assert_eq!(client.invoices().generate(&invoices).await.unwrap().0, expected);
        assert_eq!(legacy.set_custom_fields("7", &CustomFields::default()).await.unwrap().0, expected);
        assert_eq!(legacy.assign_cloud_account("11", &body).await.unwrap().0, expected);
        let program = ProgramAssignment::new("a", "b");
        assert_eq!(client.catalog().assign_program("x", &program).await.unwrap().0, expected);
    }
    recorder.answer(200, r#"{"success":false,"message":"no such account"}"#);
    for error in [
        legacy.set_custom_fields("7", &CustomFields::default()).await.unwrap_err(),
        legacy.assign_cloud_account("11", &body).await.unwrap_err(),
        legacy
            .create_cloud_account(&CloudAccountWrite::new("1234", "aws", "a@example.com"))
            .await
            .unwrap_err(),
        client.invoices().generate(&invoices).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("no such account"), "{error}");
    }
    recorder.answer(200, r#"{"success":true,"data":{"cloud_account":[{"id":"11"}]}}"#);
    let made =
        legacy.create_cloud_account(&CloudAccountWrite::new("1234", "aws", "a@example.com")).await.unwrap();
    assert_eq!(made.id.unwrap().as_str(), "11");
}

#[tokio::test]
async fn products_and_the_forms_of_money() {
    let product = r#"{"name":"accounts/20001/products/ExampleSuiteNCE-demo","id":"ExampleSuiteNCE-demo","type":"SUBSCRIPTION_PRODUCTS","categories":["accounts/20001/categories/Productivity"],"hasPublishedVersions":true,"marketing":{"displayName":"Example Suite NCE","caption":"Office apps"},"definition":{"supportedCurrencies":["USD"],"billingMode":"POSTPAY","monthlyBillingCycleDay":1,"skus":[{"id":"Example-Suite-Standard","cancelTiming":"END_OF_TERM","availableAddOns":["a"],"plans":[{"id":"Monthly---Annual-Commit-n1","billingPeriod":"MONTHLY","phases":[{"type":"UNLIMITED_PHASE","duration":{"unit":"YEAR","count":1},"recurringPrice":{"USD":12.50,"EUR":"11.00"},"fixedPrice":{"USD":0}}],"mpnId":"EXMP0TTC0AAA:0001:P1Y:M","pricebookPrice":10.625,"pricebookCurrency":"USD","pricebookMasterPrice":10,"productAvailability":true,"supportPlan":{}}]}],"addOns":[{"id":"a","alignment":"SUBSCRIPTION_DATE","allowMultiple":"true"}]},"etag":"EXAMPLE-ETAG","createTime":"2024-05-01T00:00:00Z"}"#;
    let recorder = Recorder::answering(200, product);
    let client = recorder.client();
    let read = client.products().get("ExampleSuiteNCE-demo", &ProductView::default()).await.unwrap();
    let definition = read.definition.unwrap();
    let plan = &definition.skus[0].plans[0];
    assert_eq!(plan.phases[0].recurring_price["USD"].to_string(), "12.50", "a map of currencies");
    assert_eq!(plan.phases[0].recurring_price["EUR"].to_string(), "11.00");
    assert_eq!(plan.pricebook_price, dec("10.625"), "a number with a currency beside it");
    assert_eq!(definition.add_ons[0].allow_multiple, Some(true));
    recorder.answer(200, &format!(r#"{{"products":[{product}],"categories":[],"nextPageToken":""}}"#));
    let page = client.products().list(ProductFilter::default().page(TokenPage::first(1))).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));

    recorder.answer(200, r#"{"plans":[{"productId":"EXMP0TTC0AAA:0001:P1Y:M","pricebookPrice":10.625,"pricebookCurrency":"USD","pricebookMasterPrice":10,"productAvailability":true,"pricebookDetails":{"SkuDescription":"Example Suite Standard","SkuId":1},"supportPlan":{"pricebookCost":"1.5"}}]}"#);
    let priced = client.products().pricing(&PricingQuery::new("azure", ["x"])).await.unwrap();
    assert_eq!(priced.plans[0].pricebook_price, dec("10.625"));
    assert_eq!(priced.plans[0].support_plan.as_ref().unwrap().pricebook_cost, dec("1.5"));

    recorder.answer(200, r#"{"categories":[{"name":"accounts/1/categories/a","displayName":"A","count":"3","children":[{}]}],"verticals":[{"displayName":"V"}],"charges":[{"chargeName":"C","tiers":[{}],"currency":"USD"}],"programs":[{"displayName":"P"}]}"#);
    assert_eq!(client.catalog().categories().await.unwrap()[0].count, Some(3));
    assert_eq!(client.catalog().verticals().await.unwrap()[0].display_name.as_deref(), Some("V"));
    assert_eq!(client.catalog().charges().await.unwrap()[0].charge_name.as_deref(), Some("C"));
    assert_eq!(client.catalog().programs("x").await.unwrap()[0].display_name.as_deref(), Some("P"));
}

#[tokio::test]
async fn subscriptions_with_their_history_and_orders() {
    let detail = r#"{"id":4500123,"customerId":"310045","subscriptionStatus":"In Progress","autoRenew":true,"customFields":{"key":"a","value":"b"},"resources":[{"internalId":"9"}],"activityLogs":{"totalCount":"1","items":[{"id":"0f6d2c9a-1111-4222-8333-444455556666","actionType":"Subscription Updated","actionDate":"2025-12-02T07:00:01.002Z","actionStatus":"succeeded","productId":"EXMP0TTC0AAA","skuId":"0001","actionDetails":"New Quantity: 25; Status: active; ","ccpUserId":"77000"}]}}"#;
    let recorder = Recorder::answering(200, detail);
    let client = recorder.client();
    let read = client.subscriptions().get("310045", "4500123", Some(true)).await.unwrap();
    assert_eq!(read.subscription_status.unwrap().as_str(), "IN_PROGRESS");
    assert_eq!(read.resources[0].own_id().unwrap().as_str(), "9");
    let logs = read.activity_logs.unwrap();
    assert_eq!((logs.total_count, logs.items[0].sku_id.as_deref()), (Some(1), Some("0001")));
    recorder.answer(200, &format!(r#"{{"items":[{detail}],"paginationResponse":{{"totalCount":"7"}}}}"#));
    let page =
        client.subscriptions().list(SubscriptionFilter::default().page(OffsetPage::first(1))).await.unwrap();
    assert_eq!(page.total, Some(7), "by the documents' name where the captures' is absent");

    let order = r#"{"name":"accounts/20001/customers/310045/orders/950077","referenceId":"msp-2026-000187","userId":"77000","status":"NEW","currencyCode":"USD","orderItems":[{"name":"accounts/20001/customers/310045/orders/950077/orderItems/1200345","referenceId":"msp-2026-000187-1","action":"CREATE","quantity":5,"providerName":"AZURE","status":"PENDING","addOns":[{"id":"1","addOnId":"a","action":"CREATE","quantity":"2"}],"createTime":"2026-01-12T09:00:00Z"}],"createTime":"2026-01-12T09:00:00Z"}"#;
    recorder.answer(200, order);
    for read in [
        client.orders().create("310045", &OrderWrite::default()).await.unwrap(),
        client.orders().get(ANY_CUSTOMER, "950077").await.unwrap(),
        client.orders().cancel("310045", "950077").await.unwrap(),
        client.carts().checkout("310045", "8", &Checkout::default()).await.unwrap(),
    ] {
        assert_eq!((read.id().unwrap().as_str(), read.customer().unwrap().as_str()), ("950077", "310045"));
        assert_eq!(read.status, Some(OrderStatus::New));
        assert_eq!(read.order_items[0].add_ons[0].quantity, dec("2"));
    }
    recorder.answer(200, &format!(r#"{{"orders":[{order}]}}"#));
    let page = client.orders().list(OrderFilter::default().page(TokenPage::first(1))).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
}

#[tokio::test]
async fn carts() {
    let cart = r#"{"name":"customers/7/carts/8","cartDisplayName":"Quote 12","payment":{"paymentType":"OFFLINE"},"status":"QUOTE","currencyCode":"USD","totalItems":2}"#;
    let recorder = Recorder::answering(201, cart);
    let client = recorder.client();
    let carts = client.carts();
    let made = carts.create("7", &CartWrite::default()).await.unwrap();
    assert_eq!((made.id().unwrap().as_str(), made.status), ("8", Some(CartStatus::Quote)));
    assert_eq!(made.payment.unwrap().payment_type, Some(PaymentType::Offline));
    recorder.answer(200, &format!(r#"{{"carts":[{cart}],"paginationResponse":{{"totalSize":1}}}}"#));
    let page = carts.list("7", CartFilter::new(CartStatus::Open).page(OffsetPage::first(100))).await.unwrap();
    assert_eq!((page.items.len(), page.total), (1, Some(1)));
    let item = r#"{"name":"customers/7/carts/8/cartItems/9","quantity":5,"upfrontPrice":{"currency":"USD"},"recurringPrice":{"currency":"USD","value":12.5},"addOns":{"planId":"p","quantitySpec":{"minQuantity":1}},"checkedOut":"SUCCESS"}"#;
    recorder.answer(200, item);
    let made = carts.add_item("7", "8", &CartItemWrite::default()).await.unwrap();
    assert_eq!((made.id().unwrap().as_str(), made.checked_out), ("9", Some(CheckedOut::Success)));
    assert_eq!(made.recurring_price.unwrap().value, dec("12.5"), "an object of currency and value");
    assert_eq!(made.upfront_price.unwrap().value, None, "absent when zero");
    recorder.answer(200, &format!(r#"{{"cartitems":[{item}]}}"#));
    assert_eq!(carts.items("7", "8").await.unwrap().items.len(), 1);
    recorder.answer(204, "");
    carts.remove_item("7", "8", "9").await.unwrap();
    carts.delete("7", "8").await.unwrap();
}

#[tokio::test]
async fn templates_and_reports() {
    let template = r#"{"id":"t","$schema":"s","type":"object","$defs":{"attributes":{"properties":{"name":{"enum":["domainName","renewalSetting"]}}}}}"#;
    let recorder = Recorder::answering(200, &format!(r#"{{"provisioningReference":{template}}}"#));
    let client = recorder.client();
    for body in [
        format!(r#"{{"provisioningReference":{template}}}"#),
        format!(r#"{{"provisioningReferences":{{"refs":[{template}]}}}}"#),
        format!(r#"{{"provisioningReferences":{{"refs":[{}]}}}}"#, template.replace('$', "")),
    ] {
        recorder.answer(200, &body);
        let found = client.templates().list(&TemplateVendor::Microsoft, None, None).await.unwrap();
        assert_eq!(found[0].attribute_names(), ["domainName", "renewalSetting"], "{body}");
    }
    recorder.answer(200, r#"{"reports":[{"reportId":"70011","displayName":"CSP monthly","category":"BILLING_REPORTS","createTime":"2025-08-29T12:34:29Z","reportTemplateId":"azure_plan_billing","reportModule":"REPORTS_REPORTS_MODULE"}]}"#);
    let listed = client.reports().list(None).await.unwrap();
    assert_eq!(listed[0].report_id.as_ref().unwrap().as_str(), "70011");
    recorder.answer(
        200,
        r#"{"results":"Customer Name,Customer Cost (USD)\nExample Dental Group,312.50\n","resultCount":"1"}"#,
    );
    let csv: CsvReport = client.reports().csv("70011", &Report::default()).await.unwrap();
    assert_eq!(csv.result_count, Some(1));
    let mut streamed = Vec::new();
    client.reports().csv_to("70011", &Report::default(), &mut streamed).await.unwrap();
    assert_eq!(Some(String::from_utf8(streamed).unwrap()), csv.results);
    for no_report in [
        r#"{"results":"Customer Name,Cus"#,
        r#"{"error":"INTERNAL_ERROR"}"#,
        r#"{"results":7}"#,
        "[]",
        "<html>",
    ] {
        recorder.answer(200, no_report);
        let cut = client.reports().csv_to("70011", &Report::default(), &mut Vec::new()).await.unwrap_err();
        assert_eq!(cut.kind(), ErrorKind::Decode, "{no_report}: {cut}");
    }
    recorder
        .answer(200, r#"{"contentType":"text/csv","data":"YQ=="}{"contentType":"text/csv","data":"Yg=="}"#);
    assert_eq!(client.reports().csv_chunks("70011", &Report::default()).await.unwrap().len(), 2);
    recorder.answer(200, r#"{"report":{"reportId":70011},"results":{"rows":[{"values":[{"valueType":"MONEY","moneyValue":{"currency":"USD","value":312.50}},{"valueType":"INT","intValue":"7"},{"valueType":"INTERNAL_LINK","internalLinkValue":{"link":"/a","text":"A"}}]}]},"resultCount":"1","availableRowsCount":1,"cacheTimestamp":"2026-01-01T00:00:00Z"}"#);
    let data = client.reports().data("70011", None).await.unwrap();
    let values = &data.results.unwrap().rows[0].values;
    assert_eq!(values[0].value_type, Some(ValueType::Money));
    assert_eq!(values[0].money_value.as_ref().unwrap().value.unwrap().to_string(), "312.50");
    assert_eq!(values[1].int_value, Some(7));
    recorder.answer(200, r#"{"reportId":"70012"}"#);
    let saved = client.reports().save("70011", &Report::default()).await.unwrap();
    assert_eq!(saved.unwrap().as_str(), "70012");
    recorder.answer(200, r#"{"reportIds":["70011"]}"#);
    let fresh = client.reports().refresh_cache("30", "70011", None, None).await.unwrap();
    assert_eq!(fresh.0["reportIds"][0], "70011");
    recorder.answer(200, r#"{"reportId":"70011","specs":{"rowsLimit":"0"}}"#);
    for kept in [
        client.reports().specs("70011", &Report::default()).await.unwrap(),
        client.reports().details("70011", &Report::default()).await.unwrap(),
    ] {
        assert_eq!(kept.0["specs"]["rowsLimit"], "0");
    }
}

#[tokio::test]
async fn the_older_interface() {
    let recorder = Recorder::answering(
        200,
        r#"{"success":true,"message":"","data":{"invoice":[{"id":"610022","number":"INV-EX-0042","billingStartDate":"2026-01-01","billingEndDate":"2026-01-31","total":"312.50","status":"open","lines":[{"cloudProviderId":"30"}]}]}}"#,
    );
    let client = recorder.client();
    let (filter, page) = (LegacyFilter::default(), OffsetPage::first(100));
    let listed = client.invoices().list(InvoicesOf::Payable, filter.clone().page(page)).await.unwrap();
    let invoice = listed.items[0].as_ref().unwrap();
    assert_eq!(invoice.total.unwrap().to_string(), "312.50", "a decimal string");
    assert_eq!(invoice.lines[0].cloud_provider_id.as_ref().unwrap().as_str(), "30");
    for one_or_many in [
        r#"{"id":7}"#,
        r#"[{"id":"7","addressZip":20190,"cloudAccounts":[{"cloudAccountId":1,"provider":{"name":"AWS"}}]}]"#,
    ] {
        recorder.answer(200, &format!(r#"{{"success":true,"data":{{"customer":{one_or_many}}}}}"#));
        assert_eq!(client.legacy_customers().get("7").await.unwrap().id.unwrap().as_str(), "7");
        assert_eq!(client.legacy_customers().list(filter.clone().page(page)).await.unwrap().items.len(), 1);
    }
    recorder.answer(
        200,
        r#"{"success":true,"data":{"items":[{"productName":"A","price":"1.10","currency":"USD"}]}}"#,
    );
    assert_eq!(client.price_books().get("5").await.unwrap().items[0].price, dec("1.10"));
    recorder.answer(200, r#"{"success":true,"data":{"cloud_account":[{"id":"11"}]}}"#);
    assert_eq!(client.legacy_customers().cloud_accounts("7").await.unwrap().items.len(), 1);
    recorder.answer(200, r#"{"success":true,"currencyOption":{"costCurrency":"USD"},"data":[{"entity":{"id":"310045","type":"customer"},"data":{"price":"-312.5000000000","cost":"265.6250000000","usage":"25.0000000000","unit":"Hours"}}]}"#);
    let report = client
        .billing_reports()
        .get(BillingProvider::Gcp, &BillingReportFilter::month(2026, 1))
        .await
        .unwrap();
    let figures = report.data[0].data.as_ref().unwrap();
    assert_eq!(figures.price.unwrap().to_string(), "-312.5000000000", "ten places, negative for credits");
    recorder.answer(200, r#"{"success":false,"message":"no such customer"}"#);
    let error = client.legacy_customers().get("7").await.unwrap_err();
    assert!(error.to_string().contains("no such customer"), "{error}");
}
