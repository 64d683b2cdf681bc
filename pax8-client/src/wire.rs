//! Serde for values as Pax8 sends and wants them, and the macros that declare its records.

pub(crate) mod envelope;
pub(crate) mod moment;
pub(crate) mod secrets;

/// JSON numbers that are exact decimals, both ways: read from the number's text (numeric strings are
/// accepted), written as a number, never through a float.
pub(crate) mod number {
    use rust_decimal::Decimal;
    use serde::{Deserializer, Serialize, Serializer, ser};
    use serde_json::value::RawValue;

    pub(crate) fn serialize<S: Serializer>(value: &Decimal, s: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(value.to_string()).map_err(ser::Error::custom)?.serialize(s)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Decimal, D::Error> {
        provider_core::wire::decimal::deserialize(d)
    }

    pub(crate) mod option {
        use super::{Decimal, Deserializer, Serializer};

        pub(crate) fn serialize<S: Serializer>(value: &Option<Decimal>, s: S) -> Result<S::Ok, S::Error> {
            match value {
                Some(value) => super::serialize(value, s),
                None => s.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Decimal>, D::Error> {
            provider_core::wire::decimal::option::deserialize(d)
        }
    }
}

/// Text that a careless sender may write as a number or a boolean, such as a postal code.
pub(crate) mod text {
    use std::fmt;

    use serde::de::{Deserializer, Error, Visitor};

    struct Text;

    impl<'de> Visitor<'de> for Text {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned()))
        }

        fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
            Ok(Some(text))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            Ok(Some(value.to_string()))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
            Ok(Some(value.to_string()))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
            Ok(Some(value.to_string()))
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Some(value.to_string()))
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
        d.deserialize_any(Text)
    }
}

/// Lists that may be `null`, which means empty.
pub(crate) mod list {
    use serde::{Deserialize, Deserializer};

    pub(crate) fn deserialize<'de, D, T>(d: D) -> Result<Vec<T>, D::Error>
    where
        D: Deserializer<'de>,
        T: Deserialize<'de>,
    {
        Ok(Option::deserialize(d)?.unwrap_or_default())
    }
}

/// Whole numbers of an envelope. The vendor's schema gives them no type, so whatever is no number is none:
/// a listing must not end because of how its pages are counted.
pub(crate) mod count {
    use rust_decimal::prelude::ToPrimitive as _;
    use serde::{Deserialize, Deserializer};
    use serde_json::value::RawValue;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
        let value = Box::<RawValue>::deserialize(d)?;
        let mut text = serde_json::Deserializer::from_str(value.get());
        let number = provider_core::wire::decimal::option::deserialize(&mut text);
        Ok(number.ok().flatten().and_then(|number| number.to_u64()))
    }
}

/// Declares a record of the wire. Each member has a kind, which decides its type and how forgiving the
/// reader is: `id` and `must T` have to be there; `text`, `flag`, `number`, `day`, `time`, `moment`, `one T` may be
/// absent or `null`; `list T` is empty then. What is not there is not written.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($body:tt)* }) => {
        record!(@ [$(#[$meta])*] $name [] $($body)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*]) => {
        $($meta)*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub struct $name { $($done)* }
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: id, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])* pub $field: String,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: must $type:ty, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])* pub $field: $type,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: quantity, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(with = "crate::wire::number")]
            pub $field: rust_decimal::Decimal,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: text, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, deserialize_with = "crate::wire::text::deserialize", skip_serializing_if = "Option::is_none")]
            pub $field: Option<String>,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: flag, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<bool>,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: number, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, with = "crate::wire::number::option", skip_serializing_if = "Option::is_none")]
            pub $field: Option<rust_decimal::Decimal>,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: day, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, with = "provider_core::wire::date::option", skip_serializing_if = "Option::is_none")]
            pub $field: Option<chrono::NaiveDate>,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: time, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, with = "provider_core::wire::date_time::option", skip_serializing_if = "Option::is_none")]
            pub $field: Option<chrono::DateTime<chrono::Utc>>,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: moment, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, deserialize_with = "crate::wire::moment::option", skip_serializing_if = "Option::is_none")]
            pub $field: Option<crate::wire::moment::Moment>,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: list $type:ty, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, deserialize_with = "crate::wire::list::deserialize", skip_serializing_if = "Vec::is_empty")]
            pub $field: Vec<$type>,] $($rest)*);
    };
    (@ [$($meta:tt)*] $name:ident [$($done:tt)*] $(#[$doc:meta])* $field:ident: one $type:ty, $($rest:tt)*) => {
        record!(@ [$($meta)*] $name [$($done)* $(#[$doc])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,] $($rest)*);
    };
}

pub(crate) use record;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    #![allow(unreachable_pub, reason = "the macro declares public records")]

    use rust_decimal::Decimal;

    record! {
        /// For the tests.
        Row {
            /// Id.
            id: id,
            /// Amount.
            amount: number,
            /// Text.
            code: text,
            /// Day.
            day: day,
            /// List.
            tags: list String,
        }
    }

    #[test]
    fn numbers_keep_their_text_both_ways() {
        for text in ["86.456", "12", "-0.10", "12345678901234567890.12"] {
            let json = format!(r#"{{"id":"1","amount":{text}}}"#);
            let row: Row = serde_json::from_str(&json).unwrap();
            assert_eq!(row.amount, Some(text.parse::<Decimal>().unwrap()));
            assert_eq!(serde_json::to_string(&row).unwrap(), json);
        }
    }

    #[test]
    fn absent_null_and_odd_types_are_put_up_with() {
        let row: Row = serde_json::from_str(
            r#"{"id":"1","amount":"1.50","code":62701,"day":"soon","tags":null,"new":[1]}"#,
        )
        .unwrap();
        assert_eq!(row.amount, Some(Decimal::new(150, 2)));
        assert_eq!(row.code.as_deref(), Some("62701"));
        assert_eq!((row.day, row.tags.len()), (None, 0));
        assert!(serde_json::from_str::<Row>(r#"{"id":null}"#).is_err());
    }
}
