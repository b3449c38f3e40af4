/// Names that read like names, no two alike.
enum MadeUpNames {
    /// In alphabetical order, as the next two.
    private static let first = [
        "airflow", "amber", "async", "aws", "azure", "brisk", "cloud", "copper", "data", "deep", "django", "dusty", "ember", "fast", "flask",
        "fuzzy", "google", "green", "hazel", "html", "json", "jolly", "keen", "lib", "llm", "mellow", "my", "net", "nimble", "odoo", "open", "plone",
        "py", "pydantic", "pyramid", "pytest", "python", "quiet", "rapid", "simple", "sphinx", "sunny", "test", "tidy", "torch", "types", "web",
        "xml",
    ].sorted()
    private static let second = [
        "badger", "crane", "dune", "falcon", "fern", "harbor", "heron", "kernel", "lantern", "meadow", "parcel", "rocket", "router", "sparrow",
        "tender", "walnut",
    ]
    private static let syllables = "bcdfghklmnprstv".flatMap { consonant in "aeiou".map { "\(consonant)\($0)" } }

    /// For a few projects.
    static func short(_ number: Int) -> String {
        let stem = "\(first[number % first.count])-\(second[number / first.count % second.count])"
        let round = number / (first.count * second.count)
        return round == 0 ? stem : "\(stem)-\(round + 1)"
    }

    /// In alphabetical order of the numbers, and spread over the alphabet however few there are.
    static func name(_ number: Int, of total: Int) -> String {
        let pairs = first.count * second.count
        let rounds = (total + pairs - 1) / pairs
        let place = rounds == 1 ? number * pairs / total : number
        let (pair, round) = rounds == 1 ? (place, 0) : (place / rounds, place % rounds)
        var ending = ""
        var rest = round
        repeat {
            ending = syllables[rest % syllables.count] + ending
            rest /= syllables.count
        } while rest > 0 || ending.utf8.count < 4
        return "\(first[pair / second.count])-\(second[pair % second.count])-\(ending)"
    }

    static func version(_ number: Int) -> String { "\(number / 400 + 1).\(number / 20 % 20).\(number % 20)" }
}
