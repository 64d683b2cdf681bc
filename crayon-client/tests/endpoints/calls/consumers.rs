//! Consumers, accounts at other clouds, and what is around them.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, day, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/Consumers?OrganizationId=7&Search=x&Page=2&PageSize=50",
        c.consumers()
            .list(
                model!(ConsumerFilter { organization_id: Some(7), search: some("x") })
                    .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/Consumers/3", c.consumers().get(3).await);
    case!(
        calls,
        r#"POST /api/v1/Consumers {"Name":"n"}"#,
        c.consumers().create(&model!(Consumer { name: some("n") })).await
    );
    case!(
        calls,
        r#"PUT /api/v1/Consumers/3 {"Id":3}"#,
        c.consumers().update(3, &model!(Consumer { id: 3 })).await
    );
    case!(calls, "DELETE /api/v1/Consumers/3", c.consumers().delete(3).await);
    case!(
        calls,
        "GET /api/v1/ActivityLogs?Entity=Subscription&Id=6&Ids=6&Ids=7&SearchDate=2025-03-01T09%3A00%3A00Z&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&Page=2&PageSize=50",
        c.activity_logs()
            .list(
                model!(ActivityLogFilter {
                    entity: some("Subscription"),
                    id: Some(6),
                    ids: vec![6, 7],
                    search_date: Some(day()),
                    from: Some(day()),
                    to: Some(day())
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/ManagementLinks?SubscriptionIds=6&SubscriptionIds=7&ResellerCustomerIds=5&Page=2&PageSize=50",
        c.management_links()
            .list(
                model!(ManagementLinkFilter { subscription_ids: vec![6, 7], reseller_customer_ids: vec![5] })
                    .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/ManagementLinks/grouped?SubscriptionIds=6&SubscriptionIds=7&ResellerCustomerIds=5&Page=2&PageSize=50",
        c.management_links()
            .list_grouped(
                model!(ManagementLinkFilter { subscription_ids: vec![6, 7], reseller_customer_ids: vec![5] })
                    .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/FacebookOrders/checkout {"ConsumerSignupEmail":"a@example.com","Lines":[{"Sku":"s","Quantity":1}]}"#,
        c.facebook_orders()
            .check_out(&model!(FacebookOrder {
                consumer_signup_email: some("a@example.com"),
                lines: vec![model!(ConsumerOrderLine { sku: some("s"), quantity: Some(1) })]
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/GoogleOrders/checkout {"DomainName":"a.example.com","Lines":[{"Sku":"s","Quantity":1}]}"#,
        c.google_orders()
            .check_out(&model!(GoogleOrder {
                domain_name: some("a.example.com"),
                lines: vec![model!(ConsumerOrderLine { sku: some("s"), quantity: Some(1) })]
            }))
            .await
    );
    case!(
        calls,
        "GET /api/v1/AwsAccounts?OrganizationId=7&PublisherId=2&ConsumerId=3&CustomerTenantType=1&Search=x&Page=2&PageSize=50",
        c.aws_accounts()
            .list(
                model!(CloudAccountFilter {
                    organization_id: Some(7),
                    publisher_id: Some(2),
                    consumer_id: Some(3),
                    customer_tenant_type: Some(CustomerTenantType::T1),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/AwsAccounts/3", c.aws_accounts().get(3).await);
    case!(
        calls,
        r#"PUT /api/v1/AwsAccounts/3 {"Id":3}"#,
        c.aws_accounts().update(3, &model!(CloudAccount { id: 3 })).await
    );
    case!(
        calls,
        "GET /api/v1/CrayonAccounts?OrganizationId=7&PublisherId=2&ConsumerId=3&CustomerTenantType=1&Search=x&Page=2&PageSize=50",
        c.crayon_accounts()
            .list(
                model!(CloudAccountFilter {
                    organization_id: Some(7),
                    publisher_id: Some(2),
                    consumer_id: Some(3),
                    customer_tenant_type: Some(CustomerTenantType::T1),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/CrayonAccounts/3", c.crayon_accounts().get(3).await);
    case!(
        calls,
        r#"POST /api/v1/CrayonAccounts {"Name":"n","ResellerMarkup":1.0}"#,
        c.crayon_accounts()
            .create(&model!(CloudAccount { name: some("n"), reseller_markup: Some("1.0".parse().unwrap()) }))
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/CrayonAccounts/3 {"Id":3}"#,
        c.crayon_accounts().update(3, &model!(CloudAccount { id: 3 })).await
    );
    case!(
        calls,
        "GET /api/v1/BlogItems?count=6&organizationId=0",
        c.blog_items().list(Some(6), Some(0)).await
    );
}
