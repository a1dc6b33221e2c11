"""The options of curl: which ones take a value, which ones are followed, and which ones change no signature.

The list is that of curl 8.15. An option that is in none of these sets is unknown, and ends the reading.
"""

from __future__ import annotations

from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHORT: Final = dict(
    zip(
        "XHdGIAbeukiLvsSfgoOJDcmrwxnKFT#0123469aBCEhjlMNpPqQRtUVyYzZ:",
        (
            *(
                "request",
                "header",
                "data",
                "get",
                "head",
                "user-agent",
                "cookie",
                "referer",
                "user",
                "insecure",
            ),
            *("include", "location", "verbose", "silent", "show-error", "fail", "globoff", "output"),
            *("remote-name", "remote-header-name", "dump-header", "cookie-jar", "max-time", "range"),
            *("write-out", "proxy", "netrc", "config", "form", "upload-file", "progress-bar", "http1.0"),
            *("tlsv1", "sslv2", "sslv3", "ipv4", "ipv6", "http0.9", "append", "use-ascii", "continue-at"),
            *("cert", "help", "junk-session-cookies", "list-only", "manual", "no-buffer", "proxytunnel"),
            *("ftp-port", "disable", "quote", "remote-time", "telnet-option", "proxy-user", "version"),
            *("speed-time", "speed-limit", "time-cond", "parallel", "next"),
        ),
        strict=True,
    )
)
"""The long name of each short option."""

DATA: Final = frozenset({"data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"})
"""The options that make the body, or with ``-G`` the query."""

FOLLOWED_WITH_VALUE: Final = DATA | {
    *("request", "header", "url", "url-query", "request-target", "user", "oauth2-bearer"),
}
FOLLOWED: Final = frozenset({"get", "head", "path-as-is", "globoff", "no-globoff"})

HARMLESS_WITH_VALUE: Final = _names(
    """
    alt-svc cacert capath cert cert-type ciphers connect-timeout connect-to continue-at cookie cookie-jar
    create-file-mode crlfile curves dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url
    dump-header ech engine etag-compare etag-save expect100-timeout happy-eyeballs-timeout-ms hsts
    interface ip-tos keepalive-cnt keepalive-time key key-type limit-rate local-port max-filesize
    max-redirs max-time noproxy output output-dir parallel-max pass pinnedpubkey preproxy proto
    proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers
    proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-tls13-ciphers
    proxy-user proxy1.0 range rate referer resolve retry retry-delay retry-max-time socks4 socks4a socks5
    socks5-hostname speed-limit speed-time stderr time-cond tls-max tls13-ciphers trace trace-ascii
    trace-config unix-socket user-agent vlan-priority write-out
    """
)
HARMLESS: Final = _names(
    """
    basic buffer cert-status clobber compressed create-dirs disable doh-cert-status doh-insecure fail
    fail-early fail-with-body false-start http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3
    http3-only ignore-content-length include insecure ipv4 ipv6 junk-session-cookies keepalive location
    location-trusted mptcp no-alpn no-buffer no-clobber no-keepalive no-progress-meter no-sessionid
    parallel parallel-immediate post301 post302 post303 progress-bar progress-meter proxy-basic
    proxy-digest proxy-insecure proxytunnel raw remote-header-name remote-name remote-name-all remote-time
    remove-on-error retry-all-errors retry-connrefused sessionid show-error show-headers silent
    skip-existing ssl ssl-no-revoke ssl-reqd styled-output suppress-connect-headers tcp-fastopen
    tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time verbose xattr
    """
)
NOT_FOLLOWED: Final = _names(
    """
    anyauth aws-sigv4 config crlf digest form form-escape form-string haproxy-clientip haproxy-protocol
    negotiate netrc netrc-file netrc-optional next ntlm ntlm-wb upload-file use-ascii variable
    """
)
"""The options that change the request in a way that depends on files, on the server, or on much code."""
