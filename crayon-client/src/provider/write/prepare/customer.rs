//! Customers that are made, or taken over from the publisher.

pub(in crate::provider::write) mod edit;

use provider_core::command::Consent;
use provider_core::model::{Address, Contact, DistributorFlags, InvoiceProfileId};
use provider_core::receipt::Change;
use provider_core::{AttachCustomer, CreateCustomer, Error, Result};

use super::consent::recorded;
use super::prepared::{Prepared, made};
use crate::model::{
    AgreementTypeConsent, CustomerTenant, CustomerTenantAddress, CustomerTenantAgreement,
    CustomerTenantCompany, CustomerTenantContact, CustomerTenantDetailed, CustomerTenantProfile,
    CustomerTenantType, InvoiceProfileFilter, ObjectReference, Organization, PublisherFilter,
};
use crate::provider::context::refusal::number;
use crate::provider::context::{Context, organizations};
use crate::provider::write::send::call::Send;
use crate::wire::Paging;

/// Microsoft's id in the vendor's documents, for a service that does not list it.
const MICROSOFT: i64 = 2;
const PAGE: u32 = 100;

pub(super) async fn create(cx: &Context, command: &CreateCustomer) -> Result<Prepared> {
    let tenant = new_tenant(cx, command).await?;
    let mut plan = made("customer", &command.name);
    let prefix = tenant.tenant.as_ref().and_then(|tenant| tenant.domain_prefix.clone()).unwrap_or_default();
    plan.changes.push(Change::new("customer: domain", None, Some(prefix)));
    if command.consent.is_none() {
        plan.warnings.push(
            "consent: before anything is ordered the customer has to accept the Microsoft Customer Agreement"
                .to_owned(),
        );
    }
    Ok(Prepared { plan, send: Send::Create { tenant, consent: command.consent.as_ref().map(recorded) } })
}

pub(super) async fn attach(cx: &Context, command: &AttachCustomer) -> Result<Prepared> {
    let tenant = known_tenant(cx, command).await?;
    Ok(Prepared { plan: made("customer", &command.tenant_id), send: Send::Attach { tenant } })
}

/// What a creation needs and the command says.
pub(in crate::provider::write) struct Said<'a> {
    pub(in crate::provider::write) prefix: String,
    person: &'a Contact,
    address: &'a Address,
}

/// What can be said of a creation without the network. What Cloud-iQ has no place for is refused, not dropped.
pub(in crate::provider::write) fn check_new(command: &CreateCustomer) -> Result<Said<'_>> {
    let prefix = prefix(command.domain.as_deref())?;
    if command.name.trim().is_empty() {
        return Err(Error::invalid_input("name", "is empty"));
    }
    let [person] = command.contacts.as_slice() else {
        return Err(Error::invalid_input("contacts", "Cloud-iQ keeps exactly one contact of a customer"));
    };
    let Some(address) = &command.address else {
        return Err(Error::invalid_input("address", "Cloud-iQ needs an address"));
    };
    if command.website.is_some() {
        return Err(Error::invalid_input("website", NO_WEBSITE));
    }
    if command.flags != DistributorFlags::default() {
        return Err(Error::invalid_input("flags", NO_FLAGS));
    }
    if let (Some(own), Some(other)) = (&person.phone, &command.phone)
        && own != other
    {
        return Err(Error::invalid_input("phone", ONE_NUMBER));
    }
    if let Some((name, _)) = command.attributes.iter().next() {
        return Err(Error::invalid_input(&format!("attributes.{name}"), "Cloud-iQ has no such value"));
    }
    Ok(Said { prefix, person, address })
}

pub(super) const NO_WEBSITE: &str = "Cloud-iQ keeps no web site of a customer";
pub(super) const ONE_NUMBER: &str = "Cloud-iQ keeps one number, that of the contact";
pub(super) const NO_FLAGS: &str = "Cloud-iQ keeps no such flags of a customer";

/// Everything that a creation needs, or why it cannot be sent.
async fn new_tenant(cx: &Context, command: &CreateCustomer) -> Result<CustomerTenantDetailed> {
    let Said { prefix, person, address } = check_new(command)?;
    let organization = organizations::owner(cx, command.organization.as_ref()).await?;
    let profile = invoice_profile(cx, organization, command.invoice_profile.as_ref()).await?;
    let country = address.country.or(cx.settings.country).map(|country| country.to_string());
    let language = command.language.clone().unwrap_or_else(|| "en".to_owned());
    let contact = CustomerTenantContact {
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        email: person.email.clone(),
        phone_number: person.phone.clone().or_else(|| command.phone.clone()),
    };
    Ok(CustomerTenantDetailed {
        tenant: Some(CustomerTenant {
            name: Some(command.name.clone()),
            domain_prefix: Some(prefix),
            reference: command.external_id.clone(),
            customer_tenant_type: Some(CustomerTenantType::T2),
            organization: Some(Organization { id: organization, ..Default::default() }),
            publisher: Some(ObjectReference::new(microsoft(cx).await?)),
            invoice_profile: Some(ObjectReference::new(profile)),
            ..Default::default()
        }),
        user: None,
        profile: Some(CustomerTenantProfile {
            culture_code: (language == "en").then(|| "en-US".to_owned()),
            language_code: Some(language),
            contact: Some(contact),
            address: Some(CustomerTenantAddress {
                first_name: person.first_name.clone(),
                last_name: person.last_name.clone(),
                address_line1: address.line1.clone(),
                address_line2: address.line2.clone(),
                address_line3: address.line3.clone(),
                city: address.city.clone(),
                region: address.region.clone(),
                postal_code: address.postal_code.clone(),
                country_code: country,
                ..Default::default()
            }),
            agreement: command.consent.as_ref().map(sent_along),
        }),
        company: command
            .registration_number
            .clone()
            .map(|number| CustomerTenantCompany { organization_registration_number: Some(number) }),
    })
}

/// Everything that taking over needs, or why it cannot be sent.
async fn known_tenant(cx: &Context, command: &AttachCustomer) -> Result<CustomerTenantDetailed> {
    if command.tenant_id.trim().is_empty() {
        return Err(Error::invalid_input("tenant_id", "is empty"));
    }
    let prefix = prefix(command.domain.as_deref())?;
    let organization = organizations::owner(cx, command.organization.as_ref()).await?;
    let profile = invoice_profile(cx, organization, command.invoice_profile.as_ref()).await?;
    Ok(CustomerTenantDetailed {
        tenant: Some(CustomerTenant {
            name: command.name.clone(),
            domain_prefix: Some(prefix),
            customer_tenant_type: Some(CustomerTenantType::T2),
            external_publisher_customer_id: Some(command.tenant_id.trim().to_owned()),
            organization: Some(Organization { id: organization, ..Default::default() }),
            publisher: Some(ObjectReference::new(microsoft(cx).await?)),
            invoice_profile: Some(ObjectReference::new(profile)),
            ..Default::default()
        }),
        ..Default::default()
    })
}

/// The first label of a domain.
pub(in crate::provider::write) fn prefix(domain: Option<&str>) -> Result<String> {
    let label = domain.unwrap_or_default().trim().split('.').next().unwrap_or_default();
    if label.is_empty() {
        return Err(Error::invalid_input("domain", "is needed: the wanted domain, or its first label"));
    }
    Ok(label.to_owned())
}

/// Microsoft's id at Cloud-iQ.
async fn microsoft(cx: &Context) -> Result<i64> {
    let id = cx.microsoft().get_or_try_init(|| async {
        let query = PublisherFilter { names: vec!["Microsoft".to_owned()], ..Default::default() };
        let found = cx.client.publishers().list(query.page(Paging::first(PAGE))).await?;
        let named =
            |name: &Option<String>| name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case("microsoft"));
        Ok::<_, Error>(found.into_records().find(|p| named(&p.name)).map_or(MICROSOFT, |p| p.id))
    });
    id.await.copied()
}

/// The invoice profile that a customer names, or the only one that its organization has.
async fn invoice_profile(cx: &Context, organization: i64, named: Option<&InvoiceProfileId>) -> Result<i64> {
    if let Some(id) = named {
        return number("invoice_profile", id);
    }
    let query = InvoiceProfileFilter { organization_id: Some(organization), ..Default::default() };
    let found = cx.client.invoice_profiles().list(query.page(Paging::first(PAGE))).await?;
    match found.into_records().collect::<Vec<_>>().as_slice() {
        [only] => Ok(only.id),
        several => {
            let known: Vec<String> = several
                .iter()
                .map(|profile| format!("{} ({})", profile.id, profile.name.as_deref().unwrap_or_default()))
                .collect();
            Err(Error::invalid_input(
                "invoice_profile",
                format!("is needed: organization {organization} has {}", known.join(", ")),
            ))
        }
    }
}

fn sent_along(consent: &Consent) -> CustomerTenantAgreement {
    CustomerTenantAgreement {
        first_name: Some(consent.first_name.clone()),
        last_name: Some(consent.last_name.clone()),
        phone_number: consent.phone.clone(),
        email: Some(consent.email.clone()),
        same_as_primary_contact: Some(false),
        date_agreed: Some(consent.agreed_at),
        accepted: Some(true),
        agreement_type: Some(AgreementTypeConsent::MicrosoftCustomerAgreement),
    }
}
