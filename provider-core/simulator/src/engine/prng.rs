//! Seeded pseudo-random values: the same seed gives the same data on every machine.

use std::fmt::Write as _;

/// A SplitMix64 generator.
///
/// Not for secrets: the "credentials" of a simulator are examples that anyone with the seed can compute.
#[derive(Clone, Debug)]
pub(crate) struct Prng {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Prng {
    /// A generator that starts at `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A generator of its own for one named thing, for example `("pax8/company", 7)`.
    ///
    /// A record's values then depend on its own name only, so one more company does not change the ones after it, and a
    /// record can be generated when it is first asked for.
    pub(crate) fn keyed(seed: u64, name: &str, index: u64) -> Self {
        // FNV-1a is enough here: the output is mixed by SplitMix64 afterwards.
        let mut hash = 0xCBF2_9CE4_8422_2325_u64 ^ seed;
        for byte in name.bytes().chain(index.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
        let mut mixed = Self::new(hash);
        Self::new(mixed.next_u64())
    }

    /// The next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of 100 calls.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the choices; `None` only for an empty list.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let bound = u64::try_from(choices.len()).unwrap_or(u64::MAX);
        choices.get(usize::try_from(self.below(bound)).unwrap_or(0))
    }

    /// One of the words; empty only for an empty list.
    pub(crate) fn word(&mut self, choices: &[&'static str]) -> &'static str {
        self.pick(choices).copied().unwrap_or_default()
    }

    /// A lower-case version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let bytes = (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64());
        uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid().to_string()
    }

    /// `digits` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            // Writing to a String cannot fail.
            let _ = write!(text, "{:016x}", self.next_u64());
        }
        text.truncate(digits);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Prng;

    #[test]
    fn follows_the_published_sequence() {
        // First outputs of the reference SplitMix64 for seed 1234567.
        let mut prng = Prng::new(1_234_567);
        assert_eq!(prng.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(prng.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn keyed_values_depend_on_seed_name_and_index() {
        let base = Prng::keyed(1, "a", 0).uuid();
        assert_eq!(base, Prng::keyed(1, "a", 0).uuid());
        assert_ne!(base, Prng::keyed(2, "a", 0).uuid());
        assert_ne!(base, Prng::keyed(1, "b", 0).uuid());
        assert_ne!(base, Prng::keyed(1, "a", 1).uuid());
    }

    #[test]
    fn hex_has_the_asked_length() {
        assert_eq!(Prng::new(1).hex(40).len(), 40);
    }
}
