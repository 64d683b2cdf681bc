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

/// A field of a query that a setter fills: [`query!`](crate::query) makes one for each.
pub trait Setting {
    /// What the setter takes.
    type Value;

    /// The field that holds it.
    #[must_use]
    fn set(value: Self::Value) -> Self;
}

impl<T> Setting for Option<T> {
    type Value = T;

    fn set(value: T) -> Self {
        Some(value)
    }
}

impl<T> Setting for Vec<T> {
    type Value = Self;

    fn set(value: Self) -> Self {
        value
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

/// Declares queries: each field is one parameter, left out while it is `None` or empty, with a setter of its
/// name. They are `non_exhaustive`: a later version may know more parameters. The type of a field is a
/// [`Parameter`](crate::Parameter) and a [`Setting`](crate::Setting). For `query(...)` in
/// [`endpoints!`](crate::endpoints).
///
/// `paged(Type)` after the name adds the field `page` and its setter: which page, for endpoints that are
/// `paged(...)`.
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
/// let filter = CustomerFilter::default().ids([1, 2]);
/// // GET /customers?id=1&id=2
/// let spec = filter.apply(provider_http::RequestSpec::get("/customers"));
/// # drop(spec);
/// ```
#[macro_export]
macro_rules! query {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $name:ident $(paged($page:ty))? {
            $( $(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty = $wire:literal, )*
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        $vis struct $name {
            $( $(#[$fmeta])* $fvis $field: $type, )*
            $(
                /// Which page, and how large.
                $vis page: $page,
            )?
        }

        impl $name {
            /// The request with the parameters that are set; the page apart.
            #[must_use]
            $vis fn apply(&self, spec: $crate::RequestSpec) -> $crate::RequestSpec {
                $( let spec = $crate::Parameter::add(&self.$field, $wire, spec); )*
                spec
            }
        }

        $crate::setters! {
            $name {
                $( $(#[$fmeta])* $fvis $field: $type, )*
            }
        }

        $(
            impl $name {
                /// Asks for this page.
                #[must_use]
                $vis fn page(mut self, page: $page) -> Self {
                    self.page = page;
                    self
                }
            }
        )?
    )+};
}

/// Gives each field of a query that is written by hand a setter of its name, as [`query!`](crate::query) does.
#[macro_export]
macro_rules! setters {
    ($name:ident { $( $(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty, )* }) => {
        #[allow(dead_code, reason = "a query for one's own use need not set everything")]
        impl $name {
            $(
                $(#[$fmeta])*
                #[must_use]
                $fvis fn $field(
                    mut self,
                    $field: impl ::core::convert::Into<<$type as $crate::Setting>::Value>,
                ) -> Self {
                    self.$field = <$type as $crate::Setting>::set($field.into());
                    self
                }
            )*
        }
    };
}
