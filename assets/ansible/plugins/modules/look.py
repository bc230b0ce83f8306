#!/usr/bin/python
"""Says how the OpenClaw installation of a host stands, and changes nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
module: look
short_description: Audits an OpenClaw installation
description:
  - Runs the audit, a dry run by the answers (what differs from them is drift), and the checkup. Changes nothing.
extends_documentation_fragment:
  - openclaw_harden.openclaw.decisions
options:
  checkup: {description: Whether to run the checkup., type: bool, default: true}
attributes:
  check_mode: {support: full}
author: openclaw-harden maintainers
"""

EXAMPLES = r"""
- name: How the host stands
  openclaw_harden.openclaw.look:
    answers: /etc/openclaw-harden/answers.json5
  register: stands
"""

RETURN = r"""
said: {description: What audit, apply and checkup said, each under its name; an error where one could not run., type: dict, returned: success}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.openclaw_harden.openclaw.plugins.module_utils.program import PLACES, Program


class Failed(Exception):
    """One of the commands could not run; the others still say what they know."""


def main():
    module = AnsibleModule(
        argument_spec=dict(PLACES, checkup=dict(type="bool", default=True)),
        mutually_exclusive=[("answers", "answers_content")],
        supports_check_mode=True,
    )
    program = Program(module)

    def fail(msg, **_more):
        raise Failed(msg)

    end, module.fail_json = module.fail_json, fail
    wanted = {"audit": lambda: program.say("audit"), "apply": lambda: program.apply("--dry-run")}
    if module.params["checkup"]:
        wanted["checkup"] = lambda: program.say("checkup")
    said = {}
    for name, command in wanted.items():
        try:
            said[name] = command()[1]
        except Failed as why:
            said[name] = {"error": str(why)}
    module.fail_json = end
    module.exit_json(changed=False, said=said)


if __name__ == "__main__":
    main()
