//! A distributor in memory with something of everything, and what the suite is told about it.

use std::sync::Arc;

use chrono::NaiveDate;
use provider_core::command::Consent;
use provider_core::memory::Evidence;
use provider_core::model::{
    Contact, CustomerStatus, InvoiceKind, InvoiceLineKind, InvoiceSide, InvoiceStatus, Offer, OrderStatus,
    SubscriptionProduct, Tenant,
};
use provider_core::{
    AttachCustomer, BillingCycle, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal,
    CommandKind, CreateCustomer, Currency, Customer, EntityKind, Invoice, InvoiceLine, MemoryProvider,
    NewOrder, NewOrderLine, Order, Patch, Period, PlaceOrder, Price, Product, RecordConsent,
    ResumeSubscription, Subscription, SubscriptionStatus, SuspendSubscription, Term, UpdateCustomer,
    UsageRecord,
};
use provider_testkit::conformance::Expectations;

pub(crate) const SECRET: &str = "planted-secret-7f3a";

fn price(amount: &str) -> Price {
    Price::new(amount.parse().unwrap(), Currency::new("EUR").ok())
}

fn customer(n: usize) -> Customer {
    let mut customer = Customer::new(format!("c{n}"), format!("Example Company {n}"));
    customer.status = Some(match n % 5 {
        0 => CustomerStatus::Deleted,
        1 => CustomerStatus::Inactive,
        _ => CustomerStatus::Active,
    });
    customer.external_id = Some(format!("crm-{n}"));
    customer.organization = Some(format!("{}", 10 + n % 2).into());
    customer.phone = Some(format!("+1 555 01{n:02}"));
    let mut tenant = Tenant::new("Microsoft");
    tenant.tenant_id = Some(format!("tenant-{n}"));
    tenant.domain = Some(format!("company{n}.example.com"));
    customer.tenants.push(tenant);
    customer.contacts.push(Contact::default());
    customer
}

fn product(n: usize) -> Product {
    let mut product = Product::new(format!("p{n}"), format!("Suite {n}"));
    product.vendor = Some(["Microsoft", "Adobe"][n % 2].to_owned());
    product.sku = Some(format!("SKU-{n}"));
    let mut offer = Offer::new(format!("p{n}-monthly"));
    offer.billing_cycle = Some(BillingCycle::Monthly);
    offer.cost = Some(price("10.10").every(Term::MONTH));
    product.offers.push(offer);
    product
}

fn subscription(n: usize) -> Subscription {
    let mut subscription = Subscription::new(format!("s{n}"), format!("c{}", 2 + n % 3), n as u64 + 1);
    subscription.status = match n {
        10 => SubscriptionStatus::Cancelled,
        11 => SubscriptionStatus::Suspended,
        _ => SubscriptionStatus::Active,
    };
    subscription.product = SubscriptionProduct::default();
    subscription.product.id = Some(format!("p{}", n % 4).into());
    subscription.name = Some(format!("Suite {}", n % 4));
    subscription.vendor_subscription_id = Some(format!("vendor-{n}"));
    subscription.billing_cycle = Some(BillingCycle::Monthly);
    subscription.cost = Some(price("1234567890123.4567").every(Term::MONTH));
    subscription
}

fn order(n: usize) -> Order {
    let mut order = Order::new(format!("o{n}"), format!("c{}", 2 + n % 3));
    order.status = if n == 3 { OrderStatus::Pending } else { OrderStatus::Completed };
    order.reference = Some(format!("quote-{n}"));
    order
}

fn day(n: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1 + u32::try_from(n).unwrap()).unwrap()
}

fn invoice(n: usize) -> Invoice {
    let kind = if n.is_multiple_of(2) { InvoiceKind::Invoice } else { InvoiceKind::Statement };
    let side = if n.is_multiple_of(3) { InvoiceSide::Receivable } else { InvoiceSide::Payable };
    let mut invoice = Invoice::new(format!("i{n}"), kind, side);
    invoice.status = Some(if n < 4 { InvoiceStatus::Paid } else { InvoiceStatus::Open });
    invoice.organization = Some(format!("{}", 10 + n % 2).into());
    invoice.customer = Some(format!("c{}", n % 3).into());
    invoice.issued_on = Some(day(n));
    // Of the lines there are two of 10.10 each on the first four, and what was given back; on one of them a seat more.
    let total = match n {
        2 => "20.20",
        0 | 1 | 3 => "15.15",
        _ => "0.0000001",
    };
    invoice.total = Some(price(total).flat());
    invoice
}

fn line(n: usize) -> InvoiceLine {
    let mut line = InvoiceLine::new(format!("i{}", n % 4), InvoiceLineKind::Subscription);
    line.id = Some(format!("l{n}").into());
    line.customer = Some(format!("c{}", n % 3).into());
    line.cost = Some(price("10.10").flat());
    if n >= 8 {
        line.kind = InvoiceLineKind::Credit;
        line.cost = Some(price("-5.05").flat());
        return line;
    }
    // January is on the first two documents, February on the others.
    line.subscription = Some(format!("s{}", n % 2 + n / 4 * 2).into());
    line.period = Period::month(2026, if n % 4 < 2 { 1 } else { 2 });
    line.quantity = Some(2.into());
    if n == 2 {
        line.quantity = Some(3.into());
        line.cost = Some(price("15.15").flat());
    }
    line
}

fn usage(n: usize) -> UsageRecord {
    let mut usage = UsageRecord::default();
    usage.id = Some(format!("u{n}").into());
    usage.customer = Some(format!("c{}", 2 + n % 3).into());
    usage.subscription = Some(format!("s{n}").into());
    usage.period = Period::inclusive_days(day(n), day(n)).ok();
    usage.quantity = "0.1".parse().ok();
    usage
}

/// 23 customers, 9 products, 12 subscriptions, 9 orders, 8 invoices, 12 lines and 9 usage records.
pub(crate) fn distributor(name: &str) -> MemoryProvider {
    MemoryProvider::new(name)
        .with_account(name)
        .with_page_size(10)
        .with_customers((0..23).map(customer))
        .with_products((0..9).map(product))
        .with_subscriptions((0..12).map(subscription))
        .with_orders((0..9).map(order))
        .with_invoices((0..8).map(invoice))
        .with_invoice_lines((0..12).map(line))
        .with_usage((0..9).map(usage))
}

pub(crate) fn of_evidence(evidence: Evidence) -> MemoryProvider {
    distributor("first").with_evidence(evidence)
}

pub(crate) fn place_order() -> PlaceOrder {
    let mut line = NewOrderLine::new("p1", 3);
    line.offer = Some("p1-monthly".into());
    let second = NewOrderLine::new("p2", 1);
    PlaceOrder::new(NewOrder::new("c2").line(line).line(second))
}

/// Everything that can be told, with a command of every kind.
pub(crate) fn expectations() -> Expectations {
    let mut update = UpdateCustomer::new("c2");
    update.name = Patch::Set("Example Company, renamed".to_owned());
    let agreed_at = day(0).and_hms_opt(12, 0, 0).unwrap().and_utc();
    let consent = Consent::new("Ada", "Example", "ada@example.com", agreed_at);
    let mut renewal = ChangeRenewal::new("s2");
    renewal.auto_renew = Some(false);
    bare_expectations()
        .command(CreateCustomer::new("New Example"))
        .command(update)
        .command(AttachCustomer::new("tenant-new"))
        .command(RecordConsent::new("c2", consent))
        .command(place_order())
        .command(CancelOrder::new("o3"))
        .command(ChangeQuantity::new("s1", 9))
        .command(renewal)
        .command(SuspendSubscription::new("s3"))
        .command(ResumeSubscription::new("s3"))
        .command_after(CommandKind::CancelSubscription, |receipts| {
            let placed = receipts.iter().find(|receipt| receipt.lines.len() == 2)?;
            Some(CancelSubscription::new(placed.lines[0].subscription.clone()?).into())
        })
        .lost(CreateCustomer::new("Lost Example"))
        .lost(place_order())
        .lost(ChangeQuantity::new("s4", 7))
        .lost(SuspendSubscription::new("s5"))
        .allow_writes()
}

/// The same without commands.
pub(crate) fn bare_expectations() -> Expectations {
    Expectations::default()
        .count(EntityKind::Customer, 23)
        .count(EntityKind::Product, 9)
        .count(EntityKind::Subscription, 12)
        .count(EntityKind::Order, 9)
        .count(EntityKind::Invoice, 8)
        .count(EntityKind::InvoiceLine, 12)
        .count(EntityKind::Usage, 9)
        .proven(EntityKind::ALL)
        .ended(EntityKind::Customer, "c5")
        .ended(EntityKind::Subscription, "s10")
        .wire_calls(|| 0)
        .secret(SECRET)
        .other(Arc::new(distributor("second")))
}
