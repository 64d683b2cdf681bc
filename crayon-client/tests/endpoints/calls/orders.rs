//! Orders and purchase requests.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, GUID, day, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        r#"POST /api/v1/Subscriptions/new-commerce-orders {"CustomerTenantId":5,"PartNumber":"CFQ7TTC0LH18:0001","BillingCycle":5,"TermDuration":"P3Y","Quantity":12,"CustomTermEndDate":"2025-03-01T09:00:00Z","ScheduledDate":"2025-03-01"}"#,
        c.subscriptions()
            .order(&model!(NewCommerceOrder {
                customer_tenant_id: Some(5),
                part_number: some("CFQ7TTC0LH18:0001"),
                billing_cycle: Some(BillingCycleType::Triennial),
                term_duration: Some(TermDuration::ThreeYears),
                quantity: Some(12),
                custom_term_end_date: Some(day()),
                scheduled_date: Some(day().date_naive())
            }))
            .await
    );
    case!(
        calls,
        "GET /api/v1/Subscriptions/new-commerce-orders/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22",
        c.subscriptions().of_order(GUID).await
    );
    case!(
        calls,
        r#"POST /api/v1/purchaserequest/verify {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .verify(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/purchaserequest/checkout {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .check_out(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/Assets/verify {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .verify_by_old_path(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/Assets/checkout {"ResellerCustomerId":51001,"InvoiceProfileId":80001,"OrderLines":[{"ProductId":"CFQ7TTC0LH18","SkuId":"0001","ProductVariantId":2600001,"Quantity":12,"BillingCycle":1,"TermDuration":"P1Y","Type":3}]}"#,
        c.purchase_requests()
            .check_out_by_old_path(&model!(PurchaseRequestOrder {
                reseller_customer_id: Some(51001),
                invoice_profile_id: Some(80001),
                order_lines: vec![model!(PurchaseRequestLine {
                    product_id: some("CFQ7TTC0LH18"),
                    sku_id: some("0001"),
                    product_variant_id: Some(2_600_001),
                    quantity: Some(12),
                    billing_cycle: Some(BillingCycleType::Monthly),
                    term_duration: Some(TermDuration::OneYear),
                    r#type: Some(AssetType::Subscription)
                })]
            }))
            .await
    );
    case!(
        calls,
        "GET /api/v1/scheduledpurchaserequest?ResellerCustomerId=5&SortOrder=0&Page=2&PageSize=50",
        c.scheduled_purchase_requests()
            .list(
                model!(ScheduledPurchaseFilter {
                    reseller_customer_id: Some(5),
                    sort_order: Some(SortOrder::Ascending)
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        "PUT /api/v1/scheduledpurchaserequest/cancel-order/ref%2F1/2",
        c.scheduled_purchase_requests().cancel("ref/1", 2).await
    );
}
