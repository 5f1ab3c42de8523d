//! Custom CSS: what designers write is taken, every known way to load something is not.

use super::*;
use proptest::prelude::*;

/// What a designer would write.
const GOOD: &str = r#"
@layer house, mine;
@property --turn { syntax: "<angle>"; inherits: false; initial-value: 0deg }
:root { --accent: #9146ff; --ground: color-mix(in oklab, black 70%, transparent) }
.overlay { border-radius: 0; clip-path: polygon(0 0, 100% 0, 96% 100%, 0 100%); font-family: "Größe", sans-serif }
.stage[data-state="paused"] .title::after { content: " \2192  (paused)" }
@media (prefers-reduced-motion: no-preference) { .cover { animation: turn 8s linear infinite } }
@-webkit-keyframes turn { to { rotate: 1turn } }
@supports (backdrop-filter: blur(4px)) { .overlay { backdrop-filter: blur(4px) } }
@container (width > 30em) { .tracks > .track:nth-child(2n + 1) { opacity: .8 } }
.größe, .曲 { color: rgb(from var(--accent) r g b / 50%) } /* it's "fine" { */
"#;

#[test]
fn what_designers_write_is_taken_as_it_stands() {
    for css in [GOOD, "", "a{}", "\t.x { }\n"] {
        assert_eq!(check(css).expect(css).as_str(), css);
    }
    assert_eq!(check("a{\r\n}\r").expect("line ends of a form").as_str(), "a{\n}\n");
}

#[test]
fn every_way_to_load_something_is_known() {
    for css in [
        "a{background:url(http://evil.example/x)}",
        "a{background:url('//evil.example/x')}",
        "a{background:URL( \"x.png\" )}",
        r"a{background:\75rl(x)}",
        r"a{background:\000075 rl(x)}",
        r"a{background:u\72 l(x)}",
        r"a{background:ur\l(x)}",
        r"a{background:\55\52\4c(x)}",
        "a{background:url(x y)}",
        "a{background:url(\nx\n)}",
        "a{background:url(}",
        "a{background:url()}",
        "a{background:/**/url(x)}",
        "a{background:red,url(x)}",
        "a{b:{c:[d(url(x))]}}",
        "a{--later:url(x)}",
        "@media url(x){}",
        "a[title=url(x)]{}",
        "url(x)",
        "a{background:image-set('x.png' 1x)}",
        "a{background:-webkit-image-set('x.png' 1x)}",
        "a{background:-WebKit-Image-Set('x.png' 1x)}",
        "a{background:image('x.png')}",
        "a{background:src('x.png')}",
        "a{background:src(var(--x))}",
        "a{background:-webkit-cross-fade('a','b',50%)}",
        "a{background:-moz-image-rect('a',0,0,0,0)}",
        "a{background:url(data:image/png;base64,AAAA)}",
        "a{filter:url(#shadow)}",
        // Letters that end a name for some browsers.
        "a{background:×url(x)}",
        "a{background:1×url(x)}",
        "a{background:#×url(x)}",
        "\u{feff}url(x)",
    ] {
        assert_eq!(check(css).map_err(|bad| bad.fault), Err(Fault::Loads), "{css}");
    }
}

#[test]
fn of_at_rules_only_those_that_load_nothing() {
    for css in [
        "@import 'x.css';",
        "@IMPORT 'x.css';",
        r"@\69mport 'x.css';",
        r"@i\6d port 'x.css';",
        "/**/@import/**/'x.css'",
        "a{}@import 'x.css';",
        "@layer a;@import 'x.css' layer(a);",
        "@media print{@import 'x.css';}",
        "a{@import 'x.css'}",
        "@charset 'utf-16';",
        "@namespace 'http://evil.example';",
        "@font-face{font-family:x;src:local(x)}",
        "@-moz-document domain(x){}",
        "@document domain(x){}",
        "@font-palette-values --x{}",
        "@page{}",
        "@-webkit-import 'x'",
        "@é{}",
    ] {
        assert_eq!(check(css).map_err(|bad| bad.fault), Err(Fault::AtRule), "{css}");
    }
}

#[test]
fn nothing_swallows_what_follows() {
    use Fault::{BrokenString, Stray, Unclosed, Unopened};
    for (css, fault) in [
        ("a{", Unclosed),
        ("a{b:c(d", Unclosed),
        ("a[b", Unclosed),
        ("/*", Unclosed),
        ("a{}/* b *", Unclosed),
        ("'a\\", Unclosed),
        ("a{b:'c\\\n", BrokenString),
        ("'a", BrokenString),
        ("a{b:'c\n'}", BrokenString),
        ("a{b:\"c}", BrokenString),
        ("a}", Unopened),
        ("a{b:c)}", Unopened),
        ("a{(]}", Unopened),
        ("a\\", Stray),
        ("a{b:\\\nc}", Stray),
    ] {
        assert_eq!(check(css).map_err(|bad| bad.fault), Err(fault), "{css:?}");
    }
}

#[test]
fn it_ends_no_style_element_and_holds_no_control_character() {
    for css in ["</style>", "/* </style> */", "a{content:'</'}", "a{}\n</STYLE><script>"] {
        assert_eq!(check(css).map_err(|bad| bad.fault), Err(Fault::Markup), "{css}");
    }
    for css in ["a{}\0", "a\u{c}{}", "/*\u{7f}*/", "\u{1b}[0m", "a\u{85}"] {
        assert_eq!(check(css).map_err(|bad| bad.fault), Err(Fault::Control), "{css:?}");
    }
}

#[test]
fn it_is_neither_long_nor_deep() {
    let long = |length| "/*".to_owned() + &"é".repeat((length - 4) / 2) + "*/";
    assert!(check(&long(LONGEST)).is_ok());
    assert_eq!(check(&long(LONGEST + 2)).map_err(|bad| bad.fault), Err(Fault::TooLong));
    let deep = |depth| "(".repeat(depth) + &")".repeat(depth);
    assert!(check(&deep(usize::from(DEEPEST))).is_ok());
    assert_eq!(check(&deep(10_000)).map_err(|bad| bad.fault), Err(Fault::TooDeep));
    assert_eq!(check(&"{".repeat(LONGEST)).map_err(|bad| bad.fault), Err(Fault::TooDeep));
}

#[test]
fn a_refusal_says_where_and_what() {
    for (css, told) in [
        ("a{}\r\n\r\nb{c:url(x)}", "Line 3: url(x) would load something, and custom CSS loads nothing."),
        ("a{}\n@import 'x';", "Line 2: @import is not taken; at-rules that are: @container, @counter-style,"),
        ("a{}\nb{\n c:d;\n", "Line 2: { is never closed."),
        ("a{}\n/* b\n c", "Line 2: /* b"),
        ("a{}\n}", "Line 2: } closes nothing that is open here."),
        ("\n\n\u{7}", "Line 3: the control character U+0007 has no place in CSS."),
    ] {
        let bad = check(css).expect_err(css).to_string();
        assert!(bad.starts_with(told), "{bad}");
    }
    let long = format!("'{}", "x".repeat(99));
    assert_eq!(check(&long).expect_err("open").word.chars().count(), 41);
}

/// Pieces that mean something when they meet.
const PIECES: [&str; 36] = [
    "url(",
    "u",
    "rl(",
    "\\75",
    "\\",
    "@",
    "import",
    "@media",
    "@import",
    "image-set(",
    "src(",
    "-webkit-",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "/*",
    "*/",
    "/",
    "*",
    "\n",
    " ",
    ";",
    ":",
    "a",
    "x.png",
    "é",
    "×",
    "1",
    "-",
    "#",
    "</",
];

fn loads_something(parser: &mut Parser<'_>) -> bool {
    while let Ok(token) = parser.next_including_whitespace_and_comments().cloned() {
        let inner = |parser: &mut Parser<'_>| Ok::<_, ParseError<()>>(loads_something(parser));
        let is_bad = match &token {
            Token::UnquotedUrl(_) | Token::BadUrl(_) => true,
            Token::Function(name) => {
                ["url", "src", "image-set"].iter().any(|known| name.eq_ignore_ascii_case(known))
            }
            Token::AtKeyword(name) => name.eq_ignore_ascii_case("import"),
            _ => false,
        };
        if is_bad || (opens(&token) && parser.parse_nested_block(inner) != Ok(false)) {
            return true;
        }
    }
    false
}

/// What is taken loads nothing, is taken again, and leaves alone what is written behind it.
fn holds(css: &str) -> Result<(), TestCaseError> {
    let Ok(sheet) = check(css) else { return Ok(()) };
    for text in [sheet.as_str().to_owned(), sheet.as_str().replace(['é', '×'], " ")] {
        prop_assert!(!loads_something(&mut Parser::new(&text)), "{css:?}");
    }
    prop_assert_eq!(&check(sheet.as_str()), &Ok(sheet.clone()));
    let followed = format!("{}\n@import 'x';", sheet.as_str());
    prop_assert_eq!(check(&followed).map_err(|bad| bad.fault), Err(Fault::AtRule));
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_typed_is_taken_or_refused(css in any::<String>()) {
        holds(&css)?;
    }

    #[test]
    fn whatever_is_made_of_tricks_is_taken_or_refused(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14)) {
        holds(&pieces.concat())?;
    }
}
