//! Parameters of the query string, and the queries that are made of them.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::request::RequestSpec;

/// A value as a query string writes it. For types of one's own, [`written!`](crate::written) says that they
/// are written as they are displayed.
pub trait Written {
    /// The text, before it is encoded.
    fn written(&self) -> String;
}

/// Something that adds parameters of one name to a request: a value, an optional one, or many.
pub trait Parameter {
    /// Adds them.
    #[must_use]
    fn add(&self, name: &str, spec: RequestSpec) -> RequestSpec;
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

/// Says that values of these types stand in a query string as they are displayed.
///
/// ```
/// provider_core::open_enum! {
///     /// Where it is.
///     pub enum State {
///         /// There.
///         Active = "ACTIVE",
///     }
/// }
/// provider_http::written!(State);
///
/// use provider_http::Written as _;
/// assert_eq!(State::Active.written(), "ACTIVE");
/// ```
#[macro_export]
macro_rules! written {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::Written for $type {
            fn written(&self) -> ::std::string::String {
                ::std::string::ToString::to_string(self)
            }
        }
    )+};
}

written!(i64, i32, u64, u32, bool, String, &str, NaiveDate, rust_decimal::Decimal);

impl Written for DateTime<Utc> {
    /// RFC 3339, which is not what they are displayed as.
    fn written(&self) -> String {
        self.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

/// Declares queries: each field is one parameter, left out while it is `None` or empty. The type of a field
/// is a [`Parameter`](crate::Parameter). For `query(...)` in [`endpoints!`](crate::endpoints).
///
/// ```
/// provider_http::query! {
///     /// Which customers.
///     pub struct CustomerFilter {
///         /// In this state.
///         pub state: Option<String> = "filter.state",
///         /// These.
///         pub ids: Vec<i64> = "id",
///     }
/// }
///
/// let filter = CustomerFilter { ids: vec![1, 2], ..CustomerFilter::default() };
/// let spec = filter.apply(provider_http::RequestSpec::get("/customers"));
/// assert_eq!(spec.query_string(), "id=1&id=2");
/// ```
#[macro_export]
macro_rules! query {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $name:ident { $( $(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty = $wire:literal, )* }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        $vis struct $name { $( $(#[$fmeta])* $fvis $field: $type, )* }

        impl $name {
            /// The request with the parameters that are set.
            #[must_use]
            $vis fn apply(&self, spec: $crate::RequestSpec) -> $crate::RequestSpec {
                $( let spec = $crate::Parameter::add(&self.$field, $wire, spec); )*
                spec
            }
        }
    )+};
}
