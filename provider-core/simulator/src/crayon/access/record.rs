//! What is kept about organizations and about changes.

use chrono::{DateTime, Utc};

use crate::crayon::catalog::price_list::Currency;
use crate::crayon::engine::json::{Json, object, reference};

/// An organization that is a partner of Crayon.
#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    /// 0 for a top-level one.
    pub(crate) parent: i64,
    pub(crate) account: Option<&'static str>,
    pub(crate) currency: Currency,
}

/// An organization that exists, without access for the API user.
pub(crate) const FOREIGN_ORGANIZATION: i64 = 4_199_999;

pub(crate) const ORGANIZATIONS: [Organization; 2] = [
    Organization {
        id: 4_100_001,
        name: "Example Partner AS",
        parent: 0,
        account: Some("C-100200"),
        currency: Currency::Eur,
    },
    Organization {
        id: 4_100_002,
        name: "Example Partner Sub AS",
        parent: 4_100_001,
        account: None,
        currency: Currency::Nok,
    },
];

impl Organization {
    pub(crate) fn reference(&self) -> Json {
        reference(self.id, self.name)
    }

    pub(crate) fn json(&self) -> Json {
        object! {
            "Id": self.id,
            "Name": self.name,
            "ParentId": self.parent,
            "CrayonCompanyName": "Crayon Example AS",
            "AccountNumber": self.account,
        }
    }
}

/// `ChangeTypeEnum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeType {
    Insert = 2,
    Update = 3,
}

/// One change.
#[derive(Debug)]
pub(crate) struct Activity {
    pub(crate) entity: &'static str,
    pub(crate) id: i64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) column: &'static str,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) change: ChangeType,
}
