//! Encryption to the server.

use std::path::{Path, PathBuf};

use provider_store::StoreErrorKind;
use provider_testkit::postgres::Server;

use crate::attempts::{change, done, is_done, of_kind};
use crate::support::opening;

/// Gives the server a certificate of `localhost`, and answers where the certificate lies for its clients.
fn certify(server: &Server, folder: &Path) -> PathBuf {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    for (file, text) in [("server.crt", made.cert.pem()), ("server.key", made.signing_key.serialize_pem())] {
        // Its own user has to own the key.
        let write = format!(
            "COPY (SELECT unnest(string_to_array('{}', E'\\n'))) TO PROGRAM 'umask 077; cat > {file}'",
            text.replace("\r\n", "\n").trim_end()
        );
        server.sql(&write).unwrap();
    }
    server.sql("ALTER SYSTEM SET ssl = on").unwrap();
    server.sql("SELECT pg_reload_conf()").unwrap();
    while server.sql("SHOW ssl").unwrap() != "on" {}
    let roots = folder.join("roots.pem");
    std::fs::write(&roots, made.cert.pem()).unwrap();
    roots
}

#[tokio::test]
async fn only_the_server_that_is_certified_is_talked_to() {
    let Some(server) = Server::start(&[]).unwrap() else { return };
    let folder = tempfile::tempdir().unwrap();
    let plain = server.address_over_tcp("postgres");
    let required = format!("{}?sslmode=require", plain.replace("127.0.0.1", "localhost"));
    let error = of_kind(opening(&required).await, StoreErrorKind::Unreachable);
    assert!(error.to_string().contains("TLS"), "{error}");
    let roots = certify(&server, folder.path());
    let right = format!("{required}&sslrootcert={}", roots.display());
    let store = opening(&right).await.unwrap();
    done(&store.journal(), &change("one", "S-1")).await;
    let encrypted = server.sql(
        "SELECT bool_and(s.ssl) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) \
         WHERE a.application_name = 'provider-store'",
    );
    assert_eq!(encrypted.unwrap(), "t");
    for wrong in [
        // Another name than the one in the certificate; nobody whom the system trusts; no certificates at all.
        right.replace("localhost", "127.0.0.1"),
        required.clone(),
    ] {
        let error = of_kind(opening(&wrong).await, StoreErrorKind::Unreachable);
        assert!(!format!("{error} {error:?}").contains("postgres-password"), "{error:?}");
    }
    let nothing = folder.path().join("nothing.pem");
    std::fs::write(&nothing, "no certificates").unwrap();
    let error = opening(&right.replace("roots.pem", "nothing.pem")).await.err().unwrap();
    assert!(error.to_string().contains("sslrootcert"), "{error}");
    // Without a word about it, nothing is encrypted on one machine.
    assert!(is_done(&opening(&plain).await.unwrap().journal(), &change("one", "S-1")).await);
}
