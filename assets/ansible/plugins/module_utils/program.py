"""Runs openclaw-harden and reads what it says."""

from __future__ import annotations

import json
import os
import tempfile

# What every module takes: which installation is meant, and by what it is judged.
PLACES = dict(
    program=dict(type="str", default="openclaw-harden"),
    config=dict(type="path"),
    state_dir=dict(type="path"),
    profile=dict(type="str"),
    engine=dict(type="str", default="auto", choices=["auto", "docker", "podman", "none"]),
    answers=dict(type="path"),
    answers_content=dict(type="str"),
    posture=dict(type="str", choices=["personal", "shared", "public"]),
    only_safe=dict(type="bool", default=False),
)


class Program:
    """The program, for one installation."""

    def __init__(self, module):
        self.module = module
        self.path = os.path.expanduser(module.params["program"])
        self.places = ["--lang", "en", "--engine", module.params["engine"]]
        for option in ("config", "state_dir", "profile"):
            if module.params[option]:
                self.places += ["--" + option.replace("_", "-"), module.params[option]]

    def say(self, *command):
        """Runs a command and is its JSON with its exit code; a sentence in place of JSON fails the task."""
        code, out, err = self.module.run_command([self.path, *command, "--format", "json", *self.places])
        if code not in (0, 1):
            self.module.fail_json(msg=err.strip() or out.strip() or "it ended with %s" % code, rc=code)
        try:
            return code, json.loads(out)
        except ValueError:
            self.module.fail_json(msg="it printed no JSON: %s" % (err.strip() or out[:200]), rc=code)

    def apply(self, *options):
        """Runs apply by the answers or the posture that the task gives."""
        params = self.module.params
        options = list(options)
        if params["posture"]:
            options += ["--posture", params["posture"]]
        if params["only_safe"]:
            options.append("--only-safe")
        elif not (params["answers"] or params["answers_content"]):
            options.append("--yes")
        if not params["answers_content"]:
            if params["answers"]:
                options += ["--answers", params["answers"]]
            return self.say("apply", *options)
        with tempfile.NamedTemporaryFile("w", suffix=".json5", dir=self.module.tmpdir) as answers:
            answers.write(params["answers_content"])
            answers.flush()
            return self.say("apply", *options, "--answers", answers.name)
