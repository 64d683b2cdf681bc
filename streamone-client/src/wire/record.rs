//! Declares a record of the wire.

/// Declares records: every member optional, unknown ones kept, numbers and dates read leniently.
///
/// The kind of a member says how it is read and what type it has:
///
/// | kind | on the wire | type |
/// |---|---|---|
/// | `text` | string; a number as it reads | `Option<String>` |
/// | `id` | string or number | `Option<Id>` |
/// | `num` | number or string, exact | `Option<Decimal>` |
/// | `count` | whole number or string | `Option<i64>` |
/// | `flag` | boolean, or its word | `Option<bool>` |
/// | `moment` | RFC 3339 and its relatives | `Option<DateTime<Utc>>` |
/// | `day` | `YYYY-MM-DD` | `Option<NaiveDate>` |
/// | `secret` | string, never shown or written | `Option<SecretString>` |
/// | `amounts` | map of currency to number | `BTreeMap<String, Decimal>` |
/// | `json` | anything | `Option<Json>` |
/// | `one(T)` | object or word | `Option<T>` |
/// | `many(T)` | list | `Vec<T>` |
macro_rules! record {
    ($( $(#[$meta:meta])* $name:ident { $($members:tt)* } )+) => {
        $( $crate::wire::record!(@members [$(#[$meta])*] $name [] $($members)*); )+
    };

    (@members [$($meta:tt)*] $name:ident [$($done:tt)*]) => {
        $($meta)*
        ///
        /// Every member may be absent; members that this version does not know are in `extra`.
        #[derive(Debug, Clone, Default, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        #[non_exhaustive]
        pub struct $name {
            $($done)*
            /// Members that this version does not know.
            #[serde(flatten)]
            pub extra: $crate::model::Extra,
        }
    };

    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : text, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(deserialize_with = "crate::wire::text", skip_serializing_if = "Option::is_none")]
            pub $f: Option<String>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : id, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $f: Option<$crate::model::Id>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : num, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(with = "crate::wire::number", skip_serializing_if = "Option::is_none")]
            pub $f: Option<::rust_decimal::Decimal>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : count, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(with = "crate::wire::count", skip_serializing_if = "Option::is_none")]
            pub $f: Option<i64>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : flag, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(deserialize_with = "crate::wire::flag", skip_serializing_if = "Option::is_none")]
            pub $f: Option<bool>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : moment, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(with = "crate::wire::moment", skip_serializing_if = "Option::is_none")]
            pub $f: Option<::chrono::DateTime<::chrono::Utc>>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : day, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(with = "crate::wire::day", skip_serializing_if = "Option::is_none")]
            pub $f: Option<::chrono::NaiveDate>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : secret, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(skip_serializing)]
            pub $f: Option<::secrecy::SecretString>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : amounts, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(with = "crate::wire::amounts", skip_serializing_if = "::std::collections::BTreeMap::is_empty")]
            pub $f: ::std::collections::BTreeMap<String, ::rust_decimal::Decimal>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : json, $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $f: Option<$crate::model::Json>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : one($t:ty), $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $f: Option<$t>,] $($rest)*);
    };
    (@members $meta:tt $name:ident [$($done:tt)*] $(#[$m:meta])* $f:ident : many($t:ty), $($rest:tt)*) => {
        $crate::wire::record!(@members $meta $name [$($done)* $(#[$m])*
            #[serde(deserialize_with = "crate::wire::list", skip_serializing_if = "Vec::is_empty")]
            pub $f: Vec<$t>,] $($rest)*);
    };
}

pub(crate) use record;
