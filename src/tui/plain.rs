//! The wizard line by line: the same session and the same disk, without a screen. Every line is read once, from the top down, so it
//! can be read aloud, and works where the cursor cannot be placed.

use super::session::{Counts, spoken_of};
use super::{Committed, Disk, Outcome, Session, words};
use crate::plan::{DiffKind, Pick};
use crate::posture::{Posture, Step, Weight};
use crate::store::PATIENCE;
use crate::text::{Said, Text, harmless};
use std::io::{self, BufRead, Write};

const LEAVE: Text = Text {
    en: "Answer with a number; Enter alone takes the one in brackets, q leaves without writing.",
    ja: "番号で答えてください。Enter だけなら括弧内の番号、q なら書き込まずに終了します。",
};
const CHOOSE: Text = Text { en: "Number", ja: "番号" };
const WHO: Text = Text { en: "Who uses this installation?", ja: "この環境を使う人" };
const UNKNOWN: Text = Text {
    en: "Please give a number from 1 to {most}, or q.",
    ja: "1 から {most} の番号か q を入力してください。",
};
const FINDINGS: Text = Text {
    en: "Findings: {critical} critical, {warn} warn, {info} info.",
    ja: "検出事項: 重大 {critical}、警告 {warn}、情報 {info}。",
};

/// Who answers, and where it is said.
struct Talk<'t> {
    session: Session,
    input: &'t mut dyn BufRead,
    out: &'t mut dyn Write,
}

/// What a question came to; none where the wizard is left.
type Answer<T> = io::Result<Option<T>>;

/// Asks step by step, shows what would be written, and writes it when told to.
pub(super) fn run(
    session: Session,
    disk: &mut dyn Disk,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<Outcome> {
    let mut talk = Talk { session, input, out };
    talk.begin()?;
    let decided = talk.posture()?.is_some() && talk.steps()?.is_some();
    if !decided {
        return Ok(Outcome::Left);
    }
    talk.write(disk)
}

impl Talk<'_> {
    fn say(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{line}")
    }

    fn tell(&mut self, text: Text) -> io::Result<()> {
        let line = self.session.say(text);
        self.say(line)
    }

    fn told(&mut self, said: &Said) -> io::Result<()> {
        let line = said.of(self.session.lang());
        self.say(&line)
    }

    fn counts(&self, counts: &Counts) -> Said {
        FINDINGS.with("critical", counts.critical).with("warn", counts.warn).with("info", counts.info)
    }

    /// Is a line that was typed; none at its end, and where it says to leave.
    fn line(&mut self, prompt: &str) -> Answer<String> {
        write!(self.out, "{prompt}: ")?;
        self.out.flush()?;
        let mut line = String::new();
        let is_there = self.input.read_line(&mut line)? > 0;
        let line = line.trim().to_owned();
        Ok((is_there && line != "q").then_some(line))
    }

    /// Has one of several things chosen by its number, the first being 1.
    fn choose(&mut self, count: usize, usual: usize) -> Answer<usize> {
        let prompt = format!("{} [{}]", self.session.say(CHOOSE), usual + 1);
        loop {
            let Some(line) = self.line(&prompt)? else {
                return Ok(None);
            };
            match line.parse::<usize>() {
                _ if line.is_empty() => return Ok(Some(usual)),
                Ok(number) if (1..=count).contains(&number) => return Ok(Some(number - 1)),
                _ => self.told(&UNKNOWN.with("most", count))?,
            }
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        let path = self.session.shown_path();
        self.say(&path)?;
        let before = self.session.count(&self.session.plan.before);
        let counted = self.counts(&before);
        self.told(&counted)?;
        if let Some(why) = self.session.found.read_only.clone() {
            self.told(&why)?;
        }
        self.tell(LEAVE)
    }

    fn posture(&mut self) -> Answer<()> {
        const ALL: [Posture; 3] = [Posture::Personal, Posture::Shared, Posture::Public];
        self.say("")?;
        self.tell(WHO)?;
        for (n, posture) in ALL.into_iter().enumerate() {
            let name = self.session.say(words::posture(posture));
            let meaning = self.session.say(words::posture_meaning(posture));
            self.say(&format!("{} {name}. {meaning}", n + 1))?;
        }
        let now = ALL.iter().position(|posture| *posture == self.session.answers.posture).unwrap_or(0);
        let Some(chosen) = self.choose(ALL.len(), now)? else {
            return Ok(None);
        };
        if let Err(why) = self.session.set_posture(ALL[chosen]) {
            self.told(&why)?;
        }
        Ok(Some(()))
    }

    fn steps(&mut self) -> Answer<()> {
        for page in self.session.pages() {
            if let Some(step) = words::step(page)
                && self.step(page, step)?.is_none()
            {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    /// Says what a step takes by itself, and asks for what it must not take unasked. One answer can bring another question.
    fn step(&mut self, page: usize, step: Step) -> Answer<()> {
        const NOTHING: Text = Text { en: "Nothing to decide.", ja: "決めることはありません。" };
        let (name, question) = (self.session.say(words::page(page)), self.session.say(words::question(step)));
        self.say("")?;
        self.say(&format!("{name}. {question}"))?;
        let mut is_empty = true;
        let taken: Vec<(String, String, String)> = self
            .session
            .rows(step)
            .filter(|row| !row.is_open_ask() && !row.edits.is_empty())
            .filter_map(|row| {
                let current = row.row.current.of(self.session.lang());
                Some((self.session.title(row), current, self.session.value_after(row)?))
            })
            .collect();
        for (title, current, after) in taken {
            is_empty = false;
            let safe = self.session.say(words::weight(Weight::Safe));
            self.say(&format!("{safe}: {title}: {current} -> {after}"))?;
        }
        let mut asked = Vec::new();
        loop {
            let next = self.session.open_asks(step).map(|row| row.key()).find(|key| !asked.contains(key));
            let Some(key) = next else { break };
            is_empty = false;
            asked.push(key.clone());
            if self.ask(&key)?.is_none() {
                return Ok(None);
            }
        }
        if is_empty {
            self.tell(NOTHING)?;
        }
        Ok(Some(()))
    }

    fn ask(&mut self, key: &str) -> Answer<()> {
        let lang = self.session.lang();
        let Some(row) = self.session.row(key) else {
            return Ok(Some(()));
        };
        let head = format!("{}: {}", self.session.title(row), row.row.current.of(lang));
        let usual = spoken_of(row).unwrap_or(0);
        let recommended = self.session.say(words::RECOMMENDED);
        let mut values = Vec::new();
        let mut lines = Vec::new();
        for (n, choice) in row.row.choices.iter().enumerate() {
            // What only hands can do is no answer.
            if choice.weight == Weight::Manual {
                continue;
            }
            values.push((n, choice.value.clone()));
            let shown = if n == 0 { self.session.say(words::KEEP).to_owned() } else { choice.shown(lang) };
            let mark = if n == row.row.recommended { format!(" ({recommended})") } else { String::new() };
            lines.push(format!("{} {shown}{mark}. {}", values.len(), choice.effect.of(lang)));
        }
        self.say("")?;
        self.say(&head)?;
        for line in lines {
            self.say(&line)?;
        }
        let usual = values.iter().position(|(n, _)| *n == usual).unwrap_or(0);
        let Some(chosen) = self.choose(values.len(), usual)? else {
            return Ok(None);
        };
        let pick = values.swap_remove(chosen).1;
        if let Err(why) = self.session.decide(key, Some(Pick::Choice(pick))) {
            self.told(&why)?;
        }
        Ok(Some(()))
    }

    /// Says what would be written, and what that brings; is whether there is anything.
    fn review(&mut self) -> io::Result<bool> {
        const NOTHING: Text = Text { en: "Nothing to change.", ja: "変更はありません。" };
        const STOPS: Text = Text { en: "What stops working:", ja: "使えなくなるもの:" };
        const REFUSED: Text =
            Text { en: "OpenClaw would refuse this config:", ja: "OpenClaw はこの設定を受け付けません:" };
        let lang = self.session.lang();
        let mut lines = vec![String::new(), self.session.say(words::page(words::REVIEW)).to_owned()];
        let diff = self.session.diff().iter().map(|line| match line.kind {
            DiffKind::File | DiffKind::Hunk => line.text.clone(),
            DiffKind::Context => format!(" {}", line.text),
            DiffKind::Removed => format!("-{}", line.text),
            DiffKind::Added => format!("+{}", line.text),
        });
        lines.extend(diff);
        for mode in self.session.plan.closings() {
            let path = harmless(&mode.path.display().to_string());
            lines.push(format!("{:04o} -> {:04o} {path}", mode.before, mode.after));
        }
        let stops = self.session.stops();
        if !stops.is_empty() {
            lines.push(self.session.say(STOPS).to_owned());
            lines.extend(stops.iter().map(|stop| format!("{} {}", stop.what.of(lang), stop.keep.of(lang))));
        }
        if let Some(access) = self.session.access() {
            lines.extend(std::iter::once(&access.own).chain(&access.cut).map(|said| said.of(lang)));
            for way in &access.ways {
                lines.push(way.what.of(lang));
                lines.extend(way.command.clone());
            }
        }
        let after = self.session.count(&self.session.plan.after);
        lines.push(self.counts(&after).of(lang));
        let issues: Vec<String> = self.session.plan.issues_after.iter().map(|issue| issue.message.of(lang)).collect();
        if !issues.is_empty() {
            lines.push(self.session.say(REFUSED).to_owned());
            lines.extend(issues.iter().cloned());
        }
        let is_empty = self.session.change_count() == 0;
        if is_empty {
            lines.push(self.session.say(NOTHING).to_owned());
        }
        for line in lines {
            self.say(&line)?;
        }
        Ok(!is_empty && issues.is_empty())
    }

    fn write(&mut self, disk: &mut dyn Disk) -> io::Result<Outcome> {
        const WRITE: Text = Text {
            en: "Write this? A backup is made first. y writes, anything else leaves",
            ja: "書き込みますか? 先にバックアップを作成します。y で書き込み、それ以外で終了",
        };
        const CHANGED: Text = Text {
            en: "The file was changed by another program meanwhile. It was read again, and your answers hold for what stands there now.",
            ja: "その間に別のプログラムがファイルを変更しました。読み直したので、回答は今の内容に適用されます。",
        };
        const BUSY: Text = Text {
            en: "OpenClaw is writing this file at this moment. Waiting until it is done, {most} s at most.",
            ja: "OpenClaw がこのファイルに書き込んでいます。終わるまで最長{most}秒待ちます。",
        };
        loop {
            let can_write = self.review()? && !self.session.found.demo && self.session.found.read_only.is_none();
            let prompt = self.session.say(WRITE);
            let is_wanted =
                can_write && self.line(prompt)?.is_some_and(|line| matches!(line.as_str(), "y" | "Y" | "yes"));
            if !is_wanted {
                self.tell(words::NOT_WRITTEN)?;
                return Ok(Outcome::Left);
            }
            if let Some(freed) = disk.writer() {
                self.told(&BUSY.with("most", PATIENCE.as_secs()))?;
                // Who looks sends before it ends; else the write itself waits.
                if let Ok(Err(why)) = freed.recv() {
                    self.told(&why)?;
                    return Ok(Outcome::Refused);
                }
            }
            match disk.commit(&self.session.plan, self.session.found.confirm_within) {
                Ok(Committed::Written(mut done)) => {
                    if self.session.found.saves_answers {
                        done.warnings.extend(disk.save_answers(&self.session.plan, &self.session.answers).err());
                    }
                    for warning in &done.warnings {
                        self.told(warning)?;
                    }
                    return Ok(Outcome::Written(done));
                }
                Ok(Committed::ChangedOnDisk) => {
                    if let Err(why) = disk.reread().and_then(|again| self.session.reread(again)) {
                        self.told(&why)?;
                        return Ok(Outcome::Refused);
                    }
                    self.tell(CHANGED)?;
                }
                Err(why) => {
                    self.told(&why)?;
                    return Ok(Outcome::Refused);
                }
            }
        }
    }
}
