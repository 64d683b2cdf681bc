//! Commands about customers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{CustomerId, InvoiceProfileId, OrganizationId};
use crate::model::{Address, Contact, DistributorFlags};
use crate::patch::Patch;
use crate::setters::setters;

/// Who accepted an agreement, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Consent {
    /// First name of who accepted.
    pub first_name: String,
    /// Last name of who accepted.
    pub last_name: String,
    /// E-mail of who accepted.
    pub email: String,
    /// Phone of who accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// When it was accepted.
    pub agreed_at: DateTime<Utc>,
}

impl Consent {
    /// A consent without a phone number.
    #[must_use]
    pub fn new(
        first_name: impl Into<String>,
        last_name: impl Into<String>,
        email: impl Into<String>,
        agreed_at: DateTime<Utc>,
    ) -> Self {
        Self {
            first_name: first_name.into(),
            last_name: last_name.into(),
            email: email.into(),
            phone: None,
            agreed_at,
        }
    }
}

setters!(Consent {
    /// With this phone number.
    phone: String,
});

/// Creates a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CreateCustomer {
    /// The company's name.
    pub name: String,
    /// The partner's own key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The partner's organization that will own it; needed where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The wanted tenant domain or its first label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Contact persons. Pax8 sells only to companies with a primary contact of each role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Web site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Company registration or VAT number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
    /// The invoice profile that its invoices are grouped by (Crayon).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_profile: Option<InvoiceProfileId>,
    /// The distributor's switches for it; the connection's defaults fill those that are not set.
    #[serde(default)]
    pub flags: DistributorFlags,
    /// The language of the distributor's mails, as an ISO 639-1 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The customer's acceptance of the vendor's agreement, where it is sent along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Further values, by the distributor's own names.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

impl CreateCustomer {
    /// A customer of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            external_id: None,
            organization: None,
            domain: None,
            contacts: Vec::new(),
            address: None,
            phone: None,
            website: None,
            registration_number: None,
            invoice_profile: None,
            flags: DistributorFlags::default(),
            language: None,
            consent: None,
            attributes: BTreeMap::new(),
        }
    }
}

setters!(CreateCustomer {
    /// With this key of the partner.
    external_id: String,
    /// Owned by this organization of the partner.
    organization: OrganizationId,
    /// With this tenant domain.
    domain: String,
    /// At this address.
    address: Address,
    /// With this phone number.
    phone: String,
    /// With this web site.
    website: String,
    /// With this registration or VAT number.
    registration_number: String,
    /// With invoices grouped by this profile.
    invoice_profile: InvoiceProfileId,
    /// With these switches of the distributor.
    flags: DistributorFlags,
    /// In this language.
    language: String,
    /// With its acceptance of the vendor's agreement.
    consent: Consent,
});

impl CreateCustomer {
    /// Adds a contact person.
    #[must_use]
    pub fn contact(mut self, contact: Contact) -> Self {
        self.contacts.push(contact);
        self
    }

    /// Answers one of the distributor's own questions.
    #[must_use]
    pub fn attribute(mut self, key: impl Into<String>, answer: impl Into<String>) -> Self {
        self.attributes.insert(key.into(), answer.into());
        self
    }
}

/// Changes a customer. Only fields that are set or cleared change: a provider reads the customer, merges and
/// writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpdateCustomer {
    /// Which customer.
    pub customer: CustomerId,
    /// The company's name.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<String>,
    /// The partner's own key.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub external_id: Patch<String>,
    /// All contact persons.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub contacts: Patch<Vec<Contact>>,
    /// The whole address.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub address: Patch<Address>,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub phone: Patch<String>,
    /// Web site.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub website: Patch<String>,
    /// Company registration or VAT number.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub registration_number: Patch<String>,
    /// The invoice profile that its invoices are grouped by (Crayon).
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub invoice_profile: Patch<InvoiceProfileId>,
    /// The distributor's switches for it; those that are `None` stay as they are.
    #[serde(default)]
    pub flags: DistributorFlags,
}

impl UpdateCustomer {
    /// Changes nothing yet.
    #[must_use]
    pub fn new(customer: impl Into<CustomerId>) -> Self {
        Self {
            customer: customer.into(),
            name: Patch::Keep,
            external_id: Patch::Keep,
            contacts: Patch::Keep,
            address: Patch::Keep,
            phone: Patch::Keep,
            website: Patch::Keep,
            registration_number: Patch::Keep,
            invoice_profile: Patch::Keep,
            flags: DistributorFlags::default(),
        }
    }
}

setters!(UpdateCustomer {
    /// Sets the company's name.
    name: String,
    /// Sets the partner's key.
    external_id: String,
    /// Replaces all contact persons.
    contacts: Vec<Contact>,
    /// Replaces the whole address.
    address: Address,
    /// Sets the phone number.
    phone: String,
    /// Sets the web site.
    website: String,
    /// Sets the registration or VAT number.
    registration_number: String,
    /// Groups its invoices by this profile.
    invoice_profile: InvoiceProfileId,
    /// Sets the distributor's switches for it.
    flags: DistributorFlags,
});

/// Takes over a customer whose tenant exists at the vendor but is not visible at the distributor yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AttachCustomer {
    /// The vendor's id of the tenant.
    pub tenant_id: String,
    /// Its domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The name it shall have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The partner's organization that will own it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The invoice profile that its invoices are grouped by (Crayon).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_profile: Option<InvoiceProfileId>,
}

impl AttachCustomer {
    /// Takes over this tenant.
    #[must_use]
    pub fn new(tenant_id: impl Into<String>) -> Self {
        Self {
            tenant_id: tenant_id.into(),
            domain: None,
            name: None,
            organization: None,
            invoice_profile: None,
        }
    }
}

setters!(AttachCustomer {
    /// With this domain.
    domain: String,
    /// Under this name.
    name: String,
    /// Owned by this organization of the partner.
    organization: OrganizationId,
    /// With invoices grouped by this profile.
    invoice_profile: InvoiceProfileId,
});

/// Records that the customer accepted the vendor's agreement (Microsoft Customer Agreement).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RecordConsent {
    /// Which customer.
    pub customer: CustomerId,
    /// Who accepted, and when.
    pub consent: Consent,
}

impl RecordConsent {
    /// Records this consent.
    #[must_use]
    pub fn new(customer: impl Into<CustomerId>, consent: Consent) -> Self {
        Self { customer: customer.into(), consent }
    }
}
