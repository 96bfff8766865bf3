"""A scripted client of the appliance: logs in, fills the same forms as a
browser does, follows the same links.  Used by the demo and by the tests."""
import http.client
import re
import ssl
import time
import urllib.parse
import uuid


class Refused(Exception):
    """The appliance said no: status and what the page says."""

    def __init__(self, status, text):
        self.status = status
        self.text = re.sub(r"<[^>]+>", " ", text)
        found = re.search(r'class="error"[^>]*>([^<]*)', text)
        super().__init__(f"{status}: {found.group(1) if found else text[:200]}")


class Person:
    """One browser session."""

    def __init__(self, port, name, password, ca=None, host="localhost"):
        self.name = name
        self.host, self.port = host, port
        self.context = ssl.create_default_context(cafile=ca)
        if ca is None:
            self.context.check_hostname = False
            self.context.verify_mode = ssl.CERT_NONE
        self.cookie = ""
        self.connection = None
        self.post("/dang-nhap", {"ten": name, "mk": password}, csrf=False)
        if not self.cookie:
            raise Refused(401, "no session")

    def request(self, method, path, body=None, headers=None):
        headers = dict(headers or {}, Cookie=self.cookie)
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPSConnection(
                    self.host, self.port, context=self.context, timeout=120)
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                data = answer.read()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError,
                    BrokenPipeError):
                # An idle connection that the server has ended.
                self.connection.close()
                self.connection = None
                if attempt == 2 or method != "GET":
                    raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.split(";")[0]
        if answer.headers.get("Connection") == "close":
            self.connection.close()
            self.connection = None
        return answer, data

    def get(self, path, **headers):
        answer, data = self.request("GET", path, headers=headers)
        if answer.status >= 400:
            raise Refused(answer.status, data.decode("utf-8", "replace"))
        return answer, data

    def page(self, path):
        return self.get(path)[1].decode("utf-8")

    def csrf(self, page="/"):
        return re.search(r'name="csrf" value="(\w+)"', self.page(page)).group(1)

    def finish(self, answer, data):
        if answer.status >= 400:
            raise Refused(answer.status, data.decode("utf-8", "replace"))
        return answer.headers.get("Location"), data.decode("utf-8", "replace")

    def post(self, path, fields, csrf=True):
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        if csrf:
            pairs = pairs + [("csrf", self.csrf())]
        return self.finish(*self.request(
            "POST", path, urllib.parse.urlencode(pairs),
            {"Content-Type": "application/x-www-form-urlencoded"}))

    def upload(self, path, fields, data):
        boundary = uuid.uuid4().hex
        parts = [("csrf", self.csrf())] + list(fields.items())
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"'
            f"\r\n\r\n{v}\r\n".encode() for n, v in parts)
        body += (f'--{boundary}\r\nContent-Disposition: form-data; name="tep"; '
                 f'filename="van-ban.pdf"\r\nContent-Type: application/pdf'
                 f"\r\n\r\n").encode() + data + f"\r\n--{boundary}--\r\n".encode()
        return self.finish(*self.request(
            "POST", path, body,
            {"Content-Type": f"multipart/form-data; boundary={boundary}"}))

    # ---- the acts ----

    def draft(self, data, subject, kind=1, recipients="Như trên"):
        leader = re.search(r'name="nguoi-ky"><option value="(\d+)"',
                           self.page("/van-ban/moi")).group(1)
        location, _ = self.upload("/van-ban/moi", {
            "loai": kind, "khan": 0, "so-ban": 1, "nguoi-ky": leader,
            "trich-yeu": subject, "noi-nhan": recipients}, data)
        return int(location.rsplit("/", 1)[1])

    def annex(self, document, name, data):
        self.upload(f"/van-ban/{document}",
                    {"viec": "them-phu-luc", "ten": name}, data)

    def annexes(self, document):
        return [int(n) for n in re.findall(
            r'<li>[^<]*<a href="/van-ban/(\d+)/tep/du-thao"',
            self.page(f"/van-ban/{document}"))]

    def act(self, document, word, **fields):
        try:
            return self.act_once(document, word, **fields)
        except Refused as no:
            if word != "ky" or "trai" in fields or "Mã PLACE" not in no.text:
                raise
        # Its text does not have his name: by hand, remembered for the next.
        return self.act_once(document, word, trai="129", tren="226", **fields)

    def act_once(self, document, word, **fields):
        return self.post(f"/van-ban/{document}", dict(fields, viec=word))

    def seal(self, documents, pin, *more):
        """Check page, then the batch; the result page's text.  more: fields of
        the check page, ("ma-qr", "1") say."""
        page, rows = self.seal_list(documents)
        if not rows:  # none of them can be sealed now
            return page
        return self.seal_listed(rows, pin, *more)

    def seal_list(self, documents):
        """The check page, and what its form sends of the documents."""
        _, page = self.post("/dong-dau/kiem-tra",
                            [("vb", d) for d in documents])
        listing = re.search(r'name="danh-sach" value="(\w+)"', page)
        if not listing:
            return page, []
        return page, [("vb", d) for d in re.findall(
            r'name="vb" value="(\d+)"', page)] + [
                ("danh-sach", listing.group(1))]

    def seal_listed(self, rows, pin, *more):
        return self.post("/dong-dau", rows + [("pin", pin), *more])[1]

    def file(self, document, which, **headers):
        return self.get(f"/van-ban/{document}/tep/{which}", **headers)

    def state(self, document):
        page = self.page(f"/van-ban/{document}")
        return re.search(r"<strong>([^<]+)</strong></dd><dt>Loại", page).group(1)


class Clock:
    """Milliseconds since the last look."""

    def __init__(self):
        self.last = time.monotonic()

    def lap(self):
        now = time.monotonic()
        took, self.last = (now - self.last) * 1000, now
        return took
