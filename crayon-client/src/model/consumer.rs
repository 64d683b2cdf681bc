//! Consumers, accounts at other clouds, and what is around them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    CustomerTenantContact, CustomerTenantType, EntityStatus, ObjectReference, Organization, SubscriptionTags,
};
use crate::wire::Paging;

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// Who changed what.
    pub struct ActivityLogItem {
        /// What kind of record.
        pub entity: Option<String>,
        /// Which.
        pub id: Option<i64>,
        /// Who.
        pub changed_by: Option<String>,
        /// When.
        pub changed_date: Option<DateTime>,
        /// Which member.
        pub changed_column: Option<String>,
        /// What it was.
        pub changed_from: Option<String>,
        /// What it became.
        pub changed_to: Option<String>,
        /// Further facts.
        pub custom_values: Option<BTreeMap<String,Option<String>>>,
        /// What happened.
        pub change_type: Option<ChangeType>,
    }

    /// A link into a publisher's own portal.
    pub struct ManagementLink {
        /// The address.
        pub link: Option<String>,
        /// What it says.
        pub text: Option<String>,
        /// The tenant.
        pub reseller_customer: Option<ObjectReference>,
        /// The subscription; not in the grouped form.
        pub subscription: Option<ObjectReference>,
    }

    /// News for partners.
    pub struct BlogItem {
        /// The title.
        pub title: Option<String>,
        /// Who wrote it.
        pub author: Option<String>,
        /// What it is about.
        pub description: Option<String>,
        /// A picture.
        pub image: Option<String>,
        /// Where it is.
        pub link: Option<String>,
        /// When it appeared.
        pub publication_date: Option<DateTime>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An end user of licences.
    pub struct Consumer {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// Its legal name.
        pub legal_name: Option<String>,
        /// Whose it is.
        pub organization: Option<ObjectReference>,
    }

    /// An account at another cloud: AWS, or Crayon's own services.
    pub struct CloudAccount {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// Its e-mail address.
        pub email: Option<String>,
        /// The publisher.
        pub publisher: Option<ObjectReference>,
        /// The customer's id at the publisher.
        pub external_publisher_customer_id: Option<String>,
        /// The partner's own reference.
        pub reference: Option<String>,
        /// Whose it is.
        pub customer_tenant_type: Option<CustomerTenantType>,
        /// Whether it was removed.
        pub entity_status: Option<EntityStatus>,
        /// The organization that owns it.
        pub organization: Option<Organization>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<ObjectReference>,
        /// Whether it is in use.
        pub is_activated: Option<bool>,
        /// AWS: the partner's own labels.
        pub tags: Option<SubscriptionTags>,
        /// AWS: who pays.
        pub payer_account_id: Option<String>,
        /// AWS: the account's name there.
        pub aws_account_name: Option<String>,
        /// AWS: how far the set-up is.
        pub master_account_status: Option<AwsMasterAccountStatus>,
        /// Crayon: the contact.
        pub contact: Option<CustomerTenantContact>,
        /// Crayon: the program.
        pub program: Option<ObjectReference>,
        /// Crayon: the partner's markup in per cent.
        pub reseller_markup: Option<Decimal>,
    }

    /// One line of a Google or Facebook order.
    pub struct ConsumerOrderLine {
        /// The publisher.
        pub publisher_id: Option<i64>,
        /// The agreement.
        pub agreement_id: Option<i64>,
        /// The variant, from the price list.
        pub product_variant_id: Option<i64>,
        /// The SKU.
        pub sku: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
    }

    /// An order at Facebook.
    pub struct FacebookOrder {
        /// The partner's contact.
        pub contact_name: Option<String>,
        /// The contact's e-mail address.
        pub contact_email: Option<String>,
        /// The customer's contact.
        pub consumer_contact_name: Option<String>,
        /// The customer's legal name.
        pub consumer_full_legal_name: Option<String>,
        /// The contact's e-mail address.
        pub consumer_contact_email: Option<String>,
        /// The partner's organization.
        pub organization_id: Option<i64>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile_id: Option<i64>,
        /// When it begins.
        pub subscription_start_date: Option<DateTime>,
        /// The address to sign up with.
        pub consumer_signup_email: Option<String>,
        /// Its lines.
        pub lines: Vec<ConsumerOrderLine>,
    }

    /// An order at Google.
    pub struct GoogleOrder {
        /// The partner's contact.
        pub contact_name: Option<String>,
        /// The contact's e-mail address.
        pub contact_email: Option<String>,
        /// The customer's contact.
        pub consumer_contact_name: Option<String>,
        /// The customer's legal name.
        pub consumer_full_legal_name: Option<String>,
        /// The contact's e-mail address.
        pub consumer_contact_email: Option<String>,
        /// The partner's organization.
        pub organization_id: Option<i64>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile_id: Option<i64>,
        /// When it begins.
        pub subscription_start_date: Option<DateTime>,
        /// The domain.
        pub domain_name: Option<String>,
        /// The customer's country.
        pub consumer_country: Option<String>,
        /// Street and number.
        pub consumer_street_address: Option<String>,
        /// City.
        pub consumer_city: Option<String>,
        /// State or province.
        pub consumer_state: Option<String>,
        /// Postal code.
        pub consumer_zip_code: Option<String>,
        /// The customer's phone number.
        pub consumer_phone_number: Option<String>,
        /// The first administrator.
        pub primary_admin_name: Option<String>,
        /// The administrator's account.
        pub primary_admin_user_name: Option<String>,
        /// Its lines.
        pub lines: Vec<ConsumerOrderLine>,
    }
}

numeric_enum! {
    /// What happened to a record.
    pub enum ChangeType {
        /// It was deleted.
        Delete = 1,
        /// It was inserted.
        Insert = 2,
        /// It was updated.
        Update = 3,
    }

    /// How far the set-up of an AWS account is.
    pub enum AwsMasterAccountStatus {
        /// Not specified.
        None = 0,
        /// Active.
        Active = 1,
        /// The customer has to activate it.
        PendingCustomerActivation = 2,
        /// Crayon has to act.
        PendingCrayonAction = 3,
    }
}

provider_http::query! {
    /// Which consumers are listed.
    pub struct ConsumerFilter paged(Paging) {
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }

    /// Which accounts are listed.
    pub struct CloudAccountFilter paged(Paging) {
        /// Of this organization.
        pub organization_id: Option<i64> = "OrganizationId",
        /// Of this publisher.
        pub publisher_id: Option<i64> = "PublisherId",
        /// Of this consumer.
        pub consumer_id: Option<i64> = "ConsumerId",
        /// Of this type.
        pub customer_tenant_type: Option<CustomerTenantType> = "CustomerTenantType",
        /// Found by this text.
        pub search: Option<String> = "Search",
    }

    /// Which changes are listed.
    pub struct ActivityLogFilter paged(Paging) {
        /// Of this kind of record.
        pub entity: Option<String> = "Entity",
        /// Of this record.
        pub id: Option<i64> = "Id",
        /// Of these records.
        pub ids: Vec<i64> = "Ids",
        /// As of this time.
        pub search_date: Option<DateTime<Utc>> = "SearchDate",
        /// From this time on.
        pub from: Option<DateTime<Utc>> = "From",
        /// Up to this time.
        pub to: Option<DateTime<Utc>> = "To",
    }

    /// Which links are listed.
    pub struct ManagementLinkFilter paged(Paging) {
        /// Of these subscriptions.
        pub subscription_ids: Vec<i64> = "SubscriptionIds",
        /// Of these tenants.
        pub reseller_customer_ids: Vec<i64> = "ResellerCustomerIds",
    }
}
