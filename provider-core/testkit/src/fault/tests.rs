#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::HashSet;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

const WRITE: &[u8] = b"POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody";
const READ: &[u8] = b"GET /orders HTTP/1.1\r\nhost: x\r\n\r\n";

/// What a faulty answer is waited for: many never come.
const MOMENT: Duration = Duration::from_millis(80);
/// What a good one is waited for, on a slow machine too.
const LONG: Duration = Duration::from_secs(60);
const FINE: &[u8] = br#"{"ok":true}"#;

/// Sends one request over a connection of its own; answers what came back until then, or the error.
async fn ask(server: &FaultServer, request: &[u8], patience: Duration) -> io::Result<Vec<u8>> {
    let mut socket = TcpStream::connect(server.address).await?;
    socket.write_all(request).await?;
    let mut answer = Vec::new();
    let end = tokio::time::Instant::now() + patience;
    loop {
        match tokio::time::timeout_at(end, socket.read_buf(&mut answer)).await {
            Ok(Ok(0)) | Err(_) => return Ok(answer),
            Ok(Ok(_)) if answer.len() > 1_000_000 => return Ok(answer),
            Ok(Ok(_)) if patience == LONG && answer.ends_with(FINE) => return Ok(answer),
            Ok(Ok(_)) => {}
            Ok(Err(error)) if answer.is_empty() => return Err(error),
            Ok(Err(_)) => return Ok(answer),
        }
    }
}

#[test]
fn every_fault_has_words_of_its_own() {
    let words: HashSet<_> = WireFault::all().map(WireFault::words).collect();
    assert_eq!(words.len(), WireFault::all().count());
}

#[tokio::test]
async fn writes_are_carried_out_or_not_as_the_fault_says_and_reads_never_count() {
    for fault in WireFault::all() {
        let server = FaultServer::start(fault, Repeat::Always).await.unwrap();
        let _ = ask(&server, READ, MOMENT).await;
        assert_eq!(server.applied(), 0, "{fault}");
        let _ = ask(&server, WRITE, MOMENT).await;
        let end = tokio::time::Instant::now() + LONG;
        while fault.applies() && server.applied() == 0 && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(server.applied(), u32::from(fault.applies()), "{fault}");
    }
}

#[tokio::test]
async fn no_fault_gives_a_good_answer_and_after_its_time_every_server_behaves() {
    for fault in WireFault::all() {
        if fault == WireFault::Connection(ConnectionFault::Refused) {
            continue;
        }
        let server = FaultServer::start(fault, Repeat::First(1)).await.unwrap();
        let good = |answer: &[u8]| answer.starts_with(b"HTTP/1.1 200") && answer.ends_with(FINE);
        let first = ask(&server, READ, MOMENT).await.unwrap_or_default();
        let headed = String::from_utf8_lossy(&first).contains("content-length: 11");
        assert!(!(good(&first) && headed), "{fault}");
        let second = ask(&server, WRITE, LONG).await.unwrap();
        assert!(good(&second), "{fault}: {}", String::from_utf8_lossy(&second));
        assert_eq!(server.applied(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_reset_is_a_reset_and_a_refusal_a_refusal() {
    for (fault, kind) in [
        (ConnectionFault::Refused, io::ErrorKind::ConnectionRefused),
        (ConnectionFault::ResetBeforeApply, io::ErrorKind::ConnectionReset),
        (ConnectionFault::ResetAfterApply, io::ErrorKind::ConnectionReset),
    ] {
        let server = FaultServer::start(WireFault::Connection(fault), Repeat::Always).await.unwrap();
        assert_eq!(ask(&server, WRITE, LONG).await.unwrap_err().kind(), kind, "{fault:?}");
    }
}

#[tokio::test]
async fn a_bomb_grows_a_thousandfold() {
    let server = FaultServer::start(WireFault::Coding(CodingFault::Bomb), Repeat::Always).await.unwrap();
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(READ).await.unwrap();
    let mut answer = vec![0; 4096];
    socket.read_exact(&mut answer).await.unwrap();
    let text = String::from_utf8_lossy(&answer);
    assert!(text.contains("content-encoding: gzip"), "{text}");
}
