//! Endpoints from one table: methods, requests and rows, over a client of a test.

use std::time::Duration;

use provider_core::query::Priority;
use provider_core::{EntityKind, Operation, ReadOptions, Result};
use provider_http::{
    Answer, ApiClient, CallOptions, Endpoint, HttpClient, OperationContext, RequestSpec, endpoints, query,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::scripted::{Reply, Scripted};

/// A client with two surfaces and three ways to read.
#[derive(Debug, Clone)]
pub(crate) struct Toy {
    http: HttpClient,
    call: CallOptions,
    surface: &'static str,
}

impl ApiClient for Toy {
    fn call(&self) -> CallOptions {
        self.call.clone()
    }
}

impl Toy {
    fn over(wire: &Scripted) -> Self {
        let http = wire.builder().build().unwrap();
        Self { http, call: CallOptions::default().priority(Priority::Bulk), surface: "main" }
    }

    fn metered(self) -> Self {
        Self { surface: "metered", ..self }
    }

    async fn answer(&self, spec: RequestSpec, call: &CallOptions) -> Result<Answer> {
        let spec = spec.header("x-surface".parse().unwrap(), self.surface);
        self.http.send(spec, call).await
    }

    async fn fetch<T: DeserializeOwned>(&self, spec: RequestSpec, call: &CallOptions) -> Result<T> {
        self.answer(spec, call).await?.json()
    }

    async fn send(&self, spec: RequestSpec, call: &CallOptions) -> Result<()> {
        self.answer(spec, call).await.map(drop)
    }
}

query! {
    /// Which things.
    pub(crate) struct Filter {
        /// In this state.
        pub(crate) state: Option<String> = "filter.state",
        /// These.
        pub(crate) ids: Vec<i64> = "id",
    }
}

/// Which page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At(u32);

impl At {
    fn apply(self, spec: RequestSpec) -> RequestSpec {
        spec.query("page", self.0)
    }
}

endpoints! {
    client: Toy;

    /// Things.
    Things as things {
        /// A page.
        get "/v1/owners/{owner}/things" => list(owner: i64) query(filter: &Filter) with(deep: bool = "deep", after: Option<&str> = "after") paged(at: At) operation(List Customer) -> fetch Value;
        /// One.
        get "/v1/things/{thingId}" => get(id: &str = "thingId") operation(Get Customer) -> fetch Value;
        /// Looks for some.
        post "/v1/things:search" => search() body(wanted: &Value) marked(read, sensitive) -> fetch Value;
        /// Ends one.
        delete "/v1/things/{thingId}" => end(id: &str = "thingId",) operation(Execute CancelOrder) deprecated("use `search`") -> send ();
    }

    /// What is counted.
    Counts as counts through metered {
        /// All.
        get "/v2/counts" => list() -> fetch Value;
    }
}

impl Things {
    /// What does not fit into a table stands beside it.
    async fn status(&self, id: &str) -> Result<u16> {
        Ok(self.client.answer(things::get(id)?, &self.call).await?.status.as_u16())
    }
}

const OTHERS: &[Endpoint] = &[Endpoint::new("get", "/v1/files", "things().file").deprecated(true)];

fn toy() -> (Scripted, Toy) {
    let wire = Scripted::new(|_, request| {
        let surface = request.headers().get("x-surface").unwrap().to_str().unwrap().to_owned();
        Reply::body(200, if surface == "main" { r#"{"on":"main"}"# } else { r#"{"on":"metered"}"# })
    });
    let toy = Toy::over(&wire);
    (wire, toy)
}

#[tokio::test(start_paused = true)]
async fn one_line_makes_the_request_and_the_method() {
    let (wire, toy) = toy();
    let filter = Filter { state: None, ids: vec![1, 2] };
    let read = toy.things().list(7, &filter, true, Some("x y"), At(3)).await.unwrap();
    assert_eq!(read, json!({"on": "main"}));
    toy.things().get("a/b").await.unwrap();
    toy.things().search(&json!({"name": "x"})).await.unwrap();
    #[expect(deprecated, reason = "the table says so")]
    toy.things().end("1").await.unwrap();
    assert_eq!(toy.things().status("1").await.unwrap(), 200);
    let seen: Vec<_> = wire.seen().into_iter().map(|seen| format!("{} {}", seen.method, seen.uri)).collect();
    assert_eq!(
        seen,
        [
            "GET https://api.example.com/v1/owners/7/things?id=1&id=2&deep=true&after=x%20y&page=3",
            "GET https://api.example.com/v1/things/a%2Fb",
            "POST https://api.example.com/v1/things:search",
            "DELETE https://api.example.com/v1/things/1",
            "GET https://api.example.com/v1/things/1",
        ]
    );
    assert_eq!(toy.counts().list().await.unwrap(), json!({"on": "metered"}));
}

#[tokio::test(start_paused = true)]
async fn a_handle_says_how_its_calls_are_made() {
    let wire = Scripted::new(|_, _| Reply::never());
    let toy = Toy::over(&wire);
    let options = ReadOptions::default().deadline(Duration::from_secs(3));
    let operation = Operation::Get(EntityKind::Product);
    let cx = OperationContext::read(operation, &options, Duration::from_secs(120));
    let handle = toy.counts().with(&cx);
    let error = handle.list().await.unwrap_err();
    assert_eq!((error.operation(), error.is_item()), (Some(operation), false));
    // The second call of the operation has nothing left.
    let started = tokio::time::Instant::now();
    assert!(toy.counts().with(cx.quiet()).list().await.is_err());
    assert_eq!(started.elapsed(), Duration::ZERO);
    // The table's own name for it goes first.
    let named = toy.things().with(options).get("1").await.unwrap_err();
    assert_eq!(named.operation(), Some(Operation::Get(EntityKind::Customer)));
    assert_eq!(toy.things().call.priority, Priority::Bulk);
}

#[test]
fn the_table_lists_every_endpoint() {
    let rows: Vec<_> = [things::ENDPOINTS, counts::ENDPOINTS, OTHERS]
        .concat()
        .into_iter()
        .map(|row| (row.method, row.path, row.call, row.deprecated))
        .collect();
    assert_eq!(
        rows,
        [
            ("GET", "/v1/owners/{owner}/things", "things().list", false),
            ("GET", "/v1/things/{thingId}", "things().get", false),
            ("POST", "/v1/things:search", "things().search", false),
            ("DELETE", "/v1/things/{thingId}", "things().end", true),
            ("GET", "/v2/counts", "counts().list", false),
            ("GET", "/v1/files", "things().file", true),
        ]
    );
    assert!(things::search(&json!({})).is_ok() && counts::list().is_ok());
}
