//! Products of the catalogue.

mod sku;

use super::{Id, Json, ResourceName};
use crate::wire::{record, words};

pub use sku::{
    AddOn, AddOnAlignment, BillingPeriod, CancelTiming, Duration, Phase, PhaseType, Plan, Sku, SkuFeature,
    SupportPlan, TimeUnit,
};

words! {
    /// What kind of product it is.
    ProductType {
        Unspecified = "PRODUCT_TYPE_UNSPECIFIED",
        /// Documents and samples disagree about the plural.
        Subscription = "SUBSCRIPTION_PRODUCTS" | "SUBSCRIPTION_PRODUCT",
        CloudRebilling = "CLOUD_REBILLING_PRODUCT",
    }
    /// When a product is paid.
    BillingMode {
        Prepay = "PREPAY",
        Postpay = "POSTPAY",
    }
}

record! {
    /// A product of the catalogue.
    Product {
        /// `accounts/{owner}/products/{product}`; the owner is another account for shared products.
        name: text,
        /// The product id; equals `ccpProductId` of its subscriptions.
        id: text,
        /// What kind of product it is.
        #[serde(rename = "type")]
        kind: one(ProductType),
        /// Whether it can no longer be bought.
        disabled: flag,
        /// Whether the marketplace hides it.
        hide_from_marketplace: flag,
        /// Whether another account shares it.
        is_shared_product: flag,
        /// Whether any version is published.
        has_published_versions: flag,
        /// Whether the design differs from what is published.
        has_unpublished_changes: flag,
        /// Whether a subscription may be switched to another plan.
        allow_subscription_switch: flag,
        /// Resource names of categories.
        categories: many(String),
        /// Resource names of verticals.
        verticals: many(String),
        /// What is said about it.
        marketing: one(Marketing),
        /// What can be bought.
        definition: one(Definition),
        /// Its versions; of single reads only.
        version_history: many(ProductVersion),
        /// How it is deployed.
        deployment: json,
        /// How consumption is billed.
        cloud_consumption: one(CloudConsumption),
        /// Tags.
        tags_values: many(ProductTag),
        /// Ids that are in use.
        ids_in_use: many(String),
        /// The uid of its terms.
        term_uid: text,
        /// Its id in the older catalogue.
        legacy_product_id: id,
        /// Opens the preview of an unpublished version.
        preview_auth_token: secret,
        /// The version of the record.
        etag: text,
        /// Programs it is part of; undocumented.
        attached_programs: many(Json),
        /// When it was created.
        create_time: moment,
        /// When it last changed.
        update_time: moment,
    }

    /// What is said about a product.
    Marketing {
        /// Its name.
        display_name: text,
        /// One line.
        caption: text,
        /// Text or HTML.
        description: text,
        /// Words to find it by.
        search_keywords: json,
        /// Its picture.
        default_image: one(Image),
        /// Its banner.
        banner: json,
        /// What it can do.
        capabilities: json,
        /// Questions and answers.
        faqs: json,
        /// Where to get help.
        support_info: json,
        /// Pictures and films.
        media: json,
        /// Further reading.
        reference_links: json,
        /// Where to read on.
        more_info_url: text,
    }

    /// A picture.
    Image {
        /// Its title.
        title: text,
        /// Its address.
        content: text,
        /// Its type.
        #[serde(rename = "type")]
        kind: text,
    }

    /// What can be bought, and how.
    Definition {
        /// ISO 4217 codes.
        supported_currencies: many(String),
        /// When it is paid.
        billing_mode: one(BillingMode),
        /// The day of the month on which it is billed.
        monthly_billing_cycle_day: id,
        /// Features.
        features: many(Feature),
        /// SKUs with their plans.
        skus: many(Sku),
        /// Add-ons with their plans.
        add_ons: many(AddOn),
        /// Price lists: ids and the plans in them.
        price_lists: json,
        /// The price list that is used unless another is named.
        default_price_list: json,
        /// What may be changed to what.
        change_rules: json,
        /// What is metered.
        usages: json,
        /// The units of what is metered.
        usage_units: json,
        /// What happens when nobody pays.
        overdue_config: json,
        /// How it may be paid.
        payment_methods: many(String),
        /// Fields of the seller.
        custom_fields: many(ProductCustomField),
        /// Support plans.
        support_plans: json,
        /// The language of the texts.
        product_language: text,
    }

    /// A feature of a product.
    Feature {
        /// Its id.
        id: id,
        /// Its name.
        display_name: text,
        /// Its value.
        display_value: text,
        /// What it is.
        description: text,
    }

    /// A field of the seller.
    ProductCustomField {
        /// Its name.
        name: text,
        /// Its content.
        content: json,
        /// `STRING` or `PRIVATE_BINARY`.
        #[serde(rename = "type")]
        kind: text,
    }

    /// One version of a product.
    ProductVersion {
        /// Its resource name.
        name: text,
        /// From when it is sold.
        effective_date: moment,
        /// Until when it was sold.
        inactive_date: moment,
    }

    /// How consumption is billed.
    CloudConsumption {
        /// Resource name of the cloud provider.
        cloud_provider: text,
        /// The price book.
        price_book_name: text,
        /// Where to read on.
        info_url: text,
        /// Whether consumption is billed.
        has_consumption_billing: flag,
    }

    /// A tag.
    ProductTag {
        /// Resource name of the value.
        name: text,
        /// The value.
        display_name: text,
        /// The tag.
        tag_display_name: text,
        /// Resource name of the tag.
        tag_name: text,
    }
}

impl Product {
    /// The product id, from `id` or the resource name.
    #[must_use]
    pub fn product_id(&self) -> Option<Id> {
        let own = self.id.as_deref().filter(|id| !id.is_empty());
        own.or_else(|| {
            let name = ResourceName::new(self.name.as_deref()?);
            name.id_of("products").or_else(|| name.own())
        })
        .map(Id::from)
    }
}
