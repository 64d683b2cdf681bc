//! The price list and billing cycles.

use crayon_client::model::*;

use super::{Calls, day, some};

fn filter() -> AgreementProductFilter {
    model!(AgreementProductFilter {
        organization_id: Some(7),
        customer_tenant_id: Some(5),
        agreement_id: Some(9),
        agreement_ids: vec![9],
        agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
        price_list_id: Some(4),
        search: some("x"),
        search_date: Some(day()),
        is_trial: Some(false),
        include_product_information: Some(true),
        include: Some(model!(AgreementProductSubFilter {
            part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()],
            billing_cycles: vec!["Monthly".to_owned()],
        })),
        exclude: Some(model!(AgreementProductSubFilter { publisher_ids: vec![3] })),
        sort_key: some("Name"),
        sort_order: Some(SortOrder::Descending),
        ignore_term_billing_cycle_combinations_check: Some(true),
        page: Some(2),
        page_size: Some(1_000),
    })
}

/// A filter with one value for everything that products can be told apart by.
fn sub_filter(value: &str, publisher: i64) -> AgreementProductSubFilter {
    let values = || vec![value.to_owned()];
    model!(AgreementProductSubFilter {
        part_numbers: values(),
        publisher_ids: vec![publisher],
        publisher_names: values(),
        pool_names: values(),
        operating_system_names: values(),
        level_names: values(),
        language_names: values(),
        license_agreement_type_names: values(),
        license_type_names: values(),
        product_family_names: values(),
        product_type_names: values(),
        program_names: values(),
        offering_names: values(),
        purchase_period_names: values(),
        purchase_unit_names: values(),
        version_names: values(),
        region_names: values(),
        product_category_names: values(),
        catalog_names: values(),
        billing_cycles: values(),
    })
}

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/AgreementProducts?OrganizationId=7&CustomerTenantId=5&AgreementId=9&AgreementIds=9&AgreementTypeIds=13&PriceListId=4&Search=x&SearchDate=2025-03-01T09%3A00%3A00Z&IsTrial=false&IncludeProductInformation=true&Include.PartNumbers=CFQ7TTC0LH18%3A0001&Include.BillingCycles=Monthly&Exclude.PublisherIds=3&SortKey=Name&SortOrder=1&IgnoreTermBillingCycleCombinationsCheck=true&Page=2&PageSize=1000",
        c.agreement_products().list(&filter()).await
    );
    case!(
        calls,
        "GET /api/v1/AgreementProducts?OrganizationId=7&CustomerTenantId=5&AgreementId=9&AgreementIds=9&AgreementTypeIds=13&PriceListId=4&Search=x&SearchDate=2025-03-01T09%3A00%3A00Z&IsTrial=false&IncludeProductInformation=true&Include.PartNumbers=CFQ7TTC0LH18%3A0001&Include.BillingCycles=Monthly&Exclude.PublisherIds=3&SortKey=Name&SortOrder=1&IgnoreTermBillingCycleCombinationsCheck=true&Page=2&PageSize=1000",
        c.agreement_products().facets(&filter()).await
    );
    case!(
        calls,
        r#"POST /api/v1/AgreementProducts/getaspost {"OrganizationId":7,"AgreementTypeIds":[13],"Include":{"PartNumbers":["CFQ7TTC0LH18:0001"]},"Page":1}"#,
        c.agreement_products()
            .search(&model!(AgreementProductFilter {
                organization_id: Some(7),
                agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
                include: Some(model!(AgreementProductSubFilter {
                    part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()]
                })),
                page: Some(1)
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/AgreementProducts {"OrganizationId":7,"AgreementTypeIds":[13],"Include":{"PartNumbers":["CFQ7TTC0LH18:0001"]},"Page":1}"#,
        c.agreement_products()
            .search_by_old_path(&model!(AgreementProductFilter {
                organization_id: Some(7),
                agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
                include: Some(model!(AgreementProductSubFilter {
                    part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()]
                })),
                page: Some(1)
            }))
            .await
    );
    case!(
        calls,
        r#"POST /api/v1/AgreementProducts/file/xlsx {"OrganizationId":7,"AgreementTypeIds":[13],"Include":{"PartNumbers":["CFQ7TTC0LH18:0001"]},"Page":1}"#,
        c.agreement_products()
            .download_workbook(
                &model!(AgreementProductFilter {
                    organization_id: Some(7),
                    agreement_type_ids: vec![AgreementType::NewCommerceCSPSeats],
                    include: Some(model!(AgreementProductSubFilter {
                        part_numbers: vec!["CFQ7TTC0LH18:0001".to_owned()]
                    })),
                    page: Some(1)
                }),
                &mut Vec::new()
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/AgreementProducts/CFQ7TTC0LH18%3A0001/supportedbillingcycles?resellerCustomerId=51001",
        c.agreement_products().supported_billing_cycles("CFQ7TTC0LH18:0001", 51001).await
    );
    case!(calls, "GET /api/v1/BillingCycles?includeUnknown=true", c.billing_cycles().list(Some(true)).await);
    case!(
        calls,
        "GET /api/v1/BillingCycles/productVariant/2600001",
        c.billing_cycles().of_product_variant(2_600_001).await
    );
    case!(calls, "GET /api/v1/BillingCycles/cspNameDictionary", c.billing_cycles().csp_names().await);
    case!(
        calls,
        "GET /api/v1/AgreementProducts?Include.PartNumbers=i&Include.PublisherIds=2\
         &Include.PublisherNames=i&Include.PoolNames=i&Include.OperatingSystemNames=i\
         &Include.LevelNames=i&Include.LanguageNames=i&Include.LicenseAgreementTypeNames=i\
         &Include.LicenseTypeNames=i&Include.ProductFamilyNames=i&Include.ProductTypeNames=i\
         &Include.ProgramNames=i&Include.OfferingNames=i&Include.PurchasePeriodNames=i\
         &Include.PurchaseUnitNames=i&Include.VersionNames=i&Include.RegionNames=i\
         &Include.ProductCategoryNames=i&Include.CatalogNames=i&Include.BillingCycles=i\
         &Exclude.PartNumbers=e&Exclude.PublisherIds=3&Exclude.PublisherNames=e&Exclude.PoolNames=e\
         &Exclude.OperatingSystemNames=e&Exclude.LevelNames=e&Exclude.LanguageNames=e\
         &Exclude.LicenseAgreementTypeNames=e&Exclude.LicenseTypeNames=e&Exclude.ProductFamilyNames=e\
         &Exclude.ProductTypeNames=e&Exclude.ProgramNames=e&Exclude.OfferingNames=e\
         &Exclude.PurchasePeriodNames=e&Exclude.PurchaseUnitNames=e&Exclude.VersionNames=e\
         &Exclude.RegionNames=e&Exclude.ProductCategoryNames=e&Exclude.CatalogNames=e\
         &Exclude.BillingCycles=e",
        c.agreement_products()
            .list(&model!(AgreementProductFilter {
                include: Some(sub_filter("i", 2)),
                exclude: Some(sub_filter("e", 3)),
            }))
            .await
    );
}
