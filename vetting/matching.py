"""Names compared with listed names: what a name is made of, how alike two are, and which of many are alike.

Pure arithmetic over tokens: no database, no clock. The order of the words, accents, punctuation and titles never count.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from ace_partners.core.search import fold


def _set(words):
    return frozenset(words.split())


# Letters with dots between them are one word: "T.P.D." is the acronym TPD.
DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
TITLES = _set(
    "m mr mrs ms mme mlle monsieur madame mademoiselle dr docteur doctor pr prof professeur professor me maitre "
    "rev reverend pasteur pastor abbe pere frere soeur mgr monseigneur ir ing ingenieur hon honorable "
    "general gen colonel col lieutenant lt major capitaine captain commandant"
)
# The first name that lists write in the most ways, too far apart for Jaro-Winkler.
SPELLINGS = dict.fromkeys(
    _set("muhammad muhammed mohammad mohammed mohamad mouhamed mouhammad mouhamad muhamed"), "mohamed"
)
# Words that say little about whose name it is: they count, but less than their length.
PARTICLES = _set(
    "a al and ba bin ben bint da de del der des di do dos du e el en et for ibn in la le les na of ou pour sur the to "
    "un une und van von wa y ya"
)
GENERIC = _set(
    "asbl ass bureau centre center co comite committee commerce coop corp drc ets forces group groupe groupement inc "
    "industries initiative initiatives institut limited llc ltd mines mutuelle ngo ong paix peace rdc reseau sa sarl "
    "scoop service services sprl trading union"
)
GENERIC_STEMS = (
    *("associat", "compan", "compagn", "congo", "cooperat", "corporat", "develop", "enterpris", "entrepris"),
    *("etabliss", "fondation", "foundation", "internation", "minier", "mining", "nation", "organis", "organiz"),
    "societ",
)
PARTICLE_SHARE, GENERIC_SHARE = 0.25, 0.35
LONGEST = 10  # letters: beyond, a longer word does not weigh more
SLACK = 0.002  # what just reaches a limit must not be lost to rounding while candidates are sought
SAME_WORD = 0.85  # Jaro-Winkler from which two words may be the same word, written otherwise
# How much the words that one name has and the other lacks take away, by the number of words that met. People leave out
# a post-name or a middle name; an organisation with fewer words is more often another organisation.
MISSING_IN_PERSON = {0: 1.0, 1: 1.0, 2: 0.22}
MISSING_IN_PERSON_AFTER = 0.15
MISSING_IN_ORGANISATION = {0: 1.0, 1: 1.0}
MISSING_IN_ORGANISATION_AFTER = 0.4

PERSON, ENTITY, OTHER = "person", "entity", "other"


class Pair(NamedTuple):
    """Two words that met: of the subject, of the listed name, and how alike they are (0 to 1)."""

    subject: str
    listed: str
    similarity: float


class Comparison(NamedTuple):
    """How alike two names are (0 to 1, three decimals), and which words met."""

    score: float
    why: tuple[Pair, ...]


class Listed(NamedTuple):
    """One listed name, as the index takes it. `kind`: person, entity or other (ships and aircraft, never compared)."""

    name_id: int
    entry_id: int
    tokens: tuple[str, ...]
    is_weak: bool
    kind: str


class Match(NamedTuple):
    """The best listed name of one entry for a subject. A weak alias is never strong, whatever its score."""

    name_id: int
    entry_id: int
    score: float
    is_strong: bool
    why: tuple[Pair, ...]


def tokens_of(text):
    """The words of a name, folded, without titles, each once, sorted: `("gedeon", "kyungu", "mutanga")`.

    A name of titles alone keeps them. Empty when the text has no letter or digit.
    """
    words = fold(DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), text)).split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    return tuple(sorted({SPELLINGS.get(word, word) for word in words if word not in TITLES} or set(words)))


def telling(tokens):
    """The words that can tell people apart: no particle, no initial."""
    return [token for token in tokens if len(token) > 1 and token not in PARTICLES]


def is_screenable(tokens):
    """One name alone fits too many people: « M. Banza » cannot be screened (checklist C1.3)."""
    return len(telling(tokens)) > 1


def compare(subject, listed, *, persons):
    """Compare two names given as tokens (see `tokens_of`). Symmetric; 1 for the same words, 0 when none is alike.

    Words meet one to one in the best way there is. What met is weighed against each of the names: the better covered
    one gives the score, and what the other has beyond it takes away a share that depends on `persons` (both names are
    people's) and on how many telling words met. One word in common is never enough.
    """
    if not subject or not listed:
        return Comparison(0.0, ())
    pairs = _meeting(subject, listed)
    if set(subject) == set(listed):
        return Comparison(1.0, pairs)
    met = sum(_worth(pair) for pair in pairs)
    covers = sorted((met / _weight_of(subject), met / _weight_of(listed)))
    telling_pairs = sum(1 for pair in pairs if _tells(pair))
    score = covers[1] * (1 - _share(telling_pairs, persons) * (1 - covers[0]))
    if len(pairs) < 2:
        score /= 2
    return Comparison(min(round(score, 3), 0.999), pairs)


def _tells(pair):
    return len(telling((pair.subject, pair.listed))) == 2


def _share(count, persons):
    if persons:
        return MISSING_IN_PERSON.get(count, MISSING_IN_PERSON_AFTER)
    return MISSING_IN_ORGANISATION.get(count, MISSING_IN_ORGANISATION_AFTER)


@lru_cache(maxsize=100_000)
def _weight(token):
    if token in PARTICLES:
        share = PARTICLE_SHARE
    else:
        share = GENERIC_SHARE if token in GENERIC or token.startswith(GENERIC_STEMS) else 1
    return min(len(token), LONGEST) * share


def _weight_of(tokens):
    return sum(_weight(token) for token in tokens)


def _worth(pair):
    return pair.similarity * min(_weight(pair.subject), _weight(pair.listed))


def _meeting(subject, listed):
    """The one-to-one meeting of words that is worth most, in the order of the subject's words.

    The two names are put in one order first, so that a tie falls the same way whoever is the subject.
    """
    first, second = sorted((tuple(sorted(subject)), tuple(sorted(listed))))
    rows = [[JaroWinkler.similarity(a, b) for b in second] for a in first]
    worth = [
        [
            alike * min(_weight(a), _weight(b)) if alike >= SAME_WORD else 0.0
            for b, alike in zip(second, row, strict=True)
        ]
        for a, row in zip(first, rows, strict=True)
    ]
    met = [(i, j) for i, j in _assignment(worth) if worth[i][j] > 0]
    swap = first != tuple(sorted(subject))
    pairs = [(second[j], first[i], rows[i][j]) if swap else (first[i], second[j], rows[i][j]) for i, j in met]
    return tuple(sorted(Pair(a, b, round(alike, 3)) for a, b, alike in pairs))


def _assignment(worth):
    """The pairs (row, column) whose sum is greatest: the Hungarian algorithm with potentials, O(rows² · columns).

    Exact and bounded even for names made to be slow: thirty words that are all alike.
    """
    turned = len(worth) > len(worth[0])
    cost = [[-value for value in row] for row in (zip(*worth, strict=True) if turned else worth)]
    rows, columns = len(cost), len(cost[0])
    row_level, column_level = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken_by, came_from = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        taken_by[0] = row
        column = 0
        least, used = [float("inf")] * (columns + 1), [False] * (columns + 1)
        while taken_by[column]:
            used[column] = True
            current, step, following = taken_by[column], float("inf"), 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                slack = cost[current - 1][j - 1] - row_level[current] - column_level[j]
                if slack < least[j]:
                    least[j], came_from[j] = slack, column
                if least[j] < step:
                    step, following = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    row_level[taken_by[j]] += step
                    column_level[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            taken_by[column] = taken_by[came_from[column]]
            column = came_from[column]
    found = [(taken_by[j] - 1, j - 1) for j in range(1, columns + 1) if taken_by[j]]
    return [(j, i) for i, j in found] if turned else found


class NameIndex:
    """Tens of thousands of listed names, searched by the words that may be the same as one of the subject's.

    Complete by construction: a match needs two words of the subject that each meet a listed word at `SAME_WORD` or
    more, and every word of the lists is compared with each of the subject's. Only names reached by two of them, whose
    best case is alike enough, are scored. Built once per set of editions, then read only.
    """

    def __init__(self, names):
        self.names = [name for name in names if name.kind != OTHER]
        self.reached = {}  # word → positions in self.names
        self.exact = {}  # tokens → positions of organisations with exactly these
        for position, name in enumerate(self.names):
            for token in name.tokens:
                self.reached.setdefault(token, []).append(position)
            if name.kind == ENTITY:
                self.exact.setdefault(name.tokens, []).append(position)
        self.words = list(self.reached)
        self._like = lru_cache(maxsize=20_000)(self._words_like)

    def __len__(self):
        return len(self.names)

    def search(self, tokens, *, person, review_from, strong_from):
        """The entries with a name at least `review_from` like this one, best first: one Match each.

        Of a name that cannot be screened nothing is found; ask `is_screenable` before.
        """
        if not is_screenable(tokens):
            return []
        found = (
            self._scored(position, tokens, person=person, strong_from=strong_from)
            for position in self._candidates(tokens, person=person, review_from=review_from)
        )
        return self._best(found, review_from)

    def search_exact(self, tokens):
        """The listed organisations that bear exactly these words: for an acronym, which is short by nature.

        Never strong: TPD may be anybody's initials.
        """
        why = tuple(Pair(token, token, 1.0) for token in tokens)
        found = (self.names[position] for position in self.exact.get(tokens, ()))
        return self._best((Match(name.name_id, name.entry_id, 1.0, False, why) for name in found), 1.0)

    def _scored(self, position, tokens, *, person, strong_from):
        name = self.names[position]
        score, why = compare(tokens, name.tokens, persons=person and name.kind == PERSON)
        return Match(name.name_id, name.entry_id, score, score >= strong_from and not name.is_weak, why)

    def _candidates(self, tokens, *, person, review_from):
        """Positions of the names that two words of the subject reach, and that may be alike enough."""
        likes = [self._like(token) for token in tokens]
        once, twice = set(), set()
        for like in likes:
            here = {position for word in like for position in self.reached[word]}
            twice |= once & here
            once |= here
        weight = _weight_of(tokens)
        return [
            position
            for position in twice
            if self._ceiling(self.names[position], tokens, likes, weight, person) + SLACK >= review_from
        ]

    @staticmethod
    def _ceiling(name, tokens, likes, weight, person):
        """No score can be higher: each word of the subject takes its best listed word, whoever else has taken it."""
        met = 0.0
        for token, like in zip(tokens, likes, strict=True):
            own = _weight(token)
            met += max((like[word] * min(own, _weight(word)) for word in name.tokens if word in like), default=0.0)
        covers = sorted(min(1.0, met / whole) for whole in (weight, _weight_of(name.tokens)))
        share = MISSING_IN_PERSON_AFTER if person and name.kind == PERSON else MISSING_IN_ORGANISATION_AFTER
        return covers[1] * (1 - share * (1 - covers[0]))

    def _words_like(self, token):
        """Listed word → how alike it is to this word, for those that may be the same."""
        close = process.extract(
            token, self.words, scorer=JaroWinkler.similarity, score_cutoff=SAME_WORD - SLACK, limit=None
        )
        return {word: alike for word, alike, _position in close}

    @staticmethod
    def _best(matches, review_from):
        best = {}
        for match in matches:
            if match.score < review_from:
                continue
            known = best.get(match.entry_id)
            if known is None or (match.is_strong, match.score) > (known.is_strong, known.score):
                best[match.entry_id] = match
        return sorted(best.values(), key=lambda match: (-match.score, match.entry_id))
