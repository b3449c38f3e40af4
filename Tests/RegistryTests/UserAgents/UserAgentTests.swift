import Foundation
import Testing

@testable import Registry

@Suite struct UserAgentTests {
    // Recorded from the clients themselves, unless a comment says otherwise.
    private static let pip =
        #"pip/23.2.1 {"ci":null,"cpu":"x86_64","distro":{"id":"bookworm","libc":{"lib":"glibc","version":"2.36"},"name":"Debian GNU/Linux","version":"12"},"implementation":{"name":"CPython","version":"3.11.7"},"installer":{"name":"pip","version":"23.2.1"},"openssl_version":"OpenSSL 3.0.19 27 Jan 2026","python":"3.11.7","setuptools_version":"65.5.0","system":{"name":"Linux","release":"6.18.44"}}"#
    private static let uv =
        #"uv/0.13.8 {"installer":{"name":"uv","version":"0.13.8","subcommand":["pip","install"]},"python":"3.11.7","implementation":{"name":"CPython","version":"3.11.7"},"distro":{"name":"Debian GNU/Linux","version":"12","id":"bookworm","libc":{"lib":"glibc","version":"2.36"}},"system":{"name":"Linux","release":"6.18.44"},"cpu":"x86_64","openssl_version":null,"setuptools_version":null,"rustc_version":null,"ci":true}"#
    private static let hatch =
        #"Hatch/1.18.2 {"ci":null,"cpu":"x86_64","implementation":{"name":"CPython","version":"3.11.7"},"installer":{"name":"hatch","version":"1.18.2"},"python":"3.11.7","system":{"name":"Linux","release":"6.18.44"}} HTTPX2/2.16.2"#

    @Test func `pip says where it runs`() {
        let agent = UserAgent(Self.pip)
        #expect(
            agent
                == UserAgent(
                    .tool,
                    name: "pip",
                    version: "23.2.1",
                    python: "3.11.7",
                    implementation: "CPython",
                    system: "Linux",
                    distribution: .init(name: "Debian GNU/Linux", version: "12"),
                    isInContinuousIntegration: false
                )
        )
        #expect(agent.words == "pip 23.2, CPython 3.11 on Linux")
    }

    @Test func `uv says whether it runs in continuous integration`() {
        let agent = UserAgent(Self.uv)
        #expect(agent.isInContinuousIntegration == true)
        #expect(agent.distribution == .init(name: "Debian GNU/Linux", version: "12"))
        #expect(agent.words == "uv 0.13, CPython 3.11 on Linux")
    }

    @Test(arguments: [
        (hatch, "Hatch 1.18, CPython 3.11 on Linux"),
        ("twine/7.0.0 CPython/3.11.7", "twine 7.0, CPython 3.11"),
        ("poetry/2.5.1 CPython/3.11.7 Linux/6.18.44", "poetry 2.5, CPython 3.11 on Linux"),
        ("pdm/2.29.3 CPython/3.11.7 Linux/6.18.44", "pdm 2.29, CPython 3.11 on Linux"),
        ("curl/7.88.1", "curl 7.88"),
        ("Python-urllib/3.11", "Python-urllib 3.11, Python 3.11"),
        ("python-requests/2.34.2", "python-requests 2.34"),
        // From their sources.
        ("setuptools/65.5.0 Python-urllib/3.11", "setuptools 65.5, Python 3.11"),
        ("pip/1.4.1 CPython/2.7.6 Darwin/13.1", "pip 1.4, CPython 2.7 on macOS"),
        ("twine/3.4.1 pkginfo/1.7.0 requests/2.25.1 tqdm/4.59.0 PyPy/3.9.2 Windows/10", "twine 3.4, PyPy 3.9 on Windows"),
        (#"pip/24.0 {"system":{"name":"Darwin","release":"23.1"}}"#, "pip 24.0 on macOS"),
        ("Wget/1.21.3 (linux-gnu)", "Wget 1.21 on Linux"),
    ])
    func `tools are told in one line`(header: String, words: String) {
        let agent = UserAgent(header)
        #expect(agent.kind == .tool)
        #expect(agent.words == words)
    }

    @Test(arguments: [
        ("bandersnatch/6.8.0 (cpython 3.11.7-final0, Linux 6.1.0 x86_64) (aiohttp 3.13.0)", "bandersnatch 6.8, CPython 3.11 on Linux"),
        ("devpi-server/6.20.3 (py3.11.7; linux)", "devpi-server 6.20, Python 3.11 on Linux"),
        ("Artifactory/7.55.10 75510900", "Artifactory 7.55"),
        ("Nexus/3.41.1-01 (PRO; Linux; 5.4; amd64; 1.8.0_345)", "Nexus 3.41 on Linux"),
    ])
    func `mirrors stand apart`(header: String, words: String) {
        let agent = UserAgent(header)
        #expect(agent.kind == .mirror)
        #expect(agent.words == words)
    }

    @Test(arguments: [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot 2.1"),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://x/bingbot.htm) Chrome/116.0 Safari/537.36",
            "bingbot 2.0"
        ),
        ("Twitterbot/1.0", "Twitterbot 1.0"),
    ])
    func `crawlers stand apart`(header: String, words: String) {
        let agent = UserAgent(header)
        #expect(agent.kind == .crawler)
        #expect(agent.words == words)
    }

    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", "140.0"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "Chrome on Windows",
            "126.0.0.0"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87",
            "Edge on Windows", "126.0.2592.87"
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "Safari on macOS",
            "17.5"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iOS (iPhone)", "17.5"
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1",
            "Chrome on iOS (iPad)", "126.0"
        ),
        ("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Firefox on Android", "127.0"),
        (
            "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36",
            "Chrome on Android (Pixel 7)", "116.0.0.0"
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android",
            "126.0.0.0"
        ),
    ])
    func `browsers are told with their system`(header: String, words: String, version: String) {
        let agent = UserAgent(header)
        #expect(agent.kind == .browser)
        #expect(agent.words == words)
        #expect(agent.version == version)
    }

    @Test(arguments: [
        nil, "", " ", "-", "Mozilla/5.0", "Mozilla/5.0 (compatible)", "something/1.0", "<script>alert(1)</script>", "pi\u{0}p/1.0", "😀/1.0", "{}",
        "}{",
    ])
    func `what says nothing is unknown`(header: String?) {
        #expect(UserAgent(header) == .unknown)
        #expect(UserAgent(header).words == "")
    }

    @Test(arguments: [
        #"pip/24.0 {"python":"3.12","system":{"name":"Linux""#,
        #"pip/24.0 {"python":"3.12","python":"3.13"}"#,
        "pip/24.0 " + String(repeating: #"{"a":"#, count: 100) + "1" + String(repeating: "}", count: 100),
        "pip/24.0 " + String(repeating: "[", count: 1_000_000),
        "pip/24.0 {" + String(repeating: " ", count: 1_000_000) + "}",
        "pip/24.0 \u{1}\u{2}\r\nSet-Cookie: a=b",
        "pip/24.0 {\u{0}}", "pip/24.0 / // ;/;",
    ])
    func `of broken details only the name is left`(header: String) {
        let agent = UserAgent(header)
        #expect(agent.kind == .tool)
        #expect(agent.words == "pip 24.0")
    }

    @Test func `what can not be shown is not taken`() {
        let long = String(repeating: "x", count: 65)
        let agent = UserAgent(
            #"pip/24.0 {"python":"<b>","implementation":{"name":"C\u0000Python"},"system":{"name":"\u001b[31m"},"distro":{"name":"\#(long)"},"ci":1}"#
        )
        #expect(agent == UserAgent(.tool, name: "pip", version: "24.0"))
        #expect(UserAgent("pip/1\"><script>").version == "1")
        #expect(UserAgent("Mozilla/5.0 (Linux; Android 13; <i>) Chrome/1.0").device == nil)
    }

    @Test func `no header takes long, and all that is kept is short`() {
        for header in [Self.pip, Self.uv, "Mozilla/5.0 (Linux; Android 13; "] {
            let agent = UserAgent(header + String(repeating: "(;/ {\u{7}bot", count: 100_000))
            #expect(agent.words.utf8.count < 300)
            #expect(agent.words.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        }
    }
}
