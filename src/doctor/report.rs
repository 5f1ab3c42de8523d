//! What the doctor found, as people and as programs read it. Pure.

use super::model::{Finding, Verdict};
use std::fmt::Write as _;

/// The report for a person: a line each, its mark and name aligned, below it what to do; coloured if that is wanted.
#[must_use]
pub fn text(findings: &[Finding], is_coloured: bool) -> String {
    let width = findings.iter().map(|finding| finding.name.len()).max().unwrap_or(0);
    let mut report = String::new();
    for Finding { name, verdict, sentence, remedy } in findings {
        let mark = painted(*verdict, is_coloured);
        // Writing to a text does not fail.
        let _ = writeln!(report, "{mark}  {name:width$}  {sentence}");
        if let Some(remedy) = remedy {
            let _ = writeln!(report, "      {:width$}  -> {remedy}", "");
        }
    }
    report.push_str(&summary(findings));
    report
}

/// The report for a program: an array, one object a check.
#[must_use]
pub fn json(findings: &[Finding]) -> String {
    format!("{:#}", serde_json::json!(findings))
}

fn painted(verdict: Verdict, is_coloured: bool) -> String {
    let (mark, colour) = match verdict {
        Verdict::Ok => ("ok  ", 32),
        Verdict::Note => ("note", 36),
        Verdict::Warning => ("warn", 33),
        Verdict::Failure => ("FAIL", 31),
    };
    if is_coloured { format!("\x1b[{colour}m{mark}\x1b[0m") } else { mark.to_owned() }
}

fn summary(findings: &[Finding]) -> String {
    let count = |verdict: Verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let (warnings, failures) = (count(Verdict::Warning), count(Verdict::Failure));
    format!(
        "{}: {} ok, {}, {}, {}\n",
        plural(findings.len(), "check"),
        count(Verdict::Ok),
        plural(count(Verdict::Note), "note"),
        plural(warnings, "warning"),
        plural(failures, "failure")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::model::{exit_code, worst};

    fn findings() -> Vec<Finding> {
        vec![
            Finding::ok("config", "It is read."),
            Finding::note("database", "There is none yet."),
            Finding::warning("clock", "It is 3 s ahead.", "Set it."),
            Finding::failure("key", "It is another one.", "Put it back."),
        ]
    }

    #[test]
    fn a_report_is_aligned_and_coloured_only_on_request() {
        let plain = text(&findings(), false);
        assert_eq!(
            plain,
            "ok    config    It is read.\n\
             note  database  There is none yet.\n\
             warn  clock     It is 3 s ahead.\n                -> Set it.\n\
             FAIL  key       It is another one.\n                -> Put it back.\n\
             4 checks: 1 ok, 1 note, 1 warning, 1 failure\n"
        );
        assert!(text(&findings(), true).contains("\u{1b}[31mFAIL\u{1b}[0m  key"));
    }

    #[test]
    fn programs_read_an_array() {
        let read: serde_json::Value = serde_json::from_str(&json(&findings())).expect("JSON");
        assert_eq!((&read[0]["verdict"], &read[0]["remedy"]), (&"ok".into(), &serde_json::Value::Null));
        assert_eq!((&read[3]["name"], &read[3]["verdict"]), (&"key".into(), &"failure".into()));
    }

    #[test]
    fn the_exit_code_says_the_worst() {
        let all = findings();
        let code = |findings: &[Finding]| exit_code(worst(findings));
        assert_eq!([code(&[]), code(&all[..2]), code(&all[..3]), code(&all)], [0, 0, 1, 2]);
    }
}
