//! What is kept about orders, assets and product containers.

use chrono::{DateTime, Utc};

use super::body::{PRODUCT_CONTAINER, PRODUCT_ROW};
use crate::crayon::access::record::Organization;
use crate::crayon::catalog::offerings::CSP;
use crate::crayon::catalog::publishers;
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::table::Table;

/// The orders that were accepted.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    pub(crate) rows: Vec<Order>,
    /// Purchases that made their subscription at once.
    direct: u64,
}

/// One accepted order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    /// What orders of one cart share, and the place in it.
    pub(crate) reference: String,
    pub(crate) number: i64,
    /// Who hears about a scheduled purchase.
    pub(crate) email: Option<String>,
    pub(crate) tenant: i64,
    pub(crate) variant: usize,
    /// `BillingCycleEnum`.
    pub(crate) cycle: i64,
    pub(crate) quantity: i64,
    pub(crate) custom_end: Option<DateTime<Utc>>,
    pub(crate) scheduled: Option<DateTime<Utc>>,
    pub(crate) due: DateTime<Utc>,
    pub(crate) subscription: Option<i64>,
    pub(crate) cancelled: bool,
}

impl Orders {
    /// Counts a purchase that is no order.
    pub(crate) fn placed_directly(&mut self) {
        self.direct += 1;
    }

    /// Everything bought through any call: what "never twice" is checked against.
    pub(crate) fn count(&self) -> u64 {
        u64::try_from(self.rows.len()).unwrap_or(u64::MAX).saturating_add(self.direct)
    }

    pub(crate) fn rows(&self) -> &[Order] {
        &self.rows
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [Order] {
        &mut self.rows
    }

    pub(crate) fn add(&mut self, order: Order) {
        self.rows.push(order);
    }
}

pub(crate) const FULFILLING: i64 = 1;
pub(crate) const SUCCEEDED: i64 = 2;

/// The assets, some of which are still being provided.
#[derive(Debug)]
pub(crate) struct Assets {
    pub(crate) rows: Table,
    fulfilling: Vec<(DateTime<Utc>, i64)>,
}

impl Default for Assets {
    fn default() -> Self {
        Self { rows: Table::starting(20_001), fulfilling: Vec::new() }
    }
}

impl Assets {
    /// Adds an asset that is provided when it is due.
    pub(crate) fn add(&mut self, asset: Json, due: DateTime<Utc>) {
        let id = self.rows.add(asset);
        self.fulfilling.push((due, id));
    }

    /// Provides what is due.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        let rows = &mut self.rows;
        self.fulfilling.retain(|(due, id)| {
            if *due > now {
                return true;
            }
            if let Some(row) = rows.get_mut(*id) {
                row.set("Status", SUCCEEDED);
            }
            false
        });
    }
}

const DRAFT: i64 = 1;
pub(crate) const SEAT: i64 = 1;
pub(crate) const REPORT: i64 = 2;

/// The containers, and the state of each agreement's report.
#[derive(Debug)]
pub(crate) struct Containers {
    pub(crate) rows: Table,
    /// Container, agreement, `AgreementReportStatus`.
    pub(crate) reports: Vec<(i64, i64, i64)>,
}

impl Containers {
    /// A usage report with one row for each organization.
    pub(crate) fn seeded(organizations: &[Organization], started: DateTime<Utc>) -> Self {
        let mut containers = Self { rows: Table::starting(40_001), reports: Vec::new() };
        let month = dates::add_months(dates::month_start(started), -1);
        for (place, organization) in (0..).zip(organizations) {
            let id = containers.rows.add(container(organization.reference(), REPORT, month, started));
            let agreement = 90_001 + place * 100;
            containers.reports.push((id, agreement, 1));
            let row = PRODUCT_ROW.complete(&object! {
                "Id": 50_001 + place,
                "ProductContainerId": id,
                "Quantity": 3,
                "UsageCountryCode": "NO",
                "Agreement": object! { "Id": agreement, "Name": "Microsoft CSP Software" },
            });
            if let Some(stored) = containers.rows.get_mut(id) {
                stored.set("ProductRows", vec![row]);
            }
        }
        containers
    }
}

pub(crate) fn container(organization: Json, category: i64, month: DateTime<Utc>, now: DateTime<Utc>) -> Json {
    PRODUCT_CONTAINER.complete(&object! {
        "UsageMonth": dates::write(month, Form::Bare),
        "Name": if category == REPORT { "Usage report" } else { "Shopping cart" },
        "ActiveDraft": true,
        "CreatedDate": dates::write(now, Form::Ticks),
        "Organization": organization,
        "Program": publishers::program_json(CSP),
        "ProductRows": Json::List(Vec::new()),
        "Comments": Json::List(Vec::new()),
        "Type": DRAFT,
        "Category": category,
        "QuoteValidToDate": dates::write(dates::never(), Form::Bare),
        "TotalSalesPrice": Json::List(Vec::new()),
        "TotalAlternativeSalesPrice": Json::List(Vec::new()),
        "Issues": Json::List(Vec::new()),
    })
}
