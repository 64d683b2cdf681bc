//! Deliveries of Pax8, as a receiver of one's own takes them.

use pax8_client::webhook::{Received, Receiver, Refused};
use provider_core::EntityKind;

const VALUE: &str = "Bearer planted-shared-value";

fn body(topic: &str, id: &str) -> Vec<u8> {
    format!(
        r#"{{"webhookId":"w","sentAt":"2026-03-01T09:41:00Z","webhookTopic":{{"id":"t","topic":"{topic}","filters":[]}},
            "payloadData":{{"id":"{id}","companyId":"C-1","action":"UPDATED"}}}}"#
    )
    .into_bytes()
}

#[test]
fn only_the_value_of_the_webhook_opens_and_the_body_is_not_read_before() {
    let receiver = Receiver::new(VALUE.to_owned());
    for given in [None, Some(""), Some("planted-shared-value"), Some("Bearer planted-shared-valu")] {
        assert_eq!(receiver.receive(given, b"no JSON"), Err(Refused::Unauthorized), "{given:?}");
        assert_eq!(receiver.check(given), Err(Refused::Unauthorized));
    }
    assert_eq!(receiver.check(Some(VALUE)), Ok(()));
    assert_eq!(Receiver::new(String::new()).check(Some("")), Err(Refused::Unauthorized), "an empty one");
    assert!(!format!("{receiver:?} {}", Refused::Unauthorized).contains("planted"));
}

#[test]
fn a_delivery_names_the_record_once() {
    let receiver = Receiver::new(VALUE.to_owned());
    let seats = body("SUBSCRIPTION", "S-1");
    let Received::Changed(changed) = receiver.receive(Some(VALUE), &seats).unwrap() else {
        panic!("the first delivery is no repetition");
    };
    assert_eq!((changed.topic.as_str(), changed.entity), ("SUBSCRIPTION", Some(EntityKind::Subscription)));
    assert_eq!((changed.id.as_deref(), changed.customer.as_deref()), (Some("S-1"), Some("C-1")));
    assert_eq!(changed.action.as_deref(), Some("UPDATED"));
    assert_eq!(changed.at.unwrap().to_rfc3339(), "2026-03-01T09:41:00+00:00");
    assert_eq!(receiver.receive(Some(VALUE), &seats), Ok(Received::Duplicate));
    // Its handling failed: the next attempt is no repetition.
    receiver.forget(&seats);
    assert!(matches!(receiver.receive(Some(VALUE), &seats), Ok(Received::Changed(_))));
    let other = receiver.receive(Some(VALUE), &body("QUOTE", "Q-1")).unwrap();
    assert!(
        matches!(other, Received::Changed(changed) if changed.entity.is_none() && changed.topic == "QUOTE")
    );
}

#[test]
fn what_is_no_delivery_is_refused_and_not_quoted() {
    let receiver = Receiver::new(VALUE.to_owned());
    for nonsense in ["", "[]", "{}", "<html>planted</html>", r#"{"webhookTopic":"planted"}"#] {
        let refused = receiver.receive(Some(VALUE), nonsense.as_bytes()).unwrap_err();
        assert!(matches!(refused, Refused::Unreadable(_)), "{nonsense}");
        assert!(!refused.to_string().contains("planted"), "{refused}");
    }
}
