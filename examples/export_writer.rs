//! Writes records one by one, as NDJSON or CSV, with progress on a terminal.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use provider_core::EntityKind;
use provider_core::model::Entity;
use serde_json::Value;

use crate::export_columns;

type Sink = Box<dyn Write + Send>;

enum Form {
    Lines(Sink),
    Table(Box<csv::Writer<Sink>>, &'static [&'static str]),
}

/// Where the records go.
pub(crate) struct Writer {
    form: Form,
    progress: ProgressBar,
    written: u64,
}

impl Writer {
    pub(crate) fn open(out: Option<&Path>, csv: bool, kind: EntityKind) -> io::Result<Self> {
        let sink: Sink = match out {
            Some(path) => Box::new(BufWriter::new(File::create(path)?)),
            None => Box::new(BufWriter::new(io::stdout())),
        };
        let form = if csv {
            let columns = export_columns::of(kind);
            let mut table = csv::Writer::from_writer(sink);
            table.write_record(columns)?;
            Form::Table(Box::new(table), columns)
        } else {
            Form::Lines(sink)
        };
        let progress =
            if io::stderr().is_terminal() { ProgressBar::no_length() } else { ProgressBar::hidden() };
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {human_pos} of {human_len} {bar:30} {per_sec}")
        {
            progress.set_style(style);
        }
        Ok(Self { form, progress, written: 0 })
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
                table.write_record(columns.iter().map(|column| cell(value.get(column))))?;
            }
        }
        self.written += 1;
        if let Some(declared) = declared {
            self.progress.set_length(declared);
        }
        self.progress.inc(1);
        Ok(())
    }

    /// A remark for people, which does not disturb the progress.
    pub(crate) fn note(&self, text: &str) {
        self.progress.suspend(|| eprintln!("{text}"));
    }

    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.progress.finish_and_clear();
        match &mut self.form {
            Form::Lines(sink) => sink.flush(),
            Form::Table(table, _) => table.flush(),
        }
    }
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
