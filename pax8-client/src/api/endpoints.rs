//! The one table: every operation of Pax8, and the method that calls it. The declarations of the resources
//! make its rows, so that what is listed is what is called.

use provider_http::Endpoint;

use super::{
    companies, contacts, invoices, orders, products, provisioning, quote_attachments, quote_preferences,
    quotes, subscriptions, usage, vendor_usage, webhooks,
};

/// Asked for by the client itself.
const TOKEN: &[Endpoint] = &[Endpoint::new("post", "/v1/token", "by itself")];

/// All 102 operations of the Pax8 API, by resource. An operation that two methods call has two rows.
pub const ENDPOINTS: &[&[Endpoint]] = &[
    TOKEN,
    companies::companies::ENDPOINTS,
    contacts::contacts::ENDPOINTS,
    products::products::ENDPOINTS,
    orders::orders::ENDPOINTS,
    subscriptions::subscriptions::ENDPOINTS,
    usage::usage::ENDPOINTS,
    invoices::invoices::ENDPOINTS,
    quotes::quotes::ENDPOINTS,
    quotes::BESIDE,
    quote_attachments::quote_attachments::ENDPOINTS,
    quote_attachments::BESIDE,
    quote_preferences::quote_preferences::ENDPOINTS,
    quote_preferences::BESIDE,
    webhooks::webhooks::ENDPOINTS,
    webhooks::BESIDE,
    provisioning::provisioning::ENDPOINTS,
    vendor_usage::vendor_usage::ENDPOINTS,
];
