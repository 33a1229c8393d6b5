"""Engine versions: from which one a change of what handlers decide holds.

A ledger begins with the newest version and goes up by ``engine.activate``.  A handler asks
``Context.engine_version``, so that what stands on an older log is decided again as it was.
"""

from __future__ import annotations

ENGINE_VERSION = 4
"""The highest engine version that this software knows; a ledger activates each by statement."""

FACTS_TOLD = 2
"""A fact tells the rooms above that it was stated, and not only that one was corrected."""
DECLARATIONS_FIT = 2
"""No answer goes on the record whose declared inputs the rule refuses by their form."""
EARLIER_NAMED = 2
"""Who signed an earlier step of a recovery is refused by the entry of that step."""
SUMS_TOLD = 2
"""Who relies on an answer that would be another one today is told the sums of then and now."""
ISSUES_TIMED = 2
"""A batch keeps the time of its issue in a row of its own, so that answers may count by it."""
UNITS_KEPT = 2
"""That units under a grant fell is told to the grant's side alone, not to who asked its answer."""
ORDERS_ONCE = 2
"""A document of an authority acts once, and a freeze obeys the authority that ordered it."""
RANKS_SHARED = 2
"""Freezes and pledges share one count of ranks, by which a pledge is judged when it is proposed."""
STATES_NEEDED = 2
"""A refused move names the states in which it may be made, not the one to which it leads."""
SITES_SPELLED = 3
"""The spellings of a site are one site: projects are found by a form of it in a row of its own."""
STANDING_OF_OTHERS = 3
"""Nobody suspends itself: an authority that did could not be reinstated by anybody."""
CREDITED_ONCE_BUILT = 3
"""A project is credited for nothing before its construction began."""
NEGATIVE_IS_EMPTY = 3
"""A negative opinion on a report states no quantities, which nothing would read."""
INSTRUMENT_NAMED = 3
"""Who ends all orders in an instrument names one that is listed."""
REFERENCE_OF_DAY = 3
"""A block told after the close stands beside the reference price of its day, not of the next."""
PERSON_MARKED = 3
"""A new key that puts another person behind an operator says so in the party's history."""
PAPERS_ONCE = 4
"""The paper of an opinion stands behind one project or one report, and no other."""
BLOCKS_IN_ORDER = 4
"""Blocks that go are named in an outcome by their first serial, in no order of a set."""
STEPS_DATED = 4
"""A step of a grant or a recovery keeps its day; no money comes or goes before what it follows."""
BARS_ONCE = 4
"""One document bars a party for the same days once."""
OPINION_ANEW = 4
"""A report whose opinion is taken back before its credits exist waits for another opinion."""
ENDED_WITH_PROJECT = 4
"""What a project that is over or suspended leaves behind goes no further: applications on its
reports go back, none is taken up, and nothing that has come to an end is commented upon."""
HOURS_TOLD = 4
"""Who comes outside of a method's hours is told the time and the hours."""
AUTHORITIES_APART = 4
"""Who holds an office is admitted by the regulator, and by nobody else."""
CORRECTIONS_FIT = 4
"""A correction goes the way back of what the entry that it names moved, and for no more."""
PLEDGES_END = 4
"""Offers end with their pledge, an extension takes the notice of default back and ends no earlier
than today, and nothing is pledged or sold to a party that has left."""
CONSENTS_END = 4
"""A consent ends when its giver leaves, since nobody could withdraw it any more."""
COPIES_FIRST = 4
"""A copy of an order is told that it is one, and not that too little is left for it."""
CANCELLED_ANYWHERE = 4
"""Forced cancellation takes what is available on either account, as other orders do."""
FREED_AS_REPLACED = 4
"""No more stays frozen for a duty than is still to be replaced, however it was replaced."""
MIRRORS_PAST = 4
"""Nothing is mirrored that another registry is to have issued or ended on a day still to come."""
ROWS_COUNTED = 4
"""A commitment counts each party's rows, so that a confirmation of all of them is seen whole."""
KEYS_PLACED = 4
"""An admission that a key breaks says which of its keys, and a role is held once."""
MONEY_PLACED = 4
"""A grant is charged to a line of its rule's level and its applicant's region; a repayment counts
once by its reference, and who decides that something comes back says how much."""
RULES_FRESH = 4
"""A rule that is published has no comment in an expression, a whole region code, a title in both
languages, and does not exclude itself; its figures have values for all days of its force, within
their units."""
DOCUMENTS_KEPT = 4
"""A freeze that is renewed goes on naming the document that ordered it."""
OWNERS_SUCCEEDED = 4
"""Another enterprise may take the place of a project's owner, with its duties."""
PURCHASES_PENDING = 4
"""A position limit counts what pends by any trade method, not by the same one alone."""
CASH_BOUNDED = 4
"""No cash comes in beyond what a statement can state of the whole omnibus account."""
VALUES_BOUNDED = 4
"""A reverse auction is announced for no more than its buyer could freeze."""
REPLACED_ACROSS = 4
"""What a duty has frozen and what its owner has free besides replace units in one statement."""
CALLS_ON_TICK = 4
"""A call auction's reference price is a candidate as the tick nearest to it."""
LISTINGS_NAMED = 4
"""Who takes back another's listing is told that it is another's, since all may see it."""
