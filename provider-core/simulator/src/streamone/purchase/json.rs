//! Orders on the wire.

use serde_json::{Value, json};

use super::record::{Order, OrderError, OrderItem};
use crate::streamone::catalog::providers::provider;
use crate::streamone::catalog::record::Catalog;
use crate::streamone::engine::settings::{CURRENCY, INTEGRATION_USER};
use crate::streamone::engine::wire::{double, int64, maybe, merge, timestamp};
use crate::streamone::state::State;

/// The record of lists and single reads.
pub(crate) fn order_json(state: &State, order: &Order) -> Value {
    let name = format!("{}/orders/{}", state.customer_name(order.customer), order.id);
    let items: Vec<Value> =
        order.items.iter().map(|item| item_json(&state.catalog, order, item, &name)).collect();
    let settled = matches!(order.status, "COMPLETED" | "ERROR");
    let cart = order.cart.map(|cart| format!("customers/{}/carts/{cart}", order.customer));
    json!({
        "name": name,
        "orderId": int64(order.id),
        "accountId": int64(state.account),
        "customerId": int64(order.customer),
        "referenceId": maybe(order.reference.as_deref().or(cart.as_deref())),
        "displayName": maybe(order.display_name.as_deref()),
        "userId": int64(INTEGRATION_USER.id),
        "userName": INTEGRATION_USER.name,
        "userEmail": INTEGRATION_USER.email,
        "status": order.status,
        "currencyCode": CURRENCY,
        "total": double(order.total()),
        "cartId": order.cart.map(int64),
        "errors": errors_json(&order.errors),
        "orderItems": items,
        "provisioningInfo": settled.then(|| json!({
            "processId": format!("proc-{}", order.id),
            "processName": "provisioning",
        })),
        "createTime": timestamp(order.created),
        "updateTime": timestamp(order.updated),
    })
}

fn errors_json(errors: &[OrderError]) -> Vec<Value> {
    errors
        .iter()
        .map(|error| {
            json!({
                "code": error.code,
                "detail": error.detail,
                "sourceName": "provisioning",
                "instancePath": error.path,
            })
        })
        .collect()
}

fn pairs(attributes: &[(String, String)]) -> Vec<Value> {
    attributes.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn item_json(catalog: &Catalog, order: &Order, item: &OrderItem, order_name: &str) -> Value {
    let add_ons: Vec<Value> = item
        .add_ons
        .iter()
        .map(|line| {
            json!({
                "id": line.id,
                "addOnId": line.add_on,
                "planId": line.plan,
                "action": line.action.word(),
                "quantity": line.quantity,
            })
        })
        .collect();
    let cart_reference = item.cart_item.map(|id| format!("customers/{}/cartItems/{id}", order.customer));
    let mut value = json!({
        "name": format!("{order_name}/orderItems/{}", item.id),
        "referenceId": maybe(item.reference.as_deref().or(cart_reference.as_deref())),
        "cartItemId": item.cart_item.map(int64),
        "action": item.action.word(),
        "resourceId": maybe(item.resource_id.as_deref()),
        "productId": item.product,
        "skuId": item.sku,
        "planId": item.plan,
        "quantity": item.quantity,
        "providerName": provider(item.provider).map_or("UNSPECIFIED", |found| found.code),
        "price": double(item.price),
        "status": item.status,
        "endCustomerPO": maybe(item.customer_po.as_deref()),
        "resellerPO": maybe(item.reseller_po.as_deref()),
        "attributes": pairs(&item.attributes),
        "addOns": add_ons,
        "errors": errors_json(&item.errors),
        "createTime": timestamp(order.created),
        "updateTime": timestamp(order.updated),
    });
    if let Some((product, sku, plan)) = catalog.plan(&item.product, &item.sku, &item.plan) {
        let names = json!({
            "productName": product.display_name,
            "skuName": sku.display_name,
            "planName": plan.display_name,
        });
        merge(&mut value, names);
    }
    value
}
