//! The columns of the CSV form, by entity. Nested values stand as JSON.

use provider_core::EntityKind;

/// The columns, each the name of a field of the normalised record.
pub(crate) fn of(kind: EntityKind) -> &'static [&'static str] {
    match kind {
        EntityKind::Customer => &[
            "id", "name", "status", "external_id", "organization", "tenants", "contacts", "address", "phone",
            "website", "registration_number", "invoice_profile", "flags", "created_at", "updated_at",
            "detail", "raw",
        ],
        EntityKind::Product => &[
            "id", "name", "vendor", "sku", "description", "kind", "requires_commitment", "offers", "detail",
            "raw",
        ],
        EntityKind::Subscription => &[
            "id", "customer", "product", "offer", "name", "status", "quantity", "unit", "billing_cycle",
            "commitment_term", "commitment_ends_at", "cost", "customer_price", "starts_at", "ends_at",
            "billing_starts_on", "renews_at", "auto_renew", "next_term", "cancellable_until", "trial",
            "parent", "vendor_subscription_id", "purchase_orders", "created_at", "updated_at", "detail",
            "raw",
        ],
        EntityKind::Order => &[
            "id", "customer", "reference", "status", "lines", "total", "created_at", "updated_at", "detail",
            "raw",
        ],
        EntityKind::Invoice => &[
            "id", "kind", "side", "number", "status", "organization", "customer", "issued_on", "due_on",
            "period", "total", "balance", "detail", "raw",
        ],
        EntityKind::InvoiceLine => &[
            "id", "invoice", "kind", "customer", "subscription", "product", "description", "quantity",
            "unit", "cost", "sale", "tax", "fee", "period", "purchase_order", "raw",
        ],
        EntityKind::Usage => &[
            "id", "customer", "subscription", "product", "description", "category", "quantity", "unit",
            "cost", "sale", "period", "trial", "raw",
        ],
        _ => &[],
    }
}
