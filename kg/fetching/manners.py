"""How a polite visitor behaves: reads robots.txt, pauses, and comes back only when asked to."""

from __future__ import annotations

import email.utils
import time
from datetime import UTC, datetime
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from kg.errors import FetchError
from kg.fetching.addresses import Address, parse
from kg.fetching.client import AGENT, Answer, Limits, get

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 10
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_NUMBER = 20  # characters of a pause in a robots.txt
_LARGEST_RULES = 1024**2  # bytes of a robots.txt
_LONGEST_PAUSE = 60.0  # seconds that a robots.txt can ask for between two pages


class Visitor:
    """Asks each site one thing at a time, with pauses, and only for what its robots.txt leaves open."""

    def __init__(self, limits: Limits, pause: float) -> None:
        self._limits = limits
        self._pause = pause
        self._rules: dict[str, RobotFileParser | FetchError] = {}
        self._last: dict[str, float] = {}

    def visit(self, url: str) -> tuple[Address, Answer]:
        """Return the page at ``url`` and the address at which it was found after all redirects.

        Raises:
            FetchError: it is not to be had, or the site does not want it to be.

        """
        address = parse(url)
        seen = {address.url}
        for _ in range(MOST_REDIRECTS + 1):
            pause = self._allowed(address, url)
            answer = self._get(address, self._limits, pause)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return address, _checked(url, answer)
            address = _next(url, address, answer)
            if address.url in seen:
                problem = "its redirects lead in a circle"
                raise FetchError(url, "redirect", problem, "open it in a browser and give the address there")
            seen.add(address.url)
        problem = f"more than {MOST_REDIRECTS} redirects"
        raise FetchError(url, "redirect", problem, "open it in a browser and give the address there")

    def _get(self, address: Address, limits: Limits, pause: float) -> Answer:
        """Ask, not before the pause since the last answer of the same machine is over."""
        ready = self._last.get(address.host, 0.0) + pause
        time.sleep(max(0.0, ready - time.monotonic()) if address.host in self._last else 0.0)
        try:
            return get(address, limits)
        finally:
            self._last[address.host] = time.monotonic()

    def _allowed(self, address: Address, url: str) -> float:
        """Return the pause that a site asks for.

        Raises:
            FetchError: its robots.txt does not want the page to be fetched, or does not answer.

        """
        if address.site not in self._rules:
            try:
                self._rules[address.site] = self._robots(address)
            except FetchError as error:
                if error.reason in ("private", "dns", "tls", "connection"):
                    raise _of(url, error) from error
                problem = f"the site's robots.txt cannot be read: {error.problem}"
                self._rules[address.site] = FetchError(url, "robots", problem, "try again later", again=True)
        rules = self._rules[address.site]
        if isinstance(rules, FetchError):
            del self._rules[address.site]  # the next attempt asks again
            raise _of(url, rules)
        if not rules.can_fetch(AGENT, address.url):
            problem = "the site's robots.txt asks programs not to fetch it"
            raise FetchError(url, "robots", problem, "ask the site, or save the page with a browser")
        return max(self._pause, min(float(rules.crawl_delay(AGENT) or 0), _LONGEST_PAUSE))

    def _robots(self, address: Address) -> RobotFileParser:
        """Return a site's rules: none where it has no robots.txt (RFC 9309, 2.3.1)."""
        rules = RobotFileParser()
        place = parse(f"{address.site}/robots.txt")
        limits = Limits(min(self._limits.size, _LARGEST_RULES), self._limits.seconds, self._limits.private)
        for _ in range(6):
            answer = self._get(place, limits, self._pause)
            if answer.status in REDIRECTS and "location" in answer.headers:
                place = _next(place.url, place, answer)
                continue
            if answer.status == 429 or answer.status >= 500:
                raise _checked_status(place.url, answer)
            text = answer.body.decode("utf-8-sig", "replace") if answer.status < 300 else ""
            rules.parse([line for line in text.splitlines() if _is_rule(line)])
            return rules
        rules.parse([])
        return rules


def _is_rule(line: str) -> bool:
    """Tell a line of a robots.txt from one on which its parser would fail.

    >>> _is_rule("Disallow: /a"), _is_rule("Crawl-delay: ²"), _is_rule("Allow: http://[")
    (True, False, False)
    """
    name, _, value = line.partition(":")
    if name.strip().lower() in ("crawl-delay", "request-rate"):
        return value.isascii() and len(value) < _LONGEST_NUMBER
    try:
        urlsplit(unquote(value.strip()))
        urlsplit(value.strip())
    except ValueError:
        return False
    return True


def _next(url: str, address: Address, answer: Answer) -> Address:
    """Return where a redirect leads; its bytes are taken as they are, whatever their encoding."""
    target = quote(
        answer.headers["location"].strip().encode("latin-1", "replace"), safe="%/:=&?~+!$,;'@()*|#[]"
    )
    try:
        return parse(urljoin(address.url, target))
    except (FetchError, ValueError) as error:
        problem = f"it redirects to {target[:80]!r}, which is not fetched"
        raise FetchError(
            url, "redirect", problem, "open it in a browser and give the address there"
        ) from error


def _checked(url: str, answer: Answer) -> Answer:
    """Return an answer that is a page, or raise what else it is."""
    if answer.status != 200:
        raise _checked_status(url, answer)
    if not answer.body.strip():
        raise FetchError(url, "empty", "the page is empty", "check the address")
    return answer


def _checked_status(url: str, answer: Answer) -> FetchError:
    problem = f"the server answers {answer.status}"
    if answer.status in (404, 410):
        return FetchError(url, "not-found", f"{problem}, no such page", "check the address")
    if answer.status in (401, 403, 451):
        return FetchError(url, "forbidden", f"{problem}, not for everybody", "save the page with a browser")
    again = answer.status in _AGAIN
    advice = "try again later" if again else "open it in a browser"
    wait = _retry_after(answer.headers.get("retry-after", "")) if again else None
    return FetchError(url, "status", problem, advice, again=again, wait=wait)


def _retry_after(value: str) -> float | None:
    """Return the seconds that a server asks to wait, given as a number or a time."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        when = email.utils.parsedate_to_datetime(value)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError, TypeError, IndexError):  # what the library raises on odd texts
        return None


def _of(url: str, error: FetchError) -> FetchError:
    """Return an error as one of the page that was asked for."""
    return FetchError(url, error.reason, error.problem, error.advice, again=error.again, wait=error.wait)
