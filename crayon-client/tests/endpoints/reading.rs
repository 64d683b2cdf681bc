//! The answer of every endpoint, with every member filled, through a server and into the typed answer: nothing may be lost,
//! whichever case the names have and whether or not a list stands in an envelope.

use std::collections::BTreeSet;

use crayon_client::api::{ENDPOINTS, Endpoint, Paging, SubscriptionFilter};
use provider_core::ErrorKind;
use provider_http::CallOptions;
use serde_json::{Map, Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers};

use super::answers::ANSWERS;
use super::calls::{self, Case};
use super::shapes::{camel, filled, pascal, renamed};
use super::vendor::File;
use super::{coverage, recorder};

/// Members of answers that the client leaves out, each with the reason.
const LEFT_OUT: &[(&str, &str)] = &[("Me.Token", "the bearer token once more: what is not read cannot leak")];

/// How an answer is written.
#[derive(Debug, Clone, Copy)]
struct Form {
    rename: fn(&str) -> String,
    envelope: bool,
}

const FORMS: [Form; 4] = [
    Form { rename: pascal, envelope: true },
    Form { rename: camel, envelope: true },
    Form { rename: pascal, envelope: false },
    Form { rename: camel, envelope: false },
];

/// Where the instances of answers come from.
#[derive(Debug, Clone)]
enum Source {
    Reference,
    Vendor(File),
}

impl Source {
    /// The whole answer of an endpoint. `None` where the source does not know it.
    fn instance(&self, endpoint: &Endpoint) -> Option<Value> {
        let kind = kind(endpoint.call);
        if let Self::Vendor(file) = self
            && !matches!(kind, "file" | "none" | "any")
        {
            return file.answer(endpoint.method, endpoint.path);
        }
        Some(match kind {
            "none" | "file" => Value::Null,
            kind => filled(kind),
        })
    }
}

/// The type of an endpoint's answer.
fn kind(call: &str) -> &'static str {
    ANSWERS.iter().find(|(known, _)| *known == call).unwrap_or_else(|| panic!("{call} has no answer")).1
}

/// A record's name, without the brackets of a list.
fn record(kind: &str) -> &str {
    kind.trim_matches(['[', ']'])
}

#[derive(Debug, Clone)]
struct Service {
    form: Form,
    source: Source,
}

impl Service {
    fn body(&self, endpoint: &Endpoint) -> Option<Value> {
        let value = renamed(&self.source.instance(endpoint)?, self.form.rename);
        let Value::Array(items) = value else { return Some(value) };
        if !self.form.envelope {
            return Some(Value::Array(items));
        }
        let name = self.form.rename;
        let mut envelope = Map::new();
        envelope.insert(name("Filter"), json!({ name("Page"): 1, name("Items"): [7] }));
        envelope.insert(name("TotalHits"), json!(items.len()));
        envelope.insert(name("Items"), Value::Array(items));
        if endpoint.path.ends_with("/AgreementProducts") && endpoint.method == "GET" {
            let counts = renamed(&filled("AgreementProductFacets"), name);
            envelope.extend(counts.as_object().cloned().unwrap());
        }
        Some(Value::Object(envelope))
    }
}

impl Respond for Service {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let endpoint = coverage::endpoint(request.method.as_str(), request.url.path());
        match (kind(endpoint.call), self.body(endpoint)) {
            ("file", _) => {
                ResponseTemplate::new(200).set_body_raw(b"PK\x03\x04".to_vec(), "application/octet-stream")
            }
            ("none", _) | (_, None) => ResponseTemplate::new(200),
            (_, Some(body)) => ResponseTemplate::new(200).set_body_json(body),
        }
    }
}

/// What is in one value and not in the other, by path.
fn lost(at: &str, sent: &Value, read: &Value, found: &mut BTreeSet<String>) {
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => {
            for (name, value) in sent {
                let at = format!("{at}.{}", pascal(name));
                match read.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
                    Some((_, read)) => lost(&at, value, read, found),
                    None => {
                        found.insert(at);
                    }
                }
            }
        }
        (Value::Array(sent), Value::Array(read)) if sent.len() == read.len() => {
            sent.iter().zip(read).for_each(|(sent, read)| lost(at, sent, read, found));
        }
        // Some ids are text in one place and a number in another; the model has them as text.
        (sent, read) if text(sent) == text(read) => {}
        (sent, read) => {
            found.insert(format!("{at}: {sent} became {read}"));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Compares what a call read with what it was answered.
fn compare(service: &Service, case: &Case, found: &mut BTreeSet<String>) {
    let Some(endpoint) = coverage::endpoints().find(|known| known.call == case.call) else {
        // A second way to read the answer of another row.
        let Source::Reference = service.source else { return };
        assert!(case.read.is_ok(), "{}: {:?}", case.call, case.read);
        return;
    };
    let kind = kind(&case.call);
    if kind == "AgreementProductFacets" {
        if service.form.envelope {
            lost(kind, &filled(kind), case.read.as_ref().unwrap(), found);
        }
        return;
    }
    let Some(sent) = service.source.instance(endpoint) else { return };
    let read = match &case.read {
        Ok(read) => read,
        Err(error) => {
            found.insert(format!("{}: {error}", case.call));
            return;
        }
    };
    match kind {
        "file" => assert_eq!(read["bytes"], 4, "{}", case.call),
        "none" => assert_eq!(*read, Value::Null, "{}", case.call),
        // The vendor's files show one boolean as a list.
        "bool" => assert_eq!(read, sent.get(0).unwrap_or(&sent), "{}", case.call),
        kind => lost(record(kind), &sent, read, found),
    }
}

/// Makes every call of a service and tells what was lost.
async fn read_all(service: Service) -> BTreeSet<String> {
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(service.clone()).mount(&server).await;
    let (client, recorder) = recorder::client_of(&server.uri());
    let mut found = BTreeSet::new();
    for case in calls::all(&client, &recorder).await {
        compare(&service, &case, &mut found);
    }
    found
}

fn judge(found: &BTreeSet<String>, listed: &[(&str, &str)]) {
    let listed: BTreeSet<String> = listed.iter().map(|(left_out, _)| (*left_out).to_owned()).collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    let outdated: Vec<_> = listed.difference(found).collect();
    assert!(unlisted.is_empty() && outdated.is_empty(), "lost: {unlisted:#?}\nread after all: {outdated:#?}");
}

#[test]
fn every_endpoint_has_an_answer() {
    let answered: BTreeSet<&str> = ANSWERS.iter().map(|(call, _)| *call).collect();
    let known: BTreeSet<&str> =
        ENDPOINTS.iter().flat_map(|group| group.iter()).map(|known| known.call).collect();
    assert_eq!(answered, known);
    assert_eq!(answered.len(), ANSWERS.len());
}

#[tokio::test]
async fn answers_of_the_reference_are_read_whole() {
    for form in FORMS {
        judge(&read_all(Service { form, source: Source::Reference }).await, LEFT_OUT);
    }
}

#[tokio::test]
async fn answers_of_the_vendors_files_are_read_whole() {
    for file in File::all() {
        for form in FORMS {
            judge(&read_all(Service { form, source: Source::Vendor(file.clone()) }).await, LEFT_OUT);
        }
    }
}

/// Writes that are answered with a record, `true` or nothing: after them an empty answer is no failure.
const MAY_BE_EMPTY: &[&str] = &[
    "clients().delete",
    "secrets().delete",
    "users().delete",
    "users().change_password",
    "customer_tenants().delete",
    "subscriptions().add",
    "subscriptions().set_tags",
    "subscriptions().delete_tags",
    "subscriptions().register_for_reservations",
    "purchase_requests().check_out_by_old_path",
    "scheduled_purchase_requests().cancel",
    "invoice_profiles().delete",
    "groupings().delete",
    "exports().delete",
    "azure_plans().create_subscription",
    "azure_plans().assign_admin",
    "assets().update",
    "assets().create_tags",
    "assets().set_tags",
    "assets().delete_tags",
    "consumers().delete",
    "reseller_sales_prices().delete",
    "reseller_sales_prices().toggle",
    "product_containers().delete",
    "facebook_orders().check_out",
    "google_orders().check_out",
];

#[tokio::test]
async fn what_was_done_without_a_word_was_done() {
    let server = MockServer::start().await;
    Mock::given(matchers::any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let (client, recorder) = recorder::client_of(&server.uri());
    for case in calls::all(&client, &recorder).await {
        let silent = MAY_BE_EMPTY.contains(&case.call.as_str()) || kind_of_download(&case.call);
        assert_eq!(case.read.is_ok(), silent, "{}: {:?}", case.call, case.read);
    }
}

#[tokio::test]
async fn the_items_of_an_order_may_be_a_single_one() {
    let server = MockServer::start().await;
    let (client, _) = recorder::client_of(&server.uri());
    for (body, skus) in [
        (r#"{"SkuValue":"A-1","Quantity":2.5}"#, Some(vec!["A-1"])),
        (r#"[{"skuValue":"A-1"},{"skuValue":"A-2"}]"#, Some(vec!["A-1", "A-2"])),
        (r#"{"Items":[],"TotalHits":0}"#, Some(vec![])),
        (r#"{"Message":"something went wrong"}"#, None),
    ] {
        server.reset().await;
        let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        Mock::given(matchers::any()).respond_with(answer).mount(&server).await;
        let read = client
            .orders()
            .items("7", 1)
            .await
            .ok()
            .map(|list| list.into_records().map(|item| item.sku_value.unwrap()).collect::<Vec<_>>());
        assert_eq!(read, skus.map(|skus| skus.into_iter().map(str::to_owned).collect()), "{body}");
    }
}

#[tokio::test]
async fn a_bad_record_of_a_list_costs_itself_and_an_optional_member_less() {
    let server = MockServer::start().await;
    let (client, _) = recorder::client_of(&server.uri());
    for (envelope, total) in [(true, Some(3)), (false, None)] {
        server.reset().await;
        let rows = r#"[{"Id":1,"CustomerTenant":{"Id":2},"Quantity":4},{"Id":{},"Quantity":5},{"Id":3,"AutoRenewEnabled":[],"Quantity":6}]"#;
        let body = if envelope { format!(r#"{{"Items":{rows},"TotalHits":3}}"#) } else { rows.to_owned() };
        let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        Mock::given(matchers::any()).respond_with(answer).mount(&server).await;
        let list = client.subscriptions().list(SubscriptionFilter::default()).await.unwrap();
        assert_eq!((list.items.len(), list.total_hits), (3, total));
        assert_eq!(list.records().map(|one| one.id).collect::<Vec<_>>(), [1, 3]);
        let bad = list.items[1].as_ref().unwrap_err();
        assert_eq!(bad.path, "Items[1].Id");
        let strict = CallOptions::default().strict(true);
        let error =
            client.subscriptions().with(strict).list(SubscriptionFilter::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}

#[tokio::test]
async fn what_usage_cost_has_pages() {
    let server = MockServer::start().await;
    let (client, recorder) = recorder::client_of(&server.uri());
    let body = r#"{"Items":[{"AccountId":1,"SubscriptionId":"a","Amount":"1.50","CurrencyCode":"EUR"}],"TotalHits":2}"#;
    let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
    Mock::given(matchers::any()).respond_with(answer).mount(&server).await;
    let day = chrono::DateTime::from_timestamp(1_740_000_000, 0).unwrap();
    let mut paging = Paging::first(1);
    for asked in ["Z", "&Page=2&PageSize=1"] {
        let page = client.usage_costs().of_organization_page(7, day, day, paging).await.unwrap();
        assert_eq!((page.records().count(), page.total_hits), (1, Some(2)));
        assert!(recorder.take()[0].query.ends_with(asked));
        paging = paging.next();
    }
}

/// True for calls that write a file as it comes, even an empty one.
fn kind_of_download(call: &str) -> bool {
    ANSWERS.iter().any(|(known, kind)| *known == call && *kind == "file")
}
