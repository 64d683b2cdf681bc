//! Where calls go: below the base URL, with or without a prefix, over the host's transport.

use std::sync::Arc;

use provider_core::Services;
use provider_core::info::Environment;
use provider_core::token::MemoryTokenStore;
use provider_http::HttpOptions;
use streamone_client::api::{CustomerFilter, InvoicesOf, LegacyFilter, OffsetPage, TokenPage};
use streamone_client::{StreamOneConfig, StreamOneFactory};

use crate::recorder::Recorder;

#[tokio::test]
async fn tokens_and_both_versions_follow_a_prefix() {
    for (base, prefix) in [
        ("https://ion.example.com", ""),
        ("https://ion.example.com/", ""),
        ("https://ion.example.com/x/", "/x"),
        ("http://127.0.0.1:8080/x", "/x"),
    ] {
        let recorder = Recorder::answering(200, "{}");
        let client = recorder.client_at(base);
        client.customers().list(CustomerFilter::default().page(TokenPage::first(1))).await.unwrap();
        assert_eq!(recorder.exchanges()[0].target, format!("{prefix}/oauth/token"), "{base}");
        assert_eq!(recorder.take().target, format!("{prefix}/api/v3/accounts/20001/customers?pageSize=1"));
        let page = OffsetPage::first(1);
        client.invoices().list(InvoicesOf::Payable, LegacyFilter::default().page(page)).await.unwrap();
        assert_eq!(recorder.take().target, format!("{prefix}/api/v1/invoices/myinvoices?limit=1&offset=0"));
    }
}

#[tokio::test]
async fn a_host_lends_its_transport_to_configurations_and_factories() {
    use provider_core::{ConnectionSettings, CustomerQuery, PageRequest, ProviderFactory as _};
    let recorder = Recorder::answering(200, "{}");
    let options = HttpOptions::default().transport(Arc::new(recorder.clone()));
    let services = Services::default().with_token_store(Arc::new(MemoryTokenStore::default()));
    let config = StreamOneConfig::new("20001", "EXAMPLE-REFRESH-TOKEN-0001")
        .with_name("lent")
        .with_environment(Environment::Sandbox)
        .with_country("NO".parse().unwrap())
        .with_currency("NOK".parse().unwrap())
        .with_http(options.clone());
    assert_eq!((config.country.unwrap().as_str(), config.currency.unwrap().as_str()), ("NO", "NOK"));
    let connected = config.connect(&services).unwrap();
    assert_eq!(connected.info().connection, "lent");
    let settings = ConnectionSettings::new("streamone", "made")
        .with_secret("account_id", "20002")
        .with_secret("refresh_token", "EXAMPLE-REFRESH-TOKEN-0001");
    let made = StreamOneFactory::new().with_http(options).build(&settings, &services).unwrap();
    for provider in [connected, made] {
        provider.list_customers(&CustomerQuery::default(), &PageRequest::default()).await.unwrap();
    }
    let targets: Vec<_> = recorder.sent().into_iter().map(|sent| sent.target).collect();
    assert_eq!(
        targets,
        ["/api/v3/accounts/20001/customers?pageSize=1000", "/api/v3/accounts/20002/customers?pageSize=1000"]
    );
}
