//! The command line: what it takes, and which exit code it gives.
//!
//! 0: done, and nothing at or above `--fail-on`. 1: the audit found something at or above it, or OpenClaw refuses the config, or apply left something that it was
//! asked to close. 2: it could not run; one sentence on stderr says why.

mod accept;
mod apply;
mod audit;
mod checkup;
mod explain;
mod files;
mod findings;
mod handout;
mod help;
mod modes;
mod progress;
mod report;
mod restore;
mod secrets;
mod skills;
mod trial;
mod usage;
mod wizard;

use crate::document::{Diagnosis, Document};
use crate::host::{self, Asked, Env, Installation, OpenClaw, Places, Selection};
use crate::posture::{Engine, Posture};
use crate::report::checkup::shell;
use crate::report::text::Style;
use crate::settings::Version;
use crate::store;
use crate::text::{Lang, Text, inert};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Duration;

/// What `--version` says; `-V` leaves the second line out.
const VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\nfor OpenClaw 2026.9.6, and for 2026.3.7 to 2026.7.35 under their own keys");

/// Hardens an OpenClaw installation: shows what is open, what a change does, and the diff, before it writes.
#[derive(Parser)]
#[command(name = "openclaw-harden", version, long_version = VERSION)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    wizard: wizard::WizardArgs,
    #[command(flatten)]
    global: Global,
}

impl Cli {
    /// Refuses options of the wizard beside a command. clap's own way would refuse those that every command takes as well.
    fn checked(self) -> Result<Self, clap::Error> {
        if self.command.is_some() && self.wizard.is_given() {
            // `usage` says it.
            return Err(Cli::command().error(ErrorKind::ArgumentConflict, ""));
        }
        Ok(self)
    }
}

#[derive(Subcommand)]
enum Command {
    /// Lists what is wrong with a config, as OpenClaw's own audit does and beyond it
    Audit(audit::AuditArgs),
    /// Accepts a finding for a time, with a reason
    Accept(accept::AcceptArgs),
    /// Explains a check, or why an agent can or cannot call a tool
    Explain(explain::ExplainArgs),
    /// Hardens a config without the wizard
    Apply(apply::ApplyArgs),
    /// Shows what has happened since the last look: log, containers, approved users, listeners, changes of the config
    Checkup(checkup::CheckupArgs),
    /// Lists skills and plugins that are new or changed since they were accepted
    Skills(skills::SkillsArgs),
    /// Moves secrets out of the config, to a private file beside it
    Secrets(secrets::SecretsArgs),
    /// Lists the backups, or undoes the last write
    Restore(restore::RestoreArgs),
    /// Keeps a write that was made with --confirm-within, after proving that you get in
    Confirm(trial::ConfirmArgs),
    /// Takes a write on trial back at its deadline
    #[command(hide = true)]
    KeepTrial {
        /// The trial's folder
        trial: PathBuf,
    },
    /// Puts the JSON results of many machines together
    Report(report::ReportArgs),
    /// Prints what completes commands and options in a shell
    Completions(handout::CompletionsArgs),
    /// Prints the manual page
    Man,
}

/// What every command takes.
#[derive(Args)]
struct Global {
    /// The config file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The state folder
    #[arg(long, global = true, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// The profile, as in openclaw --profile
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here
    #[arg(long, global = true, value_name = "VERSION", value_parser = version)]
    openclaw_version: Option<Version>,
    /// Starts openclaw --version to learn the version, instead of looking at the installed package
    #[arg(long, global = true, conflicts_with = "openclaw_version")]
    ask_openclaw: bool,
    /// The sandbox engine to plan for; auto asks the machine
    #[arg(long, global = true, value_name = "ENGINE", default_value = "auto")]
    engine: EngineArg,
    /// The language
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<LangArg>,
    /// Draws with plain letters
    #[arg(long, global = true)]
    ascii: bool,
    /// Uses no colours
    #[arg(long, global = true)]
    no_color: bool,
    /// How many backups to keep
    #[arg(long, global = true, value_name = "N", default_value_t = crate::store::KEEP, value_parser = number)]
    keep_backups: usize,
    /// Writes nothing, whatever happens
    #[arg(long, global = true)]
    read_only: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum EngineArg {
    Auto,
    Docker,
    Podman,
    None,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    En,
    Ja,
}

#[derive(Clone, Copy, ValueEnum, Default)]
enum PostureArg {
    #[default]
    Personal,
    Shared,
    Public,
}

impl From<PostureArg> for Posture {
    fn from(arg: PostureArg) -> Self {
        match arg {
            PostureArg::Personal => Posture::Personal,
            PostureArg::Shared => Posture::Shared,
            PostureArg::Public => Posture::Public,
        }
    }
}

/// What went wrong, in the language of the user.
struct Failure(String);

/// What a command was given beside its own arguments.
struct Context {
    global: Global,
    env: Env,
    cwd: PathBuf,
    lang: Lang,
    /// The OpenClaw that was named, or asked.
    openclaw: Option<OpenClaw>,
}

impl Global {
    /// Is what the command line says about the place; a FILE beats every other way to name one.
    fn selection(&self, file: Option<&PathBuf>) -> Selection {
        Selection {
            config: file.or(self.config.as_ref()).cloned(),
            state_dir: self.state_dir.clone(),
            profile: self.profile.clone(),
            openclaw: None,
        }
    }
}

impl Context {
    /// Is what the command line says about the place and the OpenClaw there.
    fn selection(&self, file: Option<&PathBuf>) -> Selection {
        Selection { openclaw: self.openclaw.clone(), ..self.global.selection(file) }
    }

    /// Finds the installation's places.
    fn places(&self) -> Result<Places, Failure> {
        host::places(&self.selection(None), &self.env, &self.cwd).map_err(|error| Failure(error.of(self.lang)))
    }

    /// Is the sandbox engine that is asked for.
    fn engine(&self) -> Asked {
        match self.global.engine {
            EngineArg::Auto => Asked::Auto,
            EngineArg::Docker => Asked::Fixed(Engine::Docker),
            EngineArg::Podman => Asked::Fixed(Engine::Podman),
            EngineArg::None => Asked::Fixed(Engine::None),
        }
    }

    /// Opens the installation.
    fn open(&self, file: Option<&PathBuf>) -> Result<Installation, Failure> {
        self.opened(file, self.engine()).map_err(|error| Failure(error.of(self.lang)))
    }

    fn opened(&self, file: Option<&PathBuf>, asked: Asked) -> Result<Installation, host::OpenError> {
        const LOOKING: Text = Text {
            en: "looking at the installation and the sandbox engine ... {seconds} s",
            ja: "インストールとコンテナエンジンを確認しています... {seconds}秒",
        };
        let said = |since: Duration| LOOKING.with("seconds", since.as_secs()).of(self.lang);
        progress::shown(said, || Installation::open(&self.selection(file), &self.env, asked, &self.cwd))
    }

    /// Opens the installation. Where its config does not parse and one change mends that, makes the change: with `yes`, or when it is confirmed.
    fn open_or_mend(&self, file: Option<&PathBuf>, yes: bool) -> Result<Installation, Failure> {
        self.open_or_mend_for(file, yes, self.engine())
    }

    /// The same for a sandbox engine that is asked for otherwise.
    fn open_or_mend_for(&self, file: Option<&PathBuf>, yes: bool, asked: Asked) -> Result<Installation, Failure> {
        const QUESTION: Text = Text {
            en: "Change the file so? A backup is made first.",
            ja: "このように変更しますか? 先にバックアップを作成します。",
        };
        const MENDED: Text = Text {
            en: "{path} can be read now; as it was it stands in {backup}",
            ja: "{path} を読み取れるようにしました。元の内容: {backup}",
        };
        const UNTOUCHED: Text = Text { en: "Nothing was written.", ja: "何も書き込んでいません。" };
        let open = || self.opened(file, asked);
        let error = match open() {
            Ok(installation) => return Ok(installation),
            Err(error) => error,
        };
        let failed = |error: &host::OpenError| Failure(error.of(self.lang));
        let host::OpenError::Parse(path, _, diagnosis) = &error else { return Err(failed(&error)) };
        let Some(cure) = &diagnosis.cure else { return Err(failed(&error)) };
        store::writable(&self.env, self.global.read_only).map_err(|error| Failure(error.of(self.lang)))?;
        if !yes {
            if !self.is_attended() {
                return Err(failed(&error));
            }
            print(&format!("{}\n", error.of(self.lang)));
            if !self.confirm(QUESTION) {
                return Err(Failure(UNTOUCHED.of(self.lang).to_owned()));
            }
        }
        let refuse = |error: store::StoreError| Failure(error.of(self.lang));
        let read = store::look(path).map_err(refuse)?;
        // What was looked at is what is changed.
        let is_same =
            |bytes: &[u8]| Document::parse(bytes).is_err_and(|fault| Diagnosis::of(bytes, &fault) == **diagnosis);
        if !read.as_ref().is_some_and(|read| is_same(&read.bytes)) {
            return Err(failed(&error));
        }
        let written =
            store::write(path, read.as_ref(), cure.text.as_bytes(), self.global.keep_backups).map_err(refuse)?;
        let backup = written.backup.map(|backup| backup.display().to_string()).unwrap_or_default();
        complain(&MENDED.with("path", path.display()).with("backup", backup).of(self.lang));
        open().map_err(|error| failed(&error))
    }

    /// Is the command that undoes a write to this config.
    fn undo(&self, file: Option<&PathBuf>, config: &Path) -> String {
        self.command("restore", file, config)
    }

    /// Is a command of ours for this config.
    fn command(&self, name: &str, file: Option<&PathBuf>, config: &Path) -> String {
        let named = file.is_some()
            || self.global.config.is_some()
            || self.global.state_dir.is_some()
            || self.global.profile.is_some();
        if !named {
            return format!("openclaw-harden {name}");
        }
        let config = config.display().to_string();
        shell(&["openclaw-harden", name, "--config", &config].map(str::to_owned))
    }

    /// Whether files of our own may be written: the variables that forbid writes are about OpenClaw's config.
    fn may_keep(&self) -> Result<(), Failure> {
        store::writable(&BTreeMap::new(), self.global.read_only).map_err(|error| Failure(error.of(self.lang)))
    }

    /// How text is laid out on standard output.
    fn style(&self) -> Style {
        let unset = |name: &str| self.env.get(name).is_none_or(String::is_empty);
        let terminal = std::io::stdout().is_terminal();
        // Where there is no terminal this would start `tput` to learn its size.
        let size = terminal.then(crossterm::terminal::size).and_then(Result::ok);
        let columns = size.map(|(columns, _)| usize::from(columns));
        Style {
            lang: self.lang,
            coloured: terminal && !self.global.no_color && unset("NO_COLOR"),
            columns: columns.unwrap_or(100).clamp(40, 120),
        }
    }

    /// Whether somebody sits before the terminal.
    fn is_attended(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    /// Asks whoever sits before the terminal; where nobody does, the answer is no.
    fn confirm(&self, question: Text) -> bool {
        const YES: Text = Text { en: "[y/N]", ja: "[y/N]" };
        if !self.is_attended() {
            return false;
        }
        print(&format!("{} {} ", question.of(self.lang), YES.of(self.lang)));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
    }
}

/// Is the definition of the command line, with its help in a language.
pub fn command(lang: Lang) -> clap::Command {
    help::spoken(Cli::command(), lang)
}

/// Runs the program.
pub fn main() -> ExitCode {
    let shielded = host::shield();
    if cfg!(panic = "abort") {
        // Ends as a panic does everywhere else: with Rust's own exit code for it, and not by a signal.
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            tell(info);
            std::process::exit(101);
        }));
    }
    let env = host::env();
    let cli = match Cli::try_parse().and_then(Cli::checked) {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error, &env),
    };
    let lang = lang(cli.global.lang, &env);
    let cwd = std::env::current_dir().unwrap_or_default();
    if let Err(why) = shielded {
        complain(&why.of(lang));
        return ExitCode::from(2);
    }
    if let Err(Failure(why)) = as_owner(&cli, &env, &cwd, lang) {
        complain(&why);
        return ExitCode::from(2);
    }
    let openclaw = match (&cli.global.openclaw_version, cli.global.ask_openclaw) {
        (Some(version), _) => Some(OpenClaw::named(version.clone())),
        (None, true) => match host::ask(&env) {
            Ok(openclaw) => Some(openclaw),
            Err(why) => {
                complain(&why.of(lang));
                return ExitCode::from(2);
            }
        },
        (None, false) => None,
    };
    let context = Context { lang, openclaw, global: cli.global, env, cwd };
    let done = match &cli.command {
        Some(Command::Audit(args)) => audit::run(args, &context),
        Some(Command::Accept(args)) => accept::run(args, &context),
        Some(Command::Explain(args)) => explain::run(args, &context),
        Some(Command::Apply(args)) => apply::run(args, &context),
        Some(Command::Skills(args)) => skills::run(args, &context),
        Some(Command::Checkup(args)) => checkup::run(args, &context),
        Some(Command::Restore(args)) => restore::run(args, &context),
        Some(Command::Secrets(args)) => secrets::run(args, &context),
        Some(Command::Confirm(args)) => trial::run(args, &context),
        Some(Command::KeepTrial { trial }) => return trial::keep(trial),
        Some(Command::Report(args)) => report::run(args, &context),
        Some(Command::Completions(args)) => Ok(handout::completions(args)),
        Some(Command::Man) => Ok(handout::man(&context)),
        None => wizard::run(&cli.wizard, &context),
    };
    const CUT: Text = Text {
        en: "The output could not be written ({why}).",
        ja: "出力を書き込めませんでした ({why})。",
    };
    let cut = UNPRINTED.get().map(|why| Failure(CUT.with("why", why).of(context.lang)));
    match cut.map_or(done, Err) {
        Ok(code) => code,
        Err(Failure(why)) => {
            complain(&why);
            ExitCode::from(2)
        }
    }
}

/// Prints the help or the version that was asked for, or what is wrong with the command line.
fn unparsed(error: &clap::Error, env: &Env) -> ExitCode {
    // What could not be parsed still says in which language to say so.
    let args: Vec<OsString> = std::env::args_os().collect();
    let mut asked = args.iter().enumerate().filter_map(|(at, arg)| match arg.to_str()?.strip_prefix("--lang")? {
        "" => LangArg::from_str(args.get(at + 1)?.to_str()?, true).ok(),
        named => LangArg::from_str(named.strip_prefix('=')?, true).ok(),
    });
    let asked = asked.next_back();
    let lang = lang(asked, env);
    if let Some(why) = usage::said(error, lang) {
        complain(&why);
        return ExitCode::from(2);
    }
    // Whoever closed the pipe does not read the help any more.
    let _ = match command(lang).try_get_matches_from(args) {
        Err(spoken) if !spoken.use_stderr() => spoken.print(),
        _ => error.print(),
    };
    ExitCode::SUCCESS
}

/// Where root is asked to work on another user's files: goes on as that user, and comes back only if that fails.
fn as_owner(cli: &Cli, env: &Env, cwd: &Path, lang: Lang) -> Result<(), Failure> {
    const AS: Text = Text {
        en: "Working as {name}, whose files these are.",
        ja: "ファイルの所有者 {name} として実行します。",
    };
    let files = match &cli.command {
        Some(Command::Explain(_) | Command::KeepTrial { .. } | Command::Completions(_) | Command::Man) => return Ok(()),
        None if cli.wizard.is_demo() => return Ok(()),
        Some(Command::Audit(args)) if !args.files().is_empty() => args.files().to_vec(),
        Some(Command::Apply(args)) if args.file().is_some() => args.file().cloned().into_iter().collect(),
        _ => match host::places(&cli.global.selection(None), env, cwd) {
            Ok(places) => host::owned(&places),
            // The command itself says what is wrong.
            Err(_) => return Ok(()),
        },
    };
    let files: Vec<PathBuf> = files.iter().map(|file| cwd.join(file)).collect();
    let Some(owner) = host::foreign_owner(&files).map_err(|why| Failure(why.of(lang)))? else {
        return Ok(());
    };
    complain(&AS.with("name", owner.name()).of(lang));
    Err(Failure(host::start_as(&owner, env, std::env::args_os().skip(1)).of(lang)))
}

/// Is the language asked for, or else the one that the locale names.
fn lang(asked: Option<LangArg>, env: &Env) -> Lang {
    match asked {
        Some(LangArg::En) => Lang::En,
        Some(LangArg::Ja) => Lang::Ja,
        None => {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(|name| env.get(name))
                .find(|value| !value.is_empty());
            if locale.is_some_and(|locale| locale.starts_with("ja")) { Lang::Ja } else { Lang::En }
        }
    }
}

/// Saves a file of our own, over an earlier one; nobody else can read it.
fn save(path: &Path, bytes: &[u8], context: &Context) -> Result<(), Failure> {
    let fail = |error: store::StoreError| Failure(error.of(context.lang));
    context.may_keep()?;
    let read = store::read(path).map_err(fail)?;
    store::save(path, read.as_ref(), bytes).map_err(fail)
}

/// Reads `--openclaw-version`.
fn version(text: &str) -> Result<Version, usage::Unusable> {
    const WRITTEN: Text = Text {
        en: "a version is written as in 2026.9.6",
        ja: "バージョンは 2026.9.6 のように指定してください",
    };
    Version::parse(text).ok_or(usage::Unusable(WRITTEN))
}

/// Reads `--keep-backups`.
fn number(text: &str) -> Result<usize, usage::Unusable> {
    const WHOLE: Text = Text { en: "write a whole number", ja: "整数を指定してください" };
    text.parse().map_err(|_| usage::Unusable(WHOLE))
}

/// Why something could not be printed, where that was so.
static UNPRINTED: OnceLock<std::io::Error> = OnceLock::new();

/// Prints to standard output; a reader that went away ends it quietly.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    if let Err(why) = out.write_all(inert(text).as_bytes()).and_then(|()| out.flush())
        && why.kind() != std::io::ErrorKind::BrokenPipe
    {
        let _ = UNPRINTED.set(why);
    }
}

/// Says to standard error what went wrong, if anybody reads that.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_of_all_stand_before_or_after_the_command_and_those_of_the_wizard_without_one() {
        let parses = |line: &str| Cli::try_parse_from(line.split(' ')).and_then(Cli::checked).is_ok();
        assert!(parses("openclaw-harden --lang ja audit") && parses("openclaw-harden audit --lang ja"));
        assert!(parses("openclaw-harden --demo --print"));
        assert!(!parses("openclaw-harden --demo audit"));
    }

    #[test]
    fn the_locale_chooses_the_language_unless_one_is_asked_for() {
        let env = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect::<Env>();
        assert_eq!(lang(None, &env(&[("LC_ALL", ""), ("LANG", "ja_JP.UTF-8")])), Lang::Ja);
        assert_eq!(lang(None, &env(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")])), Lang::En);
        assert_eq!(lang(Some(LangArg::En), &env(&[("LANG", "ja_JP.UTF-8")])), Lang::En);
    }
}
