//! Queries: a record of parameters, each left out while it is not set.

use provider_http::RequestSpec;

/// Declares a query: each field is one parameter, left out while it is `None` or empty.
macro_rules! query {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$fmeta:meta])* pub $field:ident : $kind:ident<$type:ty> = $wire:literal, )* }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name { $( $(#[$fmeta])* pub $field: $kind<$type>, )* }

        impl $name {
            pub(crate) fn apply(&self, spec: ::provider_http::RequestSpec) -> ::provider_http::RequestSpec {
                $( let spec = $crate::wire::Parameter::add(&self.$field, $wire, spec); )*
                spec
            }
        }
    )+};
}

/// A value of the query string.
pub(crate) trait Parameter {
    fn add(&self, name: &str, spec: RequestSpec) -> RequestSpec;
}

/// A value as the query string writes it.
pub(crate) trait Written {
    fn written(&self) -> String;
}

macro_rules! displayed {
    ($($type:ty),+) => {$(
        impl Written for $type {
            fn written(&self) -> String {
                self.to_string()
            }
        }
    )+};
}

displayed!(i64, i32, u32, bool, String, &str);

impl Written for chrono::DateTime<chrono::Utc> {
    fn written(&self) -> String {
        self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
    }
}

impl<T: Written> Parameter for T {
    fn add(&self, name: &str, spec: RequestSpec) -> RequestSpec {
        spec.query(name, self.written())
    }
}

impl<T: Written> Parameter for Option<T> {
    fn add(&self, name: &str, spec: RequestSpec) -> RequestSpec {
        spec.query_opt(name, self.as_ref().map(Written::written))
    }
}

impl<T: Written> Parameter for Vec<T> {
    fn add(&self, name: &str, spec: RequestSpec) -> RequestSpec {
        spec.query_all(name, self.iter().map(Written::written))
    }
}
