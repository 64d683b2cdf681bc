//! What a run has met: one bit a record, in pieces that are written whole.

use std::collections::BTreeMap;

/// How many records one piece tells about.
pub(crate) const CHUNK: u32 = 4096;
/// How many bytes it has.
pub(crate) const BYTES: usize = 512;

/// A set of places, by pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits(BTreeMap<u32, Vec<u8>>);

/// Where a place is: its piece, and the byte and the bit in it.
fn place(slot: u32) -> (u32, usize, u8) {
    let within = slot % CHUNK;
    let byte = usize::try_from(within / 8).unwrap_or_default();
    (slot / CHUNK, byte, 1 << (within % 8))
}

impl Bits {
    pub(crate) fn set(&mut self, slot: u32) {
        let (chunk, byte, bit) = place(slot);
        let piece = self.0.entry(chunk).or_insert_with(|| vec![0; BYTES]);
        if let Some(byte) = piece.get_mut(byte) {
            *byte |= bit;
        }
    }

    pub(crate) fn has(&self, slot: u32) -> bool {
        let (chunk, byte, bit) = place(slot);
        self.0.get(&chunk).and_then(|piece| piece.get(byte)).is_some_and(|byte| byte & bit != 0)
    }

    /// Takes in a piece that was stored.
    pub(crate) fn add(&mut self, chunk: u32, stored: &[u8]) {
        let piece = self.0.entry(chunk).or_insert_with(|| vec![0; BYTES]);
        for (byte, stored) in piece.iter_mut().zip(stored) {
            *byte |= stored;
        }
    }

    pub(crate) fn pieces(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.0.iter().map(|(chunk, piece)| (*chunk, piece.as_slice()))
    }

    /// Whether a whole piece is set.
    pub(crate) fn is_full(&self, chunk: u32) -> bool {
        self.0.get(&chunk).is_some_and(|piece| piece.iter().all(|byte| *byte == u8::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_there_and_nothing_else() {
        let mut bits = Bits::default();
        let slots = [0, 1, 7, 8, 4095, 4096, 10_000, u32::MAX];
        slots.into_iter().for_each(|slot| bits.set(slot));
        for slot in slots {
            assert!(bits.has(slot), "{slot}");
        }
        assert!(![2, 9, 4094, 4097, 9999].into_iter().any(|slot| bits.has(slot)));
        let mut copy = Bits::default();
        bits.pieces().for_each(|(chunk, piece)| copy.add(chunk, piece));
        assert_eq!(copy, bits);
        assert!(!bits.is_full(0));
        (0..CHUNK).for_each(|slot| bits.set(slot));
        assert!(bits.is_full(0) && !bits.is_full(1));
    }
}
