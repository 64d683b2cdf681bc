//! Subscriptions.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, GUID, document, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/Subscriptions?OrganizationId=7&CustomerTenantId=5&PublisherId=2&Statuses=67&IsTrial=false&RegisteredForReservedInstance=true&Search=x&publisherCustomerId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&sync=true&SortBy=3&SortOrder=1&Page=2&PageSize=50",
        c.subscriptions()
            .list(
                model!(SubscriptionFilter {
                    organization_id: Some(7),
                    customer_tenant_id: Some(5),
                    publisher_id: Some(2),
                    statuses: Some(
                        SubscriptionStatus::ACTIVE
                            | SubscriptionStatus::SUSPENDED
                            | SubscriptionStatus::PENDING
                    ),
                    is_trial: Some(false),
                    registered_for_reserved_instance: Some(true),
                    search: some("x"),
                    publisher_customer_id: some(GUID),
                    sync: Some(true),
                    sort_by: Some(SubscriptionSortBy::EndDate),
                    sort_order: Some(SortOrder::Descending)
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/Subscriptions/6", c.subscriptions().get(6).await);
    case!(calls, "GET /api/v1/Subscriptions/6", c.subscriptions().document(6).await);
    case!(
        calls,
        r#"POST /api/v1/Subscriptions {"Name":"Azure plan","CustomerTenant":{"Id":5},"Product":{"PartNumber":"DZH318Z0BPS6:0001"},"Quantity":1,"BillingCycle":8,"TermDuration":"P3Y"}"#,
        c.subscriptions()
            .create(&model!(NewSubscription {
                name: some("Azure plan"),
                customer_tenant: Some(model!(CustomerTenantReference { id: 5 })),
                product: Some(model!(ProductReference { part_number: some("DZH318Z0BPS6:0001") })),
                quantity: Some(1),
                billing_cycle: Some(BillingCycleEnum::ThreeYears),
                term_duration: Some(TermDuration::ThreeYears)
            }))
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/Subscriptions/6 {"Id":6,"Quantity":15}"#,
        c.subscriptions().update(6, &document(r#"{"Id":6,"Quantity":15}"#)).await
    );
    case!(
        calls,
        r#"POST /api/v1/Subscriptions/6/next-term-instructions {"BillingCycle":2,"Quantity":3}"#,
        c.subscriptions()
            .instruct_next_term(
                6,
                &model!(NextTermInstructions {
                    quantity: Some(3),
                    billing_cycle: Some(BillingCycleType::Annual)
                })
            )
            .await
    );
    case!(
        calls,
        "GET /api/v2/Subscriptions/coterminosity?OrganizationId=7&CustomerTenantId=5&TermDuration=P1Y&SubscriptionId=6",
        c.subscriptions().coterminosity(7, 5, "P1Y", Some(6)).await
    );
    case!(
        calls,
        "GET /api/v1/Subscriptions/coterminosity?OrganizationId=7&CustomerTenantId=5&TermDuration=P1Y",
        c.subscriptions().coterminosity_v1(7, 5, "P1Y", None).await
    );
    case!(
        calls,
        "GET /api/v1/Subscriptions/6/term-immediate-change-options",
        c.subscriptions().immediate_change_options(6).await
    );
    case!(calls, "GET /api/v1/Subscriptions/6/price", c.subscriptions().price(6).await);
    case!(
        calls,
        "GET /api/v1/Subscriptions/6/transition-eligibilities/immediate",
        c.subscriptions().transition_eligibilities(6, "immediate").await
    );
    case!(
        calls,
        "GET /api/v1/Subscriptions/6/transition-eligibilities",
        c.subscriptions().all_transition_eligibilities(6).await
    );
    case!(calls, "GET /api/v1/Subscriptions/6/transitions", c.subscriptions().transitions(6).await);
    case!(
        calls,
        r#"POST /api/v1/Subscriptions/6/transition {"ToCatalogItemId":"A:1:B","TransitionType":"transition_only","Quantity":2,"BillingCycle":1,"Term":"P1Y"}"#,
        c.subscriptions()
            .transition(
                6,
                &model!(SubscriptionTransition {
                    to_catalog_item_id: some("A:1:B"),
                    transition_type: some("transition_only"),
                    quantity: Some(2),
                    billing_cycle: Some(BillingCycleEnum::Monthly),
                    term: Some(TermDuration::OneYear)
                })
            )
            .await
    );
    case!(calls, "GET /api/v1/Subscriptions/6/conversions", c.subscriptions().conversions(6).await);
    case!(
        calls,
        r#"POST /api/v1/Subscriptions/6/conversions {"Quantity":1,"TargetOfferId":"o"}"#,
        c.subscriptions()
            .convert(6, &model!(SubscriptionConversion { target_offer_id: some("o"), quantity: Some(1) }))
            .await
    );
    case!(calls, "GET /api/v1/Subscriptions/6/addon-offers", c.subscriptions().add_on_offers(6).await);
    case!(
        calls,
        r#"POST /api/v1/Subscriptions/6/addons {"Quantity":1,"OfferId":"o"}"#,
        c.subscriptions().add(6, &model!(NewAddOn { quantity: Some(1), offer_id: some("o") })).await
    );
    case!(calls, "GET /api/v1/Subscriptions/6/tags", c.subscriptions().tags(6).await);
    case!(
        calls,
        r#"POST /api/v1/Subscriptions/6/tags {"CostCenter":"CC-1"}"#,
        c.subscriptions().set_tags(6, &model!(SubscriptionTags { cost_center: some("CC-1") })).await
    );
    case!(calls, "DELETE /api/v1/Subscriptions/6/tags", c.subscriptions().delete_tags(6).await);
    case!(calls, "GET /api/v1/Subscriptions/6/activationlink", c.subscriptions().activation_link(6).await);
    case!(
        calls,
        "GET /api/v1/Subscriptions/true/subscriptionId/6",
        c.subscriptions().is_registered_for_reservations(true, 6).await
    );
    case!(
        calls,
        "POST /api/v1/Subscriptions/false/subscriptionId/6",
        c.subscriptions().register_for_reservations(false, 6).await
    );
    case!(calls, "GET /api/v1/Subscriptions/subscriptionpricetypes", c.subscriptions().price_types().await);
}
