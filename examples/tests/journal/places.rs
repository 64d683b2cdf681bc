//! Where the store is, and what is said of a place that cannot be one.

use std::fs;

use provider_core::clock::{Clock as _, SystemClock};
use provider_core::info::AccountKey;
use provider_core::journal::JournalBook;
use provider_core::{
    Attempt, BillingCycle, IdempotencyKey, NewOrder, NewOrderLine, Outcome, PlaceOrder, Receipt,
};

use crate::run::{Shell, err, out};
use crate::shop::{KEY, Shop, report};

/// In the platform's directory for state unless somebody says otherwise.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_word_the_store_is_where_state_belongs() {
    let shop = Shop::open().await;
    assert!(report(&shop.order().await)["receipt"]["replayed"].is_null());
    assert!(shop.shell.file("provider-examples/store.db").exists());
    assert_eq!(report(&shop.order().await)["receipt"]["replayed"], true);
    assert_eq!(shop.sent(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_variable_names_the_store_for_all_processes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let address = format!("sqlite:{}", file.display());
    let shop = Shop::with(&[("PROVIDER_STORE", &address)]).await;
    report(&shop.order().await);
    assert!(file.exists());
    assert!(!shop.shell.file("provider-examples").exists());
    assert_eq!(report(&shop.order().await)["receipt"]["replayed"], true);
    // Another store knows nothing of it.
    let other = Shop::open().await;
    assert!(report(&other.order().await)["receipt"]["replayed"].is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_cannot_be_one_is_bad_usage_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    fs::write(folder.path().join("text"), "no database, but long enough to be one ".repeat(50)).unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    // One that a build with PostgreSQL cannot read, or that a build without it cannot use.
    let server = if cfg!(feature = "postgres") {
        ("postgres://app:planted@db:port/orders", "postgres://USER")
    } else {
        ("postgres://app:planted@db/orders", "PostgreSQL")
    };
    for (address, says) in [
        ("mysql:orders", "sqlite:PATH"),
        ("orders.db", "sqlite:PATH"),
        server,
        ("", "blank"),
        (" ", "blank"),
        ("sqlite:", "names no file"),
        (&at("misspelt/orders.db"), "does not exist"),
        (&at("text"), "no store"),
        (&at("text/orders.db"), "text"),
        (&at("folder"), "folder"),
    ] {
        let shop = Shop::with(&[("PROVIDER_STORE", address)]).await;
        let seats = ["--provider", "pax8", "--subscription", "s", "--quantity", "7", "--key", KEY];
        for (example, args) in
            [("order", shop.order_args()), ("seats", seats.to_vec()), ("journal", vec!["list"])]
        {
            let output = shop.shell.run(example, &args).await;
            let said = err(&output);
            assert_eq!(output.status.code(), Some(2), "{example} {address:?}: {said}");
            assert!(said.contains("PROVIDER_STORE"), "{example} {address:?}: {said}");
            // A folder is only missing where a store is to be made.
            assert!(said.contains(says) || example == "journal", "{example} {address:?}: {said}");
            assert!(!said.contains("planted"), "{said}");
        }
        assert_eq!(shop.sent(), 0, "{address:?}");
        // Nothing is configured: what is wrong is said as well.
        let bare = Shell::new(vec![("PROVIDER_STORE".to_owned(), address.to_owned())]);
        let output = bare.run("order", &shop.order_args()).await;
        assert_eq!(output.status.code(), Some(2), "{address:?}: {}", err(&output));
        assert!(err(&output).contains("PROVIDER_STORE"), "{}", err(&output));
    }
    assert!(!folder.path().join("misspelt").exists());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_text_or_may_not_be_written_is_bad_usage_too() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65_534;
    let shop = Shop::open().await;
    let mut command = shop.shell.command("order", &shop.order_args());
    command.env("PROVIDER_STORE", OsStr::from_bytes(b"sqlite:\xff.db"));
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("PROVIDER_STORE"), "{}", err(&output));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let address = format!("sqlite:{}", file.display());
    drop(provider_store::Store::open(&*address).await.unwrap());
    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&file, 0o444);
    mode(folder.path(), 0o555);
    let privileged = fs::OpenOptions::new().write(true).open(&file).is_ok();
    let mut command = shop.shell.command("order", &shop.order_args());
    command.env("PROVIDER_STORE", &address);
    if privileged {
        // The examples and the state of their shell are this user's.
        command.uid(NOBODY).env_remove("HOME").env("XDG_STATE_HOME", folder.path());
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    mode(folder.path(), 0o755);
    // Where nobody may run what this user has built, there is nothing to see.
    if let Ok(output) = output {
        assert_eq!(output.status.code(), Some(2), "{}", err(&output));
        assert!(err(&output).contains("PROVIDER_STORE"), "{}", err(&output));
        assert!(err(&output).contains("cannot be written"), "{}", err(&output));
    } else {
        assert!(privileged);
    }
    assert_eq!(shop.sent(), 0);
}

/// A simulator ends with its program, and so does what was ordered there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_ordered_at_the_embedded_simulator_is_kept_nowhere() {
    let shop = Shop::open().await;
    let bare = Shell::new(Vec::new());
    for _ in 0..2 {
        let output = bare.run("order", &shop.order_args()).await;
        assert!(err(&output).contains("embedded simulator"));
        assert!(report(&output)["receipt"]["replayed"].is_null(), "a new simulator has no orders");
    }
    assert_eq!(fs::read_dir(bare.file("")).unwrap().count(), 0, "nothing was written");
    let listed = bare.run("journal", &["list"]).await;
    assert_eq!(listed.status.code(), Some(0), "{}", err(&listed));
    assert!(out(&listed).contains("Nothing is open"), "{}", out(&listed));
}

/// The journal that earlier versions kept in a JSON file.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_journal_of_an_earlier_version_is_taken_in() {
    let shop = Shop::open().await;
    let args = shop.order_args();
    let of = |flag: &str| args[args.iter().position(|arg| *arg == flag).unwrap() + 1];
    let mut line = NewOrderLine::new(of("--product"), 3);
    line.billing_cycle = Some(BillingCycle::Monthly);
    let command = PlaceOrder::new(NewOrder::new(of("--customer")).line(line));
    let (key, now) = (IdempotencyKey::new(KEY).unwrap(), SystemClock.now());
    let account = AccountKey::new("pax8", shop.pax8().base_url(), shop.pax8().client_id());
    let attempt = Attempt::new("pax8", command.into(), key, now).with_account(account);
    let mut book = JournalBook::default();
    book.begin(&attempt, now, std::time::Duration::from_secs(60)).unwrap();
    book.finish(&attempt, &Receipt::new(Outcome::Applied), now);
    let file = shop.shell.file("provider-examples/journal.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, serde_json::to_vec(&book).unwrap()).unwrap();

    let output = shop.order().await;
    assert_eq!(report(&output)["receipt"]["replayed"], true);
    assert!(err(&output).contains("Took 1 entries of the journal in"), "{}", err(&output));
    assert_eq!(shop.sent(), 0);
    // Said once; the file stays for programs that still write it.
    let again = shop.order().await;
    assert_eq!(report(&again)["receipt"]["replayed"], true);
    assert_eq!(err(&again), "");
    assert!(file.exists());

    fs::write(&file, "[{").unwrap();
    let damaged = shop.order().await;
    assert_eq!(damaged.status.code(), Some(2), "{}", err(&damaged));
    assert!(err(&damaged).contains("journal.json"), "{}", err(&damaged));
}
