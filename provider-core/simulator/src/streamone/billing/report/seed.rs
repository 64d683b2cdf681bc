//! The reports that were saved in the portal.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{COLUMN_KINDS, Column, Report, Reports};

/// Template, module, category, display name, relative range.
const SAVED: [(&str, &str, &str, &str, &str); 4] = [
    ("azure_plan_billing", "REPORTS_REPORTS_MODULE", "BILLING_REPORTS", "CSP monthly", "LAST_MONTH"),
    (
        "customer_overview",
        "REPORTS_REPORTS_MODULE",
        "CUSTOMER_REPORTS",
        "Customers with seats",
        "MONTH_TO_DATE",
    ),
    ("partner_margin", "DASHBOARDS_REPORTS_MODULE", "PARTNER_REPORTS", "Margin by customer", "YEAR_TO_DATE"),
    ("invoice_lines", "INVOICE_REPORTS_MODULE", "BILLING_REPORTS", "Invoice lines", "LAST_QUARTER"),
];

impl Reports {
    pub(crate) fn seeded(now: DateTime<Utc>) -> Self {
        let mut by_id = BTreeMap::new();
        for (index, (template, module, category, name, range)) in (0_u64..).zip(SAVED) {
            let first = 810_001 + index * 100;
            let columns: Vec<Column> =
                (first..).zip(COLUMN_KINDS).map(|(id, kind)| Column { id, kind }).collect();
            let report = Report {
                id: 70_011 + index,
                template: template.to_owned(),
                module: module.to_owned(),
                category: category.to_owned(),
                display_name: name.to_owned(),
                created: now - TimeDelta::days(90),
                accessed: None,
                // The first report is saved with two columns, the others with all.
                selected: columns
                    .iter()
                    .take(if index == 0 { 2 } else { columns.len() })
                    .map(|column| column.id)
                    .collect(),
                columns,
                range: range.to_owned(),
                rows_limit: 0,
            };
            by_id.insert(report.id, report);
        }
        Self { by_id }
    }
}
