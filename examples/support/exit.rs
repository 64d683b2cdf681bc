//! How an example ends: 0 success, 1 the distributor or a check failed, 2 bad configuration or usage.

use std::fmt;
use std::process::{ExitCode, Termination};

use provider_core::{Error, ErrorKind};

/// Why an example failed, for people; the kind decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// The distributor, or something between here and there.
    Provider(Error),
    /// The environment or the command line.
    Usage(String),
    /// A check that did not pass, already told.
    Check(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Provider(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Check(error.to_string())
    }
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Provider(error) => match error.kind() {
                ErrorKind::Config => 2,
                // A flag of ours that the provider could not use.
                ErrorKind::InvalidInput if error.delivery() == provider_core::Delivery::NotSent => 2,
                _ => 1,
            },
            Self::Check(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Check(text) => f.write_str(text),
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
                Ok(())
            }
        }
    }
}

/// What `main` returns: prints the failure on stderr and ends with its code.
#[derive(Debug)]
pub struct Exit(pub Result<(), Failure>);

impl Termination for Exit {
    fn report(self) -> ExitCode {
        match self.0 {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                eprintln!("{failure}");
                ExitCode::from(failure.code())
            }
        }
    }
}
