//! Wrong plans: each mistake is named by its line, its column and its key.

use provider_core::{Capabilities, EntityKind, Operation, Provider, ProviderInfo};

use super::distributor::Distributor;
use super::misfits::there;
use super::world::{PLAN, application};
use crate::plan::{PlanProblems, SyncPlan};

fn check(text: &str) -> Result<(), PlanProblems> {
    let plan = SyncPlan::from_toml(text)?;
    plan.check(&Distributor::new(), &application()).map(drop)
}

/// A right plan: what is replaced in it, by what, and the key and the words of the complaint.
const CUSTOMER: &str = r#"version = 1
connection = "shop"
enabled = true
alerts = ["billing@example.com"]

[[kinds]]
kind = "customer"
enabled = true
direction = "pull"
updates = ["create", "update"]
key = { remote = "id", local = "remote" }
unmatched = "create"
matching = ["name"]
removal = { how = "delete" }
fields = [
  { remote = "name", local = "name" },
  { remote = "external_id", local = "number" },
]
"#;

const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("unmatched", "query = { status = \"actve\" }\nunmatched", "kinds[0].query.status", "there is active"),
    ("external_id\"", "raw\"", "kinds[0].fields[1].remote", "`customer` has no `raw`"),
    ("version = 1", "version = 2", "version", "knows version 1"),
    ("version = 1", "version = \"one\"", "version", "invalid type"),
    ("version = 1\n", "", "version", "missing field"),
    ("connection = \"shop\"\n", "", "connection", "missing field"),
    ("\"shop\"", "\"\"", "connection", "names no connection"),
    ("\"shop\"", "\"pax8\"", "connection", "this connection is `shop`"),
    ("alerts", "alrts", "alrts", "unknown field"),
    ("billing@example.com", "billing", "alerts[0]", "no e-mail address"),
    ("alerts", "breaker = { failures = 0 }\nalerts", "breaker.failures", "at least one"),
    ("alerts", "breaker = { rejected = 200 }\nalerts", "breaker.rejected", "percent"),
    ("alerts", "breaker = { probe = 0 }\nalerts", "breaker.probe", "minutes"),
    ("alerts", "breaker = { probe = 90, probe_at_most = 1 }\nalerts", "breaker.probe", "longest"),
    ("alerts", "breaker = { probe_at_most = 999 }\nalerts", "breaker.probe_at_most", "hours"),
    ("alerts", "breaker = { outage = 0 }\nalerts", "breaker.outage", "hours"),
    ("alerts", "breaker = { failure = 3 }\nalerts", "breaker.failure", "unknown field"),
    ("\"billing@example.com\"", "\"a@example.com\", \"a@example.com\"", "alerts[1]", "twice"),
    ("billing@example.com", "Billing <billing@example.com>", "alerts[0]", "no e-mail address"),
    ("alerts", "target = { uri = \"x\" }\nalerts", "target.uri", "unknown field"),
    ("kind = \"customer\"", "kind = \"company\"", "kinds[0].kind", "unknown variant"),
    ("kind = \"customer\"\n", "", "kinds[0].kind", "missing field"),
    ("enabled = true\ndirection", "enabled = 1\ndirection", "kinds[0].enabled", "invalid type"),
    ("\"pull\"", "\"both ways\"", "kinds[0].direction", "unknown variant"),
    ("\"pull\"", "\"push\"", "kinds[0].direction", "needs a journal"),
    ("\"pull\"", "\"both\"", "kinds[0].direction", "needs a journal"),
    ("alerts", "cap = { total = \"10\" }\nalerts", "cap.total", "nothing without `currency`"),
    ("alerts", "cap = { currency = \"EUR\" }\nalerts", "cap.currency", "is not there"),
    ("alerts", "cap = { total = \"ten\", currency = \"EUR\" }\nalerts", "cap.total", "no amount"),
    ("alerts", "cap = { seats = 1 }\nalerts", "cap.seats", "unknown field"),
    ("[\"create\", \"update\"]", "[]", "kinds[0].updates", "names nothing"),
    ("[\"create\", \"update\"]", "[\"create\", \"upsert\"]", "kinds[0].updates[1]", "unknown variant"),
    ("[\"create\", \"update\"]", "[\"update\"]", "kinds[0].unmatched", "`updates` does not say `create`"),
    ("key = { remote = \"id\", local = \"remote\" }\n", "", "kinds[0].key", "no primary key"),
    ("remote = \"id\"", "remote = \"name\"", "kinds[0].key.remote", "does not tell records apart"),
    ("remote = \"id\", local = \"remote\"", "remote = \"id\"", "kinds[0].key.local", "missing field"),
    ("local = \"remote\"", "local = \"distributor\"", "kinds[0].key.local", "no `distributor`"),
    ("local = \"remote\"", "local = \"domain\"", "kinds[0].key.local", "not unique"),
    ("unmatched = \"create\"", "unmatched = \"make\"", "kinds[0].unmatched", "unknown variant"),
    ("[\"name\"]", "[\"nickname\"]", "kinds[0].matching[0]", "unknown variant"),
    ("[\"name\"]", "[\"tenant\"]", "kinds[0].matching[0]", "which no field carries"),
    ("[\"name\"]", "[\"name\", \"name\"]", "kinds[0].matching[1]", "twice"),
    ("[\"name\"]", "[]\nauto_name = true", "kinds[0].auto_name", "`matching` does not have"),
    ("how = \"delete\"", "how = \"erase\"", "kinds[0].removal.how", "unknown variant"),
    ("how = \"delete\"", "how = \"delete\", column = \"name\"", "kinds[0].removal.column", "has none"),
    ("how = \"delete\"", "how = \"delete\", value = 1", "kinds[0].removal.value", "has none"),
    ("how = \"delete\"", "how = \"mark\", column = \"name\"", "kinds[0].removal.value", "what is written"),
    ("how = \"delete\"", "column = \"gone\", value = 1", "kinds[0].removal.column", "no `gone`"),
    ("how = \"delete\"", "runs = 0", "kinds[0].removal.runs", "one run at least"),
    ("how = \"delete\"", "apart = 1", "kinds[0].removal.apart", "at least 6"),
    ("how = \"delete\"", "ended = [\"dead\"]", "kinds[0].removal.ended[0]", "`dead` is no status"),
    ("how = \"delete\"", "when = \"now\"", "kinds[0].removal.when", "unknown field"),
    ("remote = \"name\"", "remote = \"nmae\"", "kinds[0].fields[0].remote", "no `nmae`"),
    ("remote = \"name\"", "remote = \"address\"", "kinds[0].fields[0].remote", "is a record"),
    ("remote = \"name\"", "remote = \"tenants.domain\"", "kinds[0].fields[0].remote", "is a list"),
    ("remote = \"name\"", "remote = \"tenants[vendor\"", "kinds[0].fields[0].remote", "not closed"),
    (
        "remote = \"name\"",
        "remote = \"tenants[seller=x].domain\"",
        "kinds[0].fields[0].remote",
        "select it by",
    ),
    ("local = \"name\"", "local = \"nome\"", "kinds[0].fields[0].local", "no `nome`"),
    ("local = \"name\"", "local = \"remote\"", "kinds[0].fields[0].local", "is the key"),
    ("local = \"number\"", "local = \"name\"", "kinds[0].fields[1].local", "two sources"),
    ("local = \"number\"", "local = \"name\", owner = \"local\"", "kinds[0].fields[1].local", "two owners"),
    (
        "local = \"name\" }",
        "local = \"name\", owner = \"me\" }",
        "kinds[0].fields[0].owner",
        "unknown variant",
    ),
    (
        "local = \"name\" }",
        "local = \"name\", owner = \"local\", clear = true }",
        "kinds[0].fields[0].clear",
        "not emptied",
    ),
    (
        "local = \"name\" }",
        "local = \"name\", transform = [\"lowr\"] }",
        "kinds[0].fields[0].transform[0]",
        "unknown variant",
    ),
    (
        "local = \"name\" }",
        "local = \"name\", transform = [\"link\"] }",
        "kinds[0].fields[0].transform[0]",
        "takes the id",
    ),
    (
        "local = \"name\" }",
        "local = \"name\", transform = [\"minor_units\"] }",
        "kinds[0].fields[0].transform[0]",
        "takes an amount",
    ),
    (
        "local = \"name\" }",
        "local = \"name\", transform = [{ join = \",\" }] }",
        "kinds[0].fields[0].transform[0]",
        "takes a list",
    ),
    (
        "local = \"name\" }",
        "local = \"name\", transform = [{ date_format = \"%Y\" }] }",
        "kinds[0].fields[0].transform[0]",
        "takes a date",
    ),
    (
        "local = \"name\" }",
        "local = \"name\", transform = [{ map = { values = {} } }] }",
        "kinds[0].fields[0].transform[0]",
        "names nothing",
    ),
    (
        "remote = \"name\"",
        "remote = \"created_at\", transform = [{ date_format = \"day\" }]",
        "kinds[0].fields[0].transform[0]",
        "no form of a date",
    ),
    (
        "remote = \"name\"",
        "remote = \"flags.bill_on_behalf_of\"",
        "kinds[0].fields[0].local",
        "true and false",
    ),
    (
        "remote = \"name\"",
        "remote = \"id\", transform = [\"link\", \"lower\"]",
        "kinds[0].fields[0].transform[1]",
        "cannot follow `link`",
    ),
    ("unmatched", "scope = { remote = \"x\" }\nunmatched", "kinds[0].scope.remote", "is the key"),
    ("unmatched", "scope = { shop = \"x\" }\nunmatched", "kinds[0].scope.shop", "no `shop`"),
    ("unmatched", "scope = { name = \"x\" }\nunmatched", "kinds[0].fields[0].local", "constant of `scope`"),
    ("unmatched", "scope = { domain = [1] }\nunmatched", "kinds[0].scope.domain", "is text"),
    ("unmatched", "each = \"offers\"\nunmatched", "kinds[0].each", "belong to a product"),
    ("unmatched", "each = \"tenants\"\nunmatched", "kinds[0].each", "unknown variant"),
    ("unmatched", "months = 3\nunmatched", "kinds[0].months", "belongs to no month"),
    ("unmatched", "query = { colour = \"red\" }\nunmatched", "kinds[0].query.colour", "is no filter"),
    ("unmatched", "query = { with_contacts = 3 }\nunmatched", "kinds[0].query.with_contacts", "invalid type"),
    (
        "unmatched",
        "detail = { full = { refresh = 0 } }\nunmatched",
        "kinds[0].detail.full.refresh",
        "at least 1",
    ),
    ("unmatched", "detail = \"everything\"\nunmatched", "kinds[0].detail", "unknown variant"),
    ("unmatched", "unmatched = \"skip\"\nunmatched", "", "duplicate key: `unmatched`"),
    ("]\n", "", "", ""),
];

#[test]
fn a_right_plan_is_right() {
    check(CUSTOMER).unwrap_or_else(|problems| panic!("{problems}"));
    check(PLAN).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn every_mistake_is_named_by_its_place_and_its_key() {
    assert!(MISTAKES.len() >= 60);
    for (right, wrong, path, says) in MISTAKES {
        assert!(CUSTOMER.contains(right), "{right}");
        let text = CUSTOMER.replacen(right, wrong, 1);
        let Err(problems) = check(&text) else { panic!("`{wrong}` in place of `{right}` is taken") };
        let told = problems.iter().find(|problem| problem.path == *path || path.is_empty());
        let told = told.unwrap_or_else(|| panic!("`{wrong}`: {path}: {problems}"));
        assert!(told.message.contains(says), "`{wrong}`: {problems}");
        let position = told.position.unwrap_or_else(|| panic!("`{wrong}` has no place: {problems}"));
        if wrong.is_empty() || path.is_empty() {
            continue;
        }
        // The line is that of what was put there, or of the table that it is missing in.
        let at = CUSTOMER.find(right).unwrap_or_default();
        let line = text[..at].matches('\n').count() + 1;
        let lines = line..=line + wrong.matches('\n').count() + 1;
        let elsewhere = says.contains("`updates` does not")
            || says.contains("constant of `scope`")
            || says.contains("two ");
        assert!(lines.contains(&position.line) || elsewhere, "`{wrong}`: {problems}");
        // The column is that of the key, or of the member of a list.
        let (line, there) = (text.lines().nth(position.line - 1).unwrap_or_default(), there(&text, position));
        let key = path.rsplit('.').next().unwrap_or_default();
        let at = if key.ends_with(']') {
            there.starts_with(['"', '{'])
        } else {
            there.starts_with(key) || !line.contains(&format!("{key} = "))
        };
        assert!(at, "`{wrong}`: {position} is at `{there}`: {problems}");
    }
}

#[test]
fn mistakes_about_other_kinds_are_named_too() {
    for (kind, body, path, says) in [
        (
            "subscription",
            "fields = [{ remote = \"customer\", local = \"account\", transform = [\"link\"] }]",
            "kinds[0].fields[0].transform",
            "does not keep customers",
        ),
        (
            "subscription",
            "matching = [\"name\"]\nfields = [{ remote = \"name\", local = \"status\" }]",
            "kinds[0].matching[0]",
            "not found by `name`",
        ),
        ("invoice", "updates = [\"remove\"]", "kinds[0].updates", "nothing proves"),
        ("invoice", "months = 99", "kinds[0].months", "from 1 to 36"),
        ("invoice", "detail = { full = { refresh = 1 } }", "kinds[0].detail", "no call of their own"),
        ("order", "", "kinds[0].key.local", "no `remote`"),
        (
            "product",
            "each = \"offers\"\nmatching = [\"name\"]\nfields = [{ remote = \"name\", local = \"name\" }]",
            "kinds[0].matching[0]",
            "come with their record",
        ),
    ] {
        let updates = if body.contains("updates") { "" } else { "updates = [\"create\"]\n" };
        let text = format!(
            "version = 1\nconnection = \"shop\"\nenabled = true\n[[kinds]]\nkind = \"{kind}\"\nenabled = true\n{updates}key = {{ remote = \"id\", local = \"remote\" }}\nunmatched = \"queue\"\n{body}\n"
        );
        match check(&text) {
            Err(problems) => {
                let told = problems.iter().find(|problem| problem.path == path);
                assert!(told.is_some_and(|told| told.message.contains(says)), "{kind}: {problems}");
            }
            Ok(()) => panic!("{kind} is taken"),
        }
    }
}

#[test]
fn what_the_distributor_cannot_do_is_told_with_its_reason() {
    #[derive(Debug)]
    struct Poor(ProviderInfo, Capabilities);
    impl Provider for Poor {
        fn info(&self) -> &ProviderInfo {
            &self.0
        }
        fn capabilities(&self) -> &Capabilities {
            &self.1
        }
    }
    let listed = Capabilities::builder().native(Operation::List(EntityKind::Customer));
    let poor = |capabilities| Poor(ProviderInfo::new("shop", "shop"), capabilities);
    let plan = SyncPlan::from_toml(CUSTOMER).unwrap();
    let told = |provider: &Poor| plan.check(provider, &application()).unwrap_err().to_string();
    let nothing =
        poor(Capabilities::builder().unsupported(Operation::List(EntityKind::Customer), "not sold").build());
    assert!(told(&nothing).contains("not sold"));
    let names = poor(listed.fields(EntityKind::Customer, ["id", "name"]).build());
    assert!(told(&names).contains("does not tell `external_id`"));
    // Rows are made of what is listed, whatever a call of its own would tell.
    let builder = Capabilities::builder().native(Operation::List(EntityKind::Customer));
    let builder = builder.native(Operation::Get(EntityKind::Customer));
    let builder = builder.fields(EntityKind::Customer, ["id", "name"]);
    let called = poor(builder.detail_fields(EntityKind::Customer, ["contacts"]).build());
    for detail in ["", "detail = { full = { refresh = 7 } }\n"] {
        let each = format!("{detail}each = \"contacts\"\nunmatched");
        let plan = SyncPlan::from_toml(&CUSTOMER.replacen("unmatched", &each, 1)).unwrap();
        let problems = plan.check(&called, &application()).unwrap_err();
        let problem = problems.iter().find(|problem| problem.path == "kinds[0].each");
        assert!(problem.is_some_and(|told| told.message.contains("with_contacts = true")), "{problems}");
    }
}

/// A plan that pushes: what is replaced in it, by what, and the key and the words of the complaint.
#[test]
fn mistakes_of_a_plan_that_pushes_are_named() {
    let town = super::town::Town::new();
    let market =
        provider_core::layer::Journaled::new(town.market.clone(), std::sync::Arc::new(town.journal.clone()));
    let check = |text: &str| SyncPlan::from_toml(text)?.check(&market, &town.target).map(drop);
    check(super::town::BOTH).unwrap_or_else(|problems| panic!("{problems}"));
    for (right, wrong, path, says) in [
        ("cap = { units = 1000 }", "", "cap.units", "how many units"),
        (
            "\"phone\", owner = \"local\" }",
            "\"phone\", owner = \"local\", transform = [\"lower\"] }",
            "kinds[0].fields[1].transform[0]",
            "no way back",
        ),
        ("remote = \"phone\"", "remote = \"status\"", "kinds[0].fields[1].remote", "cannot be written"),
        (
            "remote = \"name\", local = \"name\", owner = \"ask\"",
            "remote = \"external_id\", local = \"name\"",
            "kinds[0].fields",
            "made under its name",
        ),
        ("direction = \"both\"", "direction = \"push\"", "kinds[0].updates", "`remove` is done to rows"),
        ("direction = \"both\"", "direction = \"push\"", "kinds[0].unmatched", "`create` makes rows"),
        ("direction = \"both\"", "direction = \"push\"", "kinds[0].fields[0].owner", "`ask` is for `both`"),
        (
            "direction = \"both\"",
            "direction = \"both\"\n    each = \"contacts\"",
            "kinds[0].each",
            "are not pushed",
        ),
        (
            "unmatched = \"create\"",
            "unmatched = \"create\"\n    query = { search = \"bakery\" }",
            "kinds[0].query.search",
            "may be made twice",
        ),
        ("remote = \"quantity\"", "remote = \"renews_at\"", "kinds[1].fields[1].remote", "cannot be written"),
    ] {
        let text = super::town::BOTH.replacen(right, wrong, 1);
        assert_ne!(text, super::town::BOTH, "{right}");
        let problems = check(&text).unwrap_err();
        let told = problems.iter().find(|problem| problem.path == path);
        assert!(told.is_some_and(|told| told.message.contains(says)), "{path}: {problems}");
    }
}

#[test]
fn a_plan_in_json_is_the_same_plan_with_the_same_places() {
    let json = r#"{
  "version": 1, "connection": "shop", "enabled": true,
  "kinds": [
    { "kind": "customer", "enabled": true, "updates": ["create"], "unmatched": "create",
      "key": { "remote": "id", "local": "remote" },
      "fields": [
        { "remote": "nmae", "local": "name" } ] } ]
}"#;
    let plan = SyncPlan::from_json(json).unwrap();
    let problems = plan.check(&Distributor::new(), &application()).unwrap_err();
    let first = problems.first();
    assert_eq!((first.path.as_str(), first.position.unwrap().line), ("kinds[0].fields[0].remote", 7));
    assert_eq!(problems.in_file("plan.json").split(": ").next(), Some("plan.json:7:11"));
    SyncPlan::from_json(&json.replace("nmae", "name"))
        .unwrap()
        .check(&Distributor::new(), &application())
        .unwrap();
    let twice = SyncPlan::from_json(&json.replace("\"enabled\": true,\n", "\"version\": 1,\n")).unwrap_err();
    assert!(twice.to_string().contains("twice"), "{twice}");
    let broken = SyncPlan::from_json("{\n  \"version\": }").unwrap_err();
    assert_eq!(broken.first().position.unwrap().line, 2);
}

#[test]
fn a_key_that_stands_twice_is_named_however_it_is_written() {
    let toml = SyncPlan::from_toml("version = 1\n[target]\nurl = \"a\"\nurl = \"b\"").unwrap_err();
    assert_eq!(toml.in_file("my.toml"), "my.toml:4:1: duplicate key: `url` stands here twice");
    let json = |more: &str| {
        let text = format!("{{ \"version\": 1, \"connection\": \"shop\", \"enabled\": true, {more} }}");
        SyncPlan::from_json(&text).unwrap_err().to_string()
    };
    let escaped = json("\"\\u0065nabled\": false");
    assert!(escaped.ends_with("enabled: stands here twice"), "{escaped}");
    // A name with a point in it is one name.
    let pointed = json("\"target\": { \"url\": \"sqlite:a\" }, \"target.url\": \"sqlite:b\"");
    assert!(pointed.contains("unknown field `target.url`"), "{pointed}");
}

/// An address that stands where none belongs is not repeated: it may hold a password.
#[test]
fn a_password_in_an_address_is_in_no_complaint_and_in_no_plan_that_is_shown() {
    const ADDRESS: &str = "postgres://app:planted-secret@db.example.com/app";
    let head = "version = 1\nconnection = \"shop\"\n";
    for (rest, path) in [
        (format!("target = \"{ADDRESS}\""), "target"),
        (format!("target = {ADDRESS}"), ""),
        (format!("[target]\nurl = {ADDRESS}"), ""),
        (format!("[target]\nurl = [\"{ADDRESS}\"]"), "target.url"),
        (format!("[target]\nuri = \"{ADDRESS}\""), "target.uri"),
        (format!("kinds = \"{ADDRESS}\""), "kinds"),
        (format!("enabled = \"{ADDRESS}\""), "enabled"),
    ] {
        let problems = SyncPlan::from_toml(&format!("{head}{rest}")).unwrap_err();
        assert_eq!(problems.first().path, path, "{problems}");
        assert!(!format!("{problems} {problems:?}").contains("planted-secret"), "{problems}");
    }
    let json = format!("{{ \"version\": 1, \"connection\": \"shop\", \"target\": \"{ADDRESS}\" }}");
    let problems = SyncPlan::from_json(&json).unwrap_err();
    assert!(!format!("{problems} {problems:?}").contains("planted-secret"), "{problems}");
    // What cannot be told from it is said as before.
    let wrong = SyncPlan::from_toml(&format!("{head}enabled = \"yes\"")).unwrap_err();
    assert!(wrong.to_string().contains("\"yes\""), "{wrong}");
    let plan = SyncPlan::from_toml(&format!("{head}[target]\nurl = \"{ADDRESS}\"")).unwrap();
    assert_eq!(plan.target.as_ref().map(|target| target.url.as_str()), Some(ADDRESS));
    assert!(!format!("{plan:?}").contains("planted-secret"), "{plan:?}");
}

#[test]
fn everything_is_off_until_it_says_otherwise() {
    let plan =
        SyncPlan::from_toml("version = 1\nconnection = \"shop\"\n[[kinds]]\nkind = \"customer\"").unwrap();
    assert!(!plan.enabled && !plan.kinds[0].enabled);
    assert!(plan.kinds[0].updates.is_empty());
    let checked = plan.check(&Distributor::new(), &application()).unwrap();
    assert_eq!(checked.kinds().count(), 0);
}

/// Some editors write a mark before a text, which nobody sees and no editor counts.
#[test]
fn a_mark_before_a_plan_is_no_part_of_it() {
    let marked = SyncPlan::from_json("\u{FEFF}{\"version\": 1, \"connection\": \"shop\"}");
    assert_eq!(marked.unwrap_or_else(|problems| panic!("{problems}")).connection, "shop");
    let wrong = [
        check(&format!("\u{FEFF}{}", CUSTOMER.replace("version = 1", "version = 2"))),
        SyncPlan::from_json("\u{FEFF}{\"connection\": \"shop\"}").map(drop),
        SyncPlan::from_json("\u{FEFF}x").map(drop),
    ];
    for problems in wrong.map(Result::unwrap_err) {
        assert_eq!(problems.first().position.unwrap().to_string(), "1:1", "{problems}");
    }
}

/// What an empty file lacks is missing at its beginning.
#[test]
fn an_empty_plan_is_told_with_its_place() {
    let problems = SyncPlan::from_toml("").unwrap_err();
    assert_eq!(problems.in_file("my.toml"), "my.toml:1:1: version: missing field `version`");
}

/// A filter takes the words that the distributor's records have, however they are spelled.
#[test]
fn words_of_filters_are_known() {
    for word in ["active", "Active"] {
        let query = format!("query = {{ status = \"{word}\" }}\nunmatched");
        check(&CUSTOMER.replacen("unmatched", &query, 1)).unwrap_or_else(|problems| panic!("{problems}"));
    }
}
