//! What is kept about agreements, and about searches of products.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::offerings::{LEGACY_SEATS, LICENSES, NCE_SEATS, USAGE};
use super::price_list::Currency;
use crate::crayon::access::record::Organization;
use crate::crayon::engine::dates;
use crate::crayon::engine::json::{Json, reference};

/// One agreement.
#[derive(Debug)]
pub(crate) struct Agreement {
    pub(crate) id: i64,
    pub(crate) organization: i64,
    pub(crate) kind: i64,
    pub(crate) name: &'static str,
    pub(crate) price_list: i64,
    pub(crate) currency: Currency,
    pub(crate) starts: DateTime<Utc>,
    pub(crate) ends: DateTime<Utc>,
    pub(crate) disabled: bool,
}

impl Agreement {
    /// The vendor SDK's rule.
    pub(crate) fn is_active(&self, at: DateTime<Utc>) -> bool {
        !self.disabled && self.starts <= at && at < self.ends
    }

    pub(crate) fn has_terms(&self) -> bool {
        self.kind == NCE_SEATS
    }

    pub(crate) fn reference(&self) -> Json {
        reference(self.id, self.name)
    }

    pub(crate) fn price_list_name(&self) -> String {
        format!("{} {}", self.name.trim_start_matches("Microsoft "), self.currency.code())
    }
}

/// Four active agreements and two that are over for each organization.
pub(crate) fn seeded(organizations: &[Organization], started: DateTime<Utc>) -> Vec<Agreement> {
    let day = dates::day_start(started);
    let old = dates::add_months(dates::month_start(day), -48);
    let past = day - TimeDelta::days(200);
    let mut agreements = Vec::new();
    for (place, organization) in (0..).zip(organizations) {
        let rows = [
            (1, LICENSES, "Microsoft CSP Software", old, dates::never(), false),
            (5, NCE_SEATS, "Microsoft CSP NCE (previous)", old, past, false),
            (6, LEGACY_SEATS, "Microsoft CSP Seats", old, dates::never(), false),
            (7, USAGE, "Microsoft CSP Usage", old, dates::never(), false),
            (8, LEGACY_SEATS, "Microsoft CSP Seats (closed)", old, dates::never(), true),
            (13, NCE_SEATS, "Microsoft CSP NCE", old, dates::never(), false),
        ];
        agreements.extend(rows.into_iter().map(|(number, kind, name, starts, ends, disabled)| Agreement {
            id: 90_000 + place * 100 + number,
            organization: organization.id,
            kind,
            name,
            price_list: 500 + place * 20 + number,
            currency: organization.currency,
            starts,
            ends,
            disabled,
        }));
    }
    agreements
}

/// The rows of the last few filters: a client reads many pages of one filter.
#[derive(Debug, Default)]
pub(crate) struct ProductCache {
    pub(crate) entries: Vec<(String, Arc<Matches>)>,
}

/// What a filter matches.
#[derive(Debug)]
pub(crate) struct Matches {
    /// Places of the agreement and of the variant.
    pub(crate) rows: Vec<(usize, usize)>,
    pub(crate) facets: Json,
}
