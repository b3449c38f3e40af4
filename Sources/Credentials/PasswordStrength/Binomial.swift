// Counting.

/// How many ways there are to choose `k` of `n`.
func binomial(_ n: Int, _ k: Int) -> Double {
    guard k <= n else { return 0 }
    return (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
}
