//! Companies, contacts, products, orders, subscriptions, usage, invoices.

use chrono::{NaiveDate, TimeZone as _, Utc};
use pax8_client::PageOf;
use pax8_client::api::{
    CompanyField, CompanyFilter, DraftItemFilter, InvoiceField, InvoiceFilter, ProductField, ProductFilter,
    Sort, SubscriptionField, SubscriptionFilter, UsageSummaryField, UsageSummaryFilter,
};
use pax8_client::model::{
    Address, BillingTerm, CompanyStatus, CompanyUpdate, ContactTypeName, CreateLineItem, CreateOrder,
    InvoiceStatus, NewCompany, NewContact, OrderedBy, ProvisioningAnswer, SubscriptionStatus,
    SubscriptionUpdate,
};
use rust_decimal::Decimal;

use super::case::{Case, ID, NOTHING, PAGE, RECORD, case, page_case};

fn address() -> Address {
    let mut address = Address::default();
    address.street = Some("5 Quay Road".to_owned());
    address.city = Some("Portland".to_owned());
    address.state_or_province = Some("ME".to_owned());
    address.postal_code = Some("04101".to_owned());
    address.country = Some("US".to_owned());
    address
}

fn contact() -> NewContact {
    NewContact::new("Test", "Contact", "it@harbor.example.com", "555-0112")
        .with_type(ContactTypeName::Admin, true)
        .with_type(ContactTypeName::Billing, false)
}

fn company() -> NewCompany {
    let mut company = NewCompany::new("Harbor Supplies", address(), "555-0111", "https://harbor.example.com");
    company.external_id = Some("CUST-1002".to_owned());
    company.self_service_allowed = true;
    company.contacts.push(contact());
    company
}

fn company_filter() -> CompanyFilter {
    let mut filter = CompanyFilter::default();
    filter.city = Some("São Paulo & Co".to_owned());
    filter.country = Some("US".to_owned());
    filter.state_or_province = Some("IL".to_owned());
    filter.postal_code = Some("62701".to_owned());
    filter.self_service_allowed = Some(true);
    filter.bill_on_behalf_of_enabled = Some(false);
    filter.order_approval_required = Some(true);
    filter.status = Some(CompanyStatus::Inactive);
    filter.sort = Some(Sort::ascending(CompanyField::Name));
    filter
}

fn order() -> CreateOrder {
    let mut first = CreateLineItem::new(1, ID, BillingTerm::Annual, Decimal::from(12));
    first.commitment_term_id = Some(ID.to_owned());
    first.provision_start_date = Some(Utc.with_ymd_and_hms(2026, 3, 1, 0, 0, 0).unwrap());
    first.provisioning_details =
        vec![ProvisioningAnswer::new("exCustExists", vec!["No, create one".to_owned()])];
    let mut second = CreateLineItem::new(2, ID, BillingTerm::OneTime, Decimal::ONE);
    second.parent_line_item_number = Some(1);
    let mut third = CreateLineItem::new(3, ID, BillingTerm::TwoYear, Decimal::new(100, 0));
    third.parent_subscription_id = Some(ID.to_owned());
    let mut order = CreateOrder::new(ID, vec![first, second, third]);
    order.ordered_by = Some(OrderedBy::Partner);
    order.ordered_by_user_email = Some("ordering@msp.example.com".to_owned());
    order
}

const ORDER: &str = concat!(
    r#"{"companyId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","orderedBy":"Pax8 Partner","#,
    r#""orderedByUserEmail":"ordering@msp.example.com","lineItems":["#,
    r#"{"lineItemNumber":1,"productId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","#,
    r#""commitmentTermId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","billingTerm":"Annual","quantity":12,"#,
    r#""provisionStartDate":"2026-03-01T00:00:00Z","#,
    r#""provisioningDetails":[{"key":"exCustExists","values":["No, create one"]}]},"#,
    r#"{"lineItemNumber":2,"productId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","billingTerm":"One-Time","#,
    r#""quantity":1,"provisioningDetails":[],"parentLineItemNumber":1},"#,
    r#"{"lineItemNumber":3,"productId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","billingTerm":"2-Year","#,
    r#""quantity":100,"provisioningDetails":[],"parentSubscriptionId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01"}]}"#,
);

fn subscription_filter() -> SubscriptionFilter {
    let mut filter = SubscriptionFilter::of_company(ID);
    filter.product_id = Some(ID.to_owned());
    filter.status = Some(SubscriptionStatus::PendingManual);
    filter.billing_term = Some(BillingTerm::ThreeYear);
    filter.sort = Some(Sort::descending(SubscriptionField::CreatedDate));
    filter
}

fn update() -> SubscriptionUpdate {
    let mut update = SubscriptionUpdate::default();
    update.quantity = Some(Decimal::from(15));
    update.price = Some(Decimal::new(8_645_600, 5));
    update.billing_term = Some(BillingTerm::Monthly);
    update.start_date = Some(Utc.with_ymd_and_hms(2026, 3, 1, 8, 30, 0).unwrap());
    update.end_date = Some(Utc.with_ymd_and_hms(2027, 3, 1, 8, 30, 0).unwrap());
    update.provisioning_details = Some(vec![ProvisioningAnswer::new("k", vec!["v".to_owned()])]);
    update
}

fn invoice_filter() -> InvoiceFilter {
    let day = NaiveDate::from_ymd_opt(2026, 3, 1);
    let mut filter = InvoiceFilter::default();
    filter.status = Some(InvoiceStatus::NothingDue);
    filter.invoice_date = day;
    filter.invoice_date_range_start = day;
    filter.invoice_date_range_end = day;
    filter.due_date = day;
    filter.total = Some(Decimal::new(482_177, 2));
    filter.balance = Some(Decimal::ZERO);
    filter.carried_balance = Some(Decimal::new(-10, 1));
    filter.company_id = Some(ID.to_owned());
    filter.sort = Some(Sort::descending(InvoiceField::InvoiceDate));
    filter
}

const CONTACT: &str = r#"{"firstName":"Test","lastName":"Contact","email":"it@harbor.example.com","phone":"555-0112","types":[{"type":"Admin","primary":true},{"type":"Billing","primary":false}]}"#;
const COMPANY: &str = concat!(
    r#"{"name":"Harbor Supplies","address":{"street":"5 Quay Road","city":"Portland","stateOrProvince":"ME","postalCode":"04101","country":"US"},"#,
    r#""phone":"555-0111","website":"https://harbor.example.com","externalId":"CUST-1002","billOnBehalfOfEnabled":false,"selfServiceAllowed":true,"orderApprovalRequired":false,"#,
    r#""contacts":[{"firstName":"Test","lastName":"Contact","email":"it@harbor.example.com","phone":"555-0112","types":[{"type":"Admin","primary":true},{"type":"Billing","primary":false}]}]}"#,
);

pub(crate) fn cases() -> Vec<Case> {
    vec![
        page_case!("GET", "/v1/companies", "page=0&size=200", "", |c| c
            .companies()
            .list(CompanyFilter::default().page(PageOf::default()))),
        page_case!(
            "GET",
            "/v1/companies",
            "sort=name%2Casc&city=S%C3%A3o%20Paulo%20%26%20Co&country=US&stateOrProvince=IL&postalCode=62701&selfServiceAllowed=true&billOnBehalfOfEnabled=false&orderApprovalRequired=true&status=Inactive&page=3&size=50",
            "",
            |c| c.companies().list(company_filter().page(PageOf::first(50).at(3)))
        ),
        case!("POST", "/v1/companies", "", COMPANY, RECORD, |c| c.companies().create(&company())),
        case!("GET", "/v1/companies/{companyId}", "", "", RECORD, |c| c.companies().get(ID)),
        case!(
            "PATCH",
            "/v1/companies/{companyId}",
            "",
            r#"{"phone":"555-0119","orderApprovalRequired":true}"#,
            RECORD,
            |c| {
                let mut update = CompanyUpdate::default();
                update.phone = Some("555-0119".to_owned());
                update.order_approval_required = Some(true);
                async move { c.companies().update(ID, &update).await }
            }
        ),
        page_case!("GET", "/v1/companies/{companyId}/contacts", "page=0&size=200", "", |c| c
            .contacts()
            .list(ID, PageOf::default())),
        case!("POST", "/v1/companies/{companyId}/contacts", "", CONTACT, RECORD, |c| c
            .contacts()
            .create(ID, &contact())),
        case!("GET", "/v1/companies/{companyId}/contacts/{contactId}", "", "", RECORD, |c| c
            .contacts()
            .get(ID, ID)),
        case!("PUT", "/v1/companies/{companyId}/contacts/{contactId}", "", CONTACT, RECORD, |c| c
            .contacts()
            .replace(ID, ID, &contact())),
        case!("DELETE", "/v1/companies/{companyId}/contacts/{contactId}", "", "", NOTHING, |c| c
            .contacts()
            .delete(ID, ID)),
        page_case!(
            "GET",
            "/v1/products",
            "sort=vendor%2Cdesc&search=Premium&vendorName=ExampleSoft&page=0&size=200",
            "",
            |c| {
                let mut filter = ProductFilter::default();
                filter.search = Some("Premium".to_owned());
                filter.vendor_name = Some("ExampleSoft".to_owned());
                filter.sort = Some(Sort::descending(ProductField::Vendor));
                async move { c.products().list(filter.clone().page(PageOf::default())).await }
            }
        ),
        case!("GET", "/v1/products/{productId}", "", "", RECORD, |c| c.products().get(ID)),
        case!("GET", "/v1/products/{productId}/pricing", "", "", PAGE, |c| c.products().pricing(ID, None)),
        case!(
            "GET",
            "/v1/products/{productId}/pricing",
            "companyId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01",
            "",
            PAGE,
            |c| c.products().pricing(ID, Some(ID))
        ),
        case!("GET", "/v1/products/{productId}/dependencies", "", "", "{}", |c| c
            .products()
            .dependencies(ID)),
        case!("GET", "/v1/products/{productId}/provision-details", "", "", PAGE, |c| c
            .products()
            .provision_details(ID)),
        case!("POST", "/v1/orders", "", ORDER, RECORD, |c| c.orders().create(&order())),
        case!("POST", "/v1/orders", "isMock=true", ORDER, "{}", |c| c.orders().check(&order())),
        page_case!(
            "GET",
            "/v1/orders",
            "companyId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&page=0&size=200",
            "",
            |c| c.orders().list(Some(ID), PageOf::default())
        ),
        case!("GET", "/v1/orders/{orderId}", "", "", RECORD, |c| c.orders().get(ID)),
        page_case!(
            "GET",
            "/v1/subscriptions",
            "sort=createdDate%2Cdesc&status=PendingManual&billingTerm=3-Year&companyId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&productId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&page=0&size=200",
            "",
            |c| c.subscriptions().list(subscription_filter().page(PageOf::default()))
        ),
        case!("GET", "/v1/subscriptions/{subscriptionId}", "", "", RECORD, |c| c.subscriptions().get(ID)),
        case!("PUT", "/v1/subscriptions/{subscriptionId}", "", r#"{"quantity":15}"#, RECORD, |c| {
            let mut update = SubscriptionUpdate::default();
            update.quantity = Some(Decimal::from(15));
            async move { c.subscriptions().update(ID, &update).await }
        }),
        case!(
            "PUT",
            "/v1/subscriptions/{subscriptionId}",
            "",
            r#"{"quantity":15,"price":86.45600,"billingTerm":"Monthly","startDate":"2026-03-01T08:30:00Z","endDate":"2027-03-01T08:30:00Z","provisioningDetails":[{"key":"k","values":["v"]}]}"#,
            RECORD,
            |c| c.subscriptions().update(ID, &update())
        ),
        case!("DELETE", "/v1/subscriptions/{subscriptionId}", "", "", NOTHING, |c| c
            .subscriptions()
            .cancel(ID, None)),
        case!(
            "DELETE",
            "/v1/subscriptions/{subscriptionId}",
            "cancelDate=2027-02-28T00%3A00%3A00Z",
            "",
            NOTHING,
            |c| c.subscriptions().cancel(ID, Some(Utc.with_ymd_and_hms(2027, 2, 28, 0, 0, 0).unwrap()))
        ),
        case!("GET", "/v1/subscriptions/{subscriptionId}/history", "", "", PAGE, |c| c
            .subscriptions()
            .history(ID)),
        page_case!(
            "GET",
            "/v1/subscriptions/{subscriptionId}/usage-summaries",
            "sort=currentCharges%2Casc&resourceGroup=rg-harbor&companyId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&page=0&size=200",
            "",
            |c| {
                let mut filter = UsageSummaryFilter::default();
                filter.resource_group = Some("rg-harbor".to_owned());
                filter.company_id = Some(ID.to_owned());
                filter.sort = Some(Sort::ascending(UsageSummaryField::CurrentCharges));
                async move { c.usage().summaries(ID, filter.clone().page(PageOf::default())).await }
            }
        ),
        case!("GET", "/v1/usage-summaries/{usageSummaryId}", "", "", RECORD, |c| c.usage().summary(ID)),
        page_case!(
            "GET",
            "/v1/usage-summaries/{usageSummaryId}/usage-lines",
            "usageDate=2026-03-14&productId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&page=0&size=200",
            "",
            |c| c.usage().lines(
                ID,
                NaiveDate::from_ymd_opt(2026, 3, 14).unwrap(),
                Some(ID),
                PageOf::default()
            )
        ),
        page_case!(
            "GET",
            "/v1/invoices",
            "sort=invoiceDate%2Cdesc&status=Nothing%20Due&invoiceDate=2026-03-01&invoiceDateRangeStart=2026-03-01&invoiceDateRangeEnd=2026-03-01&dueDate=2026-03-01&total=4821.77&balance=0&carriedBalance=-1.0&companyId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&page=0&size=200",
            "",
            |c| c.invoices().list(invoice_filter().page(PageOf::default()))
        ),
        case!("GET", "/v1/invoices/{invoiceId}", "", "", RECORD, |c| c.invoices().get(ID)),
        page_case!("GET", "/v1/invoices/{invoiceId}/items", "page=0&size=200", "", |c| c
            .invoices()
            .items(ID, PageOf::default())),
        page_case!(
            "GET",
            "/v1/invoices/draftItems",
            "monthOffset=0&companyId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&page=0&size=200",
            "",
            |c| {
                let mut filter = DraftItemFilter::default();
                filter.month_offset = Some(0);
                filter.company_id = Some(ID.to_owned());
                async move { c.invoices().draft_items(filter.clone().page(PageOf::default())).await }
            }
        ),
    ]
}
