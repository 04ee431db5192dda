"""Names, telephone numbers and codes of nobody: made up, and recognisable as such."""

from __future__ import annotations

import numpy as np

from bilan.pack.registers.values import uscc_check

SURNAMES = "林陈黄张吴李王郑蔡刘杨许庄苏谢洪曾叶施邱"
GIVEN = "青禾云舟碧川松岚沐阳朝晖素秋竹溪鹭汀芷若澄宇榕声梧桐景行思远怀瑾"
AREA = "0000"
"""No telephone network has this area code: a call to such a number reaches nobody."""
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def person(random: np.random.Generator) -> dict[str, str]:
    """A person who does not exist.

    Examples:
        >>> sorted(person(np.random.default_rng(1)))
        ['name', 'phone']
    """
    first = SURNAMES[int(random.integers(len(SURNAMES)))]
    given = "".join(GIVEN[int(place)] for place in random.integers(len(GIVEN), size=2))
    return {"name": first + given, "phone": f"{AREA}-2{int(random.integers(10**7)):07d}"}


def social_credit_code(district: str, random: np.random.Generator) -> str:
    """A well-formed unified social credit code of no organisation, with its check character.

    Examples:
        >>> social_credit_code("350582", np.random.default_rng(1))[:8]
        '91350582'
    """
    body = f"91{district or '350500'}" + "ZZ" + "".join(_SIGNS[int(sign)] for sign in random.integers(len(_SIGNS), size=7))
    body = body.replace("Z", "Y")
    return body + uscc_check(body)
