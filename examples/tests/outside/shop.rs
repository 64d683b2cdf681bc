//! A small distributor behind the transport seam: tokens, customers, seats, and troubles on demand.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use http::{Method, Request, Response};
use provider_core::async_trait;
use provider_http::{Body, Transport, TransportError, TransportErrorKind};
use serde_json::{Value, json};

pub(crate) const CLIENT_ID: &str = "acme-client-7";
pub(crate) const CLIENT_SECRET: &str = "planted-client-secret";
pub(crate) const TOKEN: &str = "planted-access-token";

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// This is answered, and nothing is done.
    Refused(u16, Vec<(&'static str, &'static str)>, String),
    /// It is carried out, and the connection breaks before the answer comes.
    LostAfter,
    /// The connection breaks before anything is carried out: the client cannot tell.
    LostBefore,
}

#[derive(Debug, Default)]
struct State {
    customers: Vec<Value>,
    seats: BTreeMap<String, Value>,
    reads: VecDeque<Trouble>,
    writes: VecDeque<Trouble>,
    calls: u64,
    written: u64,
    tokens: u64,
}

/// Clones share what they know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shop(Arc<Mutex<State>>);

impl Shop {
    /// Three customers, one of them closed, and two subscriptions of 10 and 3 seats.
    pub(crate) fn open() -> Self {
        let shop = Self::default();
        for (id, name, state) in [
            ("A-1", "Example Bakery", "open"),
            ("A-2", "Example Dental", "closed"),
            ("A-3", "Harbor Supplies", "under review"),
        ] {
            shop.add_customer(json!({"id": id, "name": name, "state": state}));
        }
        for (id, quantity) in [("S-1", "10"), ("S-2", "3")] {
            let seats = json!({"id": id, "customer": "A-1", "quantity": quantity});
            shop.state().seats.insert(id.to_owned(), seats);
        }
        shop
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(crate) fn add_customer(&self, record: Value) {
        self.state().customers.push(record);
    }

    pub(crate) fn read_fails(&self, trouble: Trouble) {
        self.state().reads.push_back(trouble);
    }

    pub(crate) fn write_fails(&self, trouble: Trouble) {
        self.state().writes.push_back(trouble);
    }

    /// Requests of every kind.
    pub(crate) fn calls(&self) -> u64 {
        self.state().calls
    }

    /// Requests that may change something.
    pub(crate) fn writes(&self) -> u64 {
        self.state().written
    }

    pub(crate) fn tokens(&self) -> u64 {
        self.state().tokens
    }

    pub(crate) fn quantity(&self, id: &str) -> String {
        self.state().seats[id]["quantity"].as_str().unwrap().to_owned()
    }
}

impl State {
    fn answer(&mut self, request: &Request<Bytes>) -> (u16, Value) {
        let path = request.uri().path().to_owned();
        if path == "/v1/token" {
            self.tokens += 1;
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            return if body["client_secret"] == CLIENT_SECRET {
                (200, json!({"access_token": TOKEN, "expires_in": 3600}))
            } else {
                (401, json!({"error": "invalid_client"}))
            };
        }
        let credential = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if credential.and_then(|value| value.strip_prefix("Bearer ")) != Some(TOKEN) {
            return (401, json!({"message": "who are you?"}));
        }
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match parts.as_slice() {
            ["v1", "customers"] => page(request, self.customers.clone()),
            ["v1", "customers", id] => {
                found(self.customers.iter().find(|customer| customer["id"] == **id).cloned())
            }
            ["v1", "subscriptions"] => page(request, self.seats.values().cloned().collect()),
            ["v1", "subscriptions", id] if request.method() == Method::PUT => {
                let body: Value = serde_json::from_slice(request.body()).unwrap();
                match self.seats.get_mut(*id) {
                    None => found(None),
                    Some(seats) => {
                        seats["quantity"] = body["quantity"].clone();
                        (200, seats.clone())
                    }
                }
            }
            ["v1", "subscriptions", id] => found(self.seats.get(*id).cloned()),
            _ => found(None),
        }
    }
}

fn found(record: Option<Value>) -> (u16, Value) {
    record.map_or_else(|| (404, json!({"code": "no_such_record"})), |record| (200, record))
}

fn page(request: &Request<Bytes>, records: Vec<Value>) -> (u16, Value) {
    let query = request.uri().query().unwrap_or_default();
    let number = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).find_map(|(_, value)| value.parse::<usize>().ok())
    };
    let total = records.len();
    let items: Vec<Value> =
        records.into_iter().skip(number("start").unwrap()).take(number("count").unwrap()).collect();
    (200, json!({"items": items, "total": total}))
}

fn response(status: u16, headers: &[(&'static str, &'static str)], body: String) -> Response<Body> {
    let mut response = Response::new(Body::from_bytes(Bytes::from(body)));
    *response.status_mut() = status.try_into().unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

#[async_trait]
impl Transport for Shop {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let mut state = self.state();
        state.calls += 1;
        let is_token = request.uri().path() == "/v1/token";
        let is_write = request.method() == Method::PUT;
        let trouble = match (is_token, is_write) {
            (true, _) => None,
            (false, true) => {
                state.written += 1;
                state.writes.pop_front()
            }
            (false, false) => state.reads.pop_front(),
        };
        let broken = || TransportError::new(TransportErrorKind::Request, "the connection broke");
        match trouble {
            Some(Trouble::Refused(status, headers, body)) => Ok(response(status, &headers, body)),
            Some(Trouble::LostBefore) => Err(broken()),
            Some(Trouble::LostAfter) => {
                let _ = state.answer(&request);
                Err(broken())
            }
            None => {
                let (status, body) = state.answer(&request);
                Ok(response(status, &[("content-type", "application/json")], body.to_string()))
            }
        }
    }
}
