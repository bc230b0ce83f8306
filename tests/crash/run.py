"""Every system call that changes a file fails in turn, with each error a disk can give, and in turn kills the program.

What is held after each: every config is the old one or the new one, whole; where a new one stands its backup does too; nobody can
read what they could not before; no draft passes for a config or a backup; the message says how it ended; the next start leaves several
files all old or all new, and the same command then does its work. Beside that no command leaves this machine or starts a program, and
a wizard ends with its terminal.
"""

import collections
import concurrent.futures
import fcntl
import memory
import os
import pathlib
import pty
import queue
import re
import select
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import time

PROGRAM = os.environ["OPENCLAW_HARDEN_BIN"]
ERRORS = ["ENOSPC", "EIO", "EACCES", "EROFS"]
# Calls that change a file, a folder or what is known of them; openat does where it creates, and flock keeps others out.
CHANGING = """creat openat write pwrite64 writev pwritev fsync fdatasync rename renameat renameat2 link linkat unlink unlinkat symlink
symlinkat mkdir mkdirat rmdir chmod fchmod fchmodat chown fchown fchownat lchown truncate ftruncate fallocate copy_file_range
sendfile utimensat flock""".split()
PATIENCE = 30

SINGLE = """{
  // The family's lobster.
  gateway: { mode: "local", bind: "lan", auth: { mode: "token", token: "5ecret-5ecret-5ecret-5ecret" } },
  channels: { telegram: { dmPolicy: "open", allowFrom: ["*"], botToken: "123456:5ecret-5ecret-5ecret-5ecret" } },
}
"""
ROOT = """{
  gateway: { mode: "local", auth: { mode: "token", token: "5ecret-5ecret-5ecret-5ecret" } },
  channels: { $include: "./parts/channels.json5" }, // shared with the other house
  tools: { $include: "./parts/tools.json5" },
}
"""
CHANNELS = "{\n  // everybody\n  telegram: { dmPolicy: 'open', allowFrom: ['*'], botToken: '123456:5ecret-5ecret-5ecret' },\n}\n"
TOOLS = "{ exec: { security: 'full', ask: 'off' }, elevated: { enabled: true, allowFrom: { telegram: ['*'] } } }\n"


class Failed(Exception):
    """What a case shows that must not be."""


def hold(truth, what):
    if not truth:
        raise Failed(what)


def command(home, args, trace=None):
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "DOCKER_HOST": "tcp://127.0.0.1:1"}
    line = [PROGRAM, *args, "--engine", "docker", "--lang", "en"]
    if trace:
        line = ["strace", "-f", "-qq", "-o", *trace, "--", *line]
    return subprocess.run(line, env=environment, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)


class Scenario:
    """A home before, a command, and the home after it."""

    def __init__(self, name, files, args, before=()):
        self.name, self.files, self.args, self.before = name, files, list(args), before

    def make(self, home):
        """Makes the home as it is before the command."""
        shutil.rmtree(home, ignore_errors=True)
        (home / ".openclaw").mkdir(parents=True, mode=0o700)
        for name, text in self.files.items():
            path = home / ".openclaw" / name
            path.parent.mkdir(exist_ok=True, mode=0o700)
            path.write_text(text)
            path.chmod(0o640 if self.name == "apply" else 0o600)
        for args in self.before:
            done = command(home, args)
            hold(done.returncode in (0, 1), f"the way to the scenario ends with {done.returncode}: {done.stderr}")

    def line(self, home):
        """Is the command; BACKUP stands for the oldest backup."""
        backups = sorted((home / ".openclaw").glob("openclaw.json.harden-*[0-9]"))
        return [str(backups[0]) if arg == "BACKUP" else arg for arg in self.args]


APPLY = ["apply", "--yes"]
SCENARIOS = [
    Scenario("apply", {"openclaw.json": SINGLE}, APPLY),
    Scenario("first", {}, APPLY),
    Scenario("wizard", {"openclaw.json": SINGLE}, ["--keys", "<enter>8wy", "--print", "--size", "100x40"]),
    Scenario("restore", {"openclaw.json": SINGLE}, ["restore", "BACKUP", "--yes"], [APPLY]),
    Scenario("several", {"openclaw.json": ROOT, "parts/channels.json5": CHANNELS, "parts/tools.json5": TOOLS}, APPLY),
    Scenario(
        "several-restore",
        {"openclaw.json": ROOT, "parts/channels.json5": CHANNELS, "parts/tools.json5": TOOLS},
        ["restore", "BACKUP", "--yes"],
        [APPLY],
    ),
]


def plain(content):
    """Is a config without the secrets that are drawn anew for each."""
    return re.sub(rb"\b[0-9a-f]{48}\b", b"SECRET", content)


def contents(home):
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def configs(home, names):
    """Is what stands in each config; none where it is absent."""
    paths = {name: home / ".openclaw" / name for name in names}
    return {name: plain(path.read_bytes()) if path.exists() else None for name, path in paths.items()}


def is_draft(path):
    return re.fullmatch(r"\..+\.harden-[0-9a-f]{16}\.tmp", pathlib.Path(path).name) is not None


def calls(trace):
    """Is the calls of the first thread that change a file, each with its number among those of its name."""
    seen, found, first = collections.Counter(), [], None
    for line in pathlib.Path(trace).read_text(errors="replace").splitlines():
        match = re.match(r"(\d+) +(\w+)\((.*)", line)
        if not match:
            continue
        thread, name, rest = match.groups()
        first = first or thread
        if thread != first:
            continue
        seen[name] += 1
        if name == "openat" and "O_CREAT" not in rest:
            continue
        if name in ("write", "writev") and not re.match(r"\d+</", rest):
            continue
        # What goes to the terminal, a pipe or a device changes no file.
        if name in ("write", "writev") and re.match(r"\d+</(dev|proc)/", rest):
            continue
        found.append((name, seen[name], rest))
    return found


class Case:
    """One call of one scenario that fails or kills."""

    def __init__(self, scenario, call, how):
        self.scenario, self.call, self.how = scenario, call, how

    def __str__(self):
        name, number, rest = self.call
        return f"{self.scenario.name}: {self.how} at {name} {number} ({rest[:100]})"

    def run(self, base, template):
        home, trace = base / "home", base / "trace"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(template["before"], home, symlinks=True)
        name, number, _ = self.call
        act = "signal=KILL" if self.how == "KILL" else f"error={self.how}"
        line = self.scenario.line(home)
        done = command(home, line, [str(trace), "-e", f"trace={name}", "-e", f"inject={name}:{act}:when={number}"])
        was_hit = done.returncode in (-9, 137) if self.how == "KILL" else "(INJECTED)" in trace.read_text(errors="replace")
        hold(was_hit, "the call was not reached")
        self.look(home, template, done)
        self.start_anew(home, template, line)

    def look(self, home, template, done):
        """Holds what must be right at once."""
        old, new = template["old"], template["new"]
        now = configs(home, new)
        for name, content in now.items():
            hold(content in (old[name], new[name]), f"{name} is neither the old one nor the new one")
        is_new = {name for name in now if now[name] == new[name] and old[name] != new[name]}
        here = contents(home)
        for name in is_new - {name for name in old if old[name] is None}:
            pattern = re.compile(re.escape(f".openclaw/{name}.harden-") + r"\d{8}-\d{6}(-\d+)?")
            kept = [plain(content) for path, content in here.items() if pattern.fullmatch(path)]
            hold(old[name] in kept, f"{name} is new and no backup has what stood there")
        for path in here:
            mode = stat.S_IMODE((home / path).stat().st_mode)
            # What was taken out of a config's place is still as open as it was there.
            stood = re.sub(r"^(.*)/\.([^/]+)\.harden-[0-9a-f]{16}\.tmp$", r"\1/\2", path)
            known = template["modes"].get(stood, 0o600)
            hold(mode & ~known == 0, f"{path} has mode {mode:o}, was {known:o}")
        changed = {name for name in new if old[name] != new[name]}
        # A frame folds the sentence, in a box that stands over others.
        box = " ".join(re.findall(r"│ (.*?) +│", done.stdout))
        said = re.sub(r"[\s│┃|]+", " ", done.stdout + done.stderr + box)
        if self.how == "KILL":
            return
        if done.returncode == 2 or self.scenario.name == "wizard" and "9/9 Done" not in done.stdout:
            hold(not is_new or "next start" in said, f"it says that it failed, and {sorted(is_new)} is new: {said[-600:]}")
            hold(re.search(r"Nothing (\w+ )?was (changed|written)|next start", said), f"it does not say how the files stand: {said[-600:]}")
        else:
            hold(done.returncode in (0, 1), f"it ends with {done.returncode}: {said[-600:]}")
            hold(is_new == changed, f"it says that it is done, and {sorted(changed - is_new)} is old: {said[-600:]}")
        hold("panicked" not in said and "internal error" not in said, said)
        if self.call[0] not in ("unlink", "unlinkat"):
            drafts = [path for path in here if is_draft(path)]
            hold(not drafts, f"it leaves {drafts}")

    def start_anew(self, home, template, line):
        """Starts the program again: the files are all old or all new, the list of backups is true, and the work can be done."""
        old, new = template["old"], template["new"]
        command(home, ["apply"])
        now = configs(home, new)
        hold(now in (old, new), "after the next start the files are not all old or all new")
        hold(not list(home.rglob("*.begun")), "after the next start the journal is still there")
        listed = command(home, ["restore", "--list", "--format", "json"])
        whole = {content for content in [*old.values(), *new.values(), *template["kept"]] if content is not None}
        for backup in re.findall(r'"(/[^"]+\.harden-[^"]+)"', listed.stdout):
            hold(plain(pathlib.Path(backup).read_bytes()) in whole, f"{backup} is listed, and is no whole config")
        done = command(home, line)
        hold(done.returncode in (0, 1), f"the same command then ends with {done.returncode}: {done.stderr}")
        hold(configs(home, new) == new, "the same command then does not do its work")


def prepare(scenario, base):
    """Runs a scenario undisturbed; is its template and the calls that change files."""
    home, before = base / "home", base / f"before-{scenario.name}"
    scenario.make(home)
    shutil.copytree(home, before, symlinks=True)
    names = scenario.files or {"openclaw.json": ""}
    old, kept = configs(home, names), [plain(content) for content in contents(home).values()]
    modes = {path: stat.S_IMODE((home / path).stat().st_mode) for path in contents(home)}
    trace = base / "trace"
    done = command(home, scenario.line(home), [str(trace), "-y", "-e", f"trace={','.join(CHANGING)}"])
    hold(done.returncode in (0, 1), f"{scenario.name} ends with {done.returncode}: {done.stderr}")
    new = configs(home, names)
    hold(all(new.values()) and old != new, f"{scenario.name} changes nothing: {done.stdout}{done.stderr}")
    template = {"before": before, "old": old, "new": new, "kept": kept, "modes": modes}
    return template, calls(trace)


# What may be connected to: the daemons of sandbox engines and of the system, on this machine.
LOCAL = re.compile(r'sun_path=@?"/(var/)?run/|sun_path="[^"]*/(docker|podman)[^"]*\.sock"')
# Before secrets move, the gateway's own port is asked whether it runs: on loopback, which is no way off this machine either.
GATEWAY = re.compile(r'socket\(AF_INET,|connect\(.*sin_port=htons\(18789\), sin_addr=inet_addr\("127\.0\.0\.1"\)')
LOOKS = [
    ["audit"],
    ["audit", "--format", "json"],
    ["audit", "--format", "sarif"],
    ["accept", "harden.pairing.dm_open", "--reason", "tried", "--until", "2027-01-01"],
    ["explain"],
    ["explain", "exec"],
    ["apply", "--dry-run", "--yes"],
    ["apply", "--findings", "audit.json", "--report", "result.json", "--yes"],
    ["apply", "--yes"],
    ["restore", "--list"],
    ["restore", "--yes"],
    ["secrets", "--dry-run"],
    ["secrets", "--yes"],
    ["secrets", "--purge", "--yes"],
    ["skills"],
    ["skills", "--accept"],
    ["checkup"],
    ["checkup", "--log", "gateway.log"],
    ["checkup", "--accept"],
    ["report", "audit.json"],
    ["completions", "bash"],
    ["man"],
    ["--keys", "<enter><enter><enter><enter><enter><enter><enter><enter>", "--print"],
    ["--keys", "<enter>8wy", "--print", "--size", "100x40"],
    ["--findings", "audit.json", "--keys", "<enter><enter>", "--print"],
    ["--plain"],
    ["--demo", "--print"],
]


def outside_every_network():
    """Is the command that starts another in a network namespace of its own, where there is no interface; none where the machine forbids it."""
    for more in [], ["--map-root-user"]:
        line = ["unshare", "--net", *more]
        if subprocess.run([*line, "true"], stdin=subprocess.DEVNULL, capture_output=True).returncode == 0:
            return [shutil.which("unshare"), *line[1:]]
    return []


def alone(home):
    """Runs every command without a network: none opens a socket that leads off this machine, and none starts a program."""
    wrong = []
    Scenario("alone", {"openclaw.json": SINGLE}, []).make(home)
    trace = home.parent / "trace"
    first = outside_every_network()
    where = "in a network namespace without an interface" if first else "on a machine that allows no network namespace: only the calls were looked at"
    strace = shutil.which("strace")
    (home / "gateway.log").write_text('{"0":"{\\"subsystem\\":\\"gateway/ws\\"}","message":"closed before connect conn=7"}\n')
    # Podman has no daemon: a checkup asks its program where there is one.
    environment = {"HOME": str(home), "PATH": "/nowhere"}
    for args in LOOKS:
        line = [*first, strace, "-f", "-qq", "-s", "200", "-o", str(trace), "-e", "trace=network,execve,execveat", "--", PROGRAM, *args]
        done = subprocess.run(line, env=environment, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
        if args == ["audit", "--format", "json"]:
            (home / "audit.json").write_text(done.stdout)
        if done.returncode not in (0, 1):
            wrong.append(f"{args}: ends with {done.returncode}: {done.stderr[-300:]}")
        seen = trace.read_text(errors="replace").splitlines()
        if not any("execve(" in call for call in seen):
            wrong.append(f"{args}: nothing was traced")
        for call in seen[1:]:
            if re.search(r"execve(at)?\(", call):
                wrong.append(f"{args}: starts a program: {call}")
            if args[0] == "secrets" and GATEWAY.search(call):
                continue
            # A pair of sockets leads nowhere but to this process.
            family = re.search(r"\bsocket\(AF_(\w+)", call)
            if family and family.group(1) != "UNIX":
                wrong.append(f"{args}: opens a socket: {call}")
            if re.search(r"\b(connect|bind|sendto|listen)\(", call) and not LOCAL.search(call):
                wrong.append(f"{args}: leaves the process: {call}")
    print(f"alone: {where}", flush=True)
    return len(LOOKS), wrong


def in_memory(home):
    return memory.look(PROGRAM, home)


def closed(home):
    """Closes the terminal of a wizard that waits: it ends by itself, and has written nothing."""
    Scenario("closed", {"openclaw.json": SINGLE}, []).make(home)
    before = contents(home)
    child, master = pty.fork()
    if child == 0:
        os.execve(PROGRAM, [PROGRAM, "--engine", "docker", "--lang", "en"], {"HOME": str(home), "TERM": "xterm"})
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    seen, end = b"", time.monotonic() + PATIENCE
    while b"personal" not in seen and time.monotonic() < end:
        if select.select([master], [], [], 1)[0]:
            seen += os.read(master, 4096)
    os.write(master, b"\r ")
    os.close(master)
    while time.monotonic() < end:
        if os.waitpid(child, os.WNOHANG)[0]:
            return 1, [] if contents(home) == before else ["closed: something was written"]
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 1, ["closed: the wizard outlives its terminal"]


PARTS = {"alone": alone, "closed": closed, "memory": in_memory}


def main(wanted):
    started, passed, failed = time.monotonic(), 0, []
    unknown = set(wanted) - {scenario.name for scenario in SCENARIOS} - set(PARTS)
    if unknown:
        sys.exit(f"There is no scenario {', '.join(sorted(unknown))}.")
    with tempfile.TemporaryDirectory(prefix="openclaw-harden-crash-") as folder:
        bases = [pathlib.Path(folder) / f"worker-{n}" for n in range(os.cpu_count() or 2)]
        for base in bases:
            base.mkdir()
        for name, part in PARTS.items():
            if not wanted or name in wanted:
                count, wrong = part(bases[0] / "home")
                for why in wrong:
                    print(f"FAILED {why}", flush=True)
                passed, failed = passed + max(count - len(wrong), 0), failed + wrong
                print(f"{name}: {count} cases, {len(wrong)} failed", flush=True)
        free = queue.SimpleQueue()
        for scenario in SCENARIOS:
            if wanted and scenario.name not in wanted:
                continue
            templates = {}
            for base in bases:
                templates[base], found = prepare(scenario, base)
            hold(len(found) >= 10, f"only {len(found)} calls of {scenario.name} were seen")
            cases = [Case(scenario, call, how) for call in found for how in [*ERRORS, "KILL"]]
            while not free.empty():
                free.get()
            for base in bases:
                free.put(base)

            def run(case):
                base = free.get()
                try:
                    case.run(base, templates[base])
                except Failed as why:
                    return f"{case}: {why}"
                except subprocess.TimeoutExpired:
                    return f"{case}: it hangs"
                finally:
                    free.put(base)

            with concurrent.futures.ThreadPoolExecutor(len(bases)) as pool:
                wrong = [why for why in pool.map(run, cases) if why]
            for why in wrong:
                print(f"FAILED {why}", flush=True)
            passed, failed = passed + len(cases) - len(wrong), failed + wrong
            print(f"{scenario.name}: {len(found)} calls, {len(cases)} cases, {len(wrong)} failed", flush=True)
    print(f"{passed} passed, {len(failed)} failed ({time.monotonic() - started:.0f} s)")
    sys.exit(1 if failed or not passed else 0)


main(sys.argv[1:])
