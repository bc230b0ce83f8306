#!/usr/bin/python
"""Puts the results of many hosts together."""

from __future__ import annotations

DOCUMENTATION = r"""
module: report
short_description: One report of many OpenClaw installations
description:
  - Reads the results in a folder, one file a host and command, and writes C(fleet.html), C(fleet.md) and C(fleet.json) beside them.
options:
  program: {description: The program on the controller., type: str, default: openclaw-harden}
  folder: {description: The folder., type: path, required: true}
  hosts: {description: The hosts that must be in it; one without a result is said to have none., type: list, elements: str, default: []}
author: openclaw-harden maintainers
"""

EXAMPLES = r"""
- name: The report
  openclaw_harden.openclaw.report:
    folder: report
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
files: {description: What was written., type: list, returned: success}
"""

import glob
import json
import os

from ansible.module_utils.basic import AnsibleModule

FORMS = {"html": "html", "markdown": "md", "json": "json"}


def keep(path, text):
    """Writes a file that nobody else reads, if that changes it."""
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return False
    except OSError:
        pass
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return True


def main():
    module = AnsibleModule(
        argument_spec=dict(
            program=dict(type="str", default="openclaw-harden"),
            folder=dict(type="path", required=True),
            hosts=dict(type="list", elements="str", default=[]),
        ),
        supports_check_mode=False,
    )
    folder = module.params["folder"]
    for host in module.params["hosts"]:
        if not glob.glob(os.path.join(glob.escape(folder), glob.escape(host) + ".*json")):
            why = "no result: the host could not be reached, or the program could not run there"
            keep(os.path.join(folder, host + ".audit.json"), json.dumps({"error": why}))
    fleet = os.path.join(folder, "fleet.json")
    results = sorted(path for path in glob.glob(os.path.join(glob.escape(folder), "*.json")) if path != fleet)
    if not results:
        module.fail_json(msg="there is no result in %s" % folder)
    written, changed = [], False
    for form, ending in FORMS.items():
        program = os.path.expanduser(module.params["program"])
        command = [program, "report", "--fail-on", "never", "--format", form, *results]
        _code, out, err = module.run_command(command)
        if not out:
            module.fail_json(msg=err.strip())
        path = os.path.join(folder, "fleet." + ending)
        changed = keep(path, out) or changed
        written.append(path)
    module.exit_json(changed=changed, files=written)


if __name__ == "__main__":
    main()
