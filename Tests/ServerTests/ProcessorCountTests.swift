import Testing

@testable import Server

struct ProcessorCountTests {
    @Test(
        arguments: [
            ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2), ("Cpus_allowed:\t00000000,00000001\n", 1),
            ("Cpus_allowed:\tff,ffffffff\n", 40),
            ("Name:\tx\n", nil), ("Cpus_allowed:\t0\n", nil),
        ] as [(String, Int?)]
    )
    func `the kernel's mask says how many processors are ours`(status: String, count: Int?) {
        #expect(ProcessorCount.allowed(in: status) == count)
    }
}
