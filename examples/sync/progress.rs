//! A bar for each kind, on a terminal.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use provider_core::EntityKind;
use provider_sync::{KindReport, SyncEvent, SyncObserver};

/// What has come of each kind so far. Where nobody looks, nothing is drawn.
#[derive(Debug)]
pub(crate) struct Bars {
    all: MultiProgress,
    bars: Mutex<BTreeMap<EntityKind, ProgressBar>>,
}

impl Default for Bars {
    fn default() -> Self {
        let shown = std::io::stderr().is_terminal();
        Self::drawing(if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() })
    }
}

impl Bars {
    /// Drawn somewhere else.
    pub(crate) fn drawing(target: ProgressDrawTarget) -> Self {
        Self { all: MultiProgress::with_draw_target(target), bars: Mutex::default() }
    }

    pub(crate) fn end(&self) {
        let bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        bars.values().filter(|bar| !bar.is_finished()).for_each(ProgressBar::abandon);
    }

    fn show(&self, report: &KindReport, ended: bool) {
        let bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(bar) = bars.get(&report.kind) else { return };
        bar.set_position(report.listed);
        let changed = report.created + report.updated + report.removed;
        bar.set_message(format!("{changed} changed, {} as they were", report.unchanged));
        if ended {
            bar.set_length(report.listed);
            bar.abandon();
        }
    }
}

impl SyncObserver for Bars {
    fn event(&self, event: &SyncEvent) {
        match event {
            SyncEvent::Waiting => eprintln!("Another run works on this account: waiting for it."),
            SyncEvent::Begun { kind, expected } if !self.all.is_hidden() => {
                let bar = match expected {
                    Some(expected) => ProgressBar::new(*expected)
                        .with_style(style("{prefix:<14} {bar:30} {pos}/{len} {msg}")),
                    None => {
                        ProgressBar::new_spinner().with_style(style("{prefix:<14} {spinner} {pos} {msg}"))
                    }
                };
                let bar = self.all.add(bar.with_prefix(kind.plural().replace('_', " ")));
                bar.enable_steady_tick(Duration::from_millis(120));
                self.bars.lock().unwrap_or_else(PoisonError::into_inner).insert(*kind, bar);
            }
            SyncEvent::Page(report) => self.show(report, false),
            SyncEvent::Ended(report) => self.show(report, true),
            _ => {}
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
