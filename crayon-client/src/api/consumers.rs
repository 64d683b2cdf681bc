//! Consumers, accounts at other clouds, and what is around them.

use crate::client::CrayonClient;
use crate::model::{
    ActivityLogFilter, ActivityLogItem, BlogItem, CloudAccount, CloudAccountFilter, Consumer, ConsumerFilter,
    FacebookOrder, GoogleOrder, ManagementLink, ManagementLinkFilter,
};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// End users of licences.
    Consumers as consumers {
        /// One page of consumers.
        get "/api/v1/Consumers" => list() query(query: ConsumerFilter, paging: Paging) -> list Listed<Consumer>;
        /// One consumer.
        get "/api/v1/Consumers/{id}" => get(id: i64) -> record Consumer;
        /// Creates a consumer.
        post "/api/v1/Consumers" => create() body(consumer: &Consumer) -> record Consumer;
        /// Replaces a consumer.
        put "/api/v1/Consumers/{id}" => update(id: i64) body(consumer: &Consumer) -> record Consumer;
        /// Deletes a consumer.
        delete "/api/v1/Consumers/{id}" => delete(id: i64) -> confirm bool;
    }

    /// Who changed what.
    ActivityLogs as activity_logs {
        /// One page of changes of records of one kind.
        get "/api/v1/ActivityLogs" => list() query(query: ActivityLogFilter, paging: Paging) -> list Listed<ActivityLogItem>;
    }

    /// Links into publishers' own portals.
    ManagementLinks as management_links {
        /// One page of links by subscription.
        get "/api/v1/ManagementLinks" => list() query(query: ManagementLinkFilter, paging: Paging) -> list Listed<ManagementLink>;
        /// One page of links by tenant.
        get "/api/v1/ManagementLinks/grouped" => list_grouped() query(query: ManagementLinkFilter, paging: Paging) -> list Listed<ManagementLink>;
    }

    /// Orders at Facebook.
    FacebookOrders as facebook_orders {
        /// Places an order.
        post "/api/v1/FacebookOrders/checkout" => check_out() body(order: &FacebookOrder) -> done ();
    }

    /// Orders at Google.
    GoogleOrders as google_orders {
        /// Places an order.
        post "/api/v1/GoogleOrders/checkout" => check_out() body(order: &GoogleOrder) -> done ();
    }

    /// Accounts at AWS.
    AwsAccounts as aws_accounts {
        /// One page of accounts.
        get "/api/v1/AwsAccounts" => list() query(query: CloudAccountFilter, paging: Paging) -> list Listed<CloudAccount>;
        /// One account.
        get "/api/v1/AwsAccounts/{id}" => get(id: i64) -> record CloudAccount;
        /// Replaces an account.
        put "/api/v1/AwsAccounts/{id}" => update(id: i64) body(account: &CloudAccount) -> record CloudAccount;
    }

    /// Accounts for Crayon's own services.
    CrayonAccounts as crayon_accounts {
        /// One page of accounts.
        get "/api/v1/CrayonAccounts" => list() query(query: CloudAccountFilter, paging: Paging) -> list Listed<CloudAccount>;
        /// One account.
        get "/api/v1/CrayonAccounts/{id}" => get(id: i64) -> record CloudAccount;
        /// Creates an account.
        post "/api/v1/CrayonAccounts" => create() body(account: &CloudAccount) -> record CloudAccount;
        /// Replaces an account.
        put "/api/v1/CrayonAccounts/{id}" => update(id: i64) body(account: &CloudAccount) -> record CloudAccount;
    }

    /// News for partners.
    BlogItems as blog_items {
        /// The newest items, `count` of them.
        get "/api/v1/BlogItems" => list() with(count: Option<i64> = "count", organization: Option<i64> = "organizationId") -> list Listed<BlogItem>;
    }
}
