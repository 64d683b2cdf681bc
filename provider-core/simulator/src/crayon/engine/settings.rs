//! Switches for what the reference leaves open.

use std::time::Duration;

use super::failure::ErrorForm;
use super::json::Casing;

/// How lists are wrapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListEnvelope {
    /// As documented for each call: `{Items, TotalHits}` for most, plain arrays for a few such as `billingcycles`.
    #[default]
    Documented,
    /// `{Items, TotalHits}` also where the docs show a plain array and the vendor's SDK reads the envelope.
    Items,
    /// Plain arrays everywhere, as the Swagger files describe lists. Totals are then unknown to the client.
    Bare,
}

/// What a refused login answers; the facts do not say which one it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoginFailure {
    /// The token object with `Error` filled and `AccessToken` null.
    #[default]
    TokenObject,
    /// `{"error": "invalid_grant"}` or `{"error": "invalid_client"}`.
    OAuth,
    /// The API's error model.
    ApiError,
    /// No body.
    Empty,
    /// Status 200 with the token object of [`TokenObject`](Self::TokenObject).
    Success,
}

/// Where a product row tells its commitment term; no field is documented for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TermField {
    /// `ProductVariant.MinimumCommitment.Months`
    #[default]
    MinimumCommitment,
    /// `ProductVariant.PurchasePeriod`, as `P1Y`
    PurchasePeriod,
    /// `ProductVariant.Attributes.TermDuration`
    Attributes,
}

/// The switches of the Crayon side.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) casing: Casing,
    pub(crate) envelope: ListEnvelope,
    pub(crate) error_form: ErrorForm,
    pub(crate) login_failure: LoginFailure,
    pub(crate) term_field: TermField,
    pub(crate) token_lifetime: Duration,
    pub(crate) order_delay: Duration,
    pub(crate) azure_delay: Duration,
    pub(crate) split_files: bool,
    pub(crate) resume_allowed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            casing: Casing::Pascal,
            envelope: ListEnvelope::Documented,
            error_form: ErrorForm::Sdk,
            login_failure: LoginFailure::TokenObject,
            term_field: TermField::MinimumCommitment,
            token_lifetime: Duration::from_secs(3600),
            // Long enough that a client meets the empty answer, short enough for an example on the machine's clock.
            order_delay: Duration::from_secs(2),
            azure_delay: Duration::from_secs(2),
            split_files: false,
            resume_allowed: true,
        }
    }
}
