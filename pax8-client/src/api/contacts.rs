//! Contacts of companies.

use provider_http::endpoints;

use crate::client::Pax8Client;
use crate::model::{Contact, NewContact};
use crate::wire::envelope::{Listed, PageOf};

endpoints! {
    client: Pax8Client;

    /// Contacts, which exist only under a company.
    Contacts as contacts {
        /// A page of contacts, newest first.
        get "/v1/companies/{companyId}/contacts" => list(company: &str = "companyId") paged(page: PageOf) -> page Listed<Contact>;
        /// Creates a contact. Sent once.
        post "/v1/companies/{companyId}/contacts" => create(company: &str = "companyId") body(contact: &NewContact) operation(Execute UpdateCustomer) -> written Contact;
        /// One contact.
        get "/v1/companies/{companyId}/contacts/{contactId}" => get(company: &str = "companyId", id: &str = "contactId") -> record Contact;
        /// Replaces the whole contact.
        put "/v1/companies/{companyId}/contacts/{contactId}" => replace(company: &str = "companyId", id: &str = "contactId") body(contact: &NewContact) operation(Execute UpdateCustomer) -> written Contact;
        /// Removes a contact.
        delete "/v1/companies/{companyId}/contacts/{contactId}" => delete(company: &str = "companyId", id: &str = "contactId") operation(Execute UpdateCustomer) -> nothing ();
    }
}
