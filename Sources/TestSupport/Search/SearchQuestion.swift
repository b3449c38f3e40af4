package import Backends

/// Something that people type, and what they should get, whichever engine they ask.
package struct SearchQuestion: Sendable, CustomStringConvertible {
    package let text: String
    package var classifiers: [String] = []
    package var order = SearchQuery.Order.relevance
    /// The name that comes first.
    package var first: String?
    /// Names that are on the first half of the first page.
    package var near: [String] = []
    /// Names that are on no place of the first page.
    package var absent: [String] = []
    /// Names that are all that is found, in any order.
    package var only: [String]?
    /// What is said to have been meant.
    package var suggestion: String?

    package var description: String {
        ([text.debugDescription] + classifiers + (order == .relevance ? [] : [order.rawValue])).joined(separator: ", ")
    }

    /// What an engine that holds ``SearchCorpus`` answers otherwise; empty when all is well.
    package func complaints(about engine: some SearchEngine) async throws -> [String] {
        let results = try await engine.search(SearchQuery(text, classifiers: classifiers, order: order))
        let names = results.hits.map(\.name)
        var complaints: [String] = []
        if let first, names.first != first { complaints.append("\(first) is not the first") }
        for name in near where !names.prefix(10).contains(name) { complaints.append("\(name) is not among the first ten") }
        for name in absent where names.contains(name) { complaints.append("\(name) is there") }
        if let only, Set(names) != Set(only) || results.total != only.count { complaints.append("not only \(only)") }
        if results.suggestion != suggestion, suggestion != nil {
            complaints.append("\(results.suggestion ?? "nothing") is suggested, not \(suggestion ?? "")")
        }
        if let first, first.lowercased() == text.lowercased(), let suggested = results.suggestion { complaints.append("\(suggested) is suggested") }
        return complaints.isEmpty ? [] : ["\(self): " + complaints.joined(separator: "; ") + ": \(results.total) \(names.prefix(12))"]
    }
}

extension SearchQuestion {
    package static let all: [SearchQuestion] = names + beginnings + misspellings + words + filters + orders + oddities

    /// The name itself, in any spelling (PEP 503).
    private static let names: [SearchQuestion] = [
        .init(text: "requests", first: "requests"),
        .init(text: "numpy", first: "numpy"),
        .init(text: "Django", first: "Django"),
        .init(text: "django", first: "Django"),
        .init(text: "FLASK", first: "Flask"),
        .init(text: "flask_sqlalchemy", first: "Flask-SQLAlchemy"),
        .init(text: "Flask.SQLAlchemy", first: "Flask-SQLAlchemy"),
        .init(text: "scikit learn", first: "scikit-learn"),
        .init(text: "scikitlearn", first: "scikit-learn"),
        .init(text: "ruamel-yaml", first: "ruamel.yaml"),
        .init(text: "zope_interface", first: "zope.interface"),
        .init(text: "discord.py", first: "discord.py"),
        .init(text: "  pytest  ", first: "pytest"),
        .init(text: "sh", first: "sh"),
        .init(text: "uv", first: "uv"),
        .init(text: "black", first: "black"),
        .init(text: "build", first: "build"),
        .init(text: "mock", first: "mock", near: ["pytest-mock", "responses"]),
        .init(text: "types-requests", first: "types-requests"),
        .init(text: "celery", first: "celery", near: ["django-celery-beat"]),
    ]

    private static let beginnings: [SearchQuestion] = [
        .init(text: "djan", near: ["Django"]),
        .init(text: "djang", order: .newest, near: [], absent: ["requests"]),
        .init(text: "beautifulsoup", first: "beautifulsoup4"),
        .init(text: "scikit", near: ["scikit-learn", "scikit-image"]),
        .init(text: "psycopg", first: "psycopg", near: ["psycopg2", "psycopg2-binary"]),
        .init(text: "tensorfl", first: "tensorflow"),
        .init(text: "pytest-", first: "pytest", near: ["pytest-cov", "pytest-xdist"]),
        .init(text: "google-cloud", near: ["google-cloud-storage", "google-cloud-bigquery"]),
        .init(text: "opensea", near: ["opensearch-py"]),
        .init(text: "sqlal", first: "SQLAlchemy"),
    ]

    private static let misspellings: [SearchQuestion] = [
        .init(text: "reqeusts", first: "requests", suggestion: "requests"),
        .init(text: "requets", first: "requests", suggestion: "requests"),
        .init(text: "nunpy", first: "numpy", suggestion: "numpy"),
        .init(text: "nmupy", first: "numpy", suggestion: "numpy"),
        .init(text: "padnas", first: "pandas", suggestion: "pandas"),
        .init(text: "djnago", first: "Django", suggestion: "Django"),
        .init(text: "flaks", first: "Flask", suggestion: "Flask"),
        .init(text: "scikit-lern", first: "scikit-learn", suggestion: "scikit-learn"),
        .init(text: "beautifulsop4", first: "beautifulsoup4", suggestion: "beautifulsoup4"),
        .init(text: "matplotlibb", first: "matplotlib", suggestion: "matplotlib"),
        .init(text: "tensorfolw", first: "tensorflow", suggestion: "tensorflow"),
        .init(text: "crytpography", first: "cryptography", suggestion: "cryptography"),
        .init(text: "setuptols", first: "setuptools", suggestion: "setuptools"),
        .init(text: "pytset", first: "pytest", suggestion: "pytest"),
        .init(text: "sqlalchmey", first: "SQLAlchemy", suggestion: "SQLAlchemy"),
        .init(text: "kuberentes", first: "kubernetes", suggestion: "kubernetes"),
        .init(text: "prometheus_clinet", first: "prometheus-client", suggestion: "prometheus-client"),
    ]

    /// Words of names, summaries and keywords, in other forms too.
    private static let words: [SearchQuestion] = [
        .init(text: "http client", near: ["httpx", "urllib3"]),
        .init(text: "web framework", near: ["Django", "fastapi", "tornado"]),
        .init(text: "web frameworks", near: ["Django", "fastapi"]),
        .init(text: "machine learning", near: ["scikit-learn", "tensorflow"]),
        .init(text: "deep learning", near: ["keras", "torch"]),
        .init(text: "array computing", first: "numpy"),
        .init(text: "task queue", near: ["celery", "huey"]),
        .init(text: "progress bar", near: ["tqdm", "rich"]),
        .init(text: "password hashing", near: ["bcrypt", "argon2-cffi", "passlib"]),
        .init(text: "postgresql adapter", near: ["psycopg", "psycopg2", "psycopg2-binary"]),
        .init(text: "code formatter", near: ["black", "ruff"]),
        .init(text: "yaml parser", near: ["PyYAML"]),
        .init(text: "parsing feeds", near: ["feedparser"]),
        .init(text: "template engine", near: ["Jinja2"]),
        .init(text: "cli", near: ["click", "typer"]),
        .init(text: "rabbitmq", near: ["pika", "kombu"]),
        .init(text: "jwt", near: ["PyJWT", "python-jose"]),
        .init(text: "excel", near: ["openpyxl", "XlsxWriter"]),
        .init(text: "gradient boosting", near: ["xgboost", "lightgbm", "catboost"]),
        .init(text: "wsgi server", near: ["gunicorn", "waitress", "uWSGI"], absent: ["uvicorn"]),
        .init(text: "asgi", near: ["uvicorn", "starlette", "hypercorn"], absent: ["gunicorn"]),
        .init(text: "rest api", near: ["djangorestframework", "falcon", "Flask-RESTful"]),
        .init(text: "monitoring", near: ["prometheus-client", "psutil"]),
        .init(text: "stemming", near: ["nltk"]),
        .init(text: "the state of the art", near: ["transformers"]),
        .init(text: "django celery", near: ["django-celery-beat"], absent: ["celery", "Flask"]),
        .init(text: "requests oauth", first: "requests-oauthlib"),
        .init(text: "quasar telescope nebula", only: []),
    ]

    private static let filters: [SearchQuestion] = [
        .init(text: "rest", classifiers: ["Framework :: Flask"], only: ["Flask-RESTful"]),
        .init(text: "forms", classifiers: ["Framework :: Django"], first: "django-crispy-forms", absent: ["Flask-WTF", "mechanize"]),
        .init(text: "requests", classifiers: ["Framework :: Django"], absent: ["requests", "requests-cache"]),
        .init(text: "reqeusts", classifiers: ["Framework :: Django"], only: []),
        .init(text: "django", classifiers: ["Framework :: Django :: 4.2"], near: ["djangorestframework"], absent: ["Django", "django-redis"]),
        .init(text: "djan", classifiers: ["Framework :: Flask"], only: []),
        .init(text: "", classifiers: ["Framework :: Jupyter :: JupyterLab"], only: ["jupyterlab"]),
        .init(
            text: "",
            classifiers: ["Framework :: Jupyter"],
            only: ["jupyter", "jupyterlab", "notebook", "ipython", "ipykernel", "ipywidgets", "nbconvert", "voila"]
        ),
        .init(text: "", classifiers: ["Framework :: Flask", "Topic :: Database"], only: ["Flask-SQLAlchemy", "Flask-Migrate"]),
        .init(text: "", classifiers: ["Framework :: Pytest", "Framework :: Django"], only: ["pytest-django"]),
        .init(text: "documentation", classifiers: ["Framework :: Sphinx :: Extension"], absent: ["mkdocs", "Sphinx"]),
        .init(text: "", classifiers: ["Framework :: Nothing"], only: []),
        // A part of a path is not above it.
        .init(text: "", classifiers: ["Framework :: Sph"], only: []),
        .init(text: "", classifiers: ["Framework :: Sphinx\" OR \"a"], only: []),
    ]

    private static let orders: [SearchQuestion] = [
        .init(text: "", order: .newest, first: SearchCorpus.newestFirst[0].name, near: SearchCorpus.newestFirst.prefix(10).map(\.name)),
        .init(
            text: "",
            classifiers: ["Framework :: Django"],
            order: .newest,
            first: newest("Framework :: Django")[0],
            near: Array(newest("Framework :: Django").prefix(10))
        ),
        .init(
            text: "",
            classifiers: ["Topic :: Database"],
            order: .newest,
            first: newest("Topic :: Database")[0],
            near: Array(newest("Topic :: Database").prefix(10))
        ),
    ]

    private static func newest(_ path: String) -> [String] {
        SearchCorpus.newestFirst.filter { $0.classifiers.contains { $0 == path || $0.hasPrefix(path + " :: ") } }.map(\.name)
    }

    /// Accents, quotes and what other languages would take for syntax.
    private static let oddities: [SearchQuestion] = [
        .init(text: "übersetzt", near: ["uebersetzer"]),
        .init(text: "ubersetzt", near: ["uebersetzer"]),
        .init(text: "ÜBERSETZUNG", near: ["uebersetzer"]),
        .init(text: "groesstenteils", absent: ["uebersetzer"]),
        .init(text: "grösstenteils", near: ["uebersetzer"]),
        .init(text: "muñoz", near: ["jose-gazetteer"]),
        .init(text: "munoz", near: ["jose-gazetteer"]),
        .init(text: "\"web framework\"", near: ["Django", "tornado"], absent: ["pyramid", "Flask"]),
        .init(text: "'web framework'", near: ["Django", "tornado"], absent: ["pyramid"]),
        .init(text: "\"framework web\"", absent: ["Django", "tornado"]),
        .init(text: "\"machine learning\" experiments", near: ["wandb"], absent: ["scikit-learn", "mlflow"]),
        .init(text: "\"requests", first: "requests"),
        .init(text: "requests\"", first: "requests"),
        .init(text: "\"\"", near: []),
        .init(text: "it's thinking", near: ["quotation"]),
        .init(text: "friend's quotes", near: ["quotation"]),
        .init(text: "nump*", near: ["numpy"]),
        .init(text: "file names with * and ?", near: ["wildcard-matcher"]),
        .init(text: "' OR 1=1; DROP TABLE users; --", near: ["sql-injector-lab"]),
        .init(text: "numpy OR pandas", absent: ["polars"]),
        .init(text: "numpy NOT pandas AND ( NEAR", only: []),
        .init(text: "name:numpy", near: []),
        .init(text: "numpy^100 ~ -pandas +scipy {a} [b TO c]", only: []),
        .init(text: "(((((", near: []),
        .init(text: "\\", near: []),
        .init(text: "%_%", near: []),
        .init(text: "$1 :: \u{0} \u{1}", near: []),
        .init(text: "c++", near: ["pybind11"]),
        .init(text: String(repeating: "a", count: SearchQuery.textLimit), only: []),
        .init(text: String(repeating: "\"", count: SearchQuery.textLimit), near: []),
        .init(text: String(repeating: "a b ", count: SearchQuery.textLimit / 4), near: []),
    ]
}
