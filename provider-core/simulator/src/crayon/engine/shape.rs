//! What a request body may hold: names, types, what is required. Anything else is refused.

use std::borrow::Cow;

use super::dates;
use super::enums::Enumeration;
use super::failure::FieldViolation;
use super::json::Json;
use crate::engine::strict::member_path;

const UNKNOWN_MEMBER: &str = "UnknownMember";

/// The type of one member.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A JSON integer within int32.
    Int,
    /// A JSON integer within int64.
    Long,
    /// Any JSON number.
    Number,
    Bool,
    Text,
    /// Text that is a date.
    Date,
    Enum(&'static Enumeration),
    Object(&'static Shape),
    List(&'static Self),
    /// Free keys with text values.
    Map,
    /// Any value: used where answers hold something that requests ignore.
    Any,
}

/// One member of a body.
#[derive(Debug)]
pub(crate) struct Member {
    name: &'static str,
    kind: Kind,
    nullable: bool,
    required: bool,
}

/// The members of one model.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) members: &'static [Member],
}

macro_rules! member_constructors {
    ($($function:ident => $kind:ident, $nullable:literal;)*) => {
        $(pub(crate) const fn $function(name: &'static str) -> Member {
            Member { name, kind: Kind::$kind, nullable: $nullable, required: false }
        })*
    };
}

// In C# numbers, booleans and enums cannot be null; strings, objects and lists can.
member_constructors! {
    int => Int, false;
    long => Long, false;
    number => Number, false;
    flag => Bool, false;
    text => Text, true;
    date => Date, false;
    map => Map, true;
}

pub(crate) const fn choice(name: &'static str, of: &'static Enumeration) -> Member {
    Member { name, kind: Kind::Enum(of), nullable: false, required: false }
}

pub(crate) const fn nested(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, kind: Kind::Object(shape), nullable: true, required: false }
}

pub(crate) const fn list(name: &'static str, of: &'static Kind) -> Member {
    Member { name, kind: Kind::List(of), nullable: true, required: false }
}

impl Member {
    /// May be null.
    pub(crate) const fn opt(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// Must be given, and neither null nor blank.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn default(&self) -> Json {
        if self.nullable {
            return Json::Null;
        }
        match &self.kind {
            Kind::Int | Kind::Long | Kind::Enum(_) => Json::Int(0),
            Kind::Number => Json::Dec(rust_decimal::Decimal::ZERO),
            Kind::Bool => Json::Bool(false),
            // The zero of C#'s DateTime.
            Kind::Date => Json::from("0001-01-01T00:00:00"),
            _ => Json::Null,
        }
    }
}

impl Shape {
    /// Checks a body and gives its members their documented names; what was not sent stays missing. Where the simulator is
    /// not strict, unknown members are dropped.
    ///
    /// # Errors
    ///
    /// One violation for each unknown member, wrong type and missing required member.
    pub(crate) fn bind(&self, body: Json, strict: bool) -> Result<Json, Vec<FieldViolation>> {
        let mut violations = Vec::new();
        let bound = self.bind_at("", body, &mut violations);
        violations.retain(|violation| strict || violation.code != UNKNOWN_MEMBER);
        if violations.is_empty() { Ok(bound) } else { Err(violations) }
    }

    fn bind_at(&self, path: &str, body: Json, violations: &mut Vec<FieldViolation>) -> Json {
        let Json::Object(given) = body else {
            violations.push(FieldViolation::new(
                "InvalidType",
                path,
                format!("{} must be an object", self.name),
            ));
            return Json::Null;
        };
        let mut bound = Vec::with_capacity(given.len());
        for (name, value) in given {
            let at = member_path(path, &name);
            let Some(member) = self.members.iter().find(|known| known.name.eq_ignore_ascii_case(&name))
            else {
                violations.push(FieldViolation::new(
                    UNKNOWN_MEMBER,
                    &at,
                    format!("{} has no member {name}", self.name),
                ));
                continue;
            };
            let value = bind_kind(&member.kind, member.nullable, &at, value, violations);
            bound.push((Cow::Borrowed(member.name), value));
        }
        let bound = Json::Object(bound);
        for member in self.members.iter().filter(|member| member.required) {
            let value = bound.get(member.name);
            if value.is_null() || value.text().is_some_and(|text| text.trim().is_empty()) {
                let at = member_path(path, member.name);
                // A value of the wrong type is one violation, not two.
                if violations.iter().any(|violation| violation.field.eq_ignore_ascii_case(&at)) {
                    continue;
                }
                violations.push(FieldViolation::new("Required", &at, format!("{at} is required")));
            }
        }
        bound
    }

    /// The complete record: documented order, null and 0 for what is missing. This is what makes a PUT replace.
    pub(crate) fn complete(&self, bound: &Json) -> Json {
        Json::Object(
            self.members
                .iter()
                .map(|member| {
                    let value = match (&member.kind, bound.find(member.name)) {
                        (_, None) => member.default(),
                        (Kind::Object(shape), Some(value @ Json::Object(_))) => shape.complete(value),
                        (Kind::List(Kind::Object(shape)), Some(Json::List(items))) => {
                            Json::List(items.iter().map(|item| shape.complete(item)).collect())
                        }
                        (_, Some(value)) => value.clone(),
                    };
                    (Cow::Borrowed(member.name), value)
                })
                .collect(),
        )
    }
}

fn bind_kind(
    kind: &Kind,
    nullable: bool,
    at: &str,
    value: Json,
    violations: &mut Vec<FieldViolation>,
) -> Json {
    if value.is_null() {
        if !nullable {
            violations.push(FieldViolation::new("InvalidType", at, format!("{at} cannot be null")));
        }
        return value;
    }
    let fits = match (kind, &value) {
        (Kind::Int, Json::Int(number)) => i32::try_from(*number).is_ok(),
        (Kind::Enum(of), Json::Int(number)) => of.knows(*number),
        (Kind::Long, Json::Int(_))
        | (Kind::Number, Json::Int(_) | Json::Dec(_))
        | (Kind::Bool, Json::Bool(_))
        | (Kind::Text, Json::Text(_))
        | (Kind::Any, _) => true,
        (Kind::Date, Json::Text(text)) => dates::read(text).is_some(),
        (Kind::Map, Json::Object(members)) => members.iter().all(|(_, value)| value.text().is_some()),
        (Kind::Object(shape), Json::Object(_)) => return shape.bind_at(at, value, violations),
        (Kind::List(_), Json::List(_)) => true,
        _ => false,
    };
    if !fits {
        violations.push(FieldViolation::new("InvalidType", at, format!("{at} must be {}", expected(kind))));
        return Json::Null;
    }
    match (kind, value) {
        (Kind::List(of), Json::List(items)) => Json::List(
            items
                .into_iter()
                .enumerate()
                .map(|(index, item)| bind_kind(of, false, &format!("{at}[{index}]"), item, violations))
                .collect(),
        ),
        (Kind::Map, Json::Object(members)) => {
            Json::Map(members.into_iter().map(|(name, value)| (name.into_owned(), value)).collect())
        }
        (_, value) => value,
    }
}

fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Int | Kind::Long => "a JSON integer".to_owned(),
        Kind::Number => "a JSON number".to_owned(),
        Kind::Bool => "true or false".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Date => "a date".to_owned(),
        Kind::Enum(of) => format!("the number of a {}", of.name),
        Kind::Object(shape) => format!("a {}", shape.name),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map | Kind::Any => "an object with text values".to_owned(),
    }
}

macro_rules! shape {
    ($constant:ident, $name:literal, [$($member:expr),* $(,)?]) => {
        pub(crate) static $constant: $crate::crayon::engine::shape::Shape =
            $crate::crayon::engine::shape::Shape { name: $name, members: &[$($member),*] };
    };
}

pub(crate) use shape;

pub(crate) const fn texts(name: &'static str) -> Member {
    list(name, &Kind::Text)
}

pub(crate) const fn ints(name: &'static str) -> Member {
    list(name, &Kind::Int)
}

/// `{Id, Name}`, the only way records point at each other.
pub(crate) const fn refers(name: &'static str) -> Member {
    nested(name, &REFERENCE)
}

shape!(REFERENCE, "ObjectReference", [int("Id"), text("Name")]);

shape!(PRICE, "Price", [number("Value"), text("CurrencyCode")]);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation should end the test")]

    use super::super::enums::SORT_ORDER;
    use super::*;

    static INNER: Shape = Shape { name: "Inner", members: &[int("Id").required(), text("Name")] };
    static OUTER: Shape = Shape {
        name: "Outer",
        members: &[
            int("Count"),
            choice("Order", &SORT_ORDER),
            nested("Inner", &INNER),
            list("Inners", &Kind::Object(&INNER)),
            date("From").opt(),
        ],
    };

    #[test]
    fn names_every_fault_by_its_path() {
        let body = Json::parse(
            r#"{"count":1.0,"order":7,"inner":{"name":"x"},"inners":[{"id":1},{"id":"2"}],"nope":1}"#,
        );
        let violations = OUTER.bind(body.unwrap(), true).unwrap_err();
        let paths: Vec<_> =
            violations.iter().map(|violation| (violation.code, violation.field.as_str())).collect();
        assert_eq!(
            paths,
            [
                ("InvalidType", "count"),
                ("InvalidType", "order"),
                ("Required", "inner.Id"),
                ("InvalidType", "inners[1].id"),
                ("UnknownMember", "nope"),
            ]
        );
    }

    #[test]
    fn a_complete_record_resets_what_is_missing() {
        let bound = OUTER.bind(Json::parse(r#"{"inner":{"ID":5},"from":null}"#).unwrap(), true).unwrap();
        let record = OUTER.complete(&bound);
        assert_eq!(record.get("Count"), &Json::Int(0));
        assert_eq!(record.get("Inner").get("Id"), &Json::Int(5));
        assert_eq!(record.get("Inner").find("Name"), Some(&Json::Null));
        assert_eq!(record.get("From"), &Json::Null);
        assert_eq!(record.get("Inners"), &Json::Null);
    }
}
