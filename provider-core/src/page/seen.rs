//! The ids a listing has met: what makes a proof of completeness, at 16 bytes an id.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};

/// A set of texts by their 128-bit keyed hash.
///
/// Two independently keyed 64-bit hashes: a listing of a million ids meets a false repeat with a
/// probability of about one in 10^26, and nobody who chooses ids can aim at one.
#[derive(Debug, Default)]
pub(super) struct Seen {
    first: RandomState,
    second: RandomState,
    hashes: HashSet<Hash, Identity>,
}

type Hash = (u64, u64);

impl Seen {
    /// Remembers a text and answers whether it was new.
    pub(super) fn insert(&mut self, text: &str) -> bool {
        self.hashes.insert(self.hash(text))
    }

    /// Whether a text was met before.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.hashes.contains(&self.hash(text))
    }

    fn hash(&self, text: &str) -> Hash {
        (self.first.hash_one(text), self.second.hash_one(text))
    }
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
