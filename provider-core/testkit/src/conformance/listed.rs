//! The seven kinds of records, each with its query, its calls and its filters.

use std::sync::Arc;

use provider_core::model::Entity;
use provider_core::{
    Customer, CustomerId, CustomerQuery, EntityKind, Invoice, InvoiceLine, InvoiceLineQuery, InvoiceQuery,
    Listing, Operation, Order, OrderId, OrderQuery, Page, PageRequest, Product, ProductId, ProductQuery,
    Provider, ProviderExt, Query, ReadOptions, Result, Subscription, SubscriptionId, SubscriptionQuery,
    UsageQuery, UsageRecord, async_trait,
};
use serde::de::DeserializeOwned;

use super::expectations::Queries;
use super::filter::{Probe, billing, catalog, people};
use super::world::{Reading, World};

/// A kind of record, as the cases need it.
#[async_trait]
pub(super) trait ListedEntity: Entity + DeserializeOwned + PartialEq {
    type Query: Query<Item = Self> + Default;

    const LIST: Operation = Operation::List(Self::KIND);
    const GET: Operation = Operation::Get(Self::KIND);
    /// Whether the trait has a `get` for it.
    const HAS_GET: bool;

    async fn page(provider: &dyn Provider, query: &Self::Query, request: &PageRequest) -> Result<Page<Self>>;

    fn listing(provider: &Arc<dyn Provider>, query: Self::Query) -> Listing<Self>;

    /// Never called where there is no `get`.
    async fn get(provider: &dyn Provider, id: &str, options: &ReadOptions) -> Result<Self>;

    fn with_options(query: Self::Query, options: ReadOptions) -> Self::Query;

    /// The query that the host wants to be used.
    fn told(queries: &Queries) -> Option<&Self::Query>;

    /// Queries that name something to list by, for providers that want that.
    fn narrower(world: &World) -> Vec<Self::Query>;

    fn of(world: &World) -> &Reading<Self>;

    fn of_mut(world: &mut World) -> &mut Reading<Self>;

    fn probes(world: &World) -> Vec<Probe<Self>>;
}

/// What tells two records of a listing apart: the id, or the whole record where there is none.
pub(super) fn key<T: ListedEntity>(record: &T) -> String {
    record.identity().map_or_else(|| serde_json::to_string(record).unwrap_or_default(), ToOwned::to_owned)
}

pub(super) fn noun(kind: EntityKind) -> String {
    kind.plural().replace('_', " ")
}

/// How many named things are tried in turn where a provider wants one to be named.
const TRIED: usize = 8;

macro_rules! listed {
    ($(
        $record:ident by $query:ident: $list:ident, $stream:ident, $field:ident,
        get $get:tt, narrower $narrower:expr, probes $probes:path;
    )+) => {$(
        #[async_trait]
        impl ListedEntity for $record {
            type Query = $query;

            const HAS_GET: bool = listed!(@has $get);

            async fn get(provider: &dyn Provider, id: &str, options: &ReadOptions) -> Result<Self> {
                listed!(@get $get, provider, id, options)
            }

            async fn page(
                provider: &dyn Provider,
                query: &$query,
                request: &PageRequest,
            ) -> Result<Page<Self>> {
                provider.$list(query, request).await
            }

            fn listing(provider: &Arc<dyn Provider>, query: $query) -> Listing<Self> {
                provider.$stream(query)
            }

            fn with_options(mut query: $query, options: ReadOptions) -> $query {
                query.options = options;
                query
            }

            fn told(queries: &Queries) -> Option<&$query> {
                queries.$field.as_ref()
            }

            fn narrower(world: &World) -> Vec<$query> {
                let narrower: fn(&World) -> Vec<$query> = $narrower;
                narrower(world)
            }

            fn of(world: &World) -> &Reading<Self> {
                &world.$field
            }

            fn of_mut(world: &mut World) -> &mut Reading<Self> {
                &mut world.$field
            }

            fn probes(world: &World) -> Vec<Probe<Self>> {
                $probes(world)
            }
        }
    )+};
    (@has none) => { false };
    (@has $get:tt) => { true };
    (@get none, $provider:ident, $id:ident, $options:ident) => {{
        let _ = ($provider, $id, $options);
        Err(provider_core::Error::unsupported(Self::GET, "the trait has no such call"))
    }};
    (@get ($get:ident $name:ident), $provider:ident, $id:ident, $options:ident) => {
        $provider.$get(&$name::new($id), $options).await
    };
}

fn nothing_narrower<Q>(_: &World) -> Vec<Q> {
    Vec::new()
}

listed! {
    Customer by CustomerQuery: list_customers, customers, customers,
        get (get_customer CustomerId), narrower nothing_narrower, probes people::customers;
    Product by ProductQuery: list_products, products, products,
        get (get_product ProductId), narrower |world| {
            let organizations = world.organizations().into_iter().map(|id| ProductQuery::default().organization(id));
            let customers = world.customers.records.iter().map(|c| ProductQuery::default().customer(&c.id));
            organizations.take(TRIED).chain(customers.take(TRIED)).collect()
        }, probes catalog::products;
    Subscription by SubscriptionQuery: list_subscriptions, subscriptions, subscriptions,
        get (get_subscription SubscriptionId), narrower |world| {
            let customers = world.customers.records.iter().take(TRIED);
            customers.map(|c| SubscriptionQuery::default().customer(&c.id)).collect()
        }, probes catalog::subscriptions;
    Order by OrderQuery: list_orders, orders, orders,
        get (get_order OrderId), narrower |world| {
            let customers = world.customers.records.iter().take(TRIED);
            customers.map(|c| OrderQuery::default().customer(&c.id)).collect()
        }, probes people::orders;
    Invoice by InvoiceQuery: list_invoices, invoices, invoices,
        get none, narrower |world| {
            let organizations = world.organizations().into_iter().take(TRIED);
            organizations.map(|id| InvoiceQuery::default().organization(id)).collect()
        }, probes billing::invoices;
    InvoiceLine by InvoiceLineQuery: list_invoice_lines, invoice_lines, invoice_lines,
        get none, narrower |world| {
            let invoices = world.invoices.records.iter().take(TRIED);
            invoices.map(|i| InvoiceLineQuery::default().invoice(&i.id)).collect()
        }, probes billing::invoice_lines;
    UsageRecord by UsageQuery: list_usage, usage, usage,
        get none, narrower |world| {
            let live = world.subscriptions.records.iter().filter(|s| s.status.is_live()).take(TRIED);
            let customers = world.customers.records.iter().take(TRIED);
            live.map(|s| UsageQuery::default().subscription(&s.id))
                .chain(customers.map(|c| UsageQuery::default().customer(&c.id)))
                .collect()
        }, probes billing::usage;
}
