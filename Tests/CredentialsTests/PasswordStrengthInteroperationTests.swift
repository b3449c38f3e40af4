import Foundation
import Testing

@testable import Credentials

/// zxcvbn, whose verdict the reference index asks for, over passwords as people make them.
@Suite struct PasswordStrengthInteroperationTests {
    private struct Judged: Codable, Sendable {
        let kind: String
        let password: String
        let inputs: [String]
        let score: Int
    }

    private static let script = #"""
        import json, math, random, string, sys
        from zxcvbn import zxcvbn
        from zxcvbn.adjacency_graphs import ADJACENCY_GRAPHS
        from zxcvbn.frequency_lists import FREQUENCY_LISTS

        chance = random.Random(json.load(open(sys.argv[1])))
        lists = {name: list(words) for name, words in FREQUENCY_LISTS.items()}
        LEET = {"a": "4@", "b": "8", "e": "3", "g": "69", "i": "1!", "l": "1|", "o": "0", "s": "$5", "t": "+7", "x": "%", "z": "2"}
        QWERTY = ADJACENCY_GRAPHS["qwerty"]


        def word(name=None):
            # As people choose: the frequent ones often, the rare ones seldom (every order of magnitude is as likely as the next).
            words = lists[name or chance.choice(["passwords", "passwords", "english_wikipedia", "us_tv_and_film", "surnames", "female_names", "male_names"])]
            return words[min(len(words), int(math.exp(chance.uniform(0, math.log(len(words)))))) - 1]


        def digits(count):
            return "".join(chance.choice(string.digits) for _ in range(count))


        def leet(text):
            return "".join(chance.choice(LEET[c]) if c in LEET and chance.random() < 0.6 else c for c in text)


        def cased(text):
            return chance.choice([text, text, text.capitalize(), text.upper(), "".join(chance.choice([c, c.upper()]) for c in text)])


        def walk():
            text = chance.choice("qwertyuiopasdfghjklzxcvbnm1234567890")
            direction = chance.randrange(6)
            for _ in range(chance.randint(3, 12)):
                if chance.random() < 0.25:
                    direction = chance.randrange(6)
                key = QWERTY[text[-1]][direction]
                if key is None:
                    direction = chance.randrange(6)
                    continue
                text += key[1] if chance.random() < 0.05 and len(key) > 1 else key[0]
            return text


        def date():
            day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1940, 2024)
            mark = chance.choice(["", "", "-", "/", "."])
            short = f"{year % 100:02}"
            return mark.join(chance.choice([
                [f"{day:02}", f"{month:02}", str(year)], [str(year), f"{month:02}", f"{day:02}"], [str(day), str(month), short], [str(month), str(day), str(year)],
            ]))


        def sequence():
            first, step, length = chance.choice("aAdkm0135"), chance.choice([1, 1, -1, 2, 3]), chance.randint(3, 9)
            return "".join(chr(ord(first) + step * index) for index in range(length) if 33 <= ord(first) + step * index < 127)


        def random_text():
            return "".join(chance.choice(chance.choice([string.ascii_lowercase, string.ascii_letters + string.digits, string.printable[:94]])) for _ in range(chance.randint(4, 14)))


        def personal():
            first, last = word("female_names"), word("surnames")
            inputs = [first + last[:1], f"{first.title()} {last.title()}", f"{first}.{last}@example.org"]
            return chance.choice([inputs[0], inputs[1], inputs[2], inputs[0].capitalize(), inputs[0] + digits(2), inputs[0] + "!" + word()]), inputs


        MAKERS = {
            "list": lambda: word(), "password": lambda: word("passwords"), "any password": lambda: chance.choice(lists["passwords"]),
            "cased": lambda: cased(word()), "leet": lambda: leet(cased(word())), "suffix": lambda: cased(word()) + digits(chance.randint(1, 4)) + chance.choice(["", "", "!", "#"]),
            "two words": lambda: word() + chance.choice(["", "-", ".", "1"]) + word(), "three words": lambda: word() + word() + word(), "reversed": lambda: word()[::-1],
            "leet with suffix": lambda: leet(word()) + digits(chance.randint(1, 3)), "walk": walk, "walk with word": lambda: chance.choice([walk() + word(), word() + walk()]),
            "date": date, "date with word": lambda: chance.choice([date() + word(), word() + date()]), "repeat": lambda: chance.choice([word(), random_text()[:3], digits(2), "a"]) * chance.randint(2, 6),
            "sequence": lambda: sequence() + chance.choice(["", word(), sequence()]), "random": random_text, "digits": lambda: digits(chance.randint(4, 12)),
        }
        answers = []
        for kind, make in MAKERS.items():
            for _ in range(160):
                password = make()[:72]
                answers.append({"kind": kind, "password": password, "inputs": [], "score": zxcvbn(password)["score"] if password else 0})
        for _ in range(160):
            password, inputs = personal()
            answers.append({"kind": "personal", "password": password, "inputs": inputs, "score": zxcvbn(password, user_inputs=inputs)["score"]})
        json.dump(answers, open(sys.argv[2], "w"))
        """#

    @Test func `our verdict on three thousand passwords is that of zxcvbn`() async throws {
        let judged = try await PythonScript.answer(Self.script, to: 2026, as: [Judged].self)
        #expect(judged.count > 3000)
        var agreed = 0
        var same = 0
        var lenient: [String: [String]] = [:]
        var strict: [String: [String]] = [:]
        for item in judged {
            let strength = PasswordStrength(item.password, userInputs: item.inputs)
            if strength.score == item.score { same += 1 }
            if strength.isAcceptable == (item.score >= 2) {
                agreed += 1
            } else if strength.isAcceptable {
                lenient[item.kind, default: []].append("\(item.password) (\(item.score) there, \(strength.score) here)")
            } else {
                strict[item.kind, default: []].append("\(item.password) (\(item.score) there, \(strength.score) here)")
            }
        }
        let percent = Double(agreed) / Double(judged.count) * 100
        print("verdicts that agree: \(agreed) of \(judged.count) (\(percent) %); scores that agree: \(same)")
        for (kind, passwords) in lenient.sorted(by: { $0.key < $1.key }) { print("  lenient, \(kind): \(passwords.joined(separator: ", "))") }
        for (kind, passwords) in strict.sorted(by: { $0.key < $1.key }) { print("  strict, \(kind): \(passwords.joined(separator: ", "))") }
        #expect(percent >= 97)
    }
}
