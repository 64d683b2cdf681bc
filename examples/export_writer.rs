//! Writes records one by one, as NDJSON or CSV, with progress on a terminal.
//!
//! A file gets its name when it is whole: until then it is `FILE.part`, which is kept when the export stops early.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use provider_core::EntityKind;
use provider_core::model::Entity;
use provider_examples::{Failure, OutFile};
use serde_json::Value;

use crate::export_columns;
use crate::export_rate::rate;

type Sink = Box<dyn Write + Send>;

enum Form {
    Lines(Sink),
    Table(Box<csv::Writer<Sink>>, &'static [&'static str]),
}

/// Where the records go.
pub(crate) struct Writer {
    form: Form,
    place: Option<OutFile>,
    progress: ProgressBar,
    written: u64,
    /// What was written before the listing that is copied.
    before: u64,
}

impl Writer {
    pub(crate) fn open(out: Option<&Path>, csv: bool, kind: EntityKind) -> Result<Self, Failure> {
        // Records on the terminal itself are progress enough.
        let shown = io::stderr().is_terminal() && (out.is_some() || !io::stdout().is_terminal());
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self::drawing(out, csv, kind, target)
    }

    /// The same with its progress drawn somewhere else.
    pub(crate) fn drawing(
        out: Option<&Path>,
        csv: bool,
        kind: EntityKind,
        target: ProgressDrawTarget,
    ) -> Result<Self, Failure> {
        let place = out.map(OutFile::of);
        let sink: Sink = match &place {
            // A place that cannot be written is told before anything is asked for.
            Some(place) => Box::new(BufWriter::new(place.create()?)),
            None => Box::new(BufWriter::new(io::stdout())),
        };
        let form = if csv {
            let columns = export_columns::of(kind);
            let mut table = csv::Writer::from_writer(sink);
            table.write_record(columns).map_err(of_csv)?;
            Form::Table(Box::new(table), columns)
        } else {
            Form::Lines(sink)
        };
        Ok(Self { form, place, progress: bar(target), written: 0, before: 0 })
    }

    /// Another listing begins: what it declares comes on top of what is written.
    pub(crate) fn begin(&mut self) {
        self.before = self.written;
    }

    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    pub(crate) fn write<T: Entity>(&mut self, record: &T, declared: Option<u64>) -> io::Result<()> {
        match &mut self.form {
            Form::Lines(sink) => {
                serde_json::to_writer(&mut *sink, record)?;
                sink.write_all(b"\n")?;
            }
            Form::Table(table, columns) => {
                let value = serde_json::to_value(record)?;
                table.write_record(columns.iter().map(|column| cell(value.get(column)))).map_err(of_csv)?;
            }
        }
        self.written += 1;
        if let Some(declared) = declared {
            self.progress.set_length(self.before.saturating_add(declared));
        }
        self.progress.inc(1);
        Ok(())
    }

    /// A remark for people, which does not disturb the progress.
    pub(crate) fn note(&self, text: &str) {
        self.progress.suspend(|| {
            let _ = writeln!(io::stderr(), "{text}");
        });
    }

    fn flush(&mut self) -> io::Result<()> {
        self.progress.finish_and_clear();
        match &mut self.form {
            Form::Lines(sink) => sink.flush(),
            Form::Table(table, _) => table.flush(),
        }
    }

    /// Everything came: the file gets its name.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.flush()?;
        self.place.take().map_or(Ok(()), OutFile::keep)
    }
}

/// Stopped early, by an error or by Ctrl-C: what came is kept in whole lines, under the name of a part.
impl Drop for Writer {
    fn drop(&mut self) {
        // Nobody can be told of a failure here but in the file itself.
        let _ = self.flush();
        let place = self.place.take();
        if let Some(part) = place.as_ref().and_then(OutFile::part) {
            self.note(&format!("{} records are in {}", self.written, part.display()));
        }
    }
}

/// The failure of the stream beneath, so that a reader that is gone is known as one.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("the row cannot be written as CSV: {other:?}")),
    }
}

fn bar(target: ProgressDrawTarget) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, target);
    if bar.is_hidden() {
        return bar;
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} of {human_len} {bar:30} {rate}");
    if let Ok(style) = style {
        let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&rate(state.pos(), state.elapsed()));
        };
        bar.set_style(style.with_key("rate", rate));
    }
    // It moves while a page is waited for.
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
