//! The kinds of records of ION.

use super::Words;
use crate::compare::How::{Each, End, Moment, Number, Start, Text, Word};
use crate::compare::Member as M;

const ION_ORDERS: Words =
    &[("new", "pending"), ("confirmed", "pending"), ("error", "failed"), ("canceled", "cancelled")];

const ION_STATES: Words = &[("in_progress", "pending")];

const ION_PERIODS: Words = &[("biannual", "semi_annual")];

/// The kinds of records of ION.
pub(crate) const KINDS: &[(&str, &[M])] = &[
    (
        "customers",
        &[
            M("id", "ownId", Text),
            M("name", "customerOrganization|customerName", Text),
            M("status", "customerStatus", Word(&[])),
            M("phone", "customerPhone", Text),
            M("created_at", "createTime", Moment),
            M("updated_at", "updateTime", Moment),
        ],
    ),
    (
        "products",
        &[
            M("id", "ownId", Text),
            M("name", "marketing/displayName", Text),
            M(
                "offers",
                "offers",
                Each(&[
                    M("id", "sku+plan/id", Text),
                    M("billing_cycle", "plan/billingPeriod", Word(ION_PERIODS)),
                    M("cost/amount", "plan/pricebookPrice", Number),
                    M("cost/currency", "plan/pricebookCurrency", Text),
                ]),
            ),
        ],
    ),
    (
        "subscriptions",
        &[
            M("id", "customerId+id", Text),
            M("customer", "customerId", Text),
            M("name", "subscriptionName", Text),
            M("quantity", "subscriptionTotalLicenses", Number),
            M("status", "subscriptionStatus", Word(ION_STATES)),
            M("auto_renew", "autoRenew", Text),
            M("cost/amount", "cost", Number),
            M("cost/currency", "currency", Text),
            M("customer_price/amount", "price", Number),
            M("vendor_subscription_id", "subscriptionId", Text),
            M("starts_at", "subscriptionStartDate", Moment),
            M("cancellable_until", "cancellationAllowedUntilDate", Moment),
            M("created_at", "subscriptionPurchasedDate", Moment),
            M("updated_at", "lastUpdatedDate", Moment),
        ],
    ),
    (
        "orders",
        &[
            M("id", "ownId", Text),
            M("customer", "ownCustomer", Text),
            M("status", "status", Word(ION_ORDERS)),
            M("total/amount", "total", Number),
            M("total/currency", "currencyCode", Text),
            M("created_at", "createTime", Moment),
            M("updated_at", "updateTime", Moment),
            M(
                "lines",
                "orderItems",
                Each(&[
                    M("product", "productId", Text),
                    M("offer", "skuId+planId", Text),
                    M("quantity", "quantity", Number),
                ]),
            ),
        ],
    ),
    (
        "invoices",
        &[
            M("id", "id", Text),
            M("number", "number", Text),
            M("side", "side", Word(&[])),
            M("status", "status", Word(&[])),
            M("customer", "customer", Text),
            M("total/amount", "total", Number),
            M("period/start", "billingStartDate", Start),
            M("period/end", "billingEndDate", End),
        ],
    ),
    (
        "invoice lines",
        &[
            M("invoice", "id", Text),
            M("customer", "customer", Text),
            M("period/start", "billingStartDate", Start),
            M("period/end", "billingEndDate", End),
        ],
    ),
    (
        "usage",
        &[
            M("customer", "customer", Text),
            M("quantity", "data/usage", Number),
            M("unit", "data/unit", Text),
            M("cost/amount", "data/cost", Number),
            M("cost/currency", "cost_currency", Text),
            M("sale/amount", "data/price", Number),
            M("sale/currency", "price_currency", Text),
        ],
    ),
];
