//! TLS: whom the transport believes, and what it says when it does not.
#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use provider_core::{Delivery, ErrorKind, ProviderInfo, Result};
use provider_http::auth::Basic;
use provider_http::{Answer, CallOptions, HttpClient, HttpOptions, ProxySetting, RequestSpec};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto, pki_types};
use url::Url;

/// An authority of the house, as companies have for their own proxies and test systems.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        // Named, or it would seem to be its own issuer's certificate to some libraries.
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    fn certify(&self, host: &str, expires: i32) -> TlsAcceptor {
        self.certify_for(host, expires, &[])
    }

    /// With these protocols on offer.
    fn certify_for(&self, host: &str, expires: i32, protocols: &[&str]) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(expires, 1, 1);
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        let chain = vec![params.signed_by(&key, &self.issuer).unwrap().der().clone()];
        let key = pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let mut config = ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A server that answers every request it can decrypt, and counts them.
struct Server {
    url: Url,
    requests: Arc<AtomicUsize>,
}

impl Server {
    async fn start(acceptor: TlsAcceptor) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else { break };
                    head.push(byte);
                }
                counted.fetch_add(1, Ordering::Relaxed);
                let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
                let status = if head.contains("authorization: basic dxmzcjpzm2nyzxq=") { 200 } else { 401 };
                let answer =
                    format!("HTTP/1.1 {status} OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}");
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        Self { url: format!("https://localhost:{port}/").parse().unwrap(), requests }
    }

    async fn ask(&self, options: HttpOptions) -> Result<Answer> {
        let http = HttpClient::builder(&ProviderInfo::new("pax8", "main"), self.url.clone())
            .options(options.max_attempts(1))
            .authenticator(Arc::new(Basic::new("us3r", &"s3cret".into())))
            .build()?;
        http.send(RequestSpec::post("/orders"), &CallOptions::default()).await
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

/// A proxy for one connection, and what was said to it.
async fn proxy() -> (Url, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = tokio::spawn(async move {
        let (mut inside, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(inside.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let to = head.split_whitespace().nth(1).unwrap();
        let mut outside = TcpStream::connect(to).await.unwrap();
        inside.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        // How the two take leave of each other differs by TLS library.
        let _ = tokio::io::copy_bidirectional(&mut inside, &mut outside).await;
        head
    });
    (format!("http://gate:pr0xy@127.0.0.1:{port}").parse().unwrap(), said)
}

fn direct() -> HttpOptions {
    HttpOptions::default().proxy(ProxySetting::None)
}

#[tokio::test]
async fn an_authority_of_the_house_is_believed_once_it_is_named() {
    let (authority, other) = (Authority::new("House"), Authority::new("Another House"));
    let server = Server::start(authority.certify("localhost", 2090)).await;
    for options in [direct(), direct().extra_root(other.pem.clone())] {
        let error = server.ask(options).await.unwrap_err();
        // Not even the write was sent, and nobody but the server's owner could have read the token.
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Transport, Delivery::NotSent), "{error}");
    }
    assert_eq!(server.requests(), 0);

    let answer = server.ask(direct().extra_root(authority.pem.clone())).await.unwrap();
    assert_eq!(answer.status, 200);
    let bundle = format!("{}{}", other.pem, authority.pem);
    assert_eq!(server.ask(direct().extra_root(bundle)).await.unwrap().status, 200);
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_certificate_for_another_host_or_of_another_time_is_refused() {
    let authority = Authority::new("House");
    for (host, expires) in [("api.example.com", 2090), ("localhost", 2021)] {
        let server = Server::start(authority.certify(host, expires)).await;
        let error = server.ask(direct().extra_root(authority.pem.clone())).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Transport, Delivery::NotSent), "{host}");
        assert_eq!(server.requests(), 0, "{host}");
        let chain = std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source());
        let said: Vec<String> = chain.map(ToString::to_string).collect();
        assert!(said.join(": ").to_ascii_lowercase().contains("certificate"), "{said:?}");
        assert!(!said.join(": ").contains("s3cret"));
    }
}

#[tokio::test]
async fn a_proxy_carries_the_call_and_learns_no_credential_but_its_own() {
    let authority = Authority::new("House");
    let server = Server::start(authority.certify("localhost", 2090)).await;
    let (url, said) = proxy().await;
    let options = HttpOptions::default()
        .proxy(ProxySetting::Url(url.as_str().into()))
        .extra_root(authority.pem.clone());
    assert_eq!(server.ask(options).await.unwrap().status, 200);
    let said = said.await.unwrap();
    assert!(said.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.url.authority())), "{said}");
    // gate:pr0xy
    assert!(said.to_ascii_lowercase().contains("proxy-authorization: basic z2f0ztpwcjb4eq=="), "{said}");
    assert!(!said.contains("dXMzcjpzM2NyZXQ="), "{said}");
    assert!(!said.contains("/orders"), "{said}");
}

/// How a server of HTTP/2 says that it did not process a stream.
#[derive(Clone, Copy, Debug)]
enum Unprocessed {
    /// `REFUSED_STREAM`.
    Refused,
    /// The connection is shut down, and the stream was not among those that count.
    GoAway,
}

/// A server of HTTP/2 that takes every request, refuses the first with these words, and counts them.
async fn http2(authority: &Authority, unprocessed: Unprocessed) -> Server {
    let acceptor = authority.certify_for("localhost", 2090, &["h2"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let mut connection = h2::server::handshake(stream).await.unwrap();
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
                    match unprocessed {
                        Unprocessed::Refused if first => respond.send_reset(h2::Reason::REFUSED_STREAM),
                        Unprocessed::GoAway if first => connection.abrupt_shutdown(h2::Reason::NO_ERROR),
                        _ => {
                            let answer = http::Response::builder().status(200).body(()).unwrap();
                            let mut body = respond.send_response(answer, false).unwrap();
                            body.send_data("{}".into(), true).unwrap();
                        }
                    }
                }
            });
        }
    });
    Server { url: format!("https://localhost:{port}/").parse().unwrap(), requests }
}

#[tokio::test]
async fn what_http2_calls_unprocessed_is_not_sent_again_below_the_retry_table() {
    let authority = Authority::new("House");
    for unprocessed in [Unprocessed::Refused, Unprocessed::GoAway] {
        for write in [true, false] {
            let server = http2(&authority, unprocessed).await;
            let options =
                direct().extra_root(authority.pem.clone()).backoff_base(std::time::Duration::from_millis(1));
            let http = HttpClient::builder(&ProviderInfo::new("pax8", "main"), server.url.clone())
                .options(options)
                .build()
                .unwrap();
            let spec = if write { RequestSpec::post("/orders") } else { RequestSpec::get("/orders") };
            let result = http.send(spec, &CallOptions::default()).await;
            if write {
                let error = result.unwrap_err();
                assert_eq!((error.delivery(), error.attempts()), (Delivery::Unknown, 1), "{unprocessed:?}");
                assert_eq!(server.requests(), 1, "{unprocessed:?}: sent twice");
            } else {
                assert_eq!((result.unwrap().status.as_u16(), server.requests()), (200, 2), "{unprocessed:?}");
            }
        }
    }
}
