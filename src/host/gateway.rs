//! Knocks at the gateway as the administrator's own client does: connects, shows the secret, and sees whether it is let in.
//!
//! The handshake is that of OpenClaw 2026.9.6 (`docs/gateway/protocol/handshake`, protocol 4): a WebSocket, the gateway's
//! challenge, a `connect` request, and `hello-ok` or an error. A client with the shared secret alone leaves no device behind.
//! Only addresses of this machine are asked, and nothing but the handshake is sent.

use crate::settings::{AuthMode, Settings};
use crate::text::{Said, Text, harmless};
use serde_json::{Value, json};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The protocol of 2026.9.6.
const PROTOCOL: u32 = 4;
/// More than any answer to a handshake has, in bytes.
const LIMIT: u64 = 8 << 20;

/// Where to knock, and with what.
pub struct Door {
    addresses: Vec<SocketAddr>,
    secret: Option<(&'static str, String)>,
}

/// What the gateway answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It let us in.
    In {
        /// Where.
        at: SocketAddr,
        /// The revision of the config that it has in force, where it says so.
        revision: Option<String>,
    },
    /// It did not, or nothing answered: what happened, in its own words.
    Out(Said),
}

impl Door {
    /// Is the door that the settings give to somebody on this machine.
    ///
    /// # Errors
    /// Why it cannot be tried from here, where that is so.
    pub fn of(settings: &Settings) -> Result<Door, Said> {
        const ELSEWHERE: Text = Text {
            en: "The config only connects to a gateway elsewhere (gateway.mode remote), so there is none to ask here.",
            ja: "別のマシンの Gateway に接続する設定 (gateway.mode remote) のため、ここでは確認できません。",
        };
        const TLS: Text = Text {
            en: "The gateway speaks TLS (gateway.tls.enabled), which this program does not.",
            ja: "Gateway が TLS を使う設定 (gateway.tls.enabled) のため、このプログラムでは確認できません。",
        };
        const PROXY: Text = Text {
            en: "A reverse proxy decides who gets in (gateway.auth.mode trusted-proxy): try it in your browser.",
            ja: "リバースプロキシが接続を判断する設定 (gateway.auth.mode trusted-proxy) です。ブラウザで確認してください。",
        };
        const UNKNOWN: Text = Text {
            en: "The value of {key} is not known here: set OPENCLAW_GATEWAY_TOKEN or OPENCLAW_GATEWAY_PASSWORD and try again.",
            ja: "{key} の値をここでは取得できません。OPENCLAW_GATEWAY_TOKEN か OPENCLAW_GATEWAY_PASSWORD を設定してやり直してください。",
        };
        let gateway = settings.gateway();
        if gateway.is_elsewhere() {
            return Err(ELSEWHERE.into());
        }
        if settings.is_true("gateway.tls.enabled") {
            return Err(TLS.into());
        }
        let auth = gateway.auth();
        let field = match auth.mode {
            AuthMode::None => None,
            AuthMode::Token => Some("token"),
            AuthMode::Password => Some("password"),
            AuthMode::TrustedProxy => return Err(PROXY.into()),
        };
        let secret = match (field, auth.shared_secret()) {
            (None, _) => None,
            (Some(field), Some(secret)) => Some((field, secret.to_owned())),
            (Some(field), None) => return Err(UNKNOWN.with("key", format!("gateway.auth.{field}"))),
        };
        let port = u16::try_from(gateway.port()).unwrap_or(18789);
        // Every bind but a custom one listens here as well (docs/gateway/config-gateway).
        let custom = settings.str("gateway.customBindHost").filter(|_| gateway.bind() == "custom");
        let custom = custom.and_then(|host| host.trim().parse::<IpAddr>().ok()).filter(|host| !host.is_unspecified());
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mut hosts: Vec<IpAddr> = custom.into_iter().collect();
        if !hosts.contains(&here) {
            hosts.push(here);
        }
        Ok(Door { addresses: hosts.into_iter().map(|host| SocketAddr::new(host, port)).collect(), secret })
    }

    /// Knocks once at each address until one lets us in; waits no longer than `patience` in all.
    pub fn knock(&self, patience: Duration) -> Answer {
        const NOBODY: Text =
            Text { en: "Nothing answers at {at} ({why}).", ja: "{at} で応答がありません ({why})。" };
        let end = Instant::now() + patience;
        let mut last = None;
        for address in &self.addresses {
            match self.shake_hands(*address, end) {
                Ok(Answer::Out(said)) => last = Some(said),
                Ok(answer) => return answer,
                Err(error) => {
                    last = last.or_else(|| Some(NOBODY.with("at", address).with("why", error)));
                }
            }
        }
        Answer::Out(last.unwrap_or_else(|| NOBODY.with("at", "127.0.0.1").with("why", "-")))
    }

    fn shake_hands(&self, at: SocketAddr, end: Instant) -> io::Result<Answer> {
        const REFUSED: Text = Text {
            en: "The gateway at {at} does not let us in: {why}",
            ja: "{at} の Gateway に接続を拒否されました: {why}",
        };
        let mut socket = Socket::open(at, end)?;
        let mut params = json!({
            "minProtocol": PROTOCOL, "maxProtocol": PROTOCOL,
            "client": { "id": "cli", "version": env!("CARGO_PKG_VERSION"), "platform": std::env::consts::OS, "mode": "cli" },
            "role": "operator", "scopes": [], "caps": [],
        });
        if let Some((field, secret)) = &self.secret {
            params["auth"] = json!({ *field: secret });
        }
        loop {
            let message = socket.receive()?;
            if message["event"] == "connect.challenge" {
                socket.send(&json!({ "type": "req", "id": "1", "method": "connect", "params": params }))?;
            } else if message["type"] == "res" && message["id"] == "1" {
                if message["ok"] == true && message["payload"]["type"] == "hello-ok" {
                    let revision = message["payload"]["snapshot"]["appliedConfigHash"].as_str().map(str::to_owned);
                    return Ok(Answer::In { at, revision });
                }
                let why = message["error"]["message"].as_str().unwrap_or("?");
                let why: String = harmless(why).chars().take(200).collect();
                return Ok(Answer::Out(REFUSED.with("at", at).with("why", why)));
            }
        }
    }
}

/// The client's end of a WebSocket (RFC 6455), as far as a handshake needs it.
struct Socket {
    stream: TcpStream,
    end: Instant,
}

impl Socket {
    fn open(at: SocketAddr, end: Instant) -> io::Result<Socket> {
        let stream = TcpStream::connect_timeout(&at, left(end)?)?;
        let mut socket = Socket { stream, end };
        let mut key = [0; 16];
        getrandom::fill(&mut key).map_err(|error| io::Error::other(error.to_string()))?;
        let request = format!(
            "GET / HTTP/1.1\r\nHost: {at}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n\r\n",
            base64(&key)
        );
        socket.write(request.as_bytes())?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read(&mut byte)?;
            head.push(byte[0]);
            if head.len() > 16 << 10 {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        match head.starts_with(b"HTTP/1.1 101 ") {
            true => Ok(socket),
            false => Err(io::Error::new(io::ErrorKind::InvalidData, "this is no OpenClaw gateway")),
        }
    }

    /// Is the next message; what is no text is passed over.
    fn receive(&mut self) -> io::Result<Value> {
        let mut message = Vec::new();
        loop {
            let mut head = [0; 2];
            self.read(&mut head)?;
            let (is_last, kind) = (head[0] & 0x80 != 0, head[0] & 0x0f);
            let length = match head[1] & 0x7f {
                126 => {
                    let mut length = [0; 2];
                    self.read(&mut length)?;
                    u64::from(u16::from_be_bytes(length))
                }
                127 => {
                    let mut length = [0; 8];
                    self.read(&mut length)?;
                    u64::from_be_bytes(length)
                }
                length => u64::from(length),
            };
            if length + message.len() as u64 > LIMIT {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let mut payload = vec![0; length as usize];
            self.read(&mut payload)?;
            match kind {
                0x8 => return Err(io::ErrorKind::ConnectionAborted.into()),
                0x9 | 0xa => continue,
                _ => message.extend(payload),
            }
            if is_last {
                return Ok(serde_json::from_slice(&message).unwrap_or(Value::Null));
            }
        }
    }

    fn send(&mut self, message: &Value) -> io::Result<()> {
        let text = message.to_string();
        let mut mask = [0; 4];
        getrandom::fill(&mut mask).map_err(|error| io::Error::other(error.to_string()))?;
        let mut frame = vec![0x81];
        match u16::try_from(text.len()) {
            Ok(length @ 0..126) => frame.push(0x80 | length as u8),
            Ok(length) => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => return Err(io::ErrorKind::InvalidInput.into()),
        }
        frame.extend(mask);
        frame.extend(text.bytes().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        self.write(&frame)
    }

    fn read(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.stream.set_read_timeout(Some(left(self.end)?))?;
        self.stream.read_exact(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.set_write_timeout(Some(left(self.end)?))?;
        self.stream.write_all(bytes)
    }
}

fn left(end: Instant) -> io::Result<Duration> {
    let left = end.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n) & 63) as usize] as char;
            text.push(if n <= chunk.len() { digit } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Facts;
    use crate::text::Lang;
    use std::net::TcpListener;
    use std::sync::Arc;

    const PATIENCE: Duration = Duration::from_secs(5);
    const SECRET: &str = "f3a9c1d07be24865a1b2c3d4e5f60718293a4b5c6d7e8f90";

    fn door(gateway: Value) -> Result<Door, Said> {
        Door::of(&Settings::load(json!({ "gateway": gateway }), Arc::new(Facts::default())))
    }

    fn token(port: u16, token: &str) -> Door {
        door(json!({"port": port, "auth": {"mode": "token", "token": token}})).expect("a door")
    }

    #[test]
    fn where_nothing_listens_that_is_said() {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let Answer::Out(why) = token(port, SECRET).knock(PATIENCE) else { panic!("let in") };
        assert!(why.of(Lang::En).starts_with("Nothing answers at 127.0.0.1"), "{}", why.of(Lang::En));
    }

    #[test]
    fn a_server_that_keeps_silent_or_is_none_of_openclaws_holds_nobody_up() {
        for said in ["", "HTTP/1.1 200 OK\r\n\r\n", "SSH-2.0-x\r\n"] {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let port = listener.local_addr().expect("an address").port();
            std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().expect("a caller");
                let _ = stream.write_all(said.as_bytes());
                std::thread::sleep(Duration::from_secs(3));
            });
            let since = Instant::now();
            assert!(matches!(token(port, SECRET).knock(Duration::from_millis(300)), Answer::Out(_)), "{said}");
            assert!(since.elapsed() < Duration::from_secs(2));
        }
    }

    #[test]
    fn what_cannot_be_tried_from_here_is_said() {
        for (gateway, why) in [
            (json!({"mode": "remote"}), "elsewhere"),
            (json!({"tls": {"enabled": true}, "auth": {"token": SECRET}}), "TLS"),
            (json!({"auth": {"mode": "trusted-proxy"}}), "reverse proxy"),
            (
                json!({"auth": {"mode": "token", "token": {"source": "file", "provider": "p", "id": "value"}}}),
                "gateway.auth.token",
            ),
        ] {
            let said = door(gateway).err().expect("no door").of(Lang::En);
            assert!(said.contains(why), "{said}");
        }
    }

    #[test]
    fn a_custom_address_is_tried_before_loopback() {
        let door = door(json!({"bind": "custom", "customBindHost": "192.0.2.7", "auth": {"token": SECRET}}));
        let addresses = door.expect("a door").addresses;
        assert_eq!(
            addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["192.0.2.7:18789", "127.0.0.1:18789"]
        );
    }

    #[test]
    fn base64_fills_up_what_is_short() {
        for (bytes, text) in [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (b"foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes), text);
        }
    }
}
