//! Money, totals and counts on the quoting surface.

use provider_core::records;

records! {
    #![numbers]
    #![serde(rename_all = "camelCase")]
    #![derive(PartialEq, Eq)]

    /// Money on the quoting surface.
    pub struct Money {
        /// The amount.
        pub amount: Option<Decimal>,
        /// The currency.
        pub currency: Option<String>,
    }

    /// The totals of a quote or of a line.
    pub struct QuoteTotals {
        /// One-time cost.
        pub initial_cost: Option<Money>,
        /// One-time profit.
        pub initial_profit: Option<Money>,
        /// One-time total.
        pub initial_total: Option<Money>,
        /// Cost each term.
        pub recurring_cost: Option<Money>,
        /// Profit each term.
        pub recurring_profit: Option<Money>,
        /// Total each term.
        pub recurring_total: Option<Money>,
    }

    /// How many quotes there are in each status.
    #[derive(Default)]
    pub struct QuoteStatusCounts {
        /// Accepted.
        pub accepted: Option<Decimal>,
        /// Assigned; missing from the vendor's schema.
        pub assigned: Option<Decimal>,
        /// Changes requested; missing from the vendor's schema.
        #[serde(rename = "changes_requested")]
        pub changes_requested: Option<Decimal>,
        /// Closed.
        pub closed: Option<Decimal>,
        /// Declined.
        pub declined: Option<Decimal>,
        /// Draft.
        pub draft: Option<Decimal>,
        /// Expired.
        pub expired: Option<Decimal>,
        /// Pending.
        pub pending: Option<Decimal>,
        /// Sent.
        pub sent: Option<Decimal>,
    }

    /// How many lines a quote has.
    pub struct QuoteLineCounts {
        /// All.
        pub total: Option<Decimal>,
        /// Custom ones.
        pub custom: Option<Decimal>,
        /// Ones that only partners sell.
        pub msp: Option<Decimal>,
    }
}
