//! What waits for a person, and how that person decides: hundreds by a file, and one by one.

use std::collections::BTreeMap;
use std::process::Output;

use provider_core::{
    CustomerId, IdempotencyKey, Patch, Provider as _, ReadOptions, UpdateCustomer, WriteOptions,
};
use provider_simulator::Simulator;
use rusqlite::Connection;
use serde_json::Value;

use super::hints::provider;
use super::run::{err, out};
use super::{Person, kind};

const PLAN: &str = r#"
version = 1
connection = "pax8"
enabled = true

[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update"]
table = "accounts"
key = { remote = "id", local = "distributor_id" }
matching = ["name"]
unmatched = "queue"
fields = [
  { remote = "name", local = "name" },
  { remote = "address.city", local = "city", owner = "ask" },
]
"#;

/// A person with this many companies at Pax8, none of which is known to the application yet.
async fn person(companies: usize) -> (Simulator, Person) {
    let simulator = Simulator::builder().customers(companies).start().await.unwrap();
    let mut variables = simulator.env();
    variables.push(("PAX8_CURRENCY".to_owned(), "USD".to_owned()));
    let mut person = Person::new("pax8", variables);
    let plan = person.shell.file("plan.toml");
    std::fs::create_dir_all(plan.parent().unwrap()).unwrap();
    std::fs::write(&plan, PLAN).unwrap();
    person.plan = plan.display().to_string();
    assert!(person.sync(&["tables", "--create"]).await.status.success());
    (simulator, person)
}

impl Person {
    fn application(&self) -> Connection {
        Connection::open(self.shell.file("app.db")).unwrap()
    }

    fn account(&self, name: &str) -> i64 {
        let application = self.application();
        application.execute("INSERT INTO accounts (name) VALUES (?1)", [name]).unwrap();
        application.last_insert_rowid()
    }

    /// The distributor's id of an account.
    fn tied(&self, account: i64) -> Option<String> {
        let query = "SELECT distributor_id FROM accounts WHERE id = ?1";
        self.application().query_row(query, [account], |row| row.get(0)).unwrap()
    }

    fn city(&self, id: &str) -> String {
        let query = "SELECT city FROM accounts WHERE distributor_id = ?1";
        self.application().query_row(query, [id], |row| row.get(0)).unwrap()
    }

    fn count(&self, condition: &str) -> usize {
        let query = format!("SELECT count(*) FROM accounts WHERE {condition}");
        let rows: i64 = self.application().query_row(&query, [], |row| row.get(0)).unwrap();
        usize::try_from(rows).unwrap()
    }

    async fn queue(&self) -> Vec<Value> {
        self.json(&["queue"]).await.as_array().unwrap().clone()
    }

    async fn waiting(&self, subject: &str) -> String {
        let queue = self.queue().await;
        let found = queue.iter().find(|one| one["subject"] == subject);
        found.unwrap_or_else(|| panic!("{subject} does not wait: {queue:#?}"))["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// What waits, as a spreadsheet shows it: by column.
    async fn sheet(&self) -> Vec<BTreeMap<String, String>> {
        let output = self.sync(&["queue", "--csv"]).await;
        assert!(output.status.success(), "{}", err(&output));
        let mut sheet = csv::Reader::from_reader(output.stdout.as_slice());
        sheet.deserialize().map(Result::unwrap).collect()
    }

    /// A sheet as it is saved, given to `resolve`.
    async fn resolve_all(&self, sheet: &[BTreeMap<String, String>], with: u8) -> Output {
        let mut file = csv::WriterBuilder::new().delimiter(with).from_writer(Vec::new());
        file.write_record(sheet[0].keys()).unwrap();
        sheet.iter().for_each(|row| file.write_record(row.values()).unwrap());
        let path = self.shell.file("decided.csv");
        std::fs::write(&path, file.into_inner().unwrap()).unwrap();
        self.sync(&["resolve", "--file", &path.display().to_string(), "--by", "Ada"]).await
    }

    async fn ran(&self) -> Value {
        let report = self.json(&["run"]).await;
        assert_eq!(report["outcome"], "completed", "{report:#}");
        kind(&report, "customer").clone()
    }
}

fn decide(row: &mut BTreeMap<String, String>, decision: impl Into<String>) {
    row.insert("decision".to_owned(), decision.into());
}

#[tokio::test]
async fn hundreds_are_decided_by_one_file_or_none_of_them() {
    let (_simulator, person) = person(330).await;
    let queued = person.ran().await["queued"].as_u64().unwrap();
    let first = person.sheet().await;
    assert!(first.len() >= 300 && first.len() as u64 == queued, "{} of {queued}", first.len());
    assert!(first.iter().all(|row| row["type"] == "match" && row["decision"].is_empty()), "{:?}", first[0]);
    // The application has a hundred of them by then.
    let ours: BTreeMap<String, i64> =
        first.iter().take(100).map(|row| (row["subject"].clone(), person.account(&row["name"]))).collect();
    person.ran().await;
    let mut sheet = person.sheet().await;
    assert_eq!(sheet.len(), first.len());
    for row in &mut sheet {
        if let Some(account) = ours.get(&row["subject"]) {
            assert!(row["candidates"].split(' ').any(|key| key == account.to_string()), "{row:?}");
            decide(row, format!("link {account}"));
        }
    }
    let left: Vec<usize> = (0..sheet.len()).filter(|at| sheet[*at]["decision"].is_empty()).collect();
    left.iter().skip(5).take(150).for_each(|at| decide(&mut sheet[*at], "create"));
    left.iter().skip(155).for_each(|at| decide(&mut sheet[*at], "ignore"));
    let right = sheet.clone();
    let undecided = async || {
        let queue = person.queue().await;
        assert!(queue.iter().all(|one| one["decision"].is_null()), "something was decided");
    };

    // What cannot be read is told by its line, all of it, and nothing is decided.
    decide(&mut sheet[10], "make it so");
    decide(&mut sheet[200], "link");
    sheet[300].insert("id".to_owned(), "seventeen".to_owned());
    let unread = person.resolve_all(&sheet, b',').await;
    assert_eq!(unread.status.code(), Some(2));
    for told in ["decided.csv", "line 12: `make it so`", "line 202: `link`", "line 302: `seventeen`"] {
        assert!(err(&unread).contains(told), "{told}: {}", err(&unread));
    }
    let path = person.shell.file("short.csv");
    std::fs::write(&path, "id,decision\n\n1-abcdef\n").unwrap();
    let short = person.sync(&["resolve", "--file", &path.display().to_string()]).await;
    assert_eq!(short.status.code(), Some(2));
    assert!(err(&short).contains("line 3: it has 1 of 2 columns"), "{}", err(&short));
    undecided().await;

    // So is what can be read and is not right: what changed, what is not there, what was decided a line before.
    let mut sheet = right.clone();
    let known = |row: &BTreeMap<String, String>| row["id"].split_once('-').unwrap().0.to_owned();
    let changed = format!("{}-000000", known(&sheet[4]));
    sheet[4].insert("id".to_owned(), changed.clone());
    sheet[60].insert("id".to_owned(), "999999-abcdef".to_owned());
    let linked: Vec<usize> =
        (0..sheet.len()).filter(|at| sheet[*at]["decision"].starts_with("link")).collect();
    decide(&mut sheet[linked[30]], "link 987654");
    let twice = sheet[linked[40]]["decision"].clone();
    decide(&mut sheet[linked[41]], twice);
    decide(&mut sheet[left[20]], "take-remote");
    let refused = person.resolve_all(&sheet, b',').await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("nothing was decided"), "{}", err(&refused));
    let missing = format!("line {}: the application has no record `987654`", linked[30] + 2);
    let given = format!("line {}: record", linked[41] + 2);
    let stale = format!("line 6: `{changed}` has changed");
    let other = format!("line {}: `take-remote` decides nothing about a match", left[20] + 2);
    let nobody = "line 62: nothing waits under `999999-abcdef`";
    for told in [&*missing, &*given, &*stale, nobody, &*other] {
        assert!(err(&refused).contains(told), "{told}: {}", err(&refused));
    }
    undecided().await;

    // As another spreadsheet saves it.
    let done = person.resolve_all(&right, b';').await;
    assert!(done.status.success(), "{}", err(&done));
    assert_eq!(out(&done).trim(), format!("{} decided; the next run does it.", right.len() - 5));
    let shown = person.sheet().await;
    for (row, right) in shown.iter().zip(&right) {
        assert_eq!((&row["id"], &row["decision"]), (&right["id"], &right["decision"]));
    }
    let waiting = person.queue().await;
    assert!(waiting.iter().all(|one| one["decision"].is_null() || one["who"] == "Ada"), "{:#}", waiting[0]);
    let report = person.ran().await;
    assert_eq!((&report["created"], &report["queued"]), (&150.into(), &5.into()), "{report}");
    for (subject, account) in &ours {
        assert_eq!(person.tied(*account).as_ref(), Some(subject));
    }
    assert_eq!(person.count("distributor_id IS NOT NULL"), 250);
    assert_eq!(person.queue().await.len(), 5);
    let quiet = person.ran().await;
    assert_eq!((&quiet["created"], &quiet["updated"]), (&0.into(), &0.into()), "{quiet}");
}

#[tokio::test]
async fn one_by_one_each_word_does_what_it_says_and_no_other_is_taken() {
    let (_simulator, person) = person(12).await;
    person.ran().await;
    let subjects: Vec<String> =
        person.sheet().await.into_iter().map(|mut row| row.remove("subject").unwrap()).collect();
    let say = async |subject: &str, word: &[&str]| {
        let id = person.waiting(subject).await;
        let mut args = vec!["resolve", id.as_str()];
        args.extend(word);
        person.sync(&args).await
    };
    let done = async |subject: &str, word: &[&str]| {
        let output = say(subject, word).await;
        assert!(output.status.success(), "{word:?}: {}", err(&output));
        assert_eq!(out(&output).trim(), "1 decided; the next run does it.");
    };

    // A match.
    for (word, told) in [
        (&["--take-remote"][..], "decides nothing about a match"),
        (&["--happened", "x"][..], "decides nothing about a match"),
        (&["--never-happened"][..], "decides nothing about a match"),
        (&["--retry"][..], "decides nothing about a match"),
        (&["--link", "987654"][..], "the application has no record `987654`"),
    ] {
        let output = say(&subjects[0], word).await;
        assert!(!output.status.success() && err(&output).contains(told), "{word:?}: {}", err(&output));
    }
    let nothing = person.sync(&["resolve", "999-abcdef", "--create"]).await;
    assert!(!nothing.status.success() && err(&nothing).contains("nothing waits under"), "{}", err(&nothing));
    let account = person.account("Called otherwise here");
    done(&subjects[0], &["--link", &account.to_string(), "--by", "Ada"]).await;
    done(&subjects[1], &["--create"]).await;
    done(&subjects[2], &["--ignore"]).await;
    let shown = out(&person.sync(&["queue"]).await);
    assert!(shown.contains(&format!("decided: link {account} (by Ada); the next run does it")), "{shown}");
    person.ran().await;
    assert_eq!(person.tied(account).as_ref(), Some(&subjects[0]));
    assert_eq!(person.count("distributor_id IS NOT NULL"), 2);
    assert_eq!(person.queue().await.len(), subjects.len() - 3);
    let belongs = say(&subjects[3], &["--link", &account.to_string()]).await;
    assert!(err(&belongs).contains("belongs to"), "{}", err(&belongs));

    // A row that vanished.
    person.application().execute("DELETE FROM accounts WHERE id = ?1", [account]).unwrap();
    assert!(person.sync(&["run", "--heal"]).await.status.success());
    let taken = say(&subjects[0], &["--take-local"]).await;
    assert!(err(&taken).contains("decides nothing about a vanished"), "{}", err(&taken));
    done(&subjects[0], &["--create"]).await;
    person.ran().await;
    assert_eq!(person.count("distributor_id IS NOT NULL"), 2);
}

#[tokio::test]
async fn a_field_that_both_sides_changed_is_what_a_person_says() {
    let (simulator, person) = person(12).await;
    person.ran().await;
    let rows = person.sheet().await;
    let mut all = rows.clone();
    all.iter_mut().for_each(|row| decide(row, "create"));
    assert!(person.resolve_all(&all, b',').await.status.success());
    person.ran().await;
    // Of a company that has ended nothing can be changed.
    let mut both = Vec::new();
    for row in &rows {
        let (id, at) = (row["subject"].clone(), both.len());
        if at < 2 && moved(&simulator, &id, &format!("There {at}")).await {
            let query = "UPDATE accounts SET city = ?1 WHERE distributor_id = ?2";
            person.application().execute(query, [format!("Here {at}"), id.clone()]).unwrap();
            both.push(id);
        }
    }
    let [ours, theirs] = both.try_into().unwrap();
    let report = person.ran().await;
    assert_eq!(report["conflicts"], 2, "{report}");
    let shown = out(&person.sync(&["queue"]).await);
    assert!(shown.contains("city: there \"There 0\", here \"Here 0\""), "{shown}");
    for (id, word) in [(&ours, "--take-local"), (&theirs, "--take-remote")] {
        let waiting = person.waiting(id).await;
        let other = person.sync(&["resolve", &waiting, "--create"]).await;
        assert!(err(&other).contains("decides nothing about a conflict"), "{}", err(&other));
        let output = person.json(&["resolve", &waiting, word]).await;
        assert_eq!(output["decided"], 1);
    }
    person.ran().await;
    assert_eq!((person.city(&ours), person.city(&theirs)), ("Here 0".to_owned(), "There 1".to_owned()));
    assert!(person.queue().await.is_empty());
}

/// A company moves, if it can.
async fn moved(simulator: &Simulator, company: &str, city: &str) -> bool {
    let provider = provider(simulator);
    let id = CustomerId::new(company);
    let known = provider.get_customer(&id, &ReadOptions::default()).await.unwrap();
    let Some(mut address) = known.address else { return false };
    address.city = Some(city.to_owned());
    let mut update = UpdateCustomer::new(id);
    update.address = Patch::Set(address);
    let options = WriteOptions::new(IdempotencyKey::random().unwrap());
    provider.execute(&update.into(), &options).await.is_ok()
}
