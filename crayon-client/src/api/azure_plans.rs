//! Azure plans, the subscriptions in them, and files of their usage.

use provider_core::{Error, Result};
use provider_http::{Downloaded, RequestSpec};
use secrecy::ExposeSecret;
use tokio::io::AsyncWrite;

use crate::client::CrayonClient;
use crate::model::{
    AzurePlan, AzureSubscription, AzureSubscriptionAdmin, AzureSubscriptionRename, AzureSubscriptionUpdate,
    AzureSubscriptionUpdated, MonthlyUsage, NewAzureSubscription, SearchFilter, UsageFile,
};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Azure plans and the subscriptions in them.
    AzurePlans as azure_plans {
        /// One plan.
        get "/api/v1/AzurePlans/{plan}" => get(plan: i64) -> record AzurePlan;
        /// One page of the subscriptions of a plan.
        get "/api/v1/AzurePlans/{plan}/azureSubscriptions" => subscriptions(plan: i64) query(query: SearchFilter, paging: Paging) -> list Listed<AzureSubscription>;
        /// One subscription of a plan.
        get "/api/v1/AzurePlans/{plan}/azureSubscriptions/{id}" => subscription(plan: i64, id: i64) -> record AzureSubscription;
        /// Creates a subscription. It is accepted at once and appears later.
        post "/api/v1/AzurePlans/{plan}/azureSubscriptions" => create_subscription(plan: i64) body(subscription: &NewAzureSubscription) -> done ();
        /// Changes a subscription.
        put "/api/v1/AzurePlans/{plan}/azureSubscriptions/{id}" => update_subscription(plan: i64, id: i64) body(subscription: &AzureSubscriptionUpdate) -> record AzureSubscription;
        /// Gives a subscription an administrator.
        put "/api/v1/AzurePlans/{plan}/azureSubscriptions/{id}/assign-unique-admin" => assign_admin(plan: i64, id: i64) body(admin: &AzureSubscriptionAdmin) -> confirm bool;
        /// Cancels a subscription.
        post "/api/v1/AzurePlans/{plan}/azureSubscriptions/{id}/cancel" => cancel_subscription(plan: i64, id: i64) -> record AzureSubscriptionUpdated;
        /// Enables a cancelled subscription again.
        post "/api/v1/AzurePlans/{plan}/azureSubscriptions/{id}/enable" => enable_subscription(plan: i64, id: i64) -> record AzureSubscriptionUpdated;
        /// Renames a subscription.
        patch "/api/v1/AzurePlans/{plan}/azureSubscriptions/{id}/rename" => rename_subscription(plan: i64, id: i64) body(rename: &AzureSubscriptionRename) -> record AzureSubscriptionUpdated;
    }

    /// Files of Azure usage.
    AzureUsage as azure_usage {
        /// Where the usage of a month is found: a signed address that works for half an hour.
        get "/api/v1/AzureUsage/{plan}/azureSubscriptions/{subscription}/monthlyUsage" => monthly(plan: i64, subscription: i64) with(year: i32 = "year", month: u32 = "month", include_bom: Option<i32> = "includeBom") -> json MonthlyUsage;
    }
}

impl AzureUsage {
    /// Streams the file behind a signed address to a writer, as [`monthly`](Self::monthly) answers one: a `GET` of that
    /// address. The address is its own credential: no token is sent to it.
    ///
    /// # Errors
    /// `InvalidInput` when the record holds no address; any error of the download.
    pub async fn download<W>(&self, file: &UsageFile, sink: &mut W) -> Result<Downloaded>
    where
        W: AsyncWrite + Unpin + Send + ?Sized,
    {
        let url = file.url.as_ref().map(|url| url.expose_secret().parse());
        // The parser's reason is left out: it may quote the signature.
        let Some(Ok(url)) = url else { return Err(Error::invalid_input("url", "is no address")) };
        let spec = RequestSpec::absolute(http::Method::GET, url, "azure usage file").without_credential();
        self.client.download(spec, sink, &self.call).await
    }
}
