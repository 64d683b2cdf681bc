//! License reports that are made in the background.

wire! {
    /// From a time up to another.
    pub struct TimeRange {
        /// The first moment.
        pub from: Option<DateTime>,
        /// The last moment.
        pub to: Option<DateTime>,
    }

    /// Which licences to report.
    pub struct LicenseReportRequest {
        /// The organization.
        pub customer_account_id: Option<i64>,
        /// The time.
        pub time_range: Option<TimeRange>,
        /// Only of this tenant.
        pub cloud_account_id: Option<i64>,
        /// Only of this invoice profile.
        pub invoice_profile_id: Option<i64>,
    }

    /// A report in the queue.
    pub struct Export {
        /// Its id.
        pub id: Option<NumberOrText>,
        /// How far it is.
        pub status: Option<NumberOrText>,
        /// Where it is found.
        pub action_url: Option<String>,
    }
}
