//! How endpoints are declared: the method, the request and the row of the coverage table come from one line.

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
            client: $crate::client::CrayonClient,
        }

        impl $crate::client::CrayonClient {
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
            use crate::wire::{Document, Paging, Parameter};

            pub(crate) const ENDPOINTS: &[crate::api::Endpoint] = &[$( crate::api::Endpoint {
                method: crate::api::endpoints::upper(stringify!($verb)),
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
                    $($arg: $aty,)* $($query: $qty,)? $($($param: $pty,)+)? $($paging: $crate::wire::Paging,)? $($body: $bty,)?
                ) -> ::provider_core::Result<$out> {
                    let spec = $accessor::$name($($arg,)* $($query,)? $($($param,)+)? $($paging,)? $($body,)?)?;
                    self.client.$via(spec).await
                }
            )*
        }
    };
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
    super::accounts::session::ENDPOINTS,
    super::accounts::clients::ENDPOINTS,
    super::accounts::secrets::ENDPOINTS,
    super::accounts::users::ENDPOINTS,
    super::organizations::organizations::ENDPOINTS,
    super::organizations::organization_access::ENDPOINTS,
    super::organizations::addresses::ENDPOINTS,
    super::customers::customer_tenants::ENDPOINTS,
    super::agreements::agreements::ENDPOINTS,
    super::products::agreement_products::ENDPOINTS,
    super::products::DOWNLOADS,
    super::products::billing_cycles::ENDPOINTS,
    super::agreements::publishers::ENDPOINTS,
    super::agreements::programs::ENDPOINTS,
    super::agreements::regions::ENDPOINTS,
    super::agreements::agreement_reports::ENDPOINTS,
    super::subscriptions::subscriptions::ENDPOINTS,
    super::orders::purchase_requests::ENDPOINTS,
    super::orders::scheduled_purchase_requests::ENDPOINTS,
    super::invoices::invoice_profiles::ENDPOINTS,
    super::billing_statements::billing_statements::ENDPOINTS,
    super::billing_statements::DOWNLOADS,
    super::invoices::invoices::ENDPOINTS,
    super::invoices::orders::ENDPOINTS,
    super::invoices::groupings::ENDPOINTS,
    super::exports::exports::ENDPOINTS,
    super::exports::DOWNLOADS,
    super::usage::usage_costs::ENDPOINTS,
    super::azure_plans::azure_usage::ENDPOINTS,
    super::azure_plans::azure_plans::ENDPOINTS,
    super::assets::assets::ENDPOINTS,
    super::consumers::consumers::ENDPOINTS,
    super::prices::reseller_sales_prices::ENDPOINTS,
    super::consumers::activity_logs::ENDPOINTS,
    super::consumers::management_links::ENDPOINTS,
    super::containers::product_containers::ENDPOINTS,
    super::consumers::facebook_orders::ENDPOINTS,
    super::consumers::google_orders::ENDPOINTS,
    super::consumers::aws_accounts::ENDPOINTS,
    super::consumers::crayon_accounts::ENDPOINTS,
    super::consumers::blog_items::ENDPOINTS,
];
