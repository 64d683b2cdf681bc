//! What all cases share: the provider, what is told about it, and what was noticed on the way.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{Either, select};
use provider_core::clock::{Clock, SystemClock};
use provider_core::{Delivery, Error, ErrorKind, Operation, Provider, Result};

use super::expectations::Expectations;
use super::report::{Case, CaseStatus};
use super::rule::Rule;
use super::verdict::{Problem, Verdict, broken};

/// An error that was met, and the operation it should name.
pub(super) struct Met {
    pub(super) operation: Operation,
    pub(super) error: Error,
}

pub(super) struct Context<'a> {
    pub(super) provider: Arc<dyn Provider>,
    pub(super) expect: &'a Expectations,
    cases: Mutex<Vec<Case>>,
    met: Mutex<Vec<Met>>,
    leaks: Mutex<BTreeSet<String>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(provider: Arc<dyn Provider>, expect: &'a Expectations) -> Self {
        Self { provider, expect, cases: Mutex::default(), met: Mutex::default(), leaks: Mutex::default() }
    }

    pub(super) fn into_cases(self) -> Vec<Case> {
        self.cases.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, rule: Rule, subject: impl Into<String>, verdict: Verdict) {
        let (status, detail) = match verdict {
            Ok(detail) => (CaseStatus::Passed, detail),
            Err(Problem::Broken(detail)) => (CaseStatus::Failed, detail),
            Err(Problem::Moot(detail)) => (CaseStatus::NotApplicable, detail),
        };
        held(&self.cases).push(Case::new(rule, subject.into(), status, detail));
    }

    /// Examines one case. Real time bounds it: a provider that never answers must not stop the suite, and
    /// paused time must not run away with it.
    pub(super) async fn case(
        &self,
        rule: Rule,
        subject: impl Into<String> + Send,
        work: impl Future<Output = Verdict> + Send,
    ) {
        let verdict = self.patiently(work).await.unwrap_or_else(Err);
        self.note(rule, subject, verdict);
    }

    /// What the work gives, unless it takes longer than a case may.
    pub(super) async fn patiently<T>(&self, work: impl Future<Output = T> + Send) -> Result<T, Problem> {
        let patience = self.expect.patience;
        match select(pin!(work), SystemClock.sleep(patience)).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(_) => Err(broken(format!("it did not end within {patience:?}"))),
        }
    }

    /// Remembers an error and what it should name; looks for secrets in it.
    pub(super) fn saw<T>(&self, operation: Operation, result: Result<T>) -> Result<T> {
        if let Err(error) = &result {
            self.met(operation, error);
        }
        result
    }

    fn met(&self, operation: Operation, error: &Error) {
        self.scan_error(&format!("an error of {operation}"), error);
        held(&self.met).push(Met { operation, error: error.clone() });
    }

    /// Looks for secrets in an error and its causes.
    pub(super) fn scan_error(&self, what: &str, error: &Error) {
        let mut texts = vec![error.to_string(), format!("{error:?}")];
        let mut source = error.source();
        while let Some(cause) = source {
            texts.push(cause.to_string());
            source = cause.source();
        }
        texts.extend(error.violations().iter().map(|violation| format!("{violation:?}")));
        for text in texts {
            self.scan(what, &text);
        }
    }

    /// Looks for planted secrets.
    pub(super) fn scan(&self, what: &str, text: &str) {
        if let Some(number) = self.expect.secret_in(text) {
            held(&self.leaks).insert(format!("secret {} of those planted is in {what}", number + 1));
        }
    }

    pub(super) fn errors(&self) -> Vec<Met> {
        std::mem::take(&mut held(&self.met))
    }

    pub(super) fn leaks(&self) -> Vec<String> {
        held(&self.leaks).iter().cloned().collect()
    }

    /// What the work gives, and how many calls it made on the wire where that is counted.
    pub(super) async fn counted<T>(&self, work: impl Future<Output = T> + Send) -> (T, Option<u64>) {
        let count = || self.expect.wire_calls.as_ref().map(|count| count());
        let before = count();
        let output = work.await;
        (output, count().zip(before).map(|(after, before)| after.saturating_sub(before)))
    }

    /// That an answer is the typed refusal of something the provider does not do, and cost no call.
    pub(super) fn refusal<T>(&self, operation: Operation, result: Result<T>, calls: Option<u64>) -> Verdict {
        let Err(error) = self.saw(operation, result) else {
            return Err(broken("it is declared unsupported and answered all the same"));
        };
        if !matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::Refused) {
            return Err(broken(format!("it is declared unsupported and answered {error}")));
        }
        if error.delivery() != Delivery::NotSent {
            return Err(broken(format!("the refusal says `{}` instead of `not_sent`", error.delivery())));
        }
        match calls {
            Some(0) => Ok(format!("{} without any call", error.kind())),
            Some(calls) => Err(broken(format!("the refusal cost {calls} calls"))),
            None => Ok(format!("{} (calls are not counted)", error.kind())),
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
