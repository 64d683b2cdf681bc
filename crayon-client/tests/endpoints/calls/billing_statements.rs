//! Statements, invoices, profiles, groupings and exports.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, day, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/InvoiceProfiles?OrganizationId=7&Search=x&Page=2&PageSize=50",
        c.invoice_profiles()
            .list(
                model!(InvoiceProfileFilter { organization_id: Some(7), search: some("x") })
                    .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/InvoiceProfiles/8", c.invoice_profiles().get(8).await);
    case!(
        calls,
        r#"POST /api/v1/InvoiceProfiles {"Organization":{"Id":7},"Name":"n","InvoiceAddressId":5000000000}"#,
        c.invoice_profiles()
            .create(&model!(InvoiceProfile {
                name: some("n"),
                organization: Some(ObjectReference::new(7)),
                invoice_address_id: Some(5_000_000_000)
            }))
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/InvoiceProfiles/8 {"Id":8}"#,
        c.invoice_profiles().update(8, &model!(InvoiceProfile { id: 8 })).await
    );
    case!(calls, "DELETE /api/v1/InvoiceProfiles/8", c.invoice_profiles().delete(8).await);
    case!(
        calls,
        "GET /api/v1/invoices/7?Page=2&PageSize=50",
        c.invoices().list(7, Paging::first(50).at(2)).await
    );
    case!(
        calls,
        "GET /api/v1/orders/700000001/items?organizationId=7",
        c.orders().items("700000001", 7).await
    );
    case!(
        calls,
        "GET /api/v1/Groupings?OrganizationId=7&IncludeRemoved=true&Search=x&Page=2&PageSize=50",
        c.groupings()
            .list(
                model!(GroupingFilter {
                    organization_id: Some(7),
                    include_removed: Some(true),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/Groupings/8", c.groupings().get(8).await);
    case!(
        calls,
        r#"POST /api/v1/Groupings {"Name":"n"}"#,
        c.groupings().create(&model!(Grouping { name: some("n") })).await
    );
    case!(
        calls,
        r#"PUT /api/v1/Groupings/8 {"Id":8,"IsDisabled":true}"#,
        c.groupings().update(8, &model!(Grouping { id: 8, is_disabled: Some(true) })).await
    );
    case!(calls, "DELETE /api/v1/Groupings/8", c.groupings().delete(8).await);
    case!(
        calls,
        "GET /api/v1/BillingStatements?OrganizationId=7&InvoiceProfileId=8&ProvisionType=2&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&Page=2&PageSize=50",
        c.billing_statements()
            .list(
                model!(BillingStatementFilter {
                    organization_id: Some(7),
                    invoice_profile_id: Some(8),
                    provision_type: Some(ProvisionType::Usage),
                    from: Some(day()),
                    to: Some(day())
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/BillingStatements/grouped?OrganizationId=7&InvoiceProfileId=8&ProvisionType=2&From=2025-03-01T09%3A00%3A00Z&To=2025-03-01T09%3A00%3A00Z&Page=2&PageSize=50",
        c.billing_statements()
            .list_grouped(
                model!(BillingStatementFilter {
                    organization_id: Some(7),
                    invoice_profile_id: Some(8),
                    provision_type: Some(ProvisionType::Usage),
                    from: Some(day()),
                    to: Some(day())
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/BillingStatements/file/9", c.billing_statements().file(9).await);
    case!(
        calls,
        "GET /api/v1/BillingStatements/file/9/download",
        c.billing_statements().download(9, &mut Vec::new()).await
    );
    case!(
        calls,
        "GET /api/v1/BillingStatements/9/reconciliationfile",
        c.billing_statements().reconciliation_file(9).await
    );
    case!(
        calls,
        "GET /api/v2/BillingStatements/9/reconciliationfile",
        c.billing_statements().daily_reconciliation_file(9).await
    );
    case!(
        calls,
        "GET /api/v1/BillingStatements/9/billingrecordsfile",
        c.billing_statements().records_file(9).await
    );
    case!(
        calls,
        r#"POST /api/v1/exports/generate-license-report {"CustomerAccountId":7,"TimeRange":{"From":"2025-03-01T09:00:00Z","To":"2025-03-01T09:00:00Z"}}"#,
        c.exports()
            .generate_license_report(&model!(LicenseReportRequest {
                customer_account_id: Some(7),
                time_range: Some(model!(TimeRange { from: Some(day()), to: Some(day()) }))
            }))
            .await
    );
    case!(calls, "GET /api/v1/exports", c.exports().list().await);
    case!(calls, "GET /api/v1/exports/e1/download", c.exports().download("e1", &mut Vec::new()).await);
    case!(calls, "DELETE /api/v1/exports/e1", c.exports().delete("e1").await);
    case!(
        calls,
        "GET /api/v1/BillingStatements/file/9",
        c.billing_statements().download_file(9, &mut Vec::new()).await
    );
    case!(
        calls,
        "GET /api/v1/BillingStatements/9/reconciliationfile",
        c.billing_statements().download_reconciliation_file(9, &mut Vec::new()).await
    );
    case!(
        calls,
        "GET /api/v2/BillingStatements/9/reconciliationfile",
        c.billing_statements().download_daily_reconciliation_file(9, &mut Vec::new()).await
    );
    case!(
        calls,
        "GET /api/v1/BillingStatements/9/billingrecordsfile",
        c.billing_statements().download_records_file(9, &mut Vec::new()).await
    );
}
