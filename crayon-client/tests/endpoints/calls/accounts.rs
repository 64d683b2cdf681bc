//! Who is signed in, API clients, secrets and users.

use crayon_client::Paging;
use crayon_client::model::*;

use super::{Calls, GUID, some};

pub(super) async fn all(calls: &mut Calls<'_>) {
    let c = calls.client.clone();
    case!(calls, "GET /api/v1/Me", c.session().me().await);
    case!(calls, "GET /api/v1/Ping", c.session().ping().await);
    case!(
        calls,
        "GET /api/v1/Clients?Search=a%20b%26c&Page=2&PageSize=50",
        c.clients().list(model!(SearchFilter { search: some("a b&c") }).page(Paging::first(50).at(2))).await
    );
    case!(calls, "GET /api/v1/Clients/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22", c.clients().get(GUID).await);
    case!(
        calls,
        r#"POST /api/v1/Clients {"ClientName":"n","Flow":4}"#,
        c.clients().create(&model!(Client { client_name: some("n"), flow: Some(Flow::ResourceOwner) })).await
    );
    case!(
        calls,
        r#"PUT /api/v1/Clients/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22 {"Enabled":false}"#,
        c.clients().update(GUID, &model!(Client { enabled: Some(false) })).await
    );
    case!(
        calls,
        "DELETE /api/v1/Clients/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22",
        c.clients().delete(GUID).await
    );
    case!(
        calls,
        r#"POST /api/v1/Secrets {"ClientId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22"}"#,
        c.secrets().create(&model!(Secret { client_id: some(GUID) })).await
    );
    case!(
        calls,
        "DELETE /api/v1/Secrets?secretId=3&clientId=3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22",
        c.secrets().delete(3, GUID).await
    );
    case!(
        calls,
        "GET /api/v1/Users?OrganizationId=7&Role=2&Search=x&Page=2&PageSize=50",
        c.users()
            .list(
                model!(UserFilter {
                    organization_id: Some(7),
                    role: Some(UserRole::TENANT_ADMIN),
                    search: some("x")
                })
                .page(Paging::first(50).at(2))
            )
            .await
    );
    case!(calls, "GET /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22", c.users().get(GUID).await);
    case!(
        calls,
        "GET /api/v1/Users/user?userName=a%40example.com",
        c.users().get_by_name("a@example.com").await
    );
    case!(
        calls,
        r#"POST /api/v1/Users {"UserName":"a","TenantAdmin":true}"#,
        c.users().create(&model!(UserUpsert { user_name: some("a"), tenant_admin: Some(true) })).await
    );
    case!(
        calls,
        r#"PUT /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22 {"FirstName":"A"}"#,
        c.users().update(GUID, &model!(UserUpsert { first_name: some("A") })).await
    );
    case!(calls, "DELETE /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22", c.users().delete(GUID).await);
    case!(
        calls,
        r#"PUT /api/v1/Users/3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22/changepassword {"UserId":"3f2b8d0a-6f0e-4c55-9d1a-0b7e5f9c1a22","NewPassword":"new"}"#,
        c.users()
            .change_password(
                GUID,
                &model!(UserChangePassword {
                    user_id: some(GUID),
                    new_password: Some(SecretText::new("new"))
                })
            )
            .await
    );
}
