//! What many records have in common.

wire! {
    /// Another record, by its id and, in answers, its name.
    pub struct ObjectReference {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: Option<String>,
    }

    /// An amount of money.
    pub struct Money {
        /// The amount, in major units.
        pub value: Option<Decimal>,
        /// The ISO 4217 code.
        pub currency_code: Option<String>,
    }

    /// A product, without price or agreement.
    pub struct ProductReference {
        /// Its id.
        pub id: i64,
        /// What an order names.
        pub part_number: Option<String>,
        /// The publisher's own id.
        pub publisher_product_id: Option<String>,
        /// Its name in full.
        pub item_legal_name: Option<String>,
        /// Its name.
        pub item_name: Option<String>,
    }
}

impl ObjectReference {
    /// Names a record by its id, as requests do.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self { id, name: None }
    }
}

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
                $( let spec = $crate::model::Parameter::add(&self.$field, $wire, spec); )*
                spec
            }
        }
    )+};
}
pub(crate) use query;

/// A value of the query string.
pub(crate) trait Parameter {
    fn add(&self, name: &str, spec: provider_http::RequestSpec) -> provider_http::RequestSpec;
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

macro_rules! numbered {
    ($($type:ident),+ $(,)?) => {$(
        impl Written for super::$type {
            fn written(&self) -> String {
                self.number().to_string()
            }
        }
    )+};
}

numbered!(
    AddressType,
    AgreementStatus,
    AgreementType,
    AgreementTypeConsent,
    AssetSortBy,
    AssetStatus,
    AssetType,
    BillingCycleEnum,
    CustomerTenantType,
    ProductContainerCategory,
    ProductContainerType,
    ProgramType,
    ProvisionType,
    RegionList,
    ResellerSalesPriceObjectType,
    ResellerSalesPriceType,
    SortOrder,
    SubscriptionSortBy,
    SubscriptionStatus,
    UserRole,
);

impl<T: Written> Parameter for T {
    fn add(&self, name: &str, spec: provider_http::RequestSpec) -> provider_http::RequestSpec {
        spec.query(name, self.written())
    }
}

impl<T: Written> Parameter for Option<T> {
    fn add(&self, name: &str, spec: provider_http::RequestSpec) -> provider_http::RequestSpec {
        spec.query_opt(name, self.as_ref().map(Written::written))
    }
}

impl<T: Written> Parameter for Vec<T> {
    fn add(&self, name: &str, spec: provider_http::RequestSpec) -> provider_http::RequestSpec {
        spec.query_all(name, self.iter().map(Written::written))
    }
}
