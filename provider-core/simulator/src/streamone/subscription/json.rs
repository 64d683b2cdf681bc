//! Subscriptions on the wire.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::record::{Activity, Subscription};
use crate::streamone::catalog::providers::{MICROSOFT, provider};
use crate::streamone::catalog::seed::DISTRIBUTOR;
use crate::streamone::engine::settings::{CURRENCY, PARTNER};
use crate::streamone::engine::wire::{double, int64, maybe, merge, timestamp};

/// The record of the list.
pub(crate) fn listed(
    subscription: &Subscription,
    account: u64,
    customer_name: &str,
    now: DateTime<Utc>,
) -> Value {
    let mut value = identity(subscription, account);
    merge(&mut value, terms(subscription, now));
    merge(&mut value, money(subscription, now));
    merge(
        &mut value,
        json!({
            "customerName": customer_name,
            "partnerName": PARTNER,
            "resellerPO": maybe(subscription.reseller_po.as_deref()),
            "customerPO": maybe(subscription.customer_po.as_deref()),
            "parentSubscriptionId": subscription.parent.map(int64),
        }),
    );
    value
}

/// What the detail call adds.
pub(crate) fn details(subscription: &Subscription) -> Value {
    let attributes: Vec<Value> =
        subscription.attributes.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let custom: Vec<Value> =
        subscription.custom_fields.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    json!({
        "activityLogs": activity_logs(subscription),
        "attributes": attributes,
        "customFields": custom,
    })
}

fn identity(subscription: &Subscription, account: u64) -> Value {
    let ids = subscription.catalog.as_ref();
    let names = &subscription.names;
    let resource_type = provider(subscription.provider).map(|provider| provider.resource_type);
    json!({
        "id": int64(subscription.id),
        "customerId": int64(subscription.customer),
        "resellerId": int64(account),
        "isvId": int64(DISTRIBUTOR),
        "cloudProviderId": int64(subscription.provider),
        "subscriptionId": subscription.resource_id,
        "resourceType": maybe(resource_type),
        "ccpProductId": ids.map(|ids| ids.product.as_str()),
        "ccpSkuId": ids.map(|ids| ids.sku.as_str()),
        "ccpPlanId": ids.map(|ids| ids.plan.as_str()),
        "ccpProductInfo": ids.map(|ids| json!({
            "productId": ids.product,
            "productDisplayName": names.product,
            "skuId": ids.sku,
            "skuDisplayName": names.sku,
            "planId": ids.plan,
            "planDisplayName": names.plan,
        })),
        "subscriptionProductId": subscription.external_product,
        "subscriptionSkuId": subscription.external_sku,
        "subscriptionOfferId": subscription.offer,
        "mfgPartNumber": maybe(subscription.mpn.as_deref()),
    })
}

fn terms(subscription: &Subscription, now: DateTime<Utc>) -> Value {
    let live = subscription.shown(now);
    json!({
        "subscriptionName": live.name,
        "subscriptionTotalLicenses": int64(u64::from(live.quantity)),
        "unitType": "Licenses",
        "subscriptionStatus": live.status,
        "subscriptionPurchasedDate": timestamp(subscription.purchased),
        "subscriptionStartDate": timestamp(subscription.start),
        "subscriptionEndDate": timestamp(subscription.end),
        "cancellationAllowedUntilDate": timestamp(subscription.cancel_until),
        "renewalDate": timestamp(subscription.end),
        "lastUpdatedDate": timestamp(subscription.updated),
        "subscriptionBillingType": if subscription.usage { "usage" } else { "license" },
        "subscriptionBillingCycle": subscription.period.subscription_word(),
        "subscriptionBillingTerm": subscription.term,
        "subscriptionRenewStatus": if live.auto_renew { "ENABLED" } else { "DISABLED" },
        "autoRenew": live.auto_renew,
        "isTrial": subscription.trial,
    })
}

fn money(subscription: &Subscription, now: DateTime<Utc>) -> Value {
    let seats = Decimal::from(subscription.shown(now).quantity);
    json!({
        "price": double(subscription.price),
        "cost": double(subscription.cost),
        "msrp": double(subscription.msrp),
        "margin": double(subscription.price - subscription.cost),
        "total": double(subscription.price * seats),
        "currency": CURRENCY,
    })
}

fn activity_logs(subscription: &Subscription) -> Value {
    let kept = provider(subscription.provider).is_some_and(|provider| provider.keeps_logs);
    if !kept || subscription.log.is_empty() {
        return json!({});
    }
    let items: Vec<Value> =
        subscription.log.iter().map(|activity| activity_json(subscription, activity)).collect();
    json!({"totalCount": items.len().to_string(), "items": items})
}

fn activity_json(subscription: &Subscription, activity: &Activity) -> Value {
    let outcome = if activity.succeeded { "succeeded" } else { "failed" };
    let mut value = json!({
        "id": activity.id,
        "actionType": activity.kind,
        "actionDate": timestamp(activity.at),
        "actionStatus": outcome,
        "productId": subscription.external_product,
        "skuId": subscription.external_sku,
        "actionDetails": activity.details,
        "ccpUserId": int64(activity.user.id),
        "ccpUserName": activity.user.name,
        "ccpUserEmail": activity.user.email,
    });
    if subscription.provider == MICROSOFT {
        merge(
            &mut value,
            json!({
                "quantity": int64(u64::from(activity.quantity)),
                "subscriptionStatus": activity.status,
            }),
        );
    }
    value
}
