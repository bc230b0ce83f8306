//! Names of variables for secrets, made of the places where they stood.

use crate::document::{Path, Seg};

/// What the name of every variable of ours begins with. OpenClaw 2026.9.6 gives no meaning to any name that goes on after it but
/// `OPENCLAW_SECRET_SENTINELS`, while others such as `OPENCLAW_GATEWAY_TOKEN` beat the config.
pub(super) const PREFIX: &str = "OPENCLAW_SECRET_";

/// Is the name for the secret at a place: `OPENCLAW_SECRET_HOOKS_TOKEN` for `hooks.token`.
pub(super) fn proposed(path: &Path) -> String {
    let mut name = PREFIX.trim_end_matches('_').to_owned();
    for seg in path.segs() {
        let key = match seg {
            Seg::Key(key) => key.to_string(),
            Seg::Index(index) => index.to_string(),
        };
        push_words(&mut name, &key);
    }
    name
}

fn push_words(name: &mut String, key: &str) {
    name.push('_');
    let mut before = None;
    for c in key.chars() {
        let begins =
            c.is_ascii_uppercase() && before.is_some_and(|b: char| b.is_ascii_lowercase() || b.is_ascii_digit());
        if (begins || !c.is_ascii_alphanumeric()) && !name.ends_with('_') {
            name.push('_');
        }
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_uppercase());
        }
        before = Some(c);
    }
    while name.ends_with('_') {
        name.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_path_in_words() {
        for (path, name) in [
            ("hooks.token", "OPENCLAW_SECRET_HOOKS_TOKEN"),
            ("channels.telegram.botToken", "OPENCLAW_SECRET_CHANNELS_TELEGRAM_BOT_TOKEN"),
            ("mcp.servers.my-notes.env.API_KEY", "OPENCLAW_SECRET_MCP_SERVERS_MY_NOTES_ENV_API_KEY"),
            ("agents.list[2].apiKey", "OPENCLAW_SECRET_AGENTS_LIST_2_API_KEY"),
            ("mcp.servers.\u{65e5}.headers.X-API-Key", "OPENCLAW_SECRET_MCP_SERVERS_HEADERS_X_API_KEY"),
        ] {
            assert_eq!(proposed(&Path::from(path)), name);
        }
    }
}
