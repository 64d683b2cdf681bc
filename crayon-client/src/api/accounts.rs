//! Who is signed in; API clients, their secrets, and users.

use provider_core::Result;
use provider_http::Answer;

use crate::client::CrayonClient;
use crate::model::{Client, Me, SearchFilter, Secret, User, UserChangePassword, UserFilter, UserUpsert};
use crate::wire::{Listed, Paging};

provider_http::endpoints! {
    client: CrayonClient;

    /// Who is signed in, and whether the service answers.
    Session as session {
        /// The signed-in user.
        get "/api/v1/Me" => me() -> record Me;
        /// Whether the service answers. It says something about its version in a form that is not documented.
        get "/api/v1/Ping" => ping() marked(without_credential) -> json serde_json::Value;
    }

    /// API clients.
    Clients as clients {
        /// One page of API clients.
        get "/api/v1/Clients" => list() query(query: SearchFilter, paging: Paging) -> list Listed<Client>;
        /// One API client, by its GUID.
        get "/api/v1/Clients/{client_id}" => get(client_id: &str) -> record Client;
        /// Creates an API client.
        post "/api/v1/Clients" => create() body(client: &Client) -> record Client;
        /// Replaces an API client.
        put "/api/v1/Clients/{client_id}" => update(client_id: &str) body(client: &Client) -> record Client;
        /// Deletes an API client.
        delete "/api/v1/Clients/{client_id}" => delete(client_id: &str) -> confirm bool;
    }

    /// Secrets of API clients.
    Secrets as secrets {
        /// Creates a secret. The answer is the only place where its value can be read.
        post "/api/v1/Secrets" => create() body(secret: &Secret) marked(sensitive) -> record Secret;
        /// Deletes a secret.
        delete "/api/v1/Secrets" => delete() with(secret_id: i64 = "secretId", client_id: &str = "clientId") -> confirm bool;
    }

    /// Users of the portal and the API.
    Users as users {
        /// One page of users.
        get "/api/v1/Users" => list() query(query: UserFilter, paging: Paging) -> list Listed<User>;
        /// One user, by its GUID.
        get "/api/v1/Users/{id}" => get(id: &str) -> record User;
        /// One user, by the name it signs in with.
        get "/api/v1/Users/user" => get_by_name() with(user_name: &str = "userName") -> record User;
        /// Creates a user; it has no password yet.
        post "/api/v1/Users" => create() body(user: &UserUpsert) -> record User;
        /// Replaces a user.
        put "/api/v1/Users/{id}" => update(id: &str) body(user: &UserUpsert) -> record User;
        /// Deletes a user.
        delete "/api/v1/Users/{id}" => delete(id: &str) -> confirm bool;
        /// Sets a user's password.
        put "/api/v1/Users/{id}/changepassword" => change_password(id: &str) body(change: &UserChangePassword) marked(sensitive) -> confirm bool;
    }
}

impl Session {
    /// [`me`](Self::me): the answer before it is decoded.
    pub(crate) async fn me_answer(&self) -> Result<Answer> {
        self.client.answer(session::me()?, &self.call).await
    }
}
