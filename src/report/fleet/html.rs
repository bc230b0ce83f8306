//! The fleet as one HTML page that needs nothing else: no script, no font, no picture, no address that is loaded.

use super::{Fleet, Summary, words};
use crate::checks::Severity;
use crate::text::{Lang, harmless};
use std::fmt::Write;

/// Colours of both backgrounds; every pair has a contrast of 4.5 or more.
const STYLE: &str = "\
:root{color-scheme:light dark;--back:#fff;--text:#1d2126;--quiet:#5b636d;--line:#d5dae0;--critical:#b3261e;--warn:#8a5a00;--info:#1f5fa8;--good:#1b6e3a}\
@media(prefers-color-scheme:dark){:root{--back:#15181c;--text:#e6e9ed;--quiet:#a0a9b4;--line:#343a42;--critical:#ff8a80;--warn:#f0b955;--info:#8ab8f5;--good:#79d196}}\
body{margin:2rem auto;padding:0 1rem;max-width:72rem;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}\
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}\
th,td{padding:.4rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}\
th{color:var(--quiet);font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}\
.critical{color:var(--critical);font-weight:600}.warn{color:var(--warn);font-weight:600}.info{color:var(--info)}.none{color:var(--good)}\
code,.quiet{color:var(--quiet)}code{font-size:.9em;overflow-wrap:anywhere}";

/// Is the report as one page.
pub fn page(fleet: &Fleet, lang: Lang) -> String {
    let language = if lang == Lang::Ja { "ja" } else { "en" };
    let title = words::TITLE.of(lang);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n",
        safe(&fleet.counted(lang))
    );
    if let Some(oldest) = fleet.oldest(lang) {
        let _ = writeln!(out, "<p class=\"quiet\">{}</p>", safe(&oldest));
    }
    hosts(&mut out, fleet, lang);
    findings(&mut out, fleet, lang);
    for (heading, lines) in fleet.details(lang) {
        let _ = writeln!(out, "<h2>{}</h2>\n<ul>", safe(&heading));
        for (host, line) in lines {
            let _ = writeln!(out, "<li><b>{}</b>: {}</li>", safe(&host), safe(&line));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn hosts(out: &mut String, fleet: &Fleet, lang: Lang) {
    out.push_str("<div class=\"wide\"><table>\n<thead><tr>");
    let numbers = [words::CRITICAL, words::WARN, words::INFO, words::ACCEPTED];
    let _ = write!(out, "<th scope=\"col\">{}</th>", words::HOST.of(lang));
    for head in numbers {
        let _ = write!(out, "<th scope=\"col\" class=\"n\">{}</th>", head.of(lang));
    }
    for head in [words::DRIFT, words::AUDITED, words::CHECKUP] {
        let _ = write!(out, "<th scope=\"col\">{}</th>", head.of(lang));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for cells in fleet.cells(lang) {
        let _ = write!(out, "<tr><th scope=\"row\">{}", safe(&cells.host));
        if cells.refused {
            let _ = write!(out, "<br><span class=\"critical\">{}</span>", words::REFUSED.of(lang));
        }
        out.push_str("</th>");
        let count = |of: fn(&Summary) -> usize| cells.counts.as_ref().map(of);
        for (class, value) in
            [("critical", count(|c| c.critical)), ("warn", count(|c| c.warn)), ("info", count(|c| c.info))]
        {
            let class = if value == Some(0) { "none" } else { class };
            let value = value.map_or_else(|| "-".to_owned(), |value| value.to_string());
            let _ = write!(out, "<td class=\"n {class}\">{value}</td>");
        }
        let _ = write!(out, "<td class=\"n\">{}</td>", safe(&cells.accepted));
        for text in [&cells.drift, &cells.audited, &cells.checkup] {
            let _ = write!(out, "<td>{}</td>", safe(text));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn findings(out: &mut String, fleet: &Fleet, lang: Lang) {
    let findings = fleet.findings(lang);
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "<h2>{}</h2>\n<div class=\"wide\"><table>\n<tbody>", words::FINDING.of(lang));
    for one in findings {
        let (class, word) = match one.severity {
            Severity::Critical => ("critical", words::CRITICAL),
            Severity::Warn => ("warn", words::WARN),
            Severity::Info => ("info", words::INFO),
        };
        let hosts: Vec<String> = one.hosts.iter().map(|host| safe(host)).collect();
        let _ = writeln!(
            out,
            "<tr><td class=\"{class}\">{}</td><td>{}<br><code>{}</code></td><td class=\"n\">{}</td><td>{}</td></tr>",
            word.of(lang),
            safe(&one.title),
            safe(one.id),
            hosts.len(),
            hosts.join(", ")
        );
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// Is a text that is no markup.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}
