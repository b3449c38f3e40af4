// A password as the searches for patterns see it.

/// Unicode scalars of a password, as they are and in lower case.
struct PasswordText {
    let scalars: [Unicode.Scalar]
    /// In lower case, one for one: a scalar whose lower case is several stays.
    let lowered: [Unicode.Scalar]

    init(_ scalars: some Sequence<Unicode.Scalar>) {
        self.scalars = Array(scalars)
        lowered = self.scalars.map(Self.lowered)
    }

    var count: Int { scalars.count }

    static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first! : scalar
    }
}

extension Unicode.Scalar {
    var isASCIIDigit: Bool { (0x30...0x39).contains(value) }
    var isASCIILower: Bool { (0x61...0x7A).contains(value) }
    var isASCIIUpper: Bool { (0x41...0x5A).contains(value) }
}
