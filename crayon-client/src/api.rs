//! The endpoints of Cloud-iQ: one handle for each resource, one method for each endpoint.

#[macro_use]
mod endpoints;
mod accounts;
mod agreements;
mod assets;
mod azure_plans;
mod billing_statements;
mod consumers;
mod containers;
mod customers;
mod exports;
mod invoices;
mod orders;
mod organizations;
mod prices;
mod products;
mod subscriptions;
mod usage;

pub use accounts::{Clients, Secrets, Session, Users};
pub use agreements::{AgreementReports, Agreements, Programs, Publishers, Regions};
pub use assets::Assets;
pub use azure_plans::{AzurePlans, AzureUsage};
pub use billing_statements::BillingStatements;
pub use consumers::{
    ActivityLogs, AwsAccounts, BlogItems, Consumers, CrayonAccounts, FacebookOrders, GoogleOrders,
    ManagementLinks,
};
pub use containers::ProductContainers;
pub use customers::CustomerTenants;
pub use endpoints::{ENDPOINTS, Endpoint};
pub use exports::Exports;
pub use invoices::{Groupings, InvoiceProfiles, Invoices, Orders};
pub use orders::{PurchaseRequests, ScheduledPurchaseRequests};
pub use organizations::{Addresses, OrganizationAccess, Organizations};
pub use prices::ResellerSalesPrices;
pub use products::{AgreementProducts, BillingCycles};
pub use subscriptions::Subscriptions;
pub use usage::UsageCosts;

/// The requests of the lists that a provider reads record by record.
pub(crate) mod request {
    pub(crate) use super::assets::assets;
    pub(crate) use super::billing_statements::billing_statements;
    pub(crate) use super::customers::customer_tenants;
    pub(crate) use super::invoices::invoices;
    pub(crate) use super::products::agreement_products as products;
    pub(crate) use super::subscriptions::subscriptions;
    pub(crate) use super::usage::usage_costs;
}

pub(crate) use invoices::orders as orders_request;
