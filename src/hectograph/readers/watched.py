"""Mail hosts that a state can read. Nobody is written there about money: a mail in such a box is evidence."""

from __future__ import annotations

from django.conf import settings

# Known to be open to Russian or Belarusian authorities; a newsroom adds its own by HECTO_WATCHED_HOSTS.
_HOSTS = frozenset(
    (
        *("mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "xmail.ru", "vk.com", "vk.ru"),
        *("yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.com.tr", "ya.ru", "narod.ru"),
        *("rambler.ru", "rambler.ua", "lenta.ru", "ro.ru", "autorambler.ru", "myrambler.ru"),
        *("gosuslugi.ru", "tut.by", "mail.by", "belpost.by"),
    )
)


def is_watched(address: str) -> bool:
    """Whether `address` stands on a watched host or below one."""
    parts = address.rpartition("@")[2].lower().strip(".").split(".")
    hosts = _HOSTS | {host.lower() for host in settings.HECTO_WATCHED_HOSTS}
    return any(".".join(parts[start:]) in hosts for start in range(len(parts)))
