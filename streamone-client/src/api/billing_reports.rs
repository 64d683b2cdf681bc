//! Billing reports (v1): what was used and what it costs, month by month.

use provider_core::{EntityKind, Operation, Result};
use provider_http::{Answer, RequestSpec};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::handle;
use crate::model::{BillingCurrencies, BillingReport};
use crate::wire::envelope;

handle! {
    /// Billing reports. They need an API key.
    BillingReports
}

/// Whose figures a billing report holds.
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

/// Which part of a billing report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillingScope {
    /// The month: year and number from 1.
    pub month: Option<(i32, u32)>,
    /// Of this customer.
    pub customer: Option<String>,
    /// In this currency.
    pub currency: Option<String>,
}

impl BillingScope {
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
}

impl BillingReports<'_> {
    /// A month's billing report: `GET /reports/billing/{provider}`. A tree, whole: its leaves hold the
    /// figures.
    ///
    /// # Errors
    /// `Unsupported` naming the setting without an API key; whatever the call ends in.
    pub async fn get(&self, provider: BillingProvider, scope: &BillingScope) -> Result<BillingReport> {
        let answer = self.answer(provider, scope).await?;
        let report: BillingReport = answer.json()?;
        envelope::check(&answer, report.success, report.message.as_deref())?;
        Ok(report)
    }

    /// As [`get`](Self::get), with the trees as they came: one that cannot be read costs itself alone.
    pub(crate) async fn get_as<M>(
        &self,
        provider: BillingProvider,
        scope: &BillingScope,
        map: impl FnOnce(Option<&BillingCurrencies>, &[&RawValue]) -> M + Send,
    ) -> Result<M> {
        let answer = self.answer(provider, scope).await?;
        let report: Trees<'_> = answer.json_borrowed()?;
        envelope::check(&answer, report.success, report.message.as_deref())?;
        Ok(map(report.currency_option.as_ref(), &report.data.unwrap_or_default()))
    }

    async fn answer(&self, provider: BillingProvider, scope: &BillingScope) -> Result<Answer> {
        // Known to work with the month's number unpadded.
        let month = scope.month.map(|(year, month)| format!("m-{month}-{year}"));
        let spec = RequestSpec::get("/api/v1/reports/billing/{provider}")
            .path("provider", provider.as_str())
            .query_opt("filter[date_range]", month)
            .query_opt("filter[customer_id]", scope.customer.as_deref())
            .query_opt("filter[report_currency]", scope.currency.as_deref())
            .operation(Operation::List(EntityKind::Usage));
        self.client.send_v1(spec, &self.call).await
    }
}

/// A report whose trees keep their own JSON.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Trees<'a> {
    success: Option<bool>,
    message: Option<String>,
    currency_option: Option<BillingCurrencies>,
    #[serde(borrow)]
    data: Option<Vec<&'a RawValue>>,
}
