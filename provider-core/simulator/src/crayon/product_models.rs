//! The body of a product search.

use super::enums::{AGREEMENT_TYPE, SORT_ORDER};
use super::models::{ints, shape, texts};
use super::shape::{Kind, Shape, choice, date, flag, int, list, nested, text};

shape!(
    PRODUCT_SUB_FILTER,
    "AgreementProductsSubFilter",
    [
        texts("PartNumbers"),
        ints("PublisherIds"),
        texts("PublisherNames"),
        texts("PoolNames"),
        texts("OperatingSystemNames"),
        texts("LevelNames"),
        texts("LanguageNames"),
        texts("LicenseAgreementTypeNames"),
        texts("LicenseTypeNames"),
        texts("ProductFamilyNames"),
        texts("ProductTypeNames"),
        texts("ProgramNames"),
        texts("OfferingNames"),
        texts("PurchasePeriodNames"),
        texts("PurchaseUnitNames"),
        texts("VersionNames"),
        texts("RegionNames"),
        texts("ProductCategoryNames"),
        texts("CatalogNames"),
        texts("BillingCycles"),
    ]
);
shape!(
    PRODUCT_FILTER,
    "AgreementProductFilter",
    [
        list("AgreementTypeIds", &Kind::Enum(&AGREEMENT_TYPE)),
        int("Page"),
        int("PageSize"),
        text("Search"),
        int("PriceListId"),
        int("OrganizationId"),
        int("CustomerTenantId"),
        int("AgreementId"),
        flag("IsTrial").opt(),
        ints("AgreementIds"),
        date("SearchDate").opt(),
        nested("Include", &PRODUCT_SUB_FILTER),
        nested("Exclude", &PRODUCT_SUB_FILTER),
        text("SortKey"),
        flag("IncludeProductInformation"),
        choice("SortOrder", &SORT_ORDER),
        flag("IgnoreTermBillingCycleCombinationsCheck").opt(),
    ]
);
