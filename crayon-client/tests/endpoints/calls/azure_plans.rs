//! Azure plans and files of their usage.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/AzureUsage/1700/azureSubscriptions/2900/monthlyUsage?year=2025&month=2&includeBom=1",
        c.azure_usage().monthly(1700, 2900, 2025, 2, Some(1)).await
    );
    case!(calls, "GET /api/v1/AzurePlans/1700", c.azure_plans().get(1700).await);
    case!(
        calls,
        "GET /api/v1/AzurePlans/1700/azureSubscriptions?Search=a%20b%26c&Page=2&PageSize=50",
        c.azure_plans()
            .subscriptions(1700, model!(SearchFilter { search: some("a b&c") }).page(Paging::first(50).at(2)))
            .await
    );
    case!(
        calls,
        "GET /api/v1/AzurePlans/1700/azureSubscriptions/2900",
        c.azure_plans().subscription(1700, 2900).await
    );
    case!(
        calls,
        r#"POST /api/v1/AzurePlans/1700/azureSubscriptions {"Name":"n"}"#,
        c.azure_plans().create_subscription(1700, &model!(NewAzureSubscription { name: some("n") })).await
    );
    case!(
        calls,
        r#"PUT /api/v1/AzurePlans/1700/azureSubscriptions/2900 {"Id":2900,"Tags":{"Owner":"o"}}"#,
        c.azure_plans()
            .update_subscription(
                1700,
                2900,
                &model!(AzureSubscriptionUpdate {
                    id: Some(2900),
                    tags: Some(model!(AzureSubscriptionTags { owner: some("o") }))
                })
            )
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/AzurePlans/1700/azureSubscriptions/2900/assign-unique-admin {"AdminEmail":"a@example.com"}"#,
        c.azure_plans()
            .assign_admin(1700, 2900, &model!(AzureSubscriptionAdmin { admin_email: some("a@example.com") }))
            .await
    );
    case!(
        calls,
        "POST /api/v1/AzurePlans/1700/azureSubscriptions/2900/cancel",
        c.azure_plans().cancel_subscription(1700, 2900).await
    );
    case!(
        calls,
        "POST /api/v1/AzurePlans/1700/azureSubscriptions/2900/enable",
        c.azure_plans().enable_subscription(1700, 2900).await
    );
    case!(
        calls,
        r#"PATCH /api/v1/AzurePlans/1700/azureSubscriptions/2900/rename {"Name":"n"}"#,
        c.azure_plans()
            .rename_subscription(1700, 2900, &model!(AzureSubscriptionRename { name: some("n") }))
            .await
    );
}
