//! Which operation of Pax8 is which method: the table of the guide, and what the tests hold the client to.

/// One operation of the Pax8 API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The resource.
    pub resource: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The whole path below the origin.
    pub path: &'static str,
    /// The methods of [`Pax8Client`](crate::Pax8Client) that call it.
    pub called_by: &'static str,
}

const fn endpoint(
    resource: &'static str,
    method: &'static str,
    path: &'static str,
    called_by: &'static str,
) -> Endpoint {
    Endpoint { resource, method, path, called_by }
}

/// All 102 operations of the Pax8 API.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint("Token", "POST", "/v1/token", "every call"),
    endpoint("Companies", "GET", "/v1/companies", "companies().list"),
    endpoint("Companies", "POST", "/v1/companies", "companies().create"),
    endpoint("Companies", "GET", "/v1/companies/{companyId}", "companies().get"),
    endpoint("Companies", "PATCH", "/v1/companies/{companyId}", "companies().update"),
    endpoint("Contacts", "GET", "/v1/companies/{companyId}/contacts", "contacts().list"),
    endpoint("Contacts", "POST", "/v1/companies/{companyId}/contacts", "contacts().create"),
    endpoint("Contacts", "GET", "/v1/companies/{companyId}/contacts/{contactId}", "contacts().get"),
    endpoint("Contacts", "PUT", "/v1/companies/{companyId}/contacts/{contactId}", "contacts().replace"),
    endpoint("Contacts", "DELETE", "/v1/companies/{companyId}/contacts/{contactId}", "contacts().delete"),
    endpoint("Products", "GET", "/v1/products", "products().list"),
    endpoint("Products", "GET", "/v1/products/{productId}", "products().get"),
    endpoint("Products", "GET", "/v1/products/{productId}/pricing", "products().pricing"),
    endpoint("Products", "GET", "/v1/products/{productId}/dependencies", "products().dependencies"),
    endpoint("Products", "GET", "/v1/products/{productId}/provision-details", "products().provision_details"),
    endpoint("Orders", "POST", "/v1/orders", "orders().create, orders().check"),
    endpoint("Orders", "GET", "/v1/orders", "orders().list"),
    endpoint("Orders", "GET", "/v1/orders/{orderId}", "orders().get"),
    endpoint("Subscriptions", "GET", "/v1/subscriptions", "subscriptions().list"),
    endpoint("Subscriptions", "GET", "/v1/subscriptions/{subscriptionId}", "subscriptions().get"),
    endpoint("Subscriptions", "PUT", "/v1/subscriptions/{subscriptionId}", "subscriptions().update"),
    endpoint("Subscriptions", "DELETE", "/v1/subscriptions/{subscriptionId}", "subscriptions().cancel"),
    endpoint("Subscriptions", "GET", "/v1/subscriptions/{subscriptionId}/history", "subscriptions().history"),
    endpoint("Usage", "GET", "/v1/subscriptions/{subscriptionId}/usage-summaries", "usage().summaries"),
    endpoint("Usage", "GET", "/v1/usage-summaries/{usageSummaryId}", "usage().summary"),
    endpoint("Usage", "GET", "/v1/usage-summaries/{usageSummaryId}/usage-lines", "usage().lines"),
    endpoint("Invoices", "GET", "/v1/invoices", "invoices().list"),
    endpoint("Invoices", "GET", "/v1/invoices/{invoiceId}", "invoices().get"),
    endpoint("Invoices", "GET", "/v1/invoices/{invoiceId}/items", "invoices().items"),
    endpoint("Invoices", "GET", "/v1/invoices/draftItems", "invoices().draft_items"),
    endpoint("Quotes", "GET", "/v2/quotes", "quotes().list"),
    endpoint("Quotes", "POST", "/v2/quotes", "quotes().create"),
    endpoint("Quotes", "GET", "/v2/quotes/{quoteId}", "quotes().get"),
    endpoint("Quotes", "PUT", "/v2/quotes/{quoteId}", "quotes().update"),
    endpoint("Quotes", "DELETE", "/v2/quotes/{quoteId}", "quotes().delete"),
    endpoint("Quotes", "POST", "/v2/quotes/{quoteId}/take-ownership", "quotes().take_ownership"),
    endpoint("Quotes", "POST", "/v2/quotes/{quoteId}/line-items", "quotes().add_lines"),
    endpoint("Quotes", "PUT", "/v2/quotes/{quoteId}/line-items", "quotes().update_lines"),
    endpoint("Quotes", "DELETE", "/v2/quotes/{quoteId}/line-items/{lineItemId}", "quotes().delete_line"),
    endpoint("Quotes", "POST", "/v2/quotes/{quoteId}/line-items/bulk-delete", "quotes().delete_lines"),
    endpoint("Quotes", "GET", "/v2/quotes/{quoteId}/sections", "quotes().sections"),
    endpoint("Quotes", "POST", "/v2/quotes/{quoteId}/sections", "quotes().add_section"),
    endpoint("Quotes", "PUT", "/v2/quotes/{quoteId}/sections", "quotes().replace_sections"),
    endpoint("Quotes", "GET", "/v2/quotes/{quoteId}/access-list", "quotes().access_list"),
    endpoint("Quotes", "POST", "/v2/quotes/{quoteId}/access-list", "quotes().add_access"),
    endpoint(
        "Quotes",
        "DELETE",
        "/v2/quotes/{quoteId}/access-list/{accessListEntryId}",
        "quotes().remove_access",
    ),
    endpoint("Quotes", "GET", "/v2/quotes/{quoteId}/attachments", "quote_attachments().download_all"),
    endpoint("Quotes", "POST", "/v2/quotes/{quoteId}/attachments", "quote_attachments().add"),
    endpoint("Quotes", "PUT", "/v2/quotes/{quoteId}/attachments", "quote_attachments().update"),
    endpoint(
        "Quotes",
        "POST",
        "/v2/quotes/{quoteId}/attachments/shared",
        "quote_attachments().add_from_library",
    ),
    endpoint(
        "Quotes",
        "GET",
        "/v2/quotes/{quoteId}/attachments/{attachmentId}",
        "quote_attachments().get, quote_attachments().download",
    ),
    endpoint(
        "Quotes",
        "DELETE",
        "/v2/quotes/{quoteId}/attachments/{attachmentId}",
        "quote_attachments().delete",
    ),
    endpoint("Quotes", "GET", "/v2/quote-attachments", "quote_attachments().library"),
    endpoint("Quotes", "POST", "/v2/quote-attachments", "quote_attachments().add_to_library"),
    endpoint("Quotes", "PUT", "/v2/quote-attachments", "quote_attachments().update_library"),
    endpoint("Quotes", "POST", "/v2/quote-attachments/shared", "quote_attachments().copy_to_library"),
    endpoint(
        "Quotes",
        "GET",
        "/v2/quote-attachments/{attachmentId}",
        "quote_attachments().get_from_library, quote_attachments().download_from_library",
    ),
    endpoint(
        "Quotes",
        "PATCH",
        "/v2/quote-attachments/{attachmentId}",
        "quote_attachments().replace_in_library",
    ),
    endpoint(
        "Quotes",
        "DELETE",
        "/v2/quote-attachments/{attachmentId}",
        "quote_attachments().delete_from_library",
    ),
    endpoint("Quotes", "GET", "/v2/quote-preferences", "quote_preferences().get"),
    endpoint("Quotes", "PUT", "/v2/quote-preferences", "quote_preferences().update"),
    endpoint("Quotes", "POST", "/v2/quote-preferences/attachments", "quote_preferences().add_attachments"),
    endpoint(
        "Quotes",
        "DELETE",
        "/v2/quote-preferences/attachments/{attachmentId}",
        "quote_preferences().remove_attachment",
    ),
    endpoint("Webhooks", "GET", "/api/v2/webhooks", "webhooks().list"),
    endpoint("Webhooks", "POST", "/api/v2/webhooks", "webhooks().create"),
    endpoint("Webhooks", "GET", "/api/v2/webhooks/topic-definitions", "webhooks().topic_definitions"),
    endpoint("Webhooks", "GET", "/api/v2/webhooks/{id}", "webhooks().get"),
    endpoint("Webhooks", "DELETE", "/api/v2/webhooks/{id}", "webhooks().delete"),
    endpoint("Webhooks", "POST", "/api/v2/webhooks/{id}/configuration", "webhooks().configure"),
    endpoint("Webhooks", "POST", "/api/v2/webhooks/{id}/status", "webhooks().set_active"),
    endpoint("Webhooks", "POST", "/api/v2/webhooks/{id}/topics", "webhooks().add_topic"),
    endpoint("Webhooks", "PUT", "/api/v2/webhooks/{id}/topics", "webhooks().replace_topics"),
    endpoint(
        "Webhooks",
        "POST",
        "/api/v2/webhooks/{id}/topics/{topicId}/configuration",
        "webhooks().configure_topic",
    ),
    endpoint("Webhooks", "DELETE", "/api/v2/webhooks/{id}/topics/{topicId}", "webhooks().remove_topic"),
    endpoint("Webhooks", "POST", "/api/v2/webhooks/{id}/topics/{topic}/test", "webhooks().test_topic"),
    endpoint("Webhooks", "GET", "/api/v2/webhooks/{webhookId}/logs", "webhooks().logs"),
    endpoint("Webhooks", "GET", "/api/v2/webhooks/{webhookId}/logs/{id}", "webhooks().log"),
    endpoint("Webhooks", "POST", "/api/v2/webhooks/{webhookId}/logs/{logId}/retry", "webhooks().retry"),
    endpoint("Provisioning", "GET", "/v2/provisioners", "provisioning().provisioners"),
    endpoint("Provisioning", "GET", "/v2/provisioners/{provisionerId}", "provisioning().provisioner"),
    endpoint("Provisioning", "GET", "/v2/provisioners/{provisionerId}/webhooks", "provisioning().webhooks"),
    endpoint(
        "Provisioning",
        "POST",
        "/v2/provisioners/{provisionerId}/webhooks",
        "provisioning().create_webhook",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provisioners/{provisionerId}/webhooks/{webhookId}",
        "provisioning().webhook",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provisioners/{provisionerId}/webhooks/latest",
        "provisioning().latest_webhook",
    ),
    endpoint("Provisioning", "GET", "/v2/provision-requests", "provisioning().requests"),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/unfulfilled",
        "provisioning().unfulfilled_requests",
    ),
    endpoint("Provisioning", "GET", "/v2/provision-requests/{provisionRequestId}", "provisioning().request"),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/details",
        "provisioning().details",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/details/{provisionDetailId}",
        "provisioning().detail",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/details/latest",
        "provisioning().latest_detail",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/attempts",
        "provisioning().attempts",
    ),
    endpoint(
        "Provisioning",
        "POST",
        "/v2/provision-requests/{provisionRequestId}/attempts",
        "provisioning().create_attempt",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/attempts/{provisionAttemptId}",
        "provisioning().attempt",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/attempts/latest",
        "provisioning().latest_attempt",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/results",
        "provisioning().results",
    ),
    endpoint(
        "Provisioning",
        "POST",
        "/v2/provision-requests/{provisionRequestId}/results",
        "provisioning().create_result",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/results/{provisionResultId}",
        "provisioning().result",
    ),
    endpoint(
        "Provisioning",
        "GET",
        "/v2/provision-requests/{provisionRequestId}/results/latest",
        "provisioning().latest_result",
    ),
    endpoint(
        "Provisioning",
        "POST",
        "/v2/provision-simulations/order-events",
        "provisioning().simulate_order_event",
    ),
    endpoint("Vendor usage", "GET", "/v2/usage/lines", "vendor_usage().lines"),
    endpoint("Vendor usage", "POST", "/v2/usage/lines", "vendor_usage().report"),
    endpoint("Vendor usage", "POST", "/v2/usage/aggregate-lines", "vendor_usage().report_aggregate"),
];

/// The table as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut table = String::from("| Resource | Operation | Method |\n|---|---|---|\n");
    for one in ENDPOINTS {
        let calls: Vec<_> = one.called_by.split(", ").map(|call| format!("`{call}`")).collect();
        let row = format!("| {} | `{} {}` | {} |\n", one.resource, one.method, one.path, calls.join(", "));
        table.push_str(&row);
    }
    table
}
