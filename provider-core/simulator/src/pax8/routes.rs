//! Every route of the simulated interfaces.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{delete, get, post};
use http::{Method, StatusCode, Uri};

use super::access::webhook::logs;
use super::access::{token, webhook};
use super::customer::contacts;
use super::engine::failure;
use super::state::Pax8;
use super::{billing, catalog, customer, purchase, subscription};
use crate::engine::handle::Handle;
use crate::engine::refusal::{RefusedPart, Target};

/// The routes of the token, partner and webhook interfaces.
pub(crate) fn all() -> Router<Handle<Pax8>> {
    Router::new()
        .route("/v1/token", post(token::token))
        .merge(partner())
        .merge(webhooks())
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
}

fn partner() -> Router<Handle<Pax8>> {
    Router::new()
        .route("/v1/companies", get(customer::calls::list).post(customer::calls::create))
        .route("/v1/companies/{company}", get(customer::calls::get).patch(customer::calls::update))
        .route("/v1/companies/{company}/contacts", get(contacts::list).post(contacts::create))
        .route(
            "/v1/companies/{company}/contacts/{contact}",
            get(contacts::get).put(contacts::replace).delete(contacts::delete),
        )
        .route("/v1/products", get(catalog::calls::list))
        .route("/v1/products/{product}", get(catalog::calls::get))
        .route("/v1/products/{product}/pricing", get(catalog::calls::pricing))
        .route("/v1/products/{product}/dependencies", get(catalog::calls::dependencies))
        .route("/v1/products/{product}/provision-details", get(catalog::calls::provision_details))
        .route("/v1/orders", get(purchase::calls::list).post(purchase::calls::create))
        .route("/v1/orders/{order}", get(purchase::calls::get))
        .route("/v1/subscriptions", get(subscription::calls::list))
        .route(
            "/v1/subscriptions/{subscription}",
            get(subscription::calls::get)
                .put(subscription::calls::update)
                .delete(subscription::calls::cancel),
        )
        .route("/v1/subscriptions/{subscription}/history", get(subscription::calls::history))
        .route("/v1/subscriptions/{subscription}/usage-summaries", get(subscription::calls::usage_summaries))
        .route("/v1/usage-summaries/{summary}", get(billing::usage::get))
        .route("/v1/usage-summaries/{summary}/usage-lines", get(billing::usage::lines))
        .route("/v1/invoices", get(billing::calls::list))
        .route("/v1/invoices/draftItems", get(billing::calls::draft_items))
        .route("/v1/invoices/{invoice}", get(billing::calls::get))
        .route("/v1/invoices/{invoice}/items", get(billing::calls::items))
}

fn webhooks() -> Router<Handle<Pax8>> {
    Router::new()
        .route("/api/v2/webhooks", get(webhook::calls::list).post(webhook::calls::create))
        .route("/api/v2/webhooks/topic-definitions", get(webhook::calls::topic_definitions))
        .route("/api/v2/webhooks/{webhook}", get(webhook::calls::get).delete(webhook::calls::delete))
        .route("/api/v2/webhooks/{webhook}/configuration", post(webhook::calls::configure))
        .route("/api/v2/webhooks/{webhook}/status", post(webhook::calls::set_active))
        .route(
            "/api/v2/webhooks/{webhook}/topics",
            post(webhook::calls::add_topic).put(webhook::calls::replace_topics),
        )
        // One place of the path, two meanings: the topic's id, but its name where a test is sent.
        .route("/api/v2/webhooks/{webhook}/topics/{topic}", delete(webhook::calls::remove_topic))
        .route(
            "/api/v2/webhooks/{webhook}/topics/{topic}/configuration",
            post(webhook::calls::configure_topic),
        )
        .route("/api/v2/webhooks/{webhook}/topics/{topic}/test", post(webhook::calls::test_topic))
        .route("/api/v2/webhooks/{webhook}/logs", get(logs::list))
        .route("/api/v2/webhooks/{webhook}/logs/{log}", get(logs::get))
        .route("/api/v2/webhooks/{webhook}/logs/{log}/retry", post(logs::retry))
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
