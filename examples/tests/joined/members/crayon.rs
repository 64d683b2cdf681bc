//! The kinds of records of Cloud-iQ.

use super::Words;
use crate::compare::How::{Day, Each, End, Length, Moment, Number, Positive, Start, Text, Word};
use crate::compare::Member as M;

const CRAYON_STATES: Words = &[
    ("1", "active"),
    ("2", "suspended"),
    ("4", "deleted"),
    ("8", "cancelled"),
    ("16", "converted"),
    ("32", "expired"),
    ("64", "pending"),
    ("128", "cancelled"),
    ("256", "disabled"),
];

const CRAYON_CYCLES: Words = &[
    ("1", "monthly"),
    ("2", "annual"),
    ("4", "one_time"),
    ("5", "semi_annual"),
    ("7", "biennial"),
    ("8", "triennial"),
    ("9", "quarterly"),
];

/// The kinds of records of Cloud-iQ.
pub(crate) const KINDS: &[(&str, &[M])] = &[
    (
        "customers",
        &[
            M("id", "Id", Text),
            M("name", "Name", Text),
            M("status", "EntityStatus", Word(&[("0", "active"), ("1", "deleted")])),
            M("external_id", "Reference", Text),
            M("organization", "Organization/Id", Text),
            M("invoice_profile", "InvoiceProfile/Id", Text),
            M("tenants/0/domain", "Domain", Text),
        ],
    ),
    (
        "products",
        &[
            M("id", "UniqueId", Text),
            M("name", "Name", Text),
            M("sku", "ProductVariant/PartNumber", Text),
            M("vendor", "ProductVariant/Publisher/Name", Text),
            M(
                "offers",
                "Offers",
                Each(&[
                    M("sku", "Part", Text),
                    M("billing_cycle", "Cycle", Word(CRAYON_CYCLES)),
                    M("cost/amount", "Row/SalesPrice/Value", Number),
                    M("cost/currency", "Row/SalesPrice/CurrencyCode", Text),
                    M("suggested_retail/amount", "Row/RecommendedRetailPrice/Value", Number),
                    M("min_quantity", "Row/MinimumQuantity|Row/ProductVariant/MinimumQuantity", Positive),
                    M("max_quantity", "Row/MaximumQuantity|Row/ProductVariant/MaximumQuantity", Positive),
                ]),
            ),
        ],
    ),
    (
        "subscriptions",
        &[
            M("id", "Id", Text),
            M("customer", "CustomerTenant/Id", Text),
            M("parent", "Parent", Text),
            M("name", "Name", Text),
            M("product/sku", "PartNumber|Product/PartNumber", Text),
            M("quantity", "Quantity", Number),
            M("status", "Status", Word(CRAYON_STATES)),
            M("commitment_term", "TermDuration", Length),
            M("auto_renew", "AutoRenewEnabled", Text),
            M("vendor_subscription_id", "PublisherSubscriptionId", Text),
            M("starts_at", "StartDate", Moment),
            M("ends_at", "EndDate", Moment),
            M("cancellable_until", "CancellationAllowedUntilDate", Moment),
            M("created_at", "CreationDate", Moment),
        ],
    ),
    (
        "whole subscriptions",
        &[
            M("id", "Id", Text),
            M("customer", "CustomerTenant/Id", Text),
            M("quantity", "Quantity", Number),
            M("status", "Status", Word(CRAYON_STATES)),
            M("billing_cycle", "BillingCycle", Word(CRAYON_CYCLES)),
            M("cost/amount", "Pricing/PurchasePrice", Number),
            M("cost/currency", "Pricing/CurrencyCode", Text),
            M("customer_price/amount", "SalesPrice", Positive),
            M("commitment_ends_at", "CommitmentEndDate", Moment),
            M("starts_at", "StartDate|EffectiveStartDate", Moment),
            M("ends_at", "EndDate", Moment),
        ],
    ),
    (
        "orders",
        &[
            M("id", "ResellerCustomerId+ExternalOrderId", Text),
            M("customer", "ResellerCustomerId", Text),
            M(
                "lines",
                "OrderLines",
                Each(&[M("quantity", "Quantity", Number), M("sku", "ProductId&SkuId", Text)]),
            ),
        ],
    ),
    (
        "invoices",
        &[
            M("id", "Organization+OrderId+InvoiceId", Text),
            M("number", "InvoiceId", Text),
            M("organization", "Organization", Text),
            M("issued_on", "InvoiceDate", Day),
            M("total/amount", "SalesAmount", Number),
            M("total/currency", "SalesCurrencyCode", Text),
        ],
    ),
    (
        "statements",
        &[
            M("id", "Id", Text),
            M("number", "OrderId", Text),
            M("organization", "Organization/Id", Text),
            M("total/amount", "TotalSalesPrice/Value", Number),
            M("total/currency", "TotalSalesPrice/CurrencyCode", Text),
            M("period/start", "StartDate", Start),
            M("period/end", "EndDate", End),
        ],
    ),
    (
        "invoice lines",
        &[
            M("invoice", "Invoice", Text),
            M("sku", "SkuValue", Text),
            M("description", "LineDescription", Text),
            M("quantity", "Quantity", Number),
            M("cost/amount", "RowTotal", Number),
            M("cost/currency", "CurrencyCode", Text),
        ],
    ),
    (
        "statement lines",
        &[
            M("invoice", "Invoice", Text),
            M("quantity", "Quantity", Number),
            M("cost/amount", "Amount|SummedAmount", Number),
            M("cost/currency", "Currency|CurrencyCode", Text),
            M("vendor_subscription_id", "SubscriptionId", Text),
            M("period/start", "ChargeStartDate", Start),
            M("period/end", "ChargeEndDate", End),
        ],
    ),
    (
        "usage",
        &[
            M("customer", "AccountId", Text),
            M("customer_reference", "AccountName", Text),
            M("vendor_subscription_id", "SubscriptionId", Text),
            M("description", "SubscriptionName", Text),
            M("cost/amount", "Amount", Number),
            M("cost/currency", "CurrencyCode", Text),
        ],
    ),
];
