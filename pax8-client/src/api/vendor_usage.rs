//! Vendor usage, with tokens of its own.

use std::fmt;

use provider_core::{Error, Result};
use provider_http::{RequestSpec, endpoints, written};

use crate::client::Pax8Client;
use crate::model::{AggregateUsageLine, VendorUsageLine};
use crate::wire::envelope::Listed;

written!(BillingMonth);

/// Whose usage: one of the two ids.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsageOf {
    /// Pax8's id of the subscription.
    Subscription(String),
    /// The vendor's id of the subscription.
    ExternalSubscription(String),
}

impl UsageOf {
    fn apply(&self, spec: RequestSpec) -> RequestSpec {
        match self {
            Self::Subscription(id) => spec.query("subscriptionId", id),
            Self::ExternalSubscription(id) => spec.query("externalSubscriptionId", id),
        }
    }
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

endpoints! {
    client: Pax8Client;

    /// Vendor usage: for vendors who report consumption. A month closes at midnight UTC on the 2nd of the
    /// next one.
    VendorUsage as vendor_usage through for_usage {
        /// What was reported under one summary key.
        get "/v2/usage/lines" => lines() query(of: UsageOf) with(month: BillingMonth = "billingPeriod", summary_key: &str = "summaryKey") -> page Listed<VendorUsageLine>;
        /// Reports usage. Unless told otherwise, lines of the same day and summary key are replaced.
        post "/v2/usage/lines" => report() query(of: UsageOf) with(month: BillingMonth = "billingPeriod", overwrite_same_day: Option<bool> = "overwriteSameDayUsage") body(lines: &[VendorUsageLine]) -> page Listed<VendorUsageLine>;
        /// Reports usage, with what all of the partner's customers consumed together.
        post "/v2/usage/aggregate-lines" => report_aggregate() query(of: UsageOf) with(month: BillingMonth = "billingPeriod", overwrite_same_day: Option<bool> = "overwriteSameDayUsage") body(lines: &[AggregateUsageLine]) -> page Listed<VendorUsageLine>;
    }
}
