// Projects that every search engine's tests look for.

package import Backends

/// Some three hundred well-known projects with summaries in our own words, so that one set of questions can be put to all engines.
package enum SearchCorpus {
    /// Each once, in no order that means anything. The newest are those whose ``rank(of:)`` is the greatest.
    package static let documents: [SearchDocument] = lines.enumerated().map { number, line in
        let fields = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: " ").joined(separator: " ") }
        return SearchDocument(
            id: normalized(fields[0]),
            name: fields[0],
            version: "\(number % 7 + 1).\(number % 10).0",
            summary: fields[1],
            description: "# \(fields[0])\n\n\(fields[1]) \(fields.count > 4 ? fields[4] : "")\n\n    pip install \(fields[0])\n",
            keywords: fields[2].split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty },
            author: "The \(fields[0]) developers",
            classifiers: fields[3].split(separator: " ").map { classifiers[String($0)]! } + ["Programming Language :: Python :: 3"],
            createdAt: 1_500_000_000_000_000 + Int64(rank(of: number)) * 86_400_000_000
        )
    }

    /// The place of a document among all by age: a permutation that has nothing to do with the order of the list.
    static func rank(of number: Int) -> Int { number * 7919 % 10_007 }

    /// All documents, the newest first.
    package static var newestFirst: [SearchDocument] { documents.sorted { $0.createdAt > $1.createdAt } }

    private static func normalized(_ name: String) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }

    private static let classifiers = [
        "django": "Framework :: Django", "django4": "Framework :: Django :: 4.2", "flask": "Framework :: Flask", "pytest": "Framework :: Pytest",
        "sphinx": "Framework :: Sphinx", "sphinxext": "Framework :: Sphinx :: Extension", "jupyter": "Framework :: Jupyter",
        "jupyterlab": "Framework :: Jupyter :: JupyterLab", "asyncio": "Framework :: AsyncIO", "sci": "Topic :: Scientific/Engineering",
        "ai": "Topic :: Scientific/Engineering :: Artificial Intelligence", "vis": "Topic :: Scientific/Engineering :: Visualization",
        "math": "Topic :: Scientific/Engineering :: Mathematics", "bio": "Topic :: Scientific/Engineering :: Bio-Informatics",
        "astro": "Topic :: Scientific/Engineering :: Astronomy", "gis": "Topic :: Scientific/Engineering :: GIS",
        "web": "Topic :: Internet :: WWW/HTTP",
        "wsgi": "Topic :: Internet :: WWW/HTTP :: WSGI", "db": "Topic :: Database", "dbfront": "Topic :: Database :: Front-Ends",
        "test": "Topic :: Software Development :: Testing", "qa": "Topic :: Software Development :: Quality Assurance",
        "build": "Topic :: Software Development :: Build Tools", "sec": "Topic :: Security", "crypto": "Topic :: Security :: Cryptography",
        "sys": "Topic :: System", "admin": "Topic :: System :: Systems Administration", "text": "Topic :: Text Processing",
        "xml": "Topic :: Text Processing :: Markup :: XML", "md": "Topic :: Text Processing :: Markup :: Markdown",
        "img": "Topic :: Multimedia :: Graphics", "sound": "Topic :: Multimedia :: Sound/Audio", "mail": "Topic :: Communications :: Email",
        "mit": "License :: OSI Approved :: MIT License", "bsd": "License :: OSI Approved :: BSD License",
        "apache": "License :: OSI Approved :: Apache Software License", "gpl": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
        "stable": "Development Status :: 5 - Production/Stable", "beta": "Development Status :: 4 - Beta", "console": "Environment :: Console",
        "win": "Operating System :: Microsoft :: Windows", "linux": "Operating System :: POSIX :: Linux",
    ]
}
