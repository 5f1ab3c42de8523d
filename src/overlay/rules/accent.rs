//! The signal colour: the one that was asked for, in a lightness in which it can be read on the theme's ground.

use crate::overlay::model::{Colour, Look, Theme};

/// The contrast that graphics need to be made out (WCAG 2.2, 1.4.11).
const ENOUGH: f64 = 3.0;
/// Steps between black and white, as many as a colour has.
const STEPS: u8 = 255;

impl Theme {
    /// The signal colour of the theme where none is asked for.
    #[must_use]
    pub fn accent(self) -> Colour {
        match self {
            Self::Dark | Self::Glass => Colour([0xff, 0x6a, 0x4d]),
            Self::Light => Colour([0xd9, 0x3a, 0x1f]),
        }
    }

    /// What words and progress stand on.
    fn ground(self) -> Colour {
        match self {
            Self::Dark => Colour([0x0d, 0x0e, 0x11]),
            Self::Light => Colour([0xff, 0xfd, 0xf9]),
            // As it lies over a game of middling brightness.
            Self::Glass => Colour([0x3c, 0x3e, 0x43]),
        }
    }
}

impl Look {
    /// The signal colour to be seen: what was asked for, lighter or darker where it could not be made out.
    #[must_use]
    pub fn accent(&self) -> Colour {
        readable(self.asked_accent.unwrap_or(self.theme.accent()), self.theme)
    }
}

/// A colour from 3 or 6 hexadecimal digits, with `#` or without.
pub(super) fn read(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let digits: Vec<u8> =
        digits.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    let channels: Vec<u8> = match digits.len() {
        3 => digits.iter().map(|digit| digit * 17).collect(),
        6 => digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect(),
        _ => return None,
    };
    channels.try_into().ok().map(Colour)
}

/// The colour of this hue that is nearest in lightness and can be made out on the theme's ground.
fn readable(colour: Colour, theme: Theme) -> Colour {
    let ground = theme.ground();
    if contrast(colour, ground) >= ENOUGH {
        return colour;
    }
    let (hue, saturation, lightness) = parts(colour);
    let end = if theme == Theme::Light { 0.0 } else { 1.0 };
    let nearer = (1..=STEPS).map(|step| {
        let way = f64::from(step) / f64::from(STEPS);
        whole(hue, saturation, lightness + (end - lightness) * way)
    });
    nearer.into_iter().find(|colour| contrast(*colour, ground) >= ENOUGH).unwrap_or(theme.accent())
}

/// The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// How bright a colour is, 0 to 1 (WCAG 2.2, "relative luminance").
fn luminance(Colour(channels): Colour) -> f64 {
    let [red, green, blue] = channels.map(|channel| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Hue in sixths of the circle, saturation and lightness from 0 to 1.
fn parts(Colour(channels): Colour) -> (f64, f64, f64) {
    let [red, green, blue] = channels.map(|channel| f64::from(channel) / 255.0);
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let (spread, lightness) = (most - least, f64::midpoint(most, least));
    if spread <= 0.0 {
        return (0.0, 0.0, lightness);
    }
    let saturation = spread / (1.0 - (2.0 * lightness - 1.0).abs());
    let hue = if most <= red {
        ((green - blue) / spread).rem_euclid(6.0)
    } else if most <= green {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    (hue, saturation, lightness)
}

/// The colour of these parts.
fn whole(hue: f64, saturation: f64, lightness: f64) -> Colour {
    let chroma = saturation * (1.0 - (2.0 * lightness - 1.0).abs());
    // Each channel is the same ramp around the circle, begun elsewhere.
    let channel = |start: f64| {
        let place = (start + hue).rem_euclid(6.0);
        let ramp = ((place - 3.0).abs() - 1.0).clamp(0.0, 1.0);
        byte(lightness + chroma * (ramp - 0.5))
    };
    Colour([channel(0.0), channel(4.0), channel(2.0)])
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 255")]
fn byte(part: f64) -> u8 {
    (part * 255.0).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_colour_is_read_from_three_or_six_digits() {
        assert_eq!(read("f80"), Some(Colour([255, 136, 0])));
        assert_eq!(read("#FF6a4d"), Some(Theme::Dark.accent()));
        for bad in ["", "#", "ff", "ff6a4", "ff6a4d0", "##fff", "gggggg", "ｆｆｆ", "+ff", "red"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_can_be_read_stays_and_the_rest_changes_in_lightness() {
        for theme in Theme::ALL {
            assert_eq!(readable(theme.accent(), *theme), theme.accent());
        }
        let navy = readable(Colour([0, 0, 128]), Theme::Dark);
        assert!(navy.0[2] > 200 && navy.0[0] == navy.0[1] && navy.0[0] < 150, "still blue: {navy}");
        let yellow = readable(Colour([255, 255, 0]), Theme::Light);
        assert!(
            yellow.0[0] == yellow.0[1] && yellow.0[0] > 120 && yellow.0[2] == 0,
            "still yellow: {yellow}"
        );
        assert!(contrast(readable(Colour([0; 3]), Theme::Glass), Theme::Glass.ground()) >= ENOUGH);
    }

    #[test]
    fn contrasts_are_those_of_the_standard() {
        assert!((contrast(Colour([0; 3]), Colour([255; 3])) - 21.0).abs() < 1e-9);
        assert!((contrast(Colour([0x77; 3]), Colour([255; 3])) - 4.478).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn every_colour_can_be_made_out_on_every_theme(channels: [u8; 3], theme in 0..Theme::ALL.len()) {
            let theme = Theme::ALL[theme];
            let seen = readable(Colour(channels), theme);
            prop_assert!(contrast(seen, theme.ground()) >= ENOUGH, "{} of {}", seen, Colour(channels));
        }

        #[test]
        fn a_hue_stays_the_same(channels: [u8; 3], theme in 0..Theme::ALL.len()) {
            let (asked, seen) = (Colour(channels), readable(Colour(channels), Theme::ALL[theme]));
            let ((hue, saturation, _), (now, left, _)) = (parts(asked), parts(seen));
            let turned = (hue - now).abs();
            prop_assume!(saturation > 0.2 && left > 0.2);
            prop_assert!(turned.min(6.0 - turned) < 0.25, "{} became {}", asked, seen);
        }
    }
}
