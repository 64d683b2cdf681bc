//! The same with tables and store on a server: `--target` and `--db` are all that is another.

use provider_core::clock::{Clock as _, SystemClock};
use provider_sync::reconcile::Month;
use provider_testkit::postgres::Server;

use super::{Person, err, from_a_clone_of, kind, out, reconcile};

#[tokio::test]
async fn from_a_clone_to_tables_on_a_server() {
    for name in ["pax8", "crayon", "streamone"] {
        let Some(server) = Server::start(&[]).unwrap() else { return };
        let mut person = Person::new(name, Vec::new());
        person.server = Some(server.address_over_tcp("postgres"));
        from_a_clone_of(&person).await;
        let amounts = "SELECT string_agg(DISTINCT data_type, ' ') FROM information_schema.columns WHERE column_name = 'cost'";
        assert_eq!(server.sql(amounts).unwrap(), "numeric", "{name}");
        let rows: u64 = server.sql("SELECT count(*) FROM accounts").unwrap().parse().unwrap();
        let quiet = person.json(&["run"]).await;
        // One that has ended at the distributor is unchanged without a row.
        let customers = kind(&quiet, "customer");
        assert!(customers["unchanged"].as_u64().unwrap() >= rows && rows > 0, "{name}: {quiet:#}");
        for counted in ["created", "updated", "removed"] {
            assert_eq!(customers[counted], 0, "{name}: {quiet:#}");
        }
        // The rows are those that a person has in files.
        let beside = Person::new(name, Vec::new());
        assert!(beside.sync(&["tables", "--create"]).await.status.success());
        let files = beside.json(&["run"]).await;
        assert_eq!(files["outcome"], "completed", "{files:#}");
        let app = rusqlite::Connection::open(beside.shell.file("app.db")).unwrap();
        for table in ["accounts", "catalog", "seats"] {
            let count = format!("SELECT count(*) FROM {table}");
            let own: u64 = app.query_row(&count, [], |row| row.get::<_, i64>(0)).unwrap().try_into().unwrap();
            assert_eq!(server.sql(&count).unwrap(), own.to_string(), "{name}: {table}");
        }
        // Tables that are there are left as they are; a server that is not there may be in a minute.
        let again = person.sync(&["tables", "--create"]).await;
        assert_eq!(again.status.code(), Some(1), "{}", out(&again));
        drop(server);
        let gone = person.sync(&["check"]).await;
        assert_eq!(gone.status.code(), Some(1), "{}", err(&gone));
        assert!(
            err(&gone).contains("--target") && !err(&gone).contains("postgres-password"),
            "{}",
            err(&gone)
        );
        // So may that of the store.
        for verb in ["status", "queue"] {
            let gone = person.sync(&[verb]).await;
            assert_eq!(gone.status.code(), Some(1), "{verb}: {}", err(&gone));
            let said = err(&gone);
            assert!(said.contains("--db") && !said.contains("postgres-password"), "{verb}: {said}");
        }
    }
}

#[tokio::test]
async fn what_was_billed_is_compared_from_a_server() {
    let Some(server) = Server::start(&[]).unwrap() else { return };
    let month = Month::of(SystemClock.now()).before().to_string();
    server
        .sql(&format!(
            "CREATE TABLE positions (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, remote text, seats integer, \
             net numeric(12,2), month date, debtor text); \
             INSERT INTO positions (remote, seats, net, month) VALUES ('nobody knows it', 2, 10, '{month}-01')"
        ))
        .unwrap();
    let (shell, plan, _) = reconcile::person("pax8", &month);
    let target = server.address_over_tcp("postgres");
    let compared = shell
        .run("sync", &["reconcile", "--plan", &plan, "--target", &target, "--period", &month, "--json"])
        .await;
    assert!(compared.status.success(), "{}", err(&compared));
    let json: serde_json::Value = serde_json::from_str(&out(&compared)).unwrap();
    assert_eq!(json["billed"]["records"], 1, "{json:#}");
    assert_eq!(json["summary"]["all_matched"], false);
}
