//! A preset's custom CSS: taken as it stands or refused whole, so that designers get what they wrote or are told why not.
//!
//! One thing is forbidden: to load something. The site's Content-Security-Policy is the wall behind this one. Names are
//! judged as a browser reads them, with escapes undone, by the tokeniser of Servo and Firefox.

mod fault;
#[cfg(test)]
mod tests;

pub use fault::{BadSheet, Fault};

use cssparser::{ParseError, ParseErrorKind, Parser, Token};

/// The most that a sheet may hold, in bytes.
pub const LONGEST: usize = 20 * 1024;
/// How deep brackets may stand in brackets.
const DEEPEST: u8 = 32;
/// The at-rules that may stand in a sheet: those that load nothing.
const AT_RULES: [&str; 9] = [
    "container",
    "counter-style",
    "keyframes",
    "layer",
    "media",
    "property",
    "scope",
    "starting-style",
    "supports",
];
/// The functions that load something, or name what is loaded from where.
const LOADERS: [&str; 10] = [
    "cross-fade",
    "domain",
    "image",
    "image-rect",
    "image-set",
    "media-document",
    "regexp",
    "src",
    "url",
    "url-prefix",
];
/// Names with one of these count like those without.
const PREFIXES: [&str; 4] = ["-webkit-", "-moz-", "-ms-", "-o-"];
/// Stands behind what is read. Whatever is left open swallows it.
const MARK: &str = "airlog-end-of-sheet";

/// Custom CSS that may be served. It is never changed, but for its line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet(String);

impl Sheet {
    /// The text to keep and to serve; empty when there is none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads custom CSS as it was typed.
///
/// # Errors
/// The first place where it is longer than [`LONGEST`], leaves something open, or has something in it that loads or
/// could end a style element.
pub fn check(css: &str) -> Result<Sheet, BadSheet> {
    let css = css.replace("\r\n", "\n").replace('\r', "\n");
    check_letters(&css)?;
    check_tokens(&css)?;
    // Some letters beyond ASCII belong to a name for one browser and end it for another: it has to be good either way.
    check_tokens(&css.replace(|letter: char| !letter.is_ascii(), ","))?;
    Ok(Sheet(css))
}

/// Finds what is wrong wherever it stands, in a comment too.
fn check_letters(css: &str) -> Result<(), BadSheet> {
    let bad = |at: usize, fault, word: &str| Err(BadSheet::new(line_of(css, at), fault, word));
    if css.len() > LONGEST {
        return bad(css.floor_char_boundary(LONGEST), Fault::TooLong, "");
    }
    if let Some(at) = css.find("</") {
        return bad(at, Fault::Markup, "</");
    }
    match css.char_indices().find(|(_, letter)| letter.is_control() && !"\n\t".contains(*letter)) {
        Some((at, letter)) => bad(at, Fault::Control, &format!("U+{:04X}", u32::from(letter))),
        None => Ok(()),
    }
}

fn line_of(css: &str, at: usize) -> u32 {
    let breaks = css[..at].bytes().filter(|byte| *byte == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
}

/// Finds what is wrong as CSS.
fn check_tokens(css: &str) -> Result<(), BadSheet> {
    let text = format!("{css}\n{MARK}");
    let mut parser = Parser::new(&text);
    parser.set_nested_block_limit(DEEPEST);
    check_block(&mut parser, text.len(), None)
        .map_err(|error| in_place(error, || BadSheet::new(1, Fault::Unopened, "")))
}

/// Reads to the end of a block, or of the text, which ends at `end`; `opened` is what opened the block: line and word.
fn check_block(
    parser: &mut Parser<'_>,
    end: usize,
    opened: Option<(u32, &str)>,
) -> Result<(), ParseError<BadSheet>> {
    loop {
        let (start, line) = (parser.position(), parser.current_source_location().line + 1);
        let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return Ok(()) };
        let word = parser.slice_from(start);
        if let Some(fault) = fault_of(&token) {
            return bad(line, fault, word);
        }
        if parser.position().byte_index() == end {
            return check_end((line, word), opened);
        }
        if opens(&token) {
            let inner = |parser: &mut Parser<'_>| check_block(parser, end, Some((line, word)));
            let too_deep = || BadSheet::new(line, Fault::TooDeep, word);
            parser.parse_nested_block(inner).map_err(|error| custom(in_place(error, too_deep)))?;
        }
    }
}

/// The last word of all is the mark, and stands in no bracket, when nothing was left open.
fn check_end(last: (u32, &str), opened: Option<(u32, &str)>) -> Result<(), ParseError<BadSheet>> {
    let (line, word) = match opened {
        None if last.1 == MARK => return Ok(()),
        Some(opened) if last.1 == MARK => opened,
        _ => last,
    };
    bad(line, Fault::Unclosed, word)
}

fn fault_of(token: &Token<'_>) -> Option<Fault> {
    match token {
        Token::UnquotedUrl(_) | Token::BadUrl(_) => Some(Fault::Loads),
        Token::Function(name) if LOADERS.contains(&plain(name).as_str()) => Some(Fault::Loads),
        Token::AtKeyword(name) if !AT_RULES.contains(&plain(name).as_str()) => Some(Fault::AtRule),
        Token::BadString(_) => Some(Fault::BrokenString),
        Token::CloseParenthesis | Token::CloseSquareBracket | Token::CloseCurlyBracket => {
            Some(Fault::Unopened)
        }
        Token::Delim('\\') => Some(Fault::Stray),
        _ => None,
    }
}

/// A name in small letters, without the prefix of a browser.
fn plain(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(&name).to_owned()
}

fn opens(token: &Token<'_>) -> bool {
    matches!(
        token,
        Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock
    )
}

fn bad(line: u32, fault: Fault, word: &str) -> Result<(), ParseError<BadSheet>> {
    Err(custom(BadSheet::new(line, fault, word)))
}

fn custom(bad: BadSheet) -> ParseError<BadSheet> {
    ParseError { kind: ParseErrorKind::Custom(bad) }
}

/// What we have said is wrong, or else what the parser means.
fn in_place(error: ParseError<BadSheet>, else_bad: impl FnOnce() -> BadSheet) -> BadSheet {
    match error.kind {
        ParseErrorKind::Custom(bad) => bad,
        ParseErrorKind::Basic(_) => else_bad(),
    }
}
