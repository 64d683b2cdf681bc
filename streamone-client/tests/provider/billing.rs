//! Usage from billing reports, and what an invoice's lines are known to hold.

use provider_core::{
    ErrorKind, InvoiceLineQuery, InvoiceQuery, PageRequest, Period, Provider as _, ProviderExt as _,
    UsageQuery,
};
use provider_simulator::Simulator;
use streamone_client::StreamOneProvider;

use crate::recorder::Recorder;
use crate::stage::{Stage, client, config};

const REPORT: &str = r#"{"success":true,"message":"ok","currencyOption":{"costCurrency":"USD","priceCurrency":"EUR"},"data":[{"entity":{"id":"310045","type":"customer","company":"Example Dental Group","name":"Billing Contact"},"lines":[{"entity":{"id":"5b0c6c1e-2f0e-4d7a-9a34-7f8e1c2d3b4a","type":"subscription","cost_currency":"SEK"},"lines":[{"entity":{"id":"Example Suite Standard","type":"product"},"lines":[{"entity":{"id":"Example Suite Standard","type":"sku"},"data":{"price":"312.5000000000","cost":"265.6250000000","usage":"25.0000000000"}},{"entity":{"id":"credit","type":"sku","is_credit":true,"credit_name":"Refund"},"data":{"price":"-1.0000000000","cost":"-1.0000000000"}}]}]}]},7]}"#;

fn month(year: i32, month: u32, months: u32) -> Period {
    let first = chrono::NaiveDate::from_ymd_opt(year, month, 1).unwrap();
    let end = first + chrono::Months::new(months);
    Period::inclusive_days(first, end.pred_opt().unwrap()).unwrap()
}

#[tokio::test]
async fn the_leaves_of_a_report_are_usage_with_exact_amounts() {
    let recorder = Recorder::answering(200, REPORT);
    let provider = StreamOneProvider::new(recorder.client());
    let query = UsageQuery::default().customer("310045").period(month(2026, 1, 1));
    let page = provider.list_usage(&query, &PageRequest::default()).await.unwrap();
    assert_eq!(
        recorder.sent()[0].target,
        "/api/v1/reports/billing/azureplan?filter%5Bdate_range%5D=m-1-2026&filter%5Bcustomer_id%5D=310045"
    );
    assert_eq!((page.items.len(), page.ahead.len()), (3, 1));
    let leaf = page.items[0].as_ref().unwrap();
    assert_eq!(leaf.customer.as_ref().unwrap().as_str(), "310045");
    // No list of subscriptions came, so that only the provider's id is known.
    assert_eq!(leaf.subscription, None);
    assert_eq!(leaf.vendor_subscription_id.as_deref(), Some("5b0c6c1e-2f0e-4d7a-9a34-7f8e1c2d3b4a"));
    let (cost, sale) = (leaf.cost.as_ref().unwrap(), leaf.sale.as_ref().unwrap());
    assert_eq!(
        (cost.amount.to_string().as_str(), cost.currency.unwrap().as_str()),
        ("265.6250000000", "SEK")
    );
    assert_eq!(
        (sale.amount.to_string().as_str(), sale.currency.unwrap().as_str()),
        ("312.5000000000", "EUR")
    );
    assert_eq!((leaf.quantity, leaf.period), (Some(25.into()), Some(month(2026, 1, 1))));
    assert_eq!(page.items[1].as_ref().unwrap().description.as_deref(), Some("Refund"));
    assert!(page.items[2].is_err());
}

#[tokio::test]
async fn what_nobody_knows_is_in_the_raw_json_of_a_leaf_and_of_a_line() {
    let report = REPORT.replace(r#""usage":"25"#, r#""meter":"m-1","usage":"25"#);
    let recorder = Recorder::answering(200, &report);
    let provider = StreamOneProvider::new(recorder.client());
    let query = UsageQuery::default().period(month(2026, 1, 1)).raw(true);
    let page = provider.list_usage(&query, &PageRequest::default()).await.unwrap();
    let raw = page.items[0].as_ref().unwrap().raw.as_ref().unwrap();
    assert_eq!(
        raw.get(),
        r#"{"entity":{"id":"Example Suite Standard","type":"sku"},"data":{"price":"312.5000000000","cost":"265.6250000000","meter":"m-1","usage":"25.0000000000"}}"#
    );
    recorder.answer(200, r#"{"success":true,"data":{"invoice":[{"id":"610022","lines":[{"cloudProviderId":"30","amount":"1.10"},{"cloudProviderId":"1"}]}]}}"#);
    let query = InvoiceLineQuery::default().raw(true);
    let page = provider.list_invoice_lines(&query, &PageRequest::default()).await.unwrap();
    let raw = |index: usize| page.items[index].as_ref().unwrap().raw.as_ref().unwrap().get();
    assert_eq!(
        (raw(0), raw(1)),
        (r#"{"cloudProviderId":"30","amount":"1.10"}"#, r#"{"cloudProviderId":"1"}"#)
    );
}

#[tokio::test]
async fn every_month_and_provider_is_one_page_and_odd_periods_are_refused() {
    let recorder = Recorder::answering(200, r#"{"success":true,"data":[]}"#);
    let provider = std::sync::Arc::new(StreamOneProvider::new(recorder.client()));
    provider.usage(UsageQuery::default().period(month(2025, 12, 2))).collect_all().await.unwrap();
    let mut targets: Vec<_> = recorder.sent().into_iter().map(|sent| sent.target).collect();
    targets.sort();
    assert_eq!(targets.len(), 6);
    assert!(targets[0].ends_with("aws?filter%5Bdate_range%5D=m-1-2026") && targets[1].ends_with("m-12-2025"));
    let odd =
        Period::new(month(2026, 1, 1).start, month(2026, 1, 1).end - chrono::TimeDelta::days(1)).unwrap();
    let query = UsageQuery::default().period(odd);
    assert_eq!(
        provider.list_usage(&query, &PageRequest::default()).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    let long = UsageQuery::default().period(month(2020, 1, 60));
    assert_eq!(
        provider.list_usage(&long, &PageRequest::default()).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    recorder.answer(200, r#"{"success":false,"message":"no such month"}"#);
    let error = provider.list_usage(&UsageQuery::default(), &PageRequest::default()).await.unwrap_err();
    assert!(error.to_string().contains("no such month"), "{error}");
}

#[tokio::test]
async fn usage_and_lines_come_from_the_simulator_too() {
    let stage = Stage::start().await;
    let provider = stage.shared();
    let last = stage.sim.clock().now().date_naive() - chrono::Months::new(1);
    let period = month(chrono::Datelike::year(&last), chrono::Datelike::month(&last), 1);
    let usage = provider.usage(UsageQuery::default().period(period)).collect_all().await.unwrap();
    assert!(usage.iter().all(|u| u.customer.is_some() && u.cost.is_some()), "{usage:?}");
    assert!(!usage.is_empty());
    let invoices = provider.invoices(InvoiceQuery::default()).collect_all().await.unwrap();
    let query = InvoiceLineQuery::default().invoice(&invoices[0].id).raw(true);
    let lines = provider.invoice_lines(query).collect_all().await.unwrap();
    assert!(!lines.is_empty() && lines.iter().all(|l| l.invoice == invoices[0].id && l.raw.is_some()));
    let files = stage.client.invoices().files(invoices[0].id.as_str()).await.unwrap();
    let mut sink = Vec::new();
    stage.client.invoices().download(&files.detailed_invoice_files_urls[0], &mut sink).await.unwrap();
    assert!(String::from_utf8(sink).unwrap().starts_with("Invoice,"));
    stage.assert_all_listed();
}

#[tokio::test]
async fn without_an_api_key_billing_is_unsupported_and_names_the_setting() {
    let stage = Stage::with(|mut config| {
        config.api_key = None;
        config.api_secret = None;
        config
    })
    .await;
    let page = PageRequest::default();
    for error in [
        stage.provider.list_invoices(&InvoiceQuery::default(), &page).await.unwrap_err(),
        stage.provider.list_invoice_lines(&InvoiceLineQuery::default(), &page).await.unwrap_err(),
        stage.provider.list_usage(&UsageQuery::default(), &page).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("STREAMONE_API_KEY"), "{error}");
    }
    assert_eq!(stage.ion.count("*", "*"), 0);
}

#[tokio::test]
async fn without_an_api_key_v1_is_refused_before_anything_is_sent() {
    let sim = Simulator::start().await.unwrap();
    let ion = sim.streamone();
    let mut settings = config(&ion);
    settings.api_key = None;
    settings.api_secret = None;
    let client = client(settings, &sim);
    let error = client.price_books().get("5").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("STREAMONE_API_KEY"), "{error}");
    assert_eq!(ion.count("*", "*"), 0);
}
