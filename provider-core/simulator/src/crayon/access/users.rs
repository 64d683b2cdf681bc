//! Who is signed in, and the users of the API and the portal.

use super::body::{USER, USER_CHANGE_PASSWORD};
use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::enums::USER_ROLE;
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{choice, int, text};
use crate::crayon::engine::route::{PAGED, delete, get, post, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    get("me", me),
    get("ping", ping).anonymous(),
    get("users", list)
        .query(&[int("OrganizationId"), choice("Role", &USER_ROLE), text("Search")])
        .paged(PAGED),
    get("users/{id:guid}", read),
    get("users/user", read_by_name).query(&[text("userName").required()]),
    post("users", create).body(&USER),
    put("users/{id:guid}", replace).body(&USER),
    delete("users/{id:guid}", remove),
    put("users/{id:guid}/changepassword", change_password).body(&USER_CHANGE_PASSWORD),
];

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

const TENANT_ADMIN: i64 = 2;

fn is_named(user: &Json, name: &str) -> bool {
    user.get("UserName").text().is_some_and(|known| known.eq_ignore_ascii_case(name))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let organization = call.organization_filter()?;
    let search = call.query.text("Search");
    let admins = call.query.filter("Role").is_some_and(|role| role & TENANT_ADMIN != 0);
    let directory = &call.state.directory;
    let belongs = |user: &Json| {
        organization.is_none_or(|organization| {
            directory.access.rows().any(|row| {
                row.get("Organization").id() == Some(organization)
                    && row.get("User").get("Id") == user.get("Id")
            })
        })
    };
    let rows = directory.users.iter().filter(|user| {
        belongs(user)
            && (!admins || user.get("TenantAdmin").bool() == Some(true))
            && mentions(search, &[user.get("UserName").text(), user.get("LastName").text()])
    });
    Ok(call.page_of(rows, Json::clone))
}

fn place(call: &Call<'_>) -> Result<usize, ErrorAnswer> {
    let id = call.text("id");
    let users = &call.state.directory.users;
    let place = users
        .iter()
        .position(|user| user.get("Id").text().is_some_and(|known| known.eq_ignore_ascii_case(id)));
    place.ok_or_else(|| ErrorAnswer::not_found("User", &id))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let place = place(call)?;
    Ok(Answer::json(call.state.directory.users.get(place).cloned()))
}

fn read_by_name(call: &mut Call<'_>) -> Outcome {
    let name = call.query.text("userName").unwrap_or_default();
    let user = call.state.directory.users.iter().find(|user| is_named(user, name));
    user.map(|user| Answer::json(user.clone())).ok_or_else(ErrorAnswer::nothing_here)
}

fn create(call: &mut Call<'_>) -> Outcome {
    let name = call.body.get("UserName").text().unwrap_or_default();
    if call.state.directory.users.iter().any(|user| is_named(user, name)) {
        return Err(ErrorAnswer::rule("UserNameTaken", "The user name is in use.").with("UserName", name));
    }
    let mut user = USER.complete(&call.body);
    let email = user.get("Email").filled().or(user.get("UserName").text()).map(str::to_owned);
    user.set("Email", email);
    user.set("Id", call.state.directory.next_guid());
    call.state.directory.users.push(user.clone());
    Ok(Answer::json(user))
}

fn replace(call: &mut Call<'_>) -> Outcome {
    let place = place(call)?;
    let id = call.text("id").to_owned();
    if call.body.get("Id").filled().is_some_and(|named| !named.eq_ignore_ascii_case(&id)) {
        return Err(ErrorAnswer::rule("IdMismatch", "Id is not the id in the path."));
    }
    let user = USER.complete(&call.body).with("Id", id);
    if let Some(stored) = call.state.directory.users.get_mut(place) {
        *stored = user.clone();
    }
    Ok(Answer::json(user))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let place = place(call)?;
    if place == 0 {
        return Err(ErrorAnswer::rule("OwnUser", "A user cannot remove itself."));
    }
    call.state.directory.users.remove(place);
    yes()
}

fn change_password(call: &mut Call<'_>) -> Outcome {
    place(call)?;
    let named = call.body.get("UserId").text().unwrap_or_default();
    if !named.eq_ignore_ascii_case(call.text("id")) {
        return Err(ErrorAnswer::rule("IdMismatch", "UserId is not the id in the path."));
    }
    yes()
}
