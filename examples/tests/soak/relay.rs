//! What stands before the distributor, as gateways do: it has what was sent, also when whoever sent it is
//! gone before anybody reads it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::intent::last;

/// How long a distributor takes to answer, at the least. Over loopback alone an order is over in the time in
/// which a journal is written, and a kill would meet moments that it hardly ever meets.
const ANSWERS_AFTER: Duration = Duration::from_millis(60);

/// The bytes of one connection, from its first to its last.
type Sent = Arc<Mutex<Vec<u8>>>;

#[derive(Debug)]
pub(crate) struct Relay {
    origin: String,
    sent: Arc<Mutex<Vec<Sent>>>,
    /// Connections of the dead are held up until then.
    released: watch::Sender<u64>,
}

/// A request that was sent.
#[derive(Debug)]
pub(crate) struct SentRequest {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) body: String,
}

impl SentRequest {
    pub(crate) fn last_segment(&self) -> &str {
        last(self.target.split('?').next().unwrap_or_default())
    }
}

impl Relay {
    /// Hands on what comes to the server at this origin.
    pub(crate) async fn start(to: &str) -> Self {
        let to = to.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let sent: Arc<Mutex<Vec<Sent>>> = Arc::default();
        let (released, _) = watch::channel(0);
        let (all, release) = (Arc::clone(&sent), released.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let own = Sent::default();
                all.lock().unwrap().push(Arc::clone(&own));
                tokio::spawn(hand_on(client, to.clone(), own, release.subscribe()));
            }
        });
        Self { origin, sent, released }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Ends the connections of the dead and answers all that was sent since the last time.
    pub(crate) fn release(&self) -> Vec<SentRequest> {
        self.released.send_modify(|round| *round += 1);
        let all = std::mem::take(&mut *self.sent.lock().unwrap());
        let requests = all.iter().flat_map(|sent| requests(&sent.lock().unwrap()));
        requests.collect()
    }
}

async fn hand_on(client: TcpStream, to: String, sent: Sent, mut released: watch::Receiver<u64>) {
    let Ok(server) = TcpStream::connect(to).await else { return };
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let asked = Arc::new(AtomicBool::new(false));
    let answers = Arc::clone(&asked);
    let upward = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
            asked.store(true, Ordering::SeqCst);
            sent.lock().unwrap().extend_from_slice(&buffer[..count]);
            if to_server.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
        // The client is gone. What it asked for is carried out all the same.
        let _ = released.changed().await;
    };
    let downward = async move {
        let mut buffer = vec![0; 16 * 1024];
        let mut listens = true;
        while let Ok(count @ 1..) = from_server.read(&mut buffer).await {
            if answers.swap(false, Ordering::SeqCst) {
                tokio::time::sleep(ANSWERS_AFTER).await;
            }
            listens = listens && to_client.write_all(&buffer[..count]).await.is_ok();
        }
    };
    tokio::select! {
        () = upward => {}
        () = downward => {}
    }
}

/// The requests in the bytes of a connection; the last one may be a part of one.
fn requests(mut bytes: &[u8]) -> Vec<SentRequest> {
    const END: &[u8] = b"\r\n\r\n";
    let mut requests = Vec::new();
    while let Some(end) = bytes.windows(END.len()).position(|window| window == END) {
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        let length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, length)| length.trim().parse::<usize>().unwrap());
        let rest = &bytes[end + END.len()..];
        let (body, after) = rest.split_at(length.min(rest.len()));
        requests.push(SentRequest {
            method: words.next().unwrap_or_default(),
            target: words.next().unwrap_or_default(),
            body: String::from_utf8_lossy(body).into_owned(),
        });
        bytes = after;
    }
    requests
}

#[test]
fn what_was_sent_is_read_to_the_last_byte() {
    let bytes =
        b"GET /a?x=1 HTTP/1.1\r\nhost: h\r\n\r\nPOST /b/7 HTTP/1.1\r\nContent-Length: 7\r\n\r\n{\"a\":1}\
                  PUT /c/8 HTTP/1.1\r\ncontent-length: 9\r\n\r\n{\"b\"";
    let found = requests(bytes);
    let seen: Vec<_> = found.iter().map(|one| (&*one.method, one.last_segment(), &*one.body)).collect();
    assert_eq!(seen, [("GET", "a", ""), ("POST", "7", "{\"a\":1}"), ("PUT", "8", "{\"b\"")]);
}
