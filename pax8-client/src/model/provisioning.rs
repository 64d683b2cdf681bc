//! What vendors are asked to provision, and what came of it.

use provider_core::{open_enum, records};
use serde_json::{Map, Value};

open_enum! {
    /// What a vendor is asked to provision.
    pub enum ProvisionRequestType {
        /// A new subscription.
        NetNew = "NetNew",
        /// A change.
        Update = "Update",
        /// The end of a subscription.
        Deprovision = "Deprovision",
        /// A trial begins.
        TrialCreate = "TrialCreate",
        /// A trial becomes paid.
        TrialConvert = "TrialConvert",
        /// Another product.
        ChangeProduct = "ChangeProduct",
        /// A partner is enrolled with the vendor.
        PartnerEnrollment = "PartnerEnrollment",
        /// A term is renewed.
        Renewal = "Renewal",
    }

    /// How provisioning ended.
    pub enum ProvisionOutcome {
        /// Done.
        Success = "Success",
        /// Not done.
        Fail = "Fail",
    }
}

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What came of a request.
    pub struct ProvisionResult {
        /// UUID.
        pub id: Option<String>,
        /// The attempt it answers.
        pub provision_attempt_id: Option<String>,
        /// How it ended.
        pub status: Option<ProvisionOutcome>,
        /// Why it failed.
        pub error_message: Option<String>,
        /// The vendor's own values.
        pub metadata: Option<Map<String, Value>>,
        /// The vendor's id of the subscription.
        pub external_provisioner_subscription_id: Option<String>,
        /// The vendor's id of the partner.
        pub external_provisioner_partner_id: Option<String>,
        /// The vendor's id of the company.
        pub external_provisioner_company_id: Option<String>,
        /// The vendor's id of the enrolment.
        pub external_provisioner_partner_enrollment_id: Option<String>,
    }
}

records! {
    #![setters]
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// What a vendor is asked to provision.
    #[derive(Default)]
    pub struct ProvisionRequest {
        /// UUID.
        pub id: Option<String>,
        /// What is asked.
        #[serde(rename = "type")]
        pub kind: Option<ProvisionRequestType>,
        /// The partner.
        pub partner_id: Option<String>,
        /// Its name.
        pub partner_name: Option<String>,
        /// Its domain.
        pub partner_domain: Option<String>,
        /// Its address.
        pub partner_address: Option<ProvisionAddress>,
        /// Its enrolment.
        pub partner_enrollment_id: Option<String>,
        /// The company.
        pub company_id: Option<String>,
        /// Its name.
        pub company_name: Option<String>,
        /// Its domain.
        pub company_domain: Option<String>,
        /// Its address.
        pub company_address: Option<ProvisionAddress>,
        /// The product.
        pub product_id: Option<String>,
        /// The product before the change.
        pub old_product_id: Option<String>,
        /// Its name.
        pub product_name: Option<String>,
        /// How many.
        pub quantity: Option<Decimal>,
        /// The subscription.
        pub subscription_id: Option<String>,
        /// The billing term: `2 Year`, `3 Year`, `Activation`, `Annual`, `Monthly`, `One-Time`, `Trial`.
        pub billing_term: Option<String>,
        /// The length of the commitment term in months.
        pub commitment_term_months: Option<Decimal>,
        /// When the commitment ends.
        pub commitment_term_end_date: Option<DateTime>,
        /// The commitment term.
        pub commitment: Option<ProvisionCommitment>,
        /// When the trial ends.
        pub trial_end_date: Option<DateTime>,
        /// The trial becomes paid by itself.
        pub trial_auto_converts: Option<bool>,
        /// When it was created.
        pub created_date: Option<DateTime>,
    }

    /// An address on this surface.
    #[derive(Default)]
    pub struct ProvisionAddress {
        /// Street and number.
        pub street: Option<String>,
        /// Suite, unit.
        pub street2: Option<String>,
        /// City.
        pub city: Option<String>,
        /// Postal code.
        pub postcode: Option<String>,
        /// Country.
        pub country: Option<String>,
        /// State or province.
        pub state_or_province: Option<String>,
    }

    /// A commitment on this surface.
    #[derive(Default)]
    pub struct ProvisionCommitment {
        /// The length in months.
        pub term: Option<CommitmentLength>,
        /// The volume: a quantity or an amount.
        pub volume: Option<CommitmentVolume>,
    }

    /// The length of a commitment term.
    #[derive(Default)]
    pub struct CommitmentLength {
        /// Months.
        pub months: Option<Decimal>,
        /// Its end.
        pub end_date: Option<DateTime>,
    }

    /// The volume of a commitment.
    #[derive(Default)]
    pub struct CommitmentVolume {
        /// The least.
        pub min_amount: Option<Decimal>,
        /// The most.
        pub max_amount: Option<Decimal>,
        /// Of what: a unit or a currency.
        pub unit_of_measure: Option<String>,
        /// Months.
        pub months: Option<Decimal>,
    }

    /// The details of a request, as they were when it was made.
    #[derive(Default)]
    pub struct ProvisionDetail {
        /// UUID.
        pub id: Option<String>,
        /// The request.
        pub provision_request_id: Option<String>,
        /// The vendor's own keys.
        pub details: Option<Map<String, Value>>,
        /// When it was created.
        pub created_date: Option<DateTime>,
    }

    /// An attempt to deliver a request to the vendor.
    #[derive(Default)]
    pub struct ProvisionAttempt {
        /// UUID.
        pub id: Option<String>,
        /// The details that were sent.
        pub provision_detail_id: Option<String>,
        /// The webhook they were sent to.
        pub webhook_id: Option<String>,
        /// How it ended.
        pub status: Option<String>,
        /// Why it failed.
        pub error_detail: Option<String>,
        /// When it was made.
        pub created_date: Option<DateTime>,
    }

    /// What came of a request, to be told.
    pub struct NewProvisionResult {
        /// How it ended.
        pub status: ProvisionOutcome,
        /// Why it failed, in up to 500 characters.
        pub error_message: Option<String>,
        /// The vendor's own values.
        pub metadata: Option<Map<String, Value>>,
        /// The vendor's id of the subscription.
        pub external_provisioner_subscription_id: Option<String>,
        /// The vendor's id of the partner.
        pub external_provisioner_partner_id: Option<String>,
        /// The vendor's id of the company.
        pub external_provisioner_company_id: Option<String>,
        /// The vendor's id of the enrolment.
        pub external_provisioner_partner_enrollment_id: Option<String>,
    }

    /// An order event to be played through, with simulation keys.
    #[derive(Default)]
    pub struct SimulatedOrderEvent {
        /// The request.
        pub provision_request: Option<ProvisionRequest>,
        /// Its details.
        pub provision_detail: Option<ProvisionDetail>,
        /// The attempt.
        pub provision_attempt: Option<ProvisionAttempt>,
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
