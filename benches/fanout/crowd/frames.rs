//! Counts the frames of a WebSocket as their bytes go by. Pure; what they say is not looked at.

const PING: u8 = 0x9;
/// The longest head that a server's frame can have.
const HEAD: usize = 10;

/// Where in the stream of frames we are.
#[derive(Debug, Default)]
pub struct Frames {
    head: [u8; HEAD],
    /// How much of the head is known.
    known: usize,
    /// How much of the frame is still to come, once the head is whole.
    left: Option<u64>,
}

/// Frames that were whole.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub messages: u32,
    pub pings: u32,
}

impl Frames {
    /// Takes in the next bytes.
    pub fn take(&mut self, mut bytes: &[u8]) -> Counted {
        let mut counted = Counted::default();
        while !bytes.is_empty() {
            bytes = match self.left {
                Some(left) => self.skip(left, bytes),
                None => self.begin(bytes),
            };
            if self.left == Some(0) {
                self.count(&mut counted);
            }
        }
        counted
    }

    /// Takes one byte of the head.
    fn begin<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        self.head[self.known] = bytes[0];
        self.known += 1;
        self.left = length(&self.head[..self.known]);
        &bytes[1..]
    }

    fn skip<'a>(&mut self, left: u64, bytes: &'a [u8]) -> &'a [u8] {
        let skipped = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.left = Some(left - skipped as u64);
        &bytes[skipped..]
    }

    fn count(&mut self, counted: &mut Counted) {
        match self.head[0] & 0xF {
            0..=2 => counted.messages += 1,
            PING => counted.pings += 1,
            _ => {}
        }
        *self = Self::default();
    }
}

/// How long the frame is that begins so; none while its head is not whole.
fn length(head: &[u8]) -> Option<u64> {
    match *head {
        [_, short @ ..=125] => Some(short.into()),
        [_, 126, high, low] => Some(u16::from_be_bytes([high, low]).into()),
        [_, 127, ref long @ ..] => long.try_into().ok().map(u64::from_be_bytes),
        _ => None,
    }
}
