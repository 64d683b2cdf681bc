//! The thread that owns the connection.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use provider_core::clock::Clock;
use provider_core::{Error, ErrorKind, Result};
use tokio::sync::oneshot;

use super::connection::Connection;
use super::{Options, copy, place};
use crate::error::{STORE_SETTING, StoreErrorKind};
use crate::schema::{Migrate, NeedsMigration};
use crate::tx::Step;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Steps are queued and carried out one after another. SQLite has one writer at a time, so a second connection
/// would win nothing; and a thread of its own needs no runtime and blocks nobody else's.
#[derive(Debug)]
pub struct Worker {
    queue: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    options: Options,
}

impl Worker {
    /// Opens the store in its file, which is made where there is none.
    pub(crate) async fn open(options: Options) -> Result<Self> {
        let (queue, jobs) = mpsc::channel::<Job>();
        let (reply, opened) = oneshot::channel();
        let asked = options.clone();
        let thread = thread::Builder::new()
            .name("provider-store".to_owned())
            .spawn(move || {
                let mut connection = match open(&asked) {
                    Ok(connection) => connection,
                    Err(error) => {
                        let _ = reply.send(Err(error));
                        return;
                    }
                };
                if reply.send(Ok(())).is_ok() {
                    for job in jobs {
                        job(&mut connection);
                    }
                }
            })
            .map_err(|error| {
                Error::new(ErrorKind::Internal, "no thread for the store could be started").with_source(error)
            })?;
        // Whoever gives up here does not wait for the thread, which then ends by itself.
        opened.await.map_err(|_| ended())??;
        Ok(Self { queue: Some(queue), thread: Some(thread), options })
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.options.clock)
    }

    pub(crate) async fn run<S: Step>(&self, step: S) -> Result<S::Answer> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Box::new(move |connection| {
            if S::OUTLIVES_ITS_CALLER || !reply.is_closed() {
                let _ = reply.send(connection.step(step));
            }
        }))?;
        answer.await.map_err(|_| ended())?
    }

    /// What cannot be done is not missed: it ends by itself.
    pub(crate) fn post<S: Step>(&self, step: S) {
        let _ = self.enqueue(Box::new(move |connection| {
            let _ = connection.step(step);
        }));
    }

    /// The copy is made on a connection of its own, so that nobody waits for it.
    pub(crate) async fn copy_to(&self, path: PathBuf) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        let options = self.options.clone();
        thread::spawn(move || {
            let _ = reply.send(copy::copy(&options, &path));
        });
        answer.await.map_err(|_| ended())?
    }

    fn enqueue(&self, job: Job) -> Result<()> {
        let queue = self.queue.as_ref().ok_or_else(ended)?;
        queue.send(job).map_err(|_| ended())
    }

    /// For tests of what SQLite does at its limits.
    #[cfg(test)]
    pub(crate) async fn pragma(&self, pragma: &'static str) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Box::new(move |connection| {
            let _ = reply.send(connection.pragma(pragma));
        }))?;
        answer.await.map_err(|_| ended())?
    }
}

fn open(options: &Options) -> Result<Connection> {
    let at_rest = place::provide(options)?;
    let mut connection = Connection::open(options)?;
    if let Some(length) = at_rest {
        connection.refuse_parts_of_pages(length)?;
    }
    // A store of this schema is opened without writing, so that one that is read-only can be looked at.
    if connection.step_on_any_schema(NeedsMigration)? {
        connection.step_on_any_schema(Migrate)?;
    }
    Ok(connection)
}

fn ended() -> Error {
    StoreErrorKind::Unreachable.error(STORE_SETTING, "the thread of this store has ended: open it again")
}

impl Drop for Worker {
    /// What was posted is still carried out: a lease that is not given back holds up the next process.
    fn drop(&mut self) {
        drop(self.queue.take());
        // The last handle may have been part of a job.
        if let Some(thread) = self.thread.take().filter(|own| own.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }
}
