"""What is known of mail domains: which mailboxes are one, which domains are shared, which are thrown away."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from disposable_email_domains import blocklist

_KNOWN: dict[str, Any] = tomllib.loads(Path(__file__).with_name("domains.toml").read_text(encoding="utf-8"))
_NOBODYS = set(_KNOWN["unlimited"]["by_nobody"])
_EVERYBODYS = {*_KNOWN["unlimited"]["by_customers"], *_KNOWN["unlimited"]["by_a_nation"]}
_BELOW_A_COUNTRY = set(_KNOWN["suffixes"]["below_a_country"])
_OTHER_SUFFIXES = set(_KNOWN["suffixes"]["others"])
_REMEMBERED = 10_000


@dataclass(frozen=True)
class Rule:
    """How one provider reads its addresses; domains.toml says what each of these means."""

    known_as: str = ""
    ignores: str = ""
    separators: str = "+"
    mailbox_in_subdomain: bool = False

    def key(self, local: str, domain: str) -> str:
        """The one spelling of a mailbox; both parts are given in lower case."""
        if self.mailbox_in_subdomain:
            local = domain.removesuffix(f".{self.known_as}")
        for separator in self.separators:
            local = local.split(separator, 1)[0] or local
        plain = "".join(letter for letter in local if letter not in self.ignores)
        return f"{plain or local}@{self.known_as or domain}"


def read(known: dict[str, Any]) -> dict[str, Rule]:
    """The rules of a file like domains.toml, by each of the domains that they are for."""
    rules: dict[str, Rule] = {}
    for told in known["mailbox"]:
        rule = Rule(**{name: value for name, value in told.items() if name != "domains"})
        rules |= dict.fromkeys(told["domains"], rule)
    return rules


def most_specific(rules: dict[str, Rule], domain: str) -> Rule:
    """The rule for ``domain`` itself, else that of the longest ``*.name`` that it is below, else the usual one."""
    return next((rules[name] for name in names_for(domain) if name in rules), Rule())


def names_for(domain: str) -> list[str]:
    """What a list may call ``domain``, the most specific first: itself, then ``*.`` and each name above it."""
    labels = domain.split(".")
    return [domain, *("*." + ".".join(labels[n:]) for n in range(1, len(labels)))]


_RULES = read(_KNOWN)


@lru_cache(_REMEMBERED)
def rule(domain: str) -> Rule:
    """How addresses at ``domain`` are read."""
    return most_specific(_RULES, domain)


@lru_cache(_REMEMBERED)
def organisation(domain: str) -> str:
    """The name that one organisation holds, above all its sub-domains: example.co.uk of mail.example.co.uk."""
    labels = domain.split(".")
    return ".".join(labels[-3 if _is_suffix(labels[-2:]) else -2 :])


def _is_suffix(labels: list[str]) -> bool:
    country = len(labels[-1]) == 2 and labels[0] in _BELOW_A_COUNTRY
    return country or ".".join(labels) in _OTHER_SUFFIXES


@lru_cache(_REMEMBERED)
def is_unlimited(domain: str) -> bool:
    """Whether a crowd from ``domain`` tells nothing: it is everybody's, or nobody's."""
    return is_everybodys(domain) or _is_below(domain, _NOBODYS)


@lru_cache(_REMEMBERED)
def is_everybodys(domain: str) -> bool:
    """Whether people write from ``domain`` who have nothing to do with one another."""
    return _is_below(domain, _EVERYBODYS)


def holds_everybodys(domain: str) -> bool:
    """Whether :func:`is_everybodys` is true of ``domain``, or of anything below it, as below com or co.uk."""
    return is_everybodys(domain) or any(name.endswith(f".{domain}") for name in _EVERYBODYS)


@lru_cache(_REMEMBERED)
def is_disposable(domain: str) -> bool:
    """Whether ``domain`` gives out mailboxes for ten minutes."""
    return _is_below(domain, blocklist)


def _is_below(domain: str, names: set[str]) -> bool:
    return any(name.removeprefix("*.") in names for name in names_for(domain))
