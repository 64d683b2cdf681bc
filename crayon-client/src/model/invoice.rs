//! Invoices, invoice profiles and groupings.

use super::ObjectReference;
use crate::wire::Paging;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An invoice of Crayon to the partner.
    pub struct Invoice {
        /// Its number.
        pub invoice_id: Option<String>,
        /// The order it is for, by which its lines are found.
        pub order_id: Option<String>,
        /// The currency.
        pub sales_currency_code: Option<String>,
        /// The total.
        pub sales_amount: Option<Decimal>,
        /// The account that pays, in Crayon's accounting system.
        pub invoice_customer_id: Option<String>,
        /// Who pays.
        pub invoice_customer_name: Option<String>,
        /// The account that ordered, in Crayon's accounting system.
        pub order_customer_id: Option<String>,
        /// Who ordered.
        pub order_customer_name: Option<String>,
        /// The partner's reference.
        pub customer_reference: Option<String>,
        /// The partner's requisition number.
        pub customer_requisition: Option<String>,
        /// When it was issued.
        pub invoice_date: Option<Moment>,
    }

    /// One line of an invoiced order.
    pub struct OrderItem {
        /// The SKU.
        pub sku_value: Option<String>,
        /// What it says.
        pub line_description: Option<String>,
        /// The price of one.
        pub price: Option<Decimal>,
        /// The currency.
        pub currency_code: Option<String>,
        /// The line's total.
        pub row_total: Option<Decimal>,
        /// How many.
        pub quantity: Option<Decimal>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An address of an invoice profile.
    pub struct AddressData {
        /// Its id in Crayon's accounting system.
        pub ax_address_id: Option<i64>,
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
    }

    /// Invoice profiles: what invoices are grouped by, with addresses and references.
    pub struct InvoiceProfile {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// Its name.
        pub name: Option<String>,
        /// The reference on its invoices.
        pub invoice_reference: Option<String>,
        /// The partner's reference.
        pub customer_reference: Option<String>,
        /// The requisition number.
        pub requisition_number: Option<String>,
        /// The invoice address.
        pub invoice_address_id: Option<i64>,
        /// The delivery address.
        pub delivery_address_id: Option<i64>,
        /// The invoice address, in full.
        pub invoice_address: Option<AddressData>,
        /// The delivery address, in full.
        pub delivery_address: Option<AddressData>,
        /// The consumer it is for.
        pub consumer_id: Option<i64>,
        /// The contact person.
        pub contact_person_id: Option<i64>,
    }

    /// A way to group invoice lines.
    pub struct Grouping {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// The invoice profile.
        pub invoice_profile: Option<ObjectReference>,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// When it was made.
        pub created_date: Option<DateTime>,
        /// When it last changed.
        pub modified_date: Option<DateTime>,
        /// Whether it is switched off.
        pub is_disabled: Option<bool>,
        /// Whether it was removed.
        pub is_removed: Option<bool>,
        /// The reference on invoices.
        pub invoice_reference: Option<String>,
    }
}

provider_http::query! {
    /// Which invoice profiles are listed.
    pub struct InvoiceProfileFilter paged(Paging) {
        /// Of this organization: required.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }

    /// Which groupings are listed.
    pub struct GroupingFilter paged(Paging) {
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Removed ones too.
        pub include_removed: Option<bool> = "IncludeRemoved",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }
}
