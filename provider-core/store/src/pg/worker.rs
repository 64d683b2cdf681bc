//! The thread that owns the connections.

use std::fmt;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use provider_core::clock::{BoxFuture, Clock};
use provider_core::{Error, ErrorKind, Result};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::Options;
use super::guest::PgStep;
use super::server::Server;
use crate::error::{STORE_SETTING, StoreErrorKind};

type Job = Box<dyn FnOnce(Arc<Server>) -> BoxFuture<()> + Send>;

/// Connections live on a runtime of their own: they outlast that of whoever made the first call, any runtime can wait
/// for an answer, and what is dropped outside of one is still given back.
pub struct Worker {
    queue: Option<UnboundedSender<Job>>,
    thread: Option<JoinHandle<()>>,
    clock: Option<Arc<dyn Clock>>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgreSQL")
    }
}

impl Worker {
    /// Opens the store in its database, where its tables are made if there are none.
    pub(crate) async fn open(options: Options) -> Result<Self> {
        let (queue, jobs) = mpsc::unbounded_channel();
        let (reply, opened) = oneshot::channel();
        let clock = options.clock.clone();
        let thread = thread::Builder::new()
            .name("provider-store".to_owned())
            .spawn(move || match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(serve(options, jobs, reply)),
                Err(error) => drop(reply.send(Err(no_thread(error)))),
            })
            .map_err(no_thread)?;
        // Whoever gives up here does not wait for the thread, which then ends by itself.
        opened.await.map_err(|_| ended())??;
        Ok(Self { queue: Some(queue), thread: Some(thread), clock })
    }

    /// A clock in place of the database's.
    pub(crate) fn clock(&self) -> Option<Arc<dyn Clock>> {
        self.clock.clone()
    }

    pub(crate) async fn run<S: PgStep>(&self, step: S) -> Result<S::Answer> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Box::new(move |server| {
            Box::pin(async move {
                let gone = || !S::OUTLIVES_ITS_CALLER && reply.is_closed();
                let outcome = server.step(step, &gone).await;
                let _ = reply.send(outcome);
            })
        }))?;
        answer.await.map_err(|_| ended())?
    }

    /// What cannot be done is not missed: it ends by itself.
    pub(crate) fn post<S: PgStep>(&self, step: S) {
        let _ = self.enqueue(Box::new(move |server| {
            Box::pin(async move {
                let _ = server.step(step, &|| false).await;
            })
        }));
    }

    fn enqueue(&self, job: Job) -> Result<()> {
        let queue = self.queue.as_ref().ok_or_else(ended)?;
        queue.send(job).map_err(|_| ended())
    }
}

async fn serve(options: Options, mut jobs: UnboundedReceiver<Job>, reply: oneshot::Sender<Result<()>>) {
    let patience = options.patience;
    let server = match Server::open(options).await {
        Ok(server) => Arc::new(server),
        Err(error) => {
            let _ = reply.send(Err(error));
            return;
        }
    };
    if reply.send(Ok(())).is_err() {
        return;
    }
    let mut tasks = JoinSet::new();
    while let Some(job) = jobs.recv().await {
        while tasks.try_join_next().is_some() {}
        tasks.spawn(job(Arc::clone(&server)));
    }
    // A server that does not answer keeps nobody from ending.
    let rest = async { while tasks.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(patience, rest).await;
}

fn no_thread(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Internal, "no thread for the store could be started").with_source(error)
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
