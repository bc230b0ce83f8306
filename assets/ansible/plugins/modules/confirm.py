#!/usr/bin/python
"""Keeps a write that goes back unless it is confirmed."""

from __future__ import annotations

DOCUMENTATION = r"""
module: confirm
short_description: Keeps a write that was made with confirm_within
description:
  - Connects to the gateway as its administrator would, and keeps the write if that works. The task fails otherwise, and the write goes back.
options:
  program: {description: The program on the host., type: str, default: openclaw-harden}
  config: {description: The config file; OpenClaw's own where none is given., type: path}
author: openclaw-harden maintainers
"""

EXAMPLES = r"""
- name: The gateway can still be reached
  openclaw_harden.openclaw.confirm:
"""

RETURN = r"""
said: {description: What was found., type: str, returned: success}
"""

import os

from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(
        argument_spec=dict(program=dict(type="str", default="openclaw-harden"), config=dict(type="path")),
        supports_check_mode=False,
    )
    where = ["--config", module.params["config"]] if module.params["config"] else []
    program = os.path.expanduser(module.params["program"])
    code, out, err = module.run_command([program, "confirm", "--lang", "en", *where])
    if code != 0:
        module.fail_json(msg=err.strip() or out.strip(), rc=code)
    module.exit_json(changed=False, said=out.strip())


if __name__ == "__main__":
    main()
