//! The macro behind the wire types: it adds what is the same for every field.

/// Declares wire types. Members are PascalCase; an `Option` that is absent or `null` is `None` and is left
/// out when written, a missing list is empty; decimals keep the number's text and dates are read in every
/// form that the service uses.
///
/// Only ids that a record is nothing without are written without `Option`: such a record is then refused
/// as a whole. One that is not set yet is left out when written.
macro_rules! wire {
    ($( $(#[$meta:meta])* pub struct $name:ident { $($body:tt)* } )+) => {
        $( wire!(@fields [$(#[$meta])*] $name [] $($body)*); )+
    };

    (@fields [$($meta:tt)*] $name:ident [$($done:tt)*]) => {
        $($meta)*
        #[derive(Debug, Clone, Default, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(rename_all = "PascalCase")]
        #[non_exhaustive]
        pub struct $name { $($done)* }
    };
    (@fields $m:tt $name:ident [$($done:tt)*] $(#[$f:meta])* pub $field:ident : Option<Decimal>, $($rest:tt)*) => {
        wire!(@fields $m $name [$($done)*
            $(#[$f])*
            #[serde(default, with = "crate::wire::number", skip_serializing_if = "Option::is_none")]
            pub $field: Option<::rust_decimal::Decimal>,
        ] $($rest)*);
    };
    (@fields $m:tt $name:ident [$($done:tt)*] $(#[$f:meta])* pub $field:ident : Option<DateTime>, $($rest:tt)*) => {
        wire!(@fields $m $name [$($done)*
            $(#[$f])*
            #[serde(default, with = "provider_core::wire::date_time::option", skip_serializing_if = "Option::is_none")]
            pub $field: Option<::chrono::DateTime<::chrono::Utc>>,
        ] $($rest)*);
    };
    (@fields $m:tt $name:ident [$($done:tt)*] $(#[$f:meta])* pub $field:ident : Option<NumberOrText>, $($rest:tt)*) => {
        wire!(@fields $m $name [$($done)*
            $(#[$f])*
            #[serde(default, deserialize_with = "crate::wire::text::deserialize", skip_serializing_if = "Option::is_none")]
            pub $field: Option<String>,
        ] $($rest)*);
    };
    (@fields $m:tt $name:ident [$($done:tt)*] $(#[$f:meta])* pub $field:ident : Option<$type:ty>, $($rest:tt)*) => {
        wire!(@fields $m $name [$($done)*
            $(#[$f])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,
        ] $($rest)*);
    };
    (@fields $m:tt $name:ident [$($done:tt)*] $(#[$f:meta])* pub $field:ident : Vec<$type:ty>, $($rest:tt)*) => {
        wire!(@fields $m $name [$($done)*
            $(#[$f])*
            #[serde(default, deserialize_with = "crate::wire::list", skip_serializing_if = "Vec::is_empty")]
            pub $field: Vec<$type>,
        ] $($rest)*);
    };
    (@fields $m:tt $name:ident [$($done:tt)*] $(#[$f:meta])* pub $field:ident : $type:ty, $($rest:tt)*) => {
        wire!(@fields $m $name [$($done)*
            $(#[$f])*
            #[serde(skip_serializing_if = "crate::wire::is_unset")]
            pub $field: $type,
        ] $($rest)*);
    };
}
