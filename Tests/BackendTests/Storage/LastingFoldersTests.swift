import Testing

@testable import Backends

@Suite struct LastingFoldersTests {
    @Test func `a path of which nothing is known is synchronized from the root on`() {
        #expect(LastingFolders().firstDoubtful(on: ["aa", "bb", "cc"], newest: nil) == 0)
    }

    @Test func `of a path that was synchronized only the file's own folder is again`() {
        let lasting = LastingFolders()
        lasting.note(["aa", "bb", "cc"])
        #expect(lasting.firstDoubtful(on: ["aa", "bb", "cc"], newest: nil) == 3)
        #expect(lasting.firstDoubtful(on: ["aa", "bb", "dd"], newest: nil) == 2)
        #expect(lasting.firstDoubtful(on: ["aa", "cc", "cc"], newest: 1) == 1)
        #expect(lasting.firstDoubtful(on: ["a", "abb", "cc"], newest: nil) == 0)
    }

    @Test func `what is known of a folder does not hold for one that was made in its place`() {
        let lasting = LastingFolders()
        lasting.note(["aa", "bb", "cc"])
        #expect(lasting.firstDoubtful(on: ["aa", "bb", "cc"], newest: 1) == 1)
        #expect(lasting.firstDoubtful(on: ["aa", "bb", "cc"], newest: 0) == 0)
    }

    @Test func `a file at the top has the root for its folder`() {
        #expect(LastingFolders().firstDoubtful(on: [], newest: nil) == 0)
    }
}
