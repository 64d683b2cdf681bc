//! A database that is somebody else's: nothing is made in it, and it need not hold any table of this package.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::BytesMut;
use provider_core::{Error, ErrorKind, Result};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::transaction::PgTx;
use super::{Address, Options, Worker};
use crate::place::Making;
use crate::tx::{Access, Step};

/// Something to do in one transaction of a server, with what only a server can.
pub trait PgStep: Clone + Send + 'static {
    /// What it answers.
    type Answer: Send + 'static;

    /// Whether it changes anything.
    const ACCESS: Access;

    /// Whether it is still to be done when its caller has gone before it was begun.
    const OUTLIVES_ITS_CALLER: bool;

    /// Does it. An error undoes everything.
    fn run(self, tx: &mut PgTx<'_>) -> impl Future<Output = Result<Self::Answer>> + Send;
}

impl<S: Step> PgStep for S {
    type Answer = S::Answer;
    const ACCESS: Access = <S as Step>::ACCESS;
    const OUTLIVES_ITS_CALLER: bool = <S as Step>::OUTLIVES_ITS_CALLER;

    fn run(self, tx: &mut PgTx<'_>) -> impl Future<Output = Result<Self::Answer>> + Send {
        Step::run(self, tx)
    }
}

/// Connections to a database in which one is a guest.
#[derive(Debug)]
pub struct Guest {
    worker: Worker,
    shown: String,
}

impl Guest {
    pub(crate) async fn open(address: Address, patience: Duration) -> Result<Self> {
        let address = address.of_a_guest();
        let shown = address.shown.clone();
        let options = Options { address, patience, clock: None, schema: None, making: Making::Nothing };
        Ok(Self { worker: Worker::open(options).await?, shown })
    }

    /// Does a step in one transaction.
    ///
    /// # Errors
    /// The step's own, and any failure of the database.
    pub async fn run<S: PgStep>(&self, step: S) -> Result<S::Answer> {
        self.worker.run(step).await
    }

    /// Host and database, for messages.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

/// What a statement of a guest is given. What it is to be in the database is for the statement to say.
pub enum Given<'a> {
    /// One text.
    Text(Cow<'a, str>),
    /// A column of texts.
    Texts(Vec<Option<Cow<'a, str>>>),
}

/// The driver writes the values of every statement into its log.
impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

impl ToSql for Given<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Send + Sync>> {
        match (self, ty) {
            (Self::Text(text), &Type::TEXT) => text.to_sql(ty, out),
            (Self::Texts(texts), &Type::TEXT_ARRAY) => texts.to_sql(ty, out),
            _ => Err(format!("a statement takes a {ty} where it is given something else").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::TEXT | Type::TEXT_ARRAY)
    }

    to_sql_checked!();
}

/// A row of which every column is text.
pub type Texts = Vec<Option<String>>;

pub(super) fn texts(row: &tokio_postgres::Row) -> Result<Texts> {
    let all = (0..row.len()).map(|at| row.try_get::<_, Option<String>>(at)).collect();
    // The driver's own words name the column alone.
    let unread = |error: tokio_postgres::Error| {
        Error::new(ErrorKind::Internal, format!("a row cannot be read as text ({error})"))
    };
    std::result::Result::<Texts, _>::map_err(all, unread)
}
