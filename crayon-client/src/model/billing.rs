//! Billing statements: what will be or was invoiced.

use chrono::{DateTime, Utc};

use super::{Money, ObjectReference, ProvisionType, query};

wire! {
    /// What an invoice profile owes for a month, by kind of provision. No claim of its own: the invoice is.
    pub struct BillingStatement {
        /// Its id.
        pub id: i64,
        /// What statements of one month, currency and kind share.
        pub group_id: Option<i64>,
        /// The total the partner pays.
        pub total_sales_price: Option<Money>,
        /// The invoice profile.
        pub invoice_profile: Option<ObjectReference>,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// The first day.
        pub start_date: Option<DateTime>,
        /// The first day after it.
        pub end_date: Option<DateTime>,
        /// What kind of provision.
        pub provision_type: Option<ProvisionType>,
        /// The order it shares with the invoice.
        pub order_id: Option<NumberOrText>,
    }

    /// A file in a JSON answer.
    pub struct BillingFile {
        /// What it belongs to.
        pub billing_statement: Option<BillingStatement>,
        /// Its name: a split file ends in `.zip` whatever was asked for.
        pub file_name: Option<String>,
        /// Its bytes in base64.
        pub data: Option<String>,
    }
}

query! {
    /// Which statements are listed.
    pub struct BillingStatementQuery {
        /// Of this organization: required.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Of this invoice profile.
        pub invoice_profile_id: Option<i64> = "InvoiceProfileId",
        /// Of this kind.
        pub provision_type: Option<ProvisionType> = "ProvisionType",
        /// From this time on.
        pub from: Option<DateTime<Utc>> = "From",
        /// Up to this time.
        pub to: Option<DateTime<Utc>> = "To",
    }
}
