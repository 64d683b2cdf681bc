//! End customers.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, GUID, day, document, some};

fn new_tenant() -> CustomerTenantDetailed {
    let address =
        model!(CustomerTenantAddress { address_line1: some("1 Sample Street"), country_code: some("NO") });
    model!(CustomerTenantDetailed {
        tenant: Some(model!(CustomerTenant {
            name: some("Fabled Bakery Ltd"),
            domain_prefix: some("fabledbakery"),
            reference: some("CUST-17"),
            customer_tenant_type: Some(CustomerTenantType::T2),
            organization: Some(model!(Organization { id: 4_100_001 })),
            invoice_profile: Some(ObjectReference::new(80_001)),
            reseller_markup: Some("12.50".parse().unwrap()),
        })),
        profile: Some(model!(CustomerTenantProfile {
            culture_code: some("en-US"),
            contact: Some(model!(CustomerTenantContact { email: some("it@example.com") })),
            address: Some(address),
        })),
        company: Some(model!(CustomerTenantCompany { organization_registration_number: some("999999999") })),
    })
}

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/CustomerTenants?OrganizationId=7&PublisherId=2&ProgramId=8&ConsumerId=3&Domain=a.example.com&DomainPrefix=a&CustomerTenantType=2&InvoiceProfileId=5&Search=x&Page=2&PageSize=50",
        c.customer_tenants()
            .list(
                model!(CustomerTenantFilter {
                    organization_id: Some(7),
                    publisher_id: Some(2),
                    program_id: Some(8),
                    consumer_id: Some(3),
                    domain: some("a.example.com"),
                    domain_prefix: some("a"),
                    customer_tenant_type: Some(CustomerTenantType::T2),
                    invoice_profile_id: Some(5),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/CustomerTenants/5", c.customer_tenants().get(5).await);
    case!(calls, "GET /api/v1/CustomerTenants/5/detailed", c.customer_tenants().get_detailed(5).await);
    case!(calls, "GET /api/v1/CustomerTenants/5/detailed", c.customer_tenants().document(5).await);
    case!(
        calls,
        r#"POST /api/v1/CustomerTenants {"Tenant":{"Name":"Fabled Bakery Ltd","DomainPrefix":"fabledbakery","Reference":"CUST-17","CustomerTenantType":2,"Organization":{"Id":4100001},"InvoiceProfile":{"Id":80001},"ResellerMarkup":12.50},"Profile":{"CultureCode":"en-US","Contact":{"Email":"it@example.com"},"Address":{"AddressLine1":"1 Sample Street","CountryCode":"NO"}},"Company":{"OrganizationRegistrationNumber":"999999999"}}"#,
        c.customer_tenants().create(&new_tenant()).await
    );
    case!(
        calls,
        r#"POST /api/v1/CustomerTenants/existing?syncFromPublisher=true {"Tenant":{"ExternalPublisherCustomerId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","DomainPrefix":"a"}}"#,
        c.customer_tenants()
            .attach(
                Some(true),
                &model!(CustomerTenantDetailed {
                    tenant: Some(model!(CustomerTenant {
                        domain_prefix: some("a"),
                        external_publisher_customer_id: some(GUID)
                    }))
                })
            )
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/CustomerTenants/5 {"Tenant":{"Id":5,"ResellerMarkup":1.10}}"#,
        c.customer_tenants().update(5, &document(r#"{"Tenant":{"Id":5,"ResellerMarkup":1.10}}"#)).await
    );
    case!(calls, "DELETE /api/v1/CustomerTenants/5", c.customer_tenants().delete(5).await);
    case!(calls, "GET /api/v1/CustomerTenants/5/azurePlan", c.customer_tenants().azure_plan(5).await);
    case!(
        calls,
        "GET /api/v1/customertenants/5/agreements?AgreementTypeConsent=1",
        c.customer_tenants().agreements(5, Some(AgreementTypeConsent::MicrosoftCustomerAgreement)).await
    );
    case!(
        calls,
        r#"POST /api/v1/customertenants/5/agreements {"FirstName":"Test","DateAgreed":"2025-03-01T09:00:00Z","AgreementType":1}"#,
        c.customer_tenants()
            .record_agreement(
                5,
                &model!(ServiceAccountAgreement {
                    first_name: some("Test"),
                    date_agreed: Some(day()),
                    agreement_type: Some(AgreementTypeConsent::MicrosoftCustomerAgreement)
                })
            )
            .await
    );
}
