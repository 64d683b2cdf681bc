//! How endpoints are declared: the method, the request and the row of the coverage table come from one line.

use crate::call::CallOptions;

/// One endpoint of a distributor and the method that calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path with its placeholders.
    pub path: &'static str,
    /// How it is called on the client, such as `customers().list`.
    pub call: &'static str,
    /// True where the vendor has replaced it.
    pub deprecated: bool,
}

impl Endpoint {
    /// A row of the table, for endpoints whose methods [`endpoints!`](crate::endpoints) did not make. The
    /// HTTP method may be in either case.
    #[must_use]
    pub const fn new(method: &'static str, path: &'static str, call: &'static str) -> Self {
        let method = match method.as_bytes() {
            b"get" | b"GET" => "GET",
            b"post" | b"POST" => "POST",
            b"put" | b"PUT" => "PUT",
            b"patch" | b"PATCH" => "PATCH",
            b"delete" | b"DELETE" => "DELETE",
            _ => method,
        };
        Self { method, path, call, deprecated: false }
    }

    /// Says whether the vendor has replaced it.
    #[must_use]
    pub const fn deprecated(mut self, yes: bool) -> Self {
        self.deprecated = yes;
        self
    }
}

/// A client whose endpoints [`endpoints!`](crate::endpoints) declares.
pub trait ApiClient: Clone {
    /// The options of its calls, unless a handle was given others.
    #[must_use]
    fn call(&self) -> CallOptions {
        CallOptions::default()
    }
}

/// Declares the handles of resources: for each endpoint the method that calls it, the function that makes its
/// request, and its row in the table.
///
/// The first line names the client: it is [`ApiClient`](crate::ApiClient) and reads answers by methods of its
/// own. `Customers as customers { .. }` makes the handle `Customers`, the method `customers()` of the client,
/// and the module `customers` with `ENDPOINTS` and one function for each request. A handle holds a clone of
/// the client and how calls are made (`client`, `call`), so that what does not fit into a table is written
/// beside it as another `impl`. `Usage as usage through metered { .. }` takes the client that
/// `self.metered()` answers: another audience, another version of the API.
///
/// ```text
/// /// Doc of the method.
/// get "/path/{customer_id}" => name(customer_id: i64) [query(q: Q [, p: P])] [with(a: T = "wire")] [paged(p: P)]
///     [body(b: &B)] [operation(Get Customer)] [deprecated("why")] [marked(read)] -> mode Type;
/// ```
///
/// - Arguments fill the placeholders of their names; `id: &str = "customerId"` fills another.
/// - `query` and `paged` take anything with `apply(spec) -> spec`, as [`query!`](crate::query) makes it;
///   `with` takes [`Parameter`](crate::Parameter)s. The method takes the query by value or by reference. Where
///   a query is followed by a page (`query(q: Q, page: P)`), the method takes it from the query's field `page`.
/// - `operation` is `List`, `Get` and an entity, or `Plan`, `Execute`, `Reconcile` and a command.
/// - `marked` calls methods of [`RequestSpec`](crate::RequestSpec) without arguments: `read`, `sensitive`.
/// - The mode is a method of the client: `async fn mode<T>(&self, RequestSpec, &CallOptions) -> Result<T>`.
///
/// ```
/// use provider_core::{ReadOptions, Result};
/// use provider_http::{ApiClient, CallOptions, HttpClient, RequestSpec};
/// use serde::Deserialize;
/// use serde::de::DeserializeOwned;
///
/// #[derive(Debug, Clone)]
/// pub struct Acme {
///     http: HttpClient,
/// }
///
/// impl ApiClient for Acme {}
///
/// impl Acme {
///     async fn fetch<T: DeserializeOwned>(&self, spec: RequestSpec, call: &CallOptions) -> Result<T> {
///         self.http.send(spec, call).await?.json()
///     }
/// }
///
/// #[derive(Debug, Deserialize)]
/// pub struct Customer {
///     id: String,
/// }
///
/// provider_http::query! {
///     /// Which customers.
///     pub struct Filter {
///         /// In this state.
///         pub state: Option<String> = "state",
///     }
/// }
///
/// provider_http::endpoints! {
///     client: Acme;
///
///     /// End customers.
///     Customers as customers {
///         /// All of them.
///         get "/customers" => list() query(filter: Filter) operation(List Customer) -> fetch Vec<Customer>;
///         /// One.
///         get "/customers/{customerId}" => get(id: &str = "customerId") operation(Get Customer) -> fetch Customer;
///     }
/// }
///
/// async fn id_of(acme: &Acme, id: &str) -> Result<String> {
///     let options = ReadOptions::default().raw(true);
///     Ok(acme.customers().with(&options).get(id).await?.id)
/// }
///
/// # fn main() {
/// assert_eq!(customers::ENDPOINTS[0].path, "/customers");
/// assert_eq!(customers::ENDPOINTS[1].call, "customers().get");
/// # }
/// ```
#[macro_export]
macro_rules! endpoints {
    (
        client: $client:ty;
        $(
            $(#[$hmeta:meta])*
            $handle:ident as $accessor:ident $(through $through:ident)? {
                $(
                    $(#[$meta:meta])*
                    $verb:ident $path:literal => $name:ident ( $($arg:ident : $aty:ty $(= $slot:literal)?),* $(,)? )
                        $(query($query:ident : $qty:ty $(, $qpage:ident : $qpagety:ty)?))?
                        $(with($($param:ident : $pty:ty = $wire:literal),+ $(,)?))?
                        $(paged($paging:ident : $pagety:ty))?
                        $(body($body:ident : $bty:ty))?
                        $(operation($operation:ident $of:ident))?
                        $(deprecated($note:literal))?
                        $(marked($($mark:ident),+))?
                        -> $mode:ident $out:ty;
                )*
            }
        )+
    ) => {$(
        $(#[$hmeta])*
        #[derive(Debug, Clone)]
        pub struct $handle {
            client: $client,
            call: $crate::CallOptions,
        }

        impl $client {
            $(#[$hmeta])*
            #[must_use]
            pub fn $accessor(&self) -> $handle {
                let client = ::core::clone::Clone::clone(self);
                $( let client = client.$through(); )?
                $handle { call: $crate::ApiClient::call(&client), client }
            }
        }

        #[allow(clippy::module_inception, reason = "it is named after the accessor, as the file may be")]
        #[allow(unused_imports, dead_code, reason = "not every resource takes every kind of argument")]
        #[allow(clippy::too_many_arguments, reason = "some vendors put that many into one path")]
        pub(crate) mod $accessor {
            use $crate::Parameter as _;

            use super::*;

            pub(crate) const ENDPOINTS: &[$crate::Endpoint] = &[$(
                $crate::Endpoint::new(
                    stringify!($verb),
                    $path,
                    concat!(stringify!($accessor), "().", stringify!($name)),
                )
                .deprecated(!{ const NOTES: &[&str] = &[$($note)?]; NOTES }.is_empty()),
            )*];

            $(
                pub(crate) fn $name(
                    $($arg: $aty,)* $($query: &$qty, $($qpage: $qpagety,)?)? $($($param: $pty,)+)?
                    $($paging: $pagety,)? $($body: $bty,)?
                ) -> $crate::__private::Result<$crate::RequestSpec> {
                    let spec = $crate::RequestSpec::$verb($path);
                    $( let spec = spec.path($crate::__slot!($arg $($slot)?), $arg); )*
                    $( let spec = $query.apply(spec); )?
                    $( $( let spec = $param.add($wire, spec); )+ )?
                    $( $( let spec = $qpage.apply(spec); )? )?
                    $( let spec = $paging.apply(spec); )?
                    $( let spec = spec.operation($crate::__operation!($operation $of)); )?
                    $( let spec = spec.json($body)?; )?
                    $( $( let spec = spec.$mark(); )+ )?
                    Ok(spec)
                }
            )*
        }

        #[allow(dead_code, reason = "some handles are only written by hand")]
        #[allow(clippy::too_many_arguments, reason = "some vendors put that many into one path")]
        impl $handle {
            /// Sets the options of the calls that follow: deadline, priority, strictness, the operation that
            /// they are part of.
            #[must_use]
            pub fn with(mut self, call: impl ::core::convert::Into<$crate::CallOptions>) -> Self {
                self.call = call.into();
                self
            }

            $(
                $(#[$meta])*
                ///
                #[doc = concat!("`", stringify!($verb), " ", $path, "`")]
                ///
                /// # Errors
                /// Any error of the call; `Decode` when its answer does not fit.
                $( #[deprecated(note = $note)] )?
                pub async fn $name(
                    &self,
                    $($arg: $aty,)* $($query: impl ::core::borrow::Borrow<$qty> + Send,)? $($($param: $pty,)+)?
                    $($paging: $pagety,)? $($body: $bty,)?
                ) -> $crate::__private::Result<$out> {
                    $( let $query: &$qty = ::core::borrow::Borrow::borrow(&$query); )?
                    let spec = $accessor::$name(
                        $($arg,)*
                        $($query, $({ let $qpage: $qpagety = ::core::clone::Clone::clone(&$query.page); $qpage },)?)?
                        $($($param,)+)? $($paging,)? $($body,)?
                    )?;
                    self.client.$mode(spec, &self.call).await
                }
            )*
        }
    )+};
}

/// The placeholder that an argument fills.
#[doc(hidden)]
#[macro_export]
macro_rules! __slot {
    ($arg:ident) => {
        stringify!($arg)
    };
    ($arg:ident $slot:literal) => {
        $slot
    };
}

/// The operation behind its two words.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    (List $of:ident) => {
        $crate::__private::Operation::List($crate::__private::EntityKind::$of)
    };
    (Get $of:ident) => {
        $crate::__private::Operation::Get($crate::__private::EntityKind::$of)
    };
    ($operation:ident $of:ident) => {
        $crate::__private::Operation::$operation($crate::__private::CommandKind::$of)
    };
}
