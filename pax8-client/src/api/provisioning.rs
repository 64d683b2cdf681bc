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
        /// Who provisions.
        get "/v2/provisioners" => provisioners() -> page Listed<Provisioner>;
        /// One provisioner.
        get "/v2/provisioners/{provisionerId}" => provisioner(id: &str = "provisionerId") -> record Provisioner;
        /// Where a provisioner was and is told.
        get "/v2/provisioners/{provisionerId}/webhooks" => webhooks(provisioner: &str = "provisionerId") -> page Listed<ProvisionerWebhook>;
        /// Tells it elsewhere from now on. The answer alone shows the secret.
        post "/v2/provisioners/{provisionerId}/webhooks" => create_webhook(provisioner: &str = "provisionerId") body(webhook: &NewProvisionerWebhook) -> record ProvisionerWebhook;
        /// One webhook.
        get "/v2/provisioners/{provisionerId}/webhooks/{webhookId}" => webhook(provisioner: &str = "provisionerId", id: &str = "webhookId") -> record ProvisionerWebhook;
        /// The webhook that counts.
        get "/v2/provisioners/{provisionerId}/webhooks/latest" => latest_webhook(provisioner: &str = "provisionerId") -> record ProvisionerWebhook;
        /// What is asked for.
        get "/v2/provision-requests" => requests() -> page Listed<ProvisionRequest>;
        /// What is asked for and not done yet.
        get "/v2/provision-requests/unfulfilled" => unfulfilled_requests() -> page Listed<ProvisionRequest>;
        /// One request.
        get "/v2/provision-requests/{provisionRequestId}" => request(id: &str = "provisionRequestId") -> record ProvisionRequest;
        /// The details of a request, each as it was.
        get "/v2/provision-requests/{provisionRequestId}/details" => details(request: &str = "provisionRequestId") -> page Listed<ProvisionDetail>;
        /// One of them.
        get "/v2/provision-requests/{provisionRequestId}/details/{provisionDetailId}" => detail(request: &str = "provisionRequestId", id: &str = "provisionDetailId") -> record ProvisionDetail;
        /// The details that count.
        get "/v2/provision-requests/{provisionRequestId}/details/latest" => latest_detail(request: &str = "provisionRequestId") -> record ProvisionDetail;
        /// What was tried, with these details where they are named.
        get "/v2/provision-requests/{provisionRequestId}/attempts" => attempts(request: &str = "provisionRequestId") with(detail: Option<&str> = "provisionDetailId") -> page Listed<ProvisionAttempt>;
        /// Tries again.
        post "/v2/provision-requests/{provisionRequestId}/attempts" => create_attempt(request: &str = "provisionRequestId") -> record ProvisionAttempt;
        /// One attempt.
        get "/v2/provision-requests/{provisionRequestId}/attempts/{provisionAttemptId}" => attempt(request: &str = "provisionRequestId", id: &str = "provisionAttemptId") -> record ProvisionAttempt;
        /// The attempt that counts.
        get "/v2/provision-requests/{provisionRequestId}/attempts/latest" => latest_attempt(request: &str = "provisionRequestId") -> record ProvisionAttempt;
        /// What came of it, in this attempt where it is named.
        get "/v2/provision-requests/{provisionRequestId}/results" => results(request: &str = "provisionRequestId") with(attempt: Option<&str> = "provisionAttemptId") -> page Listed<ProvisionResult>;
        /// Tells what came of it.
        post "/v2/provision-requests/{provisionRequestId}/results" => create_result(request: &str = "provisionRequestId") body(result: &NewProvisionResult) -> record ProvisionResult;
        /// One result.
        get "/v2/provision-requests/{provisionRequestId}/results/{provisionResultId}" => result(request: &str = "provisionRequestId", id: &str = "provisionResultId") -> record ProvisionResult;
        /// The result that counts.
        get "/v2/provision-requests/{provisionRequestId}/results/latest" => latest_result(request: &str = "provisionRequestId") -> record ProvisionResult;
        /// Plays an order event through, with simulation keys only.
        post "/v2/provision-simulations/order-events" => simulate_order_event() body(event: &SimulatedOrderEvent) -> record SimulatedOrderEvent;
    }
}
