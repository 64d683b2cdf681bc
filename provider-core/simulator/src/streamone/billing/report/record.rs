//! Saved reports: the record, its columns and the store.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::streamone::engine::query::parse_moment;
use crate::streamone::engine::ranges::{RELATIVE, Range, resolve};
use crate::streamone::engine::settings::{CURRENCY, INTEGRATION_USER};
use crate::streamone::engine::shape::{Kind, Member, optional, read_text, required};
use crate::streamone::engine::wire::{merge, timestamp};

/// What a column shows of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    CustomerName,
    CustomerId,
    Subscription,
    Seats,
    CustomerCost,
    PartnerCost,
    MarginRate,
    StartDate,
    AutoRenew,
    Link,
}

/// Every kind of column, in the order of `allColumns`.
pub(crate) const COLUMN_KINDS: [ColumnKind; 10] = [
    ColumnKind::CustomerName,
    ColumnKind::CustomerCost,
    ColumnKind::PartnerCost,
    ColumnKind::Subscription,
    ColumnKind::Seats,
    ColumnKind::StartDate,
    ColumnKind::AutoRenew,
    ColumnKind::CustomerId,
    ColumnKind::MarginRate,
    ColumnKind::Link,
];

impl ColumnKind {
    /// Template name, display name, value type.
    fn describe(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::CustomerName => ("unique_name", "Customer Name", "STRING"),
            Self::CustomerId => ("customer_id", "Customer Id", "ID"),
            Self::Subscription => ("subscription_name", "Subscription", "STRING"),
            Self::Seats => ("quantity", "Quantity", "INT"),
            Self::CustomerCost => ("customer_cost", "Customer Cost", "MONEY"),
            Self::PartnerCost => ("partner_cost", "Partner Cost", "MONEY"),
            Self::MarginRate => ("margin_rate", "Margin Rate", "FLOAT"),
            Self::StartDate => ("start_date", "Start Date", "DATE"),
            Self::AutoRenew => ("auto_renew", "Auto Renew", "BOOL"),
            Self::Link => ("details", "Details", "INTERNAL_LINK"),
        }
    }

    pub(crate) fn display_name(self) -> &'static str {
        self.describe().1
    }

    pub(crate) fn value_type(self) -> &'static str {
        self.describe().2
    }
}

/// A column of one report; its id means nothing in another report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) id: u64,
    pub(crate) kind: ColumnKind,
}

impl Column {
    fn json(self, template: &str) -> Value {
        let (name, display_name, _) = self.kind.describe();
        json!({
            "id": self.id.to_string(),
            "columnTemplateId": format!("{template}.{name}"),
            "displayName": display_name,
            "groupable": matches!(self.kind, ColumnKind::CustomerName | ColumnKind::Subscription),
        })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) id: u64,
    pub(crate) template: String,
    pub(crate) module: String,
    pub(crate) category: String,
    pub(crate) display_name: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) accessed: Option<DateTime<Utc>>,
    pub(crate) columns: Vec<Column>,
    pub(crate) selected: Vec<u64>,
    /// A relative date range.
    pub(crate) range: String,
    pub(crate) rows_limit: u64,
}

pub(crate) const MODULES: &[&str] = &[
    "REPORTS_MODULE_UNSPECIFIED",
    "REPORTS_REPORTS_MODULE",
    "DASHBOARDS_REPORTS_MODULE",
    "BUDGET_MANAGEMENT_REPORTS_MODULE",
    "INVOICE_REPORTS_MODULE",
    "V1_BILLING_REPORTS_MODULE",
    "CACHING_REPORTS_MODULE",
];
pub(crate) const CATEGORIES: &[&str] =
    &["REPORT_CATEGORY_UNSPECIFIED", "BILLING_REPORTS", "CUSTOMER_REPORTS", "PARTNER_REPORTS"];

const COLUMN: &[Member] = &[
    required("id", Kind::Id),
    optional("columnTemplateId", Kind::Text),
    optional("displayName", Kind::Text),
    optional("groupable", Kind::Flag),
    optional("dynamicUniqueKey", Kind::Text),
    optional("params", Kind::Any),
    optional("groupingLevel", Kind::Any),
    optional("valueType", Kind::Text),
    optional("columnHeading", Kind::Text),
    optional("aggType", Kind::Text),
    optional("groupingColumns", Kind::Any),
    optional("isInvoiceKey", Kind::Flag),
];
const FILTER: &[Member] = &[
    required("id", Kind::Id),
    optional("columnTemplateId", Kind::Text),
    optional("displayName", Kind::Text),
    optional("allValues", Kind::Any),
    optional("selectedValues", Kind::Texts),
    optional("valueRanges", Kind::Any),
];
const SUBSTRING: &[Member] = &[required("ids", Kind::Ids), required("substring", Kind::Text)];
const FIXED: &[Member] = &[optional("startDate", Kind::Moment), optional("endDate", Kind::Moment)];
const RANGE: &[Member] = &[
    optional("relativeDateRange", Kind::Choice(RELATIVE)),
    optional("fixedDateRange", Kind::Object(FIXED)),
    optional("relativeActualDateRange", Kind::Object(FIXED)),
];
const DATES: &[Member] = &[
    optional("availableRange", Kind::Object(RANGE)),
    optional("selectedRange", Kind::Object(RANGE)),
    optional("billingDay", Kind::Any),
];
const CURRENCY_OPTION: &[Member] = &[
    optional("availableCurrencies", Kind::Texts),
    optional("selectedCurrency", Kind::Text),
    optional("selected_currency", Kind::Text),
];
const RATE: &[Member] = &[
    required("fromCurrency", Kind::Text),
    required("toCurrency", Kind::Text),
    required("rate", Kind::Number),
    optional("isDefault", Kind::Flag),
];
const SPECS: &[Member] = &[
    optional("allColumns", Kind::Objects(COLUMN)),
    optional("selectedColumns", Kind::Objects(COLUMN)),
    optional("columnFilters", Kind::Objects(FILTER)),
    optional("substringFilter", Kind::Object(SUBSTRING)),
    optional("dateRangeOption", Kind::Object(DATES)),
    optional("currencyOption", Kind::Object(CURRENCY_OPTION)),
    optional("conversionRates", Kind::Objects(RATE)),
    optional("rowsLimit", Kind::Id),
    optional("tagKeys", Kind::Texts),
    optional("customerFieldKeys", Kind::Texts),
    optional("cloudAccountFieldKeys", Kind::Texts),
];

/// The body that every report call takes: a report, all of it optional.
pub(crate) const REPORT: &[Member] = &[
    optional("reportId", Kind::Id),
    optional("reportTemplateId", Kind::Text),
    optional("reportModule", Kind::Choice(MODULES)),
    optional("displayName", Kind::Text),
    optional("category", Kind::Choice(CATEGORIES)),
    optional("createdBy", Kind::Text),
    optional("lastUpdatedBy", Kind::Text),
    optional("createTime", Kind::Moment),
    optional("accessTime", Kind::Moment),
    optional("providerIds", Kind::Ids),
    optional("options", Kind::Any),
    optional("specs", Kind::Object(SPECS)),
];

/// The range that a `dateRangeOption.selectedRange` means.
pub(crate) fn read_range(range: &Value, now: DateTime<Utc>) -> Option<Range> {
    let fixed = range.get("fixedDateRange").unwrap_or(&Value::Null);
    let moment = |name: &str| read_text(fixed, name).and_then(parse_moment);
    let relative = read_text(range, "relativeDateRange");
    resolve(relative, moment("startDate"), moment("endDate"), now).ok().flatten()
}

impl Report {
    /// The entry of the list: everything but the specs.
    pub(crate) fn listed(&self) -> Value {
        json!({
            "reportId": self.id.to_string(),
            "displayName": self.display_name,
            "category": self.category,
            "createdBy": INTEGRATION_USER.name,
            "lastUpdatedBy": INTEGRATION_USER.name,
            "createTime": timestamp(self.created),
            "accessTime": self.accessed.map(timestamp),
            "reportTemplateId": self.template,
            "reportModule": self.module,
            "providerIds": ["30"],
        })
    }

    /// The whole record.
    pub(crate) fn full(&self, now: DateTime<Utc>) -> Value {
        let all: Vec<Value> = self.columns.iter().map(|column| column.json(&self.template)).collect();
        let selected: Vec<Value> = self.selected_columns().map(|column| self.selected_json(column)).collect();
        let mut range = json!({"relativeDateRange": self.range});
        if let Some(actual) = read_range(&range, now) {
            let actual = json!({
                "startDate": timestamp(actual.start),
                "endDate": timestamp(actual.end),
            });
            merge(&mut range, json!({"relativeActualDateRange": actual}));
        }
        let mut value = self.listed();
        merge(
            &mut value,
            json!({"specs": {
                "allColumns": all,
                "selectedColumns": selected,
                "dateRangeOption": {"selectedRange": range},
                "currencyOption": {
                    "availableCurrencies": [CURRENCY],
                    "selectedCurrency": CURRENCY,
                },
                "conversionRates": [
                    {"fromCurrency": CURRENCY, "toCurrency": "EUR", "rate": 0.92, "isDefault": true},
                ],
                "rowsLimit": self.rows_limit.to_string(),
            }}),
        );
        value
    }

    pub(crate) fn selected_columns(&self) -> impl Iterator<Item = Column> {
        self.selected.iter().filter_map(|id| self.column(*id))
    }

    pub(crate) fn column(&self, id: u64) -> Option<Column> {
        self.columns.iter().find(|column| column.id == id).copied()
    }

    fn selected_json(&self, column: Column) -> Value {
        let mut value = column.json(&self.template);
        let heading = json!({
            "valueType": column.kind.value_type(),
            "columnHeading": column.kind.display_name(),
        });
        merge(&mut value, heading);
        value
    }
}

/// All saved reports, by id.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    pub(crate) by_id: BTreeMap<u64, Report>,
}
