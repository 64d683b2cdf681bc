//! The exact bytes of every request.

use serde_json::Value;

use super::shapes::{self, filled};
use super::{calls, recorder};

#[tokio::test]
async fn every_call_sends_exactly_what_it_should() {
    let (client, recorder) = recorder::client();
    for case in calls::all(&client, &recorder).await {
        let sent: Vec<String> = case.sent.iter().map(recorder::Sent::line).collect();
        assert_eq!(sent, [case.expected]);
    }
}

/// A record that is read and written again holds what it held.
#[tokio::test]
async fn whole_records_are_sent_whole() {
    let (client, recorder) = recorder::client();
    for (record, case) in calls::bodies::all(&client, &recorder).await {
        let [sent] = case.sent.as_slice() else { panic!("{record}: {:?}", case.sent) };
        let body: Value = serde_json::from_str(&sent.body).unwrap();
        assert_eq!(
            shapes::renamed(&body, shapes::pascal),
            shapes::renamed(&filled(record), shapes::pascal),
            "{}",
            case.call
        );
    }
}

/// Whatever takes a record is also called with a whole one.
#[tokio::test]
async fn every_body_is_sent_whole_once() {
    let (client, recorder) = recorder::client();
    let whole = calls::bodies::all(&client, &recorder).await;
    for case in calls::all(&client, &recorder).await.iter().filter(|case| !case.sent[0].body.is_empty()) {
        assert!(whole.iter().any(|(_, known)| known.call == case.call), "{}", case.call);
    }
}

#[tokio::test]
async fn ids_cannot_reach_another_resource() {
    let (client, recorder) = recorder::client();
    drop(client.clients().get("../users").await);
    assert_eq!(recorder.take()[0].path, "/api/v1/Clients/..%2Fusers");
    for nothing in ["", " ", "..", "."] {
        let error = client.clients().get(nothing).await.unwrap_err();
        assert_eq!(error.kind(), provider_core::ErrorKind::InvalidInput, "{nothing:?}");
    }
    assert!(recorder.take().is_empty());
}

#[tokio::test]
async fn signed_addresses_are_fetched_without_the_token() {
    let recorder = std::sync::Arc::new(recorder::Recorder::default());
    let token = secrecy::SecretString::from("s3cret");
    let client = crayon_client::CrayonClient::builder(crayon_client::CrayonConfig::new("c", "s", "u", "p"))
        .transport(std::sync::Arc::<recorder::Recorder>::clone(&recorder))
        .authenticator(std::sync::Arc::new(provider_http::Basic::new("user", &token)))
        .build()
        .unwrap();
    let answer = r#"{"file":{"url":"https://storage.example.com/usage.csv?sig=x","urlExpiry":"2025-03-05T10:30:00Z"}}"#;
    let month: crayon_client::model::MonthlyUsage =
        provider_http::decode::from_str(answer, provider_http::Keys::AnyCase).unwrap();
    let mut file = Vec::new();
    client.azure_usage().download(&month.file.unwrap(), &mut file).await.unwrap();
    assert_eq!(file, b"{}");
    let sent = recorder.take();
    assert_eq!(sent[0].line(), "GET /usage.csv?sig=x");
    assert!(!sent[0].authorized);
    drop(client.session().me().await);
    assert!(recorder.take()[0].authorized);
}
