//! What turning a price list into products with offers costs beyond decoding the same bytes.
//!
//! 50,000 rows in pages of 1,000. `cargo bench -p crayon-client --bench catalogue` prints both times and their
//! ratio; the bound is 1.3.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a bench stops where something is wrong"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use crayon_client::model::AgreementProduct;
use crayon_client::{Collection, CrayonClient, CrayonConfig, CrayonProvider};
use provider_core::{PageRequest, ProductQuery, Provider, ProviderInfo};
use provider_http::decode::from_slice;
use provider_http::transport::{Body, TransportError};
use provider_http::{Keys, NoAuth, Transport};

const PAGES: u32 = 50;
const ROWS: usize = 1_000;
const ROUNDS: u32 = 5;

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

fn best(mut round: impl FnMut() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| round()).min().unwrap_or_default()
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

    let bare = best(|| {
        let began = Instant::now();
        for _ in 0..PAGES {
            let page: Collection<AgreementProduct> = from_slice(&page, Keys::AnyCase).unwrap();
            assert_eq!(page.items.len(), ROWS);
        }
        began.elapsed()
    });
    let mapped = best(|| {
        let began = Instant::now();
        for _ in 0..PAGES {
            let page = runtime.block_on(provider.list_products(&query, &request)).unwrap();
            assert_eq!(page.records().filter(|product| product.offers.len() == 2).count(), ROWS);
        }
        began.elapsed()
    });
    let ratio = mapped.as_secs_f64() / bare.as_secs_f64();
    println!(
        "50,000 rows: wire types {bare:?}, products with offers {mapped:?}, ratio {ratio:.2} (bound 1.30)"
    );
}
