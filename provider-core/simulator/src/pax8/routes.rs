//! Every route of the simulated interfaces.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{delete, get, post};
use http::{Method, StatusCode, Uri};

use super::{
    Pax8, access, company_calls, contact_calls, failure, invoice_calls, order_calls, product_calls,
    subscription_calls, usage_calls, webhook_calls, webhook_log_calls,
};
use crate::handle::Handle;
use crate::strict::{RefusedPart, Target};

/// The routes of the token, partner and webhook interfaces.
pub(super) fn all() -> Router<Handle<Pax8>> {
    Router::new()
        .route("/v1/token", post(access::token))
        .merge(partner())
        .merge(webhooks())
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
}

fn partner() -> Router<Handle<Pax8>> {
    Router::new()
        .route("/v1/companies", get(company_calls::list).post(company_calls::create))
        .route("/v1/companies/{company}", get(company_calls::get).patch(company_calls::update))
        .route("/v1/companies/{company}/contacts", get(contact_calls::list).post(contact_calls::create))
        .route(
            "/v1/companies/{company}/contacts/{contact}",
            get(contact_calls::get).put(contact_calls::replace).delete(contact_calls::delete),
        )
        .route("/v1/products", get(product_calls::list))
        .route("/v1/products/{product}", get(product_calls::get))
        .route("/v1/products/{product}/pricing", get(product_calls::pricing))
        .route("/v1/products/{product}/dependencies", get(product_calls::dependencies))
        .route("/v1/products/{product}/provision-details", get(product_calls::provision_details))
        .route("/v1/orders", get(order_calls::list).post(order_calls::create))
        .route("/v1/orders/{order}", get(order_calls::get))
        .route("/v1/subscriptions", get(subscription_calls::list))
        .route(
            "/v1/subscriptions/{subscription}",
            get(subscription_calls::get).put(subscription_calls::update).delete(subscription_calls::cancel),
        )
        .route("/v1/subscriptions/{subscription}/history", get(subscription_calls::history))
        .route("/v1/subscriptions/{subscription}/usage-summaries", get(subscription_calls::usage_summaries))
        .route("/v1/usage-summaries/{summary}", get(usage_calls::get))
        .route("/v1/usage-summaries/{summary}/usage-lines", get(usage_calls::lines))
        .route("/v1/invoices", get(invoice_calls::list))
        .route("/v1/invoices/draftItems", get(invoice_calls::draft_items))
        .route("/v1/invoices/{invoice}", get(invoice_calls::get))
        .route("/v1/invoices/{invoice}/items", get(invoice_calls::items))
}

fn webhooks() -> Router<Handle<Pax8>> {
    Router::new()
        .route("/api/v2/webhooks", get(webhook_calls::list).post(webhook_calls::create))
        .route("/api/v2/webhooks/topic-definitions", get(webhook_calls::topic_definitions))
        .route("/api/v2/webhooks/{webhook}", get(webhook_calls::get).delete(webhook_calls::delete))
        .route("/api/v2/webhooks/{webhook}/configuration", post(webhook_calls::configure))
        .route("/api/v2/webhooks/{webhook}/status", post(webhook_calls::set_active))
        .route(
            "/api/v2/webhooks/{webhook}/topics",
            post(webhook_calls::add_topic).put(webhook_calls::replace_topics),
        )
        // One place of the path, two meanings: the topic's id, but its name where a test is sent.
        .route("/api/v2/webhooks/{webhook}/topics/{topic}", delete(webhook_calls::remove_topic))
        .route(
            "/api/v2/webhooks/{webhook}/topics/{topic}/configuration",
            post(webhook_calls::configure_topic),
        )
        .route("/api/v2/webhooks/{webhook}/topics/{topic}/test", post(webhook_calls::test_topic))
        .route("/api/v2/webhooks/{webhook}/logs", get(webhook_log_calls::list))
        .route("/api/v2/webhooks/{webhook}/logs/{log}", get(webhook_log_calls::get))
        .route("/api/v2/webhooks/{webhook}/logs/{log}/retry", post(webhook_log_calls::retry))
}

fn refused(sim: &Handle<Pax8>, method: &Method, uri: &Uri, status: StatusCode, kind: &str) -> Response {
    let target = Target::new(method, uri);
    let reason = "the interface has no such operation";
    sim.frame.note_refusal(target.refusal(RefusedPart::Route, uri.path(), reason));
    failure::envelope(&target, status, kind, reason, &[])
}

async fn unknown_path(State(sim): State<Handle<Pax8>>, method: Method, uri: Uri) -> Response {
    refused(&sim, &method, &uri, StatusCode::NOT_FOUND, "NOT_FOUND")
}

async fn unknown_method(State(sim): State<Handle<Pax8>>, method: Method, uri: Uri) -> Response {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    refused(&sim, &method, &uri, status, "METHOD_NOT_ALLOWED")
}
