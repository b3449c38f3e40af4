vcl 4.1;

# A cache with the part of Fastly's API that purges: POST /service/ID/purge/KEY. For the tests of FastlyCDN; BACKEND_PORT is put in by them.

import std;
import xkey;

backend index {
    .host = "127.0.0.1";
    .port = "BACKEND_PORT";
}

sub vcl_recv {
    if (req.url ~ "^/service/") {
        if (req.http.Fastly-Key != "right-key") {
            return (synth(401, "Unauthorized"));
        }
        if (req.method != "POST" || req.url !~ "^/service/SERVICE/purge/." || req.http.Accept != "application/json") {
            return (synth(404, "Not Found"));
        }
        set req.http.X-Key = regsub(req.url, "^/service/[^/]+/purge/", "");
        # A service that takes purges and does nothing with them.
        if (req.http.X-Key == "not-ok") {
            return (synth(202, "not ok"));
        }
        if (req.http.Fastly-Soft-Purge == "1") {
            set req.http.X-Count = xkey.softpurge(req.http.X-Key);
        } else {
            set req.http.X-Count = xkey.purge(req.http.X-Key);
        }
        return (synth(200, "OK"));
    }
    return (hash);
}

sub vcl_backend_response {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, "^max-age=([0-9]+).*", "\1s"), 0s);
    set beresp.grace = 1h;
}

sub vcl_synth {
    set resp.http.Content-Type = "application/json";
    if (resp.status == 200) {
        synthetic("""{"status": "ok", "id": "1-2-3"}""");
    } else if (resp.status == 202) {
        set resp.status = 200;
        synthetic("""{"status": "failed"}""");
    } else {
        synthetic("""{"msg": "Provided credentials are missing or invalid"}""");
    }
    return (deliver);
}
