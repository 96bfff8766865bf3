"""A simulated appliance of a test's own: fresh data, own tokens, own people,
a free port, its log in a file.  Shared by the tests of this folder.

Passwords and the PIN here are canaries: pin.test looks for them in everything
the appliance leaves behind.
"""
import http.client
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "seal"), str(HERE.parent.parent / "scripts")]
import demo  # noqa: E402
import office  # noqa: E402
import small_pdf as sp  # noqa: E402

BUILD, ROOT = demo.BUILD, demo.ROOT
Tap, Refused = demo.Tap, office.Refused

# name, role, unit, certificate, full name
PEOPLE = [
    ("vanthu", "clerk", 1, "-", "Văn Thư"),
    ("giamdoc", "leader", 1, "director", "Giám Đốc"),
    ("phogiamdoc", "leader", 1, "agency-p256", "Phó Giám Đốc"),
    ("truongphong", "head", 2, "-", "Trưởng Phòng"),
    ("truongphong1", "head", 1, "-", "Trưởng Văn Phòng"),
    ("chuyenvien", "staff", 2, "-", "Chuyên Viên"),
    ("chuyenvien2", "staff", 2, "-", "Chuyên Viên Cùng Phòng"),
    ("chuyenvien1", "staff", 1, "-", "Chuyên Viên Phòng Khác"),
    ("quantri", "administrator", 1, "-", "Quản Trị"),
]


def password(name):
    return f"mk-{name}-CanaryQ7w"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def children(pid):
    """{role: [pid]} of the processes that core started."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            stat = (path / "stat").read_text().rsplit(")", 1)[1].split()
            words = (path / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(stat[1]) == pid and stat[0] != "Z" and b"--role" in words:
            role = words[words.index(b"--role") + 1].decode()
            found.setdefault(role, []).append(int(path.name))
    return found


class Appliance:
    extra_lines = []  # of the agency file
    prefix = []  # what the appliance is started by

    def __init__(self, module=None, env=None):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="antin-web-"))
        self.data = self.work / "data"
        self.data.mkdir()
        self.log = self.work / "log"
        self.softhsm = demo.make_demo()  # this test's copy of the tokens
        self.pin = (demo.DEMO / "pin").read_text().strip()
        self.ca = str(demo.DEMO / "pki" / "root.pem")
        real = (demo.DEMO / "module").read_text().strip()
        self.module = module or real
        self.env = dict(os.environ, **(env or {}))
        self.faults = self.work / "faults"
        self.env.update(FAULT_MODULE=real, FAULT_LOG=str(self.faults),
                        FAULT_PAD=self.pin,
                        FAULT_ORDERS=str(self.work / "orders"))
        self.process = self.terminal = None
        self.port = free_port()
        self.provision()

    def fault(self, orders=""):
        """What the fault module does from now on; its log is self.faults."""
        fresh = self.work / "orders.new"
        fresh.write_text(orders)
        fresh.rename(self.work / "orders")

    def provision(self):
        agency = self.work / "agency"
        agency.mkdir()
        for name in ("pki", "pictures"):
            (agency / name).symlink_to((demo.DEMO / name).absolute())
        lines = [line for line in
                 (demo.DEMO / "agency").read_text().splitlines()
                 if not line.startswith("person")]
        lines += self.extra_lines
        for name, role, unit, cert, full in PEOPLE:
            pem = f"pki/{cert}.der" if cert != "-" else "-"
            picture = "pictures/signature.png" if cert != "-" else "-"
            lines.append(f"person {name} {role} {unit} {password(name)} {pem} "
                         f"{picture} {full} (THỬ NGHIỆM)")
        (agency / "agency").write_text("\n".join(lines) + "\n")
        for name in ("tls-chain.pem", "tls.key"):
            shutil.copy(demo.DEMO / "pki" / name, self.data)
        subprocess.run([BUILD / "host" / "provision", self.data,
                        agency / "agency"], check=True)

    # ---- starting and ending ----

    def start(self, console=False, wait=20):
        """Seconds until /suc-khoe answered."""
        began = time.monotonic()
        command = [*self.prefix, BUILD / "antin-box", "--data", self.data, "--module",
                   self.module, "--https", str(self.port)]
        ends = (subprocess.DEVNULL, subprocess.DEVNULL)
        if console:
            command += ["--console", "-"]
            self.terminal, slave = pty.openpty()
            ends = (slave, slave)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=ends[0], stdout=ends[1], stderr=log,
                env=self.env, start_new_session=True)
        if console:
            os.close(slave)
        while not self.healthy():
            if self.process.poll() is not None or \
                    time.monotonic() > began + wait:
                raise SystemExit("the appliance did not start:\n" +
                                 self.log.read_text()[-2000:])
            time.sleep(.01)
        return time.monotonic() - began

    def healthy(self, timeout=2):
        try:
            c = http.client.HTTPSConnection(
                "localhost", self.port, timeout=timeout,
                context=ssl._create_unverified_context())
            c.request("GET", "/suc-khoe")
            good = c.getresponse().status == 200
            c.close()
            return good
        except OSError:
            return False
        except http.client.HTTPException:
            return False

    def wait_healthy(self, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.healthy():
                return True
            time.sleep(.02)
        return False

    def stop(self):
        """Its exit code; ended by its own process id only."""
        code = None
        if self.process:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
            try:
                code = self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                code = self.process.wait(5)
        self.process = None
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None
        return code

    def kill(self):
        """As a power cut: the whole group at once.  Its helpers have groups
        of their own and die with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)
        self.process = None
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None

    def close(self):
        self.stop()
        shutil.rmtree(self.work, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def renew_tokens(self):
        """SoftHSM writes a token's file in place at every login: one that was
        killed just then leaves a token without keys.  Real tokens do not."""
        shutil.rmtree(self.softhsm / "tokens")
        shutil.copytree(demo.DEMO / "softhsm" / "tokens",
                        self.softhsm / "tokens")

    def pids(self, role):
        return sorted(children(self.process.pid).get(role, []))

    def signal(self, role, number):
        for pid in self.pids(role):
            os.kill(pid, number)

    def renew(self, role, wait=10):
        """End a role's process; return when core has started its next one,
        so that what is asked then is not asked of the dead one."""
        old, end = self.pids(role), time.monotonic() + wait
        self.signal(role, signal.SIGKILL)
        while self.pids(role) in ([], old):
            if time.monotonic() > end:
                raise SystemExit(f"{role} did not come back")
            time.sleep(.01)

    def log_text(self):
        return self.log.read_text(errors="replace")

    # ---- people and documents ----

    def login(self, name, word=None):
        return office.Person(self.port, name, word or password(name), self.ca)

    def everybody(self):
        return {name: self.login(name) for name, *_ in PEOPLE}

    def approved(self, p, data, subject="Về việc thử nghiệm"):
        """A new document that waits for the leader's signature."""
        d = p["chuyenvien"].draft(data, subject)
        p["chuyenvien"].act(d, "trinh")
        p["truongphong"].act(d, "dong-y")
        p["giamdoc"].act(d, "duyet")
        return d

    def numbered(self, p, data, subject="Về việc thử nghiệm"):
        d = self.approved(p, data, subject)
        p["giamdoc"].act(d, "ky", pin=self.pin, trai="129", tren="226")
        p["vanthu"].act(d, "vao-so")
        return d

    # ---- the console, when started with it ----

    def console_read(self, until, seconds=10):
        end, text = time.monotonic() + seconds, b""
        while until.encode() not in text and time.monotonic() < end:
            if select.select([self.terminal], [], [], .1)[0]:
                try:
                    step = os.read(self.terminal, 65536)
                except OSError:
                    break
                if not step:
                    break
                text += step
        return text.decode("utf-8", "replace")

    def console_send(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def console_login(self, name="quantri", word=None):
        """What the console said to it."""
        self.console_send(name)
        said = self.console_read("Mật khẩu: ")
        time.sleep(.05)  # it turns the echo off behind the prompt
        self.console_send(word or password(name))
        return said + self.console_read(": " if word else "\nantin> ")

    def console(self, command, seconds=20):
        self.console_send(command)
        return self.console_read("\nantin> ", seconds)


FAULT_MODULE = BUILD / "tests" / "pkcs11" / "fault.so"


def small(pages=1, text="Van ban"):
    return sp.table_file(sp.page_objects(text=text, pages=pages))


def number_of(person, document):
    found = re.search(r"Số, ký hiệu</dt><dd>([^<]*)<",
                      person.page(f"/van-ban/{document}"))
    return found.group(1)


def story(page):
    """The journal as a document's page shows it: acts, oldest first."""
    return re.findall(r"<li>[^–]* – ([^–]+) – ", page)


def refusal(call, *args, **kwargs):
    """(status, words) of a refusal; (0, "") when there was none."""
    try:
        call(*args, **kwargs)
    except Refused as no:
        return no.status, no.text
    return 0, ""


def whole(person, path):
    """A list with all that stands behind its "Xem tiếp"."""
    page = person.page(path)
    return page + "".join(
        whole(person, more.replace("&amp;", "&"))
        for more in re.findall(r'href="([^"]+)">Xem tiếp', page))


def register(person):
    """All pages of this year's register."""
    return whole(person, "/so-di")


def documents(person):
    """Ids in the list that the person sees."""
    return set(map(int, re.findall(r'<td><a href="/van-ban/(\d+)"',
                                   whole(person, "/van-ban"))))


def checked(port, data, name="tep.pdf", password=None, cookie=None,
            content=None, record=None):
    """What the page open to everybody says of a file: (status, page)."""
    boundary = "ranh-gioi"
    body = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"tep\"; "
            f"filename=\"{name}\"\r\n\r\n").encode() + data + b"\r\n"
    for part, given in (("goc", content), ("bang-chung", record)):
        if given is not None:
            body += (f"--{boundary}\r\nContent-Disposition: form-data; "
                     f'name="{part}"; filename="{part}"\r\n\r\n'
                     ).encode() + given + b"\r\n"
    if password is not None:
        body += (f"--{boundary}\r\nContent-Disposition: form-data; "
                 f"name=\"mat-khau\"\r\n\r\n{password}\r\n").encode()
    body += f"--{boundary}--\r\n".encode()
    c = http.client.HTTPSConnection(
        "localhost", port, timeout=60,
        context=ssl._create_unverified_context())
    try:
        c.request("POST", "/kiem-tra", body, {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            **({"Cookie": cookie} if cookie else {})})
        answer = c.getresponse()
        return answer.status, answer.read().decode()
    finally:
        c.close()


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            demo.skip(f"{tool} is not here")
