//! Writes a member of a record with some of its own members only.

use std::fmt::Display;

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A member, of which these members are written where it is a record. Anything else is written whole.
pub(super) struct Narrowed<'v, T: ?Sized> {
    pub(super) value: &'v T,
    pub(super) own: &'v [String],
}

impl<T: Serialize + ?Sized> Serialize for Narrowed<'_, T> {
    fn serialize<S: Serializer>(&self, inner: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Within { inner, own: self.own })
    }
}

struct Within<'v, S> {
    inner: S,
    own: &'v [String],
}

struct Own<'v, S> {
    inner: S,
    own: &'v [String],
}

impl<S: SerializeStruct> SerializeStruct for Own<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        if self.own.iter().any(|own| own == name) { self.inner.serialize_field(name, value) } else { Ok(()) }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

macro_rules! whole {
    ($($name:ident($($argument:ident: $type:ty),*) -> $ok:ty;)+) => {$(
        fn $name(self, $($argument: $type),*) -> Result<$ok, S::Error> {
            self.inner.$name($($argument),*)
        }
    )+};
}

impl<'v, S: Serializer> Serializer for Within<'v, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = S::SerializeSeq;
    type SerializeTuple = S::SerializeTuple;
    type SerializeTupleStruct = S::SerializeTupleStruct;
    type SerializeTupleVariant = S::SerializeTupleVariant;
    type SerializeMap = S::SerializeMap;
    type SerializeStruct = Own<'v, S::SerializeStruct>;
    type SerializeStructVariant = S::SerializeStructVariant;

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        Ok(Own { inner: self.inner.serialize_struct(name, len)?, own: self.own })
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_struct(name, value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_variant(name, index, variant, value)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    whole! {
        serialize_bool(value: bool) -> S::Ok;
        serialize_i8(value: i8) -> S::Ok;
        serialize_i16(value: i16) -> S::Ok;
        serialize_i32(value: i32) -> S::Ok;
        serialize_i64(value: i64) -> S::Ok;
        serialize_u8(value: u8) -> S::Ok;
        serialize_u16(value: u16) -> S::Ok;
        serialize_u32(value: u32) -> S::Ok;
        serialize_u64(value: u64) -> S::Ok;
        serialize_f32(value: f32) -> S::Ok;
        serialize_f64(value: f64) -> S::Ok;
        serialize_char(value: char) -> S::Ok;
        serialize_str(value: &str) -> S::Ok;
        serialize_bytes(value: &[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(name: &'static str) -> S::Ok;
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> S::Ok;
        serialize_seq(len: Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(len: usize) -> Self::SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeTupleVariant;
        serialize_map(len: Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize) -> Self::SerializeStructVariant;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    #[derive(serde::Serialize)]
    struct Product {
        id: &'static str,
        name: &'static str,
        sku: Option<&'static str>,
    }

    #[test]
    fn of_a_record_only_those_members_are_written_and_anything_else_whole() {
        let own = ["id".to_owned(), "sku".to_owned()];
        let product = || Product { id: "p1", name: "Suite", sku: None };
        let one = Narrowed { value: &Some(product()), own: &own };
        assert_eq!(serde_json::to_value(one).unwrap(), json!({ "id": "p1", "sku": null }));
        let none = Narrowed { value: &None::<Product>, own: &own };
        assert_eq!(serde_json::to_value(none).unwrap(), json!(null));
        let list = vec![product()];
        let all = Narrowed { value: &list, own: &own };
        assert_eq!(serde_json::to_value(all).unwrap(), json!([{ "id": "p1", "name": "Suite", "sku": null }]));
    }
}
