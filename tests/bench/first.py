"""Times a program in a terminal of its own: from its start to the first frame, and what it uses while nobody presses a key.

first.py MARKER IDLE COMMAND...   MARKER is a text of the first frame; IDLE, the seconds to look on after it

Prints JSON: the milliseconds to the frame, and the milliseconds of processor time that went while idle.
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 60
marker, idle, command = sys.argv[1].encode(), float(sys.argv[2]), sys.argv[3:]

began = time.monotonic()
child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))


def ticks():
    with open(f"/proc/{child}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


try:
    seen = b""
    while marker not in seen:
        left = began + PATIENCE - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            sys.exit(f"{command[0]}: no {marker.decode()} within {PATIENCE} s; the last was {seen[-300:]!r}")
        try:
            seen += os.read(terminal, 65536)
        except OSError:
            sys.exit(f"{command[0]} ended without {marker.decode()}: {seen[-300:]!r}")
    first = (time.monotonic() - began) * 1000
    used = None
    if idle > 0:
        # What was begun beside the first frame may come to its end.
        time.sleep(1)
        before = ticks()
        time.sleep(idle)
        used = (ticks() - before) * 1000 / os.sysconf("SC_CLK_TCK")
    print(json.dumps({"first": first, "idle": used}))
finally:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
