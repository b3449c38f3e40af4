// What a file in a `dist` folder is.

import Foundation

/// A file that `inspect` was given, judged by its name: what is inside an archive is looked at only where the name says that it is one.
enum InspectedFile: Hashable {
    case wheel
    /// A `.tar.gz`, or a `.zip` as they were once made.
    case sourceDistribution
    /// Something that lies beside a distribution and is not published by itself; the words say what it is and what happens to it.
    case companion(String)
    /// Something that no publish takes; the words say what it is.
    case other(String)

    init(path: String) {
        let name = URL(fileURLWithPath: path).lastPathComponent.lowercased()
        if Self.isFolder(path) {
            self = .other("a folder")
        } else if let (_, what) = Self.companions.first(where: { name.hasSuffix($0.0) }) {
            self = .companion(what)
        } else if name.hasSuffix(".whl") {
            self = .wheel
        } else if name.hasSuffix(".tar.gz") || name.hasSuffix(".zip") {
            self = .sourceDistribution
        } else if let (_, what) = Self.others.first(where: { name.hasSuffix($0.0) }) {
            self = .other(what)
        } else {
            self = .other("a file of an unknown kind")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static let companions = [
        (".attestation", "an attestation, which publishing clients send along with its file"),
        (".provenance", "a provenance file, which is not published"),
        (".intoto.jsonl", "a provenance file, which is not published"),
        (".sigstore", "a Sigstore signature, which is not published"),
        (".sigstore.json", "a Sigstore signature, which is not published"),
        (".asc", "an OpenPGP signature, which indexes do not keep any more"),
        (".sig", "a signature, which is not published"),
        (".minisig", "a signature, which is not published"),
        (".crt", "a certificate, which is not published"),
        (".pem", "a certificate, which is not published"),
        (".whl.metadata", "a wheel's metadata, which the index takes from the wheel itself"),
        (".md5", "a list of checksums, which is not published"),
        (".sha256", "a list of checksums, which is not published"),
        (".sha512", "a list of checksums, which is not published"),
        ("sha256sums", "a list of checksums, which is not published"),
        (".gitignore", "a file of Git, which is not published"),
    ]

    private static let others = [
        (".egg", "an egg, a format of old"),
        (".exe", "an installer for Windows"),
        (".msi", "an installer for Windows"),
        (".dmg", "a disk image for macOS"),
        (".rpm", "a package of a Linux distribution"),
        (".deb", "a package of a Linux distribution"),
        (".conda", "a package of conda"),
        (".tar", "a tar that is not compressed"),
        (".tar.bz2", "a tar that is not compressed with gzip"),
        (".tar.xz", "a tar that is not compressed with gzip"),
        (".tar.zst", "a tar that is not compressed with gzip"),
        (".tar.z", "a tar that is not compressed with gzip"),
        (".tbz", "a tar that is not compressed with gzip"),
        (".txz", "a tar that is not compressed with gzip"),
        (".tgz", "a gzipped tar by another name: its name must end in .tar.gz"),
    ]
}
