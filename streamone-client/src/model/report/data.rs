//! What a report answers.

use provider_core::{open_enum, records};

use super::Report;
use crate::model::Money;

open_enum! {
    /// Which member of a [`ReportValue`] holds the value.
    pub enum ValueType {
        Unspecified = "REPORT_VALUE_TYPE_UNSPECIFIED",
        String = "STRING",
        Float = "FLOAT",
        Int = "INT",
        Money = "MONEY",
        Bool = "BOOL",
        InternalLink = "INTERNAL_LINK",
        Date = "DATE",
        Id = "ID",
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A report as CSV text.
    pub struct CsvReport {
        /// The text, with its heading.
        pub results: Option<String>,
        /// How many rows.
        pub result_count: Option<i64>,
    }

    /// One message of the streamed form: `google.api.HttpBody`.
    pub struct CsvChunk {
        /// The media type.
        pub content_type: Option<String>,
        /// The bytes, in base64 where the gateway did not unpack them.
        pub data: Option<String>,
    }

    /// A report as rows of typed values.
    pub struct ReportData {
        /// The report.
        pub report: Option<Report>,
        /// Its rows.
        pub results: Option<ReportRows>,
        /// How many rows are here.
        pub result_count: Option<i64>,
        /// How many rows there are.
        pub available_rows_count: Option<i64>,
        /// When the figures were taken.
        pub cache_timestamp: Option<DateTime>,
    }

    /// Rows of a report.
    pub struct ReportRows {
        /// The rows.
        pub rows: Vec<ReportRow>,
    }

    /// One row.
    pub struct ReportRow {
        /// Its values, in the order of the columns.
        pub values: Vec<ReportValue>,
    }

    /// One value of a row.
    pub struct ReportValue {
        /// Which member holds it.
        pub value_type: Option<ValueType>,
        /// A text.
        pub string_value: Option<String>,
        /// A number.
        pub float_value: Option<Decimal>,
        /// A whole number.
        pub int_value: Option<i64>,
        /// An amount of money.
        pub money_value: Option<Money>,
        /// Yes or no.
        pub bool_value: Option<bool>,
        /// A link within the portal.
        pub internal_link_value: Option<ReportLink>,
        /// A date.
        pub date_value: Option<String>,
    }

    /// A link within the portal.
    pub struct ReportLink {
        /// Where to.
        pub link: Option<String>,
        /// What it says.
        pub text: Option<String>,
    }
}
