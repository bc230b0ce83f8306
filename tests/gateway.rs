//! A gateway that answers handshakes, and what a knock at its door says of it.

use openclaw_harden::host::gateway::{Answer, Door};
use openclaw_harden::settings::{Facts, Settings};
use openclaw_harden::text::Lang;
use serde_json::{Value, json};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(5);
/// The token that it lets in.
pub const TOKEN: &str = "f3a9c1d07be24865a1b2c3d4e5f60718293a4b5c6d7e8f90";

/// A port at which a gateway answers handshakes, and names the revision that its config has then.
pub fn gateway(revision: impl Fn() -> Option<String> + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = shake_hands(stream, revision());
        }
    });
    port
}

/// The hello is long, so that its frame has a long head.
fn shake_hands(mut stream: TcpStream, revision: Option<String>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")?;
    frame(&mut stream, &json!({"type": "event", "event": "connect.challenge", "payload": {"nonce": "n"}}))?;
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    assert_eq!(head[1], 0x80 | 126, "masked, with a length of two bytes");
    let mut rest = vec![0; 4 + usize::from(u16::from_be_bytes([head[2], head[3]]))];
    stream.read_exact(&mut rest)?;
    let (mask, text) = rest.split_at(4);
    let text: Vec<u8> = text.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    let request: Value = serde_json::from_slice(&text)?;
    let mut answer = if request["params"]["auth"]["token"] == TOKEN {
        let snapshot = json!({"appliedConfigHash": revision});
        json!({"ok": true, "payload": {"type": "hello-ok", "snapshot": snapshot, "long": "x".repeat(70_000)}})
    } else {
        json!({"ok": false, "error": {"message": "unauthorized: gateway token mismatch\u{1b}[2J"}})
    };
    answer["type"] = json!("res");
    answer["id"] = request["id"].clone();
    frame(&mut stream, &json!({"type": "event", "event": "tick"}))?;
    frame(&mut stream, &answer)
}

fn frame(stream: &mut TcpStream, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    let mut head = vec![0x81];
    match text.len() {
        0..126 => head.push(text.len() as u8),
        126..65536 => {
            head.push(126);
            head.extend((text.len() as u16).to_be_bytes());
        }
        _ => {
            head.push(127);
            head.extend((text.len() as u64).to_be_bytes());
        }
    }
    stream.write_all(&head)?;
    stream.write_all(text.as_bytes())
}

fn knock(port: u16, token: &str) -> Answer {
    let config = json!({"gateway": {"port": port, "auth": {"mode": "token", "token": token}}});
    Door::of(&Settings::load(config, Arc::new(Facts::default()))).expect("a door").knock(PATIENCE)
}

#[test]
fn whoever_has_the_secret_is_let_in_and_told_the_revision() {
    let port = gateway(|| Some("r2".to_owned()));
    let at = SocketAddr::from(([127, 0, 0, 1], port));
    assert_eq!(knock(port, TOKEN), Answer::In { at, revision: Some("r2".to_owned()) });
}

#[test]
fn a_refusal_is_told_in_the_gateways_words_made_harmless() {
    let Answer::Out(why) = knock(gateway(|| None), "another") else { panic!("let in") };
    let why = why.of(Lang::En);
    assert!(why.contains("token mismatch\\u{1b}[2J") && !why.contains("another"), "{why}");
}
