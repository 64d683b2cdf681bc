//! The table of calls: path, parameters, body, handler.

use super::call::{Call, Captures, Outcome};
use super::dates;
use super::query::Param;
use super::shape::Shape;
use crate::engine::strict::percent_decoded;

/// The function behind a call.
pub(crate) type Handler<S> = fn(&mut Call<'_, S>) -> Outcome;

/// What a call reads from the request's body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    None,
    Object(&'static Shape),
    List(&'static Shape),
}

/// Page numbers and sizes that a list takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging {
    pub(crate) default: i64,
    pub(crate) max: i64,
}

/// One call of the reference.
#[derive(Debug)]
pub(crate) struct Route<S> {
    pub(crate) method: &'static str,
    /// `v1` or `v2`.
    pub(crate) version: &'static str,
    /// Below the version, lower case; captures are `{name:int}`, `{name:long}`, `{name:guid}`, `{name:flag}`, `{name:date}`
    /// and `{name}` for any text.
    pub(crate) path: &'static str,
    pub(crate) query: &'static [Param],
    pub(crate) paging: Option<Paging>,
    pub(crate) body: Body,
    pub(crate) anonymous: bool,
    pub(crate) handler: Handler<S>,
}

/// Sizes of most lists: 50 unless asked, 1,000 at most.
pub(crate) const PAGED: Paging = Paging { default: 50, max: 1_000 };

const fn route<S>(method: &'static str, path: &'static str, handler: Handler<S>) -> Route<S> {
    Route {
        method,
        version: "v1",
        path,
        query: &[],
        paging: None,
        body: Body::None,
        anonymous: false,
        handler,
    }
}

pub(crate) const fn get<S>(path: &'static str, handler: Handler<S>) -> Route<S> {
    route("GET", path, handler)
}

pub(crate) const fn post<S>(path: &'static str, handler: Handler<S>) -> Route<S> {
    route("POST", path, handler)
}

pub(crate) const fn put<S>(path: &'static str, handler: Handler<S>) -> Route<S> {
    route("PUT", path, handler)
}

pub(crate) const fn patch<S>(path: &'static str, handler: Handler<S>) -> Route<S> {
    route("PATCH", path, handler)
}

pub(crate) const fn delete<S>(path: &'static str, handler: Handler<S>) -> Route<S> {
    route("DELETE", path, handler)
}

impl<S> Route<S> {
    pub(crate) const fn query(mut self, params: &'static [Param]) -> Self {
        self.query = params;
        self
    }

    pub(crate) const fn paged(mut self, paging: Paging) -> Self {
        self.paging = Some(paging);
        self
    }

    pub(crate) const fn body(mut self, shape: &'static Shape) -> Self {
        self.body = Body::Object(shape);
        self
    }

    pub(crate) const fn list_body(mut self, shape: &'static Shape) -> Self {
        self.body = Body::List(shape);
        self
    }

    pub(crate) const fn v2(mut self) -> Self {
        self.version = "v2";
        self
    }

    pub(crate) const fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found<S: 'static> {
    Route(&'static Route<S>, Captures),
    /// The path exists; a value in it has the wrong type.
    Mistyped(&'static str),
    /// The path exists with other methods.
    OtherMethod,
    Nothing,
}

/// Finds the call for a path in lower case, without a trailing slash.
pub(crate) fn find<S>(tables: &[&'static [Route<S>]], method: &str, path: &str) -> Found<S> {
    let Some(rest) = path.strip_prefix("/api/") else {
        return Found::Nothing;
    };
    let Some((version, rest)) = rest.split_once('/') else {
        return Found::Nothing;
    };
    let segments: Vec<&str> = rest.split('/').collect();
    let mut other_method = false;
    let mut mistyped = None;
    let mut best: Option<(usize, &'static Route<S>, Captures)> = None;
    for route in tables.iter().flat_map(|table| table.iter()) {
        if route.version != version {
            continue;
        }
        match fit(route, &segments) {
            Fit::No => {}
            _ if route.method != method => other_method = true,
            Fit::Mistyped(name) => mistyped = Some(name),
            Fit::Yes(literals, captures) => {
                if best.as_ref().is_none_or(|(most, ..)| literals > *most) {
                    best = Some((literals, route, captures));
                }
            }
        }
    }
    match (best, mistyped) {
        (Some((_, route, captures)), _) => Found::Route(route, captures),
        (None, Some(name)) => Found::Mistyped(name),
        (None, None) if other_method => Found::OtherMethod,
        (None, None) => Found::Nothing,
    }
}

enum Fit {
    No,
    Mistyped(&'static str),
    Yes(usize, Captures),
}

fn fit<S>(route: &'static Route<S>, segments: &[&str]) -> Fit {
    let mut literals = 0;
    let mut mistyped = None;
    let mut captures = Captures::new();
    let mut given = segments.iter();
    for wanted in route.path.split('/') {
        let Some(segment) = given.next() else {
            return Fit::No;
        };
        let Some(capture) = wanted.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) else {
            if wanted != *segment {
                return Fit::No;
            }
            literals += 1;
            continue;
        };
        let (name, kind) = capture.split_once(':').unwrap_or((capture, "text"));
        let value = percent_decoded(segment);
        if !has_type(kind, &value) {
            mistyped = Some(name);
        }
        captures.push((name, value));
    }
    if given.next().is_some() {
        return Fit::No;
    }
    match mistyped {
        // A literal route may still fit: `users/user` beside `users/{id:guid}`.
        Some(name) => Fit::Mistyped(name),
        None => Fit::Yes(literals, captures),
    }
}

fn has_type(kind: &str, value: &str) -> bool {
    match kind {
        "int" => value.parse::<i32>().is_ok(),
        "long" => value.parse::<i64>().is_ok(),
        "guid" => uuid::Uuid::parse_str(value).is_ok(),
        "flag" => value == "true" || value == "false",
        "date" => dates::read(&value.to_ascii_uppercase()).is_some(),
        _ => !value.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a failed expectation should end the test")]

    use super::super::call::Answer;
    use super::*;

    fn handler(_: &mut Call<'_, ()>) -> Outcome {
        Ok(Answer::empty())
    }

    const TABLE: &[Route<()>] = &[
        get("users/{id:guid}", handler),
        get("users/user", handler),
        get("subscriptions/{id:int}", handler),
        get("products/{part}/cycles", handler),
        get("subscriptions/coterminosity", handler).v2(),
    ];

    fn path_of(method: &str, path: &str) -> String {
        match find(&[TABLE], method, path) {
            Found::Route(route, captures) => captures
                .first()
                .map_or_else(|| route.path.to_owned(), |(name, value)| format!("{name}={value}")),
            Found::Mistyped(name) => format!("mistyped {name}"),
            Found::OtherMethod => "other method".to_owned(),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn finds_by_literal_type_and_version() {
        assert_eq!(path_of("GET", "/api/v1/users/user"), "users/user");
        assert_eq!(path_of("GET", "/api/v1/subscriptions/7"), "id=7");
        assert_eq!(path_of("GET", "/api/v1/subscriptions/seven"), "mistyped id");
        assert_eq!(path_of("GET", "/api/v2/subscriptions/coterminosity"), "subscriptions/coterminosity");
        assert_eq!(path_of("PUT", "/api/v1/subscriptions/7"), "other method");
        assert_eq!(path_of("GET", "/api/v3/subscriptions/7"), "nothing");
        assert_eq!(path_of("GET", "/v1/subscriptions/7"), "nothing");
    }

    #[test]
    fn decodes_captured_text() {
        assert_eq!(path_of("GET", "/api/v1/products/cfq7%3a0001/cycles"), "part=cfq7:0001");
        assert_eq!(path_of("GET", "/api/v1/products/a%2fb+c/cycles"), "part=a/b+c");
    }
}
