//! Setters of records that a caller fills.

/// Makes a setter for each member of a record, with the member's name: `#![setters]` in
/// [`records!`](crate::records).
#[doc(hidden)]
#[macro_export]
macro_rules! __setters {
    ($name:ident) => {};

    // The names that stand for a type of another crate, as `records!` has them.
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Decimal>, $($rest:tt)*) => {
        $crate::__setters!(@option $name $field $crate::__private::Decimal);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<DateTime>, $($rest:tt)*) => {
        $crate::__setters!(@option $name $field $crate::__private::chrono::DateTime<$crate::__private::chrono::Utc>);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Moment>, $($rest:tt)*) => {
        $crate::__setters!(@option $name $field $crate::wire::moment::Moment);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Day>, $($rest:tt)*) => {
        $crate::__setters!(@option $name $field $crate::__private::chrono::NaiveDate);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<Secret>, $($rest:tt)*) => {
        $crate::__setters!(@option $name $field $crate::__private::SecretString);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Option<$type:ty>, $($rest:tt)*) => {
        $crate::__setters!(@option $name $field $type);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Vec<$type:ty>, $($rest:tt)*) => {
        $crate::__setters!(@list $name $field $type);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: ::std::vec::Vec<$type:ty>, $($rest:tt)*) => {
        $crate::__setters!(@list $name $field $type);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Map<Decimal>, $($rest:tt)*) => {
        $crate::__setters!(@map $name $field $crate::__private::Decimal);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Map<$type:ty>, $($rest:tt)*) => {
        $crate::__setters!(@map $name $field $type);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: Decimal, $($rest:tt)*) => {
        $crate::__setters!(@plain $name $field $crate::__private::Decimal);
        $crate::__setters!($name $($rest)*);
    };
    ($name:ident $(#[$($f:tt)*])* $fvis:vis $field:ident: $type:ty, $($rest:tt)*) => {
        $crate::__setters!(@plain $name $field $type);
        $crate::__setters!($name $($rest)*);
    };

    (@option $name:ident $field:ident $type:ty) => {
        $crate::__setters!(@setter $name $field [impl ::core::convert::Into<$type>]
            |value| ::core::option::Option::Some(value.into()));
    };
    (@list $name:ident $field:ident $type:ty) => {
        $crate::__setters!(@setter $name $field
            [impl ::core::iter::IntoIterator<Item = impl ::core::convert::Into<$type>>]
            |value| value.into_iter().map(::core::convert::Into::into).collect());
    };
    (@map $name:ident $field:ident $type:ty) => {
        $crate::__setters!(@setter $name $field
            [impl ::core::iter::IntoIterator<
                Item = (impl ::core::convert::Into<::std::string::String>, impl ::core::convert::Into<$type>),
            >]
            |value| value.into_iter().map(|(key, value)| (key.into(), value.into())).collect());
    };
    (@plain $name:ident $field:ident $type:ty) => {
        $crate::__setters!(@setter $name $field [impl ::core::convert::Into<$type>] |value| value.into());
    };
    (@setter $name:ident $field:ident [$($takes:tt)*] |$value:ident| $made:expr) => {
        impl $name {
            #[doc = ::core::concat!("Sets [`", ::core::stringify!($field), "`](Self#structfield.", ::core::stringify!($field), ").")]
            #[must_use]
            #[allow(clippy::wrong_self_convention, reason = "a setter has the name of its member, `is_trial` too")]
            pub fn $field(mut self, $value: $($takes)*) -> Self {
                self.$field = $made;
                self
            }
        }
    };
}
