//! Customers and cloud accounts of v1, which the vendor has announced as deprecated.

use crate::wire::record;

record! {
    /// A customer of v1.
    LegacyCustomer {
        /// Its id; apparently the one of v3.
        id: id,
        /// The company's name.
        company: text,
        /// The contact's name.
        name: text,
        /// The contact's e-mail address.
        email: text,
        /// Phone number.
        phone: text,
        /// The contact's title.
        title: text,
        /// Street and number.
        address_street: text,
        /// Suite, unit.
        address_suite: text,
        /// City.
        address_city: text,
        /// State.
        address_state: text,
        /// Postal code.
        address_zip: text,
        /// Country.
        address_country: text,
        /// Fields of the reseller.
        custom_fields_values: many(CustomFieldValue),
        /// Accounts at cloud providers.
        cloud_accounts: many(CloudAccount),
        /// Price books.
        price_books_links: many(PriceBookLink),
    }

    /// The value of a field of the reseller.
    CustomFieldValue {
        /// The field.
        field_id: id,
        /// The value.
        value: json,
    }

    /// An account at a cloud provider.
    CloudAccount {
        /// Its id.
        id: id,
        /// Its id where it is embedded.
        cloud_account_id: id,
        /// The provider.
        provider: one(CloudAccountProvider),
    }

    /// The provider of a cloud account.
    CloudAccountProvider {
        /// Its name.
        name: text,
    }

    /// A link to a price book.
    PriceBookLink {
        /// The price book.
        price_book_id: id,
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

impl LegacyCustomerWrite {
    pub(crate) fn form(&self) -> Vec<(&'static str, &str)> {
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
        required
            .into_iter()
            .chain(optional)
            .filter_map(|(name, value)| Some((name, value?.as_str())))
            .collect()
    }
}
