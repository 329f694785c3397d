"""The browser of the tests: Debian's Chromium with a fresh profile, without the things it does on its own account."""

from pathlib import Path

PROGRAM = Path("/usr/bin/chromium")
MISSING = f"there is no {PROGRAM}; scripts/install-programs.sh installs it"
LAUNCH = {
    "executable_path": str(PROGRAM),
    "args": [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
