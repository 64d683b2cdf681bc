//! Looking through all subscriptions, page by page, where the service tells no total.

use std::sync::Arc;

use bytes::Bytes;
use provider_core::token::MemoryTokenStore;
use provider_core::{
    ErrorKind, PageRequest, Provider as _, ReadOptions, SubscriptionId, UsageQuery, async_trait,
};
use provider_http::{Body, Transport, TransportError};
use streamone_client::{StreamOneClient, StreamOneConfig, StreamOneProvider};

const TOKENS: &str = r#"{"access_token":"EXAMPLE-ACCESS-TOKEN-0002","expires_in":7200,"refresh_token":"EXAMPLE-REFRESH-TOKEN-0002","token_type":"Bearer"}"#;
const REPORT: &str = r#"{"success":true,"data":[{"entity":{"id":"7","type":"customer"},"lines":[{"entity":{"id":"S-12","type":"subscription"},"data":{"cost":"1"}}]}]}"#;

fn record(number: u64) -> String {
    format!(r#"{{"id":"{number}","customerId":"7","subscriptionId":"s-{number}"}}"#)
}

/// Lists three subscriptions, one a page and without a total. The single read takes the provider's id alone.
#[derive(Debug)]
struct Wire {
    /// The first page comes whatever was asked for.
    stuck: bool,
}

impl Wire {
    fn answer(&self, target: &str) -> (u16, String) {
        if target.ends_with("/oauth/token") {
            return (200, TOKENS.to_owned());
        }
        if target.contains("/reports/billing/") {
            return (200, REPORT.to_owned());
        }
        if let Some((_, id)) = target.split_once("/customers/7/subscriptions/") {
            return match id.strip_prefix("s-") {
                Some(number) => (200, record(number.parse().unwrap())),
                None => (404, String::new()),
            };
        }
        let offset = target.split('&').find_map(|part| part.strip_prefix("pagination.offset="));
        let offset: u64 = offset.filter(|_| !self.stuck).map_or(0, |offset| offset.parse().unwrap());
        let items = if target.contains("subscriptionId=") || offset > 2 {
            String::new()
        } else {
            record(10 + offset)
        };
        (200, format!(r#"{{"items":[{items}]}}"#))
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let (status, body) = self.answer(&request.uri().path_and_query().unwrap().to_string());
        let mut response = http::Response::new(Body::from_bytes(body));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        Ok(response)
    }
}

fn provider(stuck: bool) -> StreamOneProvider {
    let config = StreamOneConfig::new("20001", "EXAMPLE-REFRESH-TOKEN-0001")
        .with_api_key("EXAMPLE-KEY", "EXAMPLE-SECRET")
        .with_base_url("https://ion.example.com");
    let client = StreamOneClient::builder(config)
        .token_store(Arc::new(MemoryTokenStore::default()))
        .transport(Arc::new(Wire { stuck }))
        .build()
        .unwrap();
    StreamOneProvider::new(client)
}

#[tokio::test]
async fn a_subscription_behind_the_first_page_is_found() {
    for id in ["7/10", "7/11", "7/12"] {
        let found = provider(false).get_subscription(&id.into(), &ReadOptions::default()).await.unwrap();
        assert_eq!(found.id.as_str(), id);
    }
    for stuck in [false, true] {
        let error =
            provider(stuck).get_subscription(&"7/13".into(), &ReadOptions::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
}

#[tokio::test]
async fn usage_of_a_subscription_behind_the_first_page_is_joined() {
    for (stuck, joined) in [(false, Some(SubscriptionId::from("7/12"))), (true, None)] {
        let page = provider(stuck).list_usage(&UsageQuery::default(), &PageRequest::default()).await.unwrap();
        assert_eq!(page.items[0].as_ref().unwrap().subscription, joined);
    }
}
