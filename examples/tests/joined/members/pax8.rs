//! The kinds of records of Pax8.

use super::Words;
use crate::compare::How::{Day, Each, End, Moment, Number, Positive, Start, Text, Word};
use crate::compare::Member as M;

const PAX8_STATES: Words = &[
    ("activated", "active"),
    ("pending manual", "pending"),
    ("pending automated", "pending"),
    ("waiting for details", "pending"),
    ("pending activation", "pending"),
    ("pending cancel", "pending_cancellation"),
];

const PAX8_TERMS: Words =
    &[("2-Year", "biennial"), ("3-Year", "triennial"), ("1-Time", "one_time"), ("Activation", "one_time")];

/// The kinds of records of Pax8.
pub(crate) const KINDS: &[(&str, &[M])] = &[
    (
        "customers",
        &[
            M("id", "id", Text),
            M("name", "name", Text),
            M("status", "status", Word(&[])),
            M("external_id", "externalId", Text),
            M("website", "website", Text),
            M("address/city", "address/city", Text),
            M("address/postal_code", "address/postalCode", Text),
            M("updated_at", "updatedDate", Moment),
        ],
    ),
    (
        "products",
        &[
            M("id", "id", Text),
            M("name", "name", Text),
            M("vendor", "vendorName", Text),
            M("sku", "sku|vendorSku", Text),
            M("requires_commitment", "requiresCommitment", Text),
        ],
    ),
    (
        "prices",
        &[
            M("product", "product", Text),
            M("billing_cycle", "billingTerm", Word(PAX8_TERMS)),
            M("cost/amount", "rate/partnerBuyRate", Number),
            M("suggested_retail/amount", "rate/suggestedRetailPrice", Number),
            M("min_quantity", "rate/startQuantityRange", Positive),
        ],
    ),
    (
        "subscriptions",
        &[
            M("id", "id", Text),
            M("customer", "companyId", Text),
            M("parent", "parentSubscriptionId", Text),
            M("product/id", "productId", Text),
            M("name", "productName", Text),
            M("quantity", "quantity", Number),
            M("status", "status", Word(PAX8_STATES)),
            M("billing_cycle", "billingTerm", Word(PAX8_TERMS)),
            M("cost/amount", "partnerCost", Number),
            M("cost/currency", "currencyCode", Text),
            M("customer_price/amount", "price", Number),
            M("vendor_subscription_id", "vendorSubscriptionId", Text),
            M("commitment_ends_at", "commitment/endDate|commitmentTerm/endDate", Moment),
            M("billing_starts_on", "billingStart", Day),
            M("starts_at", "startDate", Moment),
            M("ends_at", "endDate", Moment),
            M("created_at", "createdDate", Moment),
        ],
    ),
    (
        "orders",
        &[
            M("id", "id", Text),
            M("customer", "companyId", Text),
            M("created_at", "createdDate", Moment),
            M(
                "lines",
                "lineItems",
                Each(&[
                    M("product", "productId", Text),
                    M("subscription", "subscriptionId", Text),
                    M("quantity", "quantity", Number),
                ]),
            ),
        ],
    ),
    (
        "invoices",
        &[
            M("id", "id", Text),
            M("customer", "companyId", Text),
            M("status", "status", Word(&[("unpaid", "open")])),
            M("issued_on", "invoiceDate", Day),
            M("due_on", "dueDate", Day),
            M("total/amount", "total", Number),
            M("total/currency", "currencyCode", Text),
            M("balance/amount", "balance", Number),
        ],
    ),
    ("invoice lines", PAX8_LINES),
    ("draft lines", PAX8_LINES),
    (
        "usage",
        &[
            M("id", "id", Text),
            M("customer", "companyId", Text),
            M("subscription", "subscriptionId", Text),
            M("product", "productId", Text),
            M("category", "resourceGroup", Text),
            M("cost/amount", "partnerTotal", Number),
            M("cost/currency", "currencyCode", Text),
            M("sale/amount", "currentCharges", Number),
            M("trial", "isTrial", Text),
        ],
    ),
];

const PAX8_LINES: &[M] = &[
    M("id", "id", Text),
    M("invoice", "invoice", Text),
    M("customer", "companyId", Text),
    M("subscription", "subscriptionId", Text),
    M("product", "productId", Text),
    M("sku", "sku", Text),
    M("quantity", "quantity", Number),
    M("cost/amount", "amountDue|costTotal", Number),
    M("cost/currency", "currencyCode", Text),
    M("tax/amount", "salesTax", Number),
    M("fee/amount", "billingFee", Number),
    M("period/start", "startPeriod", Start),
    M("period/end", "endPeriod", End),
];
