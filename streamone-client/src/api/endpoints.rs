//! Every endpoint of the reference and the method that calls it.

/// One endpoint and the method that calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with its arguments as placeholders.
    pub path: &'static str,
    /// How it is called on [`StreamOneClient`](crate::StreamOneClient).
    pub call: &'static str,
}

const fn at(method: &'static str, path: &'static str, call: &'static str) -> Endpoint {
    Endpoint { method, path, call }
}

/// Every endpoint of the reference. The documentation and the tests are checked against it.
pub const ENDPOINTS: &[Endpoint] = &[
    at("POST", "/oauth/token", "tokens().keep_alive, and by itself"),
    at("POST", "/oauth/validateAccess", "tokens().validate"),
    at("GET", "/api/v3/accounts/{accountId}/customers", "customers().list"),
    at("POST", "/api/v3/accounts/{accountId}/customers", "customers().create"),
    at("GET", "/api/v3/accounts/{accountId}/customers/{customerId}", "customers().get"),
    at("PUT", "/api/v3/accounts/{accountId}/customers/{customerId}", "customers().replace"),
    at(
        "GET",
        "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfiles",
        "customers().cloud_profiles",
    ),
    at(
        "GET",
        "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfile",
        "customers().cloud_profile",
    ),
    at(
        "POST",
        "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProviders/{providerId}:link",
        "customers().link_provider",
    ),
    at(
        "POST",
        "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProviders/{providerId}:provision",
        "customers().provision_provider",
    ),
    at("GET", "/api/v3/accounts/{accountId}/products", "products().list"),
    at("GET", "/api/v3/accounts/{accountId}/products/{productId}", "products().get"),
    at("POST", "/api/v3/accounts/{accountId}/products:pricing", "products().pricing"),
    at("POST", "/api/v3/accounts/{accountId}/products/{productId}:enable", "products().enable"),
    at("POST", "/api/v3/accounts/{accountId}/products/{productId}:disable", "products().disable"),
    at("GET", "/api/v3/accounts/{accountId}/products/categories", "catalogue().categories"),
    at("GET", "/api/v3/accounts/{accountId}/products/verticals", "catalogue().verticals"),
    at("GET", "/api/v3/accounts/{accountId}/products/charges", "catalogue().charges"),
    at("GET", "/api/v3/accounts/{accountId}/products_programs", "catalogue().programs"),
    at(
        "PUT",
        "/api/v3/accounts/{accountId}/products_programs/{productId}:batchUpdate",
        "catalogue().assign_program",
    ),
    at("GET", "/api/v3/accounts/{accountId}/subscriptions", "subscriptions().list"),
    at(
        "GET",
        "/api/v3/accounts/{accountId}/customers/{customerId}/subscriptions/{subscriptionId}",
        "subscriptions().get",
    ),
    at("GET", "/api/v3/accounts/{accountId}/orders", "orders().list"),
    at("GET", "/api/v3/accounts/{accountId}/customers/{customerId}/orders", "orders().list_of_customer"),
    at("GET", "/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}", "orders().get"),
    at("POST", "/api/v3/accounts/{accountId}/customers/{customerId}/orders", "orders().create"),
    at(
        "POST",
        "/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}:cancel",
        "orders().cancel",
    ),
    at("GET", "/api/v3/customers/{customerId}/carts", "carts().list"),
    at("POST", "/api/v3/customers/{customerId}/carts", "carts().create"),
    at("GET", "/api/v3/customers/{customerId}/carts/{cartId}", "carts().get"),
    at("PUT", "/api/v3/customers/{customerId}/carts/{cartId}", "carts().update"),
    at("DELETE", "/api/v3/customers/{customerId}/carts/{cartId}", "carts().delete"),
    at("GET", "/api/v3/customers/{customerId}/carts/{cartId}/cartItems", "carts().items"),
    at("POST", "/api/v3/customers/{customerId}/carts/{cartId}/cartItems", "carts().add_item"),
    at("GET", "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{itemId}", "carts().item"),
    at("PUT", "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{itemId}", "carts().update_item"),
    at("DELETE", "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{itemId}", "carts().remove_item"),
    at("POST", "/api/v3/customers/{customerId}/carts/{cartId}:checkout", "carts().checkout"),
    at("GET", "/api/v3/accounts/{accountId}/provisionTemplates", "templates().list"),
    at("GET", "/api/v3/accounts/{accountId}/provisionTemplates/{templateId}", "templates().get"),
    at("GET", "/api/v3/accounts/{accountId}/reports", "reports().list"),
    at("GET", "/api/v3/accounts/{accountId}/reports/{reportId}", "reports().get"),
    at("POST", "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsv", "reports().csv"),
    at("POST", "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsvStream", "reports().csv_stream"),
    at("POST", "/api/v3/accounts/{accountId}/reports/{reportId}/data", "reports().data"),
    at("POST", "/api/v3/accounts/{accountId}/reports/{reportId}/report", "reports().specs"),
    at("POST", "/api/v3/accounts/{accountId}/reports/{reportId}/details", "reports().details"),
    at("POST", "/api/v3/accounts/{accountId}/reports/{reportId}", "reports().save"),
    at("DELETE", "/api/v3/accounts/{accountId}/reports/{reportId}", "reports().delete"),
    at(
        "GET",
        "/api/v3/accounts/{accountId}/providers/{providerId}/refreshCacheEnhanced",
        "reports().refresh_cache",
    ),
    at("GET", "/api/v1/invoices/myinvoices", "invoices().list(Payable)"),
    at("GET", "/api/v1/invoices", "invoices().list(Receivable)"),
    at("GET", "/api/v1/invoices/{invoiceId}/detailed", "invoices().files"),
    at("POST", "/api/v1/invoices/generate", "invoices().generate"),
    at("GET", "/api/v1/customers", "legacy_customers().list"),
    at("GET", "/api/v1/customers/{customerId}", "legacy_customers().get"),
    at("POST", "/api/v1/customers", "legacy_customers().create"),
    at("PUT", "/api/v1/customers/{customerId}", "legacy_customers().set_custom_fields"),
    at("GET", "/api/v1/reports/billing/{provider}", "billing_reports().get"),
    at("GET", "/api/v1/price-books/{priceBookId}", "price_books().get"),
    at("GET", "/api/v1/customers/{customerId}/cloud-accounts", "legacy_customers().cloud_accounts"),
    at("POST", "/api/v1/cloud-accounts", "legacy_customers().create_cloud_account"),
    at(
        "POST",
        "/api/v1/cloud-accounts/{cloudAccountId}/assign-customer",
        "legacy_customers().assign_cloud_account",
    ),
];
