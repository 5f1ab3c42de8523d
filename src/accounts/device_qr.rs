//! A link as a QR code, for a phone to read. Pure.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// The light frame that readers need, in modules.
const FRAME: usize = 4;

/// A QR code as a drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Qr {
    /// Width and height, its light frame included.
    pub(super) size: usize,
    /// The dark modules, as the `d` of an SVG path.
    pub(super) path: String,
}

/// A link as a QR code; none when it is too long for one.
pub(super) fn qr(link: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    let (width, modules) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run[0] == Color::Dark {
                // A text takes everything.
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + FRAME, y + FRAME, run.len(), run.len());
            }
            x += run.len();
        }
    }
    Some(Qr { size: width + 2 * FRAME, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_drawn_with_its_three_corners_in_a_frame() {
        let qr = qr("https://www.twitch.tv/activate?public=true&device-code=ABCDEFGH").expect("a drawing");
        let right = qr.size - FRAME - 7;
        for corner in
            ["M4 4h7v1h-7z".to_owned(), format!("M{right} 4h7v1h-7z"), format!("M4 {right}h7v1h-7z")]
        {
            assert!(qr.path.contains(&corner), "{corner}");
        }
        assert!(qr.path.chars().all(|letter| "Mhvz- 0123456789".contains(letter)));
        assert!(super::qr(&"x".repeat(5_000)).is_none());
    }
}
