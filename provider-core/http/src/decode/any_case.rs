//! Member names compared without regard to case, at no cost to names that already fit; and records, in either case, by
//! the names of their members alone.

use std::fmt;

use provider_core::wire::unknown;
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

/// How serde_json recognises a raw value; it must see its own visitor.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

type Fields = &'static [&'static str];

/// Wraps a deserializer, a visitor or a seed and hands the wrapping down: wherever a struct is read, a
/// name that is none of its fields but differs from one only in ASCII case stands for that field, unless names are
/// `EXACT`.
///
/// A list is no struct: serde would take its values by their positions.
#[derive(Debug, Clone, Copy)]
pub struct AnyCase<T, const EXACT: bool = false> {
    inner: T,
    record: &'static str,
    fields: Fields,
}

impl<T> AnyCase<T> {
    /// Wraps a deserializer.
    pub const fn new(inner: T) -> Self {
        Self::around(inner)
    }
}

impl<T> AnyCase<T, true> {
    /// Wraps a deserializer and compares names as they stand.
    pub(super) const fn exact(inner: T) -> Self {
        Self::around(inner)
    }
}

impl<T, const EXACT: bool> AnyCase<T, EXACT> {
    const fn around(inner: T) -> Self {
        Self::with(inner, "", &[])
    }

    const fn with(inner: T, record: &'static str, fields: Fields) -> Self {
        Self { inner, record, fields }
    }
}

macro_rules! forward {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(AnyCase::<_, EXACT>::around(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>, const EXACT: bool> Deserializer<'de> for AnyCase<D, EXACT> {
    type Error = D::Error;

    forward! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq
        deserialize_map deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, AnyCase::<_, EXACT>::around(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        if name == RAW_VALUE {
            return self.inner.deserialize_newtype_struct(name, visitor);
        }
        self.inner.deserialize_newtype_struct(name, AnyCase::<_, EXACT>::around(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple(len, AnyCase::<_, EXACT>::around(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple_struct(name, len, AnyCase::<_, EXACT>::around(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: Fields,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_struct(name, fields, AnyCase::<_, EXACT>::with(visitor, name, fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: Fields,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_enum(name, variants, AnyCase::<_, EXACT>::around(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>, const EXACT: bool> Visitor<'de> for AnyCase<V, EXACT> {
    type Value = V::Value;

    visit! {
        visit_bool(bool) visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128)
        visit_u8(u8) visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128) visit_f32(f32)
        visit_f64(f64) visit_char(char) visit_str(&str) visit_borrowed_str(&'de str)
        visit_string(String) visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(AnyCase::<_, EXACT>::around(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(AnyCase::<_, EXACT>::around(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<V::Value, A::Error> {
        // An empty list is how PHP writes an object without members, and those services write exact names.
        let is_record = !self.record.is_empty();
        if is_record && (!EXACT || seq.next_element::<IgnoredAny>()?.is_some()) {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self.inner));
        }
        self.inner.visit_seq(AnyCase::<_, EXACT>::around(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(AnyCase::<_, EXACT>::with(map, self.record, self.fields))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(AnyCase::<_, EXACT>::around(data))
    }
}

impl<'de, S: DeserializeSeed<'de>, const EXACT: bool> DeserializeSeed<'de> for AnyCase<S, EXACT> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(AnyCase::<_, EXACT>::around(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>, const EXACT: bool> SeqAccess<'de> for AnyCase<A, EXACT> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_element_seed(AnyCase::<_, EXACT>::around(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>, const EXACT: bool> MapAccess<'de> for AnyCase<A, EXACT> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if EXACT || self.fields.is_empty() {
            // The keys of a map are data.
            return self.inner.next_key_seed(seed);
        }
        self.inner.next_key_seed(Name { seed, record: self.record, fields: self.fields })
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(AnyCase::<_, EXACT>::around(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>, const EXACT: bool> EnumAccess<'de> for AnyCase<A, EXACT> {
    type Error = A::Error;
    type Variant = AnyCase<A::Variant, EXACT>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.inner.variant_seed(seed)?;
        Ok((value, AnyCase::<_, EXACT>::around(variant)))
    }
}

impl<'de, A: VariantAccess<'de>, const EXACT: bool> VariantAccess<'de> for AnyCase<A, EXACT> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.newtype_variant_seed(AnyCase::<_, EXACT>::around(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.inner.tuple_variant(len, AnyCase::<_, EXACT>::around(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: Fields, visitor: V) -> Result<V::Value, A::Error> {
        self.inner.struct_variant(fields, AnyCase::<_, EXACT>::with(visitor, "", fields))
    }
}

/// Reads a member name and gives the field that it stands for to the seed.
struct Name<S> {
    seed: S,
    record: &'static str,
    fields: Fields,
}

impl<S> Name<S> {
    fn field(&self, name: &str) -> Option<&'static str> {
        let alike = |field: &&&'static str| field.eq_ignore_ascii_case(name);
        // An exact name wins, so that two fields that differ only in case stay apart.
        if self.fields.contains(&name) {
            return None;
        }
        let field = self.fields.iter().find(alike).copied();
        if field.is_none() && !self.record.is_empty() {
            unknown::note_member(self.record, name);
        }
        field
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Name<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Name<S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<S::Value, E> {
        let name = self.field(name).unwrap_or(name);
        self.seed.deserialize(StrDeserializer::new(name))
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<S::Value, E> {
        let name = self.field(name).unwrap_or(name);
        self.seed.deserialize(BorrowedStrDeserializer::new(name))
    }
}
