// Whether a marker holds in an environment.

extension Marker {
    /// Whether the marker holds.
    ///
    /// Every comparison is evaluated, also when the result is known before: an undefined one is always reported.
    /// - Throws: `MarkerEvaluationError`.
    public func evaluate(in environment: MarkerEnvironment) throws(MarkerEvaluationError) -> Bool {
        try expression.evaluate(in: environment)
    }
}

/// A marker that has no meaning in the environment given.
public enum MarkerEvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A comparison PEP 508 does not define.
    case undefinedComparison(String)
    /// A variable the environment has no value for.
    case undefinedName(String)

    public var description: String {
        switch self {
        case .undefinedComparison(let comparison): "The comparison \(comparison) is not defined."
        case .undefinedName(let name): "The environment has no value for \(PythonText.excerpt(name))."
        }
    }
}

extension MarkerExpression {
    func evaluate(in environment: MarkerEnvironment) throws(MarkerEvaluationError) -> Bool {
        var anyGroup = false
        var allOfGroup = true
        for (index, term) in terms.enumerated() {
            if index > 0, connectives[index - 1] == .or {
                anyGroup = anyGroup || allOfGroup
                allOfGroup = true
            }
            let value =
                switch term {
                case .comparison(let comparison): try comparison.evaluate(in: environment)
                case .group(let expression): try expression.evaluate(in: environment)
                }
            allOfGroup = allOfGroup && value
        }
        return anyGroup || allOfGroup
    }
}

extension MarkerComparison {
    private static let versionVariables: Set<String> = ["implementation_version", "platform_release", "python_full_version", "python_version"]

    fileprivate func evaluate(in environment: MarkerEnvironment) throws(MarkerEvaluationError) -> Bool {
        // Whichever side is a variable is looked up; with none, the right one counts as its name.
        let variable: String
        var values: (left: MarkerEnvironment.Value, right: MarkerEnvironment.Value)
        if case .variable(let name) = left {
            variable = name
            values = (try lookUp(name, environment), .text(right.text))
        } else {
            variable = right.text
            values = (.text(left.text), try lookUp(right.text, environment))
        }
        guard case .text(var text) = values.left else { throw undefined }
        switch values.right {
        case .names(let names):
            text = NormalizedName(normalizing: text).value
            return try compare(text, with: Set(names.map { NormalizedName(normalizing: $0).value }))
        case .text(let other):
            if Self.versionVariables.contains(variable), let specifier = try? VersionSpecifier(self.operator.rawValue + other) {
                return specifier.contains(text, prereleases: true)
            }
            return try compare(text, with: other)
        }
    }

    private func lookUp(_ name: String, _ environment: MarkerEnvironment) throws(MarkerEvaluationError) -> MarkerEnvironment.Value {
        guard let value = environment.value(of: name) else { throw .undefinedName(name) }
        return value
    }

    private func compare(_ left: String, with right: String) throws(MarkerEvaluationError) -> Bool {
        switch self.operator {
        case .in: PythonText.contains(right, left)
        case .notIn: !PythonText.contains(right, left)
        case .equal, .lessOrEqual, .greaterOrEqual: PythonText.isSame(left, right)
        case .notEqual: !PythonText.isSame(left, right)
        case .less, .greater: false
        case .compatible, .identical: throw undefined
        }
    }

    private func compare(_ left: String, with right: Set<String>) throws(MarkerEvaluationError) -> Bool {
        switch self.operator {
        case .in: right.contains(left)
        case .notIn: !right.contains(left)
        // A name never equals a set.
        case .equal, .lessOrEqual, .greaterOrEqual, .less, .greater: false
        case .notEqual: true
        case .compatible, .identical: throw undefined
        }
    }

    private var undefined: MarkerEvaluationError {
        .undefinedComparison("\(left) \(self.operator.rawValue) \(right)")
    }
}
