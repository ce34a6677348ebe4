"""A small client of the DigiCert ONE APIs that retries without doing harm. Standard library only, Python 3.9 or later."""

import email.utils
import http.client
import json
import logging
import os
import random
import ssl
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote, urlsplit

log = logging.getLogger("digicert_one")


@dataclass(frozen=True)
class Settings:
    """All times in seconds."""

    base: str  # such as https://ca.example
    api_key: str = ""  # may be empty with a client certificate
    client_certificate: str = ""  # file of certificate and key in PEM; base is then the clientauth. host
    attempts: int = 5
    deadline: float = 120  # of one call, waits included
    connect_timeout: float = 5
    read_timeout: float = 30
    backoff_base: float = 1
    backoff_cap: float = 60
    poll: float = 5  # between two pickups

    @staticmethod
    def from_environment(env=os.environ):
        if not env.get("DC_BASE"):
            raise ValueError("set DC_BASE to the address of the service, such as https://ca.example")
        if not env.get("DC_API_KEY") and not env.get("DC_CLIENT_CERT"):
            raise ValueError("set DC_API_KEY to the token of a service user, or DC_CLIENT_CERT")
        return Settings(
            base=env["DC_BASE"].rstrip("/"),
            api_key=env.get("DC_API_KEY", ""),
            client_certificate=env.get("DC_CLIENT_CERT", ""),
            attempts=int(env.get("DC_ATTEMPTS", 5)),
            deadline=float(env.get("DC_DEADLINE", 120)),
            connect_timeout=float(env.get("DC_CONNECT_TIMEOUT", 5)),
            read_timeout=float(env.get("DC_READ_TIMEOUT", 30)),
            backoff_base=float(env.get("DC_BACKOFF_BASE", 1)),
            backoff_cap=float(env.get("DC_BACKOFF_CAP", 60)),
            poll=float(env.get("DC_POLL", 5)),
        )


class ApiError(Exception):
    """A call that failed for good. `status` is None when no answer came."""

    def __init__(self, message, request_id, status=None, code=None, field=None):
        super().__init__(f"{message} (request {request_id})")
        self.request_id, self.status, self.code, self.field = request_id, status, code, field


class Cancelled(Exception):
    """Someone set the `cancelled` event of the client."""


class NoAnswer(Exception):
    """The connection failed, or the answer did not come in time."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


class Client:
    """Keeps one connection open between calls, so it is for one thread; `cancelled` may be set by any."""

    def __init__(self, settings, cancelled=None):
        self.settings = settings
        self.cancelled = cancelled or threading.Event()
        self._url = urlsplit(settings.base)
        self._connection = None

    def issue(self, profile, seat, csr):
        """Asks for a certificate in the seat's name, picks it up when it is not there at once, and gives it in PEM."""
        request = {
            "profile": {"id": profile},
            "seat": {"seat_id": seat},
            "attributes": {"subject": {"common_name": seat}},
            "csr": csr,
        }
        answer = self.call("POST", "/mpki/api/v1/certificate", request)
        if answer.get("certificate"):
            return answer["certificate"]
        request_id = answer["request_id"]
        pickup = "/mpki/api/v1/certificate-pickup/" + quote(request_id, safe="")
        give_up_at = time.monotonic() + self.settings.deadline
        while True:
            answer = self.call("POST", pickup, {"profile": {"id": profile}})
            if answer.get("certificate"):
                return answer["certificate"]
            if answer.get("status") == "REJECTED":
                raise ApiError("the request was rejected", request_id)
            if time.monotonic() + self.settings.poll > give_up_at:
                raise ApiError("there is no certificate yet, pick it up later", request_id)
            self._wait(self.settings.poll)

    def details(self, serial):
        return self.call("GET", "/mpki/api/v1/certificate/" + quote(serial, safe=""))

    def revoke(self, serial, reason):
        path = f"/mpki/api/v1/certificate/{quote(serial, safe='')}/revoke"
        self.call("PUT", path, {"revocation_reason": reason})

    def call(self, method, path, body=None):
        """One call with the retries that do no harm. Gives the JSON of the answer, None where it has no body."""
        request_id = str(uuid.uuid4())
        headers = {"Accept": "application/json", "X-DC-TransactionId": request_id}
        if self.settings.api_key:
            headers["X-API-Key"] = self.settings.api_key
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method == "POST":
            # The server gives a repetition with the same key the first answer again. Against a server that does not
            # know the header, look for the certificate before you repeat a POST that was answered 500, 502 or 504,
            # or not at all.
            headers["Idempotency-Key"] = str(uuid.uuid4())
        payload = None if body is None else json.dumps(body).encode()
        deadline = time.monotonic() + self.settings.deadline

        for attempt in range(1, self.settings.attempts + 1):
            told = None
            try:
                answer = self._send(method, path, headers, payload, deadline)
                log.info("%s %s: try %d, %d [%s]", method, path, attempt, answer.status, request_id)
                if 200 <= answer.status < 300:
                    return parse(answer.text) if answer.text else None
                error = refusal(f"{method} {path}", answer, request_id)
                if answer.status not in (429, 500, 502, 503, 504):
                    raise error
                told = retry_after(answer.headers)
            except NoAnswer as failure:
                log.info("%s %s: try %d, %s [%s]", method, path, attempt, failure, request_id)
                error = ApiError(f"{method} {path}: {failure}", request_id)

            if attempt == self.settings.attempts:
                raise error
            least = told if told is not None else random.random() * self._ceiling(attempt)
            left = deadline - time.monotonic()
            if least >= left:
                log.info("the next try would be in %.0f s, after the deadline [%s]", least, request_id)
                raise error
            # Up to a tenth more than told, so that those turned away together do not come back together.
            wait = least if told is None else min(least * (1 + random.random() / 10), left)
            log.info("%s %s: waiting %.1f s [%s]", method, path, wait, request_id)
            self._wait(wait)

    def _ceiling(self, attempt):
        return min(self.settings.backoff_cap, self.settings.backoff_base * 2 ** (attempt - 1))

    def _wait(self, seconds):
        if self.cancelled.wait(seconds):
            raise Cancelled()

    def _send(self, method, path, headers, payload, deadline):
        """Sends once and reads the whole answer."""
        ends = min(deadline, time.monotonic() + self.settings.connect_timeout + self.settings.read_timeout)
        try:
            connection = self._connected(ends)
            connection.request(method, self._url.path + path, payload, headers)
            response = connection.getresponse()
            chunks = []
            # A peer that sends a byte now and then would never run into the time-out of the socket.
            while chunk := response.read1(65536):
                chunks.append(chunk)
                if time.monotonic() > ends:
                    raise TimeoutError("the answer is too slow")
            text = b"".join(chunks).decode("utf-8", "replace")
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
            response.close()  # or the connection would not take another request
            return Answer(response.status, response.headers, text)
        except (OSError, http.client.HTTPException) as error:
            self._disconnect()
            raise NoAnswer(f"no answer: {error or type(error).__name__}") from error
        except BaseException:
            self._disconnect()
            raise

    def _connected(self, ends):
        if self._connection is None:
            url = self._url
            connect_timeout = min(self.settings.connect_timeout, remaining(ends))
            if url.scheme == "https":
                context = ssl.create_default_context()
                if self.settings.client_certificate:
                    context.load_cert_chain(self.settings.client_certificate)
                connection = http.client.HTTPSConnection(
                    url.hostname, url.port, timeout=connect_timeout, context=context
                )
            else:
                connection = http.client.HTTPConnection(url.hostname, url.port, timeout=connect_timeout)
            connection.connect()
            self._connection = connection
        elif self._connection.sock is None:
            # The server closed it after its last answer.
            self._disconnect()
            return self._connected(ends)
        self._connection.sock.settimeout(min(self.settings.read_timeout, remaining(ends)))
        return self._connection

    def _disconnect(self):
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def remaining(ends):
    """Seconds up to a moment. Zero would mean something else to a socket."""
    return max(0.001, ends - time.monotonic())


def parse(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def refusal(call, answer, request_id):
    """The error for a refusal, in whichever of its shapes: `errors[]`, `error`, or bare `code` and `message`."""
    body = parse(answer.text)
    body = body if isinstance(body, dict) else {}
    listed = body.get("errors") or body.get("error") or body
    first = listed[0] if isinstance(listed, list) else listed
    first = first if isinstance(first, dict) else {"message": first}
    code, field, message = first.get("code") or first.get("status"), first.get("field"), first.get("message")
    if message is None:
        message = " ".join(answer.text.split())[:200]  # such as a proxy's page
    said = " ".join(str(part) for part in (answer.status, code, field and f"({field})", message) if part)
    if answer.status == 401:
        said += "; has the end date of the API key passed, or is the key disabled?"
    return ApiError(f"{call}: {said}", body.get("request_id") or request_id, answer.status, code, field)


def retry_after(headers):
    """Seconds that the server asks to be left alone, None where it gives none that make sense."""
    text = (headers.get("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = http_date(text)
    if until is None:
        return None
    # Against the server's own clock, in case one of the two is wrong.
    now = http_date(headers.get("Date") or "") or datetime.now(timezone.utc)
    return max(0.0, (until - now).total_seconds())


def http_date(text):
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
