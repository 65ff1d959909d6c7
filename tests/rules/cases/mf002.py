from tests.rules.cases import Case, named

CASES = [
    *(
        Case("a letter or a version says nothing", named(name), at=(name,))
        for name in ("TrainX", "TrainV2", "ModelA")
    ),
    *(
        Case("where it stands among others says nothing", named(name), at=(name,))
        for name in ("PrimaryFlow", "SecondaryPipeline", "IntermediateData")
    ),
    Case("what is promoted says something", named("PromoteDetector")),
    *(
        Case("short names with numbers say something", named(name))
        for name in ("TrainS3", "TrainGo", "ModelK8s")
    ),
]
