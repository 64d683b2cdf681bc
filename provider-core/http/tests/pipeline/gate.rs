//! What is sent is announced first: every attempt of a write, and nothing else.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::attempt::{SendGate, Sending};
use provider_core::receipt::LineReceipt;
use provider_core::{
    CommandKind, Delivery, Error, ErrorKind, IdempotencyKey, Operation, ProviderInfo, Result, WriteOptions,
    async_trait,
};
use provider_http::auth::ClientCredentialsJson;
use provider_http::{CallOptions, HttpClient, OperationContext, RequestSpec, Tokens, TransportErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::scripted::{Reply, Scripted};

/// Lets so many attempts through and counts who asked.
struct Counting {
    asked: AtomicU32,
    lets: u32,
}

#[async_trait]
impl SendGate for Counting {
    async fn pass(&self, _: u32) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::SeqCst) < self.lets {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Conflict, "the lease is somebody else's"))
    }

    async fn answered(&self, _: u32, _: &LineReceipt) {}
}

fn gate(lets: u32) -> (Arc<Counting>, CallOptions) {
    let gate = Arc::new(Counting { asked: AtomicU32::new(0), lets });
    let options = WriteOptions::new(IdempotencyKey::derive("test", ["gate"]))
        .sending(Sending::through(Arc::clone(&gate) as _));
    let operation = Operation::Execute(CommandKind::PlaceOrder);
    (gate, OperationContext::write(operation, &options, Duration::from_secs(60)).call())
}

#[tokio::test(start_paused = true)]
async fn every_attempt_of_a_write_asks_and_no_read_does() {
    let wire = Scripted::new(|number, _| if number < 2 { Reply::status(429) } else { Reply::status(200) });
    let (counting, call) = gate(u32::MAX);
    wire.client().send(RequestSpec::post("/orders"), &call).await.unwrap();
    assert_eq!((counting.asked.load(Ordering::SeqCst), wire.count()), (3, 3), "retries included");

    let wire = Scripted::new(|number, _| if number < 2 { Reply::status(503) } else { Reply::status(200) });
    let (counting, call) = gate(0);
    wire.client().send(RequestSpec::get("/orders"), &call).await.unwrap();
    wire.client().send(RequestSpec::post("/orders/search").read(), &call).await.unwrap();
    assert_eq!(counting.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_let_through_is_not_sent() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let (_, call) = gate(0);
    let error = wire.client().send(RequestSpec::post("/orders"), &call).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery(), wire.count()), (ErrorKind::Conflict, Delivery::NotSent, 0));

    let wire = Scripted::new(|_, _| Reply::fails(TransportErrorKind::Connect));
    let (counting, call) = gate(1);
    let error = wire.client().send(RequestSpec::post("/orders"), &call).await.unwrap_err();
    assert_eq!((error.delivery(), wire.count()), (Delivery::NotSent, 1), "the second attempt was refused");
    assert_eq!(counting.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_not_announced() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let client = wire.builder().bearer("copied\nwith a line break").build().unwrap();
    let (counting, call) = gate(u32::MAX);
    let error = client.send(RequestSpec::post("/orders"), &call).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unauthenticated, Delivery::NotSent));
    assert_eq!((counting.asked.load(Ordering::SeqCst), wire.count()), (0, 0));
}

/// Takes its time, as a journal on a disk does, and notes how many connections were open when it let through.
struct Noting {
    accepted: Arc<AtomicU32>,
    open: AtomicU32,
}

#[async_trait]
impl SendGate for Noting {
    async fn pass(&self, _: u32) -> Result<()> {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        self.open.store(self.accepted.load(Ordering::SeqCst), Ordering::SeqCst);
        Ok(())
    }

    async fn answered(&self, _: u32, _: &LineReceipt) {}
}

/// What everything is answered with; whoever asks for a token has one.
const ANSWER: &str = r#"{"access_token":"token","expires_in":3600,"token_type":"Bearer"}"#;

/// Answers everything on connections that stay open, and tells by which of them, counted from 1, each request came.
async fn serve(listener: TcpListener, accepted: Arc<AtomicU32>, came_by: Arc<Mutex<Vec<u32>>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let number = accepted.fetch_add(1, Ordering::SeqCst) + 1;
        let came_by = Arc::clone(&came_by);
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{ANSWER}", ANSWER.len());
        tokio::spawn(async move {
            let mut head = Vec::new();
            while let Ok(byte) = stream.read_u8().await {
                head.push(byte);
                if head.ends_with(b"\r\n\r\n") {
                    let named = String::from_utf8_lossy(&head).to_ascii_lowercase();
                    let length = named.split_once("content-length: ").map_or("0", |(_, rest)| rest);
                    let length = length.split_whitespace().next().unwrap().parse().unwrap();
                    stream.read_exact(&mut vec![0; length]).await.unwrap();
                    head.clear();
                    came_by.lock().unwrap().push(number);
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            }
        });
    }
}

#[tokio::test]
async fn after_a_read_the_connection_is_open_before_a_write_is_let_through() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let (accepted, came_by) = (Arc::new(AtomicU32::new(0)), Arc::new(Mutex::new(Vec::new())));
    tokio::spawn(serve(listener, Arc::clone(&accepted), Arc::clone(&came_by)));
    let info = ProviderInfo::new("pax8", "main");
    let client = HttpClient::builder(&info, base).base_setting("PAX8_BASE_URL").build().unwrap();

    let noting = Arc::new(Noting { accepted, open: AtomicU32::new(0) });
    let options = WriteOptions::new(IdempotencyKey::derive("test", ["gate"]))
        .sending(Sending::through(Arc::clone(&noting) as _));
    let operation = Operation::Execute(CommandKind::PlaceOrder);
    let cx = OperationContext::write(operation, &options, Duration::from_secs(60));
    client.send(RequestSpec::get("/products/1"), &cx.call()).await.unwrap();
    client.send(RequestSpec::post("/orders"), &cx.call()).await.unwrap();
    let (open, came_by) = (noting.open.load(Ordering::SeqCst), came_by.lock().unwrap().clone());
    assert!(
        open >= 1 && came_by.len() == 2 && came_by.iter().all(|number| *number <= open),
        "{open} {came_by:?}"
    );
}

/// The endpoints for tokens are on the hosts of the API, at all three distributors: the name is resolved, the
/// connection opened and its encryption agreed upon once.
#[tokio::test]
async fn the_connection_that_brought_the_token_takes_the_first_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let came_by = Arc::new(Mutex::new(Vec::new()));
    tokio::spawn(serve(listener, Arc::new(AtomicU32::new(0)), Arc::clone(&came_by)));
    let tokens = Tokens::at("/v1/token", "client", |endpoint| {
        ClientCredentialsJson::new(endpoint, "client", "secret".to_owned().into(), "https://api.pax8.com")
    });
    let info = ProviderInfo::new("pax8", "main");
    let client =
        HttpClient::builder(&info, base).base_setting("PAX8_BASE_URL").tokens(tokens).build().unwrap();
    client.send(RequestSpec::get("/companies"), &CallOptions::default()).await.unwrap();
    client.send(RequestSpec::get("/products"), &CallOptions::default()).await.unwrap();
    assert_eq!(*came_by.lock().unwrap(), [1, 1, 1], "the token, the first call and the second");
}
