//! A record as bytes to be hashed: every value with its kind and its length, so that no two records read alike.

use std::fmt::{Display, Write as _};

use serde::ser::{
    self, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Collects the bytes. JSON would do, but escaping and punctuating texts that nobody reads took most of the time.
#[derive(Debug, Clone, Default)]
pub(super) struct Bytes(pub(super) Vec<u8>);

/// Nothing that a record is made of fails to be written.
#[derive(Debug)]
pub(super) struct Unwritable(String);

impl Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Done = Result<(), Unwritable>;

/// No page of a listing is as long as the longest that fits.
fn length(of_text: usize) -> [u8; 4] {
    u32::try_from(of_text).unwrap_or(u32::MAX).to_le_bytes()
}

impl Bytes {
    fn number<const N: usize>(&mut self, kind: u8, bytes: [u8; N]) -> Done {
        self.0.push(kind);
        self.0.extend_from_slice(&bytes);
        Ok(())
    }

    fn text(&mut self, kind: u8, text: &[u8]) {
        self.0.push(kind);
        self.0.extend_from_slice(&length(text.len()));
        self.0.extend_from_slice(text);
    }

    fn begin(&mut self, kind: u8) -> Result<&mut Self, Unwritable> {
        self.0.push(kind);
        Ok(self)
    }

    fn variant(&mut self, name: &str, kind: u8) -> Result<&mut Self, Unwritable> {
        self.text(b'v', name.as_bytes());
        self.begin(kind)
    }

    fn finish(&mut self) -> Done {
        self.0.push(b'e');
        Ok(())
    }
}

macro_rules! numbers {
    ($($name:ident($type:ty) $kind:literal;)+) => {$(
        fn $name(self, value: $type) -> Done {
            self.number($kind, value.to_le_bytes())
        }
    )+};
}

impl Serializer for &mut Bytes {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    numbers! {
        serialize_i8(i8) b'1';
        serialize_i16(i16) b'2';
        serialize_i32(i32) b'3';
        serialize_i64(i64) b'4';
        serialize_u8(u8) b'5';
        serialize_u16(u16) b'6';
        serialize_u32(u32) b'7';
        serialize_u64(u64) b'8';
        serialize_f32(f32) b'9';
        serialize_f64(f64) b'0';
    }

    fn serialize_bool(self, value: bool) -> Done {
        self.number(b'b', [u8::from(value)])
    }

    fn serialize_char(self, value: char) -> Done {
        self.number(b'c', u32::from(value).to_le_bytes())
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(b's', value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.text(b'y', value);
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.number(b'n', [])
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        self.text(b'v', variant.as_bytes());
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unwritable> {
        self.begin(b'[')
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Unwritable> {
        self.begin(b'[')
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        self.begin(b'[')
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Unwritable> {
        self.variant(variant, b'[')
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Unwritable> {
        self.begin(b'{')
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        self.begin(b'{')
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Unwritable> {
        self.variant(variant, b'{')
    }

    /// Without a text of its own: the length is put in front when it is known.
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done {
        self.text(b's', &[]);
        let begins = self.0.len();
        write!(Appended(&mut self.0), "{value}").map_err(|_| ser::Error::custom("it cannot be shown"))?;
        let length = length(self.0.len() - begins);
        if let Some(place) = self.0.get_mut(begins - length.len()..begins) {
            place.copy_from_slice(&length);
        }
        Ok(())
    }
}

struct Appended<'a>(&'a mut Vec<u8>);

impl std::fmt::Write for Appended<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

macro_rules! elements {
    ($($trait:ident $name:ident),+) => {$(
        impl $trait for &mut Bytes {
            type Ok = ();
            type Error = Unwritable;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                value.serialize(&mut **self)
            }

            fn end(self) -> Done {
                self.finish()
            }
        }
    )+};
}

elements!(SerializeSeq serialize_element, SerializeTuple serialize_element);
elements!(SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

macro_rules! members {
    ($($trait:ident),+) => {$(
        impl $trait for &mut Bytes {
            type Ok = ();
            type Error = Unwritable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
                self.text(b'k', name.as_bytes());
                value.serialize(&mut **self)
            }

            fn end(self) -> Done {
                self.finish()
            }
        }
    )+};
}

members!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for &mut Bytes {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        self.0.push(b'k');
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        self.finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::collections::BTreeMap;

    use super::*;

    fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
        let mut bytes = Bytes::default();
        value.serialize(&mut bytes).unwrap();
        bytes.0
    }

    #[test]
    fn what_is_not_the_same_is_not_written_alike() {
        #[derive(serde::Serialize)]
        struct Two<'a> {
            a: &'a str,
            b: Option<&'a str>,
        }
        #[derive(serde::Serialize)]
        enum Kind {
            A,
            B(u8),
            C { a: u8 },
            D(u8, u8),
        }
        let all = [
            bytes(&Two { a: "x", b: None }),
            bytes(&Two { a: "x", b: Some("") }),
            bytes(&Two { a: "xk", b: None }),
            bytes(&Two { a: "", b: Some("x") }),
            bytes(&["a", "b"]),
            bytes(&["ab"]),
            bytes(&[["a"], ["b"]]),
            bytes(&1_u8),
            bytes(&1_u64),
            bytes(&"1"),
            bytes(&true),
            bytes(&'t'),
            bytes(&()),
            bytes(&Kind::A),
            bytes(&Kind::B(1)),
            bytes(&Kind::C { a: 1 }),
            bytes(&Kind::D(1, 1)),
            bytes(&BTreeMap::from([("a", 1)])),
            bytes(&BTreeMap::from([("a", 2)])),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| other != one), "{at}");
        }
    }

    #[test]
    fn what_shows_itself_is_written_as_its_text_is() {
        let moment = chrono::DateTime::UNIX_EPOCH;
        let text = serde_json::to_value(moment).unwrap();
        assert_eq!(bytes(&moment), bytes(&text));
    }
}
