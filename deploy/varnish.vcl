vcl 4.1;

# Varnish in front of Emporium.
#
# Needs Varnish 6.6 or newer with the xkey module (Debian: varnish, varnish-modules). Say below where the index is and who may purge, then
#
#     PURGE_KEY=a-long-secret varnishd -a :6081 -f /etc/varnish/emporium.vcl -s malloc,1g
#     EMPORIUM_CDN_URL=varnish+http://127.0.0.1:6081?key=a-long-secret emporium serve
#
# PURGE_KEY may be left out, on both sides, where the address is proof enough.

import std;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8080";
    .connect_timeout = 5s;
    .first_byte_timeout = 300s;
    .between_bytes_timeout = 60s;
}

# The machines of the index, `serve` and `work`.
acl purgers {
    "localhost";
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    # Only this file sets these.
    if (req.restarts == 0) {
        unset req.http.X-Emporium-Round;
        unset req.http.X-Emporium-Kept;
        unset req.http.X-Emporium-Accept;
        unset req.http.X-Purge-Count;
    }

    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Not from here"));
        }
        if (std.getenv("PURGE_KEY") && req.http.X-Purge-Key != std.getenv("PURGE_KEY")) {
            return (synth(401, "The key is missing or wrong"));
        }
        if (!req.http.xkey-softpurge) {
            return (synth(400, "Say which keys in xkey-softpurge"));
        }
        # Soft: what is purged may still be served while it is fetched again, or while the index is down.
        set req.http.X-Purge-Count = xkey.softpurge(req.http.xkey-softpurge);
        return (synth(200, "Purged"));
    }
    # For nobody else, and never for the index.
    unset req.http.X-Purge-Key;
    unset req.http.xkey-softpurge;

    # Passed is everything that one reader may get and another may not, everything that changes something, and files: those are large, and the index
    # sends them from its disk without copying.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization) {
        return (pass);
    }
    if (req.url !~ "^/(simple|pypi|integrity|rss)/" && req.url !~ "^/(sitemap\.xml|[0-9a-f]{2}\.sitemap\.xml|robots\.txt|opensearch\.xml)$") {
        return (pass);
    }
    # These pages are the same for everybody.
    unset req.http.Cookie;

    if (req.url ~ "^/simple/") {
        call one_accept_for_each_format;
        if (req.http.Accept == "other") {
            set req.http.Accept = req.http.X-Emporium-Accept;
            unset req.http.X-Emporium-Accept;
            return (pass);
        }
        unset req.http.X-Emporium-Accept;
    }

    # What is past its time: see vcl_hit and vcl_synth.
    if (req.http.X-Emporium-Round == "fresh") {
        set req.grace = 0s;
    } else {
        set req.grace = 10d;
    }
    return (hash);
}

# Clients spell the same wish in hundreds of ways, and each spelling would be stored by itself. There are three formats, so there are three spellings:
# whatever clearly asks for one of them is rewritten to it. What is not clear goes to the index, which weighs it by the book, and its answer is not kept.
#
# Clear is: a format named without a quality (which is a quality of 1) wins over all that are named with less. Among equals the index prefers HTML, then v1+html.
sub one_accept_for_each_format {
    std.collect(req.http.Accept);
    set req.http.X-Emporium-Accept = req.http.Accept;
    if (!req.http.Accept || req.http.Accept == "*/*") {
        set req.http.Accept = "text/html";
    } else if (req.http.Accept !~ "(?i)^\s*(\*/\*|[a-z0-9.+-]+/(\*|[a-z0-9.+-]+))(\s*;\s*q=(0(\.[0-9]{1,3})?|1(\.0{1,3})?))?(\s*,\s*(\*/\*|[a-z0-9.+-]+/(\*|[a-z0-9.+-]+))(\s*;\s*q=(0(\.[0-9]{1,3})?|1(\.0{1,3})?))?)*\s*$") {
        # Parameters, quotation marks, nonsense.
        set req.http.Accept = "other";
    } else if (req.http.Accept ~ "(?i)(^|,)\s*text/html\s*(,|$)") {
        set req.http.Accept = "text/html";
    } else if (req.http.Accept ~ "\*\s*(,|$)" || req.http.Accept ~ "(?i)q=1") {
        # A wildcard, or a quality spelled out, that may rank as high.
        set req.http.Accept = "other";
    } else if (req.http.Accept ~ "(?i)(^|,)\s*application/vnd\.pypi\.simple\.v1\+html\s*(,|$)") {
        set req.http.Accept = "application/vnd.pypi.simple.v1+html";
    } else if (req.http.Accept ~ "(?i)(^|,)\s*application/vnd\.pypi\.simple\.v1\+json\s*(,|$)") {
        set req.http.Accept = "application/vnd.pypi.simple.v1+json";
    } else {
        set req.http.Accept = "other";
    }
    # Accept-Encoding needs nothing of the kind: Varnish asks the index for gzip, keeps that one, and unpacks it for those who do not take it.
}

sub vcl_backend_fetch {
    unset bereq.http.X-Emporium-Round;
}

sub vcl_backend_response {
    # Nothing is kept but what the index says may be, and for as long as it says.
    if (beresp.status >= 500) {
        # A page that is there already is better than an error: see vcl_synth. This one must not replace it.
        if (bereq.is_bgfetch || bereq.http.X-Emporium-Kept) {
            return (abandon);
        }
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.uncacheable = true;
        return (deliver);
    }
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.http.Surrogate-Control !~ "max-age=[0-9]+" || beresp.http.Set-Cookie || beresp.http.Vary ~ "(?i)cookie|authorization|\*") {
        # For two minutes, requests for it do not wait for each other.
        set beresp.ttl = 120s;
        set beresp.grace = 0s;
        set beresp.uncacheable = true;
        return (deliver);
    }
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "(?i)^.*max-age=([0-9]+).*$", "\1s"), 0s);
    # How long it may be served past its time while a new one is fetched …
    set beresp.http.X-Emporium-Revalidate = "0s";
    if (beresp.http.Surrogate-Control ~ "(?i)stale-while-revalidate=[0-9]+") {
        set beresp.http.X-Emporium-Revalidate = regsub(beresp.http.Surrogate-Control, "(?i)^.*stale-while-revalidate=([0-9]+).*$", "\1s");
    }
    # … and how long when the index fails. Varnish calls both grace, so that it has to be the longer.
    set beresp.grace = std.duration(beresp.http.X-Emporium-Revalidate, 0s);
    if (beresp.http.Surrogate-Control ~ "(?i)stale-if-error=[0-9]+") {
        set beresp.grace = std.duration(regsub(beresp.http.Surrogate-Control, "(?i)^.*stale-if-error=([0-9]+).*$", "\1s"), 0s);
        if (std.duration(beresp.http.X-Emporium-Revalidate, 0s) > beresp.grace) {
            set beresp.grace = std.duration(beresp.http.X-Emporium-Revalidate, 0s);
        }
    }
    # Said to this cache alone.
    unset beresp.http.Surrogate-Control;
    return (deliver);
}

sub vcl_hit {
    # Too old to be served while a new one is fetched: this reader waits for the new one.
    if (!req.http.X-Emporium-Round && obj.ttl + std.duration(obj.http.X-Emporium-Revalidate, 0s) < 0s) {
        set req.http.X-Emporium-Round = "fresh";
        set req.http.X-Emporium-Kept = "yes";
        return (restart);
    }
    return (deliver);
}

sub vcl_backend_error {
    # The index can not be reached.
    if (bereq.is_bgfetch || bereq.http.X-Emporium-Kept) {
        return (abandon);
    }
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.Surrogate-Control;
    unset resp.http.X-Emporium-Revalidate;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}

sub vcl_synth {
    # The new page that a reader waited for did not come: the old one, then.
    if (resp.status == 503 && req.http.X-Emporium-Round == "fresh") {
        set req.http.X-Emporium-Round = "stale";
        return (restart);
    }
    if (req.method == "PURGE") {
        set resp.http.Content-Type = "text/plain";
        if (resp.status == 200) {
            set resp.http.X-Purged = req.http.X-Purge-Count;
        }
        synthetic(resp.reason + {"
"});
        return (deliver);
    }
}
