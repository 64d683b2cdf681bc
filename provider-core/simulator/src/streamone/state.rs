//! Everything the distributor knows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use chrono::NaiveDate;

use super::access::tokens::Tokens;
use super::billing::edit::Reported;
use super::billing::record::Invoices;
use super::billing::report::record::{Report, Reports};
use super::catalog::record::{Catalog, Product};
use super::customer::cloud::CloudAccounts;
use super::customer::record::{Customer, Customers, customer_name};
use super::engine::call::Call;
use super::engine::problem::Problem;
use super::engine::settings::Settings;
use super::engine::wire::sha256_hex;
use super::purchase::cart::record::Carts;
use super::purchase::record::{Order, Orders};
use super::subscription::record::Subscriptions;
use crate::engine::requests::path_fits;

/// State of the StreamOne ION side.
pub struct StreamOne {
    pub(crate) account_id: String,
    pub(crate) api_key: String,
    pub(crate) api_secret: String,
    pub(crate) state: Mutex<State>,
}

impl fmt::Debug for StreamOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamOne").field("account_id", &self.account_id).finish_non_exhaustive()
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
    /// What the reports of months say of subscriptions, where a test has changed it.
    pub(crate) reported: BTreeMap<(NaiveDate, u64), Reported>,
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
        let digest = sha256_hex(&format!("{}/request/{}", self.seed, self.errors));
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

    /// The product that a path names.
    pub(crate) fn product(&self, id: &str) -> Result<&Product, Problem> {
        let name = format!("accounts/{}/products/{id}", self.account);
        self.catalog.get(id).ok_or_else(|| Problem::not_found(&name))
    }

    /// The report that a path names.
    pub(crate) fn report(&self, id: &str) -> Result<&Report, Problem> {
        let found = id.parse().ok().and_then(|id: u64| self.reports.by_id.get(&id));
        found.ok_or_else(|| Problem::not_found(&format!("accounts/{}/reports/{id}", self.account)))
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
        let denied = self.denied.iter().any(|pattern| path_fits(pattern, &path));
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
