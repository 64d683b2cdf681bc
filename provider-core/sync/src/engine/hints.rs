//! Records that somebody said to look at again.

use std::collections::BTreeSet;

use provider_core::{ErrorKind, Page};

use super::Result;
use super::batch::Batch;
use super::records::Record;
use super::session::Work;
use super::walk::Kind;
use crate::store::PageCommit;

/// How many are followed in one run.
const MANY: usize = 500;

impl Work<'_> {
    /// Reads them by their own call. They count as met, so that what came during the run is not taken for missing.
    pub(super) async fn hints<T: Record>(&mut self, kind: &mut Kind<'_>) -> Result<()> {
        let hints: BTreeSet<String> = self.engine.store.hints(&kind.scope, MANY).await?.into_iter().collect();
        for id in hints {
            if kind.rule.filters()
                && self.engine.store.met(&kind.scope, &self.session, &id).await? != Some(true)
            {
                // The listing was asked for some records only, and this is none of them, or comes with the next one.
                let commit = PageCommit { hints: vec![id], ..PageCommit::default() };
                self.engine.store.commit_page(&self.lease, &kind.scope, kind.run, commit).await?;
                continue;
            }
            let found = self.keeping(T::fetch(&*self.engine.provider, &id)).await?;
            let page = match found {
                Ok(record) => Page::new(vec![record]),
                // That it is gone is for the listing to show; and where there is no such call, the listing is all.
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::NotFound
                            | ErrorKind::Unsupported
                            | ErrorKind::PermissionDenied
                            | ErrorKind::InvalidInput
                    ) =>
                {
                    Page::new(Vec::<T>::new())
                }
                Err(error) => return Err(error.into()),
            };
            let mut nameless = 0;
            let (listed, pages) = (kind.report.listed, kind.report.pages);
            let mut ready = self.rows::<T>(kind, "", Batch::of(page), &mut nameless).await?;
            if let Some(report) = &mut ready.report {
                // It is no part of the listing.
                (report.listed, report.pages) = (listed, pages);
            }
            ready.commit.hints.push(id);
            self.page(kind, ready, None).await?;
        }
        Ok(())
    }
}
