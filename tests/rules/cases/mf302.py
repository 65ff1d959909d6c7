from tests.rules.cases import Case, flow

CASES = [
    *(
        Case(f"{text} says nothing", flow(text, '"""End."""'), at=("start",))
        for text in ('""', '""""""', '"""\n"""', '" "', 'b"Start."', 'f"Start."', "1", "pass")
    ),
    *(
        Case(f"{text} says something", flow(text, '"""End."""'))
        for text in ('"Start."', 'r"""Start."""', '"St" "art"')
    ),
]
