//! The distributor's side: answers the calls of one reading with one record.

use std::fmt;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use provider_http::{Body, Transport, TransportError};
use serde_json::{Value, json};

use self::base64_text::encoded;
use crate::reader::{Kind, Vendor};

/// The publisher's id of a subscription that is listed, and the domain of a customer that is.
const LISTED: &str = "5e6f7081-92a3-44b5-86c7-d8e9f0a1b2c3";
const DOMAIN: &str = "bakery.example.com";
/// The provider's id of a subscription of ION that is listed.
const JOINED: &str = "J-1";

/// Answers the calls of one listing: the record where it belongs, and empty lists beside it.
pub(crate) struct Wire {
    pub(crate) vendor: Vendor,
    pub(crate) kind: Kind,
    pub(crate) record: Arc<Mutex<Value>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    fn answer(&self, path: &str) -> Value {
        let record = self.record.lock().unwrap().clone();
        match self.vendor {
            Vendor::Crayon => self.crayon(&path.to_ascii_lowercase(), record),
            Vendor::Pax8 => self.pax8(path, record),
            Vendor::StreamOne => self.streamone(path, record),
        }
    }

    fn crayon(&self, path: &str, record: Value) -> Value {
        let list = |records: Vec<Value>| json!({ "TotalHits": records.len(), "Items": records });
        match self.kind {
            Kind::WholeCustomer => record,
            Kind::WholeOrder if path.contains("new-commerce-orders") => json!([610_001]),
            Kind::WholeOrder => record,
            Kind::StatementLine if path.contains("billingrecordsfile") => {
                let records = encoded(json!([record]).to_string().as_bytes());
                let of = json!({ "Id": 930_001, "Organization": { "Id": 7 }, "ProvisionType": 1 });
                json!({ "BillingStatement": of, "FileName": "records.json", "Data": records })
            }
            // Those whom a record of the file can be about.
            Kind::StatementLine if path.contains("subscriptions") => list(vec![
                json!({ "Id": 610_001, "CustomerTenant": { "Id": 51_001 }, "PublisherSubscriptionId": LISTED }),
            ]),
            Kind::StatementLine if path.contains("customertenants") => {
                list(vec![json!({ "Id": 51_002, "Domain": DOMAIN })])
            }
            Kind::Line if path.contains("/items") => json!([record]),
            Kind::Line if path.contains("/invoices/") => {
                list(vec![json!({ "InvoiceId": "1", "OrderId": "2" })])
            }
            Kind::StatementLine | Kind::Line => list(Vec::new()),
            _ => list(vec![record]),
        }
    }

    fn pax8(&self, path: &str, record: Value) -> Value {
        let page = |records: Vec<Value>| {
            let total = records.len();
            json!({ "content": records, "page": { "size": 200, "totalElements": total, "totalPages": 1, "number": 0 } })
        };
        let rows = |name: &str| page(record[name].as_array().cloned().unwrap_or_default());
        match self.kind {
            Kind::WholeCustomer if path.ends_with("/contacts") => return rows("contacts"),
            Kind::WholeProduct if path.ends_with("/pricing") => return rows("pricing"),
            Kind::WholeProduct if path.ends_with("/dependencies") => {
                return record.get("dependencies").cloned().unwrap_or_else(|| json!({}));
            }
            Kind::WholeCustomer | Kind::WholeProduct => return record,
            Kind::UsageLine if path.ends_with("/usage-summaries") => {
                return page(vec![json!({ "id": "77", "subscriptionId": "5", "productId": "9" })]);
            }
            _ => {}
        }
        let own = match self.kind {
            Kind::Customer | Kind::WholeCustomer => path.ends_with("/companies"),
            Kind::Product | Kind::WholeProduct => path.ends_with("/products"),
            Kind::Price => path.ends_with("/pricing"),
            Kind::Subscription => path.ends_with("/subscriptions"),
            Kind::Order | Kind::WholeOrder => path.ends_with("/orders"),
            Kind::Invoice | Kind::Statement => path.ends_with("/invoices"),
            Kind::Line | Kind::StatementLine => path.ends_with("/items"),
            Kind::Usage => path.ends_with("/usage-summaries"),
            Kind::UsageLine => path.ends_with("/usage-lines"),
        };
        match self.kind {
            _ if own => page(vec![record]),
            Kind::Price if path.ends_with("/products") => page(vec![json!({ "id": "1", "name": "Example" })]),
            _ => page(Vec::new()),
        }
    }

    fn streamone(&self, path: &str, record: Value) -> Value {
        let name = match self.kind {
            // The record and its cloud profiles are two calls; each takes its members of this.
            Kind::WholeCustomer => return record,
            Kind::Customer => "customers",
            Kind::Product | Kind::WholeProduct | Kind::Price => "products",
            Kind::Order | Kind::WholeOrder => "orders",
            Kind::Invoice | Kind::Statement | Kind::Line | Kind::StatementLine => {
                return json!({ "success": true, "data": { "invoice": [record] } });
            }
            // One provider has a report; its subscriptions are listed beside it.
            Kind::Usage | Kind::UsageLine if path.contains("/api/v3/") => {
                let listed = json!({
                    "id": "4500123", "customerId": "310045", "subscriptionId": JOINED, "subscriptionBillingType": "license",
                });
                return json!({ "items": [listed], "paginationResponse": { "totalCount": "1" } });
            }
            Kind::Usage | Kind::UsageLine => {
                let own = path.to_ascii_lowercase().contains("azureplan");
                let trees = if own { vec![record] } else { Vec::new() };
                return json!({ "success": true, "data": trees });
            }
            Kind::Subscription => {
                return json!({ "items": [record], "paginationResponse": { "totalCount": "1" } });
            }
        };
        json!({ name: [record] })
    }
}

#[async_trait::async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> std::result::Result<Response<Body>, TransportError> {
        let path = request.uri().path();
        let tokens = ["/connect/token", "/token"].iter().any(|token| path.ends_with(token));
        if self.vendor == Vendor::Pax8 && self.kind == Kind::Order && path.contains("/subscriptions/") {
            // What the lines of an order became is gone.
            let mut gone = Response::new(Body::from_bytes(json!({ "status": 404 }).to_string()));
            *gone.status_mut() = http::StatusCode::NOT_FOUND;
            return Ok(gone);
        }
        let body = if tokens {
            json!({ "access_token": "example", "expires_in": 3600, "token_type": "Bearer", "refresh_token": "next" })
        } else {
            self.answer(path)
        };
        Ok(Response::new(Body::from_bytes(body.to_string())))
    }
}

mod base64_text {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    pub(super) fn encoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let three =
                chunk.iter().chain([&0, &0]).take(3).fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
            for at in 0..4 {
                let digit = (three >> (18 - 6 * at)) & 63;
                text.push(if at <= chunk.len() { char::from(ALPHABET[digit as usize]) } else { '=' });
            }
        }
        text
    }
}
