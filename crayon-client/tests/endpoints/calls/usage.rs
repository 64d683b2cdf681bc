//! What usage costs.

use crayon_client::model::*;

use super::{Calls, GUID, day, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/UsageCost/organization/7?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_organization(7, day(), day()).await
    );
    case!(
        calls,
        r#"POST /api/v1/UsageCost/getForSubscription {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_subscription(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/UsageCost/getForCategory {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","Category":"a/b","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_category(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                category: some("a/b"),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/UsageCost/getForSubcategory {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","Category":"a/b","Subcategory":"s","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_subcategory(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                category: some("a/b"),
                subcategory: some("s"),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/UsageCost/getForSubscription/resourceGroups {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .by_resource_group(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/UsageCost/getForResourceGroup {"ResellerCustomerId":5,"SubscriptionId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","ResourceGroup":"rg","CurrencyCode":"EUR","From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}"#,
        c.usage_costs()
            .of_resource_group(&model!(UsageCostRequest {
                reseller_customer_id: Some(5),
                subscription_id: some(GUID),
                resource_group: some("rg"),
                currency_code: some("EUR"),
                from: Some(day()),
                to: Some(day())
            }))
            .await
    );
    case!(
        calls,
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_subscription_by_path(5, GUID, "EUR", day(), day()).await
    );
    case!(
        calls,
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/currency/EUR/resourceGroups?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().by_resource_group_by_path(5, GUID, "EUR", day(), day()).await
    );
    case!(
        calls,
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/category/a%20b/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_category_by_path(5, GUID, "a b", "EUR", day(), day()).await
    );
    case!(
        calls,
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/category/a/subcategory/s/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_subcategory_by_path(5, GUID, "a", "s", "EUR", day(), day()).await
    );
    case!(
        calls,
        "GET /api/v1/UsageCost/resellerCustomer/5/subscription/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/resourceGroup/rg/currency/EUR?from=2025-03-01T09%3A00%3A00Z&to=2025-03-01T09%3A00%3A00Z",
        c.usage_costs().of_resource_group_by_path(5, GUID, "rg", "EUR", day(), day()).await
    );
}
