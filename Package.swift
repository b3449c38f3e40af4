// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "emporium",
    products: [
        .executable(name: "emporium", targets: ["Server"])
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // PyPA specifications as value types: names, versions, specifiers, requirements, tags, filenames, core metadata, simple-API documents.
        .target(name: "Packaging", swiftSettings: settings),

        // Opens an uploaded wheel or sdist safely and says what is in it; hashes and compresses bytes for everyone.
        .target(
            name: "Distributions",
            dependencies: ["Packaging", "CZlib", "CZstd", "CSodium", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),

        // Named places where a debug build can be told to die or to fail, for the crash tests; a release has none of it.
        .target(name: "FaultPoints", swiftSettings: settings),

        // `SQL`, `Row`, `Connection`, `Database`, `Migrator`: everything about SQL except an engine.
        .target(name: "SQLDatabase", swiftSettings: settings),

        // `Database` over GRDB (file pool or in memory).
        .target(name: "SQLiteEngine", dependencies: ["SQLDatabase", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: settings),

        // `Database` over libpq, with LISTEN/NOTIFY.
        .target(name: "PostgresEngine", dependencies: ["SQLDatabase", "CLibPQ"], swiftSettings: settings),

        // Durable jobs in the database: `Job`, registry, runner, retry.
        .target(
            name: "JobQueue",
            dependencies: [
                "SQLDatabase",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // Outside systems, one folder each. Knows nothing of projects or users.
        .target(
            name: "Backends",
            dependencies: [
                "FaultPoints", "CZlib",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),

        // Secrets people hold: password hashes, one-time passwords, WebAuthn, recovery codes, signed links and macaroons.
        .target(
            name: "Credentials",
            dependencies: [
                "CSodium", .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),

        // Project descriptions (reST, Markdown, plain) to safe HTML, by a pool of helper processes that run PyPA's own `readme_renderer`.
        .target(
            name: "Readme",
            dependencies: [
                "Markup",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            // In the program itself: one file to install.
            resources: [.embedInCode("render.py")],
            swiftSettings: settings
        ),

        // The `HTML` string type and its escaping.
        .target(name: "Markup", swiftSettings: settings),

        // What is said to people: messages, PO catalogs, plural rules, locale negotiation.
        .target(
            name: "Localization",
            dependencies: ["Markup"],
            // In the program itself: one file to install.
            resources: [.embedInCode("Catalogs/de.po")],
            swiftSettings: settings
        ),

        // The index itself: records, queries, rules, use cases and jobs. No HTTP server, no engine.
        .target(
            name: "Registry",
            dependencies: [
                "Packaging", "Distributions", "SQLDatabase", "JobQueue", "Backends", "Credentials", "FaultPoints", "Localization", "Markup",
                "Readme",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Migrations/schema.sqlite.sql", "Migrations/schema.postgres.sql"],
            swiftSettings: settings
        ),

        // Every URL: routes, forms, pages, APIs, middleware.
        .target(
            name: "Web",
            dependencies: [
                "Registry", "Packaging", "Distributions", "SQLDatabase", "Backends", "Credentials", "Localization", "Markup", "FaultPoints",
                "CQREncode",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            // In the program itself: one file to install.
            resources: [
                .embedInCode("Assets/emporium.css"), .embedInCode("Assets/emporium.js"), .embedInCode("Assets/logo.svg"),
                .embedInCode("API/openapi.json"),
            ],
            swiftSettings: settings
        ),

        // Command line, settings and the only place that names concrete engines and backends.
        .executableTarget(
            name: "Server",
            dependencies: [
                "Web", "Registry", "SQLDatabase", "SQLiteEngine", "PostgresEngine", "JobQueue", "Backends", "Credentials", "Packaging",
                "Distributions", "FaultPoints", "Readme",
                "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            // In the program itself: one file to install.
            resources: [.embedInCode("identifiers.py")],
            swiftSettings: settings
        ),

        // Programs that tests start, and Python environments for them; depends on nothing of ours, so that every test can use it.
        .target(name: "TestPrograms", dependencies: ["CSpawn"], swiftSettings: settings),

        // Builders, test index, web client: shared by the tests and by `emporium seed`.
        .target(
            name: "TestSupport",
            dependencies: [
                "Web", "Registry", "Packaging", "Distributions", "SQLDatabase", "SQLiteEngine", "PostgresEngine", "JobQueue", "Backends",
                "Credentials", "Readme", "TestPrograms",
                "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),

        // Tests: one folder per target, one file per source file or behaviour.
        .testTarget(
            name: "PackagingTests",
            dependencies: ["Packaging", "TestPrograms"],
            exclude: [
                "Differential/oracle.py", "Differential/oracle_support.py", "Differential/metadata_oracle.py", "Differential/simple_client.py",
                "Differential/requirements.txt", "Differential/metadata-requirements.txt",
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "DistributionsTests", dependencies: ["Distributions", "Packaging", "CZlib", "TestPrograms"], swiftSettings: settings),
        .testTarget(
            name: "EngineTests",
            dependencies: ["SQLDatabase", "SQLiteEngine", "PostgresEngine", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "JobQueueTests",
            dependencies: [
                "JobQueue", "SQLDatabase", "TestSupport", .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackendTests",
            dependencies: ["Backends", "TestPrograms", "TestSupport", .product(name: "Crypto", package: "swift-crypto")],
            exclude: [
                "opensearch-requirements.txt", "s3-requirements.txt", "s3-signer-requirements.txt", "Storage/S3/signer.py", "Mail/requirements.txt",
                "Mail/reader.py", "Mail/mailserver.py",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CredentialsTests",
            dependencies: ["Credentials", "TestPrograms"],
            exclude: ["requirements.txt", "WebAuthn/chromium.json"],
            swiftSettings: settings
        ),
        .testTarget(name: "TestProgramsTests", dependencies: ["TestPrograms"], swiftSettings: settings),
        .testTarget(
            name: "LocalizationTests",
            dependencies: ["Localization", "Markup", "TestPrograms"],
            exclude: ["requirements.txt", "oracle.py"],
            swiftSettings: settings
        ),
        .testTarget(name: "MarkupTests", dependencies: ["Markup"], swiftSettings: settings),
        .testTarget(
            name: "ReadmeTests",
            dependencies: ["Readme", "Markup", "TestPrograms", .product(name: "Logging", package: "swift-log")],
            exclude: ["oracle.py", "requirements.txt", "corpus-requirements.txt", "bare-requirements.txt", "rst-requirements.txt"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "Registry", "Packaging", "Distributions", "SQLDatabase", "JobQueue", "Backends", "Credentials", "TestPrograms", "TestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Web", "Registry", "Packaging", "Distributions", "SQLDatabase", "Backends", "Credentials", "TestPrograms", "TestSupport",
                "JobQueue", "PostgresEngine", "CZstd",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["metrics-requirements.txt", "API/requirements.txt", "API/schemathesis.toml"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "Server", "FaultPoints", "Registry", "Readme", "SQLDatabase", "SQLiteEngine", "JobQueue", "Backends", "Credentials",
                "Distributions", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Registry", "Packaging", "Distributions", "JobQueue", "SQLDatabase", "SQLiteEngine", "TestPrograms", "TestSupport",
                "Backends", "Web",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: [
                "identifier-requirements.txt", "no-requirements.txt", "Browser/factors.py", "Browser/first_run.py", "Browser/hostile.py",
                "Browser/markdown-vectors.txt", "Browser/newcomer.py", "Browser/requirements.txt", "Browser/rst-vectors.txt",
                "Browser/second_factors.py",
                "Browser/visit.py", "Browser/visitor.py",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ClientTests",
            dependencies: ["Backends", "Registry", "SQLiteEngine", "Server", "TestPrograms", "TestSupport"],
            exclude: ["clients", "scripts"],
            swiftSettings: settings
        ),

        // System libraries.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CSpawn"),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    ]
)
