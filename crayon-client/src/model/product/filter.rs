//! The filter of the price list as a query, and what it counts.

use provider_http::{Parameter as _, RequestSpec};

use crate::model::{AgreementType, ObjectReference, SortOrder};

provider_core::records! {
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// How many products share a value.
    pub struct Facet {
        /// The value.
        pub key: Option<String>,
        /// How many.
        pub doc_count: Option<i64>,
    }

    /// How many products a publisher has, by program.
    pub struct PublisherFacet {
        /// The publisher.
        pub key: Option<String>,
        /// How many.
        pub doc_count: Option<i64>,
        /// By program.
        pub programs: Vec<Facet>,
    }

    /// How many products of a filter share a value, by kind of value.
    pub struct AgreementProductFacets {
        /// The agreements that the products stand under.
        pub agreements: Vec<ObjectReference>,
        /// By publisher.
        pub publishers: Vec<PublisherFacet>,
        /// By pool.
        pub pools: Vec<Facet>,
        /// By operating system.
        pub operating_systems: Vec<Facet>,
        /// By offering.
        pub offerings: Vec<Facet>,
        /// By level.
        pub levels: Vec<Facet>,
        /// By language.
        pub languages: Vec<Facet>,
        /// By license agreement type.
        pub license_agreement_types: Vec<Facet>,
        /// By license type.
        pub license_types: Vec<Facet>,
        /// By product family.
        pub product_families: Vec<Facet>,
        /// By program.
        pub programs: Vec<Facet>,
        /// By product type.
        pub product_types: Vec<Facet>,
        /// By purchase period.
        pub purchase_periods: Vec<Facet>,
        /// By purchase unit.
        pub purchase_units: Vec<Facet>,
        /// By version.
        pub versions: Vec<Facet>,
        /// By region.
        pub regions: Vec<Facet>,
        /// By product category.
        pub product_categories: Vec<Facet>,
        /// By billing cycle.
        pub billing_cycles: Vec<Facet>,
    }
}

provider_core::records! {
    #![setters]
    #![serde(rename_all = "PascalCase")]
    #![derive(Default, PartialEq)]
    #![numbers]

    /// Which products are listed; also sent as a body, where a query would get too long.
    pub struct AgreementProductFilter {
        /// Of this organization.
        pub organization_id: Option<i64>,
        /// As this tenant may buy them.
        pub customer_tenant_id: Option<i64>,
        /// Under this agreement.
        pub agreement_id: Option<i64>,
        /// Under these agreements.
        pub agreement_ids: Vec<i64>,
        /// Under agreements of these types.
        pub agreement_type_ids: Vec<AgreementType>,
        /// Of this price list.
        pub price_list_id: Option<i64>,
        /// Found by this text.
        pub search: Option<String>,
        /// As of this time.
        pub search_date: Option<DateTime>,
        /// Trials only, or none.
        pub is_trial: Option<bool>,
        /// With the product in words.
        pub include_product_information: Option<bool>,
        /// Only what fits this.
        pub include: Option<AgreementProductSubFilter>,
        /// Nothing that fits this.
        pub exclude: Option<AgreementProductSubFilter>,
        /// Sorted by this.
        pub sort_key: Option<String>,
        /// In this direction.
        pub sort_order: Option<SortOrder>,
        /// Whether impossible combinations of term and cycle are listed too.
        pub ignore_term_billing_cycle_combinations_check: Option<bool>,
        /// The page, from 1.
        pub page: Option<i64>,
        /// Records a page.
        pub page_size: Option<i64>,
    }

    /// Values that products have, or must not have.
    pub struct AgreementProductSubFilter {
        /// Part numbers.
        pub part_numbers: Vec<String>,
        /// Ids of publishers.
        pub publisher_ids: Vec<i64>,
        /// Publishers.
        pub publisher_names: Vec<String>,
        /// Pools.
        pub pool_names: Vec<String>,
        /// Operating systems.
        pub operating_system_names: Vec<String>,
        /// Price levels.
        pub level_names: Vec<String>,
        /// Languages.
        pub language_names: Vec<String>,
        /// Types of licence agreement.
        pub license_agreement_type_names: Vec<String>,
        /// Licence types.
        pub license_type_names: Vec<String>,
        /// Product families.
        pub product_family_names: Vec<String>,
        /// Product types.
        pub product_type_names: Vec<String>,
        /// Programs.
        pub program_names: Vec<String>,
        /// Offerings.
        pub offering_names: Vec<String>,
        /// Purchase periods.
        pub purchase_period_names: Vec<String>,
        /// Purchase units.
        pub purchase_unit_names: Vec<String>,
        /// Versions.
        pub version_names: Vec<String>,
        /// Regions.
        pub region_names: Vec<String>,
        /// Product categories.
        pub product_category_names: Vec<String>,
        /// Catalogs.
        pub catalog_names: Vec<String>,
        /// Billing cycles.
        pub billing_cycles: Vec<String>,
    }
}

impl AgreementProductFilter {
    /// The filter in a query: nested members with a dot, lists by repetition.
    pub(crate) fn apply(&self, spec: RequestSpec) -> RequestSpec {
        let spec = self.organization_id.add("OrganizationId", spec);
        let spec = self.customer_tenant_id.add("CustomerTenantId", spec);
        let spec = self.agreement_id.add("AgreementId", spec);
        let spec = self.agreement_ids.add("AgreementIds", spec);
        let spec = self.agreement_type_ids.add("AgreementTypeIds", spec);
        let spec = self.price_list_id.add("PriceListId", spec);
        let spec = self.search.add("Search", spec);
        let spec = self.search_date.add("SearchDate", spec);
        let spec = self.is_trial.add("IsTrial", spec);
        let spec = self.include_product_information.add("IncludeProductInformation", spec);
        let spec = match &self.include {
            Some(include) => include.apply("Include", spec),
            None => spec,
        };
        let spec = match &self.exclude {
            Some(exclude) => exclude.apply("Exclude", spec),
            None => spec,
        };
        let spec = self.sort_key.add("SortKey", spec);
        let spec = self.sort_order.add("SortOrder", spec);
        let ignore = self.ignore_term_billing_cycle_combinations_check;
        let spec = ignore.add("IgnoreTermBillingCycleCombinationsCheck", spec);
        let spec = self.page.add("Page", spec);
        self.page_size.add("PageSize", spec)
    }
}

impl AgreementProductSubFilter {
    fn apply(&self, side: &str, spec: RequestSpec) -> RequestSpec {
        let name = |member: &str| format!("{side}.{member}");
        let spec = self.part_numbers.add(&name("PartNumbers"), spec);
        let spec = self.publisher_ids.add(&name("PublisherIds"), spec);
        let spec = self.publisher_names.add(&name("PublisherNames"), spec);
        let spec = self.pool_names.add(&name("PoolNames"), spec);
        let spec = self.operating_system_names.add(&name("OperatingSystemNames"), spec);
        let spec = self.level_names.add(&name("LevelNames"), spec);
        let spec = self.language_names.add(&name("LanguageNames"), spec);
        let spec = self.license_agreement_type_names.add(&name("LicenseAgreementTypeNames"), spec);
        let spec = self.license_type_names.add(&name("LicenseTypeNames"), spec);
        let spec = self.product_family_names.add(&name("ProductFamilyNames"), spec);
        let spec = self.product_type_names.add(&name("ProductTypeNames"), spec);
        let spec = self.program_names.add(&name("ProgramNames"), spec);
        let spec = self.offering_names.add(&name("OfferingNames"), spec);
        let spec = self.purchase_period_names.add(&name("PurchasePeriodNames"), spec);
        let spec = self.purchase_unit_names.add(&name("PurchaseUnitNames"), spec);
        let spec = self.version_names.add(&name("VersionNames"), spec);
        let spec = self.region_names.add(&name("RegionNames"), spec);
        let spec = self.product_category_names.add(&name("ProductCategoryNames"), spec);
        let spec = self.catalog_names.add(&name("CatalogNames"), spec);
        self.billing_cycles.add(&name("BillingCycles"), spec)
    }
}
