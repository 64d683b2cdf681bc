//! Vendor usage, with tokens of its own.

use std::fmt;

use provider_core::{Error, Result};
use provider_http::RequestSpec;

use super::handle;
use crate::auth::Audience;
use crate::model::{AggregateUsageLine, VendorUsageLine};
use crate::wire::envelope::Listed;

handle! {
    /// Vendor usage: for vendors who report consumption. A month closes at midnight UTC on the 2nd of the
    /// next one.
    VendorUsage
}

/// Whose usage: one of the two ids.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsageOf {
    /// Pax8's id of the subscription.
    Subscription(String),
    /// The vendor's id of the subscription.
    ExternalSubscription(String),
}

/// A month that is billed, written `yyyy-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BillingMonth {
    year: u16,
    month: u8,
}

impl BillingMonth {
    /// A month from 1 to 12 of a year with four digits.
    ///
    /// # Errors
    /// `InvalidInput` for anything else.
    pub fn new(year: u16, month: u8) -> Result<Self> {
        if !(1..=12).contains(&month) || !(1000..=9999).contains(&year) {
            return Err(Error::invalid_input("billingPeriod", "is no month of a year"));
        }
        Ok(Self { year, month })
    }
}

impl fmt::Display for BillingMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

fn scoped(spec: RequestSpec, of: &UsageOf, month: BillingMonth) -> RequestSpec {
    match of {
        UsageOf::Subscription(id) => spec.query("subscriptionId", id),
        UsageOf::ExternalSubscription(id) => spec.query("externalSubscriptionId", id),
    }
    .query("billingPeriod", month)
}

impl VendorUsage<'_> {
    /// `GET /v2/usage/lines`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn lines(
        &self,
        of: &UsageOf,
        month: BillingMonth,
        summary_key: &str,
    ) -> Result<Listed<VendorUsageLine>> {
        let spec = scoped(RequestSpec::get("/v2/usage/lines"), of, month).query("summaryKey", summary_key);
        self.client.page(Audience::Usage, spec, &self.call).await
    }

    /// `POST /v2/usage/lines`. Unless told otherwise, lines of the same day and summary key are replaced.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn report(
        &self,
        of: &UsageOf,
        month: BillingMonth,
        overwrite_same_day: Option<bool>,
        lines: &[VendorUsageLine],
    ) -> Result<Listed<VendorUsageLine>> {
        let spec = scoped(RequestSpec::post("/v2/usage/lines"), of, month)
            .query_opt("overwriteSameDayUsage", overwrite_same_day)
            .json(lines)?;
        self.client.page(Audience::Usage, spec, &self.call).await
    }

    /// `POST /v2/usage/aggregate-lines`: with what all of the partner's customers consumed together.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn report_aggregate(
        &self,
        of: &UsageOf,
        month: BillingMonth,
        overwrite_same_day: Option<bool>,
        lines: &[AggregateUsageLine],
    ) -> Result<Listed<VendorUsageLine>> {
        let spec = scoped(RequestSpec::post("/v2/usage/aggregate-lines"), of, month)
            .query_opt("overwriteSameDayUsage", overwrite_same_day)
            .json(lines)?;
        self.client.page(Audience::Usage, spec, &self.call).await
    }
}
