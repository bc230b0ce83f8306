"""The options of every module that works by answers or a posture."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  program: {description: The program on the host., type: str, default: openclaw-harden}
  config: {description: The config file; OpenClaw's own where none is given., type: path}
  state_dir: {description: The state folder., type: path}
  profile: {description: The profile., type: str}
  engine: {description: The sandbox engine to plan for., type: str, default: auto, choices: [auto, docker, podman, none]}
  answers: {description: An answers file on the host., type: path}
  answers_content: {description: The text of an answers file., type: str}
  posture: {description: Whom the installation serves., type: str, choices: [personal, shared, public]}
  only_safe: {description: Goes by the changes alone that cut nothing off., type: bool, default: false}
"""
