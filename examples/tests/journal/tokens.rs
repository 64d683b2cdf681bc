//! StreamOne's chain of tokens: in the store, unless a directory is named.

use std::fs;

use provider_simulator::Simulator;

use crate::run::{Shell, err};

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_in_the_store_and_a_chain_in_files_goes_on() {
    let simulator = Simulator::start().await.unwrap();
    let ion = simulator.streamone();
    ion.set_reuse_revokes_family(true);
    let first = ion.env();
    let verify = ["--provider", "streamone"];
    let shell = Shell::new(first);
    let verified = |output: std::process::Output| {
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    };

    // As versions before did it: in files.
    let before = shell.file("provider-tokens");
    let mut command = shell.command("verify", &verify);
    command.env("PROVIDER_TOKEN_DIR", &before);
    verified(tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap());
    assert_eq!((ion.rotations(), ion.replays()), (1, 0));
    assert!(!shell.file("provider-examples").exists(), "a directory was named");
    let files = || fs::read_dir(&before).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    let kept: Vec<_> = files().collect();

    // The token in the variable is spent; the chain goes on in the store.
    ion.expire_access_tokens();
    verified(shell.run("verify", &verify).await);
    assert_eq!((ion.rotations(), ion.replays()), (2, 0));
    assert!(shell.file("provider-examples/store.db").exists());
    ion.expire_access_tokens();
    verified(
        shell.run("export", &["--provider", "streamone", "--entity", "customers", "--limit", "1"]).await,
    );
    assert_eq!((ion.rotations(), ion.replays()), (3, 0));
    assert_eq!(files().collect::<Vec<_>>(), kept, "the files are left as they were");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_seals_them_and_is_needed_from_then_on() {
    let simulator = Simulator::start().await.unwrap();
    let ion = simulator.streamone();
    let shell = Shell::new(ion.env());
    let verify = |key: Option<&str>| {
        let mut command = shell.command("verify", &["--provider", "streamone"]);
        if let Some(key) = key {
            command.env("PROVIDER_TOKEN_KEY", key);
        }
        tokio::task::spawn_blocking(move || command.output().unwrap())
    };
    let key = "0f".repeat(32);
    assert_eq!(verify(Some(&key)).await.unwrap().status.code(), Some(0));
    assert_eq!(verify(Some(&key)).await.unwrap().status.code(), Some(0));
    for wrong in [None, Some("1e".repeat(32)), Some("short".to_owned())] {
        let output = verify(wrong.as_deref()).await.unwrap();
        assert_ne!(output.status.code(), Some(0));
        let said = format!("{}{}", crate::run::out(&output), err(&output));
        assert!(said.contains("PROVIDER_TOKEN_KEY"), "{said}");
        assert!(!said.contains("1e1e"), "{said}");
    }
    assert_eq!(ion.replays(), 0);
}
