//! The forms that are stored: a change of their meaning fails here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

use chrono::{DateTime, NaiveDate, Utc};
use provider_core::attempt::Baseline;
use provider_core::command::{Consent, Effective};
use provider_core::error::Violation;
use provider_core::model::{Address, Contact, ContactRole, ContactRoleKind, Parent};
use provider_core::page::ResumePoint;
use provider_core::receipt::{Credentials, LineOutcome, LineReceipt};
use provider_core::{
    AttachCustomer, Attempt, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal, Command,
    CreateCustomer, Cursor, Customer, CustomerQuery, IdempotencyKey, MemoryProvider, NewOrder, NewOrderLine,
    Outcome, Patch, PlaceOrder, ProviderExt, ProviderInfo, Receipt, RecordConsent, ResumeSubscription,
    SuspendSubscription, Term, UpdateCustomer,
};
use serde::{Serialize, de::DeserializeOwned};

fn moment() -> DateTime<Utc> {
    provider_core::wire::date_time::parse("2026-03-01T09:15:00Z").unwrap()
}

/// Compares with the stored form, and reads the stored form back to the same value.
fn check<T: Serialize + DeserializeOwned>(value: &T, golden: &str) {
    let written = serde_json::to_value(value).unwrap();
    let stored: serde_json::Value = serde_json::from_str(golden).unwrap();
    assert_eq!(written, stored, "written:\n{}", serde_json::to_string_pretty(&written).unwrap());
    let read: T = serde_json::from_str(golden).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), stored);
}

fn consent() -> Consent {
    Consent::new("Test", "Contact", "it@bakery.example.com", moment())
}

#[test]
fn commands() {
    let mut create = CreateCustomer::new("Harbor Supplies");
    create.external_id = Some("CUST-1".into());
    let mut address = Address::default();
    address.country = Some("NO".parse().unwrap());
    create.address = Some(address);
    let mut contact = Contact::default();
    contact.email = Some("it@harbor.example.com".into());
    contact.roles = vec![ContactRole::new(ContactRoleKind::Admin, true)];
    create.contacts = vec![contact];
    create.flags.bill_on_behalf_of = Some(false);
    create.consent = Some(consent());
    check(&Command::from(create), include_str!("golden/command_create_customer.json"));
    let mut update = UpdateCustomer::new("c-1");
    update.phone = Patch::Clear;
    update.name = Patch::Set("New Name".into());
    check(&Command::from(update), include_str!("golden/command_update_customer.json"));
    let mut attach = AttachCustomer::new("11111111-2222-3333-4444-555555555555");
    attach.domain = Some("bakery.example.com".into());
    check(&Command::from(attach), include_str!("golden/command_attach_customer.json"));
    check(
        &Command::from(RecordConsent::new("c-1", consent())),
        include_str!("golden/command_record_consent.json"),
    );
    let mut line = NewOrderLine::new("p-1", rust_decimal::Decimal::new(1250, 2));
    line.offer = Some("o-1".into());
    line.billing_cycle = Some(provider_core::BillingCycle::Monthly);
    line.commitment_term = Some(Term::YEAR);
    line.attributes.insert("domain".into(), "bakery".into());
    let mut add_on = NewOrderLine::new("p-2", 3);
    add_on.parent = Some(Parent::Line(0));
    let mut on_existing = NewOrderLine::new("p-3", 1);
    on_existing.parent = Some(Parent::Subscription("s-1".into()));
    let mut order = NewOrder::new("c-1").line(line).line(add_on).line(on_existing);
    order.reference = Some("PO-9".into());
    order.effective = NaiveDate::from_ymd_opt(2026, 4, 1);
    check(&Command::from(PlaceOrder::new(order)), include_str!("golden/command_place_order.json"));
    check(&Command::from(CancelOrder::new("o-7")), include_str!("golden/command_cancel_order.json"));
    let mut change = ChangeQuantity::new("s-1", 15);
    change.expected = Some(12.into());
    change.effective = Effective::TermEnd;
    check(&Command::from(change), include_str!("golden/command_change_quantity.json"));
    let mut renewal = ChangeRenewal::new("s-1");
    renewal.auto_renew = Some(false);
    renewal.quantity = Patch::Set("7.5".parse().unwrap());
    renewal.commitment_term = Patch::Clear;
    check(&Command::from(renewal), include_str!("golden/command_change_renewal.json"));
    check(&Command::from(SuspendSubscription::new("s-1")), include_str!("golden/command_suspend.json"));
    check(&Command::from(ResumeSubscription::new("s-1")), include_str!("golden/command_resume.json"));
    let mut cancel = CancelSubscription::new("s-1");
    cancel.effective = Effective::On(NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
    check(&Command::from(cancel), include_str!("golden/command_cancel_subscription.json"));
}

#[test]
fn attempts() {
    let key = IdempotencyKey::new("quote-1841-line-3").unwrap();
    let baseline = Baseline::new(moment(), serde_json::json!({"subscriptions": ["s-1"]}));
    let attempt = Attempt::new("main", SuspendSubscription::new("s-1").into(), key, moment())
        .with_baseline(Some(baseline));
    check(&attempt, include_str!("golden/attempt.json"));
}

#[test]
fn receipts_without_credentials() {
    let mut applied = LineReceipt::new(0, LineOutcome::Applied);
    applied.order = Some("o-1".into());
    applied.subscription = Some("s-1".into());
    let mut rejected = LineReceipt::new(1, LineOutcome::Rejected);
    rejected.violations = vec![Violation::new("quantity", "too many").with_code("Q1")];
    let mut receipt = Receipt::from_lines(vec![
        applied,
        rejected,
        LineReceipt::new(2, LineOutcome::Unknown),
        LineReceipt::new(3, LineOutcome::NotAttempted),
    ])
    .unwrap()
    .with_customer("c-1");
    assert_eq!(receipt.outcome, Outcome::Partial);
    receipt.credentials = Some(Credentials::new("admin@bakery.example.com", "planted-password".into()));
    assert!(!format!("{receipt:?}").contains("planted-password"));
    check(&receipt, include_str!("golden/receipt.json"));
    let nothing = Receipt::from_lines(vec![LineReceipt::new(0, LineOutcome::Rejected)]);
    assert!(nothing.is_none(), "no line took effect: that is an error, not a receipt");
}

#[test]
fn connection_settings() {
    let settings = provider_core::ConnectionSettings::new("pax8", "Main")
        .with_environment(provider_core::info::Environment::Sandbox)
        .with_endpoint("https://api.example.com")
        .with_value("self_service_allowed", true)
        .with_value("audience", "api://example")
        .with_stored_authorization("pax8-main");
    let golden = include_str!("golden/connection_settings.json");
    check(&settings, golden);
    assert_eq!(serde_json::from_str::<provider_core::ConnectionSettings>(golden).unwrap(), settings);
}

#[test]
fn cursors() {
    let info = ProviderInfo::new("pax8", "main").with_account("client-1");
    let query = CustomerQuery::default().search("bakery").with_contacts(true);
    let cursor = Cursor::tagged(&info, &query, "3/200");
    let golden = include_str!("golden/cursor.txt").trim_end();
    assert_eq!(cursor.as_str(), golden);
    assert_eq!(Cursor::new(golden).open(&info, &query).unwrap(), "3/200");
    check(&cursor, &serde_json::to_string(golden).unwrap());
}

#[tokio::test]
async fn resume_points() {
    let provider = std::sync::Arc::new(
        MemoryProvider::new("main").with_customers((0..3).map(|n| Customer::new(n.to_string(), "x"))),
    );
    let mut pages = provider.customers(CustomerQuery::default()).page_size(2).pages();
    let (_, point) = pages.next().await.unwrap().unwrap();
    check(&point, include_str!("golden/resume_point.json"));
    let (_, end) = pages.next().await.unwrap().unwrap();
    assert!(end.is_end());
    check(&end, include_str!("golden/resume_point_end.json"));
    let point: ResumePoint = serde_json::from_str(include_str!("golden/resume_point_end.json")).unwrap();
    let rest = provider.customers(CustomerQuery::default()).resume_from(point).collect_all().await.unwrap();
    assert!(rest.is_empty());
}
