/// How documents lie in OpenSearch (platform §7.6), and what is asked of them.
enum OpenSearchIndex {
    /// Text of any length has an end here, in characters.
    static let descriptionLimit = 5_000_000

    static func creation(shards: Int) -> [String: Any] {
        [
            "settings": [
                "number_of_shards": shards, "number_of_replicas": 0, "refresh_interval": "-1",
                "analysis": [
                    // Two words, as in what is asked for.
                    "char_filter": ["apostrophes": ["type": "mapping", "mappings": ["' => \\u0020", "\u{2019} => \\u0020"]] as [String: Any]],
                    "filter": [
                        "english_stems": ["type": "snowball", "language": "English"],
                        "parts": ["type": "word_delimiter", "preserve_original": true],
                    ],
                    "analyzer": [
                        "words": [
                            "type": "custom", "char_filter": ["apostrophes"], "tokenizer": "standard",
                            "filter": ["lowercase", "asciifolding", "stop", "english_stems"],
                        ] as [String: Any],
                        "names": ["type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding", "parts", "english_stems"]],
                        "addresses": ["type": "custom", "tokenizer": "uax_url_email", "filter": ["lowercase", "stop", "english_stems"]],
                    ],
                ],
            ] as [String: Any],
            "mappings": [
                "dynamic": false,
                "properties": [
                    "name": ["type": "text", "analyzer": "names"],
                    "normalized_name": ["type": "text", "analyzer": "names", "fields": ["raw": ["type": "keyword"]]] as [String: Any],
                    // Without separators, as people type it.
                    "compact_name": ["type": "keyword"], "name_length": ["type": "integer"], "version": ["type": "keyword"],
                    "summary": ["type": "text", "analyzer": "words"], "description": ["type": "text", "analyzer": "words"],
                    "keywords": ["type": "text", "analyzer": "words"], "author": ["type": "text"], "maintainer": ["type": "text"],
                    "author_email": ["type": "text", "analyzer": "addresses"], "maintainer_email": ["type": "text", "analyzer": "addresses"],
                    "license": ["type": "text"], "home_page": ["type": "keyword", "ignore_above": 8000],
                    "download_url": ["type": "keyword", "ignore_above": 8000], "platform": ["type": "keyword", "ignore_above": 8000],
                    "classifiers": ["type": "keyword", "ignore_above": 8000], "created": ["type": "date", "format": "epoch_millis"],
                    "created_at": ["type": "long"],
                ] as [String: Any],
            ] as [String: Any],
        ]
    }

    static func source(of document: SearchDocument) -> [String: Any] {
        let compact = compact(document.id)
        return [
            "name": document.name, "normalized_name": document.id, "compact_name": compact, "name_length": document.id.utf8.count,
            "version": document.version, "summary": document.summary, "description": String(document.description.prefix(descriptionLimit)),
            "keywords": document.keywords, "author": document.author, "maintainer": document.maintainer, "author_email": document.authorEmail,
            "maintainer_email": document.maintainerEmail, "license": document.license, "home_page": document.homePage,
            "download_url": document.downloadURL, "platform": document.platform, "classifiers": document.classifiers,
            "created": document.createdAt / 1000, "created_at": document.createdAt,
        ]
    }

    static func compact(_ id: String) -> String { id.filter { $0 != "-" } }

    private static let fields = [
        "normalized_name^10", "summary^5", "keywords^5", "description^5", "author", "author_email", "download_url", "home_page", "license",
        "maintainer",
        "maintainer_email", "platform",
    ]

    // MARK: Questions

    /// Each of the words has to be somewhere, and each phrase; or what was typed is a name, its beginning, or almost one. The classifiers have to be there either
    /// way.
    static func search(_ query: SearchQuery) -> [String: Any] {
        var ways: [[String: Any]] = names(query)
        let words = query.words.map { ["multi_match": ["query": $0.folded, "fields": fields] as [String: Any]] }
        let phrases = query.phrases.map { phrase($0, boost: 1) }
        if !words.isEmpty || !phrases.isEmpty {
            var together: [String: Any] = ["must": words + phrases]
            // Words that follow each other as they were typed belong together.
            if query.words.count > 1 { together["should"] = [phrase(query.words, boost: 2)] }
            ways.append(["bool": together])
        }
        let classifiers = query.classifiers.map { path in
            [
                "bool": ["should": [["term": ["classifiers": path]], ["prefix": ["classifiers": path + " :: "]]], "minimum_should_match": 1]
                    as [String: Any]
            ]
        }
        let what: [String: Any] =
            ways.isEmpty ? ["match_all": [String: Any]()] : ["bool": ["should": ways, "minimum_should_match": 1] as [String: Any]]
        let newest: [[String: Any]] = [["created_at": ["order": "desc", "unmapped_type": "long"]], ["normalized_name.raw": ["order": "asc"]]]
        return [
            "query": ["bool": ["must": [what], "filter": classifiers] as [String: Any]],
            "sort": query.order == .newest || ways.isEmpty ? newest : [["_score": ["order": "desc"]]] + newest,
            "from": (query.page - 1) * SearchQuery.pageSize, "size": SearchQuery.pageSize, "track_total_hits": SearchQuery.window + 1,
            "_source": ["name", "version", "summary", "created_at", "compact_name"],
        ]
    }

    private static func phrase(_ words: [SearchWord], boost: Int) -> [String: Any] {
        let text = words.map(\.folded).joined(separator: " ")
        return [
            "multi_match": [
                "query": text, "type": "phrase", "fields": ["normalized_name^10", "summary^5", "keywords^5", "description^5"], "boost": boost,
            ] as [String: Any]
        ]
    }

    /// What was typed as a name, nearest first. Without the exact one, one that is almost it comes before all that only has the words.
    private static func names(_ query: SearchQuery) -> [[String: Any]] {
        let (name, compact) = (query.nameForm, query.compactForm)
        guard !compact.isEmpty, compact.utf8.count <= 100 else { return [] }
        var ways = [
            constant(["term": ["normalized_name.raw": name]], 100_000), constant(["term": ["compact_name": compact]], 50_000),
        ]
        if compact.utf8.count > 1 {
            ways += [constant(["prefix": ["normalized_name.raw": name]], 20), constant(["prefix": ["normalized_name.raw": name + "-"]], 10)]
        }
        for mistakes in [1, 2] where mistakes <= tolerance(of: compact) { ways.append(constant(fuzzy(compact, mistakes), 30)) }
        return ways
    }

    private static func fuzzy(_ compact: String, _ mistakes: Int) -> [String: Any] {
        ["fuzzy": ["compact_name": ["value": compact, "fuzziness": mistakes, "transpositions": true, "max_expansions": 50] as [String: Any]]]
    }

    private static func constant(_ filter: [String: Any], _ boost: Int) -> [String: Any] {
        ["constant_score": ["filter": filter, "boost": boost] as [String: Any]]
    }

    /// How many mistakes in a name of this length are borne.
    static func tolerance(of compact: String) -> Int {
        let count = compact.utf8.count
        return count < 3 || count > 32 ? 0 : count < 6 ? 1 : 2
    }

    /// Names that are what was typed, or almost.
    static func alike(_ compact: String) -> [String: Any] {
        [
            "query": [
                "bool": ["should": [["term": ["compact_name": compact]], fuzzy(compact, tolerance(of: compact))], "minimum_should_match": 1]
                    as [String: Any]
            ],
            "sort": [["created_at": ["order": "desc", "unmapped_type": "long"]]], "size": 50, "track_total_hits": false,
            "_source": ["name", "compact_name"],
        ]
    }

    static func completion(_ name: String, limit: Int) -> [String: Any] {
        [
            "query": ["prefix": ["normalized_name.raw": name]],
            "sort": [
                ["name_length": ["order": "asc", "unmapped_type": "long"]], ["normalized_name.raw": ["order": "asc", "unmapped_type": "keyword"]],
            ],
            "size": limit, "track_total_hits": false, "_source": ["name"],
        ]
    }
}
