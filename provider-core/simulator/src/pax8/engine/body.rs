//! Reading the members of a request body: a wrong type or an unknown name is a 400 that names the path.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::call::Call;
use super::wire;
use crate::engine::answer::Stop;
use crate::engine::frame::Frame;
use crate::engine::refusal::{RefusedPart, Target};
use crate::engine::strict::{check_members, member_path};

/// One JSON object of a body. `null` is read as absent.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    frame: &'a Frame,
    target: &'a Target,
    members: &'a Map<String, Value>,
}

/// An object of an array, with its place.
pub(crate) type Placed<'a> = (At, &'a Map<String, Value>);

/// Where an object stands in the body, for messages: `lineItems[0].provisioningDetails[1]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct At(String);

impl At {
    /// The path of the member `name` of the object that stands here.
    pub(crate) fn member(&self, name: &str) -> String {
        member_path(&self.0, name)
    }

    /// The place of an element of the array member `name`.
    pub(crate) fn element(&self, name: &str, index: usize) -> Self {
        Self(format!("{}[{index}]", self.member(name)))
    }

    /// The place of the object member `name`.
    pub(crate) fn inside(&self, name: &str) -> Self {
        Self(self.member(name))
    }
}

impl<'a> Fields<'a> {
    /// Refuses members outside `allowed`.
    pub(crate) fn read<D>(
        call: &'a Call<D>,
        at: &At,
        members: &'a Map<String, Value>,
        allowed: &[&str],
    ) -> Result<Self, Stop> {
        let (frame, target) = (&*call.sim.frame, &call.target);
        check_members(frame, target, &at.0, members, allowed)?;
        Ok(Self { frame, target, members })
    }

    fn wrong(&self, at: &At, name: &str, reason: &str) -> Stop {
        self.frame.refuse(self.target.refusal(RefusedPart::Body, &at.member(name), reason))
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// True if the member is there and not null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Text.
    pub(crate) fn text(&self, at: &At, name: &str) -> Result<Option<&'a str>, Stop> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(at, name, "must be a string")),
        }
    }

    /// Text that is one of `choices`.
    pub(crate) fn choice(
        &self,
        at: &At,
        name: &str,
        choices: &[&'static str],
    ) -> Result<Option<&'static str>, Stop> {
        let Some(text) = self.text(at, name)? else {
            return Ok(None);
        };
        match choices.iter().find(|choice| **choice == text) {
            Some(choice) => Ok(Some(choice)),
            None => Err(self.wrong(at, name, "not one of the allowed values")),
        }
    }

    /// A boolean.
    pub(crate) fn boolean(&self, at: &At, name: &str) -> Result<Option<bool>, Stop> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.wrong(at, name, "must be a boolean")),
        }
    }

    /// A number.
    pub(crate) fn number(&self, at: &At, name: &str) -> Result<Option<Decimal>, Stop> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Number(value)) => match wire::decimal(value) {
                Some(value) => Ok(Some(value)),
                None => Err(self.wrong(at, name, "out of range")),
            },
            Some(_) => Err(self.wrong(at, name, "must be a number")),
        }
    }

    /// An object.
    pub(crate) fn object(&self, at: &At, name: &str) -> Result<Option<&'a Map<String, Value>>, Stop> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(self.wrong(at, name, "must be an object")),
        }
    }

    /// An array of objects, each with its place; `None` if the member is absent.
    pub(crate) fn objects(&self, at: &At, name: &str) -> Result<Option<Vec<Placed<'a>>>, Stop> {
        let items = match self.value(name) {
            None => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.wrong(at, name, "must be an array")),
        };
        items
            .iter()
            .enumerate()
            .map(|(index, item)| match item {
                Value::Object(members) => Ok((at.element(name, index), members)),
                _ => Err(self.wrong(at, &format!("{name}[{index}]"), "must be an object")),
            })
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// An array of strings; `None` if the member is absent.
    pub(crate) fn texts(&self, at: &At, name: &str) -> Result<Option<Vec<String>>, Stop> {
        let items = match self.value(name) {
            None => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.wrong(at, name, "must be an array")),
        };
        items
            .iter()
            .map(|item| match item {
                Value::String(text) => Ok(text.clone()),
                _ => Err(self.wrong(at, name, "must hold strings")),
            })
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// A 400 for the member `name`.
    pub(crate) fn refuse(&self, at: &At, name: &str, reason: &str) -> Stop {
        self.wrong(at, name, reason)
    }
}

/// True for what could be an e-mail address.
pub(crate) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    })
}
