//! Customers that are made, taken over, or accept the vendor's agreement.

use provider_core::{
    Address, AttachCustomer, Consent, Contact, CreateCustomer, Credentials, Delivery, DistributorFlags,
    Error, ErrorKind, LineOutcome, LineReceipt, Outcome, Receipt, RecordConsent, Result, Violation,
};

use crate::client::CrayonClient;
use crate::model::{
    AgreementTypeConsent, CustomerTenant, CustomerTenantAddress, CustomerTenantAgreement,
    CustomerTenantCompany, CustomerTenantContact, CustomerTenantDetailed, CustomerTenantProfile,
    CustomerTenantType, ObjectReference, Organization, ServiceAccountAgreement,
};
use crate::provider::CrayonProvider;
use crate::provider::execute::before_sending;
use crate::provider::lookup::number;

/// What a creation needs and the command says.
pub(in crate::provider) struct Said<'a> {
    pub(in crate::provider) prefix: String,
    person: &'a Contact,
    address: &'a Address,
}

/// What can be said of a creation without the network. What Cloud-iQ has no place for is refused, not dropped.
pub(in crate::provider) fn check_new(command: &CreateCustomer) -> Result<Said<'_>> {
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

impl CrayonProvider {
    /// Everything that a creation needs, or why it cannot be sent.
    pub(in crate::provider) async fn new_tenant(
        &self,
        client: &CrayonClient,
        command: &CreateCustomer,
    ) -> Result<CustomerTenantDetailed> {
        let Said { prefix, person, address } = check_new(command)?;
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

    pub(in crate::provider) async fn create_customer(
        &self,
        client: &CrayonClient,
        command: &CreateCustomer,
    ) -> Result<Receipt> {
        let tenant = before_sending(self.new_tenant(client, command).await)?;
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
                let unknown = error.delivery() == Delivery::Unknown;
                let outcome = if unknown { LineOutcome::Unknown } else { LineOutcome::Rejected };
                receipt = without_consent(receipt, outcome, error.message());
            }
        }
        Ok(receipt)
    }

    /// Everything that taking over needs, or why it cannot be sent.
    pub(in crate::provider) async fn known_tenant(
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

    pub(in crate::provider) async fn attach_customer(
        &self,
        client: &CrayonClient,
        command: &AttachCustomer,
    ) -> Result<Receipt> {
        let tenant = before_sending(self.known_tenant(client, command).await)?;
        receipt_for(&client.customer_tenants().attach(None, &tenant).await?)
    }

    pub(in crate::provider) async fn record_consent(
        &self,
        client: &CrayonClient,
        command: &RecordConsent,
    ) -> Result<Receipt> {
        let id = before_sending(self.own_customer(client, &command.customer).await)?;
        client.customer_tenants().record_agreement(id, &recorded(&command.consent)).await?;
        Ok(Receipt::new(Outcome::Applied).with_customer(&command.customer))
    }
}

/// The first label of a domain.
pub(in crate::provider) fn prefix(domain: Option<&str>) -> Result<String> {
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

/// A customer that was made, and whose consent was not recorded with it.
pub(in crate::provider) fn without_consent(receipt: Receipt, outcome: LineOutcome, why: &str) -> Receipt {
    let mut line = LineReceipt::new(1, outcome);
    line.violations.push(Violation::new("consent", why));
    let mut receipt = receipt.with_line(LineReceipt::new(0, LineOutcome::Applied)).with_line(line);
    receipt.outcome = Outcome::Partial;
    receipt
}

/// The Microsoft Customer Agreement, as it is recorded.
pub(in crate::provider) fn recorded(consent: &Consent) -> ServiceAccountAgreement {
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
