"""A whole test PKI that answers: CA, OCSP responder, revocation lists and a
time-stamp authority of openssl behind a real HTTP server on loopback, and a
SoftHSM token with a signer's key under it.  Each service can be told to be
away, late or wrong."""
import datetime
import http.server
import os
import pathlib
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import ats  # noqa: E402
import demo  # noqa: E402
import pki  # noqa: E402

PIN = "87654321"
LARGE = 50 << 20  # bytes of a revocation list


def utc(days=0):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(days=days)).strftime("%y%m%d%H%M%SZ")


def content_at(der):
    """Where the content of a DER element begins."""
    return 2 if der[1] < 128 else 2 + (der[1] & 127)


def elements(der):
    """The elements in a DER element."""
    found, at = [], content_at(der)
    while at < len(der):
        head = content_at(der[at:at + 6])
        size = int.from_bytes(der[at + 2:at + head], "big") if head > 2 \
            else der[at + 1]
        found.append(der[at:at + head + size])
        at += head + size
    return found


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64


class World:
    """Names of certificates: root, ca, signer, tsa, responder, old (a signer
    whose certificate ends soon)."""

    def __init__(self, key="rsa:2048", demo_pki=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="antin-world-"))
        self.lock = threading.Lock()
        self.revoked = {}  # name: days from now
        self.reason = "keyCompromise"
        self.modes = {}    # service: how it misbehaves
        self.asked = []
        self.errors = []  # a service that failed by itself plays no part
        self.serials = {}
        self.large = {}    # lists by their issuer
        self.clock = 0     # days the services live in the future
        self.server = Server(("127.0.0.1", 0), self.handler())
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()
        if demo_pki:
            self.take_demo_pki()
        else:
            self.make_pki(key)
        self.write_conf()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- making it ----

    def openssl(self, *words, clock=None, before=(), **kwargs):
        command = [*before, "openssl", *map(str, words)]
        days = self.clock if clock is None else clock
        if days:
            command = ["faketime", "-f", f"{days:+}d"] + command
        done = demo.run(*command, **kwargs)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr.decode()}")
        return done.stdout

    def make_cert(self, name, issuer, key, days, extensions, cn=None):
        at = self.folder / name
        kind = (["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{key[4:]}"]
                if key.startswith("rsa:") else
                ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{key}"])
        self.openssl("genpkey", *kind, "-out", f"{at}.key", clock=0)
        self.openssl("req", "-new", "-utf8", "-key", f"{at}.key", "-out",
                     f"{at}.csr", "-subj",
                     f"/C=VN/O=THỬ NGHIỆM/CN={cn or name.upper()}", clock=0)
        self.serials[name] = f"{0x1000 + len(self.serials):X}"
        ext = self.folder / f"{name}.ext"
        ext.write_text("subjectKeyIdentifier=hash\n"
                       "authorityKeyIdentifier=keyid\n" + extensions)
        by = (["-CA", self.folder / f"{issuer}.pem", "-CAkey",
               self.folder / f"{issuer}.key"] if issuer else
              ["-signkey", f"{at}.key"])
        self.openssl("x509", "-req", "-in", f"{at}.csr", *by, "-set_serial",
                     f"0x{self.serials[name]}", "-days", days, "-sha256",
                     "-extfile", ext, "-out", f"{at}.pem", clock=-1)
        self.openssl("x509", "-in", f"{at}.pem", "-outform", "DER", "-out",
                     f"{at}.der", clock=0)

    def take_demo_pki(self):
        """Services for the demo agency's certificates, which name ocsp.test
        and pki.test."""
        for path in (demo.DEMO / "pki").glob("*.*"):
            shutil.copy(path, self.folder)
        for path in self.folder.glob("*.pem"):
            if path.stem in ("tls-chain",):
                continue
            said = self.openssl("x509", "-in", path, "-noout", "-serial")
            self.serials[path.stem] = said.decode().strip().split("=")[1]
        user = ("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,"
                "digitalSignature,nonRepudiation\n")
        points = ("crlDistributionPoints=URI:http://pki.test/crl/ca.crl\n"
                  "authorityInfoAccess=OCSP;URI:http://ocsp.test\n")
        self.make_cert("tsa", "ca", "rsa:2048", 3000, user + points +
                       "extendedKeyUsage=critical,timeStamping\n")
        self.make_cert("tsa2", "ca", "rsa:2048", 6000, user + points +
                       "extendedKeyUsage=critical,timeStamping\n")
        self.make_cert("responder", "ca", "rsa:2048", 4000, user +
                       "extendedKeyUsage=OCSPSigning\nnoCheck=ignored\n")
        self.make_cert("stranger", "root", "rsa:2048", 4000, user +
                       "extendedKeyUsage=OCSPSigning\n")
        self.make_cert("unknown", None, "rsa:2048", 4000,
                       "basicConstraints=critical,CA:TRUE\n"
                       "keyUsage=critical,keyCertSign,cRLSign\n")
        self.make_cert("unknown-tsa", "unknown", "rsa:2048", 3000, user +
                       "extendedKeyUsage=critical,timeStamping\n")

    def make_pki(self, key):
        ca = ("basicConstraints=critical,CA:TRUE\n"
              "keyUsage=critical,keyCertSign,cRLSign\n")
        points = (f"crlDistributionPoints=URI:{self.url}/{{0}}.crl\n"
                  f"authorityInfoAccess=OCSP;URI:{self.url}/ocsp/{{0}}\n")
        lists = f"crlDistributionPoints=URI:{self.url}/{{0}}.crl\n"
        user = ("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,"
                "digitalSignature,nonRepudiation\n")
        tsa = user + "extendedKeyUsage=critical,timeStamping\n"
        self.make_cert("root", None, "rsa:2048", 9000, ca)
        self.make_cert("ca", "root", "rsa:2048", 8000,
                       ca + lists.format("root"))
        self.make_cert("signer", "ca", key, 1826, user + points.format("ca"))
        self.make_cert("listed", "ca", key, 1826, user + lists.format("ca"))
        self.make_cert("alone", "ca", key, 1826, user)
        self.make_cert("tsa", "ca", "rsa:2048", 3000,
                       tsa + points.format("ca"))
        self.make_cert("tsa2", "ca", "rsa:2048", 6000,
                       tsa + points.format("ca"))
        self.make_cert("responder", "ca", "rsa:2048", 4000, user +
                       "extendedKeyUsage=OCSPSigning\nnoCheck=ignored\n")
        self.make_cert("stranger", "root", "rsa:2048", 4000, user +
                       "extendedKeyUsage=OCSPSigning\n")
        self.make_cert("unknown", None, "rsa:2048", 4000, ca)
        self.make_cert("unknown-tsa", "unknown", "rsa:2048", 3000, tsa)
        roots = self.folder / "roots"
        roots.mkdir()
        for name in ("root", "ca"):
            shutil.copy(self.folder / f"{name}.pem", roots)

    def write_conf(self):
        (self.folder / "tsa.conf").write_text(
            f"[tsa]\ndefault_tsa=t\n[t]\nserial={self.folder}/tsa-serial\n"
            "default_policy=1.2.3.4\ndigests=sha1,sha256,sha384,sha512\n"
            "signer_digest=sha256\ness_cert_id_alg=sha256\n"
            "crypto_device=builtin\n")
        (self.folder / "ca.conf").write_text(
            "[ca]\ndefault_ca=d\n[d]\n"
            f"database={self.folder}/index\ncrlnumber={self.folder}/crlnumber\n"
            "default_md=sha256\ncrl_extensions=e\n[e]\n"
            "authorityKeyIdentifier=keyid\n")
        (self.folder / "crlnumber").write_text("1000\n")

    def write_index(self, extra=0):
        """What `openssl ca` and `openssl ocsp` take the state from; extra more
        revoked certificates make a list as large as one likes."""
        rows = []
        for name, serial in self.serials.items():
            if name in self.revoked:
                rows.append(f"R\t{utc(9000)}\t{utc(self.revoked[name])},"
                            f"{self.reason}\t{serial}\tunknown\t/CN={name}")
            else:
                rows.append(f"V\t{utc(9000)}\t\t{serial}\tunknown\t"
                            f"/CN={name}")
        rows += [f"R\t{utc(9000)}\t{utc(-9)}\t{0x900000 + n:X}\tunknown\t"
                 f"/CN=x{n}" for n in range(extra)]
        (self.folder / "index").write_text("\n".join(rows) + "\n")

    def make_token(self, names):
        """Keys on a token of their own, one label each."""
        store = self.folder / "tokens"
        store.mkdir()
        conf = self.folder / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {store}\n"
                        "objectstore.backend = file\nlog.level = ERROR\n"
                        "slots.removable = true\n")
        os.environ["SOFTHSM2_CONF"] = str(conf)
        self.module = (demo.DEMO / "module").read_text().strip()
        (self.folder / "pin").write_text(PIN + "\n")

        def run(*words):
            subprocess.run(list(map(str, words)), check=True,
                           capture_output=True)
        for n, name in enumerate(names):
            run("softhsm2-util", "--init-token", "--free", "--label", name,
                "--so-pin", "12345678", "--pin", PIN)
            run("softhsm2-util", "--import", self.folder / f"{name}.key",
                "--token", name, "--label", name, "--id", f"{n + 1:02x}",
                "--pin", PIN)
            run("pkcs11-tool", "--module", self.module, "--token-label", name,
                "--login", "--pin", PIN, "--write-object",
                self.folder / f"{name}.der", "--type", "cert", "--id",
                f"{n + 1:02x}", "--label", name)

    # ---- answering ----

    def answer_ocsp(self, issuer, body, mode):
        query = self.folder / f"q{threading.get_ident()}"
        out = self.folder / f"a{threading.get_ident()}"
        query.write_bytes(body)
        signer = {"by-stranger": "stranger", "by-ca": issuer}.get(
            mode, "responder")
        words = ["ocsp", "-index", self.folder / "index", "-CA",
                 self.folder / f"{issuer}.pem", "-rsigner",
                 self.folder / f"{signer}.pem", "-rkey",
                 self.folder / f"{signer}.key", "-reqin", query, "-respout",
                 out, "-rmd", "sha256"]
        if mode != "no-next":
            words += ["-ndays", "2"]
        with self.lock:
            self.write_index()
            self.openssl(*words, clock=-30 if mode == "stale" else None)
        data = out.read_bytes()
        if mode == "changed":
            data = data[:-5] + bytes([data[-5] ^ 1]) + data[-4:]
        return data

    def make_list(self, issuer, mode=None, extra=0):
        out = self.folder / f"l{threading.get_ident()}"
        with self.lock:
            self.write_index(extra)
            self.openssl("ca", "-gencrl", "-config", self.folder / "ca.conf",
                         "-cert", self.folder / f"{issuer}.pem", "-keyfile",
                         self.folder / f"{issuer}.key", "-crldays", "7",
                         "-out", out,
                         clock=-30 if mode == "stale" else None)
        return self.openssl("crl", "-in", out, "-outform", "DER", clock=0)

    def large_list(self, issuer):
        """The same of LARGE bytes and more, revoked certificates of nobody."""
        if issuer not in self.large:
            tbs, algorithm, _ = elements(self.make_list(issuer))
            parts = elements(tbs)
            at = next((n for n, part in enumerate(parts)
                       if part[0] == 0x30 and n > 3), len(parts) - 1)
            own = parts[at][content_at(parts[at]):] \
                if parts[at][0] == 0x30 else b""
            day = pki.tlv(0x17, utc(-9).encode())
            rows = [own] + [b"\x30\x21\x02\x10\x7f%b%b" % (
                n.to_bytes(15, "big"), day) for n in range(LARGE // 35 + 1)]
            parts[at:at + (parts[at][0] == 0x30)] = [
                pki.seq(*rows)]
            tbs = pki.seq(*parts)
            out = self.folder / "tbs"
            out.write_bytes(tbs)
            value = self.openssl("dgst", "-sha256", "-sign",
                                 self.folder / f"{issuer}.key", out, clock=0)
            self.large[issuer] = pki.seq(tbs, algorithm, pki.bits(value))
        return self.large[issuer]

    def answer_tsa(self, name, body, mode):
        """mode "stranger": an authority below a root that nobody knows;
        "successor": the one that comes after it."""
        query = self.folder / f"q{threading.get_ident()}"
        out = self.folder / f"a{threading.get_ident()}"
        query.write_bytes(body)
        late = (["faketime", "-f", "-700s"] if mode == "slow" else [])
        above = "ca"
        if mode == "stranger":
            name, above = "unknown-tsa", "unknown"
        elif mode == "successor":
            name = "tsa2"
        with self.lock:
            self.openssl("ts", "-reply", "-config", self.folder / "tsa.conf",
                         "-queryfile", query, "-signer",
                         self.folder / f"{name}.pem", "-inkey",
                         self.folder / f"{name}.key", "-chain",
                         self.folder / f"{above}.pem", "-out", out, before=late)
        return out.read_bytes()

    def respond(self, path, body):
        """(status, type, data) for a request."""
        name = path.strip("/").removeprefix("crl/") or "ocsp/ca"
        self.asked.append(name)
        mode = self.modes.get(name) or self.modes.get(name.split("/")[0])
        if mode == "down":
            return 503, "text/plain", b"away"
        if mode == "noise":
            return 200, "application/octet-stream", os.urandom(3000)
        if name.startswith("ocsp/"):
            return 200, "application/ocsp-response", self.answer_ocsp(
                name[5:], body, mode)
        if name.endswith(".crl"):
            issuer = {"by-other": "root"}.get(mode, name[:-4])
            return 200, "application/pkix-crl", self.large_list(issuer) \
                if mode == "large" else self.make_list(issuer, mode)
        if name in self.serials:
            return 200, "application/timestamp-reply", self.answer_tsa(
                name, body, mode)
        return 404, "text/plain", b"no such thing"

    def handler(self):
        world = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, body):
                try:
                    status, kind, data = world.respond(self.path, body)
                except RuntimeError as e:
                    world.errors.append(str(e))
                    status, kind, data = 500, "text/plain", str(e).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                self.answer(b"")

            def do_POST(self):
                self.answer(self.rfile.read(
                    int(self.headers.get("Content-Length", 0))))
        return Handler

    def stamped(self, digest, kind="sha256", name="tsa"):
        """A token over a digest, asked of an authority by openssl."""
        query = self.folder / "query"
        self.openssl("ts", "-query", "-digest", digest.hex(), f"-{kind}",
                     "-cert", "-out", query)
        with urllib.request.urlopen(urllib.request.Request(
                f"{self.url}/{name}", query.read_bytes(),
                {"Content-Type": "application/timestamp-query"})) as answer:
            return ats.inside(answer.read())[1][2]

    # ---- asking the tool ----

    def seal(self, source, target, name="signer", *extra):
        return demo.run(demo.ANTIN, "seal", source, "-o", target, "--module",
                        self.module, "--token", name, "--pin-file",
                        self.folder / "pin", *extra)

    def sealed(self, source, target, level, name="signer", *extra):
        return self.seal(source, target, name, "--roots",
                         self.folder / "roots", "--tsa", f"{self.url}/tsa",
                         "--level", level, *extra)

    def report(self, path, *extra):
        found = demo.verify([path], "--roots", self.folder / "roots", *extra)
        return found.get(str(path), {"verdict": "REFUSED", "signatures": []})
