//! Customers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Address, Contact, Detail};
use crate::id::{CustomerId, InvoiceProfileId, OrganizationId};
use crate::raw::Raw;

open_enum! {
    /// The state of a customer at the distributor.
    pub enum CustomerStatus {
        /// Can be sold to.
        Active = "active",
        /// Known but cannot be sold to, such as a Pax8 company without primary contacts.
        Inactive = "inactive",
        /// Waits for the distributor.
        Pending = "pending",
        /// Stopped by the distributor.
        Suspended = "suspended",
        /// Removed; still listed.
        Deleted = "deleted",
    }
}

/// A customer's tenant at a vendor, such as a Microsoft Entra directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Tenant {
    /// The vendor.
    pub vendor: String,
    /// The vendor's id of the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Its domain, such as `example.onmicrosoft.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
}

impl Tenant {
    /// A tenant at a vendor.
    #[must_use]
    pub fn new(vendor: impl Into<String>) -> Self {
        Self { vendor: vendor.into(), tenant_id: None, domain: None }
    }
}

/// Switches that the distributor keeps for a customer: self service, billing on the partner's behalf, approval
/// of orders. `None` where it has no such switch or does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DistributorFlags {
    /// The customer may order for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_service_allowed: Option<bool>,
    /// The distributor bills the customer on the partner's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill_on_behalf_of: Option<bool>,
    /// Orders wait for an approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_approval_required: Option<bool>,
}

/// An end customer of the partner.
/// Crayon: a customer tenant; Pax8: a company; ION: a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Customer {
    /// The distributor's id.
    pub id: CustomerId,
    /// The company's name.
    pub name: String,
    /// Its state at the distributor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<CustomerStatus>,
    /// The partner's own key for the customer, where the distributor keeps one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The partner's organization that owns it; `None` where a distributor keeps one list for the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// Its tenants at vendors. Empty where they were not told, which does not say that there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenants: Vec<Tenant>,
    /// Contact persons. Empty where they were not told or not asked for (`CustomerQuery::with_contacts`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Phone number, free form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Web site, as written: a URL or a bare host name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Company registration or VAT number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
    /// The invoice profile that its invoices are grouped by (Crayon).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_profile: Option<InvoiceProfileId>,
    /// The distributor's switches for it.
    #[serde(default)]
    pub flags: DistributorFlags,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
    /// How much of the record this is.
    #[serde(default)]
    pub detail: Detail,
    /// The record's own JSON, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Raw>,
}

impl Customer {
    /// A customer of which only this is known.
    #[must_use]
    pub fn new(id: impl Into<CustomerId>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            status: None,
            external_id: None,
            organization: None,
            tenants: Vec::new(),
            contacts: Vec::new(),
            address: None,
            phone: None,
            website: None,
            registration_number: None,
            invoice_profile: None,
            flags: DistributorFlags::default(),
            created_at: None,
            updated_at: None,
            detail: Detail::default(),
            raw: None,
        }
    }
}
