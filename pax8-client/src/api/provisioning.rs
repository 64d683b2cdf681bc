//! Vendor provisioning, with tokens of its own.

use provider_core::Result;
use provider_http::RequestSpec;
use serde::de::DeserializeOwned;

use super::handle;
use crate::auth::Audience;
use crate::model::{
    NewProvisionResult, NewProvisionerWebhook, ProvisionAttempt, ProvisionDetail, ProvisionRequest,
    ProvisionResult, Provisioner, ProvisionerWebhook, SimulatedOrderEvent,
};
use crate::wire::envelope::Listed;

handle! {
    /// Vendor provisioning: for vendors whose products Pax8 sells. Lists take no page numbers.
    Provisioning
}

const REQUEST: &str = "provisionRequestId";

impl Provisioning<'_> {
    async fn one<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<T> {
        self.client.record(Audience::Provisioning, spec, &self.call).await
    }

    async fn many<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<Listed<T>> {
        self.client.page(Audience::Provisioning, spec, &self.call).await
    }

    /// `GET /v2/provisioners`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn provisioners(&self) -> Result<Listed<Provisioner>> {
        self.many(RequestSpec::get("/v2/provisioners")).await
    }

    /// `GET /v2/provisioners/{provisionerId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn provisioner(&self, id: &str) -> Result<Provisioner> {
        self.one(RequestSpec::get("/v2/provisioners/{provisionerId}").path("provisionerId", id)).await
    }

    /// `GET /v2/provisioners/{provisionerId}/webhooks`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn webhooks(&self, provisioner: &str) -> Result<Listed<ProvisionerWebhook>> {
        let spec = RequestSpec::get("/v2/provisioners/{provisionerId}/webhooks");
        self.many(spec.path("provisionerId", provisioner)).await
    }

    /// `POST /v2/provisioners/{provisionerId}/webhooks`: the answer alone shows the secret.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn create_webhook(
        &self,
        provisioner: &str,
        webhook: &NewProvisionerWebhook,
    ) -> Result<ProvisionerWebhook> {
        let spec = RequestSpec::post("/v2/provisioners/{provisionerId}/webhooks");
        self.one(spec.path("provisionerId", provisioner).json(webhook)?).await
    }

    /// `GET /v2/provisioners/{provisionerId}/webhooks/{webhookId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn webhook(&self, provisioner: &str, id: &str) -> Result<ProvisionerWebhook> {
        let spec = RequestSpec::get("/v2/provisioners/{provisionerId}/webhooks/{webhookId}");
        self.one(spec.path("provisionerId", provisioner).path("webhookId", id)).await
    }

    /// `GET /v2/provisioners/{provisionerId}/webhooks/latest`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn latest_webhook(&self, provisioner: &str) -> Result<ProvisionerWebhook> {
        let spec = RequestSpec::get("/v2/provisioners/{provisionerId}/webhooks/latest");
        self.one(spec.path("provisionerId", provisioner)).await
    }

    /// `GET /v2/provision-requests`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn requests(&self) -> Result<Listed<ProvisionRequest>> {
        self.many(RequestSpec::get("/v2/provision-requests")).await
    }

    /// `GET /v2/provision-requests/unfulfilled`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn unfulfilled_requests(&self) -> Result<Listed<ProvisionRequest>> {
        self.many(RequestSpec::get("/v2/provision-requests/unfulfilled")).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn request(&self, id: &str) -> Result<ProvisionRequest> {
        self.one(RequestSpec::get("/v2/provision-requests/{provisionRequestId}").path(REQUEST, id)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/details`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn details(&self, request: &str) -> Result<Listed<ProvisionDetail>> {
        let spec = RequestSpec::get("/v2/provision-requests/{provisionRequestId}/details");
        self.many(spec.path(REQUEST, request)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/details/{provisionDetailId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn detail(&self, request: &str, id: &str) -> Result<ProvisionDetail> {
        let spec =
            RequestSpec::get("/v2/provision-requests/{provisionRequestId}/details/{provisionDetailId}");
        self.one(spec.path(REQUEST, request).path("provisionDetailId", id)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/details/latest`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn latest_detail(&self, request: &str) -> Result<ProvisionDetail> {
        let spec = RequestSpec::get("/v2/provision-requests/{provisionRequestId}/details/latest");
        self.one(spec.path(REQUEST, request)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/attempts`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn attempts(&self, request: &str, detail: Option<&str>) -> Result<Listed<ProvisionAttempt>> {
        let spec = RequestSpec::get("/v2/provision-requests/{provisionRequestId}/attempts");
        self.many(spec.path(REQUEST, request).query_opt("provisionDetailId", detail)).await
    }

    /// `POST /v2/provision-requests/{provisionRequestId}/attempts`: no body.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn create_attempt(&self, request: &str) -> Result<ProvisionAttempt> {
        let spec = RequestSpec::post("/v2/provision-requests/{provisionRequestId}/attempts");
        self.one(spec.path(REQUEST, request)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/attempts/{provisionAttemptId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn attempt(&self, request: &str, id: &str) -> Result<ProvisionAttempt> {
        let spec =
            RequestSpec::get("/v2/provision-requests/{provisionRequestId}/attempts/{provisionAttemptId}");
        self.one(spec.path(REQUEST, request).path("provisionAttemptId", id)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/attempts/latest`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn latest_attempt(&self, request: &str) -> Result<ProvisionAttempt> {
        let spec = RequestSpec::get("/v2/provision-requests/{provisionRequestId}/attempts/latest");
        self.one(spec.path(REQUEST, request)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/results`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn results(&self, request: &str, attempt: Option<&str>) -> Result<Listed<ProvisionResult>> {
        let spec = RequestSpec::get("/v2/provision-requests/{provisionRequestId}/results");
        self.many(spec.path(REQUEST, request).query_opt("provisionAttemptId", attempt)).await
    }

    /// `POST /v2/provision-requests/{provisionRequestId}/results`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn create_result(&self, request: &str, result: &NewProvisionResult) -> Result<ProvisionResult> {
        let spec = RequestSpec::post("/v2/provision-requests/{provisionRequestId}/results");
        self.one(spec.path(REQUEST, request).json(result)?).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/results/{provisionResultId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn result(&self, request: &str, id: &str) -> Result<ProvisionResult> {
        let spec =
            RequestSpec::get("/v2/provision-requests/{provisionRequestId}/results/{provisionResultId}");
        self.one(spec.path(REQUEST, request).path("provisionResultId", id)).await
    }

    /// `GET /v2/provision-requests/{provisionRequestId}/results/latest`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn latest_result(&self, request: &str) -> Result<ProvisionResult> {
        let spec = RequestSpec::get("/v2/provision-requests/{provisionRequestId}/results/latest");
        self.one(spec.path(REQUEST, request)).await
    }

    /// `POST /v2/provision-simulations/order-events`: with simulation keys only.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn simulate_order_event(&self, event: &SimulatedOrderEvent) -> Result<SimulatedOrderEvent> {
        self.one(RequestSpec::post("/v2/provision-simulations/order-events").json(event)?).await
    }
}
