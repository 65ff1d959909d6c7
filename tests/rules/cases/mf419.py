from tests.rules.cases import Case, flow

OTHER = "@step\ndef train(self):\n    self.next(self.end)\n\n"
BASE = (
    "class Base(FlowSpec):\n    @step\n    def start(self):\n        self.next(self.end)\n\n"
    "    def load(self):\n        pass\n\n\n"
)


def case(start, *at, **around):
    return Case(start, flow(start, **around), at=at)


def derived(start, *at):
    code = flow(start, above=BASE).replace("ArxivTopics(FlowSpec)", "ArxivTopics(Base)")
    return Case(start, code, at=at)


CASES = [
    case("self.train()", "self.train()", body=OTHER),
    case("x = self.train()", "self.train()", body=OTHER),
    case("if unknown:\n    self.train()", "self.train()", body=OTHER),
    case("self.help()", "self.train()", body=OTHER + "def help(self):\n    self.train()\n\n"),
    case("self.end()"),
    case("self.train", body=OTHER),
    case("other.train()", body=OTHER),
    case("self.other.train()", body=OTHER),
    derived("super().start()", "super().start()"),
    derived("Base.start(self)", "Base.start(self)"),
    derived("super(ArxivTopics, self).start()", "super(ArxivTopics, self).start()"),
    derived("super().load()"),
    derived("Base.load(self)"),
]
