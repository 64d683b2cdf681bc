//! Webhooks: management, topics, logs.

use pax8_client::PageOf;
use pax8_client::api::{TopicFilter, WebhookFilterBy, WebhookLogFilter};
use pax8_client::model::{
    AddWebhookTopic, CreateWebhook, FilterCondition, FilterOperator, WebhookConfiguration,
    WebhookDeliveryStatus, WebhookFilter,
};

use super::case::{Case, ID, NOTHING, RECORD, case, page_case};

fn filter() -> WebhookFilter {
    let mut filter = WebhookFilter::new("UPDATED");
    filter.conditions.push(FilterCondition::new("status", FilterOperator::In, vec!["Active".to_owned()]));
    filter
}

fn topic() -> AddWebhookTopic {
    let mut topic = AddWebhookTopic::new("SUBSCRIPTION");
    topic.filters.push(filter());
    topic
}

fn webhook() -> CreateWebhook {
    let mut webhook = CreateWebhook::new("msp-sync");
    webhook.url = Some("https://hooks.msp.example.com/pax8".to_owned());
    webhook.authorization = Some("Bearer example-shared-value".into());
    webhook.active = true;
    webhook.contact_email = Some("alerts@msp.example.com".to_owned());
    webhook.error_threshold = Some(3);
    webhook.webhook_topics = vec![AddWebhookTopic::new("SUBSCRIPTION")];
    webhook
}

fn configuration() -> WebhookConfiguration {
    let mut configuration = WebhookConfiguration::default();
    configuration.display_name = Some("msp-sync".to_owned());
    configuration.authorization = Some("Bearer example-shared-value".into());
    configuration
}

fn by() -> WebhookFilterBy {
    let mut by = WebhookFilterBy::default();
    by.query = Some("msp".to_owned());
    by.active = Some(true);
    by.topic = Some("SUBSCRIPTION".to_owned());
    by.status = Some(WebhookDeliveryStatus::Failed);
    by.account_id = Some(ID.to_owned());
    by.sort = Some("displayName:asc".to_owned());
    by
}

fn topics() -> TopicFilter {
    let mut filter = TopicFilter::default();
    filter.search = Some("sub".to_owned());
    filter.topic = Some("SUBSCRIPTION".to_owned());
    filter.sort = Some("name:desc".to_owned());
    filter
}

fn logs() -> WebhookLogFilter {
    let mut filter = WebhookLogFilter::default();
    filter.topic_name = Some("SUBSCRIPTION".to_owned());
    filter.status = Some(WebhookDeliveryStatus::Success);
    filter.start_date = Some("2026-03-01".to_owned());
    filter.end_date = Some("2026-03-31".to_owned());
    filter.sort = Some("createdAt:desc".to_owned());
    filter
}

const TOPIC: &str = r#"{"topic":"SUBSCRIPTION","filters":[{"action":"UPDATED","conditions":[{"field":"status","operator":"IN","value":["Active"]}]}]}"#;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        page_case!(
            "GET",
            "/api/v2/webhooks",
            "query=msp&active=true&topic=SUBSCRIPTION&sort=displayName%3Aasc&status=FAILED&accountId=6f1d3c52-0a57-4c1e-9d0b-6d2c5f6f1a01&page=0&size=200",
            "",
            |c| c.webhooks().list(by().page(PageOf::default()))
        ),
        case!(
            "POST",
            "/api/v2/webhooks",
            "",
            r#"{"displayName":"msp-sync","url":"https://hooks.msp.example.com/pax8","authorization":"Bearer example-shared-value","active":true,"contactEmail":"alerts@msp.example.com","errorThreshold":3,"webhookTopics":[{"topic":"SUBSCRIPTION","filters":[]}]}"#,
            RECORD,
            |c| c.webhooks().create(&webhook())
        ),
        page_case!(
            "GET",
            "/api/v2/webhooks/topic-definitions",
            "search=sub&sort=name%3Adesc&topic=SUBSCRIPTION&page=0&size=200",
            "",
            |c| c.webhooks().topic_definitions(topics().page(PageOf::default()))
        ),
        case!("GET", "/api/v2/webhooks/{id}", "", "", RECORD, |c| c.webhooks().get(ID)),
        case!("DELETE", "/api/v2/webhooks/{id}", "", "", NOTHING, |c| c.webhooks().delete(ID)),
        case!(
            "POST",
            "/api/v2/webhooks/{id}/configuration",
            "",
            r#"{"displayName":"msp-sync","authorization":"Bearer example-shared-value"}"#,
            RECORD,
            |c| c.webhooks().configure(ID, &configuration())
        ),
        case!("POST", "/api/v2/webhooks/{id}/status", "", r#"{"active":true}"#, RECORD, |c| c
            .webhooks()
            .set_active(ID, true)),
        case!("POST", "/api/v2/webhooks/{id}/topics", "", TOPIC, RECORD, |c| c
            .webhooks()
            .add_topic(ID, &topic())),
        case!(
            "PUT",
            "/api/v2/webhooks/{id}/topics",
            "",
            r#"{"webhookTopics":[{"filters":[],"topic":"INVOICE"}]}"#,
            RECORD,
            |c| c.webhooks().replace_topics(ID, &[AddWebhookTopic::new("INVOICE")])
        ),
        case!(
            "POST",
            "/api/v2/webhooks/{id}/topics/{topicId}/configuration",
            "",
            r#"{"filters":[{"action":"UPDATED","conditions":[{"field":"status","operator":"IN","value":["Active"]}]}]}"#,
            RECORD,
            |c| c.webhooks().configure_topic(ID, ID, &[filter()])
        ),
        case!("DELETE", "/api/v2/webhooks/{id}/topics/{topicId}", "", "", NOTHING, |c| c
            .webhooks()
            .remove_topic(ID, ID)),
        case!("POST", "/api/v2/webhooks/{id}/topics/{topic}/test", "", "", "{}", |c| c
            .webhooks()
            .test_topic(ID, "SUBSCRIPTION")),
        page_case!(
            "GET",
            "/api/v2/webhooks/{webhookId}/logs",
            "topicName=SUBSCRIPTION&status=SUCCESS&startDate=2026-03-01&endDate=2026-03-31&sort=createdAt%3Adesc&page=0&size=200",
            "",
            |c| c.webhooks().logs(ID, logs().page(PageOf::default()))
        ),
        case!("GET", "/api/v2/webhooks/{webhookId}/logs/{id}", "", "", RECORD, |c| c.webhooks().log(ID, ID)),
        case!("POST", "/api/v2/webhooks/{webhookId}/logs/{logId}/retry", "", "", NOTHING, |c| c
            .webhooks()
            .retry(ID, ID)),
    ]
}
