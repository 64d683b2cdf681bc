//! Agreements and the master data around them.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, day, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/Agreements?OrganizationId=7&OrganizationIds=7&OrganizationIds=8&AgreementIds=1&AgreementIds=2&AgreementTypes=13&PublisherId=2&PublisherIds=2&ProgramIds=8&PricelistIds=4&Status=1&SearchDate=2025-03-01T09%3A00%3A00Z&EndDateFrom=2025-03-01T09%3A00%3A00Z&EndDateTo=2025-03-01T09%3A00%3A00Z&SalesPriceCurrency=EUR&TermRequired=true&isTrial=false&Search=x&Page=2&PageSize=50",
        c.agreements()
            .list(
                model!(AgreementFilter {
                    organization_id: Some(7),
                    organization_ids: vec![7, 8],
                    agreement_ids: vec![1, 2],
                    agreement_types: vec![AgreementType::NewCommerceCSPSeats],
                    publisher_id: Some(2),
                    publisher_ids: vec![2],
                    program_ids: vec![8],
                    pricelist_ids: vec![4],
                    status: Some(AgreementStatus::Active),
                    search_date: Some(day()),
                    end_date_from: Some(day()),
                    end_date_to: Some(day()),
                    sales_price_currency: some("EUR"),
                    term_required: Some(true),
                    is_trial: Some(false),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/Publishers?Names=Microsoft&Names=A&Search=x&ProgramType=4&Page=2&PageSize=50",
        c.publishers()
            .list(
                model!(PublisherFilter {
                    names: vec!["Microsoft".to_owned(), "A".to_owned()],
                    search: some("x"),
                    program_type: Some(ProgramType::CLOUD)
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/Publishers/2", c.publishers().get(2).await);
    case!(
        calls,
        "GET /api/v1/Programs?PublisherId=2&OrganizationId=7&ProgramType=4&Search=x&Page=2&PageSize=50",
        c.programs()
            .list(
                model!(ProgramFilter {
                    publisher_id: Some(2),
                    organization_id: Some(7),
                    program_type: Some(ProgramType::CLOUD),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/Programs/8", c.programs().get(8).await);
    case!(
        calls,
        "GET /api/v1/Regions?RegionList=1&OrganizationId=7&Search=x&Page=2&PageSize=50",
        c.regions()
            .list(
                model!(RegionFilter {
                    region_list: Some(RegionList::MicrosoftCsp),
                    organization_id: Some(7),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/Regions/bycode?regionCode=NO&regionList=1",
        c.regions().get_by_code("NO", RegionList::MicrosoftCsp).await
    );
    case!(calls, "GET /api/v1/AgreementReports/6", c.agreement_reports().list(6).await);
    case!(
        calls,
        r#"PUT /api/v1/AgreementReports/6 {"Status":4}"#,
        c.agreement_reports()
            .update(6, &model!(AgreementReport { status: Some(AgreementReportStatus::USAGE_REPORTED) }))
            .await
    );
}
