//! Everything the distributor knows, and the settings of the simulation.

use chrono::TimeDelta;

use super::call::Call;
use super::cart::Carts;
use super::catalog::Catalog;
use super::cloud_account::CloudAccounts;
use super::customer::{Customer, Customers, customer_name};
use super::invoice::Invoices;
use super::order::{Order, Orders};
use super::presentation::Presentation;
use super::problem::Problem;
use super::report::Reports;
use super::subscription::Subscriptions;
use super::tokens::Tokens;

/// The person whose credentials are in use; orders and logs name them.
#[derive(Clone, Copy, Debug)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) email: &'static str,
}

pub(super) const INTEGRATION_USER: User =
    User { id: 77_000, name: "Integration User", email: "api@msp.example.com" };

/// The reseller's own company name.
pub(super) const PARTNER: &str = "Example MSP";
/// The currency of every price in the simulated account.
pub(super) const CURRENCY: &str = "USD";

/// How the simulation behaves where the reference leaves room.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) order_confirmed_after: TimeDelta,
    pub(super) order_started_after: TimeDelta,
    pub(super) order_finished_after: TimeDelta,
    /// How long a finished change stays invisible in lists, unless `refresh=true` fetches it.
    pub(super) provider_lag: TimeDelta,
    /// Largest page of lists paged by token.
    pub(super) largest_page: usize,
    /// Largest page of lists paged by offset.
    pub(super) largest_offset_page: usize,
    /// Whether lists without a sort order start elsewhere on every call.
    pub(super) unstable_order: bool,
    pub(super) presentation: Presentation,
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
pub(super) struct State {
    pub(super) seed: u64,
    pub(super) account: u64,
    pub(super) api_key: String,
    pub(super) api_secret: String,
    pub(super) settings: Settings,
    pub(super) tokens: Tokens,
    pub(super) customers: Customers,
    pub(super) catalog: Catalog,
    pub(super) subscriptions: Subscriptions,
    pub(super) orders: Orders,
    pub(super) carts: Carts,
    pub(super) reports: Reports,
    pub(super) invoices: Invoices,
    pub(super) cloud_accounts: CloudAccounts,
    /// Paths (v3, without base) that the user's role may not call.
    pub(super) denied: Vec<String>,
    /// Requests served so far.
    pub(super) calls: u64,
    /// Error answers so far; their request ids are made of it.
    pub(super) errors: u64,
    pub(super) next_id: u64,
}

impl State {
    /// An id that nothing else has.
    pub(super) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// The id that errors name for support.
    pub(super) fn request_id(&mut self) -> String {
        self.errors += 1;
        let digest = super::tokens::sha256_hex(&format!("{}/request/{}", self.seed, self.errors));
        digest.chars().take(20).collect()
    }

    /// The customer that a path names.
    pub(super) fn customer(&self, id: &str) -> Result<&Customer, Problem> {
        let found = id.parse().ok().and_then(|id| self.customers.get(id));
        found.ok_or_else(|| Problem::not_found(&format!("accounts/{}/customers/{id}", self.account)))
    }

    /// The order that a path names; customer `-` means any customer of the account.
    pub(super) fn order(&self, customer: &str, id: &str) -> Result<&Order, Problem> {
        let found = id.parse().ok().and_then(|id| self.orders.get(id));
        found.filter(|order| customer == "-" || order.customer.to_string() == customer).ok_or_else(|| {
            let account = self.account;
            Problem::not_found(&format!("accounts/{account}/customers/{customer}/orders/{id}"))
        })
    }

    /// Refuses an account that is not the token's own.
    pub(super) fn check_account(&self, account: &str) -> Result<(), Problem> {
        if account.parse() == Ok(self.account) {
            return Ok(());
        }
        Err(Problem::permission_denied(format!("permission denied for resource 'accounts/{account}'")))
    }

    /// Refuses what the user's role may not do.
    pub(super) fn check_role(&self, call: &Call) -> Result<(), Problem> {
        let path = call.shown_path();
        let denied = self.denied.iter().any(|pattern| crate::requests::path_fits(pattern, &path));
        if denied {
            return Err(Problem::permission_denied(format!(
                "user role has no access to resource '{}'",
                path.trim_start_matches('/')
            )));
        }
        Ok(())
    }

    /// The resource name of a customer of this account.
    pub(super) fn customer_name(&self, customer: u64) -> String {
        customer_name(self.account, customer)
    }
}
