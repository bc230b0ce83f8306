//! What became of the keys that OpenClaw 2026.9.6 refuses: a catalogue of facts, one line a key, in `assets`.

use crate::document::{Path, Seg};
use crate::text::Text;
use std::sync::OnceLock;

/// What became of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Nothing reads it any more.
    Stale,
    /// It has another name or place, with the same meaning.
    Moved,
    /// It is still there, and takes other values or another form.
    Value,
    /// A security setting that is gone; OpenClaw acts as if it had its strict value.
    Guard,
    /// It never was a key.
    Guess,
}

/// One key that is refused.
#[derive(Debug)]
pub struct Retired {
    /// The key, `*` for any key and `[]` for any position.
    pub key: &'static str,
    /// What became of it.
    pub fate: Fate,
    /// What to know, where there is something.
    pub say: Option<Text>,
    /// A small config that has it, as JSON.
    pub example: &'static str,
    new: &'static str,
    values: &'static str,
    pattern: Vec<Seg>,
}

/// A refused key as a file has it.
#[derive(Clone, Debug)]
pub struct Match {
    /// Its entry.
    pub entry: &'static Retired,
    /// The names and positions that `*` and `[]` stand for.
    captured: Vec<Seg>,
    /// Where a legacy list holds the agent.
    listed: Option<Vec<Seg>>,
    /// The account of the channel that has the channel's key.
    account: Option<String>,
    /// The agent that has a key of the defaults.
    agent: Option<Vec<Seg>>,
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// It stays the same.
    Same,
    /// It is written so, as JSON or else as text.
    Becomes(&'static str),
    /// Nothing is set.
    Nothing,
}

impl Retired {
    /// Is every entry.
    pub fn all() -> &'static [Retired] {
        static ALL: OnceLock<Vec<Retired>> = OnceLock::new();
        ALL.get_or_init(|| {
            let lines = include_str!("../../assets/retired-2026.9.6.tsv").lines();
            lines.filter(|line| !line.starts_with('#')).filter_map(read).collect()
        })
    }

    /// Whether a key of the root was one, or held some.
    pub fn is_root(key: &str) -> bool {
        Self::all().iter().any(|entry| matches!(entry.pattern.first(), Some(Seg::Key(root)) if root == key))
    }

    /// Is the entry for a key of a file, if it is a refused one.
    pub fn at(path: &Path) -> Option<Match> {
        let listed = match path.segs() {
            [Seg::Key(agents), Seg::Key(list), index @ Seg::Index(_), ..] if agents == "agents" && list == "list" => {
                Some(vec![Seg::Key("agents".into()), Seg::Key("list".into()), index.clone()])
            }
            _ => None,
        };
        let mut segs = path.segs().to_vec();
        if listed.is_some() {
            segs.splice(1..3, [Seg::Key("entries".into()), Seg::Key("*".into())]);
        }
        let found = |segs: &[Seg]| Self::all().iter().find_map(|entry| Some((entry, captures(&entry.pattern, segs)?)));
        if let Some((entry, captured)) = found(&segs) {
            return Some(Match { entry, captured, listed, account: None, agent: None });
        }
        match segs.as_slice() {
            [Seg::Key(channels), channel, Seg::Key(accounts), Seg::Key(account), ..]
                if channels == "channels" && accounts == "accounts" =>
            {
                let mut of_channel = vec![segs[0].clone(), channel.clone()];
                of_channel.extend_from_slice(&segs[4..]);
                let (entry, captured) = found(&of_channel)?;
                Some(Match { entry, captured, listed, account: Some(account.to_string()), agent: None })
            }
            [Seg::Key(agents), Seg::Key(entries), _, ..] if agents == "agents" && entries == "entries" => {
                let mut of_defaults = vec![segs[0].clone(), Seg::Key("defaults".into())];
                of_defaults.extend_from_slice(&segs[3..]);
                let (entry, captured) = found(&of_defaults)?;
                let own = listed.unwrap_or_else(|| segs[..3].to_vec());
                Some(Match { entry, captured, listed: None, account: None, agent: Some(own) })
            }
            _ => None,
        }
    }
}

impl Retired {
    /// Whether it has another name and no more to it: no transformation of its own, and nothing that goes with it.
    pub(super) fn is_plain(&self) -> bool {
        !self.new.is_empty() && !self.values.split(' ').any(|word| word.starts_with("via:") || word == "x1000")
    }

    /// Is the patterns of every place where the key may stand: a key of a channel in its accounts, one of an agent in a list.
    pub(super) fn everywhere(&self) -> Vec<Vec<Seg>> {
        let mut patterns = vec![self.pattern.clone()];
        let any = || Seg::Key("*".into());
        match self.pattern.as_slice() {
            [Seg::Key(channels), channel, rest @ ..] if channels == "channels" => {
                let mut twin = vec![self.pattern[0].clone(), channel.clone(), Seg::Key("accounts".into()), any()];
                twin.extend_from_slice(rest);
                patterns.push(twin);
            }
            [Seg::Key(agents), Seg::Key(scope), rest @ ..] if agents == "agents" => {
                let rest = if scope == "entries" { rest.get(1..).unwrap_or_default() } else { rest };
                for roster in
                    [vec![Seg::Key("entries".into()), any()], vec![Seg::Key("list".into()), Seg::Index(usize::MAX)]]
                {
                    let twin = std::iter::once(self.pattern[0].clone()).chain(roster).chain(rest.iter().cloned());
                    patterns.push(twin.collect());
                }
            }
            _ => {}
        }
        patterns
    }

    /// Is the place that a setting of today had under this key; none if it had another.
    pub(super) fn former(&self, today: &Path) -> Option<Path> {
        let segs = today.segs();
        let as_is = self.before(segs);
        match segs {
            [Seg::Key(channels), channel, accounts @ Seg::Key(name), account, rest @ ..]
                if channels == "channels" && name == "accounts" =>
            {
                let mut of_channel = vec![segs[0].clone(), channel.clone()];
                of_channel.extend_from_slice(rest);
                let mut former = self.before(&of_channel)?;
                if former.get(..2) != of_channel.get(..2) {
                    return None;
                }
                former.splice(2..2, [accounts.clone(), account.clone()]);
                Some(former.into_iter().collect())
            }
            [Seg::Key(agents), Seg::Key(list), index @ Seg::Index(_), rest @ ..]
                if agents == "agents" && list == "list" =>
            {
                let mut of_defaults = vec![segs[0].clone(), Seg::Key("defaults".into())];
                of_defaults.extend_from_slice(rest);
                let mut of_entry = vec![segs[0].clone(), Seg::Key("entries".into()), Seg::Key("*".into())];
                of_entry.extend_from_slice(rest);
                let (former, roots) = match self.before(&of_entry) {
                    Some(former) => (former, 3),
                    None => (self.before(&of_defaults)?, 2),
                };
                let rest = former.get(roots..)?;
                let own = [segs[0].clone(), segs[1].clone(), index.clone()];
                former.first().filter(|root| **root == segs[0])?;
                Some(own.into_iter().chain(rest.iter().cloned()).collect())
            }
            _ => as_is.map(|segs| segs.into_iter().collect()),
        }
    }

    /// Puts what the new key's pattern leaves open into the old key's.
    fn before(&self, today: &[Seg]) -> Option<Vec<Seg>> {
        let new = pattern(self.new);
        let captured = captures(&new, today.get(..new.len())?)?;
        let mut captured = captured.into_iter();
        let old: Option<Vec<Seg>> =
            self.pattern.iter().map(|seg| if is_open(seg) { captured.next() } else { Some(seg.clone()) }).collect();
        Some(old?.into_iter().chain(today[new.len()..].iter().cloned()).collect())
    }
}

impl Match {
    /// Is the key that has the meaning now; none where there is none, or none for this place.
    pub fn target(&self) -> Option<Path> {
        if self.entry.new.is_empty() {
            return None;
        }
        let mut captured = self.captured.iter();
        let segs: Option<Vec<Seg>> = pattern(self.entry.new)
            .into_iter()
            .map(|seg| if is_open(&seg) { captured.next().cloned() } else { Some(seg) })
            .collect();
        let mut segs = segs?;
        if let Some(list) = &self.listed
            && matches!(&segs[..], [Seg::Key(agents), Seg::Key(entries), _, ..] if agents == "agents" && entries == "entries")
        {
            segs.splice(..3, list.iter().cloned());
        }
        if let Some(account) = &self.account {
            if pattern(self.entry.key).get(..2) != segs.get(..2) {
                return None;
            }
            segs.splice(2..2, [Seg::Key("accounts".into()), Seg::Key(account.as_str().into())]);
        }
        if let Some(agent) = &self.agent {
            if !matches!(&segs[..], [Seg::Key(agents), Seg::Key(defaults), ..] if agents == "agents" && defaults == "defaults")
            {
                return None;
            }
            segs.splice(..2, agent.iter().cloned());
        }
        Some(segs.into_iter().collect())
    }

    /// Is what becomes of a value, as it is shown in JSON without quotes.
    pub fn mapped(&self, shown: &str) -> Mapped {
        for (old, new) in self.pairs() {
            if old.eq_ignore_ascii_case(shown) {
                return if new == "-" { Mapped::Nothing } else { Mapped::Becomes(new) };
            }
        }
        Mapped::Same
    }

    /// Is what a value of today was, as the catalogue writes it.
    pub(super) fn unmapped(&self, shown: &str) -> Option<&'static str> {
        self.pairs().find(|(_, new)| *new == shown).map(|(old, _)| old)
    }

    /// Whether its values have other names today.
    pub(super) fn has_values(&self) -> bool {
        self.pairs().next().is_some()
    }

    /// Whether a value is multiplied by a thousand: seconds became milliseconds.
    pub fn is_seconds(&self) -> bool {
        self.words().any(|word| word == "x1000")
    }

    /// Is the name of the transformation that no line can say, and what it is given.
    pub fn via(&self) -> Option<(&'static str, &'static str)> {
        let via = self.words().find_map(|word| word.strip_prefix("via:"))?;
        Some(via.split_once(':').unwrap_or((via, "")))
    }

    /// Whether a value is dropped only when asked: it did something that will be missed.
    pub fn is_missed(&self, shown: &str) -> bool {
        self.words().any(|word| word == "*" || word == shown)
    }

    /// Is what is set beside it where it is not there yet, as path and value.
    pub fn beside(&self) -> impl Iterator<Item = (Path, &'static str)> {
        self.also('+')
    }

    /// Is what is changed with it where it is there.
    pub fn with_it(&self) -> impl Iterator<Item = (Path, &'static str)> {
        self.also('!')
    }

    fn also(&self, mark: char) -> impl Iterator<Item = (Path, &'static str)> {
        self.words().filter_map(move |word| {
            let (path, value) = word.strip_prefix(mark)?.split_once('=')?;
            Some((Path::from(path), value))
        })
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.words().filter(|word| !word.starts_with(['+', '!'])).filter_map(|word| word.split_once('='))
    }

    fn words(&self) -> impl Iterator<Item = &'static str> {
        self.entry.values.split(' ').filter(|word| !word.is_empty())
    }
}

fn read(line: &'static str) -> Option<Retired> {
    let mut fields = line.split('\t');
    let key = fields.next()?;
    let fate = match fields.next()? {
        "stale" => Fate::Stale,
        "moved" => Fate::Moved,
        "value" => Fate::Value,
        "guard" => Fate::Guard,
        "guess" => Fate::Guess,
        _ => return None,
    };
    let (new, values) = (fields.next()?, fields.next()?);
    let (en, ja) = (fields.next()?, fields.next()?);
    let say = (!en.is_empty()).then_some(Text { en, ja });
    Some(Retired { key, fate, say, example: fields.next()?, new, values, pattern: pattern(key) })
}

/// Reads a key with `*` and `[]` in it; the latter becomes a position that no file has.
fn pattern(text: &str) -> Vec<Seg> {
    let mut segs = Vec::new();
    for part in text.split('.') {
        let name = part.trim_end_matches("[]");
        segs.push(Seg::Key(name.into()));
        segs.extend(part.as_bytes()[name.len()..].chunks(2).map(|_| Seg::Index(usize::MAX)));
    }
    segs
}

fn is_open(seg: &Seg) -> bool {
    matches!(seg, Seg::Key(key) if key == "*") || *seg == Seg::Index(usize::MAX)
}

fn captures(pattern: &[Seg], path: &[Seg]) -> Option<Vec<Seg>> {
    if pattern.len() != path.len() {
        return None;
    }
    let mut captured = Vec::new();
    for (wanted, seg) in pattern.iter().zip(path) {
        match (wanted, seg) {
            (Seg::Index(_), Seg::Index(_)) => captured.push(seg.clone()),
            (Seg::Key(key), Seg::Key(_)) if key == "*" => captured.push(seg.clone()),
            _ if wanted == seg => {}
            _ => return None,
        }
    }
    Some(captured)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &str) -> Option<String> {
        Retired::at(&Path::from(path))?.target().map(|path| path.to_string())
    }

    #[test]
    fn every_line_of_the_catalogue_is_read_and_no_key_stands_twice() {
        let lines = include_str!("../../assets/retired-2026.9.6.tsv").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(Retired::all().len(), lines.count());
        let mut keys: Vec<&str> = Retired::all().iter().map(|entry| entry.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Retired::all().len());
    }

    #[test]
    fn a_key_leads_to_its_new_place_in_the_same_agent_or_account() {
        for (old, new) in [
            ("gateway.nodes.denyCommands", "gateway.nodes.commands.deny"),
            ("env.FOO", "env.vars.FOO"),
            ("mcp.servers.a.timeout", "mcp.servers.a.requestTimeoutMs"),
            ("agents.list[2].sandbox.perSession", "agents.list[2].sandbox.scope"),
            ("agents.entries.work.sandbox.perSession", "agents.entries.work.sandbox.scope"),
            ("channels.discord.accounts.two.dm.policy", "channels.discord.accounts.two.dmPolicy"),
            ("bindings[3].match.account", "bindings[3].match.accountId"),
        ] {
            assert_eq!(target(old).as_deref(), Some(new), "{old}");
        }
        assert_eq!(target("gateway.bind"), None);
    }

    #[test]
    fn values_are_read_as_the_line_says() {
        let at = |path: &str| Retired::at(&Path::from(path)).expect("an entry");
        assert_eq!(at("agents.defaults.sandbox.perSession").mapped("true"), Mapped::Becomes("session"));
        assert!(at("mcp.servers.a.timeout").is_seconds());
        assert!(at("commands.ownerDisplay").is_missed("hash"));
        assert!(!at("commands.ownerDisplay").is_missed("raw"));
        assert_eq!(at("session.idleMinutes").beside().count(), 1);
    }
}
