//! Connections that break while a step is being stored: the server did it, or did not, and nobody said which.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use provider_core::journal::Begin;
use provider_store::StoreErrorKind;
use provider_testkit::postgres::Server;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};

use crate::attempts::{MINUTE, change, fresh, of_kind};
use crate::support::{Place, opening};

/// What happens to a `COMMIT` on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// It never arrives.
    Before,
    /// It is carried out, and the answer never arrives.
    After,
}

/// Between a store and its server.
#[derive(Debug, Default)]
struct Wire {
    commits: AtomicU64,
    /// Every so many is cut; 0: none.
    every: AtomicU64,
    /// Whether nobody gets through any more.
    down: AtomicBool,
    /// Whether it goes down with the next cut.
    falls: AtomicBool,
    before: AtomicBool,
}

impl Wire {
    fn cut(&self) -> Option<Cut> {
        let count = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        let every = self.every.load(Ordering::SeqCst);
        if every == 0 || !count.is_multiple_of(every) {
            return None;
        }
        if self.falls.load(Ordering::SeqCst) {
            self.down.store(true, Ordering::SeqCst);
        }
        // One in four never arrives, unless that is wanted: a step is tried three times, and of a crowd of sixteen, whoever
        // is delayed, none can be the one each time.
        let before = self.before.load(Ordering::SeqCst) || (every > 1 && (count / every).is_multiple_of(4));
        Some(if before { Cut::Before } else { Cut::After })
    }

    /// Passes on what one client says and hears, until a cut.
    async fn pass(self: Arc<Self>, mut client: TcpStream, socket: PathBuf) {
        let mut server = UnixStream::connect(socket).await.unwrap();
        let (mut said, mut heard) = (vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                length = client.read(&mut said) => {
                    let Ok(length @ 1..) = length else { return };
                    let commit = said[..length].windows(7).any(|part| part == b"COMMIT\0");
                    let cut = if commit { self.cut() } else { None };
                    if cut == Some(Cut::Before) {
                        return;
                    }
                    server.write_all(&said[..length]).await.unwrap();
                    if cut == Some(Cut::After) {
                        // The answer is read, so that it was carried out for certain.
                        let _ = server.read(&mut heard).await;
                        return;
                    }
                }
                length = server.read(&mut heard) => {
                    let Ok(length @ 1..) = length else { return };
                    if client.write_all(&heard[..length]).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Answers where it listens.
    async fn listen(self: &Arc<Self>, socket: PathBuf) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let wire = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !wire.down.load(Ordering::SeqCst) {
                    tokio::spawn(Arc::clone(&wire).pass(client, socket.clone()));
                }
            }
        });
        own
    }

    /// The address of this place through the wire.
    async fn address(self: &Arc<Self>, server: &Server, place: &Place) -> String {
        // Over a socket of this machine the server asks for no password.
        let own = self.listen(server.folder().join(format!(".s.PGSQL.{}", server.port()))).await;
        let address = place.address();
        let (_, options) = address.split_once('?').unwrap();
        format!("postgres://postgres@127.0.0.1:{own}/postgres?{options}")
    }
}

#[tokio::test]
async fn a_step_whose_answer_was_lost_is_answered_by_what_became_of_it() {
    let Some(server) = Server::start(&[]).unwrap() else { return };
    let (place, wire) = (Place::on(&server), Arc::new(Wire::default()));
    let store = opening(&wire.address(&server, &place).await).await.unwrap();
    let plain = place.store().await;
    wire.every.store(1, Ordering::SeqCst);
    fresh(&store.journal(), &change("after", "S-1")).await;
    assert!(matches!(plain.journal().begin(&change("after", "S-1"), MINUTE).await.unwrap(), Begin::Busy(_)));
    assert_eq!(plain.entries(&change("after", "S-1").key).await.unwrap().len(), 1);
    // One that never arrived is done again: the second time it arrives.
    wire.before.store(true, Ordering::SeqCst);
    wire.every.store(2, Ordering::SeqCst);
    wire.commits.store(1, Ordering::SeqCst);
    fresh(&store.journal(), &change("before", "S-2")).await;
    assert_eq!(wire.commits.load(Ordering::SeqCst), 3, "it was sent twice");
    assert_eq!(plain.entries(&change("before", "S-2").key).await.unwrap().len(), 1);
}

/// The server that knows is gone as well: whether it was stored is not known, and the store tells later.
#[tokio::test]
async fn a_step_in_doubt_is_an_error_and_never_fresh_twice() {
    let Some(server) = Server::start(&[]).unwrap() else { return };
    for before in [true, false] {
        let (place, wire) = (Place::on(&server), Arc::new(Wire::default()));
        let address = wire.address(&server, &place).await;
        let store = opening(&address).patience(Duration::from_millis(300)).await.unwrap();
        wire.falls.store(true, Ordering::SeqCst);
        wire.before.store(before, Ordering::SeqCst);
        wire.every.store(1, Ordering::SeqCst);
        let journal = store.journal();
        let error =
            of_kind(journal.begin(&change("doubt", "S-1"), MINUTE).await, StoreErrorKind::Unreachable);
        assert!(error.to_string().contains("not known"), "{error}");
        wire.every.store(0, Ordering::SeqCst);
        wire.down.store(false, Ordering::SeqCst);
        // The store waits for nobody long, and the server notices in its own time that somebody is gone.
        let under_way = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'provider-store' AND state <> 'idle'";
        while server.sql(under_way).unwrap() != "0" {
            tokio::task::yield_now().await;
        }
        let again = journal.begin(&change("doubt", "S-1"), MINUTE).await.unwrap();
        assert_eq!(matches!(again, Begin::Fresh(_)), before, "{again:?}");
    }
}

/// Whatever is cut: of sixteen on one record, one is told to go on.
#[tokio::test]
async fn of_sixteen_over_bad_wires_one_is_fresh() {
    let Some(server) = Server::start(&[("max_connections", "300")]).unwrap() else { return };
    let (place, wire) = (Place::on(&server), Arc::new(Wire::default()));
    let address = wire.address(&server, &place).await;
    let mut crowd = Vec::new();
    for _ in 0..16 {
        crowd.push(opening(&address).await.unwrap().journal());
    }
    wire.every.store(3, Ordering::SeqCst);
    for round in 0..25 {
        let subscription = format!("S-{round}");
        let tasks = crowd.iter().enumerate().map(|(n, journal)| {
            let (journal, attempt) = (Arc::clone(journal), change(&format!("{round} {n}"), &subscription));
            tokio::spawn(async move { journal.begin(&attempt, MINUTE).await })
        });
        let mut fresh = 0;
        for task in tasks.collect::<Vec<_>>() {
            match task.await.unwrap() {
                Ok(Begin::Fresh(_)) => fresh += 1,
                Ok(Begin::Blocked(_)) => {}
                other => panic!("neither fresh nor blocked: {other:?}"),
            }
        }
        assert_eq!(fresh, 1, "in round {round}");
    }
    assert!(wire.commits.load(Ordering::SeqCst) > 400, "most of them were stored more than once");
}
