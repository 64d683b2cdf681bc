//! Base64 in pieces of any size.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Decodes base64 as it arrives. The library decodes what is all there, or what a blocking reader gives.
#[derive(Debug, Default)]
pub(super) struct Base64 {
    /// Up to three letters that wait for the rest of their group.
    open: Vec<u8>,
    /// Padding was seen: nothing may follow.
    ended: bool,
}

/// The text is not base64.
#[derive(Debug)]
pub(super) struct NotBase64;

impl Base64 {
    pub(super) fn push(&mut self, text: &[u8], file: &mut Vec<u8>) -> Result<(), NotBase64> {
        let missing = (4 - self.open.len()) % 4;
        let (head, text) = text.split_at_checked(missing).unwrap_or((text, &[]));
        self.open.extend_from_slice(head);
        if self.open.len() == 4 {
            let group = std::mem::take(&mut self.open);
            self.decode(&group, file)?;
        }
        let (groups, tail) = text.split_at_checked(text.len() - text.len() % 4).unwrap_or((text, &[]));
        self.decode(groups, file)?;
        self.open.extend_from_slice(tail);
        if self.ended && !self.open.is_empty() { Err(NotBase64) } else { Ok(()) }
    }

    fn decode(&mut self, groups: &[u8], file: &mut Vec<u8>) -> Result<(), NotBase64> {
        if groups.is_empty() {
            return Ok(());
        }
        if self.ended {
            return Err(NotBase64);
        }
        STANDARD.decode_vec(groups, file).map_err(|_| NotBase64)?;
        self.ended = groups.ends_with(b"=");
        Ok(())
    }

    /// True when no letter waits for another.
    pub(super) fn is_whole(&self) -> bool {
        self.open.is_empty()
    }
}
