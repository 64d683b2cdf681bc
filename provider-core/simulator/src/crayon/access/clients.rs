//! API clients and their secrets.

use super::body::{CLIENT, SECRET};
use crate::crayon::engine::call::{Answer, Outcome, yes};
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::failure::ErrorAnswer;
use crate::crayon::engine::json::Json;
use crate::crayon::engine::query::{int, text};
use crate::crayon::engine::route::{PAGED, delete, get, post, put};
use crate::crayon::engine::table::mentions;
use crate::crayon::state::{Call, Route};

pub(crate) const ROUTES: &[Route] = &[
    get("clients", list).query(&[text("Search")]).paged(PAGED),
    get("clients/{id}", read),
    post("clients", create).body(&CLIENT),
    put("clients/{id}", replace).body(&CLIENT),
    delete("clients/{id}", remove),
    post("secrets", add_secret).body(&SECRET),
    delete("secrets", remove_secret).query(&[int("secretId").required(), text("clientId").required()]),
];

fn is(client: &Json, id: &str) -> bool {
    client.get("ClientId").text().is_some_and(|known| known.eq_ignore_ascii_case(id))
}

/// The client with its secrets, whose values nobody can read again.
fn with_secrets(call: &Call<'_>, client: &Json) -> Json {
    let id = client.get("ClientId").text().unwrap_or_default();
    let secrets = call.state.directory.secrets.rows().filter(|secret| is(secret, id));
    let secrets: Vec<Json> = secrets.map(|secret| secret.clone().with("Value", Json::Null)).collect();
    client.clone().with("ClientSecrets", secrets)
}

fn list(call: &mut Call<'_>) -> Outcome {
    let search = call.query.text("Search");
    let rows = call.state.directory.clients.iter();
    let rows = rows.filter(|client| mentions(search, &[client.get("ClientName").text()]));
    Ok(call.page_of(rows, |client| with_secrets(call, client)))
}

fn place(call: &Call<'_>, id: &str) -> Result<usize, ErrorAnswer> {
    let place = call.state.directory.clients.iter().position(|client| is(client, id));
    place.ok_or_else(|| ErrorAnswer::not_found("Client", &id))
}

fn at(call: &Call<'_>, place: usize) -> Json {
    call.state.directory.clients.get(place).map_or(Json::Null, |client| with_secrets(call, client))
}

fn read(call: &mut Call<'_>) -> Outcome {
    let place = place(call, call.text("id"))?;
    Ok(Answer::json(at(call, place)))
}

fn create(call: &mut Call<'_>) -> Outcome {
    let id = call.state.directory.next_guid();
    let client = CLIENT
        .complete(&call.body)
        .with("ClientId", id)
        .with("TimeStamp", dates::write(call.now, Form::Ticks));
    call.state.directory.clients.push(client);
    Ok(Answer::json(at(call, call.state.directory.clients.len() - 1)))
}

fn replace(call: &mut Call<'_>) -> Outcome {
    let id = call.text("id").to_owned();
    let place = place(call, &id)?;
    if call.body.get("ClientId").filled().is_some_and(|named| !named.eq_ignore_ascii_case(&id)) {
        return Err(ErrorAnswer::rule("IdMismatch", "ClientId is not the id in the path."));
    }
    let now = dates::write(call.now, Form::Ticks);
    let client = CLIENT.complete(&call.body).with("ClientId", id).with("TimeStamp", now);
    if let Some(stored) = call.state.directory.clients.get_mut(place) {
        *stored = client;
    }
    Ok(Answer::json(at(call, place)))
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let place = place(call, call.text("id"))?;
    if place == 0 {
        return Err(ErrorAnswer::rule("OwnClient", "A client cannot remove itself."));
    }
    call.state.directory.clients.remove(place);
    yes()
}

/// The only answer that tells a secret's value.
fn add_secret(call: &mut Call<'_>) -> Outcome {
    let client = call.body.get("ClientId").text().unwrap_or_default().to_owned();
    place(call, &client)?;
    let secret = SECRET.complete(&call.body).with("TimeStamp", dates::write(call.now, Form::Ticks));
    let id = call.state.directory.secrets.add(secret);
    let value = format!("example-{}", call.state.prng("crayon/secret", id).hex(24));
    Ok(Answer::json(call.state.directory.secrets.get(id).cloned().map(|secret| secret.with("Value", value))))
}

fn remove_secret(call: &mut Call<'_>) -> Outcome {
    let id = call.query.int("secretId").unwrap_or_default();
    let client = call.query.text("clientId").unwrap_or_default();
    let known = call.state.directory.secrets.get(id).is_some_and(|secret| is(secret, client));
    if !known {
        return Err(ErrorAnswer::not_found("Secret", &id));
    }
    call.state.directory.secrets.remove(id);
    yes()
}
