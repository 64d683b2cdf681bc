//! Billing reports (v1): what was used and what it costs, month by month.

use std::fmt;

use provider_core::Result;
use provider_http::{CallOptions, RequestSpec};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::client::StreamOneClient;
use crate::model::{BillingCurrencies, BillingReport};
use crate::wire::envelope;

/// The cloud provider whose usage a billing report holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BillingProvider {
    /// Everything of Microsoft CSP, seats included.
    AzurePlan,
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Gcp,
}

impl BillingProvider {
    /// Every provider with a billing report.
    pub const ALL: [Self; 3] = [Self::AzurePlan, Self::Aws, Self::Gcp];

    /// The word in the path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AzurePlan => "azureplan",
            Self::Aws => "aws",
            Self::Gcp => "gcp",
        }
    }
}

impl fmt::Display for BillingProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Narrows a billing report to a month, a customer, a currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillingReportFilter {
    /// The month: year and number from 1.
    pub month: Option<(i32, u32)>,
    /// Of this customer.
    pub customer: Option<String>,
    /// In this currency.
    pub currency: Option<String>,
}

impl BillingReportFilter {
    /// One month.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Self {
        Self { month: Some((year, month)), ..Self::default() }
    }

    /// Of this customer.
    #[must_use]
    pub fn customer(mut self, customer: impl Into<String>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// In this currency, such as `EUR`.
    #[must_use]
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.currency = Some(currency.into());
        self
    }

    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        // Known to work with the month's number unpadded.
        let month = self.month.map(|(year, month)| format!("m-{month}-{year}"));
        spec.query_opt("filter[date_range]", month)
            .query_opt("filter[customer_id]", self.customer.as_deref())
            .query_opt("filter[report_currency]", self.currency.as_deref())
    }
}

provider_http::endpoints! {
    client: StreamOneClient;

    /// Billing reports (v1). They need an API key.
    BillingReports as billing_reports through older {
        /// A month's billing report. A tree, whole: its leaves hold the figures.
        get "/api/v1/reports/billing/{provider}" => get(provider: BillingProvider) query(filter: BillingReportFilter)
            operation(List Usage) -> billing_report BillingReport;
    }
}

impl BillingReports {
    /// As [`get`](Self::get), with the trees as they came: one that cannot be read costs itself alone.
    pub(crate) async fn get_as<M>(
        &self,
        provider: BillingProvider,
        filter: &BillingReportFilter,
        map: impl FnOnce(Option<&BillingCurrencies>, &[&RawValue]) -> M + Send,
    ) -> Result<M> {
        let answer = self.client.answer(billing_reports::get(provider, filter)?, &self.call).await?;
        let report: Trees<'_> = answer.json_borrowed()?;
        let (message, error) = (report.message.as_deref(), report.error.as_ref());
        envelope::judge(&answer, report.success, message, error, report.data.is_some())?;
        Ok(answer.listening(|| map(report.currency_option.as_ref(), &report.data.unwrap_or_default())))
    }
}

impl StreamOneClient {
    async fn billing_report(&self, spec: RequestSpec, call: &CallOptions) -> Result<BillingReport> {
        let answer = self.answer(spec, call).await?;
        let report: BillingReport = answer.json()?;
        envelope::check(&answer, report.success, report.message.as_deref())?;
        Ok(report)
    }
}

/// A report whose trees keep their own JSON.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Trees<'a> {
    #[serde(deserialize_with = "provider_core::wire::lenient::flag")]
    success: Option<bool>,
    #[serde(deserialize_with = "provider_core::wire::lenient::text")]
    message: Option<String>,
    error: Option<Value>,
    currency_option: Option<BillingCurrencies>,
    #[serde(borrow)]
    data: Option<Vec<&'a RawValue>>,
}
