//! The endpoints of Cloud-iQ: one handle for each resource, one method for each endpoint.

mod accounts;
mod agreements;
mod assets;
mod azure_plans;
mod billing_statements;
mod consumers;
mod containers;
mod customers;
mod endpoints;
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

pub use crate::model::{
    ActivityLogFilter, AgreementFilter, AgreementProductFilter, AgreementProductSubFilter, AssetFilter,
    BillingStatementFilter, CloudAccountFilter, ConsumerFilter, CustomerTenantFilter, GroupingFilter,
    InvoiceProfileFilter, ManagementLinkFilter, MonthlyReportFilter, OrganizationAccessFilter,
    ProductContainerFilter, ProgramFilter, PublisherFilter, RegionFilter, ResellerSalesPriceFilter,
    ScheduledPurchaseFilter, SearchFilter, SubscriptionFilter, UserFilter,
};
pub use crate::wire::Paging;
