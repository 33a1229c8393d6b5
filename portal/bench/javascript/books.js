// node books.js NAME STREAM PASSES ROWS: times one package's book and prints JSON as books.py does.
// The trades are read from the answers afterwards: makers filled whole, then one in part.

const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { performance } = require("node:perf_hooks");

const [name, file, passes, rows] = process.argv.slice(2);
const { OrderBook } = require(name);

const messages = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .slice(1, 1 + Number(rows))
  .map((line) => {
    const [op, id, side, price, quantity] = line.split(",");
    return {
      cancels: op === "C",
      id,
      side: side === "B" ? "buy" : "sell",
      price: Number(price),
      size: Number(quantity),
    };
  });

function pass() {
  const book = new OrderBook();
  const answers = [];
  const start = performance.now();
  for (const { cancels, id, side, price, size } of messages) {
    if (cancels) book.cancel(id);
    else answers.push([id, book.limit({ id, side, price, size })]);
  }
  return [(performance.now() - start) / 1000, answers];
}

function trades(answers) {
  const lines = [];
  for (const [id, { done, partial, partialQuantityProcessed }] of answers) {
    for (const maker of done) {
      if (maker.id !== id) lines.push(`${id},${maker.id},${maker.price},${maker.size}`);
    }
    if (partial && partial.id !== id) {
      lines.push(`${id},${partial.id},${partial.price},${partialQuantityProcessed}`);
    }
  }
  return lines;
}

const seconds = [];
let lines = [];
for (let count = 0; count < Number(passes); count++) {
  const [took, answers] = pass();
  seconds.push(took);
  lines = trades(answers);
}
const digest = createHash("sha256").update(lines.join("\n")).digest("hex");
console.log(JSON.stringify({ seconds, trades: lines.length, digest }));
