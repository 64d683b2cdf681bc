//! What holds between records, and within each, at every distributor: a billing system trusts all fields, or none.

mod money;
mod references;
mod time;

use super::context::Context;
use super::rule::Rule;
use super::verdict::{Verdict, broken, moot};
use super::world::World;

/// Examines the records that were read, all kinds together.
pub(super) fn examine(ctx: &Context<'_>, world: &World) {
    ctx.note(Rule::References, "", references::resolve(world));
    ctx.note(Rule::LinesAddUp, "", money::lines_add_up(world));
    ctx.note(Rule::LineOfOneDocument, "", money::of_one_document(world));
    ctx.note(Rule::PeriodsTouch, "", time::periods_touch(world));
    ctx.note(Rule::PricesAreTimed, "", money::prices_are_timed(world));
    ctx.note(Rule::TrialsAreTrials, "", time::trials_are_trials(world));
}

/// At most so many violations are told.
const TOLD: usize = 3;

/// What a law found: how many things it held for, and what broke it.
#[derive(Default)]
struct Found {
    held: usize,
    broken: Vec<String>,
}

impl Found {
    fn check(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if holds {
            self.held += 1;
        } else {
            self.broken.push(problem());
        }
    }

    fn verdict(self, of: &str) -> Verdict {
        match (self.broken.len(), self.held) {
            (0, 0) => Err(moot(format!("there are no {of}"))),
            (0, held) => Ok(format!("{held} {of}")),
            (count, _) => {
                let told: Vec<_> = self.broken.into_iter().take(TOLD).collect();
                Err(broken(format!("{count} times: {}", told.join("; "))))
            }
        }
    }
}
