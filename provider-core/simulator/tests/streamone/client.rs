//! A raw HTTP/1.1 client: what it sends is exactly what a test writes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use provider_simulator::{Handle, Simulator, StreamOne};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The simulated present at the start of every test.
pub const NOW: &str = "2026-03-10T09:00:00Z";

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The body as JSON, after checking the status.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Sends one request on a connection of its own.
pub async fn send(origin: &str, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let address = origin.strip_prefix("http://").unwrap();
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Answer { status, headers, body: body.to_owned() }
}

/// One started simulator with a bearer token for its StreamOne side.
pub struct World {
    pub sim: Simulator,
    pub ion: Handle<StreamOne>,
    pub bearer: String,
    /// The refresh token that came with the bearer.
    pub refresh: String,
}

impl World {
    pub async fn start() -> Self {
        Self::with_customers(25).await
    }

    pub async fn with_customers(customers: usize) -> Self {
        let now: DateTime<Utc> = NOW.parse().unwrap();
        let sim = Simulator::builder().customers(customers).fixed_time(now).start().await.unwrap();
        let ion = sim.streamone();
        let answer = exchange(&ion, &ion.refresh_token()).await.json(200);
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self { bearer: text("access_token"), refresh: text("refresh_token"), sim, ion }
    }

    /// A v3 call; `{a}` in the path stands for the account.
    pub async fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        let target = format!("/api/v3{}", path.replace("{a}", self.ion.account_id()));
        let bearer = format!("Bearer {}", self.bearer);
        let mut headers = vec![("Authorization", bearer.as_str())];
        if !body.is_empty() {
            headers.push(("Content-Type", "application/json"));
        }
        send(self.ion.base_url(), method, &target, &headers, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, "").await
    }

    /// A successful read.
    pub async fn read(&self, path: &str) -> Value {
        self.get(path).await.json(200)
    }

    /// A v1 call with the API key.
    pub async fn v1(&self, method: &str, path: &str, content_type: &str, body: &str) -> Answer {
        let key = format!("{}:{}", self.ion.api_key(), self.ion.api_secret());
        let basic = format!("Basic {}", STANDARD.encode(key));
        let mut headers = vec![("Authorization", basic.as_str())];
        if !content_type.is_empty() {
            headers.push(("Content-Type", content_type));
        }
        send(self.ion.base_url(), method, &format!("/api/v1{path}"), &headers, body).await
    }

    pub async fn v1_get(&self, path: &str) -> Answer {
        self.v1("GET", path, "", "").await
    }

    /// Name, part and reason of everything refused since the last call.
    pub fn refused(&self) -> Vec<(String, String)> {
        let refused = self.ion.refused();
        self.ion.reset_counters();
        refused.into_iter().map(|refusal| (refusal.name, refusal.reason)).collect()
    }
}

/// A form POST without credentials.
pub async fn post_form(ion: &Handle<StreamOne>, path: &str, form: &str) -> Answer {
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    send(ion.base_url(), "POST", path, &headers, form).await
}

/// One exchange at the token endpoint.
pub async fn exchange(ion: &Handle<StreamOne>, refresh_token: &str) -> Answer {
    let form = format!("grant_type=refresh_token&refresh_token={refresh_token}");
    post_form(ion, "/oauth/token", &form).await
}

/// Percent-encodes a query value or path segment.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
