//! Money and totals on the quoting surface.

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
        /// Cost at the start.
        pub initial_cost: Option<Money>,
        /// Profit at the start.
        pub initial_profit: Option<Money>,
        /// Total at the start.
        pub initial_total: Option<Money>,
        /// Cost each term.
        pub recurring_cost: Option<Money>,
        /// Profit each term.
        pub recurring_profit: Option<Money>,
        /// Total each term.
        pub recurring_total: Option<Money>,
    }
}
