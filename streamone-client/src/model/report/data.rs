//! What a report answers.

use super::Report;
use crate::model::Money;
use crate::wire::{record, words};

words! {
    /// Which member of a [`ReportValue`] holds the value.
    ValueType {
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

record! {
    /// A report as CSV text.
    CsvReport {
        /// The text, with its heading.
        results: text,
        /// How many rows.
        result_count: count,
    }

    /// One message of the streamed form: `google.api.HttpBody`.
    CsvChunk {
        /// The media type.
        content_type: text,
        /// The bytes, in base64 where the gateway did not unpack them.
        data: text,
    }

    /// A report as rows of typed values.
    ReportData {
        /// The report.
        report: one(Report),
        /// Its rows.
        results: one(ReportRows),
        /// How many rows are here.
        result_count: count,
        /// How many rows there are.
        available_rows_count: count,
        /// When the figures were taken.
        cache_timestamp: moment,
    }

    /// Rows of a report.
    ReportRows {
        /// The rows.
        rows: many(ReportRow),
    }

    /// One row.
    ReportRow {
        /// Its values, in the order of the columns.
        values: many(ReportValue),
    }

    /// One value of a row.
    ReportValue {
        /// Which member holds it.
        value_type: one(ValueType),
        /// A text.
        string_value: text,
        /// A number.
        float_value: num,
        /// A whole number.
        int_value: count,
        /// An amount of money.
        money_value: one(Money),
        /// Yes or no.
        bool_value: flag,
        /// A link within the portal.
        internal_link_value: one(ReportLink),
        /// A date.
        date_value: text,
    }

    /// A link within the portal.
    ReportLink {
        /// Where to.
        link: text,
        /// What it says.
        text: text,
    }
}
