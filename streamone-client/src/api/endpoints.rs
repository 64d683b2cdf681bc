//! Every endpoint of the reference and the method that calls it: the one table that paths, coverage and docs
//! come from.

use provider_http::Endpoint;

/// Every endpoint of the reference, by resource. The documentation and the tests are checked against it.
pub const ENDPOINTS: &[&[Endpoint]] = &[
    super::tokens::ENDPOINTS,
    super::customers::customers::ENDPOINTS,
    super::products::products::ENDPOINTS,
    super::catalog::catalog::ENDPOINTS,
    super::subscriptions::subscriptions::ENDPOINTS,
    super::orders::orders::ENDPOINTS,
    super::carts::carts::ENDPOINTS,
    super::templates::templates::ENDPOINTS,
    super::reports::reports::ENDPOINTS,
    super::reports::DATA_ENDPOINTS,
    super::invoices::invoices::ENDPOINTS,
    super::billing_reports::billing_reports::ENDPOINTS,
    super::legacy_customers::legacy_customers::ENDPOINTS,
    super::price_books::price_books::ENDPOINTS,
];
