//! Customers and cloud accounts of v1, which the vendor has announced as deprecated.

use provider_core::records;
use provider_http::RequestSpec;
use serde::Serialize;

use crate::model::{Id, Json};
use crate::wire::envelope::Entry;

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A customer of v1.
    pub struct LegacyCustomer {
        /// Its id; apparently the one of v3.
        pub id: Option<Id>,
        /// The company's name.
        pub company: Option<String>,
        /// The contact's name.
        pub name: Option<String>,
        /// The contact's e-mail address.
        pub email: Option<String>,
        /// Phone number.
        pub phone: Option<String>,
        /// The contact's title.
        pub title: Option<String>,
        /// Street and number.
        pub address_street: Option<String>,
        /// Suite, unit.
        pub address_suite: Option<String>,
        /// City.
        pub address_city: Option<String>,
        /// State.
        pub address_state: Option<String>,
        /// Postal code.
        pub address_zip: Option<String>,
        /// Country.
        pub address_country: Option<String>,
        /// Fields of the reseller.
        pub custom_fields_values: Vec<CustomFieldValue>,
        /// Accounts at cloud providers.
        pub cloud_accounts: Vec<CloudAccount>,
        /// Price books.
        pub price_books_links: Vec<PriceBookLink>,
    }

    /// An account at a cloud provider.
    pub struct CloudAccount {
        /// Its id.
        pub id: Option<Id>,
        /// Its id where it is embedded.
        pub cloud_account_id: Option<Id>,
        /// The provider.
        pub provider: Option<CloudAccountProvider>,
    }

    /// The provider of a cloud account.
    pub struct CloudAccountProvider {
        /// Its name.
        pub name: Option<String>,
    }

    /// A link to a price book.
    pub struct PriceBookLink {
        /// The price book.
        pub price_book_id: Option<Id>,
    }
}

records! {
    #![setters]
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// The value of a field of the reseller.
    pub struct CustomFieldValue {
        /// The field.
        pub field_id: Option<Id>,
        /// The value.
        pub value: Option<Json>,
    }
}

impl Entry for LegacyCustomer {
    const NAME: &'static str = "customer";
}

impl Entry for CloudAccount {
    const NAME: &'static str = "cloud_account";
}

/// Fields of the reseller to be set.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomFields {
    /// The fields with their values.
    pub custom_fields_values: Vec<CustomFieldValue>,
}

impl CustomFields {
    /// These fields.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = CustomFieldValue>) -> Self {
        Self { custom_fields_values: values.into_iter().collect() }
    }
}

/// A cloud account to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CloudAccountWrite {
    /// Its number at the provider.
    pub account_number: String,
    /// The provider's code, such as `aws`.
    pub provider_code: String,
    /// Its e-mail address.
    pub email: String,
}

impl CloudAccountWrite {
    /// An account of this number at a provider.
    #[must_use]
    pub fn new(
        account_number: impl Into<String>,
        provider_code: impl Into<String>,
        email: impl Into<String>,
    ) -> Self {
        Self {
            account_number: account_number.into(),
            provider_code: provider_code.into(),
            email: email.into(),
        }
    }
}

/// A customer to be created through v1, sent as a form. What is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LegacyCustomerWrite {
    /// The contact's e-mail address.
    pub email: String,
    /// The contact's name.
    pub name: String,
    /// The company's name.
    pub company: String,
    /// The contact's title.
    pub title: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Street and number.
    pub address_street: Option<String>,
    /// Suite, unit.
    pub address_suite: Option<String>,
    /// City.
    pub address_city: Option<String>,
    /// State.
    pub address_state: Option<String>,
    /// Postal code.
    pub address_zip: Option<String>,
    /// Country.
    pub address_country: Option<String>,
}

provider_http::setters! {
    LegacyCustomerWrite {
        /// The contact's title.
        pub title: Option<String>,
        /// Phone number.
        pub phone: Option<String>,
        /// Street and number.
        pub address_street: Option<String>,
        /// Suite, unit.
        pub address_suite: Option<String>,
        /// City.
        pub address_city: Option<String>,
        /// State.
        pub address_state: Option<String>,
        /// Postal code.
        pub address_zip: Option<String>,
        /// Country.
        pub address_country: Option<String>,
    }
}

impl LegacyCustomerWrite {
    /// A customer with a contact's e-mail address and name, and the company's name.
    #[must_use]
    pub fn new(email: impl Into<String>, name: impl Into<String>, company: impl Into<String>) -> Self {
        Self { email: email.into(), name: name.into(), company: company.into(), ..Self::default() }
    }

    pub(crate) fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let required =
            [("email", Some(&self.email)), ("name", Some(&self.name)), ("company", Some(&self.company))];
        let optional = [
            ("title", self.title.as_ref()),
            ("phone", self.phone.as_ref()),
            ("addressStreet", self.address_street.as_ref()),
            ("addressSuite", self.address_suite.as_ref()),
            ("addressCity", self.address_city.as_ref()),
            ("addressState", self.address_state.as_ref()),
            ("addressZip", self.address_zip.as_ref()),
            ("addressCountry", self.address_country.as_ref()),
        ];
        let fields: Vec<(&str, &str)> = required
            .into_iter()
            .chain(optional)
            .filter_map(|(name, value)| Some((name, value?.as_str())))
            .collect();
        spec.form(&fields)
    }
}
