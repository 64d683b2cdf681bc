//! Everything the Crayon side knows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, Utc};

use super::access::directory::Directory;
use super::access::login::Credentials;
use super::access::record::{Activity, Organization};
use super::billing::record::{Billing, Export};
use super::catalog::price_list::Catalog;
use super::catalog::record::{Agreement, ProductCache};
use super::customer::record::{Accounts, Tenant};
use super::engine::failure::ErrorAnswer;
use super::engine::json::Json;
use super::engine::settings::Settings;
use super::engine::table::Table;
use super::purchase::record::{Assets, Containers, Orders};
use super::subscription::record::{Azure, Subscriptions};
use crate::engine::prng::Prng;
use crate::engine::tokens::AccessTokens;

/// A call as the handlers of this side see it.
pub(crate) type Call<'a> = crate::crayon::engine::call::Call<'a, State>;

/// A row in the tables of calls.
pub(crate) type Route = crate::crayon::engine::route::Route<State>;

/// State of the Crayon Cloud-iQ side.
pub struct Crayon {
    pub(crate) credentials: Credentials,
    pub(crate) tokens: AccessTokens,
    pub(crate) settings: Mutex<Settings>,
    pub(crate) state: Mutex<State>,
    pub(crate) seed: u64,
    pub(crate) customers: usize,
}

impl fmt::Debug for Crayon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crayon")
            .field("seed", &self.seed)
            .field("customers", &self.customers)
            .finish_non_exhaustive()
    }
}

/// The state behind the lock.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) seed: u64,
    pub(crate) started: DateTime<Utc>,
    pub(crate) months: u32,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) agreements: Vec<Agreement>,
    pub(crate) catalog: Catalog,
    pub(crate) products: ProductCache,
    pub(crate) tenants: BTreeMap<i64, Tenant>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) orders: Orders,
    pub(crate) billing: Billing,
    pub(crate) directory: Directory,
    pub(crate) azure: Azure,
    pub(crate) assets: Assets,
    pub(crate) purchase_requests: Vec<Json>,
    pub(crate) groupings: Table,
    pub(crate) exports: Vec<Export>,
    /// Transitions with the subscription they started from.
    pub(crate) transitions: Vec<(i64, Json)>,
    pub(crate) sales_prices: Vec<Json>,
    /// Id and type of the objects whose prices are switched off.
    pub(crate) prices_off: Vec<(Option<i64>, Option<i64>)>,
    pub(crate) activity: Vec<Activity>,
    pub(crate) accounts: Accounts,
    pub(crate) containers: Containers,
    /// The simulated day that terms were last looked at.
    pub(crate) renewed_on: Option<NaiveDate>,
}

impl State {
    /// A generator for one named thing, the same for the same seed.
    pub(crate) fn prng(&self, name: &str, id: i64) -> Prng {
        Prng::keyed(self.seed, name, id.unsigned_abs())
    }

    pub(crate) fn organization(&self, id: i64) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.id == id)
    }

    /// True if the API user may see the organization.
    pub(crate) fn has_access(&self, organization: i64) -> bool {
        self.organization(organization).is_some()
    }
}

impl Call<'_> {
    /// The organization, if the user may see it.
    pub(crate) fn accessible(&self, organization: i64) -> Result<i64, ErrorAnswer> {
        if self.state.has_access(organization) {
            Ok(organization)
        } else {
            Err(ErrorAnswer::forbidden(organization))
        }
    }

    /// The organization named by the `OrganizationId` parameter, checked; `None` without one.
    pub(crate) fn organization_filter(&self) -> Result<Option<i64>, ErrorAnswer> {
        self.query.filter("OrganizationId").map(|id| self.accessible(id)).transpose()
    }
}
