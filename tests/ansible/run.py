"""Hosts of several kinds, each a home on this machine, hardened by the role: what changes, what fails alone, what a second run does."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["OPENCLAW_HARDEN_BIN"]

OPEN = """{
  // The family's lobster.
  gateway: { mode: "local", bind: "lan", auth: { mode: "token", token: "5ecret-5ecret-5ecret-5ecret" } },
  channels: { telegram: { dmPolicy: "open", allowFrom: ["*"], botToken: "123456:5ecret-5ecret-5ecret-5ecret" } },
}
"""
# What OpenClaw wrote before the break of 2026.8.1.
EARLY = """{
  "meta": { "lastTouchedAt": "2026-03-09T08:00:00.000Z", "lastTouchedVersion": "2026.3.7" },
  "gateway": { "mode": "local", "bind": "loopback", "auth": { "mode": "token", "token": "5ecret-5ecret-5ecret-5ecret" } },
  "agents": { "list": [{ "id": "main", "default": true }] },
  "channels": { "telegram": { "dmPolicy": "pairing", "botToken": "123456:5ecret-5ecret-5ecret-5ecret" } }
}
"""
BROKEN = '{\n  gateway: { mode: "local"\n  channels: {},\n}\n'

PLAYBOOK = """
- hosts: all
  gather_facts: false
  roles:
    - role: openclaw_harden.openclaw.harden
"""


class Fleet:
    """The hosts, and a controller that has the collection."""

    def __init__(self, folder, hosts):
        self.folder = pathlib.Path(folder)
        self.homes = {name: self.folder / "homes" / name for name in hosts}
        for name, config in hosts.items():
            self.write(name, config)
        answers = self.folder / "answers.json5"
        template = self.folder / "template.json"
        template.write_text(OPEN)
        self.program("apply", str(template), "--yes", "--dry-run", "--engine", "docker", "--save-answers", str(answers))
        collection = self.folder / "collections/ansible_collections/openclaw_harden"
        collection.mkdir(parents=True)
        shutil.copytree(ROOT / "assets/ansible", collection / "openclaw")
        inventory = {
            name: {
                "ansible_connection": "local",
                "ansible_python_interpreter": sys.executable,
                "openclaw_harden_environment": {"HOME": str(home)},
                "openclaw_harden_config": str(home / ".openclaw/openclaw.json"),
                "openclaw_harden_path": str(home / ".local/bin/openclaw-harden"),
            }
            for name, home in self.homes.items()
        }
        self.inventory = inventory
        self.vars = {
            "openclaw_harden_binary": PROGRAM,
            "openclaw_harden_answers": str(answers),
            "openclaw_harden_engine": "docker",
            "openclaw_harden_report": str(self.folder / "report"),
        }
        (self.folder / "playbook.yml").write_text(PLAYBOOK)

    def write(self, name, config):
        path = self.homes[name] / ".openclaw/openclaw.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(config)
        path.chmod(0o600)

    def read(self, name):
        return (self.homes[name] / ".openclaw/openclaw.json").read_text()

    def program(self, *args):
        home = self.folder / "controller"
        home.mkdir(exist_ok=True)
        return subprocess.run([PROGRAM, *args], env={"HOME": str(home), "PATH": os.environ["PATH"]}, capture_output=True, text=True)

    def command(self, *options):
        inventory = {"all": {"hosts": self.inventory, "vars": self.vars}}
        (self.folder / "inventory.json").write_text(json.dumps(inventory))
        return ["ansible-playbook", "-i", "inventory.json", "playbook.yml", *options]

    def environment(self):
        return {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_FORKS": "8",
            "LC_ALL": "C.UTF-8",
        }

    def play(self, *options):
        ran = subprocess.run(self.command(*options), cwd=self.folder, env=self.environment(), capture_output=True, text=True)
        recap = {}
        for line in ran.stdout.splitlines():
            found = re.match(r"(\S+)\s*: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", line)
            if found:
                names = ("ok", "changed", "unreachable", "failed")
                recap[found[1]] = dict(zip(names, map(int, found.groups()[1:])))
        return ran, recap


CASES = []


def case(function):
    CASES.append(function)
    return function


# What is hardened in the end.
GOOD = ("open1", "open2", "early", "held", "empty")


def all_kinds(folder):
    """Open ones, an early config that is updated, one that an early OpenClaw runs, a broken one, an empty one, one that is not there."""
    fleet = Fleet(folder, {
        "open1": OPEN, "open2": OPEN.replace("lan", "auto"), "early": EARLY, "held": EARLY, "broken": BROKEN, "empty": "{}\n",
    })
    package = fleet.homes["held"] / ".npm-global/lib/node_modules/openclaw"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "openclaw", "version": "2026.3.7"}')
    fleet.inventory["away"] = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    return fleet


def changed_tasks(ran, name):
    """The tasks that changed something on a host, but for those that only carry the program there."""
    task, changed = None, []
    for line in ran.stdout.splitlines():
        if line.startswith("TASK ["):
            task = line[6 : line.index("]")].split(" : ")[-1]
        elif line.startswith(f"changed: [{name}]") and task == "Harden the config":
            changed.append(task)
    return changed


@case
def check_mode_writes_nothing_and_predicts_every_path(folder):
    fleet = all_kinds(folder)
    before = {name: fleet.read(name) for name in fleet.homes}
    fleet.vars["openclaw_harden_report"] = str(fleet.folder / "predicted")
    ran, _ = fleet.play("--check", "--diff")
    assert {name: fleet.read(name) for name in fleet.homes} == before, "a config was written"
    predicted = {name: json.loads((fleet.folder / f"predicted/{name}.apply.json").read_text()) for name in fleet.homes}
    assert "5ecret" not in ran.stdout + ran.stderr, "a secret was shown"
    assert "+" in ran.stdout and changed_tasks(ran, "open1"), ran.stdout
    fleet.play()
    for name in GOOD:
        said = predicted[name]
        assert said["changed"] and said["edits"], f"{name}: {said}"
        wanted = {edit["path"]: edit["after"] for edit in said["edits"]}
        now = json.loads((fleet.folder / f"predicted/{name}.apply.json").read_text())
        left = [edit["path"] for edit in now["edits"] if edit["path"] in wanted]
        assert not left, f"{name}: predicted and not written: {left}"
        assert fleet.read(name) != before[name]


@case
def a_first_run_changes_and_a_second_changes_nothing(folder):
    fleet = all_kinds(folder)
    ran, recap = fleet.play()
    for name in GOOD:
        assert recap[name]["failed"] == 0 and changed_tasks(ran, name), f"{name}: {recap[name]}\n{ran.stdout}"
    assert "// The family's lobster." in fleet.read("open1"), "a comment was lost"
    # 2026.3.7 knows the key, 2026.9.6 refuses it.
    assert "lastTouchedAt" in fleet.read("held") and "lastTouchedAt" not in fleet.read("early")
    after = {name: fleet.read(name) for name in fleet.homes}
    ran, recap = fleet.play()
    for name in GOOD:
        assert recap[name]["changed"] == 0 and recap[name]["failed"] == 0, f"{name}: {recap[name]}\n{ran.stdout}"
    assert {name: fleet.read(name) for name in fleet.homes} == after
    assert "5ecret" not in ran.stdout


@case
def one_unreachable_and_one_broken_host_fail_alone_and_say_why(folder):
    fleet = all_kinds(folder)
    ran, recap = fleet.play()
    assert recap["away"]["unreachable"] == 1, ran.stdout
    assert recap["broken"]["failed"] >= 1, ran.stdout
    assert fleet.read("broken") == BROKEN
    assert re.search(r"openclaw\.json:\d+:\d+", ran.stdout), ran.stdout
    failed = {name for name, said in recap.items() if said["failed"] or said["unreachable"]}
    assert failed == {"away", "broken"}, failed


@case
def the_report_has_every_host_and_its_drift(folder):
    fleet = all_kinds(folder)
    fleet.play()
    report = json.loads((fleet.folder / "report/fleet.json").read_text())
    hosts = {host["host"]: host for host in report["hosts"]}
    assert set(hosts) == {*GOOD, "broken", "away"}, sorted(hosts)
    assert hosts["open1"]["drift"] == [] and hosts["open1"]["summary"]["critical"] == 0, hosts["open1"]
    assert hosts["away"]["faults"] and hosts["broken"]["faults"]
    page = (fleet.folder / "report/fleet.html").read_text()
    assert all(name in page for name in hosts) and "<script" not in page and "5ecret" not in page
    fleet.write("open1", OPEN)
    fleet.play("--check")
    report = json.loads((fleet.folder / "report/fleet.json").read_text())
    drift = next(host["drift"] for host in report["hosts"] if host["host"] == "open1")
    checkup = next(host["checkup"] for host in report["hosts"] if host["host"] == "open1")
    assert checkup and checkup["ts"] > 0, report
    assert "gateway.bind" in drift or "channels.telegram.dmPolicy" in drift, drift


@case
def a_run_that_was_killed_is_repeated_safely(folder):
    whole = pathlib.Path(folder) / "whole"
    whole.mkdir()
    reference = all_kinds(whole)
    reference.play()
    cut = pathlib.Path(folder) / "cut"
    cut.mkdir()
    fleet = all_kinds(cut)
    for seconds in (1.5, 3, 4.5, 6):
        running = subprocess.Popen(fleet.command(), cwd=cut, env=fleet.environment(), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        for name, home in fleet.homes.items():
            assert json5_is_whole(fleet, home), f"{name} is torn after {seconds} s"
    fleet.play()
    for name in GOOD[:4]:
        assert fleet.read(name) == reference.read(name), f"{name} differs from an undisturbed run"


@case
def a_write_that_cannot_be_confirmed_fails_and_goes_back(folder):
    fleet = Fleet(folder, {"open1": OPEN, "open2": OPEN})
    fleet.vars["openclaw_harden_confirm_within"] = "8s"
    ran, recap = fleet.play()
    assert all(said["failed"] == 1 for said in recap.values()), ran.stdout
    assert "Confirm that the gateway can still be reached" in ran.stdout, ran.stdout
    ends = time.monotonic() + 60
    while any(fleet.read(name) != OPEN for name in fleet.homes):
        assert time.monotonic() < ends, "a config did not go back"
        time.sleep(0.5)


@case
def what_the_modules_say_of_their_options_is_what_they_take(folder):
    fleet = Fleet(folder, {})
    names = {"apply": {"confirm_within"}, "look": {"checkup"}}
    modules = [f"openclaw_harden.openclaw.{name}" for name in names]
    ran = subprocess.run(["ansible-doc", "-t", "module", "--json", *modules], env=fleet.environment(), capture_output=True, text=True)
    said = json.loads(ran.stdout)
    sys.path.insert(0, str(fleet.folder / "collections/ansible_collections/openclaw_harden/openclaw/plugins/module_utils"))
    from program import PLACES

    for name, own in names.items():
        options = said[f"openclaw_harden.openclaw.{name}"]["doc"]["options"]
        assert set(options) == {*PLACES, *own}, f"{name}: {sorted(options)}"
        for option, takes in PLACES.items():
            differs = {key: value for key, value in takes.items() if options[option].get(key) != value}
            assert not differs, f"{name}.{option}: {differs}"


def json5_is_whole(fleet, home):
    config = home / ".openclaw/openclaw.json"
    if config.read_text() == BROKEN:
        return True
    return fleet.program("audit", str(config), "--fail-on", "never").returncode == 0


def cost():
    for count in (1, 5, 25, 100, 200):
        with tempfile.TemporaryDirectory() as folder:
            fleet = Fleet(folder, {f"host{n:03}": OPEN for n in range(count)})
            began = time.monotonic()
            ran, recap = fleet.play()
            took = time.monotonic() - began
            failed = sum(said["failed"] for said in recap.values())
            print(f"{count:4} hosts  {took:7.1f} s  {took / count:6.2f} s a host  {failed} failed", flush=True)


def main():
    if sys.argv[1:] == ["cost"]:
        return cost()
    failed = 0
    for function in CASES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(folder)
                print(f"ok      {function.__name__}", flush=True)
            except Exception as why:  # the other cases still run
                failed += 1
                print(f"FAILED  {function.__name__}: {why}", flush=True)
    print(f"{len(CASES) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
