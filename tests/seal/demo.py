"""What the whole-program tests share: the tool just built, the demo agency,
TAP lines."""
import atexit
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"
BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
if not BUILD.is_absolute():
    BUILD = ROOT / BUILD
ANTIN = BUILD / "host" / "antin"
DEMO = BUILD / "demo"


token_lock = threading.Lock()


def make_demo():
    """The demo agency, made once even when two tests want it at a time, and a
    copy of its tokens for this test alone: SoftHSM rewrites a token's file at
    every login, and a second process that reads just then sees no token."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "demo.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([ROOT / "scripts" / "demo-agency", DEMO], check=True)
    folder = pathlib.Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(DEMO / "softhsm" / "tokens", folder / "tokens")
    conf = (DEMO / "softhsm" / "softhsm2.conf").read_text()
    (folder / "softhsm2.conf").write_text(conf.replace(
        str(DEMO.absolute() / "softhsm" / "tokens"), str(folder / "tokens")))
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    return folder


def run(*command, **kwargs):
    """The finished process.  Once more when faketime found what another one
    with its process number had left behind."""
    for _ in range(5):
        done = subprocess.run([str(c) for c in command], capture_output=True,
                              timeout=300, **kwargs)
        if not done.returncode or b"faketime: sem_open" not in done.stderr:
            break
    return done


def seal(source, target, token, *extra):
    """antin seal; the finished process."""
    with token_lock:
        return run(ANTIN, "seal", source, "-o", target, "--module",
                   (DEMO / "module").read_text().strip(), "--token", token,
                   "--pin-file", DEMO / "pin", *extra)


def verify(files, *extra):
    """antin verify --json of many files: {path: report}; a file that was
    refused has none."""
    reports = {}
    files = [str(f) for f in files]
    for at in range(0, len(files), 200):
        done = run(ANTIN, "verify", "--json", *extra, *files[at:at + 200])
        if done.returncode < 0:
            raise SystemExit(f"antin verify: signal {-done.returncode}")
        for line in done.stdout.splitlines():
            report = json.loads(line)
            reports[report["file"]] = report
    return reports


class Tap:
    def __init__(self):
        self.count = self.bad = 0

    def row(self, good, name, why=""):
        self.count += 1
        self.bad += not good and not str(why).startswith("TODO:")
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}" +
              (f" # {why}" if why and not good else ""), flush=True)
        return good

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.bad else 0)


def skip(why):
    print(f"1..1\nok 1 # skip {why}")
    sys.exit(0)
