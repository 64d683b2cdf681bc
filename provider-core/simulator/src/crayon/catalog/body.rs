//! The bodies of agreements, and of a product search.

use crate::crayon::engine::enums::{AGREEMENT_TYPE, SORT_ORDER};
use crate::crayon::engine::shape::{
    Kind, choice, date, flag, int, ints, list, nested, number, refers, shape, text, texts,
};

shape!(
    AGREEMENT,
    "Agreement",
    [
        int("Id"),
        refers("Organization"),
        text("Name"),
        text("SalesPriceCurrencyCode"),
        date("StartDate"),
        date("EndDate"),
        flag("Disabled"),
        refers("Publisher"),
        refers("Program"),
        text("Number"),
        text("CustomerNumber"),
        text("MasterAgreement"),
        flag("HasTerms"),
        choice("AgreementType", &AGREEMENT_TYPE),
        int("ParentAgreementId").opt(),
        number("CommitmentLevel"),
        int("ConsumerId").opt(),
    ]
);

shape!(AGREEMENT_ACCESS, "AgreementAccess", [flag("HasAccess"), nested("Agreement", &AGREEMENT)]);

shape!(
    PRODUCT_REFERENCE,
    "ProductReference",
    [int("Id"), text("PartNumber"), text("PublisherProductId"), text("ItemLegalName"), text("ItemName"),]
);

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
