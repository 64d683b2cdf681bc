//! Customers of v3.

use provider_core::model::Raw;
use provider_core::{open_enum, records};

use super::id::named;
use super::{Id, ResourceName};
use crate::wire::envelope::Entry;

open_enum! {
    /// The status of a customer.
    pub enum CustomerStatus {
        Unspecified = "CUSTOMER_STATUS_UNSPECIFIED",
        Active = "ACTIVE",
        Inactive = "INACTIVE",
    }

    /// The status of a customer's user.
    pub enum UserStatus {
        Unspecified = "USER_STATUS_UNSPECIFIED",
        PendingEmailValidation = "PENDING_EMAIL_VALIDATION",
        PendingApproval = "PENDING_APPROVAL",
        Active = "ACTIVE",
        Suspended = "SUSPENDED",
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A customer of the reseller. It has no id of its own: the last part of `name` is the id.
    pub struct Customer {
        /// `accounts/{account}/customers/{customer}`.
        pub name: Option<String>,
        /// A short random key, unrelated to the id and not usable in paths.
        pub uid: Option<String>,
        /// The company's name.
        pub customer_organization: Option<String>,
        /// The contact's name.
        pub customer_name: Option<String>,
        /// The contact's e-mail address, unique across the platform.
        pub customer_email: Option<String>,
        /// The contact's title; some partners keep ids of other systems here.
        pub customer_title: Option<String>,
        /// The contact's phone number.
        pub customer_phone: Option<String>,
        /// The postal address.
        pub customer_address: Option<CustomerAddress>,
        /// The language of the platform's mails, in either case.
        pub language_code: Option<String>,
        /// The status; output only.
        pub customer_status: Option<CustomerStatus>,
        /// When it was created.
        pub create_time: Option<DateTime>,
        /// When it last changed.
        pub update_time: Option<DateTime>,
        /// The user that was made with the customer; in the answer to the creation only.
        pub user: Option<CustomerUser>,
    }

    /// A postal address.
    pub struct CustomerAddress {
        /// Street and number.
        pub street: Option<String>,
        /// Suite, unit.
        pub suite: Option<String>,
        /// City.
        pub city: Option<String>,
        /// State, in its short form.
        pub state: Option<String>,
        /// Postal code.
        pub zip: Option<String>,
        /// ISO 3166-1 alpha-2 code.
        pub country: Option<String>,
    }

    /// The user that is made with a customer.
    pub struct CustomerUser {
        /// `accounts/{account}/customers/{customer}/users/{user}`.
        pub name: Option<String>,
        /// The user's name.
        pub user_name: Option<String>,
        /// The address to log in with.
        pub email: Option<String>,
        /// The status.
        pub user_status: Option<UserStatus>,
        /// The generated password. Answered once, at the creation.
        pub password: Option<Secret>,
        /// When it was created.
        pub create_time: Option<DateTime>,
        /// When it last changed.
        pub update_time: Option<DateTime>,
    }
}

impl Entry for Customer {
    const NAME: &'static str = "customers";

    fn own_id(record: &Raw) -> Option<String> {
        named(record, "customers")
    }
}

impl Customer {
    /// The id, from the resource name.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        let name = ResourceName::new(self.name.as_deref()?);
        name.id_of("customers").or_else(|| name.own()).map(Id::from)
    }
}

records! {
    #![setters]
    #![serde(rename_all = "camelCase")]
    #![derive(Default, PartialEq, Eq)]

    /// A customer to be created, or the whole of one to be replaced.
    pub struct CustomerWrite {
        /// The company's name.
        pub customer_organization: String,
        /// The postal address; `suite` alone is optional.
        pub customer_address: AddressWrite,
        /// The contact's name.
        pub customer_name: String,
        /// The contact's e-mail address, unique across the platform.
        pub customer_email: String,
        /// The language of the platform's mails, such as `EN`.
        pub language_code: String,
        /// The contact's title.
        pub customer_title: Option<String>,
        /// The contact's phone number.
        pub customer_phone: Option<String>,
    }

    /// The address of a [`CustomerWrite`].
    pub struct AddressWrite {
        /// Street and number.
        pub street: String,
        /// Suite, unit.
        pub suite: Option<String>,
        /// City.
        pub city: String,
        /// State, in its short form.
        pub state: String,
        /// Postal code.
        pub zip: String,
        /// ISO 3166-1 alpha-2 code.
        pub country: String,
    }
}

impl From<&Customer> for CustomerWrite {
    /// What has to be sent to leave the customer as it is.
    fn from(customer: &Customer) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let address = customer.customer_address.clone().unwrap_or_default();
        Self {
            customer_organization: text(&customer.customer_organization),
            customer_address: AddressWrite {
                street: text(&address.street),
                suite: address.suite.clone().filter(|suite| !suite.is_empty()),
                city: text(&address.city),
                state: text(&address.state),
                zip: text(&address.zip),
                country: text(&address.country),
            },
            customer_name: text(&customer.customer_name),
            customer_email: text(&customer.customer_email),
            language_code: text(&customer.language_code),
            customer_title: customer.customer_title.clone(),
            customer_phone: customer.customer_phone.clone(),
        }
    }
}
