//! The connections, and how a step is carried out on one of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use futures_util::FutureExt as _;
use provider_core::clock::Clock;
use provider_core::{Error, ErrorKind, Result};
use tokio_postgres::config::SslMode;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::fault::{About, StatementError, is_crowded, is_refusal};
use super::guest::PgStep;
use super::transaction::{PgTx, Progress, Stamp};
use super::{Address, Options, between_statements};
use crate::place::Making;
use crate::schema::{self, IsThere, Knock, Migrate, NeedsMigration, Schema};
use crate::tx::Access;

/// Steps are short, and those of a journal come one after another: more connections would wait at the server.
const CONNECTIONS: usize = 8;
/// How often a step is done that each time fails by what may pass.
const TRIES: usize = 3;
const CONNECTING: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// Connections to one database.
pub(super) struct Server {
    pool: Pool,
    about: About,
    schema: Option<&'static Schema>,
    clock: Option<Arc<dyn Clock>>,
}

/// How an attempt at a step ended.
enum Ended<A> {
    Done(A),
    Failed(Error),
    /// Nothing was stored, and another attempt may go well.
    Again(Error),
}

/// What became of a transaction whose end was not heard.
enum Fate {
    Stored,
    Undone,
    Unknown,
}

/// A connection that only goes back into the pool when it is in no transaction.
struct Held(Option<Client>);

impl Held {
    fn client(&self) -> Result<&Client> {
        self.0
            .as_ref()
            .ok_or_else(|| Error::new(ErrorKind::Internal, "a connection was given back too early"))
    }

    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Client::take(client));
        }
    }
}

impl Server {
    /// Connects, and makes the tables where they are not there yet.
    pub(super) async fn open(options: Options) -> Result<Self> {
        let Options { address, patience, clock, schema, making } = options;
        let about = About { shown: address.shown.clone(), patience };
        let pool = pool(address, patience)?;
        let server = Self { pool, about, schema, clock };
        if schema.is_none() {
            // Who cannot come in is told at once.
            server.on_any_schema(Knock).await?;
            return Ok(server);
        }
        if making == Making::Nothing && !server.on_any_schema(IsThere).await? {
            return Err(server.about.absent());
        }
        // A store of this schema is opened without writing, so that one that is read-only can be looked at.
        if server.on_any_schema(NeedsMigration).await? {
            server.on_any_schema(Migrate).await?;
        }
        Ok(server)
    }

    pub(super) fn about(&self) -> &About {
        &self.about
    }

    /// The tables that are ours.
    pub(super) fn schema(&self) -> &'static Schema {
        self.schema.unwrap_or(schema::NOBODYS)
    }

    /// Whether the tables are somebody else's.
    pub(super) fn is_visited(&self) -> bool {
        self.schema.is_none()
    }

    /// A clock in place of the database's.
    pub(super) fn clock(&self) -> Option<&Arc<dyn Clock>> {
        self.clock.as_ref()
    }

    /// Carries out a step on the schema that this release knows, or on somebody else's tables, unless its caller has gone.
    pub(super) async fn step<S: PgStep>(
        &self,
        step: S,
        gone: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<S::Answer> {
        self.repeated(step, !self.is_visited(), gone).await
    }

    /// Carries out a step that looks at the schema by itself.
    async fn on_any_schema<S: PgStep>(&self, step: S) -> Result<S::Answer> {
        self.repeated(step, false, &|| false).await
    }

    async fn repeated<S: PgStep>(
        &self,
        step: S,
        checked: bool,
        gone: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<S::Answer> {
        let mut tries = 0;
        loop {
            if gone() {
                return Err(nobody_waits());
            }
            match Box::pin(self.attempt(step.clone(), checked, gone)).await {
                Ended::Done(answer) => return Ok(answer),
                Ended::Failed(error) => return Err(error),
                Ended::Again(error) => {
                    tries += 1;
                    if tries == TRIES {
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn attempt<S: PgStep>(
        &self,
        step: S,
        checked: bool,
        gone: &(dyn Fn() -> bool + Send + Sync),
    ) -> Ended<S::Answer> {
        let held = match self.connection().await {
            Ok(held) => held,
            Err(error) => return Ended::Failed(error),
        };
        let client = match held.client() {
            Ok(client) => client,
            Err(error) => return Ended::Failed(error),
        };
        let mut tx = PgTx::new(client, self, S::ACCESS, checked);
        let outcome = async {
            if checked {
                schema::refuse_another(&mut tx).await?;
            }
            step.run(&mut tx).await
        };
        let outcome = outcome.await;
        let Progress { begun, stamp, failure } = tx.end();
        match (outcome, failure) {
            (Err(error), Some(StatementError::Passing)) => Ended::Again(error),
            (Err(error), _) => {
                if begun && client.batch_execute("ROLLBACK").await.is_ok() {
                    held.give_back();
                }
                Ended::Failed(error)
            }
            // PostgreSQL stores nothing of a transaction in which a statement has failed.
            (Ok(_), Some(_)) => {
                Ended::Failed(Error::new(ErrorKind::Internal, "a step of the store went on after a failure"))
            }
            (Ok(answer), None) if S::ACCESS == Access::Read || !begun => {
                if begun {
                    // Nobody has to wait for this answer; whoever comes next on this connection comes after it.
                    let _ = client.batch_execute("COMMIT").now_or_never();
                }
                held.give_back();
                Ended::Done(answer)
            }
            // Nobody would give back what is taken here.
            (Ok(_), None) if gone() => Ended::Failed(nobody_waits()),
            (Ok(answer), None) => self.store(held, answer, stamp.as_ref()).await,
        }
    }

    /// Ends a transaction. Where the answer does not come, the server is asked what it did.
    async fn store<A>(&self, held: Held, answer: A, stamp: Option<&Stamp>) -> Ended<A> {
        let client = match held.client() {
            Ok(client) => client,
            Err(error) => return Ended::Failed(error),
        };
        between_statements();
        let Err(error) = client.batch_execute("COMMIT").await else {
            held.give_back();
            return Ended::Done(answer);
        };
        drop(held);
        if is_refusal(&error) {
            let (error, failure) = self.about.statement(&error);
            return if failure == StatementError::Passing {
                Ended::Again(error)
            } else {
                Ended::Failed(error)
            };
        }
        match self.fate(stamp).await {
            Fate::Stored => Ended::Done(answer),
            Fate::Undone => Ended::Again(self.about.error(&error)),
            Fate::Unknown => Ended::Failed(self.about.in_doubt(&error)),
        }
    }

    /// Only the server that the transaction was on knows: one that took its place may have given its number again.
    async fn fate(&self, stamp: Option<&Stamp>) -> Fate {
        let Some(Stamp { transaction, server }) = stamp else { return Fate::Unknown };
        let ask = format!("SELECT txid_status({transaction}) AS fate, pg_postmaster_start_time() AS server");
        let end = Instant::now() + self.about.patience;
        while Instant::now() < end {
            let told = match self.connection().await {
                Ok(held) => match held.client() {
                    Ok(client) => client.simple_query(&ask).await.ok(),
                    Err(_) => None,
                },
                Err(_) => None,
            };
            let row = told.iter().flatten().find_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            });
            if let Some(row) = row {
                let part = |name| row.try_get(name).ok().flatten();
                if part("server") != Some(server.as_str()) {
                    return Fate::Unknown;
                }
                match part("fate") {
                    Some("committed") => return Fate::Stored,
                    Some("aborted") => return Fate::Undone,
                    // It has not noticed yet that we are gone.
                    Some("in progress") => {}
                    _ => return Fate::Unknown,
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        Fate::Unknown
    }

    /// A connection. While the server takes no more, one of ours may come free.
    async fn connection(&self) -> Result<Held> {
        let end = Instant::now() + self.about.patience;
        loop {
            match self.pool.get().await {
                Ok(client) => return Ok(Held(Some(client))),
                Err(PoolError::Backend(error)) if is_crowded(&error) && Instant::now() < end => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(self.about.pool(error)),
            }
        }
    }
}

fn nobody_waits() -> Error {
    Error::new(ErrorKind::Cancelled, "nobody waits for this step of the store any more; nothing was stored")
}

fn pool(address: Address, patience: Duration) -> Result<Pool> {
    let Address { config, roots, .. } = address;
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match config.get_ssl_mode() {
        SslMode::Disable => Manager::from_config(config, NoTls, recycling),
        #[cfg(feature = "postgres-tls")]
        _ => Manager::from_config(config, super::tls::connector(roots.as_deref())?, recycling),
        #[cfg(not(feature = "postgres-tls"))]
        _ => {
            drop(roots);
            return Err(Error::config(crate::error::STORE_SETTING, "this build has no TLS"));
        }
    };
    let built = Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(patience))
        .create_timeout(Some(patience.max(CONNECTING)))
        .build();
    built.map_err(|error| Error::new(ErrorKind::Internal, "no pool of connections").with_source(error))
}
