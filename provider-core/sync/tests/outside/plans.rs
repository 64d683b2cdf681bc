//! Plans from TOML, from JSON and from code, and what is said about wrong ones.

use std::sync::Arc;

use provider_core::FieldPath;
use provider_sync::{
    CheckedPlan, DetailPlan, Direction, Each, EntityKind, FieldMap, KeyField, KindPlan, Mailbox, MatchRule,
    Owner, PlanProblems, RemovalHow, RunControl, SyncEngine, SyncOutcome, SyncPlan, Transform, Unmatched,
    Update,
};
use serde_json::{Value, json};

use crate::application::{Application, KEY};
use crate::distributor::Wholesaler;
use crate::scene::{CUSTOMER, PLAN, SEATS, Scene};

/// With everything that a plan can say.
const WHOLE: &str = r#"
version = 1
connection = "wholesale"
enabled = true
alerts = ["billing@example.com"]
breaker = { failures = 3, outage = 12 }
cap = { creates = 5, units = 100, total = "250.00", currency = "EUR" }

[target]
url = "sqlite:app.db"

[[kinds]]
kind = "product"
enabled = true
direction = "pull"
updates = ["create", "update", "remove"]
table = "offers"
key = { remote = "id", local = "distributor_id" }
scope = { distributor = "wholesale" }
each = "offers"
unmatched = "create"
query = { with_offers = true }
detail = { full = { refresh = 7 } }
removal = { how = "mark", column = "gone", value = "yes", runs = 2, apart = 12 }
fields = [
  { remote = "name", local = "name", transform = ["trim", "upper"] },
  { remote = "offers.cost.amount", local = "cents", transform = ["minor_units"] },
  { remote = "vendor", local = "vendor", transform = [{ map = { values = { Microsoft = 1 }, otherwise = 0 } }], clear = true },
  { remote = "sku", local = "sku", transform = [{ constant = "x" }] },
]

[[kinds]]
kind = "customer"
direction = "both"
matching = ["external_id", "tenant", "registration_number", "name"]
auto_name = true
unmatched = "queue"
removal = { how = "delete", ended = ["deleted"] }
fields = [
  { remote = "tenants[vendor=microsoft].domain", local = "domain", transform = ["lower"], owner = "ask" },
  { remote = "contacts[role=primary].email", local = "mail", owner = "local" },
  { remote = "created_at", local = "since", transform = [{ date_format = "%d.%m.%Y" }] },
]

[[kinds]]
kind = "invoice_line"
months = 3
unmatched = "skip"
fields = [{ remote = "invoice", local = "invoice", transform = ["link"] }]
"#;

fn written(plan: &SyncPlan) -> Value {
    serde_json::to_value(plan).unwrap()
}

#[test]
fn a_plan_says_the_same_in_every_form() {
    let plan = SyncPlan::from_toml(WHOLE).unwrap();
    let text = serde_json::to_string_pretty(&plan).unwrap();
    assert_eq!(written(&SyncPlan::from_json(&text).unwrap()), written(&plan));
    assert_eq!(written(&serde_json::from_str(&text).unwrap()), written(&plan));
    assert_eq!(written(&serde_json::from_value(written(&plan)).unwrap()), written(&plan));
}

#[test]
fn every_key_arrives() {
    let plan = SyncPlan::from_toml(WHOLE).unwrap();
    assert_eq!((plan.version, plan.connection.as_str(), plan.enabled), (1, "wholesale", true));
    assert_eq!(plan.alerts, [Mailbox("billing@example.com".to_owned())]);
    assert_eq!((plan.breaker.failures, plan.breaker.outage, plan.breaker.probe), (3, 12, 15));
    assert_eq!((plan.cap.creates, plan.cap.units, plan.cap.total.as_deref()), (5, Some(100), Some("250.00")));
    assert_eq!(plan.target.as_ref().map(|target| target.url.as_str()), Some("sqlite:app.db"));
    let [products, customers, lines] = plan.kinds.as_slice() else { panic!("{plan:?}") };
    assert_eq!(
        (products.kind, products.enabled, products.direction),
        (EntityKind::Product, true, Direction::Pull)
    );
    assert_eq!(products.updates, [Update::Create, Update::Update, Update::Remove].into());
    assert_eq!(products.key, Some(KeyField::new(path("id"), KEY)));
    assert_eq!((products.each, products.unmatched), (Some(Each::Offers), Unmatched::Create));
    assert_eq!(products.detail, DetailPlan::Full { refresh: 7 });
    assert_eq!(
        (products.scope["distributor"].clone(), products.query["with_offers"].clone()),
        (json!("wholesale"), json!(true))
    );
    let removal = &products.removal;
    assert_eq!(
        (removal.how, removal.column.as_deref(), &removal.value),
        (RemovalHow::Mark, Some("gone"), &Some(json!("yes")))
    );
    assert_eq!((removal.runs, removal.apart), (Some(2), Some(12)));
    assert_eq!(products.fields[0].transform, [Transform::Trim, Transform::Upper]);
    assert_eq!(products.fields[1].transform, [Transform::MinorUnits]);
    let map =
        Transform::Map { values: [("Microsoft".to_owned(), json!(1))].into(), otherwise: Some(json!(0)) };
    assert_eq!((&products.fields[2].transform[0], products.fields[2].clear), (&map, true));
    assert_eq!(products.fields[3].transform, [Transform::Constant(json!("x"))]);
    // What does not say so is off, and nothing is cleared.
    assert!(!customers.enabled && !lines.enabled && !products.fields[0].clear);
    let rules = [MatchRule::ExternalId, MatchRule::Tenant, MatchRule::RegistrationNumber, MatchRule::Name];
    assert_eq!((customers.direction, customers.auto_name), (Direction::Both, true));
    assert_eq!(customers.matching, rules);
    let owners: Vec<_> = customers.fields.iter().map(|field| field.owner).collect();
    assert_eq!(owners, [Owner::Ask, Owner::Local, Owner::Remote]);
    assert_eq!(customers.fields[0].remote.to_string(), "tenants[vendor=microsoft].domain");
    assert_eq!(customers.fields[2].transform, [Transform::DateFormat("%d.%m.%Y".to_owned())]);
    assert_eq!((lines.months, lines.unmatched), (Some(3), Unmatched::Skip));
    assert_eq!(lines.fields[0].transform, [Transform::Link]);
}

fn path(text: &str) -> FieldPath {
    text.parse().unwrap()
}

/// As a host writes it that has a form of its own.
fn in_code() -> SyncPlan {
    let mut customers = KindPlan::new(CUSTOMER);
    customers.enabled = true;
    customers.updates = [Update::Create, Update::Update].into();
    customers.key = Some(KeyField::new(path("id"), KEY));
    customers.unmatched = Unmatched::Create;
    let mut name = FieldMap::new(path("name"), "name");
    name.transform = vec![Transform::Upper];
    customers.fields = vec![name];
    let mut plan = SyncPlan::new("wholesale");
    plan.enabled = true;
    plan.kinds.push(customers);
    plan
}

#[tokio::test]
async fn a_plan_of_code_is_one_like_any_other() {
    let scene = Scene::in_memory();
    scene.shop.customers(1);
    let plan: CheckedPlan = in_code().check(&scene.shop, &scene.app).unwrap();
    assert_eq!((plan.connection(), plan.kinds().collect::<Vec<_>>()), ("wholesale", vec![CUSTOMER]));
    let (shop, app) = (Arc::new(scene.shop.clone()), Arc::new(scene.app.clone()));
    let engine = SyncEngine::new(shop, app, Arc::clone(&scene.store), plan);
    assert_eq!(engine.run(&RunControl::default()).await.unwrap().outcome, SyncOutcome::Completed);
    assert_eq!(scene.app.text(CUSTOMER, "c00", "name").as_deref(), Some("CUSTOMER 0"));
}

#[test]
fn everything_is_off_until_it_says_otherwise() {
    let kinds = |plan: &SyncPlan| -> Vec<_> {
        plan.check(&Wholesaler::default(), &Application::default()).unwrap().kinds().collect()
    };
    let mut plan = in_code();
    plan.kinds.push(KindPlan::new(SEATS));
    assert_eq!(kinds(&plan), [CUSTOMER]);
    plan.kinds[0].enabled = false;
    assert!(kinds(&plan).is_empty());
}

fn problems(edits: &[(&str, &str)]) -> PlanProblems {
    let mut text = PLAN.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let plan = match SyncPlan::from_toml(&text) {
        Ok(plan) => plan,
        Err(problems) => return problems,
    };
    plan.check(&Wholesaler::default(), &Application::default()).unwrap_err()
}

/// The plan with these edits is wrong at this key, and says so.
fn wrong(edits: &[(&str, &str)], path: &str, says: &str) {
    let problems = problems(edits);
    let named = problems.iter().find(|problem| problem.path == path);
    let named = named.unwrap_or_else(|| panic!("{path} is not named:\n{problems}"));
    assert!(named.message.contains(says), "{says}:\n{problems}");
    assert!(named.span.is_some() && named.position.is_some(), "{named:?}");
}

#[test]
fn every_mistake_is_named_by_its_key() {
    let key = "key = { remote = \"id\", local = \"distributor_id\" }\n";
    let name = "{ remote = \"name\", local = \"name\" }";
    let quantity = "{ remote = \"quantity\", local = \"quantity\" }";
    let undone = "{ remote = \"name\", local = \"name\", owner = \"ask\", transform = [\"lower\"] }";
    let both = ("enabled = true\nupdates", "enabled = true\ndirection = \"both\"\nupdates");
    wrong(&[("version = 1", "version = 2")], "version", "version 1");
    wrong(&[("\"wholesale\"", "\"retail\"")], "connection", "retail");
    wrong(&[("unmatched", "unmatchd")], "kinds[0].unmatchd", "unknown field");
    wrong(&[(key, "")], "kinds[0].key", "no primary key");
    wrong(&[(key, &key.replace(KEY, "phone"))], "kinds[0].key.local", "not unique");
    wrong(&[(key, &key.replace("\"id\"", "\"name\""))], "kinds[0].key.remote", "`id`");
    wrong(&[("local = \"site\"", "local = \"sight\"")], "kinds[0].fields[3].local", "no `sight`");
    wrong(&[("\"website\"", "\"web_site\"")], "kinds[0].fields[3].remote", "web_site");
    wrong(&[("local = \"number\"", "local = \"name\"")], "kinds[0].fields[1].local", "two sources");
    wrong(&[("local = \"site\"", "local = \"name\"")], "kinds[0].fields[3].local", "two owners");
    wrong(&[(&format!("  {name},\n"), "")], "kinds[0].fields", "`name` is required");
    let text = quantity.replacen("\"quantity\"", "\"name\"", 1);
    wrong(&[(quantity, &text)], "kinds[1].fields[1].local", "does not hold text");
    wrong(&[("updates = [\"create\", ", "updates = [")], "kinds[0].unmatched", "`updates`");
    let off = ("kind = \"customer\"\nenabled = true", "kind = \"customer\"");
    wrong(&[off], "kinds[1].fields[0].transform", "links to a customer");
    wrong(&[("\"link\"", "\"minor_units\"")], "kinds[1].fields[0].transform[0]", "amount");
    wrong(&[both, (name, undone)], "kinds[0].fields[0].transform[0]", "no way back");
    wrong(&[both], "kinds[0].direction", "journal");
    wrong(&[("kind = \"subscription\"", "kind = \"order\"")], "kinds[1].updates", "ever removed");
    wrong(&[("kind = \"subscription\"", "kind = \"product\"")], "kinds[1].kind", "cannot be listed");
}

#[test]
fn a_mistake_has_its_place_in_the_text() {
    let text = PLAN.replacen("local = \"site\"", "local = \"sight\"", 1);
    let plan = SyncPlan::from_toml(&text).unwrap();
    let problems = plan.check(&Wholesaler::default(), &Application::default()).unwrap_err();
    let problem = problems.first();
    let at = text.find("local = \"sight\"").unwrap();
    assert_eq!(problem.span.as_ref().map(|span| span.start), Some(at), "{problems}");
    let before = text.get(..at).unwrap();
    let position = problem.position.unwrap();
    assert_eq!(position.line, before.matches('\n').count() + 1);
    assert_eq!(position.column, at - before.rfind('\n').unwrap());
    let line = problems.in_file("my.toml");
    assert!(line.starts_with(&format!("my.toml:{position}: kinds[0].fields[3].local: ")), "{line}");
}

#[test]
fn what_is_no_plan_at_all_is_a_problem_and_no_panic() {
    for text in ["", "version", "= 1", "version = 1\nconnection = 7", "[[kinds]]\nkind = \"planet\""] {
        assert!(!SyncPlan::from_toml(text).unwrap_err().first().message.is_empty(), "{text}");
    }
    for text in ["", "{", "[]", "{\"version\": 1}", "{\"version\": 1, \"version\": 1, \"connection\": \"a\"}"]
    {
        assert!(!SyncPlan::from_json(text).unwrap_err().first().message.is_empty(), "{text}");
    }
}
