"""A PIV card (NIST SP 800-73-4) in software behind vpcd, pcscd and OpenSC: the
real road of a card, but for the plastic.  Tests only.

The card has an authentication key (9A: the PIN once) and a signature key (9C:
the PIN before every signature), counts wrong PINs and locks after three, and can
be pulled out and put back.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time

ATR = bytes.fromhex("3b85800150524f544f52")
AID = bytes.fromhex("a000000308000010000100")
TRIES = 3
OBJECTS = {0x9A: "5fc105", 0x9C: "5fc10a"}
OPENSC = ["/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
          "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so"]
DRIVERS = ["/usr/lib/pcsc/drivers/serial/libifdvpcd.so"]


def missing():
    """What is not here, or None."""
    for what, found in (("pcscd", shutil.which("pcscd", path=os.environ[
            "PATH"] + ":/usr/sbin")), ("opensc-pkcs11", module()),
            ("vsmartcard-vpcd", os.path.exists(DRIVERS[0]))):
        if not found:
            return what
    if subprocess.run(["unshare", "--mount", "true"],
                      capture_output=True).returncode:
        return "leave to make a mount namespace"
    return None


def module():
    return next((m for m in OPENSC if os.path.exists(m)), None)


def tlv(tag, value):
    tag = bytes.fromhex(tag) if isinstance(tag, str) else bytes([tag])
    size = len(value)
    length = (bytes([size]) if size < 128 else
              bytes([0x81, size]) if size < 256 else
              b"\x82" + size.to_bytes(2, "big"))
    return tag + length + value


def read_tlvs(data):
    found, at = {}, 0
    while at < len(data):
        tag, size = data[at], data[at + 1]
        at += 2
        if size > 128:
            more = size - 128
            size = int.from_bytes(data[at:at + more], "big")
            at += more
        found[tag] = data[at:at + size]
        at += size
    return found


class Card:
    """keys: {reference: (key file, certificate file in DER)}"""

    def __init__(self, keys, pin):
        self.keys = {ref: pathlib.Path(key) for ref, (key, _) in keys.items()}
        self.pin = pin.encode().ljust(8, b"\xff")
        self.left = TRIES
        self.log = []       # "pin good", "pin wrong", "sign 9A", …
        self.slow = 0       # seconds a signature takes
        self.objects = {
            "5fc102": tlv(0x30, bytes(25)) + tlv(0x34, bytes(range(16))) +
            tlv(0x35, b"20991231") + tlv(0x3E, b"") + tlv(0xFE, b""),
            "7e": tlv("4f", AID) + tlv("5f2f", b"\x40\x00"),
        }
        for ref, (_, cert) in keys.items():
            self.objects[OBJECTS[ref]] = (
                tlv(0x70, pathlib.Path(cert).read_bytes()) +
                tlv(0x71, b"\x00") + tlv(0xFE, b""))
        self.reset()

    def reset(self):
        self.verified = self.fresh = False
        self.chain = self.rest = b""

    def answer(self, apdu):
        cla, ins = apdu[0], apdu[1]
        if ins == 0xC0:
            return self.give(self.rest, apdu[4] or 256)
        body = apdu[5:5 + apdu[4]] if len(apdu) > 5 else b""
        self.chain += body
        if cla & 0x10:
            return b"\x90\x00"
        body, self.chain = self.chain, b""
        p1, p2 = apdu[2], apdu[3]
        if ins == 0xA4:
            return self.select(body)
        if ins == 0xCB:
            return self.get(body)
        if ins == 0x20:
            return self.verify(p2, body)
        if ins == 0x87:
            return self.sign(p1, p2, body)
        return b"\x6d\x00"

    def give(self, data, most=256):
        part, self.rest = data[:most], data[most:]
        if self.rest:
            return part + bytes([0x61, min(len(self.rest), 255)])
        return part + b"\x90\x00"

    def select(self, name):
        if name and not AID.startswith(name[:9]):
            return b"\x6a\x82"
        return self.give(tlv(0x61, tlv(0x4F, AID[5:]) +
                             tlv(0x79, tlv(0x4F, AID[:5]))))

    def get(self, body):
        tag = read_tlvs(body).get(0x5C, b"").hex()
        if tag not in self.objects:
            return b"\x6a\x82"
        return self.give(tlv("7e" if tag == "7e" else "53",
                             self.objects[tag]))

    def verify(self, reference, pin):
        if reference != 0x80:
            return b"\x6a\x88"
        if not pin:
            return (b"\x90\x00" if self.verified else
                    bytes([0x63, 0xC0 | self.left]))
        if not self.left:
            return b"\x69\x83"
        self.verified = self.fresh = pin == self.pin
        self.log.append("pin good" if self.verified else "pin wrong")
        if self.verified:
            self.left = TRIES
            return b"\x90\x00"
        self.left -= 1
        return bytes([0x63, 0xC0 | self.left]) if self.left else b"\x69\x83"

    def sign(self, algorithm, reference, body):
        challenge = read_tlvs(read_tlvs(body).get(0x7C, b"")).get(0x81)
        if reference not in self.keys or challenge is None:
            return b"\x6a\x80"
        # 9C: the command before this one must have been the PIN.
        if not (self.fresh if reference == 0x9C else self.verified):
            return b"\x69\x82"
        self.fresh = False
        time.sleep(self.slow)
        # The bare private operation; openssl's -sign takes only digests.
        how = (["-decrypt", "-pkeyopt", "rsa_padding_mode:none"]
               if algorithm == 0x07 else ["-sign"])
        done = subprocess.run(
            ["openssl", "pkeyutl", *how, "-inkey", self.keys[reference]],
            input=challenge, capture_output=True)
        if done.returncode:
            self.log.append("error " + done.stderr.decode().strip())
            return b"\x64\x00"
        value = done.stdout
        self.log.append(f"sign {reference:X}")
        return self.give(tlv(0x7C, tlv(0x82, value)))


class Reader:
    """pcscd of its own with one virtual reader, and a card in it or not."""

    def __init__(self, card):
        self.card = card
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="antin-card-"))
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        conf = self.folder / "reader.conf"
        conf.write_text(f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME '
                        f"/dev/null:{self.port:#x}\nLIBPATH {DRIVERS[0]}\n"
                        f"CHANNELID {self.port:#x}\n")
        run = self.folder / "run"
        run.mkdir()
        self.env = {"PCSCLITE_CSOCK_NAME": str(run / "pcscd.comm")}
        self.log = open(self.folder / "log", "w")
        # The daemon's socket and process id have one place for all: ours is
        # in a mount namespace of its own.
        self.daemon = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c",
             'mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && '
             'exec pcscd --foreground --config "$0" --error', conf, run],
            env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"),
            stdout=self.log, stderr=self.log)
        self.link = None
        self.insert()

    def insert(self, wait=10):
        end = time.monotonic() + wait
        while True:
            try:
                self.link = socket.create_connection(
                    ("127.0.0.1", self.port), 1)
                break
            except OSError:
                if time.monotonic() > end:
                    raise SystemExit("vpcd does not listen:\n" + (
                        self.folder / "log").read_text())
                time.sleep(.05)
        self.link.settimeout(None)
        self.card.reset()
        threading.Thread(target=self.serve, args=(self.link,),
                         daemon=True).start()

    def remove(self):
        self.link.shutdown(socket.SHUT_RDWR)
        self.link.close()

    def serve(self, link):
        def exactly(n):
            data = b""
            while len(data) < n:
                more = link.recv(n - len(data))
                if not more:
                    raise OSError("gone")
                data += more
            return data
        try:
            while True:
                message = exactly(int.from_bytes(exactly(2), "big"))
                if message == b"\x04":
                    answer = ATR
                elif len(message) == 1:  # power off, on, reset
                    self.card.reset()
                    continue
                else:
                    answer = self.card.answer(message)
                link.sendall(len(answer).to_bytes(2, "big") + answer)
        except OSError:
            pass

    def close(self):
        self.remove()
        self.daemon.terminate()
        self.daemon.wait(10)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
