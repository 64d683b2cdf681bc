//! The vendor provisioning surface: for vendors whose products Pax8 sells.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ProvisionOutcome, ProvisionRequestType};
use crate::wire::record;

record! {
    /// Who provisions a vendor's products.
    Provisioner {
        /// UUID.
        id: text,
        /// The vendor.
        vendor_id: text,
        /// Its name.
        name: text,
        /// When it was created.
        created_date: time,
    }
}

/// A webhook of a provisioner; it never changes, a newer one takes its place.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProvisionerWebhook {
    /// UUID.
    #[serde(default)]
    pub id: Option<String>,
    /// Where deliveries go.
    #[serde(default)]
    pub url: Option<String>,
    /// How deliveries prove their origin.
    #[serde(default)]
    pub shared_secret: Option<SharedSecret>,
    /// When it was created.
    #[serde(default, with = "provider_core::wire::date_time::option")]
    pub created_date: Option<chrono::DateTime<chrono::Utc>>,
}

/// How deliveries to a provisioner prove their origin. Pax8 makes the credential and shows it once, in
/// the answer to the creation; later it is `*****`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SharedSecret {
    /// The header that carries it.
    #[serde(default)]
    pub header: Option<String>,
    /// The secret.
    #[serde(default)]
    pub credential: Option<SecretString>,
}

/// A webhook of a provisioner to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NewProvisionerWebhook {
    /// Where deliveries go; without query parameters.
    pub url: String,
    /// The header that carries the secret; `pax8ApiTokenV1` unless set.
    #[serde(rename = "sharedSecret", skip_serializing_if = "Option::is_none")]
    pub secret_header: Option<SecretHeader>,
}

impl NewProvisionerWebhook {
    /// With the usual header.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret_header: None }
    }

    /// With this header.
    #[must_use]
    pub fn with_header(mut self, header: impl Into<String>) -> Self {
        self.secret_header = Some(SecretHeader { header: header.into() });
        self
    }
}

/// The header that carries a shared secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SecretHeader {
    /// Its name.
    pub header: String,
}

record! {
    /// An address on this surface.
    #[derive(Default)]
    ProvisionAddress {
        /// Street and number.
        street: text,
        /// Suite, unit.
        street2: text,
        /// City.
        city: text,
        /// Postal code.
        postcode: text,
        /// Country.
        country: text,
        /// State or province.
        state_or_province: text,
    }
}

record! {
    /// What a vendor is asked to provision.
    #[derive(Default)]
    ProvisionRequest {
        /// UUID.
        id: text,
        /// What is asked.
        #[serde(rename = "type")]
        kind: one ProvisionRequestType,
        /// The partner.
        partner_id: text,
        /// Its name.
        partner_name: text,
        /// Its domain.
        partner_domain: text,
        /// Its address.
        partner_address: one ProvisionAddress,
        /// Its enrolment.
        partner_enrollment_id: text,
        /// The company.
        company_id: text,
        /// Its name.
        company_name: text,
        /// Its domain.
        company_domain: text,
        /// Its address.
        company_address: one ProvisionAddress,
        /// The product.
        product_id: text,
        /// The product before the change.
        old_product_id: text,
        /// Its name.
        product_name: text,
        /// How many.
        quantity: number,
        /// The subscription.
        subscription_id: text,
        /// How often one pays: `2 Year`, `3 Year`, `Activation`, `Annual`, `Monthly`, `One-Time`, `Trial`.
        billing_term: text,
        /// The commitment in months.
        commitment_term_months: number,
        /// When the commitment ends.
        commitment_term_end_date: time,
        /// The commitment.
        commitment: one ProvisionCommitment,
        /// When the trial ends.
        trial_end_date: time,
        /// The trial becomes paid by itself.
        trial_auto_converts: flag,
        /// When it was created.
        created_date: time,
    }
}

record! {
    /// A commitment on this surface.
    #[derive(Default)]
    ProvisionCommitment {
        /// In time.
        term: one CommitmentLength,
        /// In volume.
        volume: one CommitmentVolume,
    }
}

record! {
    /// A commitment in time.
    #[derive(Default)]
    CommitmentLength {
        /// Months.
        months: number,
        /// Its end.
        end_date: time,
    }
}

record! {
    /// A commitment in volume.
    #[derive(Default)]
    CommitmentVolume {
        /// The least.
        min_amount: number,
        /// The most.
        max_amount: number,
        /// Of what: a unit or a currency.
        unit_of_measure: text,
        /// Months.
        months: number,
    }
}

record! {
    /// The details of a request, as they were when it was made.
    #[derive(Default)]
    ProvisionDetail {
        /// UUID.
        id: text,
        /// The request.
        provision_request_id: text,
        /// The vendor's own keys.
        details: one Map<String, Value>,
        /// When it was created.
        created_date: time,
    }
}

record! {
    /// An attempt to deliver a request to the vendor.
    #[derive(Default)]
    ProvisionAttempt {
        /// UUID.
        id: text,
        /// The details that were sent.
        provision_detail_id: text,
        /// The webhook they were sent to.
        webhook_id: text,
        /// How it ended.
        status: text,
        /// Why it failed.
        error_detail: text,
        /// When it was made.
        created_date: time,
    }
}

record! {
    /// What came of a request.
    ProvisionResult {
        /// UUID.
        id: text,
        /// The attempt it answers.
        provision_attempt_id: text,
        /// How it ended.
        status: one ProvisionOutcome,
        /// Why it failed.
        error_message: text,
        /// The vendor's own values.
        metadata: one Map<String, Value>,
        /// The vendor's id of the subscription.
        external_provisioner_subscription_id: text,
        /// The vendor's id of the partner.
        external_provisioner_partner_id: text,
        /// The vendor's id of the company.
        external_provisioner_company_id: text,
        /// The vendor's id of the enrolment.
        external_provisioner_partner_enrollment_id: text,
    }
}

record! {
    /// What came of a request, to be told.
    NewProvisionResult {
        /// How it ended.
        status: must ProvisionOutcome,
        /// Why it failed, in up to 500 characters.
        error_message: text,
        /// The vendor's own values.
        metadata: one Map<String, Value>,
        /// The vendor's id of the subscription.
        external_provisioner_subscription_id: text,
        /// The vendor's id of the partner.
        external_provisioner_partner_id: text,
        /// The vendor's id of the company.
        external_provisioner_company_id: text,
        /// The vendor's id of the enrolment.
        external_provisioner_partner_enrollment_id: text,
    }
}

impl NewProvisionResult {
    /// How it ended, and nothing else.
    #[must_use]
    pub fn new(status: ProvisionOutcome) -> Self {
        Self {
            status,
            error_message: None,
            metadata: None,
            external_provisioner_subscription_id: None,
            external_provisioner_partner_id: None,
            external_provisioner_company_id: None,
            external_provisioner_partner_enrollment_id: None,
        }
    }
}

record! {
    /// An order event to be played through, with simulation keys.
    #[derive(Default)]
    SimulatedOrderEvent {
        /// The request.
        provision_request: one ProvisionRequest,
        /// Its details.
        provision_detail: one ProvisionDetail,
        /// The attempt.
        provision_attempt: one ProvisionAttempt,
    }
}
