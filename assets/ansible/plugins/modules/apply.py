#!/usr/bin/python
"""Hardens the OpenClaw config of a host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: apply
short_description: Hardens an OpenClaw config
description:
  - Takes the answers of the wizard, or what a posture recommends, to the config of a host, with a backup.
  - Writes nothing that OpenClaw refuses, and nothing where all is as the answers want it.
extends_documentation_fragment:
  - openclaw_harden.openclaw.decisions
options:
  confirm_within: {description: As in 60s. A write that is not confirmed in time goes back., type: str}
attributes:
  check_mode: {support: full}
  diff_mode: {support: full}
author: openclaw-harden maintainers
"""

EXAMPLES = r"""
- name: By the answers of the wizard
  openclaw_harden.openclaw.apply:
    answers: /etc/openclaw-harden/answers.json5

- name: What is recommended for an agent that strangers can reach
  openclaw_harden.openclaw.apply:
    posture: public
"""

RETURN = r"""
edits: {description: Each key with its value before and after; secrets are masked., type: list, returned: success}
before: {description: The findings before., type: dict, returned: success}
after: {description: The findings after., type: dict, returned: success}
left: {description: The findings that stay., type: list, returned: success}
accepted: {description: The findings that stay and are accepted., type: list, returned: success}
accepts: {description: What the answers accept and was not accepted before., type: list, returned: success}
untaken: {description: Changes that were not taken, as they may cut someone off., type: list, returned: success}
backup: {description: The backup of the config., type: str, returned: when something was written}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.openclaw_harden.openclaw.plugins.module_utils.program import PLACES, Program


def main():
    module = AnsibleModule(
        argument_spec=dict(PLACES, confirm_within=dict(type="str")),
        mutually_exclusive=[("answers", "answers_content")],
        supports_check_mode=True,
    )
    options = []
    if module.check_mode:
        options.append("--dry-run")
    elif module.params["confirm_within"]:
        options += ["--confirm-within", module.params["confirm_within"]]
    _code, said = Program(module).apply(*options)
    keys = ("edits", "before", "after", "left", "accepted", "accepts", "untaken", "backup")
    result = {key: said.get(key) for key in keys}
    for warning in said.get("warnings") or []:
        module.warn(warning)
    module.exit_json(changed=said["changed"], diff=dict(prepared=said.get("diff", "")), **result)


if __name__ == "__main__":
    main()
