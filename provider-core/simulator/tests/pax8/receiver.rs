//! A receiver of webhook deliveries.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One delivery as received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: Value,
}

/// A server that answers deliveries with the statuses it was given, the last one for ever.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Receiver {
    pub(crate) async fn answering(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/pax8?tenant=7", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (log, statuses) = (Arc::clone(&received), statuses.to_vec());
        let task = tokio::spawn(async move {
            let mut left = statuses.iter().copied();
            let mut status = 200;
            while let Ok((stream, _)) = listener.accept().await {
                status = left.next().unwrap_or(status);
                let delivery = answer(stream, status).await;
                log.lock().unwrap().push(delivery);
            }
        });
        Self { url, received, task }
    }

    /// What has come so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Waits until so many deliveries have come.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Received> {
        crate::wire::eventually(async || {
            let received = self.received();
            (received.len() >= count).then_some(received)
        })
        .await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, status: u16) -> Received {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
        };
        if body.len() < header("content-length").unwrap().parse().unwrap() {
            continue;
        }
        assert_eq!(header("content-type").as_deref(), Some("application/json"));
        let reply = format!("HTTP/1.1 {status} Answer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(reply.as_bytes()).await.unwrap();
        return Received {
            path: head.lines().next().unwrap().split(' ').nth(1).unwrap().to_owned(),
            authorization: header("authorization"),
            body: serde_json::from_str(body).unwrap(),
        };
    }
}
