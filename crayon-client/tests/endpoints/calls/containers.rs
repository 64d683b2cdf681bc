//! Product containers.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, GUID, day, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/ProductContainers?OrganizationId=7&Search=x&ActiveDraft=true&ProgramId=8&Year=2025&Month=2&UserId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&SentByUserId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&Type=4&Category=1&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&IncludeRemoved=false&IncludeSubsidiaries=true&Page=2&PageSize=50",
        c.product_containers()
            .list(
                model!(ProductContainerFilter {
                    organization_id: Some(7),
                    search: some("x"),
                    active_draft: Some(true),
                    program_id: Some(8),
                    year: Some(2025),
                    month: Some(2),
                    user_id: some(GUID),
                    sent_by_user_id: some(GUID),
                    container_type: Some(ProductContainerType::ORDER),
                    category: Some(ProductContainerCategory::Seat),
                    from: Some(day()),
                    to: Some(day()),
                    include_removed: Some(false),
                    include_subsidiaries: Some(true)
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/ProductContainers/3", c.product_containers().get(3).await);
    case!(
        calls,
        r#"PUT /api/v1/ProductContainers/3?requireEulaAnalysis=true {"Id":3,"Note":"n"}"#,
        c.product_containers()
            .update(3, Some(true), &model!(ProductContainer { id: 3, note: some("n") }))
            .await
    );
    case!(calls, "DELETE /api/v1/ProductContainers/3", c.product_containers().delete(3).await);
    case!(calls, "GET /api/v1/ProductContainers/rowissues/3", c.product_containers().row_issues(3).await);
    case!(
        calls,
        "GET /api/v1/ProductContainers/getorcreateshoppingcart?organizationId=7",
        c.product_containers().shopping_cart(7).await
    );
    case!(
        calls,
        "POST /api/v1/ProductContainers/reportbymonth?organizationId=7&programId=8&year=2025&month=2&copyLast=true",
        c.product_containers()
            .report_month(&model!(MonthlyReportFilter {
                organization_id: Some(7),
                program_id: Some(8),
                year: Some(2025),
                month: Some(2),
                copy_last: Some(true)
            }))
            .await
    );
    case!(
        calls,
        r#"PATCH /api/v1/ProductContainers/3/row/4 {"Id":4,"Quantity":2}"#,
        c.product_containers()
            .update_row(3, 4, &model!(ProductRowPatch { id: Some(4), quantity: Some(2) }))
            .await
    );
}
