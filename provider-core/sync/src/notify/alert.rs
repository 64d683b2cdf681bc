//! Letters: what the people behind a connection are told.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::cause::StopCause;
use crate::plan::Mailbox;

/// The most characters of one line of a letter.
const LINE: usize = 600;

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AlertKind {
    /// The connection has stopped by itself.
    Stopped,
    /// It works again.
    WorksAgain,
}

impl AlertKind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::WorksAgain => "works_again",
        }
    }
}

/// A letter to one person. It holds no secret: errors name settings and never values of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Alert {
    /// Its name: the same however often the letter is sent, and no other letter's. What receives letters can tell by it
    /// that one came twice.
    pub id: String,
    /// What it is about.
    pub about: AlertKind,
    /// The connection.
    pub connection: String,
    /// Who gets it.
    pub recipient: Mailbox,
    /// Why the connection stopped.
    pub cause: StopCause,
    /// When a run was last completed before that.
    pub last_good: Option<DateTime<Utc>>,
    /// When it stopped.
    pub stopped_at: DateTime<Utc>,
    /// When it is tried again, where it is tried by itself.
    pub next_probe: Option<DateTime<Utc>>,
    /// When the letter was written.
    pub written_at: DateTime<Utc>,
}

/// One line, whatever a distributor or a database said.
fn line(text: &str) -> String {
    let mut plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LINE).collect();
    if plain.chars().count() == LINE {
        plain.push('…');
    }
    plain.trim().to_owned()
}

fn sentence(text: &str) -> String {
    let text = line(text);
    let mut rest = text.chars();
    let first = rest.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let ends = text.ends_with(['.', '!', '?', '…']);
    format!("{first}{}{}", rest.as_str(), if ends { "" } else { "." })
}

fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

impl Alert {
    /// The `Message-ID` of the letter, for a sender of this domain; without the angle brackets.
    #[must_use]
    pub fn message_id(&self, domain: &str) -> String {
        format!("{}@{domain}", self.id)
    }

    /// The subject, in one line.
    #[must_use]
    pub fn subject(&self) -> String {
        let connection = line(&self.connection);
        match self.about {
            AlertKind::Stopped => format!("{connection} has stopped: {}", self.cause.reason.in_short()),
            AlertKind::WorksAgain => format!("{connection} works again"),
        }
    }

    /// The letter.
    #[must_use]
    pub fn text(&self) -> String {
        match self.about {
            AlertKind::Stopped => self.stopped(),
            AlertKind::WorksAgain => self.works_again(),
        }
    }

    fn last_good(&self) -> String {
        self.last_good.map_or_else(|| "never".to_owned(), moment)
    }

    fn stopped(&self) -> String {
        let connection = line(&self.connection);
        let mut text =
            format!("The connection {connection} has stopped. Nothing is synchronised until it goes on.\n\n");
        let _ = writeln!(text, "Why:        {}", sentence(&self.cause.message));
        match &self.cause.setting {
            Some(setting) => {
                let _ = writeln!(text, "To change:  {}", line(&setting.to_string()));
                if let Some(place) = &setting.place {
                    let _ = writeln!(text, "            {}", sentence(place));
                }
            }
            None => text.push_str("To change:  nothing on your side, as far as it is known here\n"),
        }
        let _ = writeln!(text, "Last good:  {}", self.last_good());
        let _ = writeln!(text, "Stopped:    {}", moment(self.stopped_at));
        text.push('\n');
        if let Some(next) = self.next_probe {
            let _ = writeln!(
                text,
                "It is tried again by itself by the first run after {}, and then less and less often. Once it works,\n\
                 it goes on and you get a letter.",
                moment(next)
            );
        }
        let _ = write!(
            text,
            "To have it go on at once, change what is named above and enable the connection: `SyncEngine::enable` in a\n\
             program, `sync enable --connection {connection}` on the command line.\n"
        );
        text
    }

    fn works_again(&self) -> String {
        let connection = line(&self.connection);
        let mut text = format!("The connection {connection} works again: a run was completed.\n\n");
        let _ = writeln!(text, "Since:      {}", moment(self.written_at));
        let _ = writeln!(text, "Stopped:    {}", moment(self.stopped_at));
        let _ = writeln!(text, "Why:        {}", sentence(&self.cause.message));
        let _ = writeln!(text, "Last good:  {}", self.last_good());
        text.push_str("\nThere is nothing to do.\n");
        text
    }
}
