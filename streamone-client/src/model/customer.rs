//! Customers of v3.

use serde::Serialize;

use super::{Id, ResourceName};
use crate::wire::{record, words};

words! {
    /// The state of a customer.
    CustomerStatus {
        Unspecified = "CUSTOMER_STATUS_UNSPECIFIED",
        Active = "ACTIVE",
        Inactive = "INACTIVE",
    }
    /// The state of a customer's user.
    UserStatus {
        Unspecified = "USER_STATUS_UNSPECIFIED",
        PendingEmailValidation = "PENDING_EMAIL_VALIDATION",
        PendingApproval = "PENDING_APPROVAL",
        Active = "ACTIVE",
        Suspended = "SUSPENDED",
    }
}

record! {
    /// A customer of the reseller. It has no id of its own: the last part of `name` is the id.
    Customer {
        /// `accounts/{account}/customers/{customer}`.
        name: text,
        /// A short random key, unrelated to the id and not usable in paths.
        uid: text,
        /// The company's name.
        customer_organization: text,
        /// The contact's name.
        customer_name: text,
        /// The contact's e-mail address, unique across the platform.
        customer_email: text,
        /// The contact's title; some partners park foreign keys here.
        customer_title: text,
        /// The contact's phone number.
        customer_phone: text,
        /// The postal address.
        customer_address: one(CustomerAddress),
        /// The language of the platform's mails, in either case.
        language_code: text,
        /// The state; output only.
        customer_status: one(CustomerStatus),
        /// When it was created.
        create_time: moment,
        /// When it last changed.
        update_time: moment,
        /// The user that was made with the customer; in the answer to the creation only.
        user: one(CustomerUser),
    }

    /// A postal address.
    CustomerAddress {
        /// Street and number.
        street: text,
        /// Suite, unit.
        suite: text,
        /// City.
        city: text,
        /// State, in its short form.
        state: text,
        /// Postal code.
        zip: text,
        /// ISO 3166-1 alpha-2 code.
        country: text,
    }

    /// The user that is made with a customer.
    CustomerUser {
        /// `accounts/{account}/customers/{customer}/users/{user}`.
        name: text,
        /// The user's name.
        user_name: text,
        /// The address to log in with.
        email: text,
        /// The state.
        user_status: one(UserStatus),
        /// The generated password. Answered once, at the creation.
        password: secret,
        /// When it was created.
        create_time: moment,
        /// When it last changed.
        update_time: moment,
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

/// A customer to be created, or the whole of one to be replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_title: Option<String>,
    /// The contact's phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_phone: Option<String>,
}

/// The address of a [`CustomerWrite`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AddressWrite {
    /// Street and number.
    pub street: String,
    /// Suite, unit.
    #[serde(skip_serializing_if = "Option::is_none")]
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
