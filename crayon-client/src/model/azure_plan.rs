//! Azure plans and the subscriptions in them.

use super::{CustomerTenantReference, ObjectReference, SubscriptionStatus};

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// An Azure plan.
    pub struct AzurePlan {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
        /// Its id at the publisher.
        pub publisher_subscription_id: Option<String>,
        /// Its status.
        pub status: Option<SubscriptionStatus>,
        /// Whether reservations may use it.
        pub registered_for_reserved_instance: Option<bool>,
        /// The partner's organization.
        pub organization: Option<ObjectReference>,
        /// The tenant whose it is.
        pub customer_tenant: Option<CustomerTenantReference>,
    }

    /// A subscription in an Azure plan.
    pub struct AzureSubscription {
        /// Its id.
        pub id: i64,
        /// The plan.
        pub azure_plan_id: Option<i64>,
        /// Its id at the publisher.
        pub publisher_subscription_id: Option<String>,
        /// Its name.
        pub friendly_name: Option<String>,
        /// Its status in the publisher's words, such as `active`.
        pub status: Option<String>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<ObjectReference>,
        /// The partner's own labels.
        pub tags: Option<AzureSubscriptionTags>,
    }

    /// Which Azure subscription was changed.
    pub struct AzureSubscriptionUpdated {
        /// Its id.
        pub azure_subscription_id: Option<String>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// The partner's own labels of an Azure subscription.
    pub struct AzureSubscriptionTags {
        /// Cost centre.
        pub cost_center: Option<String>,
        /// Department.
        pub department: Option<String>,
        /// Project.
        pub project: Option<String>,
        /// Anything.
        pub custom: Option<String>,
        /// Owner.
        pub owner: Option<String>,
    }

    /// An Azure subscription to make.
    pub struct NewAzureSubscription {
        /// Its name.
        pub name: Option<String>,
    }

    /// What can be changed of an Azure subscription.
    pub struct AzureSubscriptionUpdate {
        /// Its id.
        pub id: Option<i64>,
        /// The invoice profile, which its invoices are grouped by.
        pub invoice_profile: Option<ObjectReference>,
        /// The partner's own labels.
        pub tags: Option<AzureSubscriptionTags>,
    }

    /// A new administrator of an Azure subscription.
    pub struct AzureSubscriptionAdmin {
        /// The plan.
        pub azure_plan_id: Option<i64>,
        /// The subscription.
        pub azure_subscription_id: Option<i64>,
        /// The administrator.
        pub admin_email: Option<String>,
    }

    /// A new name for an Azure subscription.
    pub struct AzureSubscriptionRename {
        /// The plan.
        pub azure_plan_id: Option<i64>,
        /// The subscription.
        pub azure_subscription_id: Option<i64>,
        /// The name.
        pub name: Option<String>,
    }
}
