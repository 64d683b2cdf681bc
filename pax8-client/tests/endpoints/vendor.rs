//! The vendor surfaces: provisioning and usage.

use pax8_client::api::{BillingMonth, UsageOf};
use pax8_client::model::{
    AggregateUsageLine, NewProvisionResult, NewProvisionerWebhook, ProvisionOutcome, ProvisionRequest,
    ProvisionRequestType, SimulatedOrderEvent, VendorUsageLine,
};
use rust_decimal::Decimal;

use super::case::{Case, ID, RECORD, case, page_case};

fn line() -> VendorUsageLine {
    VendorUsageLine::new("storage", "Storage", Decimal::new(325, 2), ID, "GB")
}

fn month() -> BillingMonth {
    BillingMonth::new(2026, 3).unwrap()
}

fn of() -> UsageOf {
    UsageOf::Subscription(ID.to_owned())
}

fn result() -> NewProvisionResult {
    let mut result = NewProvisionResult::new(ProvisionOutcome::Fail);
    result.error_message = Some("no such domain".to_owned());
    result.external_provisioner_subscription_id = Some("sub-1".to_owned());
    result
}

fn event() -> SimulatedOrderEvent {
    let mut request = ProvisionRequest::default();
    request.kind = Some(ProvisionRequestType::NetNew);
    request.quantity = Some(Decimal::from(5));
    let mut event = SimulatedOrderEvent::default();
    event.provision_request = Some(request);
    event
}

const LINE: &str = r#"[{"summaryKey":"storage","summaryDisplayName":"Storage","quantity":3.25,"productId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","unitOfMeasurement":"GB"}]"#;
const AGGREGATE: &str = r#"[{"summaryKey":"storage","summaryDisplayName":"Storage","quantity":3.25,"partnerAggregateQuantity":40,"productId":"6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01","unitOfMeasurement":"GB"}]"#;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        page_case!("GET", "/v2/provisioners", "", "", |c| c.provisioning().provisioners()),
        case!("GET", "/v2/provisioners/{provisionerId}", "", "", RECORD, |c| c
            .provisioning()
            .provisioner(ID)),
        page_case!("GET", "/v2/provisioners/{provisionerId}/webhooks", "", "", |c| c
            .provisioning()
            .webhooks(ID)),
        case!(
            "POST",
            "/v2/provisioners/{provisionerId}/webhooks",
            "",
            r#"{"url":"https://vendor.example.com/pax8","sharedSecret":{"header":"X-Pax8"}}"#,
            RECORD,
            |c| c.provisioning().create_webhook(
                ID,
                &NewProvisionerWebhook::new("https://vendor.example.com/pax8").with_header("X-Pax8")
            )
        ),
        case!("GET", "/v2/provisioners/{provisionerId}/webhooks/{webhookId}", "", "", RECORD, |c| c
            .provisioning()
            .webhook(ID, ID)),
        case!("GET", "/v2/provisioners/{provisionerId}/webhooks/latest", "", "", RECORD, |c| c
            .provisioning()
            .latest_webhook(ID)),
        page_case!("GET", "/v2/provision-requests", "", "", |c| c.provisioning().requests()),
        page_case!("GET", "/v2/provision-requests/unfulfilled", "", "", |c| c
            .provisioning()
            .unfulfilled_requests()),
        case!("GET", "/v2/provision-requests/{provisionRequestId}", "", "", RECORD, |c| c
            .provisioning()
            .request(ID)),
        page_case!("GET", "/v2/provision-requests/{provisionRequestId}/details", "", "", |c| c
            .provisioning()
            .details(ID)),
        case!(
            "GET",
            "/v2/provision-requests/{provisionRequestId}/details/{provisionDetailId}",
            "",
            "",
            RECORD,
            |c| c.provisioning().detail(ID, ID)
        ),
        case!("GET", "/v2/provision-requests/{provisionRequestId}/details/latest", "", "", RECORD, |c| c
            .provisioning()
            .latest_detail(ID)),
        page_case!(
            "GET",
            "/v2/provision-requests/{provisionRequestId}/attempts",
            "provisionDetailId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01",
            "",
            |c| c.provisioning().attempts(ID, Some(ID))
        ),
        case!("POST", "/v2/provision-requests/{provisionRequestId}/attempts", "", "", RECORD, |c| c
            .provisioning()
            .create_attempt(ID)),
        case!(
            "GET",
            "/v2/provision-requests/{provisionRequestId}/attempts/{provisionAttemptId}",
            "",
            "",
            RECORD,
            |c| c.provisioning().attempt(ID, ID)
        ),
        case!("GET", "/v2/provision-requests/{provisionRequestId}/attempts/latest", "", "", RECORD, |c| c
            .provisioning()
            .latest_attempt(ID)),
        page_case!("GET", "/v2/provision-requests/{provisionRequestId}/results", "", "", |c| c
            .provisioning()
            .results(ID, None)),
        case!(
            "POST",
            "/v2/provision-requests/{provisionRequestId}/results",
            "",
            r#"{"status":"Fail","errorMessage":"no such domain","externalProvisionerSubscriptionId":"sub-1"}"#,
            RECORD,
            |c| c.provisioning().create_result(ID, &result())
        ),
        case!(
            "GET",
            "/v2/provision-requests/{provisionRequestId}/results/{provisionResultId}",
            "",
            "",
            RECORD,
            |c| c.provisioning().result(ID, ID)
        ),
        case!("GET", "/v2/provision-requests/{provisionRequestId}/results/latest", "", "", RECORD, |c| c
            .provisioning()
            .latest_result(ID)),
        case!(
            "POST",
            "/v2/provision-simulations/order-events",
            "",
            r#"{"provisionRequest":{"type":"NetNew","quantity":5}}"#,
            "{}",
            |c| c.provisioning().simulate_order_event(&event())
        ),
        page_case!(
            "GET",
            "/v2/usage/lines",
            "externalSubscriptionId=ext%2F1&billingPeriod=2026-03&summaryKey=storage",
            "",
            |c| c.vendor_usage().lines(
                &UsageOf::ExternalSubscription("ext/1".to_owned()),
                month(),
                "storage"
            )
        ),
        page_case!(
            "POST",
            "/v2/usage/lines",
            "subscriptionId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&billingPeriod=2026-03&overwriteSameDayUsage=false",
            LINE,
            |c| c.vendor_usage().report(&of(), month(), Some(false), &[line()])
        ),
        page_case!(
            "POST",
            "/v2/usage/aggregate-lines",
            "subscriptionId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&billingPeriod=2026-03",
            AGGREGATE,
            |c| c.vendor_usage().report_aggregate(
                &of(),
                month(),
                None,
                &[AggregateUsageLine::new(line(), Decimal::from(40))]
            )
        ),
    ]
}
