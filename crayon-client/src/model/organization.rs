//! Organizations of the partner, their addresses and sales contacts.

use super::{AddressType, ObjectReference};

wire! {
    /// An organization of the partner: the key of nearly every filter.
    pub struct Organization {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// The organization above it; 0 at the top.
        pub parent_id: Option<i64>,
        /// The Crayon company one buys from.
        pub crayon_company_name: Option<String>,
        /// The account in Crayon's books.
        pub account_number: Option<String>,
    }

    /// Who at Crayon looks after an organization.
    pub struct SalesContact {
        /// The name.
        pub full_name: Option<String>,
        /// The e-mail address.
        pub email: Option<String>,
        /// The phone number.
        pub phone: Option<String>,
    }

    /// An address of an organization.
    pub struct Address {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// What it is called.
        pub name: Option<String>,
        /// The address as it is printed.
        pub complete_address: Option<String>,
        /// Street and number.
        pub street: Option<String>,
        /// Postal code.
        pub zip_code: Option<String>,
        /// City.
        pub city: Option<String>,
        /// County: not the country.
        pub county: Option<String>,
        /// State or province.
        pub state: Option<String>,
        /// ISO 3166-1 code.
        pub country_code: Option<String>,
        /// Whether it is the first address.
        pub primary: Option<bool>,
        /// What it is for.
        pub address_type: Option<AddressType>,
    }
}
