//! The thread that owns the connection to the application's database.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use provider_core::Violation;
use provider_core::command::folded_name;
use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::oneshot;

use crate::target::{TargetError, TargetErrorKind};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// How long to wait while the application writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked of it is done one after another; nobody's runtime waits for the disk.
#[derive(Debug)]
pub(crate) struct Worker {
    queue: Sender<Job>,
    path: PathBuf,
}

/// The errors that come up in a job.
#[derive(Debug)]
pub(crate) enum JobError {
    Sqlite(rusqlite::Error),
    Target(TargetError),
    /// What the application has against a row has ended the whole transaction.
    Undone(Violation),
}

impl From<rusqlite::Error> for JobError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Worker {
    pub(crate) async fn open(path: PathBuf) -> Result<Self, TargetError> {
        Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE).await
    }

    /// For those who only look: the file need not be writable, and nothing can be written by mistake.
    pub(crate) async fn read_only(path: PathBuf) -> Result<Self, TargetError> {
        Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_ONLY).await
    }

    async fn open_with(path: PathBuf, access: OpenFlags) -> Result<Self, TargetError> {
        let (queue, jobs) = mpsc::channel::<Job>();
        let (reply, opened) = oneshot::channel();
        let file = path.clone();
        thread::Builder::new()
            .name("provider-sync".to_owned())
            .spawn(move || match open(&file, access) {
                Ok(mut connection) => {
                    if reply.send(Ok(())).is_ok() {
                        jobs.into_iter().for_each(|job| job(&mut connection));
                    }
                }
                Err(error) => drop(reply.send(Err(error))),
            })
            .map_err(|error| unreachable("no thread could be started").with_source(error))?;
        opened.await.map_err(|_| unreachable("the thread of the database has ended"))??;
        Ok(Self { queue, path })
    }

    pub(crate) async fn run<A: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<A, JobError> + Send + 'static,
    ) -> Result<A, TargetError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| drop(reply.send(job(connection))));
        self.queue.send(job).map_err(|_| unreachable("the thread of the database has ended"))?;
        let answer = answer.await.map_err(|_| unreachable("the thread of the database has ended"))?;
        answer.map_err(|error| match error {
            JobError::Sqlite(error) => reported(&self.path, error),
            JobError::Target(error) => error,
            JobError::Undone(violation) => TargetError::new(TargetErrorKind::Misfit, violation.message),
        })
    }
}

fn unreachable(message: &str) -> TargetError {
    TargetError::new(TargetErrorKind::Unreachable, message)
}

fn open(path: &Path, access: OpenFlags) -> Result<Connection, TargetError> {
    if !path.is_file() {
        let message = format!(
            "there is no database at {}: it is the application's own, and never made here",
            path.display()
        );
        return Err(TargetError::new(TargetErrorKind::Unreachable, message));
    }
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(128);
        // Otherwise a statement is planned anew whenever other values might want another plan.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        connection.create_scalar_function("provider_folded", 1, flags, |context| {
            let text: Option<String> = context.get(0)?;
            Ok(text.map(|text| folded_name(&text)))
        })?;
        // Whether it is a database shows with the first look into it.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    });
    opened.map_err(|error| reported(path, error))
}

/// What SQLite reports, in terms an operator can act on.
fn reported(path: &Path, error: rusqlite::Error) -> TargetError {
    let path = path.display();
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            TargetErrorKind::ReadOnly,
            format!("{path} cannot be written: let this user write the file and its folder"),
        ),
        Some(ErrorCode::DiskFull) => {
            (TargetErrorKind::Full, format!("there is no room for {path}: make some and run again"))
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            let seconds = PATIENCE.as_secs();
            (
                TargetErrorKind::Locked,
                format!("{path} was in use by another process for more than {seconds} s: run again"),
            )
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            (TargetErrorKind::Corrupt, format!("{path} is damaged, or no database"))
        }
        Some(ErrorCode::CannotOpen) => (TargetErrorKind::Unreachable, format!("{path} cannot be opened")),
        _ => (TargetErrorKind::Misfit, format!("{path} is not as the plan says ({error})")),
    };
    TargetError::new(kind, format!("{message}; nothing was written")).with_source(error)
}
