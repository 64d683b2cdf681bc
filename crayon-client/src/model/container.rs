//! Product containers: drafts, requests, quotes, reports.

use chrono::{DateTime, Utc};

use super::{
    AddressData, Grouping, InvoiceProfile, Money, ObjectReference, PriceCalculationType, ProductReference,
    Program, ReportedAgreement, UserProfile,
};
use crate::wire::Paging;

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// A person in a product container.
    pub struct ProductContainerUser {
        /// The user's GUID.
        pub id: Option<String>,
        /// The name it signs in with.
        pub user_name: Option<String>,
        /// First name.
        pub first_name: Option<String>,
        /// Last name.
        pub last_name: Option<String>,
        /// Whether it works for Crayon.
        pub crayon_employee: Option<bool>,
    }

    /// What is wrong.
    pub struct ProductContainerIssue {
        /// The reason's code.
        pub code: Option<String>,
        /// In words.
        pub message: Option<String>,
    }

    /// A comment, or a step in its history.
    pub struct ProductContainerComment {
        /// Its id.
        pub id: i64,
        /// Where it stands.
        pub product_container_id: Option<i64>,
        /// Who wrote it.
        pub user: Option<ProductContainerUser>,
        /// What it says.
        pub message: Option<String>,
        /// When.
        pub time_stamp: Option<DateTime>,
        /// When it last changed.
        pub modified: Option<DateTime>,
        /// Whether it was removed.
        pub removed: Option<bool>,
        /// What it records.
        pub product_container_comment_type: Option<ProductContainerCommentType>,
    }

    /// One row.
    pub struct ProductRow {
        /// Its id.
        pub id: i64,
        /// Where it stands.
        pub product_container_id: Option<i64>,
        /// How many.
        pub quantity: Option<i64>,
        /// A comment.
        pub comment: Option<String>,
        /// Where it is used.
        pub usage_country_code: Option<String>,
        /// What the partner pays for one.
        pub sales_unit_price: Option<Money>,
        /// The same in another unit.
        pub alternative_sales_unit_price: Option<Money>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
        /// The program.
        pub program: Option<ObjectReference>,
        /// The agreement.
        pub agreement: Option<ReportedAgreement>,
        /// The product.
        pub product: Option<ProductReference>,
        /// Who added it.
        pub user: Option<ProductContainerUser>,
        /// The variant.
        pub product_variant: Option<ObjectReference>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<ObjectReference>,
        /// How its invoice lines are grouped.
        pub grouping: Option<Grouping>,
        /// What is wrong with it.
        pub issues: Vec<ProductContainerIssue>,
        /// The type of offering.
        pub offering_type: Option<String>,
        /// How the price is worked out.
        pub price_calculation: Option<PriceCalculationType>,
        /// The reference on invoices.
        pub invoice_reference: Option<String>,
        /// The partner's reference.
        pub customer_reference: Option<String>,
        /// The price in another unit.
        pub sales_price_per_alternative_unit: Option<Decimal>,
        /// The price level.
        pub level_value: Option<Decimal>,
    }

    /// A draft, request, order, quote or template.
    pub struct ProductContainer {
        /// Its id.
        pub id: i64,
        /// The order list.
        pub order_list_id: Option<i64>,
        /// A note.
        pub note: Option<String>,
        /// The month it reports.
        pub usage_month: Option<DateTime>,
        /// Its name.
        pub name: Option<String>,
        /// Whether it is being worked on.
        pub active_draft: Option<bool>,
        /// Whether it was removed.
        pub removed: Option<bool>,
        /// Who made it.
        pub created_by_user_id: Option<String>,
        /// The contact person's id in Crayon's accounting system.
        pub ax_contact_user_id: Option<String>,
        /// When it was made.
        pub created_date: Option<DateTime>,
        /// When its status last changed.
        pub order_status_changed_date: Option<DateTime>,
        /// The contact person.
        pub contact_user: Option<UserProfile>,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
        /// The program.
        pub program: Option<Program>,
        /// Its rows.
        pub product_rows: Vec<ProductRow>,
        /// Its comments.
        pub comments: Vec<ProductContainerComment>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<InvoiceProfile>,
        /// The delivery address.
        pub delivery_address: Option<AddressData>,
        /// The invoice address.
        pub invoice_address: Option<AddressData>,
        /// What it is.
        #[serde(rename = "Type")]
        pub r#type: Option<ProductContainerType>,
        /// What it is about.
        pub category: Option<ProductContainerCategory>,
        /// Until when the quote holds.
        pub quote_valid_to_date: Option<DateTime>,
        /// What the partner pays, by currency.
        pub total_sales_price: Vec<Money>,
        /// The same in other units.
        pub total_alternative_sales_price: Vec<Money>,
        /// What is wrong with it.
        pub issues: Vec<ProductContainerIssue>,
        /// Who submitted it.
        pub submitted_by: Option<ProductContainerUser>,
        /// When it was sent.
        pub sent: Option<DateTime>,
        /// The reference on invoices.
        pub invoice_reference: Option<String>,
        /// The partner's reference.
        pub order_reference: Option<String>,
        /// The requisition number.
        pub requisition: Option<String>,
    }

    /// What can be changed of a row.
    pub struct ProductRowPatch {
        /// Its id.
        pub id: Option<i64>,
        /// How many.
        pub quantity: Option<i64>,
        /// A comment.
        pub comment: Option<String>,
        /// Where it is used.
        pub usage_country_code: Option<String>,
        /// Who uses it.
        pub user_id: Option<String>,
        /// The agreement.
        pub agreement: Option<ObjectReference>,
        /// The variant.
        pub product_variant: Option<ObjectReference>,
        /// How its invoice lines are grouped.
        pub grouping: Option<ObjectReference>,
    }
}

numeric_enum! {
    /// What a product container is about.
    pub enum ProductContainerCategory {
        /// Not specified.
        None = 0,
        /// Seats.
        Seat = 1,
        /// Reports.
        Report = 2,
    }
}

flags! {
    /// What a product container is.
    pub struct ProductContainerType {
        /// Not specified.
        NONE = 0,
        /// A draft.
        DRAFT = 1,
        /// A request.
        REQUEST = 2,
        /// An order.
        ORDER = 4,
        /// A quote.
        QUOTE = 8,
        /// A template.
        TEMPLATE = 16,
    }

    /// What a comment on a product container records.
    pub struct ProductContainerCommentType {
        /// Not specified.
        NONE = 0,
        /// A comment by a person.
        COMMENT = 1,
        /// A draft was made.
        DRAFT_CREATED = 2,
        /// A draft was changed.
        DRAFT_MODIFIED = 4,
        /// A quote was made.
        QUOTE_CREATED = 8,
        /// A quote was changed.
        QUOTE_MODIFIED = 16,
        /// A request was made.
        REQUEST_CREATED = 32,
        /// A request was changed.
        REQUEST_MODIFIED = 64,
        /// An order was submitted.
        ORDER_SUBMITTED = 128,
        /// An order was invoiced.
        ORDER_INVOICED = 256,
        /// It was removed.
        REMOVED = 512,
        /// A template was made.
        TEMPLATE_CREATED = 1024,
        /// A template was changed.
        TEMPLATE_MODIFIED = 2048,
        /// A request was declined.
        REQUEST_DECLINED = 4096,
        /// The system says something.
        SYSTEM_MESSAGE = 8190,
    }
}

provider_http::query! {
    /// Which product containers are listed.
    pub struct ProductContainerFilter paged(Paging) {
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Found by this text.
        pub search: Option<String> = "Search",
        /// That are being worked on.
        pub active_draft: Option<bool> = "ActiveDraft",
        /// Of this program.
        pub program_id: Option<i64> = "ProgramId",
        /// Of this year.
        pub year: Option<i64> = "Year",
        /// Of this month.
        pub month: Option<i64> = "Month",
        /// Of this user.
        pub user_id: Option<String> = "UserId",
        /// Sent by this user.
        pub sent_by_user_id: Option<String> = "SentByUserId",
        /// Of this type.
        pub container_type: Option<ProductContainerType> = "Type",
        /// About this.
        pub category: Option<ProductContainerCategory> = "Category",
        /// From this time on.
        pub from: Option<DateTime<Utc>> = "From",
        /// Up to this time.
        pub to: Option<DateTime<Utc>> = "To",
        /// Removed ones too.
        pub include_removed: Option<bool> = "IncludeRemoved",
        /// Those of organizations below too.
        pub include_subsidiaries: Option<bool> = "IncludeSubsidiaries",
    }

    /// Which month to report.
    pub struct MonthlyReportFilter {
        /// For this organization.
        pub organization_id: Option<i64> = "organizationId",
        /// For this program.
        pub program_id: Option<i64> = "programId",
        /// The year.
        pub year: Option<i64> = "year",
        /// The month.
        pub month: Option<i64> = "month",
        /// With the rows of the month before.
        pub copy_last: Option<bool> = "copyLast",
    }
}
