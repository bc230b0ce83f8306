"""What a command leaves in its memory: it is stopped just before it ends, and searched for the secrets that it has read."""

import array
import ctypes
import itertools
import os
import pathlib
import re
import secrets
import shutil
import signal
import sqlite3

PART = 12
COMMANDS = [
    ["audit"],
    ["audit", "--format", "json"],
    ["audit", "--format", "sarif"],
    ["explain", "exec", "read"],
    ["apply", "--dry-run", "--yes"],
    ["apply", "--yes"],
    ["apply", "--yes", "--format", "json"],
    ["skills"],
    ["checkup"],
    ["secrets", "--dry-run"],
    ["secrets", "--yes"],
    ["restore", "--list"],
    ["restore", "--yes"],
    ["--keys", "<enter>8dwy", "--print", "--size", "100x40"],
    ["--keys", "<enter>8wy", "--print", "--size", "100x40"],
]
CONFIG = """{
  // The family's lobster.
  gateway: { mode: "local", bind: "lan", auth: { mode: "token", token: "%s", password: "%s" } },
  channels: { telegram: { dmPolicy: "open", allowFrom: ["*"], botToken: "123456:%s" } },
  logging: { file: "%s" },
  env: { vars: { OPENAI_API_KEY: "%s" } } }
"""
LOG = (
    '{{"0":"{{\\"subsystem\\":\\"gateway/ws\\"}}","2":"closed before connect token={0}","time":"2026-11-22T16:52:06.000Z",'
    '"message":"closed before connect conn=7 token={0}"}}\n'
)
TRACEME, CONT, SETOPTIONS = 0, 7, 0x4200
TRACEEXIT, EXITKILL, EVENT_EXIT = 0x40, 0x100000, 6
LIBC = ctypes.CDLL(None, use_errno=True)


class Home:
    """A home with a secret in each place that is read."""

    def __init__(self, path, args):
        self.path, self.secrets = path, {}
        shutil.rmtree(path, ignore_errors=True)
        own = path / ".openclaw"
        (own / "state").mkdir(parents=True, mode=0o700)
        log = path / "gateway.log"
        auth = [self.secret(place) for place in ["gateway.auth.token", "gateway.auth.password", "channels.telegram.botToken"]]
        config = CONFIG % (*auth, log, self.secret("env.vars"))
        if args[0] == "secrets":
            # Of two of the gateway's secrets it does not choose.
            config = re.sub(r", password: \"\w+\"", "", config)
        self.put(own / "openclaw.json", config)
        if args[0] == "restore":
            self.put(own / "openclaw.json.harden-20261122-165206", config.replace("lan", "loopback"))
        self.put(own / ".env", f"ANTHROPIC_API_KEY={self.secret('.env')}\n")
        self.put(log, LOG.format(self.secret("log")))
        skill = own / "skills/weather"
        skill.mkdir(parents=True)
        self.put(skill / "SKILL.md", f"---\nname: weather\ndescription: Tells it\n---\nexport AWS_SECRET_ACCESS_KEY={self.secret('skill')}\n")
        database = sqlite3.connect(own / "state/openclaw.sqlite")
        database.execute(
            "CREATE TABLE device_pairing_paired (device_id TEXT, public_key TEXT, display_name TEXT, operator_label TEXT, client_id TEXT,"
            " role TEXT, scopes_json TEXT, approved_scopes_json TEXT, remote_ip TEXT, tokens_json TEXT, approved_via TEXT,"
            " approved_at_ms INTEGER, last_seen_at_ms INTEGER)"
        )
        tokens = '{"token":"%s"}' % self.secret("database")
        row = ("d1", "key", "laptop", None, "cli", "operator", "[]", "[]", "203.0.113.9", tokens, "silent", 1795331398827, None)
        database.execute(f"INSERT INTO device_pairing_paired VALUES ({','.join('?' * len(row))})", row)
        database.commit()
        database.close()

    def secret(self, place):
        self.secrets[place] = secrets.token_hex(24)
        return self.secrets[place]

    def put(self, path, text):
        path.write_text(text)
        path.chmod(0o600)

    def found(self, memory):
        """Is each place whose secret, or a piece of it, is in memory, with the region and how often."""
        found = []
        for place, secret in self.secrets.items():
            pieces = re.compile(b"|".join(secret[at : at + PART].encode() for at in range(0, len(secret) - PART + 1, PART)))
            for region, content in memory:
                hits = pieces.findall(content)
                if hits:
                    found.append(f"{place}: {len(hits)} pieces in {region}")
        return found


def ptrace(request, pid, data=0):
    if LIBC.ptrace(request, pid, None, ctypes.c_void_p(data)) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")


def at_the_end(program, home, args):
    """Runs a command until it is about to end; is its exit code, and what it has in memory: none where a signal ends it."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(null, number)
        os.chdir(home)
        LIBC.ptrace(TRACEME, 0, None, None)
        environment = {"HOME": str(home), "PATH": "/nowhere", "DOCKER_HOST": "tcp://127.0.0.1:1"}
        os.execve(program, [program, *args, "--lang", "en"], environment)
    os.waitpid(child, 0)
    ptrace(SETOPTIONS, child, TRACEEXIT | EXITKILL)
    passed_on = 0
    while True:
        ptrace(CONT, child, passed_on)
        _, status = os.waitpid(child, 0)
        if not os.WIFSTOPPED(status):
            return None, []
        if status >> 16 == EVENT_EXIT:
            break
        passed_on = 0 if os.WSTOPSIG(status) == signal.SIGTRAP else os.WSTOPSIG(status)
    memory = list(regions(child))
    ptrace(CONT, child)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), memory


PAGE = os.sysconf("SC_PAGE_SIZE")
# A page that is in memory or was put out of it, as /proc/PID/pagemap says. Others were never touched: there may be gigabytes of them.
TOUCHED = 3 << 62


def regions(pid):
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory, open(f"/proc/{pid}/pagemap", "rb") as pages:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, _, _, _, *name = line.split(maxsplit=5)
            if not rights.startswith("r") or name[:1] in (["[vvar]"], ["[vvar_vclock]"], ["[vsyscall]"]):
                continue
            start, end = (int(number, 16) for number in span.split("-"))
            pages.seek(start // PAGE * 8)
            of_region = array.array("Q", pages.read((end - start) // PAGE * 8))
            content = bytearray()
            for touched, run in itertools.groupby(of_region, lambda page: page & TOUCHED != 0):
                length = sum(1 for _ in run) * PAGE
                if touched:
                    memory.seek(start)
                    content += memory.read(length)
                start += length
            yield f"{name[0] if name else 'memory'} {rights}", bytes(content)


def look(program, folder):
    """Is how many commands were looked into, and what each leaves."""
    if os.geteuid() != 0:
        print("memory: only root may look into a program that has closed its memory to others, so nothing was looked into", flush=True)
        return 0, []
    wrong = []
    for args in COMMANDS:
        home = Home(folder, args)
        code, memory = at_the_end(program, home.path, args)
        # Where it is told to look stands in its environment, so it is found where the search works at all.
        if code not in (0, 1) or not any(str(home.path).encode() in content for _, content in memory):
            wrong.append(f"memory: {args} ends with {code}, and its memory could not be read ({len(memory)} regions)")
        wrong.extend(f"memory: {args} leaves {place}" for place in home.found(memory))
    return len(COMMANDS), wrong
