//! Products on the wire.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::providers::MICROSOFT;
use super::record::{Period, Plan, Product, Sku};
use super::seed::DISTRIBUTOR;
use crate::engine::answer::put;
use crate::streamone::engine::settings::CURRENCY;
use crate::streamone::engine::wire::{double, maybe, merge, sha256_hex, timestamp};

/// Which parts of a product are answered, and for whom it is priced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProductView {
    pub(crate) account: u64,
    pub(crate) pricing: bool,
    pub(crate) marketing: bool,
    pub(crate) definition: bool,
    pub(crate) version_history: bool,
    pub(crate) deployment: bool,
    /// Price-book prices are left out of the owner's design view.
    pub(crate) price_book: bool,
    /// What the customer whose price book is asked for pays of the reseller's price.
    pub(crate) markup: Decimal,
}

impl ProductView {
    /// The view of a list: everything but the version history, at the reseller's own prices.
    pub(crate) fn listed(account: u64) -> Self {
        Self {
            account,
            pricing: true,
            marketing: true,
            definition: true,
            version_history: false,
            deployment: true,
            price_book: true,
            markup: Decimal::ONE,
        }
    }
}

/// The record as this view shows it.
pub(crate) fn product_json(product: &Product, view: ProductView) -> Value {
    let owner = product.owner.unwrap_or(view.account);
    let name = format!("accounts/{owner}/products/{}", product.id);
    let mut value = json!({
        "name": name,
        "id": product.id,
        "type": product.kind,
        "disabled": product.disabled,
        "isSharedProduct": product.owner == Some(DISTRIBUTOR),
        "hasPublishedVersions": true,
        "categories": [format!("accounts/{owner}/categories/{}", product.category)],
        "verticals": [format!("accounts/{owner}/verticals/{}", product.vertical)],
        "attachedPrograms": product.program.as_ref().map(|program| vec![json!({"displayName": program.name})]),
        "previewAuthToken": format!("example-preview-{}", short_hash(&product.id)),
        "etag": etag(product),
        "createTime": timestamp(product.created),
        "updateTime": timestamp(product.updated),
    });
    if view.marketing {
        merge(
            &mut value,
            json!({"marketing": {
                "displayName": product.display_name,
                "caption": product.caption,
                "description": product.description,
                "searchKeywords": ["example"],
            }}),
        );
    }
    if view.definition {
        put(&mut value, "definition", definition(product, view, owner));
    }
    if view.version_history {
        let version =
            json!({"name": format!("{name}/versions/1"), "effectiveDate": timestamp(product.created)});
        merge(&mut value, json!({"versionHistory": [version]}));
    }
    if view.deployment && product.plans().any(|(_, plan)| plan.usage) {
        let consumption = json!({
            "cloudProvider": provider_name(owner, product.provider),
            "priceBookName": "Example price book",
            "hasConsumptionBilling": true,
        });
        merge(&mut value, json!({"deployment": {"type": "CLOUD"}, "cloudConsumption": consumption}));
    }
    value
}

/// Changes with every write to the product.
pub(crate) fn etag(product: &Product) -> String {
    format!("example-etag-{}", short_hash(&format!("{}/{}", product.id, product.revision)))
}

fn short_hash(text: &str) -> String {
    sha256_hex(text).chars().take(12).collect()
}

fn provider_name(owner: u64, provider: u64) -> String {
    format!("accounts/{owner}/cloudProviders/{provider}")
}

fn definition(product: &Product, view: ProductView, owner: u64) -> Value {
    let skus: Vec<Value> = product.skus.iter().map(|sku| sku_json(product, sku, view, owner)).collect();
    let add_ons: Vec<Value> = product
        .add_ons
        .iter()
        .map(|sku| {
            let mut value = sku_json(product, sku, view, owner);
            merge(&mut value, json!({"alignment": "SUBSCRIPTION_DATE", "allowMultiple": false}));
            value
        })
        .collect();
    let plan_ids: Vec<&str> = product.plans().map(|(_, plan)| plan.id.as_str()).collect();
    let mut value = json!({
        "supportedCurrencies": [CURRENCY],
        "billingMode": if product.postpay { "POSTPAY" } else { "PREPAY" },
        "monthlyBillingCycleDay": "1",
        "priceLists": [{"id": "default", "plans": plan_ids}],
        "defaultPriceList": "default",
        "paymentMethods": ["OFFLINE"],
        "productLanguage": "EN",
    });
    put(&mut value, "skus", skus);
    put(&mut value, "addOns", add_ons);
    value
}

fn sku_json(product: &Product, sku: &Sku, view: ProductView, owner: u64) -> Value {
    let timing = if product.provider == MICROSOFT { "END_OF_TERM" } else { "IMMEDIATE" };
    let mut value = json!({
        "id": sku.id,
        "displayName": sku.display_name,
        "description": format!("{} by the seat.", sku.display_name),
        "productId": sku.external_id,
        "productCloudProviderName": provider_name(owner, product.provider),
        "cancelTiming": timing,
        "disabled": sku.disabled,
        "availableAddOns": sku.add_ons,
    });
    put(&mut value, "plans", sku.plans.iter().map(|plan| plan_json(plan, view)).collect::<Vec<_>>());
    value
}

fn plan_json(plan: &Plan, view: ProductView) -> Value {
    let mut value = json!({
        "id": plan.id,
        "displayName": plan.display_name,
        "productId": plan.external_id,
        "mpnId": maybe(plan.mpn.as_deref()),
        "billingPeriod": plan.period.catalog_word(),
    });
    if !view.pricing {
        return value;
    }
    let price = json!({CURRENCY: double(plan.list)});
    let phase = match plan.period {
        Period::OneTime => json!({
            "type": "FIXED_PHASE",
            "duration": {"unit": "TIME_UNIT_UNSPECIFIED", "count": 1},
            "fixedPrice": price,
        }),
        Period::Monthly | Period::Annual => json!({
            "type": "UNLIMITED_PHASE",
            "duration": {"unit": "UNLIMITED", "unlimited": true},
            "recurringPrice": price,
        }),
    };
    merge(&mut value, json!({"phases": [phase]}));
    if view.price_book {
        merge(&mut value, book_json(plan, view.markup));
        merge(&mut value, json!({"supportPlan": {}}));
    }
    value
}

/// The price-book members of a plan; a plan outside the price book says so and has no price.
pub(crate) fn book_json(plan: &Plan, markup: Decimal) -> Value {
    match plan.book {
        Some(book) => json!({
            "pricebookPrice": double(book.price * markup),
            "pricebookCurrency": CURRENCY,
            "pricebookMasterPrice": double(book.master),
            "productAvailability": true,
        }),
        None => json!({"productAvailability": false}),
    }
}
