//! What this provider can do, and why not where it cannot.

use provider_core::capability::CapabilitiesBuilder;
use provider_core::{Capabilities, CommandKind, EntityKind, Operation};

const LINES: &str = "one call more for each document: lines are kept by order";
const SIMULATED: &str =
    "worked out from the price list and the records; only the order itself is the distributor's word";
const BEFORE_AND_AFTER: &str = "by comparing the record with what it was before";
pub(super) const NO_CANCEL: &str = "which status ends a subscription at once is not documented; let it end with its term, or end it in the Cloud-iQ portal";
const WAITING: &str =
    "orders that wait for their day; those that are carried out at once cannot be taken back";

/// The capabilities, the same for every connection.
pub(super) fn declared() -> Capabilities {
    use CommandKind as C;
    use EntityKind as E;
    let mut builder = Capabilities::builder()
        .native(Operation::Verify)
        .native(Operation::List(E::Customer))
        .native(Operation::Get(E::Customer))
        .native(Operation::List(E::Product))
        .emulated(Operation::Get(E::Product), "the price list is read until the row is found")
        .native(Operation::List(E::Subscription))
        .native(Operation::Get(E::Subscription))
        .emulated(
            Operation::List(E::Order),
            "purchase requests only: Cloud-iQ keeps no list of new commerce orders, which are found by their id; a listing says so and proves nothing",
        )
        .emulated(Operation::Get(E::Order), "from the subscriptions that the order became")
        .native(Operation::List(E::Invoice))
        .emulated(Operation::List(E::InvoiceLine), LINES)
        .native(Operation::List(E::Usage))
        .native(Operation::Execute(C::CreateCustomer))
        .native(Operation::Execute(C::UpdateCustomer))
        .native(Operation::Execute(C::AttachCustomer))
        .native(Operation::Execute(C::RecordConsent))
        .native(Operation::Execute(C::PlaceOrder))
        .native(Operation::Execute(C::ChangeQuantity))
        .native(Operation::Execute(C::ChangeRenewal))
        .native(Operation::Execute(C::Suspend))
        .emulated(
            Operation::Execute(C::Resume),
            "the status is set back to active; the documents promise updates of active subscriptions only",
        )
        .emulated(
            Operation::Execute(C::CancelSubscription),
            "at the end of the term, by switching automatic renewal off; at once is not documented",
        )
        .emulated(Operation::Execute(C::CancelOrder), WAITING)
        .asynchronous(C::PlaceOrder);
    for kind in C::ALL {
        builder = builder
            .emulated(Operation::Plan(kind), SIMULATED)
            .emulated(Operation::Reconcile(kind), BEFORE_AND_AFTER);
    }
    fields(writable(builder)).build()
}

fn writable(builder: CapabilitiesBuilder) -> CapabilitiesBuilder {
    use CommandKind as C;
    builder
        .writable(
            C::CreateCustomer,
            [
                "name",
                "external_id",
                "organization",
                "domain",
                "contacts",
                "address",
                "phone",
                "registration_number",
                "invoice_profile",
                "language",
                "consent",
            ],
        )
        .writable(
            C::UpdateCustomer,
            ["name", "external_id", "contacts", "address", "phone", "registration_number", "invoice_profile"],
        )
        .writable(C::AttachCustomer, ["tenant_id", "domain", "name", "organization", "invoice_profile"])
        .writable(C::RecordConsent, ["consent"])
        .writable(
            C::PlaceOrder,
            [
                "effective",
                "lines.product",
                "lines.offer",
                "lines.quantity",
                "lines.billing_cycle",
                "lines.commitment_term",
                "lines.parent",
                "lines.attributes",
            ],
        )
        .writable(C::ChangeQuantity, ["quantity", "expected", "effective"])
        .writable(
            C::ChangeRenewal,
            ["auto_renew", "quantity", "commitment_term", "billing_cycle", "product", "offer", "ends_at"],
        )
        .writable(C::CancelSubscription, ["effective"])
}

fn fields(builder: CapabilitiesBuilder) -> CapabilitiesBuilder {
    use EntityKind as E;
    builder
        .fields(
            E::Customer,
            [
                "id",
                "name",
                "status",
                "external_id",
                "organization",
                "tenants",
                "invoice_profile",
                "detail",
                "raw",
            ],
        )
        .detail_fields(E::Customer, ["contacts", "address", "phone", "registration_number"])
        .fields(
            E::Product,
            [
                "id",
                "name",
                "vendor",
                "sku",
                "organization",
                "description",
                "kind",
                "requires_commitment",
                "offers",
                "detail",
                "raw",
            ],
        )
        .fields(
            E::Subscription,
            [
                "id",
                "customer",
                "product",
                "offer",
                "name",
                "status",
                "quantity",
                "billing_cycle",
                "commitment_term",
                "customer_price",
                "starts_at",
                "ends_at",
                "renews_at",
                "auto_renew",
                "next_term",
                "cancellable_until",
                "trial",
                "parent",
                "vendor_subscription_id",
                "created_at",
                "detail",
                "raw",
            ],
        )
        .detail_fields(E::Subscription, ["commitment_ends_at", "cost"])
        .fields(E::Order, ["id", "customer", "status", "lines", "detail", "raw"])
        // What new commerce orders became; no list has these orders.
        .detail_fields(E::Order, ["created_at", "lines.status", "lines.subscription"])
        .fields(
            E::Invoice,
            ["id", "kind", "side", "number", "organization", "issued_on", "period", "total", "detail", "raw"],
        )
        .fields(
            E::InvoiceLine,
            [
                "invoice",
                "kind",
                "customer",
                "customer_reference",
                "subscription",
                "vendor_subscription_id",
                "sku",
                "description",
                "quantity",
                "unit",
                "cost",
                "sale",
                "period",
                "raw",
            ],
        )
        .fields(
            E::Usage,
            [
                "kind",
                "customer",
                "customer_reference",
                "vendor_subscription_id",
                "description",
                "category",
                "cost",
                "period",
                "raw",
            ],
        )
}
