//! Everything the distributor knows, and the settings of the simulation.

use chrono::TimeDelta;

use super::access::tokens::Tokens;
use super::billing::record::Invoices;
use super::billing::report::record::Reports;
use super::catalog::record::Catalog;
use super::customer::cloud::CloudAccounts;
use super::customer::record::{Customer, Customers, customer_name};
use super::engine::call::Call;
use super::engine::presentation::Presentation;
use super::engine::problem::Problem;
use super::purchase::cart::record::Carts;
use super::purchase::record::{Order, Orders};
use super::subscription::record::Subscriptions;

/// The person whose credentials are in use; orders and logs name them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
}

pub(crate) const INTEGRATION_USER: User =
    User { id: 77_000, name: "Integration User", email: "api@msp.example.com" };

/// The reseller's own company name.
pub(crate) const PARTNER: &str = "Example MSP";
/// The currency of every price in the simulated account.
pub(crate) const CURRENCY: &str = "USD";

/// How the simulation behaves where the reference leaves room.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) order_confirmed_after: TimeDelta,
    pub(crate) order_started_after: TimeDelta,
    pub(crate) order_finished_after: TimeDelta,
    /// How long a finished change stays invisible in lists, unless `refresh=true` fetches it.
    pub(crate) provider_lag: TimeDelta,
    /// Largest page of lists paged by token.
    pub(crate) largest_page: usize,
    /// Largest page of lists paged by offset.
    pub(crate) largest_offset_page: usize,
    /// Whether lists without a sort order start elsewhere on every call.
    pub(crate) unstable_order: bool,
    pub(crate) presentation: Presentation,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            order_confirmed_after: TimeDelta::seconds(1),
            order_started_after: TimeDelta::seconds(2),
            order_finished_after: TimeDelta::seconds(4),
            provider_lag: TimeDelta::zero(),
            largest_page: 1_000,
            largest_offset_page: 5_000,
            unstable_order: false,
            presentation: Presentation::default(),
        }
    }
}

/// The whole state of the distributor.
pub(crate) struct State {
    pub(crate) seed: u64,
    pub(crate) account: u64,
    pub(crate) api_key: String,
    pub(crate) api_secret: String,
    pub(crate) settings: Settings,
    pub(crate) tokens: Tokens,
    pub(crate) customers: Customers,
    pub(crate) catalog: Catalog,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) orders: Orders,
    pub(crate) carts: Carts,
    pub(crate) reports: Reports,
    pub(crate) invoices: Invoices,
    pub(crate) cloud_accounts: CloudAccounts,
    /// Paths (v3, without base) that the user's role may not call.
    pub(crate) denied: Vec<String>,
    /// Requests served so far.
    pub(crate) calls: u64,
    /// Error answers so far; their request ids are made of it.
    pub(crate) errors: u64,
    pub(crate) next_id: u64,
}

impl State {
    /// An id that nothing else has.
    pub(crate) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// The id that errors name for support.
    pub(crate) fn request_id(&mut self) -> String {
        self.errors += 1;
        let digest =
            crate::streamone::access::tokens::sha256_hex(&format!("{}/request/{}", self.seed, self.errors));
        digest.chars().take(20).collect()
    }

    /// The customer that a path names.
    pub(crate) fn customer(&self, id: &str) -> Result<&Customer, Problem> {
        let found = id.parse().ok().and_then(|id| self.customers.get(id));
        found.ok_or_else(|| Problem::not_found(&format!("accounts/{}/customers/{id}", self.account)))
    }

    /// The order that a path names; customer `-` means any customer of the account.
    pub(crate) fn order(&self, customer: &str, id: &str) -> Result<&Order, Problem> {
        let found = id.parse().ok().and_then(|id| self.orders.get(id));
        found.filter(|order| customer == "-" || order.customer.to_string() == customer).ok_or_else(|| {
            let account = self.account;
            Problem::not_found(&format!("accounts/{account}/customers/{customer}/orders/{id}"))
        })
    }

    /// Refuses an account that is not the token's own.
    pub(crate) fn check_account(&self, account: &str) -> Result<(), Problem> {
        if account.parse() == Ok(self.account) {
            return Ok(());
        }
        Err(Problem::permission_denied(format!("permission denied for resource 'accounts/{account}'")))
    }

    /// Refuses what the user's role may not do.
    pub(crate) fn check_role(&self, call: &Call) -> Result<(), Problem> {
        let path = call.shown_path();
        let denied = self.denied.iter().any(|pattern| crate::engine::requests::path_fits(pattern, &path));
        if denied {
            return Err(Problem::permission_denied(format!(
                "user role has no access to resource '{}'",
                path.trim_start_matches('/')
            )));
        }
        Ok(())
    }

    /// The resource name of a customer of this account.
    pub(crate) fn customer_name(&self, customer: u64) -> String {
        customer_name(self.account, customer)
    }
}
