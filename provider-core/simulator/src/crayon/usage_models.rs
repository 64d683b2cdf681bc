//! The bodies of usage cost queries.

use super::models::shape;
use super::shape::{Shape, date, int, text};

shape!(
    USAGE_REQUEST,
    "SubscriptionUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
    ]
);
shape!(
    CATEGORY_USAGE_REQUEST,
    "CategoryUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("Category").required(),
    ]
);
shape!(
    SUBCATEGORY_USAGE_REQUEST,
    "SubcategoryUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("Category").required(),
        text("Subcategory").required(),
    ]
);
shape!(
    RESOURCE_GROUP_USAGE_REQUEST,
    "ResourceGroupUsageCostRequest",
    [
        int("ResellerCustomerId").required(),
        text("SubscriptionId").required(),
        text("CurrencyCode").required(),
        date("From").required(),
        date("To").required(),
        text("ResourceGroup").required(),
    ]
);
