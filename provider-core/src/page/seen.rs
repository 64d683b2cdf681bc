//! The ids a listing has met: what makes a proof of completeness, at 16 bytes an id and what its tables keep free.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};

/// A set of texts by their 128-bit keyed hash.
///
/// Two independently keyed 64-bit hashes: a listing of a million ids meets a false repeat with a
/// probability of about one in 10^26, and nobody who chooses ids can aim at one.
///
/// It stands in parts that grow one by one: a single table would have to be there twice, small and large, while it grows.
#[derive(Debug, Default)]
pub(super) struct Seen {
    first: RandomState,
    second: RandomState,
    /// Empty until something is remembered.
    parts: Vec<HashSet<Hash, Identity>>,
}

const PARTS: usize = 64;

type Hash = (u64, u64);

impl Seen {
    /// Remembers a text and answers whether it was new.
    pub(super) fn insert(&mut self, text: &str) -> bool {
        let hash = self.hash(text);
        if self.parts.is_empty() {
            self.parts.resize_with(PARTS, HashSet::default);
        }
        self.parts.get_mut(part(hash)).is_some_and(|part| part.insert(hash))
    }

    /// Whether a text was met before.
    pub(super) fn contains(&self, text: &str) -> bool {
        let hash = self.hash(text);
        self.parts.get(part(hash)).is_some_and(|part| part.contains(&hash))
    }

    fn hash(&self, text: &str) -> Hash {
        (self.first.hash_one(text), self.second.hash_one(text))
    }
}

/// Which part a text is in, by the hash that its place there does not begin with.
#[allow(clippy::cast_possible_truncation, reason = "less than the number of parts")]
const fn part((_, second): Hash) -> usize {
    (second % PARTS as u64) as usize
}

/// The keys are hashes already.
#[derive(Debug, Default, Clone)]
struct Identity;

#[derive(Debug, Default)]
struct IdentityHasher(u64);

impl BuildHasher for Identity {
    type Hasher = IdentityHasher;

    fn build_hasher(&self) -> IdentityHasher {
        IdentityHasher(0)
    }
}

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 ^= value;
    }
}
