// The notation of declared conditions (bilan.pack.expressions), for showing and asking for fields while one types; the server decides.
const LONGEST = 500;
const WIDEST = 1e15;
const TOKEN = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([\p{L}_][\p{L}\p{N}_]*)|(==|!=|<=|>=|[-+*/<>()[\],]))/uy;

class Unreadable extends Error {}

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim()) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Unreadable(text.slice(at));
    const [, number, quoted, word, sign] = match;
    if (number !== undefined) found.push({ kind: "value", value: Number(number) });
    else if (quoted !== undefined) found.push({ kind: "value", value: quoted.slice(1, -1).replace(/\\(.)/g, "$1") });
    else found.push({ kind: word !== undefined ? "word" : "sign", text: word ?? sign });
  }
  return found;
}

const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);
const absent = (value) => value === null || value === undefined;
const filled = (value) => !absent(value) && value !== "" && !(Array.isArray(value) && !value.length) && !(typeof value === "object" && !Object.keys(value).length);
const truth = (value) => filled(value) && value !== false && value !== 0;

function arithmetic(work) {
  return (left, right) => {
    const [a, b] = [number(left), number(right)];
    if (a === null || b === null) return null;
    const found = work(a, b);
    return Number.isFinite(found) && Math.abs(found) <= WIDEST ? found : null;
  };
}

function compared(work) {
  return (left, right) => (absent(left) || absent(right) || typeof left !== typeof right ? false : work(left, right));
}

function same(left, right) {
  if (absent(left) || absent(right)) return absent(left) && absent(right);
  return typeof left === "object" ? JSON.stringify(left) === JSON.stringify(right) : left === right;
}

const within = (left, right) => (Array.isArray(right) ? right.some((item) => same(item, left)) : typeof right === "string" && typeof left === "string" && right.includes(left));
const numbers = (values) => (values.length === 1 && Array.isArray(values[0]) ? values[0] : values).map(number).filter((value) => value !== null);

function day(value) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(String(value ?? ""));
  if (!match) return null;
  const found = new Date(Date.UTC(match[1], match[2] - 1, match[3]));
  return found.getUTCMonth() === match[2] - 1 && found.getUTCDate() === Number(match[3]) ? found : null;
}

// Half to even, as Python rounds.
function rounded(value, digits = 0) {
  if (number(value) === null) return null;
  const places = Math.max(-9, Math.min(9, Math.trunc(digits)));
  const text = Math.abs(value) < 1e21 ? value.toFixed(Math.max(0, places)) : String(value);
  if (places >= 0 && Math.abs(Number(`${value}e${places}`) % 1) !== 0.5) return Number(text);
  const scaled = Number(`${value}e${places}`);
  const floor = Math.floor(scaled);
  const whole = scaled - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled);
  return Number(`${whole}e${-places}`);
}

const today = () => { const now = new Date(); return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10); };
const size = (value) => (value !== null && typeof value === "object" ? Object.keys(value).length : Number(filled(value)));

const FUNCTIONS = {
  filled,
  count: size,
  sum: (...values) => numbers(values).reduce((total, value) => total + value, 0),
  min: (...values) => { const known = numbers(values); return known.length ? Math.min(...known) : null; },
  max: (...values) => { const known = numbers(values); return known.length ? Math.max(...known) : null; },
  round: rounded,
  abs: (value) => (number(value) === null ? null : Math.abs(value)),
  today,
  year: (value) => day(value)?.getUTCFullYear() ?? null,
  days: (first, last) => { const [begin, end] = [day(first), day(last)]; return begin && end ? Math.round((end - begin) / 86400000) : null; },
  column: (rows, name) => (Array.isArray(rows) ? rows.filter((row) => row && typeof row === "object").map((row) => row[name] ?? null) : []),
  text: (...values) => values.map((value) => (absent(value) ? "" : value === true ? "True" : value === false ? "False" : String(value))).join("").slice(0, LONGEST),
  starts: (value, ...beginnings) => typeof value === "string" && beginnings.some((beginning) => value.startsWith(String(beginning))),
  length: (value) => (typeof value === "string" ? [...value].length : null),
};
const OUTSIDE = new Set(["linked", "count_linked", "latest", "verdict"]);
const CONSTANTS = { True: true, False: false, None: null };
const SIGNS = { "==": same, "!=": (a, b) => !same(a, b), "<": compared((a, b) => a < b), "<=": compared((a, b) => a <= b), ">": compared((a, b) => a > b), ">=": compared((a, b) => a >= b) };

class Parser {
  constructor(text) {
    this.tokens = tokens(text);
    this.at = 0;
  }

  is(text) { const token = this.tokens[this.at]; return token && token.kind !== "value" && token.text === text; }
  take(text) { if (!this.is(text)) return false; this.at += 1; return true; }
  need(text) { if (!this.take(text)) throw new Unreadable(text); }

  whole() {
    const found = this.choice();
    if (this.at < this.tokens.length) throw new Unreadable("rest");
    return found;
  }

  choice() {
    const yes = this.either();
    if (!this.take("if")) return yes;
    const test = this.either();
    this.need("else");
    const no = this.choice();
    return (values) => (truth(test(values)) ? yes(values) : no(values));
  }

  either() { return this.joined("or", () => this.both(), (items) => (values) => items.some((item) => truth(item(values)))); }
  both() { return this.joined("and", () => this.negated(), (items) => (values) => items.every((item) => truth(item(values)))); }

  joined(word, part, make) {
    const items = [part()];
    while (this.take(word)) items.push(part());
    return items.length === 1 ? items[0] : make(items);
  }

  negated() {
    if (!this.take("not")) return this.comparison();
    const part = this.negated();
    return (values) => !truth(part(values));
  }

  comparison() {
    const left = this.sum();
    const sign = Object.keys(SIGNS).find((text) => this.is(text));
    if (sign) { this.at += 1; const right = this.sum(); return (values) => SIGNS[sign](left(values), right(values)); }
    if (this.take("in")) { const right = this.sum(); return (values) => within(left(values), right(values)); }
    if (this.is("not") && this.tokens[this.at + 1]?.text === "in") { this.at += 2; const right = this.sum(); return (values) => !within(left(values), right(values)); }
    return left;
  }

  sum() { return this.chain({ "+": arithmetic((a, b) => a + b), "-": arithmetic((a, b) => a - b) }, () => this.product()); }
  product() { return this.chain({ "*": arithmetic((a, b) => a * b), "/": arithmetic((a, b) => a / b) }, () => this.signed()); }

  chain(works, part) {
    let left = part();
    for (;;) {
      const sign = Object.keys(works).find((text) => this.is(text));
      if (!sign) return left;
      this.at += 1;
      const [first, second] = [left, part()];
      left = (values) => works[sign](first(values), second(values));
    }
  }

  signed() {
    if (!this.take("-")) return this.atom();
    const part = this.signed();
    return (values) => { const found = number(part(values)); return found === null ? null : -found; };
  }

  atom() {
    const token = this.tokens[this.at];
    if (!token) throw new Unreadable("end");
    this.at += 1;
    if (token.kind === "value") return () => token.value;
    if (token.text === "(") return this.bracketed();
    if (token.text === "[") { const items = this.list("]"); return (values) => items.map((item) => item(values)); }
    if (token.kind !== "word") throw new Unreadable(token.text);
    if (token.text in CONSTANTS) return () => CONSTANTS[token.text];
    return this.take("(") ? this.call(token.text) : (values) => values[token.text] ?? null;
  }

  bracketed() {
    const items = this.list(")");
    const tuple = items.length !== 1 || this.tokens[this.at - 2]?.text === ",";
    return tuple ? (values) => items.map((item) => item(values)) : items[0];
  }

  list(end) {
    const items = [];
    while (!this.take(end)) {
      items.push(this.choice());
      if (!this.take(",") && !this.is(end)) throw new Unreadable(end);
    }
    return items;
  }

  call(name) {
    const parts = this.list(")");
    if (OUTSIDE.has(name)) return () => null;
    const work = FUNCTIONS[name];
    if (!work) throw new Unreadable(name);
    return (values) => work(...parts.map((part) => part(values)));
  }
}

// A function of values by name; throws when the text is no expression.
export function expression(text) {
  return new Parser(text).whole();
}

// Whether a condition is met; what cannot be read here is left to the server.
export function condition(text, otherwise = true) {
  let run;
  try { run = expression(text); } catch { return () => otherwise; }
  return (values) => truth(run(values));
}
