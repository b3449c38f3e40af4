import Packaging
import Testing

@Suite struct WheelTagTests {
    @Test(arguments: [
        "any", "win32", "win_amd64", "win_arm64", "manylinux1_i686", "manylinux2010_x86_64", "manylinux2014_s390x", "manylinux2014_ppc64",
        "linux_armv6l", "linux_armv7l",
        "macosx_10_9_x86_64", "macosx_10_16_universal2", "macosx_11_0_arm64", "macosx_26_0_arm64", "macosx_27_0_universal2",
        "macosx_40_0_arm64", "manylinux_2_17_x86_64", "manylinux_2_39_riscv64",
        "manylinux_2_17_ppc64", "musllinux_1_2_aarch64", "ios_13_0_arm64_iphoneos", "ios_13_0_x86_64_iphonesimulator", "android_21_arm64_v8a",
        "android_24_x86",
        "pyemscripten_2025_0_wasm32",
    ])
    func `an index takes wheels for this platform`(platform: String) {
        #expect(WheelTag.isUploadablePlatform(platform))
    }

    @Test(arguments: [
        "", "linux_x86_64", "linux", "linux_aarch64", "win_x86", "macosx_11_1_arm64", "macosx_16_0_arm64", "macosx_25_0_arm64", "macosx_27_1_arm64",
        "macosx_100_0_arm64", "macosx_9_0_ppc", "macosx_10_x_intel",
        "macosx_10_9_",
        "macosx_10_9_m68k", "manylinux_2_17_sparc", "manylinux_2_x86_64", "manylinux2014_riscv64", "manylinux2010_aarch64", "musllinux_1_2_ppc64",
        "musllinux_1_x86_64",
        "ios_13_0_arm64", "android_21_mips", "pyemscripten_2025_wasm32", "emscripten_3_1_wasm32", "any ", "ANY", "manylinux_２_17_x86_64",
    ])
    func `an index refuses wheels for this platform`(platform: String) {
        #expect(!WheelTag.isUploadablePlatform(platform))
    }

    @Test func `a private index may take plain Linux wheels`() {
        let tag = WheelTag(interpreter: "cp313", abi: "cp313", platform: "Linux_x86_64")
        #expect(!tag.isUploadable())
        #expect(tag.isUploadable(allowingPlainLinux: true))
        #expect(!WheelTag.isUploadablePlatform("linux_", allowingPlainLinux: true))
        #expect(!WheelTag.isUploadablePlatform("win_x86", allowingPlainLinux: true))
    }
}
