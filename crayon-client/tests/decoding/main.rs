//! Answers as the reference shows them, and what may become of them: other casing, missing members, `null`,
//! members and numbers that nobody knows yet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

use crayon_client::Collection;
use crayon_client::model::{
    Agreement, AgreementProduct, BillingStatement, CustomerTenant, CustomerTenantDetailed, Invoice,
    NewCommerceOrderResult, Organization, OrganizationUsageCost, Subscription, SubscriptionStatus,
};
use proptest::prelude::*;
use provider_http::Keys;
use provider_http::decode::from_str;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

const ORGANIZATION: &str = r#"{"Id":4100002,"Name":"Example Partner Sub AS","ParentId":4100001,"CrayonCompanyName":"Crayon Example AS","AccountNumber":null}"#;
const TENANT: &str = r#"{"Id":51001,"Name":"Fabled Bakery Ltd","Publisher":{"Id":2,"Name":"Microsoft"},"Program":{"Id":8,"Name":"CSP"},"PublisherCustomerId":"8d8f6c1e-0a58-4a3a-9c0b-4a5e6f708192","ExternalPublisherCustomerId":"1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9","Domain":"fabledbakery.onmicrosoft.com","DomainPrefix":"fabledbakery","Reference":"CUST-17","CustomerTenantType":2,"EntityStatus":0,"Organization":{"Id":4100001,"Name":"Example Partner AS","ParentId":0},"InvoiceProfile":{"Id":80001,"Name":"Default"},"Consumer":null,"ResellerMarkup":0.0,"DefaultSubscriptionPriceType":1,"agreement":null}"#;
const DETAILED: &str = r#"{"Tenant":{"Id":51001,"Name":"Fabled Bakery Ltd"},"User":{"UserName":"admin@example.com","Password":"not-a-real-password"},"Profile":{"CultureCode":"en-US","Contact":{"FirstName":"Test","Email":"it@example.com"},"Address":{"AddressLine1":"1 Sample Street","CountryCode":"NO"},"Agreement":null},"Company":{"OrganizationRegistrationNumber":"999999999"}}"#;
const AGREEMENT: &str = r#"{"Id":90013,"Organization":{"Id":4100001},"Name":"Microsoft CSP NCE","SalesPriceCurrencyCode":"EUR","StartDate":"2022-01-01T00:00:00+00:00","EndDate":"9999-12-31T23:59:59+00:00","Disabled":false,"AgreementType":13,"ParentAgreementId":null,"CommitmentLevel":0.0}"#;
const PRODUCT: &str = r#"{"UniqueId":"90013_2600001_1","ProductType":0,"Name":"Sample Business Suite (1 year)","PriceId":7700001,"ProductVariant":{"Id":2600001,"Product":{"Id":70001,"PartNumber":"CFQ7TTC0LH18:0001"},"PartNumber":"CFQ7TTC0LH18:0001","MinimumCommitment":{"Id":2,"Months":12,"Name":"1 Year"},"UnitCount":1,"AvailableBillingCycleIds":[1,2],"Attributes":{"x":[1,{"y":null}]},"MinimumQuantity":1.0,"MaximumQuantity":300.0},"SalesPrice":{"Value":4.32,"CurrencyCode":"EUR"},"MonthMultiplier":1,"AgreementType":13,"MinimumQuantity":1,"MaximumQuantity":300}"#;
const SUBSCRIPTION: &str = r#"{"Id":610001,"PublisherSubscriptionId":"5e6f7081-92a3-44b5-86c7-d8e9f0a1b2c3","Publisher":{"Id":2,"Name":"Microsoft"},"CustomerTenant":{"Id":51001},"Product":{"Id":70001,"PartNumber":"CFQ7TTC0LH18:0001"},"Quantity":12,"Name":"Sample Business Suite","Status":1,"ProvisionType":1,"Subscriptions":[{"Id":7,"Quantity":1}],"CreationDate":"2025-03-02T10:15:00.37+01:00","BillingCycle":1,"Markup":0.0,"IsTrial":false,"StartDate":"2025-03-02T00:00:00","EndDate":"2026-03-01 23:59:59.000","PriceType":1,"SalesPrice":12345678901234567890.12,"TermDuration":"P1Y","AutoRenewEnabled":true,"CancellationAllowedUntilDate":"2025-03-09T10:15:04.8964818Z","EffectiveStartDate":"2025-03-02T00:00:00Z","CommitmentEndDate":"9999-12-21","SuspensionReasons":"[]","Pricing":{"CurrencyCode":"EUR","PurchasePrice":4.32,"RecommendedRetailPrice":5.10}}"#;
const RESULT: &str = r#"{"IsSuccessful":false,"ErrorReasonCode":"SAMPLE_REASON","ErrorDescription":"No.","NewCommerceOrderId":null,"ScheduledDate":null}"#;
const STATEMENT: &str = r#"{"GroupId":3001,"Id":930001,"TotalSalesPrice":{"Value":1234.50,"CurrencyCode":"EUR"},"StartDate":"2025-02-01T00:00:00+00:00","EndDate":"2025-03-01T00:00:00+00:00","ProvisionType":1,"OrderId":700000001}"#;
const INVOICE: &str = r#"{"InvoiceId":"13000001","OrderId":"700000001","SalesCurrencyCode":"EUR","SalesAmount":1234.50,"InvoiceDate":"2025-03-04T00:00:00Z"}"#;
const USAGE: &str = r#"{"Supplier":"Microsoft","AccountId":51001,"SubscriptionId":"77aa88bb-99cc-40dd-8eee-ff0011223344","Amount":88.17,"CurrencyCode":"EUR"}"#;

fn read<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    from_str(json, Keys::AnyCase).map_err(|fault| fault.to_string())
}

#[test]
fn values_are_read_to_the_digit_and_the_second() {
    let subscription: Subscription = read(SUBSCRIPTION).unwrap();
    assert_eq!(subscription.sales_price.unwrap().to_string(), "12345678901234567890.12");
    assert_eq!(subscription.pricing.unwrap().recommended_retail_price.unwrap().to_string(), "5.10");
    assert_eq!(subscription.commitment_end_date, None);
    assert_eq!(subscription.end_date.unwrap().to_rfc3339(), "2026-03-01T23:59:59+00:00");
    assert_eq!(subscription.creation_date.unwrap().to_rfc3339(), "2025-03-02T09:15:00.370+00:00");
    assert_eq!(subscription.status, Some(SubscriptionStatus::ACTIVE));
    let statement: BillingStatement = read(STATEMENT).unwrap();
    assert_eq!(statement.order_id.as_deref(), Some("700000001"));
    let detailed: CustomerTenantDetailed = read(DETAILED).unwrap();
    assert!(!format!("{detailed:?}").contains("not-a-real-password"));
}

/// The members that a record is nothing without.
fn needed(at: &[String]) -> bool {
    at.last().is_some_and(|name| name.eq_ignore_ascii_case("id"))
}

/// One change at a random member: 0 removes, 1 nulls, 2 changes the case, 3 adds a member beside it.
fn change(value: &mut Value, pick: &mut usize, kind: u8, at: &mut Vec<String>) -> bool {
    let Value::Object(members) = value else {
        return match value {
            Value::Array(items) => items.iter_mut().any(|item| change(item, pick, kind, at)),
            _ => false,
        };
    };
    let names: Vec<String> = members.keys().cloned().collect();
    for name in names {
        at.push(name.clone());
        if *pick == 0 {
            apply(members, &name, kind, needed(at));
            return true;
        }
        *pick -= 1;
        if members.get_mut(&name).is_some_and(|inner| change(inner, pick, kind, at)) {
            return true;
        }
        at.pop();
    }
    false
}

fn apply(members: &mut Map<String, Value>, name: &str, kind: u8, needed: bool) {
    match kind {
        0 if !needed => drop(members.remove(name)),
        1 if !needed => drop(members.insert(name.to_owned(), Value::Null)),
        2 => {
            let value = members.remove(name).unwrap_or_default();
            let mut letters = name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_lowercase());
            members.insert(first.into_iter().chain(letters).collect(), value);
        }
        _ => drop(members.insert("AddedLater".to_owned(), serde_json::json!({"Deep": [1, null]}))),
    }
}

fn survives<T: DeserializeOwned>(json: &str, pick: usize, kind: u8, list: bool) -> Result<(), TestCaseError> {
    let mut value: Value = serde_json::from_str(json).unwrap();
    let mut at = Vec::new();
    change(&mut value, &mut pick.clone(), kind, &mut at);
    let text = value.to_string();
    let read_as = if list {
        read::<Collection<T>>(&format!("[{text}]")).map(drop)
    } else {
        read::<Collection<T>>(&format!(r#"{{"items":[{text}],"totalHits":1}}"#)).map(drop)
    };
    prop_assert!(read_as.is_ok(), "{at:?} {kind}: {read_as:?}\n{text}");
    Ok(())
}

proptest! {
    #[test]
    fn records_survive_what_the_service_may_do_to_them(pick in 0usize..60, kind in 0u8..4, list in any::<bool>()) {
        survives::<Organization>(ORGANIZATION, pick, kind, list)?;
        survives::<CustomerTenant>(TENANT, pick, kind, list)?;
        survives::<CustomerTenantDetailed>(DETAILED, pick, kind, list)?;
        survives::<Agreement>(AGREEMENT, pick, kind, list)?;
        survives::<AgreementProduct>(PRODUCT, pick, kind, list)?;
        survives::<Subscription>(SUBSCRIPTION, pick, kind, list)?;
        survives::<NewCommerceOrderResult>(RESULT, pick, kind, list)?;
        survives::<BillingStatement>(STATEMENT, pick, kind, list)?;
        survives::<Invoice>(INVOICE, pick, kind, list)?;
        survives::<OrganizationUsageCost>(USAGE, pick, kind, list)?;
    }

    #[test]
    fn unknown_numbers_of_enums_round_trip(number in any::<i32>()) {
        let json = format!(r#"{{"Id":1,"Status":{number},"BillingCycle":{number},"PriceType":{number}}}"#);
        let subscription: Subscription = read(&json).unwrap();
        let written = serde_json::to_value(&subscription).unwrap();
        prop_assert_eq!(&written["Status"], &Value::from(number));
        prop_assert_eq!(&written["BillingCycle"], &Value::from(number));
        prop_assert_eq!(&written["PriceType"], &Value::from(number));
    }
}
