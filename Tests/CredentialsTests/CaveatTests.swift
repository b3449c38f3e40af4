import Testing

@testable import Credentials

@Suite struct CaveatTests {
    private static let user = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
    private static let project = CaveatContext.Project(normalizedName: "demo", id: "11111111-1111-1111-1111-111111111111")

    private static func read(_ json: String, user: String? = user) -> Caveat? { try? Caveat(json: Array(json.utf8), currentUserID: user) }

    @Test(
        arguments: [
            (#"[0,20,10]"#, Caveat.expiration(expiresAt: 20, notBefore: 10)),
            (#"[0, 20, -10, "more"]"#, .expiration(expiresAt: 20, notBefore: -10)),
            (#"[1,["demo","other"]]"#, .projectName(["demo", "other"])),
            (#"[1,[]]"#, .projectName([])),
            (#"[2,["1"],null]"#, .projectID(["1"])),
            (#"[3,"x"]"#, .requestUser("x")),
            (#"[3,"\u0041\n\ud83d\ude00é"]"#, .requestUser("A\n😀é")),
            (#"[4,"p"]"#, .oidcPublisher("p")),
            (#"[4,"p",null]"#, .oidcPublisher("p")),
            (#"[4,"p",{"ref":"refs/heads/main","sha":"abc"}]"#, .oidcPublisher("p")),
            (#" {"version": 1, "permissions": "user"} "#, .requestUser(user)),
            (#"{"version":1,"permissions":{"projects":["demo"]}}"#, .projectName(["demo"])),
            (#"{"nbf":10,"exp":20}"#, .expiration(expiresAt: 20, notBefore: 10)),
            (#"{"project_ids":["1","2"]}"#, .projectID(["1", "2"])),
        ]
    )
    func `caveats are read`(json: String, caveat: Caveat) {
        #expect(Self.read(json) == caveat)
    }

    @Test(
        arguments: [
            "", "null", "1", #""x""#, "true", "[]", "[[]]", #"["0",1,2]"#, "[5,1]", "[-1]", "[true,[]]", "[1.0,[]]", "[1e0,[]]",
            "[99999999999999999999]",
            "[0]", "[0,20]", "[0,20.0,10]", "[0,2e1,10]", #"[0,"20",10]"#, "[0,true,10]", "[0,20,null]", "[0,20,99999999999999999999]", "[0,020,1]",
            "[0,+1,1]", "[0,-,1]",
            "[1]", #"[1,"demo"]"#, "[1,[1]]", #"[1,["demo",null]]"#, "[1,{}]", "[1,null]",
            "[2]", #"[2,"1"]"#, "[2,[1]]", "[3]", "[3,1]", "[3,null]", #"[3,["x"]]"#, "[4]", "[4,null]", #"[4,"p",1]"#, #"[4,"p",[]]"#,
            #"[4,"p","x"]"#,
            "{}", #"{"version":1}"#, #"{"version":2,"permissions":"user"}"#, #"{"version":true,"permissions":"user"}"#,
            #"{"version":1.0,"permissions":"user"}"#,
            #"{"version":1,"permissions":"users"}"#, #"{"version":1,"permissions":null}"#, #"{"version":1,"permissions":{}}"#,
            #"{"version":1,"permissions":{"projects":"demo"}}"#, #"{"version":1,"permissions":{"projects":["demo"],"more":1}}"#,
            #"{"version":1,"permissions":"user","more":1}"#, #"{"nbf":10}"#, #"{"nbf":"10","exp":20}"#, #"{"nbf":10,"exp":20,"more":1}"#,
            #"{"project_ids":"1"}"#, #"{"project_ids":[1]}"#, #"{"nbf":10,"exp":20,"exp":99}"#,
            "[0,20,10", "[0,20,10]]", "[0,20,10],", "[0,,10]", "[0,20,10,]", "[3,'x']", "[3,\"\u{1}\"]", #"[3,"\x"]"#, #"[3,"\ud800"]"#,
            #"[3,"\udc00\ud800"]"#, "[3,NaN]",
            #"[3,"\u00é0"]"#, String(repeating: "[", count: 10_000),
        ]
    )
    func `anything else is refused, without coercion`(json: String) {
        #expect(Self.read(json) == nil)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: InvalidCaveat.self) { try Caveat(json: [0x5B, 0x33, 0x2C, 0x22, 0xFF, 0x22, 0x5D], currentUserID: nil) }
    }

    @Test func `an old user caveat needs a current user`() {
        #expect(Self.read(#"{"version":1,"permissions":"user"}"#, user: nil) == nil)
        #expect(Self.read(#"{"version":1,"permissions":{"projects":["demo"]}}"#, user: nil) != nil)
    }

    @Test(
        arguments: [
            (Caveat.expiration(expiresAt: 20, notBefore: 10), #"[0,20,10]"#),
            (.projectName(["demo", "a\"b\\\u{1}é"]), #"[1,["demo","a\"b\\\u0001é"]]"#),
            (.projectID([]), "[2,[]]"),
            (.requestUser("x"), #"[3,"x"]"#),
            (.oidcPublisher("p"), #"[4,"p"]"#),
        ]
    )
    func `caveats are written compactly and read back`(caveat: Caveat, json: String) {
        #expect(String(decoding: caveat.json, as: UTF8.self) == json)
        #expect(Self.read(json) == caveat)
    }

    @Test(
        arguments: [
            (Int64(9), "token is not yet valid" as String?), (10, nil), (19, nil), (20, "token is expired"), (21, "token is expired"),
        ]
    )
    func `an expiration holds from its start and before its end`(now: Int64, failure: String?) {
        #expect(Caveat.expiration(expiresAt: 20, notBefore: 10).failure(in: CaveatContext(now: now)) == failure)
    }

    @Test func `project caveats need a listed project`() {
        let here = CaveatContext(now: 0, project: Self.project)
        #expect(Caveat.projectName(["other", "demo"]).failure(in: here) == nil)
        #expect(Caveat.projectID([Self.project.id]).failure(in: here) == nil)
        for caveat in [Caveat.projectName(["Demo"]), .projectName([]), .projectID(["demo"]), .projectID([])] {
            #expect(caveat.failure(in: here) == "project-scoped token is not valid for project: 'demo'")
            #expect(caveat.failure(in: CaveatContext(now: 0)) == "project-scoped token used outside of a project context")
        }
    }

    @Test func `a user caveat needs that user, known by a macaroon`() {
        let caveat = Caveat.requestUser("u")
        #expect(caveat.failure(in: CaveatContext(now: 0, user: .init(id: "u"))) == nil)
        #expect(caveat.failure(in: CaveatContext(now: 0)) == "token with user restriction without a user")
        #expect(
            caveat.failure(in: CaveatContext(now: 0, user: .init(id: "u", isAuthenticatedByMacaroon: false)))
                == "token with user restriction without a macaroon"
        )
        #expect(caveat.failure(in: CaveatContext(now: 0, user: .init(id: "v"))) == "current user does not match user restriction in token")
    }

    @Test func `a publisher caveat needs that publisher and a project registered with it`() {
        let caveat = Caveat.oidcPublisher("p")
        func failure(_ id: String, _ isRegistered: Bool, _ project: CaveatContext.Project?) -> String? {
            caveat.failure(in: CaveatContext(now: 0, project: project, publisher: .init(id: id, isRegisteredForProject: isRegistered)))
        }
        #expect(failure("p", true, Self.project) == nil)
        #expect(failure("q", true, Self.project) == "current OIDC publisher does not match publisher restriction in token")
        #expect(failure("p", true, nil) == "OIDC scoped token used outside of a project context")
        #expect(failure("p", false, Self.project) == "OIDC scoped token is not valid for project: 'demo'")
        #expect(
            caveat.failure(in: CaveatContext(now: 0, project: Self.project, user: .init(id: "p")))
                == "OIDC scoped token used outside of an OIDC identified request"
        )
    }
}
