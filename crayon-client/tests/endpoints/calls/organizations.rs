//! Organizations, addresses and access.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, GUID, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(
        calls,
        "GET /api/v1/Organizations?Search=a%20b%26c&Page=2&PageSize=50",
        c.organizations()
            .list(model!(SearchFilter { search: some("a b&c") }).page(Paging::first(50).at(2)))
            .await
    );
    case!(calls, "GET /api/v1/Organizations/7", c.organizations().get(7).await);
    case!(calls, "GET /api/v1/Organizations/7/salescontact", c.organizations().sales_contact(7).await);
    case!(calls, "GET /api/v1/Organizations/HasAccess/7", c.organizations().has_access(7).await);
    case!(
        calls,
        "GET /api/v1/organizations/7/Addresses?type=1",
        c.addresses().list(7, Some(AddressType::Invoice)).await
    );
    case!(calls, "GET /api/v1/organizations/7/Addresses/9", c.addresses().get(7, 9).await);
    case!(
        calls,
        "GET /api/v1/OrganizationAccess?organizationId=0&userId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&page=1&pageSize=10000",
        c.organization_access()
            .list(
                &model!(OrganizationAccessFilter { organization_id: Some(0), user_id: some(GUID) }),
                1,
                10_000
            )
            .await
    );
    case!(
        calls,
        "GET /api/v1/OrganizationAccess/grant?organizationId=7&userId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22&page=1&pageSize=10",
        c.organization_access()
            .grantable(
                &model!(OrganizationAccessFilter { organization_id: Some(7), user_id: some(GUID) }),
                1,
                10
            )
            .await
    );
    case!(
        calls,
        r#"PUT /api/v1/OrganizationAccess [{"Id":4,"Role":3}]"#,
        c.organization_access()
            .update(&[model!(OrganizationAccess {
                id: 4,
                role: Some(OrganizationAccessRole::USER | OrganizationAccessRole::ADMINISTRATOR)
            })])
            .await
    );
}
