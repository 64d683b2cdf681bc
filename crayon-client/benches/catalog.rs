//! What turning a price list into products with offers costs beyond decoding the same bytes.
//!
//! 50,000 rows in pages of 1,000, in CPU time of the whole process. `cargo bench -p crayon-client --bench catalog`
//! prints the times and their ratios, the peak of the memory, and whether the bound of 1.3 held; it ends with exit code
//! 1 when it did not. Rounds take turns, and the median of the ratios of each round counts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use crayon_client::model::AgreementProduct;
use crayon_client::{CrayonClient, CrayonConfig, CrayonProvider, Listed};
use provider_core::{PageRequest, ProductQuery, Provider, ProviderInfo};
use provider_http::decode::from_slice;
use provider_http::transport::{Body, TransportError};
use provider_http::{Keys, NoAuth, Transport};

const PAGES: u32 = 50;
const ROWS: usize = 1_000;
const ROUNDS: usize = 15;
const BOUND: f64 = 1.3;

#[derive(Debug)]
struct Fixed(Bytes);

#[async_trait]
impl Transport for Fixed {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        Ok(http::Response::new(Body::from_bytes(self.0.clone())))
    }
}

fn row(number: usize) -> String {
    format!(
        r#"{{"UniqueId":"90013_{number}_1","ProductType":0,"Name":"Sample Business Suite {number} (1 year)","PriceId":{number},"ProductVariant":{{"Id":{number},"Product":{{"Id":70001,"PartNumber":"CFQ7TTC{number:05}:0001","PublisherProductId":null,"ItemLegalName":"Sample Business Suite","ItemName":"Sample Business Suite"}},"PartNumber":"CFQ7TTC{number:05}:0001","ProductName":"Sample Business Suite","Publisher":{{"Id":2,"Name":"Microsoft"}},"Program":{{"Id":8,"Name":"CSP"}},"ProductFamily":{{"Id":11,"Name":"Microsoft 365"}},"ProductType":{{"Id":5,"Name":"Subscription"}},"MinimumCommitment":{{"Id":2,"Months":12,"Name":"1 Year"}},"UnitCount":1,"PurchaseUnit":"Month(s)","PurchasePeriod":null,"AddDate":"2022-01-10T00:00:00+00:00","DeleteDate":"9999-12-31T00:00:00+00:00","IsTrial":false,"DefaultBillingCycleId":1,"AvailableBillingCycleIds":[1,2],"Attributes":{{}},"MinimumQuantity":1.0,"MaximumQuantity":300.0}},"Agreement":{{"Id":90013,"Name":"Microsoft CSP NCE"}},"SalesPrice":{{"Value":4.32,"CurrencyCode":"EUR"}},"RecommendedRetailPrice":{{"Value":5.10,"CurrencyCode":"EUR"}},"AlternativeSalesPrice":null,"PriceListName":"CSP NCE EUR","MonthMultiplier":1,"PriceCalculationType":1,"AgreementType":13,"ProductInformation":null,"MinimumQuantity":1,"MaximumQuantity":300,"Catalog":null}}"#
    )
}

/// The nanoseconds that all threads were on a processor. 0 where the system does not tell.
///
/// The kernel adds up a thread's time when the thread stops running, so this one stops for a moment first.
fn cpu_time() -> u64 {
    std::thread::sleep(Duration::from_millis(2));
    let on_cpu = |task: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<u64>().ok()
    };
    std::fs::read_dir("/proc/self/task").map_or(0, |tasks| tasks.filter_map(on_cpu).sum())
}

/// CPU milliseconds of reading all pages.
#[allow(clippy::cast_precision_loss, reason = "milliseconds for people")]
fn milliseconds(mut page: impl FnMut()) -> f64 {
    let before = cpu_time();
    (0..PAGES).for_each(|_| page());
    (cpu_time() - before) as f64 / 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The peak of the resident memory, in the system's own words.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("not known").trim().to_owned()
}

fn main() {
    let rows: Vec<String> = (1..=ROWS).map(row).collect();
    let page = Bytes::from(format!(r#"{{"Items":[{}],"TotalHits":{ROWS}}}"#, rows.join(",")));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let config = CrayonConfig::new("client", "secret", "user", "password");
    let client = CrayonClient::builder(config)
        .transport(Arc::new(Fixed(page.clone())))
        .authenticator(Arc::new(NoAuth))
        .build()
        .unwrap();
    let provider = CrayonProvider::new(client, ProviderInfo::new("crayon", "bench")).in_organization(7);
    let query = ProductQuery::default();
    let request = PageRequest::default().size(1_000);

    if cpu_time() == 0 {
        println!("CPU time of threads is not to be had here: not compared");
        return;
    }
    let any_case = || {
        let page: Listed<AgreementProduct> = from_slice(&page, Keys::AnyCase).unwrap();
        assert_eq!(page.items.len(), ROWS);
    };
    let plain = || {
        let page: Listed<AgreementProduct> = serde_json::from_slice(&page).unwrap();
        assert_eq!(page.items.len(), ROWS);
    };
    let offers = || {
        let page = runtime.block_on(provider.list_products(&query, &request)).unwrap();
        assert_eq!(page.records().filter(|product| product.offers.len() == 2).count(), ROWS);
    };
    offers();
    let early = peak();
    let rounds: Vec<[f64; 3]> =
        (0..ROUNDS).map(|_| [milliseconds(any_case), milliseconds(plain), milliseconds(offers)]).collect();
    let times = |which: fn(&[f64; 3]) -> f64| median(rounds.iter().map(which).collect());
    let ratio = times(|[any_case, _, offers]| offers / any_case);
    let (any_case, plain, offers) = (times(|t| t[0]), times(|t| t[1]), times(|t| t[2]));
    println!("50,000 rows, CPU: products with offers {offers:.0} ms");
    println!("  wire types, names in any case {any_case:.0} ms, median ratio {ratio:.2} (bound {BOUND:.2})");
    let strict = times(|[_, plain, offers]| offers / plain);
    println!("  wire types by serde_json, exact names {plain:.0} ms, median ratio {strict:.2} (no bound)");
    println!("  peak memory after the first page {early}, at the end {}", peak());
    if ratio > BOUND {
        println!("the bound did not hold");
        std::process::exit(1);
    }
}
