//! Customers: reading, and the composite record behind the commands.

use futures_util::stream::{self, StreamExt as _};
use provider_core::{
    AttachCustomer, Consent, CreateCustomer, Credentials, Customer, CustomerId, CustomerQuery, EntityKind,
    Error, ErrorKind, LineOutcome, LineReceipt, Operation, Outcome, Page, PageRequest, Patch, Raw, Receipt,
    RecordConsent, Result, UpdateCustomer, Violation,
};
use provider_http::{Answer, Keys};

use super::listing::{List, Reader, Yield};
use super::lookup::number;
use super::{CrayonProvider, SECRET_MEMBERS};
use crate::api::request;
use crate::client::{CrayonClient, Paging};
use crate::map;
use crate::model::{
    AgreementTypeConsent, CustomerTenant, CustomerTenantAddress, CustomerTenantAgreement,
    CustomerTenantCompany, CustomerTenantContact, CustomerTenantDetailed, CustomerTenantProfile,
    CustomerTenantQuery, CustomerTenantType, ObjectReference, Organization, ServiceAccountAgreement,
};
use crate::wire::Document;

/// Detailed records that are read at a time.
const DETAILS_AT_ONCE: usize = 4;

/// The record's own JSON, where it was asked for.
pub(super) fn kept(client: &CrayonClient, answer: &Answer) -> Option<Raw> {
    if !client.options().raw {
        return None;
    }
    let record = answer.json_borrowed::<&serde_json::value::RawValue>().ok()?;
    Some(Raw::from_value(record, SECRET_MEMBERS))
}

impl CrayonProvider {
    pub(super) async fn customers(
        &self,
        query: &CustomerQuery,
        page: &PageRequest,
    ) -> Result<Page<Customer>> {
        query.only(&[
            "status",
            "organization",
            "search",
            "name",
            "external_id",
            "domain",
            "with_contacts",
        ])?;
        let client = self.calls(Operation::List(EntityKind::Customer), &query.options);
        let lists = self.lists(&client, query.organization.as_ref()).await?;
        // The service searches names and references; what it finds is compared again here.
        let search =
            query.search.clone().or_else(|| query.external_id.clone()).or_else(|| query.name.clone());
        let filter = CustomerTenantQuery { domain: query.domain.clone(), search, ..Default::default() };
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: false,
            default_size: None,
            whole: false,
        };
        let mut page = reader
            .read(
                |list: &List, paging: Paging| {
                    let filter =
                        CustomerTenantQuery { organization_id: Some(list.organization), ..filter.clone() };
                    request::customer_tenants::list(&filter, paging)
                },
                |tenant: CustomerTenant, raw, list| {
                    let mut customer = map::customer::summary(tenant, raw);
                    customer.organization.get_or_insert_with(|| list.organization.to_string().into());
                    Ok(if fits(query, &customer) { Yield::One(customer) } else { Yield::Nothing })
                },
            )
            .await?;
        if query.with_contacts {
            self.complete(&client, &mut page).await?;
        }
        Ok(page)
    }

    /// Replaces the rows of a page by their detailed records.
    async fn complete(&self, client: &CrayonClient, page: &mut Page<Customer>) -> Result<()> {
        let rows = std::mem::take(&mut page.items);
        let read = rows.into_iter().map(|row| async move {
            match row {
                Ok(customer) => self.customer(client, &customer.id).await.map(Ok),
                Err(error) => Ok(Err(error)),
            }
        });
        let full: Vec<Result<_>> = stream::iter(read).buffered(DETAILS_AT_ONCE).collect().await;
        page.items = full.into_iter().collect::<Result<_>>()?;
        Ok(())
    }

    pub(super) async fn customer(&self, client: &CrayonClient, id: &CustomerId) -> Result<Customer> {
        let id = number("customer", id)?;
        let answer = client.request(request::customer_tenants::get_detailed(id)?).await?;
        let record: CustomerTenantDetailed = answer.read(Keys::AnyCase)?;
        if record.tenant.is_none() {
            return Err(answer.error(ErrorKind::Decode, "the answer holds no tenant"));
        }
        Ok(map::customer::full(record, kept(client, &answer)))
    }

    /// Everything that a creation needs, or why it cannot be sent.
    pub(super) async fn new_tenant(
        &self,
        client: &CrayonClient,
        command: &CreateCustomer,
    ) -> Result<CustomerTenantDetailed> {
        let prefix = prefix(command.domain.as_deref())?;
        if command.name.trim().is_empty() {
            return Err(Error::invalid_input("name", "is empty"));
        }
        let Some(person) = command.contacts.first() else {
            return Err(Error::invalid_input("contacts", "Cloud-iQ needs a primary contact"));
        };
        let Some(address) = &command.address else {
            return Err(Error::invalid_input("address", "Cloud-iQ needs an address"));
        };
        if let Some((name, _)) = command.attributes.iter().next() {
            return Err(Error::invalid_input(&format!("attributes.{name}"), "Cloud-iQ has no such value"));
        }
        let organization = self.owner(client, command.organization.as_ref()).await?;
        let profile = match &command.invoice_profile {
            Some(id) => number("invoice_profile", id)?,
            None => self.only_invoice_profile(client, organization).await?,
        };
        let country = address.country.or(self.country).map(|country| country.to_string());
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
                publisher: Some(ObjectReference::new(self.microsoft(client).await?)),
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

    pub(super) async fn create_customer(
        &self,
        client: &CrayonClient,
        command: &CreateCustomer,
    ) -> Result<Receipt> {
        let tenant = super::execute::before_sending(self.new_tenant(client, command).await)?;
        let created = client.customer_tenants().create(&tenant).await?;
        let mut receipt = receipt_for(&created)?;
        if let Some(user) = created.user
            && let (Some(name), Some(password)) = (user.user_name, user.password)
        {
            receipt.credentials = Some(Credentials::new(name, password.into_secret()));
        }
        // Whether the agreement that is sent along counts is not documented, so it is recorded as well.
        if let (Some(consent), Some(customer)) = (&command.consent, receipt.customer.clone()) {
            let id = number("customer", &customer)?;
            let agreement = recorded(consent);
            if let Err(error) = client.customer_tenants().record_agreement(id, &agreement).await {
                let unknown = error.delivery() == provider_core::Delivery::Unknown;
                let outcome = if unknown { LineOutcome::Unknown } else { LineOutcome::Rejected };
                let mut line = LineReceipt::new(1, outcome);
                line.violations.push(Violation::new("consent", error.message()));
                receipt.outcome = Outcome::Partial;
                receipt = receipt.with_line(LineReceipt::new(0, LineOutcome::Applied)).with_line(line);
            }
        }
        Ok(receipt)
    }

    /// Everything that taking over needs, or why it cannot be sent.
    pub(super) async fn known_tenant(
        &self,
        client: &CrayonClient,
        command: &AttachCustomer,
    ) -> Result<CustomerTenantDetailed> {
        if command.tenant_id.trim().is_empty() {
            return Err(Error::invalid_input("tenant_id", "is empty"));
        }
        let prefix = prefix(command.domain.as_deref())?;
        let organization = self.owner(client, command.organization.as_ref()).await?;
        let profile = match &command.invoice_profile {
            Some(id) => number("invoice_profile", id)?,
            None => self.only_invoice_profile(client, organization).await?,
        };
        Ok(CustomerTenantDetailed {
            tenant: Some(CustomerTenant {
                name: command.name.clone(),
                domain_prefix: Some(prefix),
                customer_tenant_type: Some(CustomerTenantType::T2),
                external_publisher_customer_id: Some(command.tenant_id.trim().to_owned()),
                organization: Some(Organization { id: organization, ..Default::default() }),
                publisher: Some(ObjectReference::new(self.microsoft(client).await?)),
                invoice_profile: Some(ObjectReference::new(profile)),
                ..Default::default()
            }),
            ..Default::default()
        })
    }

    pub(super) async fn attach_customer(
        &self,
        client: &CrayonClient,
        command: &AttachCustomer,
    ) -> Result<Receipt> {
        let tenant = super::execute::before_sending(self.known_tenant(client, command).await)?;
        receipt_for(&client.customer_tenants().attach(&tenant).await?)
    }

    pub(super) async fn update_customer(
        &self,
        client: &CrayonClient,
        command: &UpdateCustomer,
    ) -> Result<Receipt> {
        let edited = async {
            let id = number("customer", &command.customer)?;
            let changes = changes(command)?;
            let mut record = client.customer_tenants().document(id).await?;
            for (path, value) in &changes {
                record.set(path, value)?;
            }
            Ok((id, record))
        };
        let (id, record) = super::execute::before_sending(edited.await)?;
        client.customer_tenants().update(id, &record).await?;
        Ok(Receipt::new(Outcome::Applied).with_customer(&command.customer))
    }

    pub(super) async fn record_consent(
        &self,
        client: &CrayonClient,
        command: &RecordConsent,
    ) -> Result<Receipt> {
        let id = super::execute::before_sending(number("customer", &command.customer))?;
        client.customer_tenants().record_agreement(id, &recorded(&command.consent)).await?;
        Ok(Receipt::new(Outcome::Applied).with_customer(&command.customer))
    }
}

fn fits(query: &CustomerQuery, customer: &Customer) -> bool {
    let same = |wanted: &Option<String>, own: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| own == Some(wanted))
    };
    let domain = customer.tenants.first().and_then(|tenant| tenant.domain.as_deref());
    same(&query.name, Some(&customer.name))
        && same(&query.external_id, customer.external_id.as_deref())
        && query
            .domain
            .as_deref()
            .is_none_or(|wanted| domain.is_some_and(|own| own.eq_ignore_ascii_case(wanted)))
        && query.status.as_ref().is_none_or(|status| customer.status.as_ref() == Some(status))
}

/// The first label of a domain.
pub(super) fn prefix(domain: Option<&str>) -> Result<String> {
    let label = domain.unwrap_or_default().trim().split('.').next().unwrap_or_default();
    if label.is_empty() {
        return Err(Error::invalid_input("domain", "is needed: the wanted domain, or its first label"));
    }
    Ok(label.to_owned())
}

fn receipt_for(record: &CustomerTenantDetailed) -> Result<Receipt> {
    match record.tenant.as_ref().map(|tenant| tenant.id).filter(|id| *id > 0) {
        Some(id) => Ok(Receipt::new(Outcome::Applied).with_customer(id.to_string())),
        None => Err(Error::new(ErrorKind::Decode, "the answer does not say which tenant was made")
            .with_provider("crayon")),
    }
}

/// The Microsoft Customer Agreement, as it is recorded.
pub(super) fn recorded(consent: &Consent) -> ServiceAccountAgreement {
    ServiceAccountAgreement {
        first_name: Some(consent.first_name.clone()),
        last_name: Some(consent.last_name.clone()),
        phone_number: consent.phone.clone(),
        email: Some(consent.email.clone()),
        date_agreed: Some(consent.agreed_at),
        agreement_type: Some(AgreementTypeConsent::MicrosoftCustomerAgreement),
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

/// One member of the composite record and what it shall be.
pub(super) type Edit = (&'static [&'static str], serde_json::Value);

/// The members that an update sets, all others staying as they are.
pub(super) fn changes(command: &UpdateCustomer) -> Result<Vec<Edit>> {
    let mut edits: Vec<Edit> = Vec::new();
    if !command.website.is_keep() {
        return Err(Error::invalid_input("website", "Cloud-iQ keeps no web site of a customer"));
    }
    if command.flags != provider_core::DistributorFlags::default() {
        return Err(Error::invalid_input("flags", "Cloud-iQ keeps no such flags of a customer"));
    }
    match &command.name {
        Patch::Keep => {}
        Patch::Set(name) if !name.trim().is_empty() => {
            edits.push((&["Tenant", "Name"], name.as_str().into()));
        }
        _ => return Err(Error::invalid_input("name", "cannot be empty")),
    }
    text(&mut edits, &["Tenant", "Reference"], &command.external_id);
    text(&mut edits, &["Company", "OrganizationRegistrationNumber"], &command.registration_number);
    match &command.invoice_profile {
        Patch::Keep => {}
        Patch::Clear => {
            return Err(Error::invalid_input("invoice_profile", "a customer cannot be without one"));
        }
        Patch::Set(id) => {
            // The name of the profile it had would no longer be true, so the whole reference is replaced.
            let profile = ObjectReference::new(number("invoice_profile", id)?);
            edits.push((&["Tenant", "InvoiceProfile"], serde_json::json!({ "Id": profile.id })));
        }
    }
    match &command.contacts {
        Patch::Keep => {}
        Patch::Set(contacts) => match contacts.as_slice() {
            [person] => {
                edits.push((&["Profile", "Contact", "FirstName"], person.first_name.clone().into()));
                edits.push((&["Profile", "Contact", "LastName"], person.last_name.clone().into()));
                edits.push((&["Profile", "Contact", "Email"], person.email.clone().into()));
                edits.push((&["Profile", "Contact", "PhoneNumber"], person.phone.clone().into()));
            }
            _ => {
                return Err(Error::invalid_input(
                    "contacts",
                    "Cloud-iQ keeps exactly one contact of a customer",
                ));
            }
        },
        Patch::Clear => {
            return Err(Error::invalid_input("contacts", "a customer cannot be without a contact"));
        }
    }
    text(&mut edits, &["Profile", "Contact", "PhoneNumber"], &command.phone);
    match &command.address {
        Patch::Keep => {}
        Patch::Clear => {
            return Err(Error::invalid_input("address", "a customer cannot be without an address"));
        }
        Patch::Set(address) => {
            edits.push((&["Profile", "Address", "AddressLine1"], address.line1.clone().into()));
            edits.push((&["Profile", "Address", "AddressLine2"], address.line2.clone().into()));
            edits.push((&["Profile", "Address", "AddressLine3"], address.line3.clone().into()));
            edits.push((&["Profile", "Address", "City"], address.city.clone().into()));
            edits.push((&["Profile", "Address", "Region"], address.region.clone().into()));
            edits.push((&["Profile", "Address", "PostalCode"], address.postal_code.clone().into()));
            if let Some(country) = address.country {
                edits.push((&["Profile", "Address", "CountryCode"], country.as_str().into()));
                edits.push((&["Profile", "Address", "CountryName"], serde_json::Value::Null));
            }
        }
    }
    if edits.is_empty() {
        return Err(Error::invalid_input("customer", "nothing is to be changed"));
    }
    Ok(edits)
}

fn text(edits: &mut Vec<Edit>, path: &'static [&'static str], patch: &Patch<String>) {
    match patch {
        Patch::Keep => {}
        Patch::Clear => edits.push((path, serde_json::Value::Null)),
        Patch::Set(text) => edits.push((path, text.as_str().into())),
    }
}

/// True when every member is what an update wants.
pub(super) fn is_as_wanted(record: &Document, edits: &[Edit]) -> bool {
    edits.iter().all(|(path, wanted)| {
        let is = record.get::<serde_json::Value>(path).unwrap_or_default();
        match wanted.get("Id") {
            Some(id) => is.get("Id").or_else(|| is.get("id")) == Some(id),
            None => is == *wanted || (wanted.is_null() && is.as_str() == Some("")),
        }
    })
}
