//! How an example ends: 0 success, 1 the distributor or a check failed, 2 bad configuration or usage, 130 Ctrl-C.

use std::fmt;
use std::future::Future;
use std::io::{self, Write};
use std::path::Path;
use std::process::{ExitCode, Termination};

use provider_core::{Advice, Delivery, Error, ErrorKind};

/// Why an example failed, for people; the kind decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// The distributor, or something between here and there.
    Provider(Error),
    /// The environment or the command line.
    Usage(String),
    /// A check that did not pass, already told.
    Check(String),
    /// Whoever read the output has enough: `export | head`. Not a failure, and nobody is told.
    ReaderGone,
    /// Ctrl-C.
    Interrupted,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Provider(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Check(error.to_string()),
        }
    }
}

impl Failure {
    /// A file that a flag names cannot be used.
    #[must_use]
    pub fn of_file(flag: &str, path: &Path, error: &io::Error) -> Self {
        Self::Usage(format!("{flag} {}: {error}", path.display()))
    }

    fn code(&self) -> u8 {
        match self {
            Self::ReaderGone => 0,
            Self::Usage(_) => 2,
            Self::Provider(error) => match error.kind() {
                ErrorKind::Config => 2,
                // A flag of ours that the provider could not use. What the distributor refused, in a dry run too, is
                // its word on the order.
                ErrorKind::InvalidInput
                    if error.delivery() == Delivery::NotSent && error.http_status().is_none() =>
                {
                    2
                }
                _ => 1,
            },
            Self::Check(_) => 1,
            // What shells say of a program that was ended by this signal.
            Self::Interrupted => 128 + 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Check(text) => f.write_str(text),
            Self::ReaderGone => f.write_str("nobody reads the output any more"),
            Self::Interrupted => f.write_str("interrupted"),
            Self::Provider(error) => {
                write!(f, "{error}")?;
                for violation in error.violations() {
                    write!(f, "\n  {}: {}", violation.field, violation.message)?;
                }
                let mut cause = std::error::Error::source(error);
                while let Some(error) = cause {
                    write!(f, "\n  because: {error}")?;
                    cause = error.source();
                }
                match error.advice() {
                    // What is wrong has to be put right; the text above says what it is.
                    Advice::Never => Ok(()),
                    advice => write!(f, "\n  what to do: {advice}"),
                }
            }
        }
    }
}

/// What `main` returns: prints the failure on stderr and ends with its code.
#[derive(Debug)]
pub struct Exit(pub Result<(), Failure>);

impl Exit {
    /// Runs an example to its end, or until Ctrl-C. What it has begun to write it has written to the end of the
    /// line by then: it is only stopped where it waits.
    pub async fn of(run: impl Future<Output = Result<(), Failure>>) -> Self {
        tokio::select! {
            // First, because it listens from when it is first asked, and the other may do much before it waits.
            biased;
            _ = tokio::signal::ctrl_c() => Self(Err(Failure::Interrupted)),
            result = run => Self(result),
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        match self.0 {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                if !matches!(failure, Failure::ReaderGone) {
                    // A terminal that is gone is no reason to end in another way.
                    let _ = writeln!(io::stderr(), "{failure}");
                }
                ExitCode::from(failure.code())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_distributor_refuses_ends_with_1_in_a_dry_run_too() {
        let usage = Error::invalid_input("quantity", "must be more than 0");
        assert_eq!(Failure::from(usage.clone()).code(), 2);
        // A dry run sends nothing that changes anything, whatever is answered.
        assert_eq!(Failure::from(usage.with_http_status(422)).code(), 1);
        assert_eq!(Failure::from(Error::config("PAX8_CLIENT_ID", "is missing")).code(), 2);
        assert_eq!(Failure::from(Error::new(ErrorKind::Refused, "the sandbox")).code(), 1);
    }
}
