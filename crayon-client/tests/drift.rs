//! Answers as the reference shows them, and what may become of them: other casing, missing members, `null`, drift between
//! numbers and text, members and numbers that nobody knows yet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

#[path = "drift/change.rs"]
mod change;
#[path = "drift/listings.rs"]
mod listings;
#[path = "drift/records.rs"]
mod records;
#[path = "endpoints/shapes.rs"]
mod shapes;

use crayon_client::model::{
    BillingCycleEnum, BillingStatement, CustomerTenantDetailed, Subscription, SubscriptionStatus,
};
use proptest::prelude::*;
use provider_http::Keys;
use provider_http::decode::from_str;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The forms of a list: the envelope in both cases, a plain array.
pub(crate) const FORMS: [fn(&[Value]) -> String; 3] = [
    |items| json!({ "Items": items, "TotalHits": items.len(), "Filter": { "Items": null } }).to_string(),
    |items| json!({ "totalHits": items.len(), "items": items }).to_string(),
    |items| json!(items).to_string(),
];

const DETAILED: &str = r#"{"Tenant":{"Id":51001,"Name":"Fabled Bakery Ltd"},"User":{"UserName":"admin@example.com","Password":"not-a-real-password"},"Profile":{"CultureCode":"en-US","Contact":{"FirstName":"Test","Email":"it@example.com"},"Address":{"AddressLine1":"1 Sample Street","CountryCode":"NO"},"Agreement":null},"Company":{"OrganizationRegistrationNumber":"999999999"}}"#;
const SUBSCRIPTION: &str = r#"{"Id":610001,"PublisherSubscriptionId":"5e6f7081-92a3-44b5-86c7-d8e9f0a1b2c3","Publisher":{"Id":2,"Name":"Microsoft"},"CustomerTenant":{"Id":51001},"Product":{"Id":70001,"PartNumber":"CFQ7TTC0LH18:0001"},"Quantity":12,"Name":"Sample Business Suite","Status":1,"ProvisionType":1,"Subscriptions":[{"Id":7,"Quantity":1}],"CreationDate":"2025-03-02T10:15:00.37+01:00","BillingCycle":1,"Markup":0.0,"IsTrial":false,"StartDate":"2025-03-02T00:00:00","EndDate":"2026-03-01 23:59:59.000","PriceType":1,"SalesPrice":12345678901234567890.12,"TermDuration":"P1Y","AutoRenewEnabled":true,"CancellationAllowedUntilDate":"2025-03-09T10:15:04.8964818Z","EffectiveStartDate":"2025-03-02T00:00:00Z","CommitmentEndDate":"9999-12-21","SuspensionReasons":"[]","Pricing":{"CurrencyCode":"EUR","PurchasePrice":4.32,"RecommendedRetailPrice":5.10}}"#;
const STATEMENT: &str = r#"{"GroupId":3001,"Id":930001,"TotalSalesPrice":{"Value":1234.50,"CurrencyCode":"EUR"},"StartDate":"2025-02-01T00:00:00+00:00","EndDate":"2025-03-01T00:00:00+00:00","ProvisionType":1,"OrderId":700000001}"#;

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

#[test]
fn a_name_that_no_enum_knows_costs_no_record_and_is_told() {
    let listen =
        |json: &'static str| provider_core::wire::unknown::listen(|| read::<Subscription>(json).unwrap());
    let (subscription, met) = listen(r#"{"Id":1,"Quantity":5,"Status":"Dormant","BillingCycle":"Weekly"}"#);
    assert_eq!((subscription.id, subscription.quantity), (1, Some(5)));
    assert!(!SubscriptionStatus::ACTIVE.contains(subscription.status.unwrap()));
    assert_eq!(subscription.billing_cycle, Some(BillingCycleEnum::Unknown(i32::MIN)));
    let told: Vec<_> = met.iter().map(|unknown| (unknown.of, unknown.value.as_str())).collect();
    assert_eq!(told, [("SubscriptionStatus", "Dormant"), ("BillingCycleEnum", "Weekly")]);
    let (known, met) = listen(r#"{"Id":1,"BillingCycle":"monthly"}"#);
    assert_eq!((known.billing_cycle, met.len()), (Some(BillingCycleEnum::Monthly), 0));
}

proptest! {
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
