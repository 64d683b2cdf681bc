//! Saved reports and how they are run.

mod data;

use provider_core::{open_enum, records};

use super::{Id, Json};

pub use data::{CsvChunk, CsvReport, ReportData, ReportLink, ReportRow, ReportRows, ReportValue, ValueType};

open_enum! {
    /// The part of the portal a report belongs to.
    pub enum ReportModule {
        Unspecified = "REPORTS_MODULE_UNSPECIFIED",
        Reports = "REPORTS_REPORTS_MODULE",
        Dashboards = "DASHBOARDS_REPORTS_MODULE",
        BudgetManagement = "BUDGET_MANAGEMENT_REPORTS_MODULE",
        Invoices = "INVOICE_REPORTS_MODULE",
        V1Billing = "V1_BILLING_REPORTS_MODULE",
        Caching = "CACHING_REPORTS_MODULE",
    }

    /// What a report is about.
    pub enum ReportCategory {
        Unspecified = "REPORT_CATEGORY_UNSPECIFIED",
        Billing = "BILLING_REPORTS",
        Customer = "CUSTOMER_REPORTS",
        Partner = "PARTNER_REPORTS",
    }

    /// A range of days relative to today.
    pub enum RelativeDateRange {
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

records! {
    #![setters]
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A saved report. Reports are made in the portal first; the API runs them.
    pub struct Report {
        /// Its id.
        pub report_id: Option<Id>,
        /// What it was made from, such as `azure_plan_billing`.
        pub report_template_id: Option<String>,
        /// The part of the portal it belongs to.
        pub report_module: Option<ReportModule>,
        /// Its name.
        pub display_name: Option<String>,
        /// What it is about.
        pub category: Option<ReportCategory>,
        /// Who made it.
        pub created_by: Option<String>,
        /// Who changed it last.
        pub last_updated_by: Option<String>,
        /// When it was made.
        pub create_time: Option<DateTime>,
        /// When it was last looked at.
        pub access_time: Option<DateTime>,
        /// Cloud providers.
        pub provider_ids: Vec<Id>,
        /// Options.
        pub options: Vec<ReportOption>,
        /// Columns, filters and dates; of single reads.
        pub specs: Option<ReportSpecs>,
    }

    /// An option of a report.
    pub struct ReportOption {
        /// Its name.
        pub name: Option<String>,
        /// Its value.
        pub value: Option<Json>,
    }

    /// Columns, filters and dates of a report.
    pub struct ReportSpecs {
        /// All columns. Their ids belong to this one report.
        pub all_columns: Vec<ReportColumn>,
        /// The columns that are shown.
        pub selected_columns: Vec<AggregatedColumn>,
        /// Filters by value.
        pub column_filters: Vec<ColumnFilter>,
        /// A filter by text.
        pub substring_filter: Option<SubstringFilter>,
        /// Which days.
        pub date_range_option: Option<DateRangeOption>,
        /// Which currency.
        pub currency_option: Option<CurrencyOption>,
        /// Rates between currencies.
        pub conversion_rates: Vec<ConversionRate>,
        /// How many rows at most; 0 for all.
        pub rows_limit: Option<i64>,
        /// Tags.
        pub tag_keys: Option<Json>,
        /// Customer fields.
        pub customer_field_keys: Option<Json>,
        /// Cloud account fields.
        pub cloud_account_field_keys: Option<Json>,
    }

    /// A column.
    pub struct ReportColumn {
        /// Its id in this report.
        pub id: Option<Id>,
        /// Which column it is.
        pub column_template_id: Option<String>,
        /// Its heading.
        pub display_name: Option<String>,
        /// Whether rows can be grouped by it.
        pub groupable: Option<bool>,
        /// What it is made of.
        pub dynamic_unique_key: Option<String>,
        /// Parameters.
        pub params: Option<Json>,
    }

    /// A column that is shown.
    pub struct AggregatedColumn {
        /// Its id in this report.
        pub id: Option<Id>,
        /// Which column it is.
        pub column_template_id: Option<String>,
        /// Its heading.
        pub display_name: Option<String>,
        /// Whether rows can be grouped by it.
        pub groupable: Option<bool>,
        /// What it is made of.
        pub dynamic_unique_key: Option<String>,
        /// Parameters.
        pub params: Option<Json>,
        /// The level of grouping.
        pub grouping_level: Option<i64>,
        /// The type of its values.
        pub value_type: Option<String>,
        /// The heading to show.
        pub column_heading: Option<String>,
        /// How values are put together.
        pub agg_type: Option<String>,
        /// Columns it is grouped with.
        pub grouping_columns: Option<Json>,
        /// Whether it tells invoices apart.
        pub is_invoice_key: Option<bool>,
    }

    /// A filter by value.
    pub struct ColumnFilter {
        /// The column's id in this report.
        pub id: Option<Id>,
        /// Which column it is.
        pub column_template_id: Option<String>,
        /// Its heading.
        pub display_name: Option<String>,
        /// What can be chosen.
        pub all_values: Option<Json>,
        /// What is chosen.
        pub selected_values: Option<Json>,
        /// Chosen ranges.
        pub value_ranges: Option<Json>,
    }

    /// A filter by text.
    pub struct SubstringFilter {
        /// Columns.
        pub ids: Vec<Id>,
        /// The text.
        pub substring: Option<String>,
    }

    /// Which days.
    pub struct DateRangeOption {
        /// What can be chosen.
        pub available_range: Option<Json>,
        /// What is chosen.
        pub selected_range: Option<ReportDateRange>,
        /// The day on which a month begins.
        pub billing_day: Option<i64>,
    }

    /// Which currency.
    pub struct CurrencyOption {
        /// What can be chosen.
        pub available_currencies: Vec<String>,
        /// What is chosen.
        #[serde(alias = "selected_currency")]
        pub selected_currency: Option<String>,
    }

    /// A rate between two currencies.
    pub struct ConversionRate {
        /// From.
        pub from_currency: Option<String>,
        /// To.
        pub to_currency: Option<String>,
        /// The rate.
        pub rate: Option<Decimal>,
        /// Whether it is the usual one.
        pub is_default: Option<bool>,
    }

    /// A range of days: relative to today, or from one day to another.
    #[derive(PartialEq, Eq)]
    pub struct ReportDateRange {
        /// Relative to today.
        pub relative_date_range: Option<RelativeDateRange>,
        /// From one day to another. Counts only where the relative range is unset or `CUSTOM`.
        pub fixed_date_range: Option<FixedDateRange>,
        /// What a relative range came to; in answers.
        pub relative_actual_date_range: Option<FixedDateRange>,
    }

    /// From one day to another.
    #[derive(PartialEq, Eq)]
    pub struct FixedDateRange {
        /// The first day.
        pub start_date: Option<String>,
        /// The last day.
        pub end_date: Option<String>,
    }
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
