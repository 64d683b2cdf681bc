//! License reports that are made in the background.

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// A report in the queue.
    pub struct Export {
        /// Its id.
        pub id: Option<String>,
        /// How far it is.
        pub status: Option<String>,
        /// Where it is found.
        pub action_url: Option<String>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

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
}
