//! What this provider can do, and why not where it cannot.

use provider_core::capability::CapabilitiesBuilder;
use provider_core::{Capabilities, CommandKind, EntityKind, Operation};

use crate::client::no_api_key;

pub(crate) const NO_ATTACH: &str =
    "what `cloudProviders/{id}:link` takes is not documented; it can be called on the client";
pub(crate) const NO_CONSENT: &str =
    "ION records the vendor's agreement with the first order: give the agreement attributes there";

const BY_ORDER: &str = "an order with the action UPDATE, which repeats seats and catalog ids read before";
const READ_MERGE_WRITE: &str = "the whole customer is replaced: read, merged, written";
const SIMULATED: &str = "worked out from reads; the distributor checks when the order is carried out";
const BY_REFERENCE: &str =
    "the caller's key is the order's reference and is looked up among the customer's orders";
const BY_STATE: &str = "judged by the record's state before and after";
const LINES: &str = "embedded in their invoices; only the cloud provider is documented, amounts are in usage";
const REPORTS: &str = "leaves of the month's billing reports, one call for each provider and month";

/// The commands that become orders on a subscription.
const CHANGES: [CommandKind; 5] = [
    CommandKind::ChangeQuantity,
    CommandKind::ChangeRenewal,
    CommandKind::Suspend,
    CommandKind::Resume,
    CommandKind::CancelSubscription,
];

/// The capabilities of a connection with or without an API key.
pub(crate) fn of(api_key: bool) -> Capabilities {
    let mut builder = Capabilities::builder().native(Operation::Verify);
    for kind in [EntityKind::Customer, EntityKind::Product, EntityKind::Subscription, EntityKind::Order] {
        builder = builder.native(Operation::List(kind)).native(Operation::Get(kind));
    }
    builder = billing(builder, api_key);
    for kind in [CommandKind::CreateCustomer, CommandKind::PlaceOrder, CommandKind::CancelOrder] {
        builder = builder.native(Operation::Execute(kind));
    }
    builder = builder.emulated(Operation::Execute(CommandKind::UpdateCustomer), READ_MERGE_WRITE);
    for kind in CHANGES {
        builder = builder.emulated(Operation::Execute(kind), BY_ORDER).asynchronous(kind);
    }
    for kind in CommandKind::ALL {
        let reason = match kind {
            CommandKind::AttachCustomer => NO_ATTACH,
            CommandKind::RecordConsent => NO_CONSENT,
            _ => {
                let judged = match kind {
                    CommandKind::CreateCustomer | CommandKind::UpdateCustomer | CommandKind::CancelOrder => {
                        BY_STATE
                    }
                    _ => BY_REFERENCE,
                };
                builder = builder.emulated(Operation::Plan(kind), SIMULATED);
                builder = builder.emulated(Operation::Reconcile(kind), judged);
                continue;
            }
        };
        for operation in [Operation::Plan(kind), Operation::Execute(kind), Operation::Reconcile(kind)] {
            builder = builder.unsupported(operation, reason);
        }
    }
    writable(fields(builder.asynchronous(CommandKind::PlaceOrder))).build()
}

fn writable(builder: CapabilitiesBuilder) -> CapabilitiesBuilder {
    builder
        .writable(CommandKind::CreateCustomer, ["name", "contacts", "address", "phone", "language"])
        .writable(CommandKind::UpdateCustomer, ["name", "contacts", "address", "phone"])
        .writable(
            CommandKind::PlaceOrder,
            [
                "reference",
                "lines.product",
                "lines.offer",
                "lines.quantity",
                "lines.billing_cycle",
                "lines.commitment_term",
                "lines.attributes",
            ],
        )
        .writable(CommandKind::ChangeQuantity, ["quantity", "expected"])
        .writable(CommandKind::ChangeRenewal, ["auto_renew"])
        .writable(CommandKind::CancelSubscription, ["effective"])
}

fn billing(builder: CapabilitiesBuilder, api_key: bool) -> CapabilitiesBuilder {
    let (invoices, lines, usage) = (
        Operation::List(EntityKind::Invoice),
        Operation::List(EntityKind::InvoiceLine),
        Operation::List(EntityKind::Usage),
    );
    if api_key {
        return builder.native(invoices).emulated(lines, LINES).emulated(usage, REPORTS);
    }
    [invoices, lines, usage]
        .into_iter()
        .fold(builder, |builder, list| builder.unsupported(list, no_api_key()))
}

fn fields(builder: CapabilitiesBuilder) -> CapabilitiesBuilder {
    builder
        .fields(
            EntityKind::Customer,
            [
                "id",
                "name",
                "status",
                "contacts",
                "address",
                "phone",
                "created_at",
                "updated_at",
                "detail",
                "raw",
            ],
        )
        .detail_fields(EntityKind::Customer, ["tenants"])
        .detail_fields(EntityKind::Order, ["lines.subscription"])
        .fields(
            EntityKind::Product,
            [
                "id",
                "name",
                "vendor",
                "sku",
                "description",
                "kind",
                "available",
                "requires_commitment",
                "offers",
                "detail",
                "raw",
            ],
        )
        .fields(
            EntityKind::Subscription,
            [
                "id",
                "customer",
                "product",
                "offer",
                "name",
                "status",
                "quantity",
                "unit",
                "billing_cycle",
                "commitment_term",
                "commitment_ends_at",
                "cost",
                "customer_price",
                "starts_at",
                "ends_at",
                "renews_at",
                "auto_renew",
                "cancellable_until",
                "trial",
                "parent",
                "vendor_parent_id",
                "vendor_subscription_id",
                "purchase_orders",
                "created_at",
                "updated_at",
                "detail",
                "raw",
            ],
        )
        .fields(
            EntityKind::Order,
            [
                "id",
                "customer",
                "reference",
                "status",
                "lines",
                "total",
                "created_at",
                "updated_at",
                "detail",
                "raw",
            ],
        )
        .fields(
            EntityKind::Invoice,
            ["id", "kind", "side", "number", "status", "customer", "period", "total", "detail", "raw"],
        )
        .fields(EntityKind::InvoiceLine, ["invoice", "kind", "customer", "description", "period", "raw"])
        .fields(
            EntityKind::Usage,
            [
                "kind",
                "customer",
                "customer_reference",
                "subscription",
                "vendor_subscription_id",
                "description",
                "category",
                "quantity",
                "unit",
                "cost",
                "sale",
                "period",
                "raw",
            ],
        )
}
