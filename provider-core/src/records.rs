//! Records of the wire: one dialect for all clients.

mod setters;

/// Declares records as a distributor sends and takes them. It reads like Rust; the type of a member decides
/// how forgiving its reader is.
///
/// | written | read from | type |
/// |---|---|---|
/// | `Option<String>` | text; a number or boolean as it reads | the same |
/// | `Option<bool>` | boolean, its word, `0` or `1` | the same |
/// | `Option<i64>` (`u64`, `i32`, `u32`) | number, text, `3.0` | the same |
/// | `Option<Decimal>` | number or text, every digit kept | `Option<rust_decimal::Decimal>` |
/// | `Option<DateTime>` | RFC 3339 and its relatives, since 1970 | `Option<chrono::DateTime<Utc>>` |
/// | `Option<Moment>` | the same, with the day as it was written | `Option<wire::moment::Moment>` |
/// | `Option<Day>` | the day of the same, as it was written | `Option<chrono::NaiveDate>` |
/// | `Option<Secret>` | text; never written, shown as set at most | `Option<secrecy::SecretString>` |
/// | `Option<T>` | whatever `T` reads | the same |
/// | `Vec<T>` | list | the same |
/// | `Map<Decimal>`, `Map<T>` | object | `BTreeMap<String, _>` |
/// | `String`, `bool`, `i64` and so on, `Decimal` | as above, has to be there | the same |
/// | `T` | whatever `T` reads, has to be there | the same |
///
/// Absent and `null` are `None`, and `None` is left out when written; a list or map that is absent or `null`
/// is empty, and an empty one is left out. Text without content is no number, flag or date: `None`. A date
/// that is none is `None`, every other value that cannot be read is an error. Members that nobody declared
/// are passed over. An `id: i64` of 0 was never set and is left out when written.
///
/// Attributes of a record and of its members stay (`rename`, docs); a member of a type that this table does
/// not name may bring its own `deserialize_with`. Attributes with an exclamation mark come
/// first and hold for every record of the call: `#![serde(rename_all = "camelCase")]`,
/// `#![derive(Default, PartialEq)]`. Every record is `Debug`, `Clone`, `Serialize` and `Deserialize` and
/// `non_exhaustive`. `#![numbers]` writes decimals as JSON numbers, digit for digit; otherwise decimals and
/// whole numbers are written as text, which keeps their digits in every reader. `#![setters]` makes a setter for each
/// member, with its name, for records that a caller fills: `Customer::default().display_name("Harbor")`.
///
/// ```
/// use provider_core::records;
///
/// records! {
///     #![serde(rename_all = "camelCase")]
///     #![derive(Default, PartialEq)]
///
///     /// A customer.
///     pub struct Customer {
///         /// Its id.
///         pub id: String,
///         /// What it is called.
///         pub display_name: Option<String>,
///         /// What it may spend.
///         pub credit: Option<Decimal>,
///         /// Since when.
///         pub created: Option<DateTime>,
///         /// Where to reach it.
///         pub emails: Vec<String>,
///     }
/// }
///
/// let json = r#"{"id":7,"displayName":"Harbor","credit":10.10,"created":"2026-03-01","emails":null,"new":1}"#;
/// let customer: Customer = serde_json::from_str(json)?;
/// assert_eq!(customer.id, "7");
/// assert_eq!(
///     serde_json::to_string(&customer)?,
///     r#"{"id":"7","displayName":"Harbor","credit":"10.10","created":"2026-03-01T00:00:00Z"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! records {
    // The settings of the call, gathered in one token tree so that every record can have them.
    (@each $settings:tt $(
        $(#[$($meta:tt)*])* $vis:vis struct $name:ident { $($body:tt)* }
    )+) => {
        $( $crate::records!(@set $settings [strings] [$(#[$($meta)*])*] [$vis struct $name] $($body)*); )+
    };
    (@set [[numbers] $($more:tt)*] $style:tt $meta:tt $name:tt $($body:tt)*) => {
        $crate::records!(@set [$($more)*] [numbers] $meta $name $($body)*);
    };
    (@set [[setters] $($more:tt)*] $style:tt $meta:tt [$vis:vis struct $name:ident] $($body:tt)*) => {
        $crate::__setters!($name $($body)*);
        $crate::records!(@set [$($more)*] $style $meta [$vis struct $name] $($body)*);
    };
    (@set [[$($setting:tt)*] $($more:tt)*] $style:tt [$($meta:tt)*] $name:tt $($body:tt)*) => {
        $crate::records!(@set [$($more)*] $style [$($meta)* #[$($setting)*]] $name $($body)*);
    };
    (@set [] $style:tt $meta:tt $name:tt $($body:tt)*) => {
        $crate::records!(@members $style [$meta $name] [] $($body)*);
    };

    (@members $style:tt [[$($meta:tt)*] [$($name:tt)*]] [$($done:tt)*]) => {
        #[derive(
            ::core::fmt::Debug,
            ::core::clone::Clone,
            $crate::__private::serde::Serialize,
            $crate::__private::serde::Deserialize,
        )]
        #[serde(crate = "::provider_core::__private::serde")]
        $($meta)*
        #[non_exhaustive]
        $($name)* { $($done)* }
    };

    // Optional members.
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<String>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::text", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<::std::string::String>,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<bool>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::flag", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<bool>,
        ] $($rest)*);
    };
    (@members [numbers] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<i64>, $($rest:tt)*) => {
        $crate::records!(@members [numbers] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<i64>,
        ] $($rest)*);
    };
    (@members [strings] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<i64>, $($rest:tt)*) => {
        $crate::records!(@members [strings] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", serialize_with = "provider_core::wire::lenient::as_text", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<i64>,
        ] $($rest)*);
    };
    (@members [numbers] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<u64>, $($rest:tt)*) => {
        $crate::records!(@members [numbers] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<u64>,
        ] $($rest)*);
    };
    (@members [strings] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<u64>, $($rest:tt)*) => {
        $crate::records!(@members [strings] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", serialize_with = "provider_core::wire::lenient::as_text", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<u64>,
        ] $($rest)*);
    };
    (@members [numbers] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<i32>, $($rest:tt)*) => {
        $crate::records!(@members [numbers] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<i32>,
        ] $($rest)*);
    };
    (@members [strings] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<i32>, $($rest:tt)*) => {
        $crate::records!(@members [strings] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", serialize_with = "provider_core::wire::lenient::as_text", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<i32>,
        ] $($rest)*);
    };
    (@members [numbers] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<u32>, $($rest:tt)*) => {
        $crate::records!(@members [numbers] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<u32>,
        ] $($rest)*);
    };
    (@members [strings] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<u32>, $($rest:tt)*) => {
        $crate::records!(@members [strings] $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::whole", serialize_with = "provider_core::wire::lenient::as_text", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<u32>,
        ] $($rest)*);
    };
    (@members [numbers] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Decimal>, $($rest:tt)*) => {
        $crate::records!(@members [numbers] $head [$($done)* $(#[$($f)*])*
            #[serde(default, with = "provider_core::wire::number::option", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<$crate::__private::Decimal>,
        ] $($rest)*);
    };
    (@members [strings] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Decimal>, $($rest:tt)*) => {
        $crate::records!(@members [strings] $head [$($done)* $(#[$($f)*])*
            #[serde(default, with = "provider_core::wire::decimal::option", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<$crate::__private::Decimal>,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<DateTime>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, with = "provider_core::wire::date_time::option", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<$crate::__private::chrono::DateTime<$crate::__private::chrono::Utc>>,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Moment>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, with = "provider_core::wire::moment::option", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<$crate::wire::moment::Moment>,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Day>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, with = "provider_core::wire::date::option", skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<$crate::__private::chrono::NaiveDate>,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Secret>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, skip_serializing, deserialize_with = "provider_core::wire::lenient::secret")]
            $fvis $field: ::core::option::Option<$crate::__private::SecretString>,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<$type:ty>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, skip_serializing_if = "::core::option::Option::is_none")]
            $fvis $field: ::core::option::Option<$type>,
        ] $($rest)*);
    };
    // Lists and maps.
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Vec<$type:ty>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::list", skip_serializing_if = "::std::vec::Vec::is_empty")]
            $fvis $field: ::std::vec::Vec<$type>,
        ] $($rest)*);
    };
    (@members [numbers] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Map<Decimal>, $($rest:tt)*) => {
        $crate::records!(@members [numbers] $head [$($done)* $(#[$($f)*])*
            #[serde(default, with = "provider_core::wire::amounts::number", skip_serializing_if = "::std::collections::BTreeMap::is_empty")]
            $fvis $field: ::std::collections::BTreeMap<::std::string::String, $crate::__private::Decimal>,
        ] $($rest)*);
    };
    (@members [strings] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Map<Decimal>, $($rest:tt)*) => {
        $crate::records!(@members [strings] $head [$($done)* $(#[$($f)*])*
            #[serde(default, with = "provider_core::wire::amounts", skip_serializing_if = "::std::collections::BTreeMap::is_empty")]
            $fvis $field: ::std::collections::BTreeMap<::std::string::String, $crate::__private::Decimal>,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Map<$type:ty>, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(default, deserialize_with = "provider_core::wire::lenient::map", skip_serializing_if = "::std::collections::BTreeMap::is_empty")]
            $fvis $field: ::std::collections::BTreeMap<::std::string::String, $type>,
        ] $($rest)*);
    };
    // Members that a record is nothing without.
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis id: i64, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(deserialize_with = "provider_core::wire::lenient::required_whole", skip_serializing_if = "provider_core::wire::lenient::is_unset")]
            $fvis id: i64,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: String, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(deserialize_with = "provider_core::wire::lenient::required_text")]
            $fvis $field: ::std::string::String,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: bool, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(deserialize_with = "provider_core::wire::lenient::required_flag")]
            $fvis $field: bool,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: i64, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(deserialize_with = "provider_core::wire::lenient::required_whole")]
            $fvis $field: i64,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: u64, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(deserialize_with = "provider_core::wire::lenient::required_whole")]
            $fvis $field: u64,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: i32, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(deserialize_with = "provider_core::wire::lenient::required_whole")]
            $fvis $field: i32,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: u32, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            #[serde(deserialize_with = "provider_core::wire::lenient::required_whole")]
            $fvis $field: u32,
        ] $($rest)*);
    };
    (@members [numbers] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Decimal, $($rest:tt)*) => {
        $crate::records!(@members [numbers] $head [$($done)* $(#[$($f)*])*
            #[serde(with = "provider_core::wire::number")]
            $fvis $field: $crate::__private::Decimal,
        ] $($rest)*);
    };
    (@members [strings] $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: Decimal, $($rest:tt)*) => {
        $crate::records!(@members [strings] $head [$($done)* $(#[$($f)*])*
            #[serde(with = "provider_core::wire::decimal")]
            $fvis $field: $crate::__private::Decimal,
        ] $($rest)*);
    };
    (@members $style:tt $head:tt [$($done:tt)*]
        $(#[$($f:tt)*])* $fvis:vis $field:ident: $type:ty, $($rest:tt)*) => {
        $crate::records!(@members $style $head [$($done)* $(#[$($f)*])*
            $fvis $field: $type,
        ] $($rest)*);
    };

    ($(#![$($setting:tt)*])* $(#[$($meta:tt)*])* $vis:vis struct $($rest:tt)*) => {
        $crate::records!(@each [$([$($setting)*])*] $(#[$($meta)*])* $vis struct $($rest)*);
    };
}
