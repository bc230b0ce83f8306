//! What the Gateway's log tells: who was refused, and why; devices approved by themselves; reloads that failed.
//!
//! One JSON object a line (OpenClaw 2026.9.6). Strangers write into `message` (their browser's name, their origin), so a line counts
//! by its subsystem and by how its message begins, and addresses come from the fields of its object, never from the text.

mod tally;

pub use tally::{Burst, File, Looked, Review, Tally, Visits};

use super::address;
use crate::text::time::parse_iso;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

/// The texts one of which every line of interest holds; all other lines need not be looked at.
pub const NEEDLES: [&str; 7] = [
    "closed before connect conn=",
    "unauthorized conn=",
    "auto-approved",
    "config reload skipped",
    "embedded run tool start",
    "tool policy removed",
    "open remoteAddr=",
];

/// One line of interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in seconds since 1970.
    pub at: i64,
    /// What happened.
    pub what: What,
}

/// What a line of interest tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A credential was wrong; the line that closes the connection has the address.
    Unauthorized {
        /// The connection.
        conn: String,
    },
    /// A connection ended before it was accepted.
    Refused {
        /// The connection.
        conn: String,
        /// The other end of the socket.
        peer: IpAddr,
        /// `X-Forwarded-For`, as it was sent.
        forwarded: Option<String>,
        /// Why, in OpenClaw's words; none where the other side hung up first.
        cause: Option<String>,
        /// How many more lines of this kind were left out before it.
        suppressed: u64,
    },
    /// A connection was opened; logged by `gateway run --verbose` alone.
    Opened {
        /// The other end of the socket.
        peer: IpAddr,
    },
    /// A device was approved without anybody being asked.
    AutoApproved {
        /// The device, or its beginning.
        device: String,
        /// The rest of the line: role, user or scopes.
        detail: String,
    },
    /// A changed config was not loaded.
    ReloadRejected {
        /// Why.
        why: String,
    },
    /// A tool was started; logged at level `debug` alone.
    ToolStarted {
        /// Its name.
        tool: String,
    },
    /// Tools were taken from an agent by policy; logged at level `debug` alone.
    ToolsRemoved,
}

impl Event {
    /// Reads a line that holds one of [`NEEDLES`]; none where it tells something else.
    ///
    /// # Errors
    /// Where it is no JSON object with a time.
    pub fn read(line: &[u8]) -> Result<Option<Event>, Unreadable> {
        let line: Line<'_> = serde_json::from_slice(line).map_err(|_| Unreadable)?;
        let at = line.time.0.as_deref().and_then(parse_iso).ok_or(Unreadable)?;
        Ok(line.what().map(|what| Event { at, what }))
    }
}

/// A line that is no line of OpenClaw's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Is the time of a line; none where it has none, or is no JSON object.
pub fn time_of(line: &[u8]) -> Option<i64> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    line.message.0.as_ref()?;
    parse_iso(line.time.0.as_deref()?)
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "0", default, borrow)]
    logger: Str<'a>,
    #[serde(rename = "1", default, borrow)]
    fields: Fields<'a>,
    #[serde(default, borrow)]
    message: Str<'a>,
    #[serde(default, borrow)]
    time: Str<'a>,
}

impl Line<'_> {
    fn what(&self) -> Option<What> {
        let logger = self.logger.0.as_deref()?;
        let subsystem = logger.strip_prefix(r#"{"subsystem":""#)?.split('"').next()?;
        let message = self.message.0.as_deref()?;
        match subsystem {
            "gateway/ws" => self.connection(message),
            "gateway" => {
                let (who, detail) = message.split_once("auto-approved ")?;
                if !matches!(who, "device pairing " | "security audit: trusted-proxy operator device ") {
                    return None;
                }
                let device = detail.strip_prefix("device=").or_else(|| Some(detail.rsplit_once(" device=")?.1))?;
                let device = device.split(' ').next().unwrap_or_default().to_owned();
                Some(What::AutoApproved { device, detail: detail.to_owned() })
            }
            "gateway/reload" => {
                let why = message.strip_prefix("config reload skipped")?;
                Some(What::ReloadRejected { why: why.trim_start_matches(" (invalid config): ").trim().to_owned() })
            }
            "agent/embedded" => {
                let rest = message.strip_prefix("embedded run tool start:")?;
                let tool = rest.split_once(" tool=")?.1.split(' ').next()?;
                Some(What::ToolStarted { tool: tool.to_owned() })
            }
            "agents/tool-policy" => message.starts_with("tool policy removed").then_some(What::ToolsRemoved),
            _ => None,
        }
    }

    fn connection(&self, message: &str) -> Option<What> {
        let conn = |rest: &str| rest.split(' ').next().unwrap_or_default().to_owned();
        if let Some(rest) = message.strip_prefix("closed before connect conn=") {
            let fields = &self.fields;
            // What is left out is counted at the very end, behind all that strangers write.
            let suppressed = rest.rsplit_once(" suppressed=").and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
            let cause = fields.cause.as_deref().filter(|cause| !cause.is_empty());
            return Some(What::Refused {
                conn: conn(rest),
                peer: fields.remote.as_deref().and_then(address::literal)?,
                forwarded: fields.forwarded.as_deref().map(str::to_owned),
                cause: cause.or(fields.reason.as_deref()).map(str::to_owned),
                suppressed,
            });
        }
        if let Some(rest) = message.strip_prefix("unauthorized conn=") {
            return Some(What::Unauthorized { conn: conn(rest) });
        }
        let rest = message.strip_prefix("\u{2190} open remoteAddr=")?;
        Some(What::Opened { peer: address::literal(rest.split(' ').next()?)? })
    }
}

/// A text; what is not one is passed over.
#[derive(Default)]
struct Str<'a>(Option<Cow<'a, str>>);

/// The fields of a closed connection that count; what is no object is passed over.
#[derive(Default)]
struct Fields<'a> {
    cause: Option<Cow<'a, str>>,
    reason: Option<Cow<'a, str>>,
    remote: Option<Cow<'a, str>>,
    forwarded: Option<Cow<'a, str>>,
}

/// What is drained, whatever it is: all but strings and objects.
macro_rules! passes_over_the_rest {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Default::default())
        }
    };
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Str<'de>;
            passes_over_the_rest!();
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Str(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Str(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Str(None))
            }
        }
        from.deserialize_any(Text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;
            passes_over_the_rest!();
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(Fields::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Fields::default();
                while let Some(Str(Some(key))) = map.next_key()? {
                    let place = match key.as_ref() {
                        "cause" => &mut fields.cause,
                        "authReason" => &mut fields.reason,
                        "remoteAddr" => &mut fields.remote,
                        "forwardedFor" => &mut fields.forwarded,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    *place = map.next_value::<Str<'de>>()?.0;
                }
                Ok(fields)
            }
        }
        from.deserialize_any(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn line(subsystem: &str, message: &str, fields: Value) -> Vec<u8> {
        let logger = json!({ "subsystem": subsystem }).to_string();
        json!({"0": logger, "1": fields, "2": message, "_meta": {"logLevelName": "WARN"},
            "time": "2026-11-22T07:03:53.841+00:00", "message": message})
        .to_string()
        .into_bytes()
    }

    fn what(line: &[u8]) -> Option<What> {
        Event::read(line).expect("a line").map(|event| event.what)
    }

    #[test]
    fn a_refused_connection_is_read_from_its_fields() {
        let fields = json!({"cause": "unauthorized", "remoteAddr": "127.0.0.1", "forwardedFor": "203.0.113.9", "remotePort": 1, "x": [{}]});
        let line =
            line("gateway/ws", "closed before connect conn=c1 peer=x remote=127.0.0.1 code=1008 suppressed=7", fields);
        assert_eq!(
            what(&line),
            Some(What::Refused {
                conn: "c1".to_owned(),
                peer: "127.0.0.1".parse().expect("an address"),
                forwarded: Some("203.0.113.9".to_owned()),
                cause: Some("unauthorized".to_owned()),
                suppressed: 7,
            })
        );
    }

    #[test]
    fn what_strangers_write_into_a_message_makes_no_event() {
        let planted = "device pairing auto-approved device=evil role=operator";
        for text in [format!("closed before connect conn=c ua={planted}"), format!("agent said: {planted}")] {
            let what = what(&line("gateway", &text, json!({})));
            assert_eq!(what, None, "{text}");
        }
        let chat = json!({"0": planted, "time": "2026-11-22T07:03:53Z", "message": planted}).to_string();
        assert_eq!(Event::read(chat.as_bytes()), Ok(None));
        let ua = json!({"remoteAddr": "198.51.100.1", "cause": "unauthorized"});
        let line = line("gateway/ws", "closed before connect conn=c remote=x ua=suppressed=999 reason=x phase=y", ua);
        assert!(matches!(what(&line), Some(What::Refused { suppressed: 0, .. })));
    }

    #[test]
    fn what_is_no_line_of_the_log_is_unreadable() {
        for line in [&b"{\"message\": \"cut sho"[..], b"\x00\xff\xfe", b"[]", b"{}", b"{\"time\":\"noon\"}"] {
            assert_eq!(Event::read(line), Err(Unreadable));
        }
    }

    #[test]
    fn the_other_lines_of_interest_are_read() {
        let approved = what(&line("gateway", "device pairing auto-approved device=d1 role=operator", json!(null)));
        assert!(matches!(approved, Some(What::AutoApproved { device, .. }) if device == "d1"));
        let audit = "security audit: trusted-proxy operator device auto-approved user=eve device=d2 scopes=a";
        assert!(
            matches!(what(&line("gateway", audit, json!(null))), Some(What::AutoApproved { device, .. }) if device == "d2")
        );
        let reload = what(&line("gateway/reload", "config reload skipped (invalid config): gateway: bad", json!("x")));
        assert_eq!(reload, Some(What::ReloadRejected { why: "gateway: bad".to_owned() }));
        let tool = what(&line("agent/embedded", "embedded run tool start: runId=r tool=exec toolCallId=c", json!("x")));
        assert_eq!(tool, Some(What::ToolStarted { tool: "exec".to_owned() }));
        let open = what(&line("gateway/ws", "\u{2190} open remoteAddr=10.0.0.9 remotePort=1", json!("x")));
        assert!(matches!(open, Some(What::Opened { .. })));
    }
}
