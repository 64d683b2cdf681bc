//! Vendor provisioning, with tokens of its own.

use provider_http::endpoints;

use crate::client::Pax8Client;
use crate::model::{
    NewProvisionResult, NewProvisionerWebhook, ProvisionAttempt, ProvisionDetail, ProvisionRequest,
    ProvisionResult, Provisioner, ProvisionerWebhook, SimulatedOrderEvent,
};
use crate::wire::envelope::Listed;

endpoints! {
    client: Pax8Client;

    /// Vendor provisioning: for vendors whose products Pax8 sells. Lists take no page numbers.
    Provisioning as provisioning through for_provisioning {
        /// The provisioners.
        get "/v2/provisioners" => provisioners() -> page Listed<Provisioner>;
        /// One provisioner.
        get "/v2/provisioners/{provisionerId}" => provisioner(id: &str = "provisionerId") -> record Provisioner;
        /// The webhooks of a provisioner, the current one and earlier ones.
        get "/v2/provisioners/{provisionerId}/webhooks" => webhooks(provisioner: &str = "provisionerId") -> page Listed<ProvisionerWebhook>;
        /// Sets the webhook of a provisioner. The answer alone shows the secret.
        post "/v2/provisioners/{provisionerId}/webhooks" => create_webhook(provisioner: &str = "provisionerId") body(webhook: &NewProvisionerWebhook) -> record ProvisionerWebhook;
        /// One webhook.
        get "/v2/provisioners/{provisionerId}/webhooks/{webhookId}" => webhook(provisioner: &str = "provisionerId", id: &str = "webhookId") -> record ProvisionerWebhook;
        /// The current webhook.
        get "/v2/provisioners/{provisionerId}/webhooks/latest" => latest_webhook(provisioner: &str = "provisionerId") -> record ProvisionerWebhook;
        /// The provision requests.
        get "/v2/provision-requests" => requests() -> page Listed<ProvisionRequest>;
        /// The provision requests that are not fulfilled.
        get "/v2/provision-requests/unfulfilled" => unfulfilled_requests() -> page Listed<ProvisionRequest>;
        /// One request.
        get "/v2/provision-requests/{provisionRequestId}" => request(id: &str = "provisionRequestId") -> record ProvisionRequest;
        /// The details of a request, in all versions.
        get "/v2/provision-requests/{provisionRequestId}/details" => details(request: &str = "provisionRequestId") -> page Listed<ProvisionDetail>;
        /// One version of the details.
        get "/v2/provision-requests/{provisionRequestId}/details/{provisionDetailId}" => detail(request: &str = "provisionRequestId", id: &str = "provisionDetailId") -> record ProvisionDetail;
        /// The latest details.
        get "/v2/provision-requests/{provisionRequestId}/details/latest" => latest_detail(request: &str = "provisionRequestId") -> record ProvisionDetail;
        /// The attempts to fulfil a request, with one version of its details where that is named.
        get "/v2/provision-requests/{provisionRequestId}/attempts" => attempts(request: &str = "provisionRequestId") with(detail: Option<&str> = "provisionDetailId") -> page Listed<ProvisionAttempt>;
        /// Creates an attempt.
        post "/v2/provision-requests/{provisionRequestId}/attempts" => create_attempt(request: &str = "provisionRequestId") -> record ProvisionAttempt;
        /// One attempt.
        get "/v2/provision-requests/{provisionRequestId}/attempts/{provisionAttemptId}" => attempt(request: &str = "provisionRequestId", id: &str = "provisionAttemptId") -> record ProvisionAttempt;
        /// The latest attempt.
        get "/v2/provision-requests/{provisionRequestId}/attempts/latest" => latest_attempt(request: &str = "provisionRequestId") -> record ProvisionAttempt;
        /// The results of a request, of one attempt where that is named.
        get "/v2/provision-requests/{provisionRequestId}/results" => results(request: &str = "provisionRequestId") with(attempt: Option<&str> = "provisionAttemptId") -> page Listed<ProvisionResult>;
        /// Creates a result.
        post "/v2/provision-requests/{provisionRequestId}/results" => create_result(request: &str = "provisionRequestId") body(result: &NewProvisionResult) -> record ProvisionResult;
        /// One result.
        get "/v2/provision-requests/{provisionRequestId}/results/{provisionResultId}" => result(request: &str = "provisionRequestId", id: &str = "provisionResultId") -> record ProvisionResult;
        /// The latest result.
        get "/v2/provision-requests/{provisionRequestId}/results/latest" => latest_result(request: &str = "provisionRequestId") -> record ProvisionResult;
        /// Simulates an order event; with simulation keys only.
        post "/v2/provision-simulations/order-events" => simulate_order_event() body(event: &SimulatedOrderEvent) -> record SimulatedOrderEvent;
    }
}
