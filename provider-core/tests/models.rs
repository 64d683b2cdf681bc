//! Models lose nothing: unknown values, exact decimals, absent fields.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

use provider_core::model::{
    CustomerStatus, Detail, InvoiceKind, InvoiceLineKind, InvoiceSide, Offer, PricePer, PriceTier, Raw,
    Tenant,
};
use provider_core::{
    BillingCycle, Capabilities, CommandKind, Currency, Customer, EntityKind, Invoice, InvoiceLine, Operation,
    Order, Price, Product, Subscription, SubscriptionStatus, Support, Term, UsageRecord,
};
use serde::{Serialize, de::DeserializeOwned};

fn round_trip<T: Serialize + DeserializeOwned>(json: &str) -> T {
    let read: T = serde_json::from_str(json).unwrap();
    let (written, given): (serde_json::Value, serde_json::Value) =
        (serde_json::to_value(&read).unwrap(), serde_json::from_str(json).unwrap());
    assert_eq!(written, given);
    read
}

#[test]
fn values_of_tomorrow_survive() {
    let customer: Customer = round_trip(
        r#"{"id":"1","name":"Bakery","status":"under_review","flags":{},"detail":"summary",
            "tenants":[{"vendor":"microsoft","tenant_id":"t","domain":"bakery.example.com"}],
            "contacts":[{"email":"a@example.com","roles":[{"kind":"security","primary":true}]}]}"#,
    );
    assert_eq!(customer.status, Some(CustomerStatus::Other("under_review".into())));
    let subscription: Subscription = round_trip(
        r#"{"id":"1/2","customer":"1","product":{},"status":"paused","quantity":"2.50",
            "billing_cycle":"fortnightly","commitment_term":"P1Y","detail":"full"}"#,
    );
    assert_eq!(subscription.status, SubscriptionStatus::Other("paused".into()));
    assert_eq!(subscription.billing_cycle, Some(BillingCycle::Other("fortnightly".into())));
    assert_eq!(subscription.id.own(), "2");
    assert_eq!(subscription.detail, Detail::Full);
    for known in SubscriptionStatus::KNOWN {
        assert_eq!(&SubscriptionStatus::from(known.as_str()), known);
    }
}

#[test]
fn amounts_keep_every_digit_in_and_out() {
    for text in ["1234567890123.4567", "12345678901234567890.12", "10.10", "0.0000001", "-3.00"] {
        let exact = format!(r#"{{"amount":"{text}","currency":"EUR","per":"unit","period":"P1M"}}"#);
        let price: Price = round_trip(&exact);
        assert_eq!(price.amount.to_string(), text);
        let number = format!(r#"{{"amount":{text}}}"#);
        let price: Price = serde_json::from_str(&number).unwrap();
        assert_eq!((price.amount.to_string().as_str(), price.per), (text, PricePer::Unit));
        let line = format!(r#"{{"id":"1","customer":"1","status":"active","quantity":{text}}}"#);
        let subscription: Subscription = serde_json::from_str(&line).unwrap();
        assert_eq!(subscription.quantity.map(|q| q.to_string()).as_deref(), Some(text));
    }
    let scientific: Price = serde_json::from_str(r#"{"amount":1e-7}"#).unwrap();
    assert_eq!(scientific.amount.to_string(), "0.0000001");
    assert!(serde_json::from_str::<Price>(r#"{"amount":"free"}"#).is_err());
    assert!(serde_json::from_str::<Price>("{}").is_err());
}

#[test]
fn a_record_of_every_kind_round_trips() {
    let mut offer = Offer::new("o");
    offer.commitment_term = Some("P12M".parse::<Term>().unwrap());
    let euro = Currency::new("eur").unwrap();
    offer.cost = Some(Price::new("4.320".parse().unwrap(), Some(euro)).every(Term::MONTH));
    let mut tier = PriceTier::new(50.into());
    tier.cost = Some(Price::new(205.into(), None).flat());
    offer.tiers = vec![tier];
    let mut product = Product::new("p", "Suite");
    product.offers = vec![offer];
    let json = serde_json::to_string(&product).unwrap();
    assert!(json.contains(r#""commitment_term":"P1Y""#) && json.contains(r#""amount":"4.320""#), "{json}");
    assert_eq!(round_trip::<Product>(&json), product);

    let mut customer = Customer::new("1", "Bakery");
    customer.tenants = vec![Tenant::new("microsoft")];
    customer.raw = Some(Raw::new(r#"{"Price":1.10,"Password":"x"}"#, &["password"]).unwrap());
    let json = serde_json::to_string(&customer).unwrap();
    assert!(json.contains(r#""raw":{"Price":1.10,"Password":"***"}"#), "{json}");
    assert_eq!(serde_json::from_str::<Customer>(&json).unwrap(), customer);

    let order = Order::new("o", "1");
    assert_eq!(round_trip::<Order>(&serde_json::to_string(&order).unwrap()), order);
    let invoice = Invoice::new("i", InvoiceKind::Draft, InvoiceSide::Payable);
    assert_eq!(round_trip::<Invoice>(&serde_json::to_string(&invoice).unwrap()), invoice);
    let line = InvoiceLine::new("i", InvoiceLineKind::Other("surcharge".into()));
    assert_eq!(round_trip::<InvoiceLine>(&serde_json::to_string(&line).unwrap()), line);
    let usage = UsageRecord::default();
    assert_eq!(round_trip::<UsageRecord>(&serde_json::to_string(&usage).unwrap()), usage);
}

#[test]
fn capabilities_say_everything_and_round_trip() {
    let capabilities = Capabilities::builder()
        .native(Operation::List(EntityKind::Customer))
        .emulated(Operation::Get(EntityKind::Order), "found in the list")
        .unsupported(Operation::Execute(CommandKind::Suspend), "the API has no suspend")
        .fields(EntityKind::Customer, ["id", "name"])
        .detail_fields(EntityKind::Customer, ["contacts"])
        .native(Operation::Execute(CommandKind::CreateCustomer))
        .writable(CommandKind::CreateCustomer, ["name"])
        .writable(CommandKind::Suspend, ["subscription"])
        .asynchronous(CommandKind::PlaceOrder)
        .build();
    let json = serde_json::to_string(&capabilities).unwrap();
    let read: Capabilities = serde_json::from_str(&json).unwrap();
    for operation in Operation::all() {
        assert_eq!(read.support(operation), capabilities.support(operation), "{operation}");
        assert!(json.contains("operations"));
    }
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    assert_eq!(read.fields(EntityKind::Customer).collect::<Vec<_>>(), ["contacts", "id", "name"]);
    assert_eq!(read.listed_fields(EntityKind::Customer).collect::<Vec<_>>(), ["id", "name"]);
    assert_eq!(read.detail_fields(EntityKind::Customer).collect::<Vec<_>>(), ["contacts"]);
    assert_eq!(read.writable(CommandKind::CreateCustomer).collect::<Vec<_>>(), ["name"]);
    assert_eq!(read.writable(CommandKind::Suspend).count(), 0, "what is not carried out writes nothing");
    assert!(read.asynchronous(CommandKind::PlaceOrder));
    assert_eq!(
        read.support(Operation::Execute(CommandKind::Suspend)),
        Support::Unsupported("the API has no suspend".into())
    );
    assert!(!Capabilities::default().support(Operation::Verify).is_supported());
}

#[cfg(feature = "schema")]
#[test]
fn every_model_has_a_schema_that_its_records_fit() {
    let schema = serde_json::to_value(schemars::schema_for!(Subscription)).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    for field in ["id", "customer", "quantity", "status", "commitment_term", "cost", "raw"] {
        assert!(properties.contains_key(field), "{field}");
    }
    assert_eq!(schema["properties"]["quantity"]["type"], serde_json::json!(["string", "null"]));
    for (name, schema) in [
        ("Customer", serde_json::to_value(schemars::schema_for!(Customer)).unwrap()),
        ("Product", serde_json::to_value(schemars::schema_for!(Product)).unwrap()),
        ("Order", serde_json::to_value(schemars::schema_for!(Order)).unwrap()),
        ("Invoice", serde_json::to_value(schemars::schema_for!(Invoice)).unwrap()),
        ("InvoiceLine", serde_json::to_value(schemars::schema_for!(InvoiceLine)).unwrap()),
        ("UsageRecord", serde_json::to_value(schemars::schema_for!(UsageRecord)).unwrap()),
        ("Command", serde_json::to_value(schemars::schema_for!(provider_core::Command)).unwrap()),
        ("Receipt", serde_json::to_value(schemars::schema_for!(provider_core::Receipt)).unwrap()),
    ] {
        assert_eq!(schema["title"], name);
        assert!(!schema.to_string().contains("credentials"), "{name}");
    }
}
