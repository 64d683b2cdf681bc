//! Writes a record with some of its own members only.

mod extract;
mod within;

use std::fmt::Display;

use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, Serializer};

pub(crate) use extract::Extract;

/// Members of a record. With names, only those of the member's own members: it is a record too.
pub(crate) type Looked<'c> = Vec<(&'c str, Option<Vec<String>>)>;

/// Which members of a record are written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chosen<'c> {
    /// These alone.
    Only(&'c [(&'c str, Option<Vec<String>>)]),
    /// All but these.
    But(&'c [&'c str]),
}

/// How much of a member is written.
enum Share<'c> {
    Nothing,
    All,
    Only(&'c [String]),
}

impl<'c> Chosen<'c> {
    fn share(self, name: &str) -> Share<'c> {
        match self {
            Self::Only(members) => match members.iter().find(|(member, _)| *member == name) {
                Some((_, Some(own))) => Share::Only(own),
                Some((_, None)) => Share::All,
                None => Share::Nothing,
            },
            Self::But(names) if names.contains(&name) => Share::Nothing,
            Self::But(_) => Share::All,
        }
    }
}

/// Takes the record alone: what is nested in it goes to the serializer inside, whole or in part.
pub(crate) struct Part<'c, S> {
    pub(crate) inner: S,
    pub(crate) chosen: Chosen<'c>,
}

/// The members of the record.
pub(crate) struct Members<'c, S> {
    inner: S,
    chosen: Chosen<'c>,
}

impl<S: SerializeStruct> SerializeStruct for Members<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        match self.chosen.share(name) {
            Share::All => self.inner.serialize_field(name, value),
            Share::Only(own) => self.inner.serialize_field(name, &within::Narrowed { value, own }),
            Share::Nothing => Ok(()),
        }
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

/// Records have members; anything else is none.
macro_rules! no_record {
    ($($name:ident($($type:ty),*) -> $ok:ty;)+) => {$(
        fn $name(self, $(_: $type),*) -> Result<$ok, S::Error> {
            Err(S::Error::custom("a record has members"))
        }
    )+};
}

impl<'c, S: Serializer> Serializer for Part<'c, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = Members<'c, S::SerializeStruct>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        Ok(Members { inner: self.inner.serialize_struct(name, len)?, chosen: self.chosen })
    }

    no_record! {
        serialize_bool(bool) -> S::Ok;
        serialize_i8(i8) -> S::Ok;
        serialize_i16(i16) -> S::Ok;
        serialize_i32(i32) -> S::Ok;
        serialize_i64(i64) -> S::Ok;
        serialize_u8(u8) -> S::Ok;
        serialize_u16(u16) -> S::Ok;
        serialize_u32(u32) -> S::Ok;
        serialize_u64(u64) -> S::Ok;
        serialize_f32(f32) -> S::Ok;
        serialize_f64(f64) -> S::Ok;
        serialize_char(char) -> S::Ok;
        serialize_str(&str) -> S::Ok;
        serialize_bytes(&[u8]) -> S::Ok;
        serialize_none() -> S::Ok;
        serialize_unit() -> S::Ok;
        serialize_unit_struct(&'static str) -> S::Ok;
        serialize_unit_variant(&'static str, u32, &'static str) -> S::Ok;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a record has members"))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a record has members"))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a record has members"))
    }

    fn collect_str<T: Display + ?Sized>(self, _: &T) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a record has members"))
    }
}
