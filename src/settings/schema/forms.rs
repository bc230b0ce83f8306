//! Named forms: what OpenClaw checks with a function where a schema can only say "string".

use super::load::is_agent_id;
use super::pattern::{is_space, matches};
use crate::text::Text;
use serde_json::Value;
use std::net::{IpAddr, Ipv6Addr};

/// A form that a value must have.
pub(super) struct Form {
    /// What the schema calls it.
    pub name: &'static str,
    /// What is asked for, with places `path` and `value`.
    pub sentence: Text,
    /// Whether a text has it.
    test: fn(&str) -> bool,
    /// Whether a number may stand for its text.
    numbers: bool,
    #[cfg(test)]
    good: &'static str,
    #[cfg(test)]
    bad: &'static str,
}

macro_rules! forms {
    ($($name:literal, $numbers:literal, $test:expr, $en:literal, $ja:literal, $good:literal, $bad:literal;)*) => {
        const FORMS: &[Form] = &[$(Form {
            name: $name,
            sentence: Text {
                en: concat!("\"{path}\" must be ", $en, ", not {value}"),
                ja: concat!("\"{path}\" を {value} にはできません。使える値: ", $ja),
            },
            test: $test,
            numbers: $numbers,
            #[cfg(test)]
            good: $good,
            #[cfg(test)]
            bad: $bad,
        }),*];
    };
}

// name, numbers too, test, what is wanted, a good example, a bad one
forms! {
    "absolute-or-home", false, |s| s.starts_with('/') || s == "~" || s.starts_with("~/"),
        "an absolute path or a path that starts with ~", "絶対パスまたは ~ で始まるパス", "~/trees", "trees";
    "absolute-path", false, |s| s.starts_with('/'),
        "an absolute path", "絶対パス", "/etc/vnc", "vnc";
    "agent-id", false, |s| is_agent_id(s.trim_matches(is_space)),
        "an agent id: letters, digits, - and _", "エージェント ID (英数字、-、_)", "work", "a b";
    "any-absolute-path", false, is_any_absolute,
        "an absolute path", "絶対パス", "/opt/bin", "bin";
    "bind-spec", false, is_bind_spec,
        "host:container with an absolute path on the host", "ホスト側が絶対パスの「ホスト:コンテナ」", "/srv/data:/data:ro", "data:/data";
    "byte-size", true, |s| bytes(s).is_some(),
        "a size such as 512kb, 10mb or 1gb", "512kb、10mb、1gb のようなサイズ", "10mb", "10 apples";
    "catalog-url", false, |s| url(s).is_some_and(|url| url.scheme == "https" || url.scheme == "http" && url.is_local()),
        "an https address, or http on localhost", "https の URL (localhost のみ http 可)", "https://example.com/c", "http://example.com/c";
    "clock-end", false, |s| s.is_empty() || is_clock(s) || s == "24:00",
        "a time as HH:MM, up to 24:00", "HH:MM 形式の時刻 (24:00 まで)", "24:00", "25:00";
    "clock-start", false, |s| s.is_empty() || is_clock(s),
        "a time as HH:MM, up to 23:59", "HH:MM 形式の時刻 (23:59 まで)", "09:30", "24:00";
    "confined", false, |s| !s.trim_matches(is_space).eq_ignore_ascii_case("unconfined"),
        "a named profile: OpenClaw does not start an unconfined sandbox", "プロファイル名 (unconfined のサンドボックスを OpenClaw は起動しません)", "docker-default", "unconfined";
    "domain", false, is_domain,
        "a bare domain name", "ドメイン名のみ", "portal.example.com", "https://example.com";
    "duration", false, |s| duration(s, "h").is_some(),
        "a duration such as 30m, 24h or 7d", "30m、24h、7d のような期間", "1h30m", "soon";
    "duration-or-empty", false, |s| s.is_empty() || duration(s, "m").is_some(),
        "a duration such as 30m or 2h", "30m、2h のような期間", "30m", "half an hour";
    "exact-host", false, is_exact_host,
        "one host name or address, without scheme, port or wildcard", "スキーム、ポート、ワイルドカードを含まないホスト名またはアドレス 1 つ", "api.example.com", "*.example.com";
    "exec-id", false, |s| matches("^[A-Za-z0-9][A-Za-z0-9._:/#-]{0,255}$", s, false) && !s.split('/').any(|part| part == "." || part == ".."),
        "an id such as vault/openai/api-key", "vault/openai/api-key のような ID", "vault/key", "../key";
    "executable", false, |s| is_executable(s) && is_any_absolute(s),
        "the absolute path of a program, without shell characters", "シェルの記号を含まない、プログラムの絶対パス", "/usr/bin/pass", "pass";
    "file-id", false, |s| s == "value" || s.starts_with('/') && s.split('/').all(is_pointer_part),
        "a JSON pointer such as /providers/openai/apiKey, or value", "/providers/openai/apiKey のような JSON ポインター、または value", "/a/b", "a/b";
    "http-url", false, |s| url(s).is_some_and(|url| matches!(url.scheme.as_str(), "http" | "https")),
        "an http:// or https:// address", "http:// または https:// の URL", "http://127.0.0.1:1/x", "ftp://a";
    "https-page", false, |s| url(s).is_some_and(|url| url.scheme == "https" && url.path != "/"),
        "an https:// address with a path", "パスを含む https:// の URL", "https://a.example/client.json", "https://a.example/";
    "minute-or-more", false, |s| matches("(?:ms|s|m|h|d)$", s, true) && duration(s, "ms").is_some_and(|ms| ms >= 60_000.0),
        "a duration of at least 1m", "1m 以上の期間", "45m", "30s";
    "model-or-empty", false, |s| s.trim_matches(is_space).is_empty() || is_model(s),
        "provider/model, or empty", "「プロバイダー/モデル」または空文字列", "openai/gpt-5.4", "gpt";
    "module-path", false, is_module,
        "a relative path that stays in its folder", "フォルダーの外に出ない相対パス", "hooks/a.mjs", "../a.mjs";
    "no-outer-space", false, |s| !s.is_empty() && s.trim_matches(is_space) == s,
        "a name without blanks around it", "前後に空白のない名前", "docs", " docs";
    "not-blank", false, |s| !s.trim_matches(is_space).is_empty(),
        "filled in", "空白以外の値", "/etc/cert.pem", " ";
    "origin", false, |s| url(s).is_some_and(|url| url.is_origin()),
        "an origin such as https://example.com, without path", "https://example.com のような、パスのないオリジン", "https://a.example:8443", "https://a.example/x";
    "positive-duration", true, |s| duration(s, "d").is_some_and(|ms| ms > 0.0),
        "a duration above zero, such as 30d", "30d のような、0 より長い期間", "30d", "0d";
    "project-key", false, is_project,
        "host/owner/repo in lower case, without .git", "小文字の host/owner/repo (.git なし)", "github.com/a/b", "github.com/A/b";
    "public-origin", false, |s| url(s).is_some_and(|url| url.is_origin() && (url.scheme == "https" || url.is_local())),
        "an https origin without path (http only on localhost)", "パスのない https のオリジン (localhost のみ http 可)", "https://a.example", "http://a.example";
    "runtime-id", false, |s| !matches!(s.trim_matches(is_space), "auto" | "default"),
        "the id of a runtime, not auto or default", "auto と default 以外のランタイム ID", "codex", "auto";
    "uri", false, |s| url(s).is_some(),
        "an address such as https://example.com", "https://example.com のような URL", "ws://a:1", "not an address";
}

impl Form {
    /// Is the form of a name.
    pub(super) fn named(name: &str) -> Option<&'static Form> {
        FORMS.iter().find(|form| form.name == name)
    }

    /// Whether a value has the form; values that it does not speak of have.
    pub(super) fn fits(&self, value: &Value, trimmed: bool) -> bool {
        match value {
            Value::String(text) if trimmed => (self.test)(text.trim_matches(is_space)),
            Value::String(text) => (self.test)(text),
            Value::Number(number) if self.numbers => (self.test)(&number.to_string()),
            _ => true,
        }
    }
}

/// Is the milliseconds of a duration such as `30`, `1.5h` or `1h30m`; none if it is not one.
pub(super) fn duration(text: &str, default_unit: &str) -> Option<f64> {
    let text = text.trim_matches(is_space).to_lowercase();
    let mut rest = text.as_str();
    let mut total = 0.0;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        if !matches(r"^\d+(?:\.\d+)?$", number, false) {
            return None;
        }
        let unit = ["ms", "s", "m", "h", "d"].into_iter().find(|unit| after.starts_with(unit));
        let (unit, after) = match unit {
            Some(unit) => (unit, &after[unit.len()..]),
            None if after.is_empty() && total == 0.0 && number.len() == text.len() => (default_unit, after),
            None => return None,
        };
        let factor = match unit {
            "ms" => 1.0,
            "s" => 1e3,
            "m" => 6e4,
            "h" => 36e5,
            _ => 864e5,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = after;
        if rest.is_empty() {
            return (total.round() <= 9_007_199_254_740_991.0).then_some(total.round());
        }
    }
}

fn bytes(text: &str) -> Option<f64> {
    let text = text.trim_matches(is_space).to_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if !matches(r"^\d+(?:\.\d+)?$", number, false) {
        return None;
    }
    let power = ["b", "k", "m", "g", "t"]
        .iter()
        .position(|known| unit == *known || unit.strip_suffix('b') == Some(known) && *known != "b");
    let power = if unit.is_empty() { 0 } else { power? };
    let bytes = (number.parse::<f64>().ok()? * 1024f64.powi(power as i32)).round();
    (bytes <= 9_007_199_254_740_991.0).then_some(bytes)
}

fn is_clock(text: &str) -> bool {
    matches(r"^(?:[01]\d|2[0-3]):[0-5]\d$", text, false)
}

fn is_any_absolute(path: &str) -> bool {
    path.starts_with('/') || matches(r"^[A-Za-z]:[\\/]", path, false) || matches(r"^\\\\[^\\]+\\[^\\]+", path, false)
}

fn is_bind_spec(spec: &str) -> bool {
    let drive = |path: &str| matches(r"^[A-Za-z]:[\\/]", path, false);
    let from = if drive(spec) { 2 } else { 0 };
    let host = spec[from..].find(':').map_or(spec, |at| &spec[..from + at]);
    let host = host.strip_prefix(r"\\?\").or_else(|| host.strip_prefix("//?/")).unwrap_or(host);
    host.starts_with('/') || drive(host)
}

fn is_executable(value: &str) -> bool {
    let value = value.trim_matches(is_space);
    !value.is_empty() && !value.contains(['\0', '\r', '\n', ';', '&', '|', '`', '$', '<', '>', '"', '\''])
}

fn is_pointer_part(part: &str) -> bool {
    matches("^(?:[^~]|~0|~1)*$", part, false)
}

/// Whether a text is `provider/model`.
pub(super) fn is_model(text: &str) -> bool {
    let parts = text.split_once('/');
    parts.is_some_and(|(provider, model)| {
        !provider.trim_matches(is_space).is_empty() && !model.trim_matches(is_space).is_empty()
    })
}

fn is_module(path: &str) -> bool {
    let path = path.trim_matches(is_space);
    !path.is_empty()
        && !path.starts_with(['/', '~'])
        && !path.contains(':')
        && !path.split(['/', '\\']).any(|part| part == "..")
}

fn is_label(label: &str) -> bool {
    matches("^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", label, true)
}

fn is_domain(domain: &str) -> bool {
    let plain = url(&format!("https://portal.{domain}"))
        .is_some_and(|url| url.host == format!("portal.{}", domain.to_lowercase()));
    plain
        && domain.len() <= 220
        && domain.contains('.')
        && domain.parse::<IpAddr>().is_err()
        && domain.split('.').all(is_label)
}

fn is_exact_host(host: &str) -> bool {
    let host = host.trim_matches(is_space).to_lowercase();
    let host = host.trim_end_matches('.');
    if host.contains('*') {
        return false;
    }
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if bare.parse::<IpAddr>().is_ok() {
        return true;
    }
    if bare.is_empty() || bare.contains([':', '/', '?', '#', '@']) || bare.contains(is_space) {
        return false;
    }
    // Other scripts are turned into ASCII first; what comes out is a label.
    bare.len() <= 253 && bare.split('.').all(|label| !label.is_ascii() || is_label(label))
}

fn is_project(key: &str) -> bool {
    let parts: Vec<&str> = key.split('/').collect();
    parts.len() >= 3
        && key == key.to_lowercase()
        && !key.ends_with(".git")
        && !key.contains(['?', '#', '@', ':'])
        && key.trim_matches(is_space) == key
        && parts.iter().all(|part| !part.is_empty() && *part != "." && *part != "..")
}

/// The parts of an address that are asked about.
pub(super) struct Url {
    pub scheme: String,
    pub host: String,
    path: String,
    bare: bool,
}

impl Url {
    fn is_origin(&self) -> bool {
        matches!(self.scheme.as_str(), "http" | "https") && self.path == "/" && self.bare
    }

    fn is_local(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }
}

/// Reads an address as browsers do, as far as it matters here; none if it is not one.
pub(super) fn url(text: &str) -> Option<Url> {
    let text = text.trim_matches(|c: char| c <= ' ');
    let text: String = text.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let (scheme, rest) = text.split_once(':')?;
    if !matches("^[a-z][a-z0-9+.-]*$", scheme, true) {
        return None;
    }
    let scheme = scheme.to_lowercase();
    let special = matches!(scheme.as_str(), "http" | "https" | "ws" | "wss" | "ftp");
    let slash: &[char] = if special { &['/', '\\'] } else { &['/'] };
    let authority = if special { Some(rest.trim_start_matches(slash)) } else { rest.strip_prefix("//") };
    let Some(authority) = authority.filter(|_| scheme != "file") else {
        return Some(Url { scheme, host: String::new(), path: rest.to_owned(), bare: false });
    };
    let ends: &[char] = if special { &['/', '\\', '?', '#'] } else { &['/', '?', '#'] };
    let end = authority.find(ends).unwrap_or(authority.len());
    let (authority, tail) = authority.split_at(end);
    let (user, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (host, port) = match place.rfind(':').filter(|at| !place[*at..].contains(']')) {
        Some(at) => (&place[..at], &place[at + 1..]),
        None => (place, ""),
    };
    if !port.is_empty() && (!port.bytes().all(|c| c.is_ascii_digit()) || port.parse::<u16>().is_err()) {
        return None;
    }
    let host = host_of(host, special)?;
    let cut = tail.find(['?', '#']).unwrap_or(tail.len());
    let path = if tail[..cut].is_empty() && special { "/".to_owned() } else { tail[..cut].replace('\\', "/") };
    let extra = tail[cut..].trim_matches(|c| matches!(c, '?' | '#'));
    Some(Url { scheme, host, path, bare: user.trim_matches(':').is_empty() && extra.is_empty() })
}

fn host_of(host: &str, special: bool) -> Option<String> {
    if host.is_empty() {
        return (!special).then(String::new);
    }
    if let Some(inner) = host.strip_prefix('[') {
        let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let forbidden = |c: char| {
        c <= ' ' || matches!(c, '#' | '/' | ':' | '<' | '>' | '?' | '@' | '[' | '\\' | ']' | '^' | '|' | '\u{7f}')
    };
    if host.contains(forbidden) || special && host.contains('%') && !matches("^(?:[^%]|%[0-9a-fA-F]{2})*$", host, false)
    {
        return None;
    }
    let host = if special { host.to_lowercase() } else { host.to_owned() };
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or("");
    let number =
        !last.is_empty() && (last.bytes().all(|c| c.is_ascii_digit()) || matches("^0x[0-9a-f]*$", last, false));
    if special && number { ipv4(host.trim_end_matches('.')) } else { Some(host) }
}

/// Reads an IPv4 address in any of the spellings that browsers take: `127.1`, `0x7f000001`.
fn ipv4(host: &str) -> Option<String> {
    let parts: Option<Vec<u64>> = host
        .split('.')
        .map(|part| match part.strip_prefix("0x") {
            Some("") => Some(0),
            Some(hex) => u64::from_str_radix(hex, 16).ok(),
            None if part.len() > 1 && part.starts_with('0') => u64::from_str_radix(part, 8).ok(),
            None => part.parse().ok(),
        })
        .collect();
    let parts = parts?;
    let (last, first) = parts.split_last()?;
    let room = 256u64.checked_pow(4u32.checked_sub(first.len() as u32)?)?;
    if first.len() > 3 || *last >= room || first.iter().any(|part| *part > 255) {
        return None;
    }
    let first = first.iter().enumerate().map(|(n, part)| (*part as u32) << (24 - 8 * n as u32)).sum::<u32>();
    Some(std::net::Ipv4Addr::from(first + *last as u32).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_takes_its_good_example_and_refuses_its_bad_one() {
        for form in FORMS {
            assert!(form.fits(&form.good.into(), false), "{} should take {:?}", form.name, form.good);
            assert!(!form.fits(&form.bad.into(), false), "{} should refuse {:?}", form.name, form.bad);
        }
    }

    #[test]
    fn every_form_that_the_schema_names_is_known_and_used() {
        let table = include_str!("../../../assets/schema/2026.9.6.txt");
        let mut used: Vec<&str> =
            table.lines().flat_map(|line| line.split('\t').filter_map(|field| field.strip_prefix('f'))).collect();
        used.sort_unstable();
        used.dedup();
        let mut known: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
        known.sort_unstable();
        assert_eq!(used, known);
    }

    #[test]
    fn durations_add_up() {
        assert_eq!(duration("1h30m", "ms"), Some(5_400_000.0));
        assert_eq!(duration("30", "m"), Some(1_800_000.0));
        assert_eq!(duration("1.5s", "m"), Some(1500.0));
        for bad in ["", "m", "1h30", "-1m", "1 h", "1w", "1.h"] {
            assert_eq!(duration(bad, "m"), None, "{bad}");
        }
    }

    #[test]
    fn addresses_are_read_as_browsers_do() {
        let host = |text| url(text).map(|url| url.host);
        assert_eq!(host("HTTP://EXAMPLE.com:80/a?b"), Some("example.com".into()));
        assert_eq!(host("http:example.com"), Some("example.com".into()));
        assert_eq!(host("http://127.1/"), Some("127.0.0.1".into()));
        assert_eq!(host("http://[::1]:3/"), Some("[::1]".into()));
        assert_eq!(host("mailto:a b"), Some("".into()));
        for bad in ["", "example.com", "http://", "http://a b", "http://a:99999", "http://1.2.3.4.5", "//a"] {
            assert!(url(bad).is_none(), "{bad}");
        }
    }
}
