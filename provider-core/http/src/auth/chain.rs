//! What is stored of a chain of refresh tokens, and what it allows next.

use chrono::{DateTime, SecondsFormat, Utc};
use provider_core::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::validity::Validity;

const SCHEMA: u32 = 1;
/// Every change of the configured token adds one; more than this nobody makes in years.
const FIRST_TOKENS: usize = 64;

/// Lower-case hexadecimal SHA-256 of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct TokenHash(String);

impl TokenHash {
    pub(super) fn of(token: &SecretString) -> Self {
        let digest = Sha256::digest(token.expose_secret().as_bytes());
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn short(&self) -> String {
        self.0.chars().take(16).collect()
    }
}

/// Written before a token is sent. A mark without an answer says that the token may be spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Intent {
    /// The token that is being exchanged.
    #[serde(rename = "token_sha256")]
    pub(super) token: TokenHash,
    /// When the mark was made.
    #[serde(with = "time")]
    pub(super) at: DateTime<Utc>,
    /// The one POST that may follow a lost answer was used.
    pub(super) recovery_used: bool,
    /// The distributor refused the token.
    pub(super) refused: bool,
}

/// An access token that is stored with its chain, so that other processes need not ask for one.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) token: SecretString,
    pub(super) validity: Validity,
}

/// Everything that is known of a chain. The stored form is one JSON object, stable across releases.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    /// Names the chain by a hash of the token that began it, for operators who compare records.
    pub(super) id: Option<String>,
    pub(super) refresh_token: Option<SecretString>,
    pub(super) refresh_expires_at: Option<DateTime<Utc>>,
    pub(super) access: Option<Access>,
    /// The mark on the chain's refresh token.
    pub(super) intent: Option<Intent>,
    /// The mark on a configured token that is to begin another chain. Apart from the one above, so that
    /// what is known of the chain's own token is not forgotten meanwhile.
    pub(super) first_intent: Option<Intent>,
    /// Configured tokens that were sent once and must not begin a chain again.
    pub(super) first_tokens: Vec<TokenHash>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    schema: u32,
    #[serde(default)]
    chain: Option<String>,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default, with = "time::option")]
    refresh_expires_at: Option<DateTime<Utc>>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default, with = "time::option")]
    access_issued_at: Option<DateTime<Utc>>,
    #[serde(default, with = "time::option")]
    access_expires_at: Option<DateTime<Utc>>,
    #[serde(default)]
    intent: Option<Intent>,
    #[serde(default)]
    first_intent: Option<Intent>,
    #[serde(default)]
    first_tokens: Vec<TokenHash>,
}

/// RFC 3339 in UTC to the millisecond.
mod time {
    use super::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(from)?;
        let at = DateTime::parse_from_rfc3339(&text).map_err(de::Error::custom)?;
        Ok(at.with_timezone(&Utc))
    }

    pub(super) mod option {
        use super::{DateTime, Deserialize, Deserializer, Serializer, Utc};

        pub(in super::super) fn serialize<S: Serializer>(
            at: &Option<DateTime<Utc>>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => super::serialize(at, to),
                None => to.serialize_none(),
            }
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<DateTime<Utc>>, D::Error> {
            #[derive(Deserialize)]
            struct At(#[serde(with = "super")] DateTime<Utc>);
            Ok(Option::<At>::deserialize(from)?.map(|At(at)| at))
        }
    }
}

impl Chain {
    /// The tokens in it.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        self.refresh_token.iter().chain(self.access.as_ref().map(|access| &access.token))
    }

    pub(super) fn read(text: &SecretString) -> Result<Self> {
        #[derive(Deserialize)]
        struct Head {
            schema: u32,
        }
        // The cause is dropped: it could quote what it could not read.
        let damaged = || {
            Error::new(
                ErrorKind::Config,
                "the stored token record is damaged: restore it, or remove it and configure a new refresh token",
            )
        };
        let text = text.expose_secret();
        let head: Head = serde_json::from_str(text).map_err(|_| damaged())?;
        if head.schema > SCHEMA {
            return Err(Error::new(
                ErrorKind::Config,
                "the stored token record was written by a later release: update this program",
            ));
        }
        let document: Document = serde_json::from_str(text).map_err(|_| damaged())?;
        let access = match (document.access_token, document.access_issued_at, document.access_expires_at) {
            (Some(token), Some(issued_at), Some(expires_at)) => Some(Access {
                token: SecretString::from(token),
                validity: Validity::new(issued_at, expires_at),
            }),
            _ => None,
        };
        Ok(Self {
            id: document.chain,
            refresh_token: document.refresh_token.map(SecretString::from),
            refresh_expires_at: document.refresh_expires_at,
            access,
            intent: document.intent,
            first_intent: document.first_intent,
            first_tokens: document.first_tokens,
        })
    }

    pub(super) fn write(&self) -> Result<SecretString> {
        let exposed = |secret: &SecretString| secret.expose_secret().to_owned();
        let document = Document {
            schema: SCHEMA,
            chain: self.id.clone(),
            refresh_token: self.refresh_token.as_ref().map(exposed),
            refresh_expires_at: self.refresh_expires_at,
            access_token: self.access.as_ref().map(|access| exposed(&access.token)),
            access_issued_at: self.access.as_ref().map(|access| access.validity.issued_at),
            access_expires_at: self.access.as_ref().map(|access| access.validity.expires_at),
            intent: self.intent.clone(),
            first_intent: self.first_intent.clone(),
            first_tokens: self.first_tokens.clone(),
        };
        serde_json::to_string(&document)
            .map(SecretString::from)
            .map_err(|_| Error::new(ErrorKind::Internal, "the token record could not be encoded"))
    }

    /// Whether this configured token was sent before, so that it cannot begin a chain.
    pub(super) fn knows(&self, first: &TokenHash) -> bool {
        self.first_tokens.contains(first)
    }

    /// This record with the mark that `spend` is about to be sent.
    pub(super) fn marked(&self, spend: &Spend, at: DateTime<Utc>) -> Self {
        let mut next = self.clone();
        // A configured token that was sent and given up for another one stays known as sent.
        if let Some(before) =
            self.first_intent.as_ref().filter(|before| spend.first && before.token != spend.hash)
        {
            next.remember(before.token.clone());
        }
        *next.mark_of(spend) =
            Some(Intent { token: spend.hash.clone(), at, recovery_used: spend.recovery, refused: false });
        next
    }

    /// The mark that belongs to `spend`.
    pub(super) fn mark_of(&mut self, spend: &Spend) -> &mut Option<Intent> {
        if spend.first { &mut self.first_intent } else { &mut self.intent }
    }

    /// This record after `spend` was exchanged.
    pub(super) fn advanced(
        &self,
        spend: &Spend,
        access: Access,
        refresh_token: Option<SecretString>,
        refresh_expires_at: Option<DateTime<Utc>>,
    ) -> Self {
        let mut next = self.clone();
        if spend.first {
            next.id = Some(spend.hash.short());
            next.remember(spend.hash.clone());
            next.first_intent = None;
        }
        // An answer without a refresh token leaves the old one in force.
        next.refresh_token = Some(refresh_token.unwrap_or_else(|| spend.token.clone()));
        next.refresh_expires_at = refresh_expires_at;
        next.access = Some(access);
        next.intent = None;
        next
    }

    /// Whether nobody but the holder of `spend` has moved this record on since `spend` was marked.
    pub(super) fn still_waits_for(&self, spend: &Spend) -> bool {
        let marks = [&self.intent, &self.first_intent];
        marks.into_iter().flatten().any(|mark| mark.token == spend.hash)
            || self.refresh_token.as_ref().map(TokenHash::of).as_ref() == Some(&spend.hash)
    }

    fn remember(&mut self, first: TokenHash) {
        if !self.knows(&first) {
            self.first_tokens.push(first);
        }
        let excess = self.first_tokens.len().saturating_sub(FIRST_TOKENS);
        self.first_tokens.drain(..excess);
    }
}

/// A token that may be sent now.
#[derive(Debug, Clone)]
pub(super) struct Spend {
    pub(super) token: SecretString,
    pub(super) hash: TokenHash,
    /// It is the configured token, which begins a chain.
    pub(super) first: bool,
    /// It was sent before and no answer came: the one replay that is allowed.
    pub(super) recovery: bool,
}

/// Why no token may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Nothing is configured and nothing is stored.
    Missing,
    /// The configured token began a chain before, and that chain is not stored (any more).
    FirstSpent,
    /// The configured token was refused.
    FirstRefused,
    /// The chain's newest token was refused.
    Refused,
    /// The answer to an exchange was lost, and the token was refused afterwards.
    RepetitionRefused,
    /// The answers to an exchange and to its one repetition were lost.
    RepetitionLost,
}

/// What a stored record allows.
#[derive(Debug)]
pub(super) enum Next {
    /// Another process renewed it already.
    Adopt(Access),
    /// This token may be sent.
    Exchange(Spend),
    /// A person has to act.
    Lost(Loss),
}

impl Chain {
    /// What to do, given the configured token, the access token that is no good any more, and the time.
    pub(super) fn next(
        &self,
        first: Option<&SecretString>,
        stale: Option<&TokenHash>,
        now: DateTime<Utc>,
        fresh: impl Fn(&Validity, DateTime<Utc>) -> bool,
    ) -> Next {
        let new_first =
            first.map(|token| (token, TokenHash::of(token))).filter(|(_, hash)| !self.knows(hash));
        if let Some((token, hash)) = new_first {
            return self.spend(token.clone(), hash, true);
        }
        if let Some(access) = &self.access
            && fresh(&access.validity, now)
            && stale != Some(&TokenHash::of(&access.token))
        {
            return Next::Adopt(access.clone());
        }
        match &self.refresh_token {
            Some(token) => self.spend(token.clone(), TokenHash::of(token), false),
            None if first.is_some() => Next::Lost(Loss::FirstSpent),
            None => Next::Lost(Loss::Missing),
        }
    }

    fn spend(&self, token: SecretString, hash: TokenHash, first: bool) -> Next {
        let mark = if first { &self.first_intent } else { &self.intent };
        let before = mark.as_ref().filter(|intent| intent.token == hash);
        match before {
            Some(intent) if intent.refused && intent.recovery_used => Next::Lost(Loss::RepetitionRefused),
            Some(intent) if intent.refused && first => Next::Lost(Loss::FirstRefused),
            Some(intent) if intent.refused => Next::Lost(Loss::Refused),
            Some(intent) if intent.recovery_used => Next::Lost(Loss::RepetitionLost),
            _ => Next::Exchange(Spend { token, hash, first, recovery: before.is_some() }),
        }
    }
}
