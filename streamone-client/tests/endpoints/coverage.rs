//! Every endpoint of the reference, called once: method, path, credential and body, byte for byte.

use std::collections::BTreeSet;

use secrecy::ExposeSecret as _;
use streamone_client::StreamOneClient;
use streamone_client::api::{
    ANY_CUSTOMER, BillingProvider, BillingReportFilter, CartFilter, CustomerFilter, ENDPOINTS,
    GenerateInvoices, InvoicesOf, LegacyFilter, Modifier, OffsetPage, OrderFilter, OrderSort, ProductFilter,
    ProductView, SubscriptionFilter, TokenPage,
};
use streamone_client::model::{
    Attribute, CartItemWrite, CartStatus, CartWrite, Checkout, CloudAccountWrite, CustomFieldValue,
    CustomFields, Customer, CustomerStatus, CustomerWrite, LegacyCustomerWrite, OrderItemWrite, OrderStatus,
    OrderWrite, PricingQuery, ProgramAssignment, ProvisionData, RelativeDateRange, Report, ReportDateRange,
    ReportModule, SubscriptionStatus, TemplateAction, TemplateVendor,
};

use crate::recorder::{Recorder, Sent};

const BEARER: &str = "Bearer EXAMPLE-ACCESS-TOKEN-0002";
/// EXAMPLE-KEY:EXAMPLE-SECRET
const BASIC: &str = "Basic RVhBTVBMRS1LRVk6RVhBTVBMRS1TRUNSRVQ=";

struct Probe {
    recorder: Recorder,
    client: StreamOneClient,
    seen: BTreeSet<(String, String)>,
}

impl Probe {
    /// The one request that was sent, and the endpoint of the list that it was.
    fn saw(&mut self, method: &str, target: &str, body: &str) {
        let sent = self.recorder.take();
        let Sent { authorization, content_type, .. } = sent.clone();
        assert_eq!((sent.method.as_str(), sent.target.as_str(), sent.body.as_str()), (method, target, body));
        let expected = if target.starts_with("/api/v1/") { BASIC } else { BEARER };
        assert_eq!(authorization.as_deref(), Some(expected), "{target}");
        if body.starts_with('{') {
            assert_eq!(content_type.as_deref(), Some("application/json"));
        }
        self.mark(method, target);
    }

    fn mark(&mut self, method: &str, target: &str) {
        let path = target.split('?').next().unwrap();
        let mut fitting: Vec<_> = ENDPOINTS
            .iter()
            .flat_map(|rows| rows.iter())
            .filter(|e| e.method == method && fits(e.path, path))
            .collect();
        // A literal path fits better than one with a placeholder in its place.
        fitting.sort_by_key(|e| e.path.matches('{').count());
        let endpoint = fitting.first().unwrap_or_else(|| panic!("{method} {path} is not in the list"));
        self.seen.insert((endpoint.method.to_owned(), endpoint.path.to_owned()));
    }

    fn answer(&self, body: &str) {
        self.recorder.answer(200, body);
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut left, mut right) = (template.split('/'), path.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) => {
                let verb = |s: &str| s.split_once(':').map(|(_, verb)| verb.to_owned());
                let same = if a.starts_with('{') { verb(a) == verb(b) } else { a == b };
                if !same {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[tokio::test]
async fn every_endpoint_is_called_as_the_reference_has_it() {
    let recorder = Recorder::answering(200, "{}");
    let mut p = Probe { client: recorder.client(), recorder, seen: BTreeSet::new() };
    let client = p.client.clone();
    let page = TokenPage::at(200, "EXAMPLE-PAGE-2");

    // Tokens.
    client.tokens().keep_alive().await.unwrap();
    let exchange = p.recorder.exchanges().remove(0);
    assert_eq!((exchange.method.as_str(), exchange.authorization), ("POST", None));
    assert_eq!(exchange.content_type.as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(exchange.body, "grant_type=refresh_token&refresh_token=EXAMPLE-REFRESH-TOKEN-0001");
    p.mark("POST", "/oauth/token");
    p.answer(r#"{"access_expires_in":6673,"refresh_expires_in":2764273}"#);
    assert_eq!(client.tokens().validate().await.unwrap().refresh_days_left(), Some(31));
    let sent = p.recorder.take();
    assert_eq!((sent.target.as_str(), sent.authorization), ("/oauth/validateAccess", None));
    assert_eq!(sent.body, "access_token=EXAMPLE-ACCESS-TOKEN-0002");
    p.mark("POST", "/oauth/validateAccess");

    customers(&mut p, &client, &page).await;
    catalog(&mut p, &client, &page).await;
    subscriptions_and_orders(&mut p, &client, &page).await;
    carts(&mut p, &client).await;
    templates_and_reports(&mut p, &client).await;
    billing(&mut p, &client).await;

    let missing: Vec<_> = ENDPOINTS
        .iter()
        .flat_map(|rows| rows.iter())
        .filter(|e| !p.seen.contains(&(e.method.to_owned(), e.path.to_owned())))
        .collect();
    assert!(missing.is_empty(), "not called: {missing:#?}");
}

async fn customers(p: &mut Probe, client: &StreamOneClient, page: &TokenPage) {
    p.answer("{}");
    let filter = CustomerFilter::default().status(CustomerStatus::Active).email("a b@example.com");
    client.customers().list(filter.clone().page(page.clone())).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/customers?filter.customerEmail=a%20b%40example.com&filter.customerStatus=ACTIVE&pageSize=200&pageToken=EXAMPLE-PAGE-2", "");
    client.customers().get("310045").await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/customers/310045", "");
    let read: Customer = serde_json::from_str(r#"{"name":"accounts/20001/customers/310046","customerOrganization":"Example Bakery Ltd","customerAddress":{"street":"2 Sample Way","city":"Reston","state":"VA","zip":"20190","country":"US"},"customerName":"Office Contact","customerEmail":"office@bakery.example.com","languageCode":"EN","uid":"x","customerStatus":"ACTIVE"}"#).unwrap();
    let write = CustomerWrite::from(&read);
    let body = r#"{"customerOrganization":"Example Bakery Ltd","customerAddress":{"street":"2 Sample Way","city":"Reston","state":"VA","zip":"20190","country":"US"},"customerName":"Office Contact","customerEmail":"office@bakery.example.com","languageCode":"EN"}"#;
    client.customers().create(&write).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/customers", body);
    client.customers().replace("310046", &write).await.unwrap();
    p.saw("PUT", "/api/v3/accounts/20001/customers/310046", body);
    client.customers().cloud_profiles("1", Some("30"), Some(true)).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/customers/1/cloudProfiles?providerId=30&enabledOnly=true", "");
    client.customers().cloud_profile("1", "30", Some(true)).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/customers/1/cloudProfile?providerId=30&refresh=true", "");
    let open = serde_json::json!({"x": 1});
    client.customers().link_provider("1", "30", &open).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/customers/1/cloudProviders/30:link", r#"{"x":1}"#);
    client.customers().provision_provider("1", "30", &open).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/customers/1/cloudProviders/30:provision", r#"{"x":1}"#);
}

async fn catalog(p: &mut Probe, client: &StreamOneClient, page: &TokenPage) {
    client.products().list(ProductFilter::default().page(page.clone())).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/products?pageSize=200&pageToken=EXAMPLE-PAGE-2", "");
    client
        .products()
        .get("Example:Suite/NCE-demo", &ProductView::default().priced_for("310045"))
        .await
        .unwrap();
    p.saw("GET", "/api/v3/accounts/20001/products/Example%3ASuite%2FNCE-demo?priceBookCustomerId=310045", "");
    let query = PricingQuery::new("azure", ["EXMP0TTC0AAA:0001:P1Y:M"]).for_customer(310_045);
    client.products().pricing(&query).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/products:pricing", r#"{"externalProductWithProvider":[{"provider":"azure","externalProducts":["EXMP0TTC0AAA:0001:P1Y:M"]}],"priceBookCustomerId":310045}"#);
    client.products().enable("x").await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/products/x:enable", "");
    client.products().disable("x").await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/products/x:disable", "");
    client.catalog().categories().await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/products/categories", "");
    client.catalog().verticals().await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/products/verticals", "");
    client.catalog().charges().await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/products/charges", "");
    client.catalog().programs("x").await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/products_programs?productName=x", "");
    client.catalog().assign_program("x", &ProgramAssignment::new("a", "b")).await.unwrap();
    p.saw(
        "PUT",
        "/api/v3/accounts/20001/products_programs/x:batchUpdate",
        r#"{"product_programs":{"programName":"a","partnerName":"b"}}"#,
    );
}

async fn subscriptions_and_orders(p: &mut Probe, client: &StreamOneClient, page: &TokenPage) {
    let mut filter = SubscriptionFilter::default().customer_id("310045");
    filter.status = Some(SubscriptionStatus::Active);
    filter.start_date_range = Some(ReportDateRange::relative(RelativeDateRange::LastMonth));
    filter.end_date_range = Some(ReportDateRange::fixed("2026-01-01", "2026-02-01"));
    client.subscriptions().list(filter.clone().page(OffsetPage::at(200, 400))).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/subscriptions?customerId=310045&subscriptionStatus=ACTIVE&startDateRange.relativeDateRange=LAST_MONTH&endDateRange.fixedDateRange.startDate=2026-01-01&endDateRange.fixedDateRange.endDate=2026-02-01&pagination.limit=200&pagination.offset=400&pagination.sortBy=id&pagination.sortOrder=ASC", "");
    let mut filter = SubscriptionFilter::default();
    filter.page_filter = Some("x".into());
    filter.page_user_id = Some("9".into());
    client.subscriptions().list(filter.clone().page(OffsetPage::first(100))).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/subscriptions?pagination.filter=x&pagination.userId=9&pagination.limit=100&pagination.offset=0&pagination.sortBy=id&pagination.sortOrder=ASC", "");
    client.subscriptions().get("310045", "4500123", Some(true)).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/customers/310045/subscriptions/4500123?refresh=true", "");

    let mut filter = OrderFilter::default();
    filter.status = Some(OrderStatus::OnHold);
    filter.exclude_sub_accounts = Some(true);
    filter.customers = vec!["1".into(), "2".into()];
    filter.sort_by = Some(OrderSort::UpdateTime);
    filter.ascending = Some(true);
    client.orders().list(filter.clone().page(TokenPage::first(50))).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/orders?status=ON_HOLD&filter.excludeSubAccounts=true&filter.customerIdList=1%2C2&sortBy=updateTime&sortOrder=ASC&pageSize=50", "");
    client.orders().list_of_customer(ANY_CUSTOMER, None, page).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/customers/-/orders?pageSize=200&pageToken=EXAMPLE-PAGE-2", "");
    client.orders().get(ANY_CUSTOMER, "950077").await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/customers/-/orders/950077", "");
    let mut order = OrderWrite::default();
    order.reference_id = Some("msp-2026-000187".into());
    order.display_name = Some("Example Suite Standard x5".into());
    let mut item = OrderItemWrite::create(
        "ExampleSuiteNCE-demo",
        "Example-Suite-Standard",
        "Monthly---Annual-Commit-n1",
        5,
    )
    .with_attribute("domainName", "exampledental.onmicrosoft.com")
    .with_attribute("renewalSetting", "auto-on");
    item.reference_id = Some("msp-2026-000187-1".into());
    item.end_customer_po = Some("PO-88".into());
    item.reseller_po = Some("RPO-1002".into());
    order.order_items = vec![item];
    client.orders().create("310045", &order).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/customers/310045/orders", r#"{"referenceId":"msp-2026-000187","displayName":"Example Suite Standard x5","orderItems":[{"referenceId":"msp-2026-000187-1","action":"CREATE","productId":"ExampleSuiteNCE-demo","skuId":"Example-Suite-Standard","planId":"Monthly---Annual-Commit-n1","quantity":5,"endCustomerPO":"PO-88","resellerPO":"RPO-1002","attributes":[{"name":"domainName","value":"exampledental.onmicrosoft.com"},{"name":"renewalSetting","value":"auto-on"}]}]}"#);
    order.reference_id = Some("msp-2026-000190".into());
    order.display_name = Some("Seats 25 to 30".into());
    let ids = ("ExampleSuiteNCE-demo", "Example-Suite-Standard", "Monthly---Annual-Commit-n1");
    order.order_items = vec![OrderItemWrite::update("5b0c6c1e-2f0e-4d7a-9a34-7f8e1c2d3b4a", ids, 30)];
    client.orders().create("310045", &order).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/customers/310045/orders", r#"{"referenceId":"msp-2026-000190","displayName":"Seats 25 to 30","orderItems":[{"action":"UPDATE","resourceId":"5b0c6c1e-2f0e-4d7a-9a34-7f8e1c2d3b4a","productId":"ExampleSuiteNCE-demo","skuId":"Example-Suite-Standard","planId":"Monthly---Annual-Commit-n1","quantity":30,"attributes":[{"name":"operations","value":"updateSubscription"}]}]}"#);
    client.orders().cancel("310045", "950077").await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/customers/310045/orders/950077:cancel", "");
}

async fn carts(p: &mut Probe, client: &StreamOneClient) {
    let carts = client.carts();
    carts.list("7", CartFilter::new(CartStatus::Open).page(OffsetPage::first(100))).await.unwrap();
    p.saw("GET", "/api/v3/customers/7/carts?status=OPEN&pagination.limit=100&pagination.offset=0", "");
    let mut quotes = CartFilter::new(CartStatus::Quote).sorted_by("id", true);
    quotes.page_filter = Some("a b".into());
    quotes.page_user_id = Some("9".into());
    carts.list("7", quotes.clone().page(OffsetPage::at(50, 100))).await.unwrap();
    p.saw("GET", "/api/v3/customers/7/carts?status=QUOTE&pagination.filter=a%20b&pagination.sortBy=id&pagination.sortOrder=DESC&pagination.userId=9&pagination.limit=50&pagination.offset=100", "");
    let mut cart = CartWrite::default();
    cart.cart_display_name = Some("Quote 12".into());
    cart.status = Some(CartStatus::Open);
    cart.currency_code = Some("USD".into());
    carts.create("7", &cart).await.unwrap();
    let body = r#"{"cartDisplayName":"Quote 12","status":"OPEN","currencyCode":"USD"}"#;
    p.saw("POST", "/api/v3/customers/7/carts", body);
    carts.get("7", "8").await.unwrap();
    p.saw("GET", "/api/v3/customers/7/carts/8", "");
    carts.update("7", "8", &cart).await.unwrap();
    p.saw("PUT", "/api/v3/customers/7/carts/8", body);
    carts.delete("7", "8").await.unwrap();
    p.saw("DELETE", "/api/v3/customers/7/carts/8", "");
    carts.items("7", "8").await.unwrap();
    p.saw("GET", "/api/v3/customers/7/carts/8/cartItems", "");
    let mut item = CartItemWrite::default();
    item.plan_name =
        Some("accounts/20001/products/ExampleSuiteNCE-demo/plans/Monthly---Annual-Commit-n1".into());
    item.quantity = Some(5);
    let body = r#"{"planName":"accounts/20001/products/ExampleSuiteNCE-demo/plans/Monthly---Annual-Commit-n1","quantity":5}"#;
    carts.add_item("7", "8", &item).await.unwrap();
    p.saw("POST", "/api/v3/customers/7/carts/8/cartItems", body);
    carts.item("7", "8", "9").await.unwrap();
    p.saw("GET", "/api/v3/customers/7/carts/8/cartItems/9", "");
    carts.update_item("7", "8", "9", &item).await.unwrap();
    p.saw("PUT", "/api/v3/customers/7/carts/8/cartItems/9", body);
    carts.remove_item("7", "8", "9").await.unwrap();
    p.saw("DELETE", "/api/v3/customers/7/carts/8/cartItems/9", "");
    let mut checkout = Checkout::default();
    checkout.total_calculated_value = "63".parse().ok();
    let domain = Attribute::new("domainName", "exampledental.onmicrosoft.com");
    checkout.provision_data = vec![ProvisionData::new(151, vec![domain])];
    carts.checkout("7", "8", &checkout).await.unwrap();
    p.saw("POST", "/api/v3/customers/7/carts/8:checkout", r#"{"totalCalculatedValue":63,"provisionData":[{"cartItemId":151,"attributes":[{"name":"domainName","value":"exampledental.onmicrosoft.com"}]}]}"#);
}

async fn templates_and_reports(p: &mut Probe, client: &StreamOneClient) {
    client.templates().list(&TemplateVendor::Microsoft, None, Some(&TemplateAction::Create)).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/provisionTemplates?vendor=MICROSOFT&action=CREATE", "");
    client.templates().get("t").await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/provisionTemplates/t", "");
    let reports = client.reports();
    reports.list(Some(&ReportModule::Reports)).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/reports?module=REPORTS_REPORTS_MODULE", "");
    reports.get("70011", Some(true)).await.unwrap();
    p.saw("GET", "/api/v3/accounts/20001/reports/70011?includeMetadata=true", "");
    let saved: Report = serde_json::from_str(r#"{"reportId":70011,"reportModule":"REPORTS_REPORTS_MODULE","category":"BILLING_REPORTS","displayName":"CSP monthly","specs":{"allColumns":[{"id":"810001","displayName":"Customer Name","columnTemplateId":"azure_plan_billing.unique_name","groupable":true},{"id":810002,"displayName":"Customer Cost","columnTemplateId":"azure_plan_billing.customer_cost"}]}}"#).unwrap();
    let run = saved.run_over(ReportDateRange::relative(RelativeDateRange::LastMonth));
    let body = r#"{"reportId":"70011","reportModule":"REPORTS_REPORTS_MODULE","category":"BILLING_REPORTS","specs":{"selectedColumns":[{"id":"810001","columnTemplateId":"azure_plan_billing.unique_name","displayName":"Customer Name","groupable":true},{"id":"810002","columnTemplateId":"azure_plan_billing.customer_cost","displayName":"Customer Cost"}],"dateRangeOption":{"selectedRange":{"relativeDateRange":"LAST_MONTH"}}}}"#;
    reports.csv("70011", &run).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/reports/70011/reportDataCsv", body);
    let mut sink = Vec::new();
    reports.csv_stream("70011", &run, &mut sink).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/reports/70011/reportDataCsvStream", body);
    reports.data("70011", None).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/reports/70011/data", "");
    reports.specs("70011", &run).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/reports/70011/report", body);
    reports.details("70011", &run).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/reports/70011/details", body);
    reports.save("70011", &run).await.unwrap();
    p.saw("POST", "/api/v3/accounts/20001/reports/70011", body);
    reports.delete("70011").await.unwrap();
    p.saw("DELETE", "/api/v3/accounts/20001/reports/70011", "");
    reports.refresh_cache("30", "70011", Some("2026-01"), None).await.unwrap();
    p.saw(
        "GET",
        "/api/v3/accounts/20001/providers/30/refreshCacheEnhanced?reportId=70011&billingPeriodStart=2026-01",
        "",
    );
}

async fn billing(p: &mut Probe, client: &StreamOneClient) {
    let filter = LegacyFilter::default()
        .with("billingStartDate", Modifier::AtLeast, "2026-01-01")
        .with("billingEndDate", Modifier::Less, "2026-02-01")
        .relations(["lines"]);
    let page = OffsetPage::first(100);
    client.invoices().list(InvoicesOf::Payable, filter.clone().page(page)).await.unwrap();
    p.saw("GET", "/api/v1/invoices/myinvoices?filter%5BbillingStartDate%3Agte%5D=2026-01-01&filter%5BbillingEndDate%3Alt%5D=2026-02-01&relations=lines&limit=100&offset=0", "");
    let sorted = LegacyFilter::default().sort("id", false).relations([]);
    client.invoices().list(InvoicesOf::Receivable(Some("310045")), sorted.clone().page(page)).await.unwrap();
    p.saw("GET", "/api/v1/invoices?sort%5Bid%5D=desc&relations=&customerId=310045&limit=100&offset=0", "");
    p.answer(r#"{"success":true,"data":{"invoice":{"id":"610022","detailedInvoiceFilesUrls":["https://files.example.com/invoices/610022/detail.csv?signature=EXAMPLE"]}}}"#);
    let files = client.invoices().files("610022").await.unwrap();
    p.saw("GET", "/api/v1/invoices/610022/detailed", "");
    p.answer("a,b\n");
    let mut sink = Vec::new();
    let file = &files.detailed_invoice_files_urls[0];
    client.invoices().download(file, &mut sink).await.unwrap();
    let sent = p.recorder.take();
    assert_eq!((sent.authorization, sink.as_slice()), (None, b"a,b\n".as_slice()));
    assert!(file.expose_secret().ends_with(&sent.target));
    p.answer("{}");
    let mut wanted = GenerateInvoices::new("aws");
    wanted.customers = vec!["1".into(), "2".into()];
    client.invoices().generate(&wanted).await.unwrap();
    p.saw("POST", "/api/v1/invoices/generate", "source=aws&customers=1%2C2");
    let by_email = LegacyFilter::default().with("email", Modifier::Exact, "a@example.com");
    client.legacy_customers().list(by_email.clone().page(page)).await.unwrap();
    p.saw("GET", "/api/v1/customers?filter%5Bemail%5D=a%40example.com&limit=100&offset=0", "");
    p.answer(r#"{"success":true,"data":{"customer":[{"id":7}]}}"#);
    assert_eq!(client.legacy_customers().get("7").await.unwrap().id.unwrap().as_str(), "7");
    p.saw("GET", "/api/v1/customers/7", "");
    let mut write = LegacyCustomerWrite::default();
    write.email = "a@example.com".into();
    write.name = "A B".into();
    write.company = "C".into();
    assert!(client.legacy_customers().create(&write).await.unwrap().is_some());
    p.saw("POST", "/api/v1/customers", "email=a%40example.com&name=A+B&company=C");
    client
        .legacy_customers()
        .set_custom_fields("7", &CustomFields::new([CustomFieldValue::default()]))
        .await
        .unwrap();
    p.saw("PUT", "/api/v1/customers/7", r#"{"customFieldsValues":[{}]}"#);
    p.answer("{}");
    client
        .billing_reports()
        .get(BillingProvider::AzurePlan, &BillingReportFilter::month(2026, 1).customer("310045"))
        .await
        .unwrap();
    p.saw(
        "GET",
        "/api/v1/reports/billing/azureplan?filter%5Bdate_range%5D=m-1-2026&filter%5Bcustomer_id%5D=310045",
        "",
    );
    client.price_books().get("5").await.unwrap();
    p.saw("GET", "/api/v1/price-books/5", "");
    client.legacy_customers().cloud_accounts("7").await.unwrap();
    p.saw("GET", "/api/v1/customers/7/cloud-accounts", "");
    p.answer(r#"{"data":{"cloud_account":[{"id":"11"}]}}"#);
    client.legacy_customers().create_cloud_account(&CloudAccountWrite::new("n", "c", "e")).await.unwrap();
    p.saw("POST", "/api/v1/cloud-accounts", r#"{"accountNumber":"n","providerCode":"c","email":"e"}"#);
    client
        .legacy_customers()
        .assign_cloud_account("11", &serde_json::json!({"customerId": "7"}))
        .await
        .unwrap();
    p.saw("POST", "/api/v1/cloud-accounts/11/assign-customer", r#"{"customerId":"7"}"#);
}
