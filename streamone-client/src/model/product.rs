//! Products of the catalog.

mod sku;

use provider_core::model::Raw;
use provider_core::{open_enum, records};
use provider_http::Keys;
use provider_http::decode::member;

use super::id::named;
use super::{Id, Json, ResourceName};
use crate::wire::envelope::Entry;

pub use sku::{
    AddOn, AddOnAlignment, BillingPeriod, CancelTiming, Duration, Phase, PhaseType, Plan, Sku, SkuFeature,
    SupportPlan, TimeUnit,
};

open_enum! {
    /// What kind of product it is.
    pub enum ProductType {
        Unspecified = "PRODUCT_TYPE_UNSPECIFIED",
        /// Documents and samples disagree about the plural.
        Subscription = "SUBSCRIPTION_PRODUCTS" | "SUBSCRIPTION_PRODUCT",
        CloudRebilling = "CLOUD_REBILLING_PRODUCT",
    }

    /// When a product is paid.
    pub enum BillingMode {
        Prepay = "PREPAY",
        Postpay = "POSTPAY",
    }
}

records! {
    #![serde(rename_all = "camelCase")]
    #![derive(Default)]

    /// A product of the catalog.
    pub struct Product {
        /// `accounts/{owner}/products/{product}`; the owner is another account for shared products.
        pub name: Option<String>,
        /// The product id; equals `ccpProductId` of its subscriptions.
        pub id: Option<String>,
        /// What kind of product it is.
        #[serde(rename = "type")]
        pub kind: Option<ProductType>,
        /// Whether it can no longer be bought.
        pub disabled: Option<bool>,
        /// Whether the marketplace hides it.
        pub hide_from_marketplace: Option<bool>,
        /// Whether another account shares it.
        pub is_shared_product: Option<bool>,
        /// Whether any version is published.
        pub has_published_versions: Option<bool>,
        /// Whether the design differs from what is published.
        pub has_unpublished_changes: Option<bool>,
        /// Whether a subscription may be switched to another plan.
        pub allow_subscription_switch: Option<bool>,
        /// Resource names of categories.
        pub categories: Vec<String>,
        /// Resource names of verticals.
        pub verticals: Vec<String>,
        /// What is said about it.
        pub marketing: Option<Marketing>,
        /// What can be bought.
        pub definition: Option<Definition>,
        /// Its versions; of single reads only.
        pub version_history: Vec<ProductVersion>,
        /// How it is deployed.
        pub deployment: Option<Json>,
        /// How consumption is billed.
        pub cloud_consumption: Option<CloudConsumption>,
        /// Tags.
        pub tags_values: Vec<ProductTag>,
        /// Ids that are in use.
        pub ids_in_use: Vec<String>,
        /// The uid of its terms.
        pub term_uid: Option<String>,
        /// Its id in the older catalog.
        pub legacy_product_id: Option<Id>,
        /// Opens the preview of an unpublished version.
        pub preview_auth_token: Option<Secret>,
        /// The version of the record.
        pub etag: Option<String>,
        /// Programs it is part of; undocumented.
        pub attached_programs: Vec<Json>,
        /// When it was created.
        pub create_time: Option<DateTime>,
        /// When it last changed.
        pub update_time: Option<DateTime>,
    }

    /// What is said about a product.
    pub struct Marketing {
        /// Its name.
        pub display_name: Option<String>,
        /// One line.
        pub caption: Option<String>,
        /// Text or HTML.
        pub description: Option<String>,
        /// Words to find it by.
        pub search_keywords: Option<Json>,
        /// Its picture.
        pub default_image: Option<Image>,
        /// Its banner.
        pub banner: Option<Json>,
        /// What it can do.
        pub capabilities: Option<Json>,
        /// Questions and answers.
        pub faqs: Option<Json>,
        /// Where to get help.
        pub support_info: Option<Json>,
        /// Images and videos.
        pub media: Option<Json>,
        /// Reference links.
        pub reference_links: Option<Json>,
        /// A link to more information.
        pub more_info_url: Option<String>,
    }

    /// A picture.
    pub struct Image {
        /// Its title.
        pub title: Option<String>,
        /// Its address.
        pub content: Option<String>,
        /// Its type.
        #[serde(rename = "type")]
        pub kind: Option<String>,
    }

    /// What can be bought, and how.
    pub struct Definition {
        /// ISO 4217 codes.
        pub supported_currencies: Vec<String>,
        /// When it is paid.
        pub billing_mode: Option<BillingMode>,
        /// The day of the month on which it is billed.
        pub monthly_billing_cycle_day: Option<Id>,
        /// Features.
        pub features: Vec<Feature>,
        /// SKUs with their plans.
        pub skus: Vec<Sku>,
        /// Add-ons with their plans.
        pub add_ons: Vec<AddOn>,
        /// Price lists: ids and the plans in them.
        pub price_lists: Option<Json>,
        /// The price list that is used unless another is named.
        pub default_price_list: Option<Json>,
        /// Which changes of plan are allowed.
        pub change_rules: Option<Json>,
        /// What is metered.
        pub usages: Option<Json>,
        /// The units of what is metered.
        pub usage_units: Option<Json>,
        /// What happens when an invoice is overdue.
        pub overdue_config: Option<Json>,
        /// How it may be paid.
        pub payment_methods: Vec<String>,
        /// Fields of the seller.
        pub custom_fields: Vec<ProductCustomField>,
        /// Support plans.
        pub support_plans: Option<Json>,
        /// The language of the texts.
        pub product_language: Option<String>,
    }

    /// A feature of a product.
    pub struct Feature {
        /// Its id.
        pub id: Option<Id>,
        /// Its name.
        pub display_name: Option<String>,
        /// Its value.
        pub display_value: Option<String>,
        /// What it is.
        pub description: Option<String>,
    }

    /// A field of the seller.
    pub struct ProductCustomField {
        /// Its name.
        pub name: Option<String>,
        /// Its content.
        pub content: Option<Json>,
        /// `STRING` or `PRIVATE_BINARY`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
    }

    /// One version of a product.
    pub struct ProductVersion {
        /// Its resource name.
        pub name: Option<String>,
        /// From when it is sold.
        pub effective_date: Option<DateTime>,
        /// Until when it was sold.
        pub inactive_date: Option<DateTime>,
    }

    /// How consumption is billed.
    pub struct CloudConsumption {
        /// Resource name of the cloud provider.
        pub cloud_provider: Option<String>,
        /// The price book.
        pub price_book_name: Option<String>,
        /// A link to more information.
        pub info_url: Option<String>,
        /// Whether consumption is billed.
        pub has_consumption_billing: Option<bool>,
    }

    /// A tag.
    pub struct ProductTag {
        /// Resource name of the value.
        pub name: Option<String>,
        /// The value.
        pub display_name: Option<String>,
        /// The tag.
        pub tag_display_name: Option<String>,
        /// Resource name of the tag.
        pub tag_name: Option<String>,
    }
}

impl Entry for Product {
    const NAME: &'static str = "products";

    fn own_id(record: &Raw) -> Option<String> {
        member(record, "id", Keys::Exact).or_else(|| named(record, "products"))
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
