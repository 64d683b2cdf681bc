//! Contacts of companies.

use provider_core::{CommandKind, Operation, Result};
use provider_http::RequestSpec;

use super::handle;
use crate::auth::Audience;
use crate::model::{Contact, NewContact};
use crate::wire::envelope::{Listed, PageOf};

handle! {
    /// Contacts, which exist only under a company.
    Contacts
}

const ALL: &str = "/v1/companies/{companyId}/contacts";
const ONE: &str = "/v1/companies/{companyId}/contacts/{contactId}";
const CHANGE: Operation = Operation::Execute(CommandKind::UpdateCustomer);

impl Contacts<'_> {
    /// `GET /v1/companies/{companyId}/contacts`, newest first.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn list(&self, company: &str, page: PageOf) -> Result<Listed<Contact>> {
        let spec = RequestSpec::get(ALL)
            .path("companyId", company)
            .query("page", page.number)
            .query("size", page.size);
        self.client.page(Audience::Partner, spec, &self.call).await
    }

    /// `GET /v1/companies/{companyId}/contacts/{contactId}`
    ///
    /// # Errors
    /// `NotFound`, or whatever the call ended in.
    pub async fn get(&self, company: &str, id: &str) -> Result<Contact> {
        let spec = RequestSpec::get(ONE).path("companyId", company).path("contactId", id);
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `POST /v1/companies/{companyId}/contacts`. Sent once.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn create(&self, company: &str, contact: &NewContact) -> Result<Contact> {
        let spec = RequestSpec::post(ALL).operation(CHANGE).path("companyId", company).json(contact)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `PUT /v1/companies/{companyId}/contacts/{contactId}`: replaces the whole contact.
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn replace(&self, company: &str, id: &str, contact: &NewContact) -> Result<Contact> {
        let spec = RequestSpec::put(ONE)
            .operation(CHANGE)
            .path("companyId", company)
            .path("contactId", id)
            .json(contact)?;
        self.client.record(Audience::Partner, spec, &self.call).await
    }

    /// `DELETE /v1/companies/{companyId}/contacts/{contactId}`
    ///
    /// # Errors
    /// Whatever the call ended in.
    pub async fn delete(&self, company: &str, id: &str) -> Result<()> {
        let spec =
            RequestSpec::delete(ONE).operation(CHANGE).path("companyId", company).path("contactId", id);
        self.client.send(Audience::Partner, spec, &self.call).await.map(drop)
    }
}
