//! Query parameters: names in any casing, typed values, everything else refused.

use chrono::{DateTime, Utc};

use super::dates;
use super::enums::Enumeration;
use super::failure::FieldViolation;
use super::json::Json;
use crate::engine::refusal::RefusedPart;

/// The type of one parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ask {
    Int,
    Bool,
    Text,
    Date,
    Enum(&'static Enumeration),
    /// Lists repeat the name.
    Ints,
    Texts,
    Enums(&'static Enumeration),
}

/// One parameter that a call takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) ask: Ask,
    pub(crate) required: bool,
}

macro_rules! param_constructors {
    ($($function:ident => $ask:ident;)*) => {
        $(pub(crate) const fn $function(name: &'static str) -> Param {
            Param { name, ask: Ask::$ask, required: false }
        })*
    };
}

param_constructors! {
    int => Int;
    flag => Bool;
    text => Text;
    date => Date;
    ints => Ints;
    texts => Texts;
}

pub(crate) const fn choice(name: &'static str, of: &'static Enumeration) -> Param {
    Param { name, ask: Ask::Enum(of), required: false }
}

pub(crate) const fn choices(name: &'static str, of: &'static Enumeration) -> Param {
    Param { name, ask: Ask::Enums(of), required: false }
}

impl Param {
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

#[derive(Clone, Debug)]
enum Value {
    Int(i64),
    Bool(bool),
    Text(String),
    Date(DateTime<Utc>),
}

/// The parameters of a request, all known and of the right type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    values: Vec<Given>,
}

#[derive(Clone, Debug)]
struct Given {
    name: &'static str,
    repeats: bool,
    value: Value,
}

impl Query {
    /// Reads the decoded pairs of a query string. Where the simulator is not strict, unknown names are dropped.
    ///
    /// # Errors
    ///
    /// One violation for each unknown or repeated name, each value of the wrong type and each required name that is missing.
    pub(crate) fn read(
        pairs: Vec<(String, String)>,
        params: &[Param],
        strict: bool,
    ) -> Result<Self, Vec<FieldViolation>> {
        let mut violations = Vec::new();
        let mut query = Self::default();
        for (name, value) in pairs {
            let Some(param) = params.iter().find(|known| known.name.eq_ignore_ascii_case(&name)) else {
                if strict {
                    let reason = format!("{name} is not a parameter of this call");
                    violations
                        .push(FieldViolation::new("UnknownParameter", &name, reason).of(RefusedPart::Query));
                }
                continue;
            };
            let repeats = matches!(param.ask, Ask::Ints | Ask::Texts | Ask::Enums(_));
            if !repeats && query.value(param.name).is_some() {
                let reason = format!("{name} is given twice");
                violations
                    .push(FieldViolation::new("RepeatedParameter", &name, reason).of(RefusedPart::Query));
                continue;
            }
            match typed(param.ask, &value) {
                Some(value) => query.values.push(Given { name: param.name, repeats, value }),
                None => {
                    let reason = format!("{value:?} is no value for {name}");
                    violations.push(FieldViolation::new("InvalidType", &name, reason).of(RefusedPart::Query));
                }
            }
        }
        for param in params.iter().filter(|param| param.required && query.lacks(param)) {
            let reason = format!("{} is required", param.name);
            violations.push(FieldViolation::new("Required", param.name, reason).of(RefusedPart::Query));
        }
        if violations.is_empty() { Ok(query) } else { Err(violations) }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|given| given.name == name).map(|given| &given.value)
    }

    /// A required number of 0 means "no filter", which is not enough.
    fn lacks(&self, param: &Param) -> bool {
        match self.value(param.name) {
            None | Some(Value::Int(0)) => true,
            Some(Value::Text(text)) => text.is_empty(),
            Some(_) => false,
        }
    }

    /// The number, 0 included.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// The number to filter by; 0 means no filter on this wire.
    pub(crate) fn filter(&self, name: &str) -> Option<i64> {
        self.int(name).filter(|number| *number != 0)
    }

    pub(crate) fn bool(&self, name: &str) -> Option<bool> {
        match self.value(name) {
            Some(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The text, unless it is empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Some(Value::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    pub(crate) fn date(&self, name: &str) -> Option<DateTime<Utc>> {
        match self.value(name) {
            Some(Value::Date(at)) => Some(*at),
            _ => None,
        }
    }

    /// Every number given under that name, zeros left out.
    pub(crate) fn ints(&self, name: &str) -> Vec<i64> {
        self.values
            .iter()
            .filter_map(|given| match &given.value {
                Value::Int(number) if given.name == name && *number != 0 => Some(*number),
                _ => None,
            })
            .collect()
    }

    /// Every text given under that name.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        self.values
            .iter()
            .filter_map(|given| match &given.value {
                Value::Text(text) if given.name == name && !text.is_empty() => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// What was asked, for the calls that echo their filter.
    pub(crate) fn echo(&self) -> Json {
        let mut echo = Json::Object(Vec::new());
        for given in &self.values {
            let value = match &given.value {
                Value::Int(number) => Json::from(*number),
                Value::Bool(value) => Json::from(*value),
                Value::Text(text) => Json::from(text.clone()),
                Value::Date(at) => dates::write(*at, dates::Form::Offset),
            };
            if given.repeats {
                let mut items = echo.get(given.name).items().to_vec();
                items.push(value);
                echo.set(given.name, Json::List(items));
            } else {
                echo.set(given.name, value);
            }
        }
        echo
    }
}

fn typed(ask: Ask, text: &str) -> Option<Value> {
    match ask {
        Ask::Int | Ask::Ints => text.parse::<i32>().ok().map(|number| Value::Int(i64::from(number))),
        Ask::Enum(of) | Ask::Enums(of) => of.read(text).map(Value::Int),
        // C#'s own spelling is True and False.
        Ask::Bool if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        Ask::Bool if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
        Ask::Bool => None,
        Ask::Text | Ask::Texts => Some(Value::Text(text.to_owned())),
        Ask::Date => dates::read(text).map(Value::Date),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed expectation should end the test")]

    use super::*;

    const PARAMS: &[Param] =
        &[int("OrganizationId").required(), flag("IsTrial"), ints("Ids"), date("From"), text("Search")];

    fn pairs(query: &[(&str, &str)]) -> Vec<(String, String)> {
        query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn reads_values_by_type() {
        let sent = [
            ("organizationid", "7"),
            ("isTrial", "True"),
            ("ids", "1"),
            ("IDS", "2"),
            ("from", "2026-03-01T00:00:00"),
        ];
        let query = Query::read(pairs(&sent), PARAMS, true).unwrap();
        assert_eq!(query.filter("OrganizationId"), Some(7));
        assert_eq!(query.bool("IsTrial"), Some(true));
        assert_eq!(query.ints("Ids"), [1, 2]);
        assert!(query.date("From").is_some());
        assert_eq!(query.text("Search"), None);
        assert_eq!(query.echo().get("Ids"), &Json::from(vec![1, 2]));
    }

    #[test]
    fn refuses_what_is_unknown_missing_repeated_or_untyped() {
        let sent =
            [("organizationId", "0"), ("isTrial", "yes"), ("page", "1"), ("search", "a"), ("Search", "b")];
        let violations = Query::read(pairs(&sent), PARAMS, true).unwrap_err();
        let seen: Vec<_> =
            violations.iter().map(|violation| (violation.code, violation.field.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("InvalidType", "isTrial"),
                ("UnknownParameter", "page"),
                ("RepeatedParameter", "Search"),
                ("Required", "OrganizationId"),
            ]
        );
        assert!(Query::read(pairs(&[("organizationId", "1"), ("nope", "1")]), PARAMS, false).is_ok());
    }
}
