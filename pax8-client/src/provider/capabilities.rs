//! What Pax8 can do.

use provider_core::{Capabilities, CommandKind, EntityKind, Operation};

use crate::map::{customer, invoice, order, product, subscription, usage};

const NO_ATTACH: &str = "Pax8 does not take over tenants by API";
const NO_CONSENT: &str = "Pax8 records agreements among its provisioning answers";
const NO_CANCEL_ORDER: &str = "Pax8 orders cannot be taken back; cancel the subscription";
const NO_RENEWAL: &str = "Pax8's API cannot change what happens at the end of a term";
const NO_SUSPEND: &str = "Pax8's API has no suspending; a cancellation is final";
const OFFERS: &str =
    "prices take one to two more calls per product and name no currency: the connection's is used";
const STATES: &str = "orders have no status at Pax8: it is derived from the subscriptions of their lines";
const USAGE: &str = "usage is told per subscription: without one, every subscription is asked";
const BASELINE: &str = "judged by the company's orders and subscriptions before and after";
const STATE: &str = "judged by the record's state before and after";
const SIMULATED: &str = "worked out from reads; Pax8 may still refuse";

/// What a company keeps of a customer.
const COMPANY: [&str; 7] = ["name", "external_id", "contacts", "address", "phone", "website", "flags"];

pub(super) fn all() -> Capabilities {
    use CommandKind as Kind;
    let mut builder = Capabilities::builder().native(Operation::Verify);
    for kind in [EntityKind::Customer, EntityKind::Subscription, EntityKind::Invoice, EntityKind::InvoiceLine]
    {
        builder = builder.native(Operation::List(kind));
    }
    builder = builder
        .native(Operation::Get(EntityKind::Customer))
        .native(Operation::Get(EntityKind::Subscription))
        .emulated(Operation::List(EntityKind::Product), OFFERS)
        .emulated(Operation::Get(EntityKind::Product), OFFERS)
        .emulated(Operation::List(EntityKind::Order), STATES)
        .emulated(Operation::Get(EntityKind::Order), STATES)
        .emulated(Operation::List(EntityKind::Usage), USAGE);
    for kind in [Kind::CreateCustomer, Kind::UpdateCustomer, Kind::ChangeQuantity, Kind::CancelSubscription] {
        builder = builder
            .native(Operation::Execute(kind))
            .emulated(Operation::Plan(kind), SIMULATED)
            .emulated(Operation::Reconcile(kind), STATE);
    }
    builder = builder
        .native(Operation::Execute(Kind::PlaceOrder))
        .native(Operation::Plan(Kind::PlaceOrder))
        .emulated(Operation::Reconcile(Kind::PlaceOrder), BASELINE)
        .asynchronous(Kind::PlaceOrder)
        .asynchronous(Kind::CancelSubscription);
    for (kind, reason) in [
        (Kind::AttachCustomer, NO_ATTACH),
        (Kind::RecordConsent, NO_CONSENT),
        (Kind::CancelOrder, NO_CANCEL_ORDER),
        (Kind::ChangeRenewal, NO_RENEWAL),
        (Kind::Suspend, NO_SUSPEND),
        (Kind::Resume, NO_SUSPEND),
    ] {
        for operation in [Operation::Plan(kind), Operation::Execute(kind), Operation::Reconcile(kind)] {
            builder = builder.unsupported(operation, reason);
        }
    }
    builder
        .fields(EntityKind::Customer, customer::FIELDS)
        .detail_fields(EntityKind::Customer, customer::DETAIL_FIELDS)
        .fields(EntityKind::Product, product::FIELDS)
        .detail_fields(EntityKind::Product, product::DETAIL_FIELDS)
        .fields(EntityKind::Subscription, subscription::FIELDS)
        .detail_fields(EntityKind::Subscription, subscription::DETAIL_FIELDS)
        .fields(EntityKind::Order, order::FIELDS)
        .fields(EntityKind::Invoice, invoice::FIELDS)
        .fields(EntityKind::InvoiceLine, invoice::LINE_FIELDS)
        .fields(EntityKind::Usage, usage::FIELDS)
        .writable(Kind::CreateCustomer, COMPANY)
        .writable(Kind::UpdateCustomer, COMPANY)
        .writable(
            Kind::PlaceOrder,
            [
                "lines.product",
                "lines.offer",
                "lines.quantity",
                "lines.billing_cycle",
                "lines.commitment_term",
                "lines.parent",
                "lines.attributes",
            ],
        )
        .writable(Kind::ChangeQuantity, ["quantity", "expected"])
        .writable(Kind::CancelSubscription, ["effective"])
        .build()
}
