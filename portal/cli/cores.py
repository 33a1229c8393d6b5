"""The exchange's cores from the shell, on files alone: what came of these orders, or would come.

No record is read, so that whoever doubts a price can find it again from what was told.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import click

from market.auctions import one_way as core
from market.auctions.call import Candidates, clear
from market.auctions.orders import read_bids, read_orders
from market.errors import FileRefused
from market.matching.kinds import Trade
from market.matching.replay import TRADE_COLUMNS, replay
from portal.cli.params import Whole
from portal.cli.shared import REFUSED, Failed, dump, json_option, tell

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("replay")
@click.argument("stream", type=FILE)
@click.option("--trades", "out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@json_option
def replayed(stream: Path, out: Path, as_json: bool) -> None:
    """Run a stream of orders through the continuous core and write its trades.

    STREAM: seq,action,order_id,side,price,quantity (limit, market, cancel, reduce; buy, sell), run
    in the order of its lines. A reduce is by its quantity; a cancel or reduce of an id that does
    not rest does nothing; an id that rests already is refused with its line, and nothing is
    written then. Prices and quantities are whole numbers; seq is for the reader alone.
    """
    if out.exists() and out.samefile(stream):
        raise click.UsageError("--trades would overwrite the stream")
    with _file(stream) as lines:
        result = replay(lines)
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            written(file, result.trades)
    except OSError as error:
        raise Failed(REFUSED, "file-not-writable", {"file": str(out)}) from error
    volume = sum(trade[3] for trade in result.trades)
    told = {"rows": result.rows, "trades": len(result.trades), "volume": volume}
    tell(as_json, {**told, "resting": result.resting})


def written(file: TextIO, trades: Iterable[Trade]) -> None:
    """Write trades as CSV whose lines end with LF.

    Before Python 3.13 a writer of such lines leaves a CR within an id bare, where a reader would
    begin another line.
    """
    plain = csv.writer(file, lineterminator="\n")
    quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    plain.writerow(TRADE_COLUMNS)
    for trade in trades:
        (quoted if "\r" in trade[0] or "\r" in trade[1] else plain).writerow(trade)


@click.command()
@click.argument("orders", type=FILE)
@click.option("--reference", type=int, help="The reference price.")
@click.option("--tick", default=1, show_default=True, type=Whole(1))
@click.option(
    "--candidates",
    default=Candidates.LIMITS.value,
    show_default=True,
    type=click.Choice([convention.value for convention in Candidates]),
)
@json_option
def auction(orders: Path, reference: int | None, tick: int, candidates: str, as_json: bool) -> None:
    """Clear a call auction and print price, volume, surplus and fills as JSON.

    ORDERS: order_id,side,price,quantity in the order of time; no price is a market order.

    The price has the largest volume, then the least surplus, then follows the pressure (surplus of
    buyers: the highest, of sellers: the lowest), then is nearest to the reference, the higher of
    two; without one the highest. It is chosen among the limits, these and the reference (the tick
    nearest to it) where there is one, or every tick between the lowest and the highest limit.
    """
    with _file(orders) as lines:
        bids = read_orders(lines, tick)
    cleared = clear(bids, reference, tick, Candidates(candidates))
    click.echo(dump(asdict(cleared)))


@click.command("one-way")
@click.argument("bids", type=FILE)
@click.option("--quantity", required=True, type=Whole(1), help="What is offered, or wanted.")
@click.option("--reverse", is_flag=True, help="One buyer, many sellers: the lowest price first.")
@click.option("--reserve", type=Whole(1), help="The worst price that counts.")
@click.option("--lot", default=1, show_default=True, type=Whole(1))
@click.option("--tick", default=1, show_default=True, type=Whole(1))
@click.option("--pricing", default=core.UNIFORM, show_default=True, type=click.Choice(core.PRICING))
@click.option("--ties", default=core.TIME, show_default=True, type=click.Choice(core.TIES))
@click.option("--seed", default="", help="Of the ties by lot; an auction's page tells it.")
@click.option(
    "--undersubscribed",
    default=core.SELL,
    show_default=True,
    type=click.Choice(core.UNDERSUBSCRIBED),
    help="Where bids ask for less than is offered.",
)
@json_option
def one_way(bids: Path, tick: int, ties: str, seed: str, as_json: bool, **terms: Any) -> None:
    """Clear a one-way auction and print price, volume and awards as JSON.

    BIDS: bid_id,price,quantity,least in the order of time; an empty least is none. Bids are taken
    from the best price on; a bid worse than the reserve does not count. Where those of one price
    ask for more than is left, the rule for ties shares it: by time, by lot (needs --seed), in
    proportion with left-over lots by largest remainder, or one each to the earlier. Below its
    least a bid wants nothing.
    """
    if (ties == core.RANDOM) is not bool(seed):
        raise click.UsageError("--seed belongs to --ties random, which needs it")
    rules = core.Rules(tie=ties, seed=seed, **terms)
    with _file(bids) as lines:
        found = read_bids(lines, tick, rules.lot)
    cleared = asdict(core.clear(found, rules))
    awards = [[award["name"], award["quantity"], award["price"]] for award in cleared["awards"]]
    click.echo(dump({**cleared, "awards": awards}))


@contextmanager
def _file(path: Path) -> Iterator[Iterator[str]]:
    """The lines of a file; what its reader refuses names line and field."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except FileRefused as error:
        raise Failed(REFUSED, error.code, error.params) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(REFUSED, "file-unreadable", {"file": str(path)}) from error
