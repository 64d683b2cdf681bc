//! How endpoints are declared: the method, the request and the row of the coverage table come from one line.

use provider_core::{ErrorKind, Result};
use provider_http::{Keys, RequestSpec};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Collection, CrayonClient};

/// One endpoint of Cloud-iQ and the method that calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path; placeholders carry the names of the method's arguments.
    pub path: &'static str,
    /// How it is called on [`CrayonClient`](crate::CrayonClient).
    pub call: &'static str,
    /// True where the vendor has replaced it.
    pub deprecated: bool,
}

/// Declares the handle of a resource.
///
/// ```text
/// /// Doc of the method.
/// get "/api/v1/Path/{id}" => name(id: i64) [query(q: &Q)] [with(a: T = "wire")] [paged(p)] [body(b: &B)]
///     [deprecated("why")] [marked(spec_method)] -> via Type;
/// ```
///
/// `via` says how the answer is read: `fetch` its JSON, `perhaps` its JSON or nothing, `confirm` a boolean or
/// nothing, `flag` a boolean that may stand in a list, `several` a list or one record, `send` and ignore it.
macro_rules! endpoints {
    (
        $(#[$hmeta:meta])*
        $handle:ident as $accessor:ident {
            $(
                $(#[$meta:meta])*
                $verb:ident $path:literal => $name:ident ( $($arg:ident : $aty:ty),* )
                    $(query($query:ident : $qty:ty))?
                    $(with($($param:ident : $pty:ty = $wire:literal),+))?
                    $(paged($paging:ident))?
                    $(body($body:ident : $bty:ty))?
                    $(deprecated($note:literal))?
                    $(marked($safety:ident))?
                    -> $via:ident $out:ty;
            )*
        }
    ) => {
        $(#[$hmeta])*
        #[derive(Debug, Clone)]
        pub struct $handle {
            client: $crate::CrayonClient,
        }

        impl $crate::CrayonClient {
            $(#[$hmeta])*
            #[must_use]
            pub fn $accessor(&self) -> $handle {
                $handle { client: self.clone() }
            }
        }

        #[allow(clippy::module_inception, reason = "it is named after the accessor, as is the file")]
        #[allow(unused_imports, dead_code, reason = "not every resource takes every kind of argument")]
        #[allow(clippy::too_many_arguments, reason = "the vendor puts that many into one path")]
        pub(crate) mod $accessor {
            use provider_core::Result;
            use provider_http::RequestSpec;

            use super::*;
            use crate::model::*;
            use crate::model::Parameter;
            use crate::{Document, Paging};

            pub(crate) const ENDPOINTS: &[crate::api::Endpoint] = &[$( crate::api::Endpoint {
                method: crate::api::endpoint::upper(stringify!($verb)),
                path: $path,
                call: concat!(stringify!($accessor), "().", stringify!($name)),
                deprecated: !{ const NOTES: &[&str] = &[$($note)?]; NOTES }.is_empty(),
            }, )*];

            $(
                pub(crate) fn $name(
                    $($arg: $aty,)* $($query: $qty,)? $($($param: $pty,)+)? $($paging: Paging,)? $($body: $bty,)?
                ) -> Result<RequestSpec> {
                    let spec = RequestSpec::$verb($path);
                    $( let spec = spec.path(stringify!($arg), $arg); )*
                    $( let spec = $query.apply(spec); )?
                    $( $( let spec = $param.add($wire, spec); )+ )?
                    $( let spec = $paging.apply(spec); )?
                    $( let spec = spec.json($body)?; )?
                    $( let spec = spec.$safety(); )?
                    Ok(spec)
                }
            )*
        }

        #[allow(clippy::too_many_arguments, reason = "the vendor puts that many into one path")]
        impl $handle {
            $(
                $(#[$meta])*
                ///
                #[doc = concat!("`", stringify!($verb), " ", $path, "`")]
                ///
                /// # Errors
                /// Whatever the call ended in; `Decode` when its answer does not fit.
                $( #[deprecated(note = $note)] )?
                pub async fn $name(
                    &self,
                    $($arg: $aty,)* $($query: $qty,)? $($($param: $pty,)+)? $($paging: $crate::Paging,)? $($body: $bty,)?
                ) -> ::provider_core::Result<$out> {
                    let spec = $accessor::$name($($arg,)* $($query,)? $($($param,)+)? $($paging,)? $($body,)?)?;
                    self.client.$via(spec).await
                }
            )*
        }
    };
}

/// A boolean: bare, as the vendor's SDK reads it, or in a list, as the vendor's files show it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Bare(bool),
    Listed(Collection<bool>),
}

impl CrayonClient {
    /// Sends a write that is answered with the record or, as the vendor's files have it, with nothing.
    pub(super) async fn perhaps<T: DeserializeOwned>(&self, spec: RequestSpec) -> Result<Option<T>> {
        let answer = self.request(spec).await?;
        if answer.bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        answer.read(Keys::AnyCase)
    }

    /// Reads a list, or the single record that the vendor's files show in its place.
    pub(super) async fn several<T>(&self, spec: RequestSpec) -> Result<Collection<T>>
    where
        T: DeserializeOwned + Default + PartialEq,
    {
        let answer = self.request(spec).await?;
        let unfit = match answer.read(Keys::AnyCase) {
            Ok(list) => return Ok(list),
            Err(unfit) => unfit,
        };
        match answer.read::<T>(Keys::AnyCase) {
            Ok(record) if record != T::default() => Ok(Collection { items: vec![record], total_hits: None }),
            _ => Err(unfit),
        }
    }

    /// Reads one boolean.
    pub(super) async fn flag(&self, spec: RequestSpec) -> Result<bool> {
        let answer = self.request(spec).await?;
        let flag = match answer.read(Keys::AnyCase)? {
            Flag::Bare(flag) => Some(flag),
            Flag::Listed(list) => list.into_iter().next(),
        };
        flag.ok_or_else(|| answer.error(ErrorKind::Decode, "the answer is an empty list"))
    }
}

/// The HTTP method of a verb.
pub(crate) const fn upper(verb: &'static str) -> &'static str {
    match verb.as_bytes() {
        b"get" => "GET",
        b"post" => "POST",
        b"put" => "PUT",
        b"patch" => "PATCH",
        _ => "DELETE",
    }
}

/// Every endpoint that this client calls, by resource.
pub const ENDPOINTS: &[&[Endpoint]] = &[
    super::account::session::ENDPOINTS,
    super::account::clients::ENDPOINTS,
    super::account::secrets::ENDPOINTS,
    super::account::users::ENDPOINTS,
    super::organizations::organizations::ENDPOINTS,
    super::access::organization_access::ENDPOINTS,
    super::organizations::addresses::ENDPOINTS,
    super::customer_tenants::customer_tenants::ENDPOINTS,
    super::agreements::agreements::ENDPOINTS,
    super::agreement_products::agreement_products::ENDPOINTS,
    super::agreement_products::DOWNLOADS,
    super::agreement_products::billing_cycles::ENDPOINTS,
    super::agreements::publishers::ENDPOINTS,
    super::agreements::programs::ENDPOINTS,
    super::agreements::regions::ENDPOINTS,
    super::agreements::agreement_reports::ENDPOINTS,
    super::subscriptions::subscriptions::ENDPOINTS,
    super::orders::purchase_requests::ENDPOINTS,
    super::orders::scheduled_purchase_requests::ENDPOINTS,
    super::invoices::invoice_profiles::ENDPOINTS,
    super::billing::billing_statements::ENDPOINTS,
    super::billing::DOWNLOADS,
    super::invoices::invoices::ENDPOINTS,
    super::invoices::orders::ENDPOINTS,
    super::invoices::groupings::ENDPOINTS,
    super::billing::exports::ENDPOINTS,
    super::usage_cost::usage_costs::ENDPOINTS,
    super::azure::azure_usage::ENDPOINTS,
    super::azure::azure_plans::ENDPOINTS,
    super::assets::assets::ENDPOINTS,
    super::consumers::consumers::ENDPOINTS,
    super::reseller_prices::reseller_sales_prices::ENDPOINTS,
    super::consumers::activity_logs::ENDPOINTS,
    super::consumers::management_links::ENDPOINTS,
    super::containers::product_containers::ENDPOINTS,
    super::consumers::facebook_orders::ENDPOINTS,
    super::consumers::google_orders::ENDPOINTS,
    super::consumers::aws_accounts::ENDPOINTS,
    super::consumers::crayon_accounts::ENDPOINTS,
    super::consumers::blog_items::ENDPOINTS,
];
