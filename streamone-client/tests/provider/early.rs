//! Pages by token: the call for the next one is sent before the records of the one that names it are read.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use provider_core::model::Entity;
use provider_core::observe::{Event, EventKind, Observer};
use provider_core::token::MemoryTokenStore;
use provider_core::{CustomerQuery, Listing, OrderQuery, ProductQuery, ProviderExt as _, async_trait};
use provider_http::{Body, Transport, TransportError};
use streamone_client::{StreamOneClient, StreamOneConfig, StreamOneProvider};

const TOKENS: &str = r#"{"access_token":"EXAMPLE-ACCESS-TOKEN-0002","expires_in":7200,"refresh_token":"EXAMPLE-REFRESH-TOKEN-0002","token_type":"Bearer"}"#;

const PAGES: usize = 3;

/// Answers three pages of every list, and keeps in which order they were asked for and read.
#[derive(Debug, Clone, Default)]
struct Service(Arc<Mutex<Vec<String>>>);

impl Service {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    async fn order_of<T: Entity>(list: impl FnOnce(&Arc<StreamOneProvider>) -> Listing<T>) -> Vec<String> {
        let service = Self::default();
        let config = StreamOneConfig::new("20033", "EXAMPLE-REFRESH-TOKEN-0001")
            .with_base_url("https://early.example.com");
        let client = StreamOneClient::builder(config)
            .token_store(Arc::new(MemoryTokenStore::default()))
            .transport(Arc::new(service.clone()))
            .observer(Arc::new(service.clone()))
            .build()
            .unwrap();
        let listing = list(&Arc::new(StreamOneProvider::new(client)));
        assert_eq!(listing.page_size(1).collect_all().await.unwrap().len(), PAGES);
        let order = service.0.lock().unwrap();
        order.clone()
    }
}

fn page(list: &str, n: usize) -> String {
    let record = match list {
        "customers" => {
            format!(r#"{{"name":"accounts/20033/customers/{n}","customerOrganization":"Example Bakery"}}"#)
        }
        "products" => format!(r#"{{"id":"p{n}","name":"accounts/20033/products/p{n}"}}"#),
        "orders" => format!(
            r#"{{"name":"accounts/20033/customers/7/orders/{n}","customerId":"7","status":"COMPLETED"}}"#
        ),
        other => panic!("{other}"),
    };
    let next = if n < PAGES { format!("t{}", n + 1) } else { String::new() };
    format!(r#"{{"{list}":[{record}],"nextPageToken":"{next}"}}"#)
}

#[async_trait]
impl Transport for Service {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let list = request.uri().path().rsplit('/').next().unwrap();
        let body = if list == "token" {
            TOKENS.to_owned()
        } else {
            let query = request.uri().query().unwrap();
            let token = query.split('&').find_map(|pair| pair.strip_prefix("pageToken=t"));
            let n = token.map_or(1, |n| n.parse().unwrap());
            self.note(format!("sent {n}"));
            page(list, n)
        };
        let mut response = http::Response::new(Body::from_bytes(body));
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        Ok(response)
    }
}

impl Observer for Service {
    fn event(&self, event: &Event) {
        if let EventKind::Page { .. } = event.what {
            self.note("read".to_owned());
        }
    }
}

#[tokio::test]
async fn the_next_page_is_sent_for_before_the_records_of_this_one_are_read() {
    let expected = ["sent 1", "sent 2", "read", "sent 3", "read", "read"];
    assert_eq!(Service::order_of(|ion| ion.customers(CustomerQuery::default())).await, expected);
    assert_eq!(Service::order_of(|ion| ion.products(ProductQuery::default())).await, expected);
    assert_eq!(Service::order_of(|ion| ion.orders(OrderQuery::default())).await, expected);
    let of_one = OrderQuery::default().customer("7");
    assert_eq!(Service::order_of(|ion| ion.orders(of_one)).await, expected);
}

#[tokio::test]
async fn one_page_in_flight_is_read_before_the_next_one_is_sent_for() {
    let order = Service::order_of(|ion| ion.customers(CustomerQuery::default()).prefetch(1)).await;
    assert_eq!(order, ["sent 1", "read", "sent 2", "read", "sent 3", "read"]);
}
