//! Contacts of a company.

use std::time::Duration;

use serde_json::{Value, json};

use crate::account::{Account, keys, refused_field, rules, text};

fn contact(first_name: &str, types: &Value) -> Value {
    json!({"firstName": first_name, "lastName": "Person", "email": "sample@harbor.example.com", "phone": "555-0113",
        "types": types})
}

#[tokio::test]
async fn a_contact_is_created_read_replaced_and_deleted() {
    let account = Account::open().await;
    let path = format!("/v1/companies/{}/contacts", account.company(0).await);
    account.advance(Duration::from_secs(60));
    let sent = contact("Sample", &json!([{"type": "Technical", "primary": false}]));
    let created = account.post(&path, &sent).await.expect(200);
    assert_eq!(
        keys(&created),
        [
            "createdDate",
            "email",
            "firstName",
            "id",
            "lastName",
            "phone",
            "phoneCountryCallingCode",
            "phoneCountryCode",
            "phoneNumber",
            "types",
        ]
    );
    assert_eq!(created["createdDate"], "2026-03-15");
    for name in keys(&sent) {
        assert_eq!(created[name], sent[name]);
    }
    let one = format!("{path}/{}", text(&created, "id"));
    assert_eq!(account.get(&one).await, created);
    assert_eq!(account.rows(&path).await[0], created, "newest first");

    let replaced = account.put(&one, &contact("Other", &json!([]))).await.expect(200);
    assert_eq!((&replaced["firstName"], &replaced["types"]), (&json!("Other"), &json!([])));
    assert_eq!((&replaced["id"], &replaced["createdDate"]), (&created["id"], &created["createdDate"]));

    let reply = account.wire.delete(&one).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(account.wire.get(&one).await.status, 404);
    assert_eq!(account.wire.delete(&one).await.status, 404);
}

#[tokio::test]
async fn a_new_primary_takes_the_place_of_the_old_one() {
    let account = Account::open().await;
    let path = format!("/v1/companies/{}/contacts", account.company(0).await);
    let primaries = async |kind: &str| {
        let wanted = json!({"type": kind, "primary": true});
        let rows = account.rows(&path).await;
        let has = |row: &&Value| row["types"].as_array().unwrap().contains(&wanted);
        rows.iter().filter(has).map(|row| text(row, "id")).collect::<Vec<_>>()
    };
    let old = primaries("Admin").await;
    assert_eq!(old.len(), 1);
    let created =
        account.post(&path, &contact("New", &json!([{"type": "Admin", "primary": true}]))).await.expect(200);
    assert_eq!(primaries("Admin").await, [text(&created, "id")]);
    assert_eq!(primaries("Billing").await, old);
}

#[tokio::test]
async fn a_primary_cannot_be_taken_away() {
    let account = Account::open().await;
    let path = format!("/v1/companies/{}/contacts", account.company(0).await);
    let rows = account.rows(&path).await;
    let is_primary = |row: &&Value| row["types"].as_array().unwrap().iter().any(|one| one["primary"] == true);
    let primary = rows.iter().find(is_primary).unwrap();
    let one = format!("{path}/{}", text(primary, "id"));
    assert_eq!(rules(&account.wire.delete(&one).await), ["the company needs a primary Admin contact"]);
    let reply = account.put(&one, &contact("Less", &json!([{"type": "Admin", "primary": true}]))).await;
    assert_eq!(rules(&reply), ["the company needs a primary Billing contact"]);
    assert_eq!(account.rows(&path).await, rows);
}

#[tokio::test]
async fn bad_contacts_are_refused() {
    let account = Account::open().await;
    let path = format!("/v1/companies/{}/contacts", account.company(0).await);
    let reply = account.post(&path, &json!({"firstName": " ", "email": "x@example.com"})).await;
    assert_eq!(rules(&reply), ["firstName is required", "lastName is required", "phone is required"]);
    let twice = json!([{"type": "Admin"}, {"type": "Admin"}]);
    assert_eq!(rules(&account.post(&path, &contact("A", &twice)).await), ["types[1].type is given twice"]);
    let reply = account.post(&path, &contact("A", &json!([{"type": "admin"}]))).await;
    assert_eq!(refused_field(&reply), "types[0].type");
    let mut body = contact("A", &json!([]));
    body["title"] = json!("Dr");
    assert_eq!(refused_field(&account.post(&path, &body).await), "title");
    let unknown = "/v1/companies/nobody/contacts";
    assert_eq!(account.wire.get(unknown).await.expect(404)["message"], "Company Not Found: nobody");
    assert_eq!(account.post(unknown, &contact("A", &json!([]))).await.status, 404);
}
