//! The endpoints of Cloud-iQ: one handle for each resource, one method for each endpoint.

#[macro_use]
mod endpoint;
mod access;
mod account;
mod agreement_products;
mod agreements;
mod assets;
mod azure;
mod billing;
mod consumers;
mod containers;
mod customer_tenants;
mod invoices;
mod orders;
mod organizations;
mod reseller_prices;
mod subscriptions;
mod usage_cost;

pub use endpoint::{ENDPOINTS, Endpoint};

pub use access::OrganizationAccess;
pub use account::{Clients, Secrets, Session, Users};
pub use agreement_products::{AgreementProducts, BillingCycles};
pub use agreements::{AgreementReports, Agreements, Programs, Publishers, Regions};
pub use assets::Assets;
pub use azure::{AzurePlans, AzureUsage};
pub use billing::{BillingStatements, Exports};
pub use consumers::{
    ActivityLogs, AwsAccounts, BlogItems, Consumers, CrayonAccounts, FacebookOrders, GoogleOrders,
    ManagementLinks,
};
pub use containers::ProductContainers;
pub use customer_tenants::CustomerTenants;
pub use invoices::{Groupings, InvoiceProfiles, Invoices, Orders};
pub use orders::{PurchaseRequests, ScheduledPurchaseRequests};
pub use organizations::{Addresses, Organizations};
pub use reseller_prices::ResellerSalesPrices;
pub use subscriptions::Subscriptions;
pub use usage_cost::UsageCosts;

/// The requests of the lists that a provider reads record by record.
pub(crate) mod request {
    pub(crate) use super::agreement_products::agreement_products as products;
    pub(crate) use super::assets::assets;
    pub(crate) use super::billing::billing_statements;
    pub(crate) use super::customer_tenants::customer_tenants;
    pub(crate) use super::invoices::invoices;
    pub(crate) use super::subscriptions::subscriptions;
    pub(crate) use super::usage_cost::usage_costs;
}

pub(crate) use invoices::orders as orders_request;
