//! Saved reports and how they are run.

mod data;

use serde::{Deserialize, Serialize};

use super::Id;
use crate::wire::{record, words};

pub use data::{CsvChunk, CsvReport, ReportData, ReportLink, ReportRow, ReportRows, ReportValue, ValueType};

words! {
    /// The part of the portal a report belongs to.
    ReportModule {
        Unspecified = "REPORTS_MODULE_UNSPECIFIED",
        Reports = "REPORTS_REPORTS_MODULE",
        Dashboards = "DASHBOARDS_REPORTS_MODULE",
        BudgetManagement = "BUDGET_MANAGEMENT_REPORTS_MODULE",
        Invoices = "INVOICE_REPORTS_MODULE",
        V1Billing = "V1_BILLING_REPORTS_MODULE",
        Caching = "CACHING_REPORTS_MODULE",
    }
    /// What a report is about.
    ReportCategory {
        Unspecified = "REPORT_CATEGORY_UNSPECIFIED",
        Billing = "BILLING_REPORTS",
        Customer = "CUSTOMER_REPORTS",
        Partner = "PARTNER_REPORTS",
    }
    /// A range of days relative to today.
    RelativeDateRange {
        Unknown = "UNKNOWN_RELATIVE_DATE_RANGE",
        Custom = "CUSTOM",
        Today = "TODAY",
        MonthToDate = "MONTH_TO_DATE",
        QuarterToDate = "QUARTER_TO_DATE",
        YearToDate = "YEAR_TO_DATE",
        LastMonth = "LAST_MONTH",
        LastQuarter = "LAST_QUARTER",
        LastYear = "LAST_YEAR",
        /// This month where it has billing data, else the last one.
        LatestMonth = "LATEST_MONTH",
        WeekToDate = "WEEK_TO_DATE",
        LastWeek = "LAST_WEEK",
        TwoMonthsAgo = "TWO_MONTHS_AGO",
    }
}

record! {
    /// A saved report. Reports are made in the portal first; the API runs them.
    Report {
        /// Its id.
        report_id: id,
        /// What it was made from, such as `azure_plan_billing`.
        report_template_id: text,
        /// The part of the portal it belongs to.
        report_module: one(ReportModule),
        /// Its name.
        display_name: text,
        /// What it is about.
        category: one(ReportCategory),
        /// Who made it.
        created_by: text,
        /// Who changed it last.
        last_updated_by: text,
        /// When it was made.
        create_time: moment,
        /// When it was last looked at.
        access_time: moment,
        /// Cloud providers.
        provider_ids: many(Id),
        /// Options.
        options: many(ReportOption),
        /// Columns, filters and dates; of single reads.
        specs: one(ReportSpecs),
    }

    /// An option of a report.
    ReportOption {
        /// Its name.
        name: text,
        /// Its value.
        value: json,
    }

    /// Columns, filters and dates of a report.
    ReportSpecs {
        /// All columns. Their ids belong to this one report.
        all_columns: many(ReportColumn),
        /// The columns that are shown.
        selected_columns: many(AggregatedColumn),
        /// Filters by value.
        column_filters: many(ColumnFilter),
        /// A filter by text.
        substring_filter: one(SubstringFilter),
        /// Which days.
        date_range_option: one(DateRangeOption),
        /// Which currency.
        currency_option: one(CurrencyOption),
        /// Rates between currencies.
        conversion_rates: many(ConversionRate),
        /// How many rows at most; 0 for all.
        rows_limit: count,
        /// Tags.
        tag_keys: json,
        /// Customer fields.
        customer_field_keys: json,
        /// Cloud account fields.
        cloud_account_field_keys: json,
    }

    /// A column.
    ReportColumn {
        /// Its id in this report.
        id: id,
        /// Which column it is.
        column_template_id: text,
        /// Its heading.
        display_name: text,
        /// Whether rows can be grouped by it.
        groupable: flag,
        /// What it is made of.
        dynamic_unique_key: text,
        /// Parameters.
        params: json,
    }

    /// A column that is shown.
    AggregatedColumn {
        /// Its id in this report.
        id: id,
        /// Which column it is.
        column_template_id: text,
        /// Its heading.
        display_name: text,
        /// Whether rows can be grouped by it.
        groupable: flag,
        /// What it is made of.
        dynamic_unique_key: text,
        /// Parameters.
        params: json,
        /// The level of grouping.
        grouping_level: count,
        /// The type of its values.
        value_type: text,
        /// The heading to show.
        column_heading: text,
        /// How values are put together.
        agg_type: text,
        /// Columns it is grouped with.
        grouping_columns: json,
        /// Whether it tells invoices apart.
        is_invoice_key: flag,
    }

    /// A filter by value.
    ColumnFilter {
        /// The column's id in this report.
        id: id,
        /// Which column it is.
        column_template_id: text,
        /// Its heading.
        display_name: text,
        /// What can be chosen.
        all_values: json,
        /// What is chosen.
        selected_values: json,
        /// Chosen ranges.
        value_ranges: json,
    }

    /// A filter by text.
    SubstringFilter {
        /// Columns.
        ids: many(Id),
        /// The text.
        substring: text,
    }

    /// Which days.
    DateRangeOption {
        /// What can be chosen.
        available_range: json,
        /// What is chosen.
        selected_range: one(ReportDateRange),
        /// The day on which a month begins.
        billing_day: count,
    }

    /// Which currency.
    CurrencyOption {
        /// What can be chosen.
        available_currencies: many(String),
        /// What is chosen.
        #[serde(alias = "selected_currency")]
        selected_currency: text,
    }

    /// A rate between two currencies.
    ConversionRate {
        /// From.
        from_currency: text,
        /// To.
        to_currency: text,
        /// The rate.
        rate: num,
        /// Whether it is the usual one.
        is_default: flag,
    }
}

/// A range of days: relative to today, or from one day to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReportDateRange {
    /// Relative to today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_date_range: Option<RelativeDateRange>,
    /// From one day to another. Counts only where the relative range is unset or `CUSTOM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_date_range: Option<FixedDateRange>,
    /// What a relative range came to; in answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relative_actual_date_range: Option<FixedDateRange>,
}

impl ReportDateRange {
    /// Relative to today.
    #[must_use]
    pub fn relative(range: RelativeDateRange) -> Self {
        Self { relative_date_range: Some(range), ..Self::default() }
    }

    /// From one day to another, as the service writes days.
    #[must_use]
    pub fn fixed(start: impl Into<String>, end: impl Into<String>) -> Self {
        let range = FixedDateRange { start_date: Some(start.into()), end_date: Some(end.into()) };
        Self { fixed_date_range: Some(range), ..Self::default() }
    }
}

/// From one day to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct FixedDateRange {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
}

impl Report {
    /// What has to be sent to run this saved report over a range of days with all its columns.
    #[must_use]
    pub fn run_over(&self, range: ReportDateRange) -> Self {
        let specs = self.specs.clone().unwrap_or_default();
        Self {
            report_id: self.report_id.clone(),
            report_module: self.report_module.clone(),
            category: self.category.clone(),
            specs: Some(ReportSpecs {
                date_range_option: Some(DateRangeOption {
                    selected_range: Some(range),
                    ..DateRangeOption::default()
                }),
                selected_columns: specs.all_columns.iter().map(AggregatedColumn::from).collect(),
                ..ReportSpecs::default()
            }),
            ..Self::default()
        }
    }
}

impl From<&ReportColumn> for AggregatedColumn {
    fn from(column: &ReportColumn) -> Self {
        Self {
            id: column.id.clone(),
            column_template_id: column.column_template_id.clone(),
            display_name: column.display_name.clone(),
            groupable: column.groupable,
            dynamic_unique_key: column.dynamic_unique_key.clone(),
            params: column.params.clone(),
            ..Self::default()
        }
    }
}
