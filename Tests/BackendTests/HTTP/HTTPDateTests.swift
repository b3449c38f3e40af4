import Backends
import Testing

@Suite struct HTTPDateTests {
    @Test func `the three forms of one second are read alike`() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            #expect(HTTPDate.parse(text) == 784_111_777, "\(text)")
        }
        #expect(HTTPDate.parse("Wed Nov 16 08:49:37 1994") == 784_975_777)
        #expect(HTTPDate.parse("Fri, 24 May 2013 00:00:00 GMT") == 1_369_353_600)
        #expect(HTTPDate.parse("Thursday, 01-Jan-70 00:00:00 GMT") == 0)
        #expect(HTTPDate.parse("Friday, 01-Jan-69 00:00:00 GMT") == 3_124_224_000)
        #expect(HTTPDate.parse("Sat, 31 Dec 2016 23:59:60 GMT") == 1_483_228_800)
    }

    @Test func `what is written is read again, over all the years that four digits name`() {
        var time: Int64 = -62_167_219_200
        while time <= 253_402_300_799 {
            #expect(HTTPDate.parse(HTTPDate.text(time)) == time, "\(HTTPDate.text(time))")
            // A prime number of seconds, about nine months.
            time += 23_456_789
        }
        #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(951_782_399) == "Mon, 28 Feb 2000 23:59:59 GMT")
    }

    // A year just above the least number of 32 bits once ended the process.
    @Test func `numbers at the ends of their types are no dates, in any place`() {
        let numbers = [
            "-2147483648", "-2147483649", "2147483647", "2147483648", "-9223372036854775808", "9223372036854775808", "-1", "+1", "0", "00", "000000",
            "99", "9999", "10000", "1e3", "0x7", "nan", "inf", "", " ", "٣", "1 ", "99999999999999999999999999",
        ]
        for number in numbers {
            for text in [
                "Sun, 06 Nov \(number) 08:49:37 GMT", "Sun, \(number) Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 \(number):49:37 GMT",
                "Sun, 06 Nov 1994 08:\(number):37 GMT", "Sun, 06 Nov 1994 08:49:\(number) GMT", "Sunday, \(number)-Nov-94 08:49:37 GMT",
                "Sunday, 06-Nov-\(number) 08:49:37 GMT", "Sun Nov \(number) 08:49:37 1994", "Sun Nov  6 08:49:37 \(number)",
            ] {
                let read = HTTPDate.parse(text)
                #expect(read == nil || number == "00" || number == "9999" || number == "99", "\(text): \(read ?? 0)")
            }
        }
        for number in [Int64.min, .min + 1, .max, .max - 1, Int64(Int32.min), Int64(Int32.max)] { #expect(HTTPDate.text(number).hasSuffix(" GMT")) }
    }

    @Test func `days that their month does not have, other zones, spaces and words are refused`() {
        for text in [
            "", "GMT", "24 May 2013", "Fri, 24 Mai 2013 00:00:00 GMT", "Fri, 32 May 2013 00:00:00 GMT", "Fri, 24 May 2013 0:0 GMT",
            "Thu, 29 Feb 2023 00:00:00 GMT",
            "Sun, 31 Apr 2022 00:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 +0000", "Sun,  06 Nov 1994 08:49:37 GMT",
            " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun Nov 6 08:49:37 1994", "Foo, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT", String(repeating: "Sun, 06 Nov 1994 08:49:37 GMT ", count: 2000),
        ] { #expect(HTTPDate.parse(text) == nil, "\(text.prefix(60))") }
    }
}
