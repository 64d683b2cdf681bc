//! The filter of the price list as a query, and what it counts.

use provider_http::RequestSpec;

use super::{
    AgreementProductFilter, AgreementProductSubFilter, Facet, ObjectReference, Parameter, PublisherFacet,
};

wire! {
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
