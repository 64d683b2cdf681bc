//! The caller itself: who is signed in, and whether the service is up.

use super::call::{Answer, Call};
use super::json::{Json, object};
use super::route::{Outcome, Route, get};

pub(super) const ROUTES: &[Route] = &[get("me", me), get("ping", ping).anonymous()];

fn me(call: &mut Call<'_>) -> Outcome {
    let user = call.state.directory.users.first();
    let member = |name: &str| user.map_or(Json::Null, |user| user.get(name).clone());
    Ok(Answer::json(object! {
        "UserId": member("Id"),
        "UserName": member("UserName"),
        // A secret on the live service: here it is no token that any call accepts.
        "Token": "sim.me.example",
        "Claims": Json::from(vec!["role: TenantAdmin", "scope: CustomerApi"]),
    }))
}

fn ping(_: &mut Call<'_>) -> Outcome {
    Ok(Answer::json(object! { "Version": "1.0.0.0", "Environment": "Simulator" }))
}
