//! Renewal where tokens can be asked for again: the credentials are the same each time.

use super::{Access, Exchange, Inner, Landing, RenewalFailure, exchange};
use crate::auth::grant::GrantResult;
use crate::auth::validity::Validity;

impl Inner {
    pub(super) async fn ask(&self, landing: &Landing) {
        let asked_at = self.clock.now();
        let answer = exchange(&*self.transport, &*self.grant, None, &self.user_agent, self.limit).await;
        match answer {
            Exchange::Answered(GrantResult::Issued(tokens)) => {
                // Counted from before the request, so that a slow answer does not lengthen a life.
                let validity = Validity::starting(asked_at, tokens.expires_in);
                let access = Access { token: tokens.access_token, validity };
                let held = self.publish(&access, None);
                self.announce_renewal(&access, false);
                landing.land(Ok(held));
            }
            Exchange::Answered(GrantResult::Refused(error)) => {
                self.fail(landing, RenewalFailure::Refused, error);
            }
            Exchange::Answered(GrantResult::Unavailable(error))
            | Exchange::NotSent(error)
            | Exchange::Lost(error) => self.fail(landing, RenewalFailure::Passing, error),
        }
    }
}
