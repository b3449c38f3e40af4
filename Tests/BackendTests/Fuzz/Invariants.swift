// What must hold for whatever a server says, and whatever is searched for.

/// Each takes any bytes and says which promise was broken, if one was.
let invariants: [String: @Sendable ([UInt8]) -> String?] = ["RESP": brokenRESP, "SMTP": brokenSMTP, "SearchQuery": brokenSearchQuery]
