//! Statement files: streamed out of their base64, and never called whole when they are not.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use crayon_client::model::{BillingStatementFilter, DownloadedFile};
use crayon_client::{CrayonClient, CrayonConfig, Paging};
use provider_core::model::InvoiceKind;
use provider_core::{Error, ErrorKind, InvoiceLineQuery, InvoiceQuery, Provider, ProviderExt};
use provider_http::{Body, HttpOptions, NoAuth, Transport, TransportError};
use provider_simulator::{FaultAction, FaultRule};
use tokio::io::AsyncWrite;

use super::connection::Account;

async fn statement(account: &Account, client: &CrayonClient) -> i64 {
    let query = BillingStatementFilter::default().organization_id(account.crayon.organization_ids()[0]);
    let page = client.billing_statements().list(query.clone().page(Paging::first(1))).await.unwrap();
    page.into_records().next().unwrap().id
}

fn client(account: &Account) -> CrayonClient {
    CrayonClient::new(account.config()).unwrap()
}

#[tokio::test]
async fn every_wrapped_file_is_streamed_as_it_is() {
    let account = Account::start().await;
    let client = client(&account);
    let id = statement(&account, &client).await;
    let statements = client.billing_statements();
    for split in [false, true] {
        account.crayon.set_split_files(split);
        let (mut book, mut csv, mut daily, mut records) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let files = [
            (statements.download_file(id, &mut book).await.unwrap(), statements.file(id).await.unwrap()),
            (
                statements.download_reconciliation_file(id, &mut csv).await.unwrap(),
                statements.reconciliation_file(id).await.unwrap(),
            ),
            (
                statements.download_daily_reconciliation_file(id, &mut daily).await.unwrap(),
                statements.daily_reconciliation_file(id).await.unwrap(),
            ),
            (
                statements.download_records_file(id, &mut records).await.unwrap(),
                statements.records_file(id).await.unwrap(),
            ),
        ];
        for ((streamed, whole), written) in files.iter().zip([book, csv, daily, records]) {
            assert_eq!(written, whole.bytes().unwrap());
            assert_eq!(streamed.bytes, written.len() as u64);
            assert_eq!(streamed.file_name, whole.file_name);
            assert_eq!(streamed.billing_statement, whole.billing_statement);
            assert_eq!(streamed.zip, written.starts_with(b"PK"));
        }
    }
    assert!(account.crayon.refused().is_empty(), "{:#?}", account.crayon.refused());
}

/// Answers a file's download with this body.
async fn answered(body: &str) -> (Result<DownloadedFile, Error>, Vec<u8>) {
    let account = Account::start().await;
    let action = FaultAction::status(http::StatusCode::OK, body);
    account.crayon.faults().add(FaultRule::new("GET", "/api/v1/BillingStatements/*", action));
    let mut written = Vec::new();
    let file = client(&account).billing_statements().download_reconciliation_file(7, &mut written).await;
    (file, written)
}

#[tokio::test]
async fn a_file_that_is_torn_or_none_is_an_error() {
    for body in [
        r#"{"FileName":"a.csv","Data":"UGVyaW9kLEFt"#,
        r#"{"FileName":"a.csv","Data":"UGVyaW9kLEFt""#,
        r#"{"FileName":"a.csv","Data":"UGVyaW9kLEF"}"#,
        r#"{"FileName":"a.csv","Data":"UGVy*W9k"}"#,
        r#"{"FileName":"a.csv","Data":""}"#,
        r#"{"FileName":"a.csv","Data":null}"#,
        r#"{"FileName":{},"Data":"UGVyaW9k"}"#,
        r#"{"Message":"no"}"#,
        "<html></html>",
        "",
    ] {
        let (file, _) = answered(body).await;
        let error = file.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}: {error}");
        assert!(!error.to_string().contains("UGVy"), "{error}");
    }
    let (file, written) = answered(r#"{"data":"UGVyaW9kLEFtb3VudAo=","fileName":"a.csv","new":[1]}"#).await;
    assert_eq!(written, b"Period,Amount\n");
    assert_eq!(file.unwrap().file_name.as_deref(), Some("a.csv"));
}

#[tokio::test]
async fn a_connection_that_breaks_and_a_file_that_is_too_large_are_errors() {
    let account = Account::start().await;
    let id = statement(&account, &client(&account)).await;
    let path = "/api/v1/BillingStatements/*/reconciliationfile";
    account.crayon.faults().add(FaultRule::new("GET", path, FaultAction::TornBody));
    let mut written = Vec::new();
    let torn = client(&account).billing_statements().download_reconciliation_file(id, &mut written).await;
    assert_eq!(torn.unwrap_err().kind(), ErrorKind::Transport);
    account.crayon.faults().clear();
    let mut config = account.config();
    config.http = HttpOptions::default().max_download(64);
    let small = CrayonClient::new(config).unwrap();
    let large = small.billing_statements().download_reconciliation_file(id, &mut written).await;
    let error = large.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

/// Takes a few bytes at a time, and no more than so many.
struct Narrow {
    left: usize,
}

impl AsyncWrite for Narrow {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let taken = bytes.len().min(7).min(self.left);
        self.left -= taken;
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_writer_may_be_slow_but_not_full() {
    let account = Account::start().await;
    let client = client(&account);
    let id = statement(&account, &client).await;
    let statements = client.billing_statements();
    let mut wide = Narrow { left: usize::MAX };
    let file = statements.download_reconciliation_file(id, &mut wide).await.unwrap();
    assert_eq!(file.bytes, (usize::MAX - wide.left) as u64);
    let mut full = Narrow { left: 10 };
    let error = statements.download_reconciliation_file(id, &mut full).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal, "{error}");
}

#[tokio::test]
async fn a_bad_record_of_a_statement_costs_one_line() {
    let account = Account::start().await;
    let provider = account.provider();
    let statements =
        provider.invoices(InvoiceQuery::default().kind(InvoiceKind::Statement)).collect_all().await.unwrap();
    let id = &statements[0].id;
    let body = r#"{"BillingStatement":{"Id":1,"ProvisionType":1},"FileName":"r.json","Data":"W3siT2ZmZXJOYW1lIjoiU3VpdGUiLCJBbW91bnQiOjEuNTAsIkN1cnJlbmN5IjoiRVVSIn0sN10="}"#;
    let action = FaultAction::status(http::StatusCode::OK, body);
    account.crayon.faults().add(FaultRule::new(
        "GET",
        "/api/v1/BillingStatements/*/billingrecordsfile",
        action,
    ));
    let query = InvoiceLineQuery::default().invoice(id);
    let page = provider.list_invoice_lines(&query, &provider_core::PageRequest::default()).await.unwrap();
    let line = page.items[0].as_ref().unwrap();
    assert_eq!(line.cost.as_ref().unwrap().amount.to_string(), "1.50");
    assert_eq!(page.items[1].as_ref().unwrap_err().path, "Items[1]");
    // A file that was split cannot be read as records: that is said, not shown as no lines.
    account.crayon.faults().clear();
    account.crayon.set_split_files(true);
    let error =
        provider.list_invoice_lines(&query, &provider_core::PageRequest::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_bad_document_costs_its_lines_only() {
    let account = Account::start().await;
    let spoil = FaultAction::rewrite(|mut page| {
        page["Items"][0]["InvoiceId"] = serde_json::Value::Null;
        page
    });
    account.crayon.faults().add(FaultRule::new("GET", "/api/v1/invoices/*", spoil));
    let provider = account.provider();
    let query = InvoiceLineQuery::default();
    let page = provider.list_invoice_lines(&query, &provider_core::PageRequest::default()).await.unwrap();
    let bad: Vec<_> = page.items.iter().filter_map(|line| line.as_ref().err()).collect();
    assert_eq!(bad.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(), ["Items[0].InvoiceId"]);
    assert!(page.records().count() > 1);
}

/// Answers a file of so many pieces, each a few thousand letters of base64.
#[derive(Debug)]
struct Large {
    pieces: usize,
}

const PIECE: usize = 4_000;

#[async_trait::async_trait]
impl Transport for Large {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let begin = std::iter::once(Bytes::from_static(br#"{"FileName":"large.csv","Data":""#));
        let file = std::iter::repeat_n(Bytes::from(vec![b'A'; PIECE]), self.pieces);
        let end = std::iter::once(Bytes::from_static(br#""}"#));
        let all = begin.chain(file).chain(end).map(Ok);
        Ok(http::Response::new(Body::from_stream(futures_util::stream::iter(all))))
    }
}

/// Keeps nothing but the size of what it was given.
#[derive(Default)]
struct Measured {
    largest: usize,
    sum: u64,
}

impl AsyncWrite for Measured {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.largest = self.largest.max(bytes.len());
        self.sum += bytes.len() as u64;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_large_file_passes_through_in_small_pieces() {
    let pieces = 10_000;
    let config = CrayonConfig::new("client", "secret", "user", "password");
    let client = CrayonClient::builder(config)
        .transport(Arc::new(Large { pieces }))
        .authenticator(Arc::new(NoAuth))
        .build()
        .unwrap();
    let mut sink = Measured::default();
    let file = client.billing_statements().download_reconciliation_file(7, &mut sink).await.unwrap();
    // Thirty megabytes, of which no more than one piece was held.
    assert_eq!((file.bytes, sink.sum), (30_000_000, 30_000_000));
    assert!(sink.largest <= PIECE, "{}", sink.largest);
}
