//! Assets and resellers' prices.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, day, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/Assets?ResellerCustomerId=5&PublisherId=2&ExternalOrderId=o&ExternalOrderIds=o&ExternalOrderIds=p&ReservationId=r&AssetType=2&Status=15&InvoiceProfileId=8&Search=x&SortBy=2&SortOrder=1&Page=2&PageSize=50",
        c.assets()
            .list(
                model!(AssetFilter {
                    reseller_customer_id: Some(5),
                    publisher_id: Some(2),
                    external_order_id: some("o"),
                    external_order_ids: vec!["o".to_owned(), "p".to_owned()],
                    reservation_id: some("r"),
                    asset_type: Some(AssetType::Software),
                    status: Some(AssetStatus::ALL),
                    invoice_profile_id: Some(8),
                    search: some("x"),
                    sort_by: Some(AssetSortBy::ExpirationDate),
                    sort_order: Some(SortOrder::Descending)
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/Assets/3", c.assets().get(3).await);
    case!(
        calls,
        r#"PUT /api/v1/Assets/3 {"Id":3,"Quantity":2,"SalesPrice":9.90}"#,
        c.assets()
            .update(
                3,
                &model!(Asset { id: 3, quantity: Some(2), sales_price: Some("9.90".parse().unwrap()) })
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/Assets/orders?ResellerCustomerId=5&PublisherId=2&ExternalOrderId=o&ExternalOrderIds=o&ExternalOrderIds=p&ReservationId=r&AssetType=2&Status=15&InvoiceProfileId=8&Search=x&SortBy=2&SortOrder=1&Page=2&PageSize=50",
        c.assets()
            .orders(
                model!(AssetFilter {
                    reseller_customer_id: Some(5),
                    publisher_id: Some(2),
                    external_order_id: some("o"),
                    external_order_ids: vec!["o".to_owned(), "p".to_owned()],
                    reservation_id: some("r"),
                    asset_type: Some(AssetType::Software),
                    status: Some(AssetStatus::ALL),
                    invoice_profile_id: Some(8),
                    search: some("x"),
                    sort_by: Some(AssetSortBy::ExpirationDate),
                    sort_order: Some(SortOrder::Descending)
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/Assets/3/tags {"Project":"p"}"#,
        c.assets().create_tags(3, &model!(AssetTags { project: some("p") })).await
    );
    case!(
        calls,
        r#"PUT /api/v1/Assets/3/tags {"Project":"p"}"#,
        c.assets().set_tags(3, &model!(AssetTags { project: some("p") })).await
    );
    case!(calls, "DELETE /api/v1/Assets/3/tags", c.assets().delete_tags(3).await);
    case!(
        calls,
        "GET /api/v1/ResellerSalesPrices?Type=3&ObjectId=6&ObjectType=3&FromDate=2025-03-01T09%3A00%3A00Z",
        c.reseller_sales_prices()
            .list(&model!(ResellerSalesPriceFilter {
                price_for: Some(ResellerSalesPriceType::NCELicense),
                object_id: Some(6),
                object_type: Some(ResellerSalesPriceObjectType::Subscription),
                from_date: Some(day())
            }))
            .await
    );
    case!(
        calls,
        "GET /api/v1/ResellerSalesPrices/current?Type=3&ObjectId=6&ObjectType=3&FromDate=2025-03-01T09%3A00%3A00Z",
        c.reseller_sales_prices()
            .current(&model!(ResellerSalesPriceFilter {
                price_for: Some(ResellerSalesPriceType::NCELicense),
                object_id: Some(6),
                object_type: Some(ResellerSalesPriceObjectType::Subscription),
                from_date: Some(day())
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/ResellerSalesPrices {"ObjectId":6,"Type":1,"PriceType":2,"Value":4.50}"#,
        c.reseller_sales_prices()
            .create(&model!(ResellerSalesPrice {
                object_id: Some(6),
                r#type: Some(ResellerSalesPriceType::License),
                price_type: Some(ResellerSalesPricePriceType::FixedPrice),
                value: Some("4.50".parse().unwrap())
            }))
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/ResellerSalesPrices {"ObjectId":6,"Type":1,"PriceType":2,"Value":4.50}"#,
        c.reseller_sales_prices()
            .update(&model!(ResellerSalesPrice {
                object_id: Some(6),
                r#type: Some(ResellerSalesPriceType::License),
                price_type: Some(ResellerSalesPricePriceType::FixedPrice),
                value: Some("4.50".parse().unwrap())
            }))
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/ResellerSalesPrices/2025-03-01T09%3A00%3A00Z {"ObjectId":6,"Type":1,"PriceType":2,"Value":4.50}"#,
        c.reseller_sales_prices()
            .replace_from(
                "2025-03-01T09:00:00Z",
                &model!(ResellerSalesPrice {
                    object_id: Some(6),
                    r#type: Some(ResellerSalesPriceType::License),
                    price_type: Some(ResellerSalesPricePriceType::FixedPrice),
                    value: Some("4.50".parse().unwrap())
                })
            )
            .await
    );
    case!(
        calls,
        "DELETE /api/v1/ResellerSalesPrices?Type=3&ObjectId=6&ObjectType=3&FromDate=2025-03-01T09%3A00%3A00Z",
        c.reseller_sales_prices()
            .delete(&model!(ResellerSalesPriceFilter {
                price_for: Some(ResellerSalesPriceType::NCELicense),
                object_id: Some(6),
                object_type: Some(ResellerSalesPriceObjectType::Subscription),
                from_date: Some(day())
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/ResellerSalesPrices/toggle {"Toggle":true,"ObjectId":6}"#,
        c.reseller_sales_prices()
            .toggle(&model!(ResellerSalesPriceToggle { toggle: Some(true), object_id: Some(6) }))
            .await
    );
}
