"""What every process of ours owes its neighbours: to end with its parent, and not to sit in another's place."""

import ctypes
import signal
import socket
import sys

from undersigned.settings import SettingMissing

PR_SET_PDEATHSIG = 1


def die_with_parent(how: int = signal.SIGTERM) -> None:
    """Ask Linux to end this process when its parent is killed, so that nothing is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)


def refuse_if_taken(setting: str, host: str, port: int) -> None:
    """Raise SettingMissing, naming ``setting``, when nobody can listen there: another site may already."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingMissing(f"{setting}: nobody can listen on {host}, port {port} ({reason.lower()}).") from error
