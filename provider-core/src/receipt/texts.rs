//! What a distributor said, in receipts, plans and reconciliations: edited before it leaves.

use super::{LineReceipt, Plan, Receipt};
use crate::attempt::Reconciliation;
use crate::error::Violation;

type Edit<'a> = &'a dyn Fn(&str) -> Option<String>;

fn change(text: &mut String, edit: Edit<'_>) {
    if let Some(edited) = edit(text) {
        *text = edited;
    }
}

impl Violation {
    /// With every part passed through `edit`, which answers the text to show instead or `None` to leave it: for
    /// those who blank secrets that a distributor echoed.
    #[must_use]
    pub fn with_texts(mut self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        change(&mut self.field, edit);
        change(&mut self.message, edit);
        self.code.iter_mut().for_each(|code| change(code, edit));
        self
    }
}

impl LineReceipt {
    /// With the reasons of a refusal passed through `edit`, as [`Violation::with_texts`] does it.
    #[must_use]
    pub fn with_texts(mut self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        self.violations = self.violations.into_iter().map(|violation| violation.with_texts(edit)).collect();
        self
    }
}

impl Receipt {
    /// With what it quotes passed through `edit`, as [`Violation::with_texts`] does it. Ids stay: they are what the
    /// records are found by.
    #[must_use]
    pub fn with_texts(mut self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        self.lines = self.lines.into_iter().map(|line| line.with_texts(edit)).collect();
        self
    }
}

impl Plan {
    /// With changes and warnings passed through `edit`, as [`Violation::with_texts`] does it.
    #[must_use]
    pub fn with_texts(mut self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        for shown in &mut self.changes {
            change(&mut shown.what, edit);
            shown.from.iter_mut().chain(&mut shown.to).for_each(|text| change(text, edit));
        }
        self.warnings.iter_mut().for_each(|warning| change(warning, edit));
        self
    }
}

impl Reconciliation {
    /// With what it quotes passed through `edit`, as [`Violation::with_texts`] does it.
    #[must_use]
    pub fn with_texts(self, edit: &dyn Fn(&str) -> Option<String>) -> Self {
        match self {
            Self::Applied(receipt) => Self::Applied(receipt.with_texts(edit)),
            Self::NotApplied => Self::NotApplied,
            Self::Undetermined { mut reason, retry_after } => {
                change(&mut reason, edit);
                Self::Undetermined { reason, retry_after }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Change, Fidelity, LineOutcome, Outcome};
    use super::*;

    #[test]
    fn every_text_is_edited_and_ids_stay() {
        let blank = |text: &str| text.contains("hunter2").then(|| text.replace("hunter2", "***"));
        let mut line = LineReceipt::new(0, LineOutcome::Rejected);
        line.order = Some("hunter2".into());
        line.violations.push(Violation::new("a.hunter2", "no hunter2").with_code("hunter2"));
        let receipt = Receipt::new(Outcome::Partial).with_line(line);
        let shown = receipt.clone().with_texts(&blank);
        assert_eq!(shown.to_string(), "partly applied; lines[0] rejected, order hunter2, a.***: no ***");
        let applied = Reconciliation::Applied(receipt).with_texts(&blank);
        assert!(
            !format!("{applied:?}").replace("OrderId(\"hunter2\")", "").contains("hunter2"),
            "{applied:?}"
        );
        let unsaid = Reconciliation::undetermined("the answer said hunter2").with_texts(&blank);
        assert!(!format!("{unsaid:?}").contains("hunter2"));
        let mut plan = Plan::new(Fidelity::Simulated).with_change(Change::new(
            "name hunter2",
            Some("hunter2".to_owned()),
            Some("hunter2".to_owned()),
        ));
        plan.warnings.push("hunter2".to_owned());
        assert!(!plan.with_texts(&blank).to_string().contains("hunter2"));
    }
}
