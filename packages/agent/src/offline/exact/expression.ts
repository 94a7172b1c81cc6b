/** A value, and whether it was written as a percentage: "240 + 15%" adds 15 % of 240. */
interface Value {
  number: number;
  percent: boolean;
}

type Token = { kind: "number"; value: number } | { kind: "word"; text: string } | { kind: "operator"; text: string };

const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  abs: Math.abs,
  round: Math.round,
  floor: Math.floor,
  ceil: Math.ceil,
  ln: Math.log,
  log: Math.log10,
  exp: Math.exp,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  min: Math.min,
  max: Math.max,
};
const constants: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI, e: Math.E };

/** Spoken forms, English and French, as symbols. Longest first. */
const spoken: readonly (readonly [RegExp, string])[] = [
  [/\b(?:the )?square root of\b|\b(?:la )?racine (?:carr[ée]e )?de\b|√/gi, " sqrt "],
  [/\b(?:the )?cube root of\b/gi, " cbrt "],
  [/\b(?:divided by|over)\b|\bdivis[ée] par\b|÷/gi, "/"],
  [/\b(?:multiplied by|times)\b|\bfois\b|×|(?<=\d\s*)x(?=\s*\d)/gi, "*"],
  [/\b(?:to the power of|raised to(?: the power of)?)\b|\b(?:à la )?puissance\b|\*\*/gi, "^"],
  [/(?<=[\d)\s])squared\b|\bau carr[ée](?![\p{L}])/giu, "^2"],
  [/(?<=[\d)\s])cubed\b/gi, "^3"],
  [/\bplus\b/gi, "+"],
  [/\b(?:minus|moins)\b|[−–]/gi, "-"],
  [/\bpercent\b|\bper cent\b|\bpour ?cent\b/gi, "%"],
  [/\b(?:modulo|mod)\b/gi, " mod "],
  [/(?<=%\s*)(?:of|de)\b/gi, "*"],
];

/**
 * Evaluates arithmetic: + - * / ^ ! mod, parentheses, percentages, functions, thousands separators, and the words for
 * them. Undefined when the text is anything else, or a lone number. Infinite results are returned as they are.
 */
export function evaluate(text: string): number | undefined {
  let source = ` ${text.trim()} `;
  for (const [pattern, symbol] of spoken) source = source.replace(pattern, symbol);
  const tokens = tokenize(source);
  if (!tokens || !tokens.some((token) => token.kind !== "number")) return undefined;
  const lone =
    tokens.length === 1 ||
    (tokens.length === 2 &&
      tokens.every((token) => token.kind === "number" || (token.kind === "operator" && token.text === "%")));
  if (lone && tokens[0]?.kind !== "word") return undefined;
  const reader = createReader(tokens);
  try {
    const value = reader.sum();
    return reader.atEnd() ? plain(value) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** "1,234.5", "1 234", "3,5" and "1'000" as numbers. A comma before exactly three digits separates thousands. */
function tokenize(source: string): Token[] | undefined {
  const tokens: Token[] = [];
  const pattern =
    /\s*(?:(\d{1,3}(?:([,' \u00a0\u202f])\d{3})(?:\2\d{3})*(?!\d)(?:\.\d+)?|\d+,\d+(?![\d,.])|\d*\.?\d+(?:e[+-]?\d+)?)|([a-zπ]+)|([-+*/^%!(),]))\s*/giy;
  while (pattern.lastIndex < source.length) {
    const at = pattern.lastIndex;
    const found = pattern.exec(source);
    if (!found || pattern.lastIndex === at) return undefined;
    const [, number, separator, word, operator] = found;
    if (number !== undefined) {
      const digits = separator ? number.replaceAll(separator, "") : number.replace(",", ".");
      tokens.push({ kind: "number", value: Number(digits) });
    } else if (word !== undefined) tokens.push({ kind: "word", text: word.toLowerCase() });
    else if (operator !== undefined) tokens.push({ kind: "operator", text: operator });
  }
  return tokens;
}

const plain = (value: Value) => (value.percent ? value.number / 100 : value.number);
const exact = (number: number): Value => ({ number, percent: false });

function createReader(tokens: readonly Token[]) {
  let at = 0;
  let depth = 0;
  const atOperator = (...texts: string[]) => {
    const token = tokens[at];
    return token?.kind === "operator" && texts.includes(token.text) ? token.text : undefined;
  };
  const take = (text: string) => {
    if (!atOperator(text)) throw new SyntaxError(`expected ${text}`);
    at++;
  };

  function sum(): Value {
    if (++depth > 100) throw new SyntaxError("too deep");
    let left = product();
    for (let operator = atOperator("+", "-"); operator; operator = atOperator("+", "-")) {
      at++;
      const right = product();
      const base = plain(left);
      const amount = right.percent && !left.percent ? (base * right.number) / 100 : plain(right);
      left = exact(operator === "+" ? base + amount : base - amount);
    }
    depth--;
    return left;
  }

  function product(): Value {
    let left = unary();
    for (;;) {
      const token = tokens[at];
      const modulo = token?.kind === "word" && token.text === "mod";
      const operator = atOperator("*", "/");
      if (!operator && !modulo) return left;
      at++;
      const right = plain(unary());
      const value = plain(left);
      left = exact(
        modulo ? value - right * Math.floor(value / right) : operator === "*" ? value * right : value / right,
      );
    }
  }

  function unary(): Value {
    if (atOperator("+", "-")) {
      const negative = atOperator("-");
      at++;
      const value = unary();
      return negative ? { ...value, number: -value.number } : value;
    }
    return power();
  }

  function power(): Value {
    const base = postfix();
    if (!atOperator("^")) return base;
    at++;
    return exact(plain(base) ** plain(unary()));
  }

  function postfix(): Value {
    let value = primary();
    for (let operator = atOperator("!", "%"); operator; operator = atOperator("!", "%")) {
      at++;
      value = operator === "%" ? { number: plain(value), percent: true } : exact(factorial(plain(value)));
    }
    return value;
  }

  function primary(): Value {
    const token = tokens[at];
    if (token?.kind === "number") {
      at++;
      return exact(token.value);
    }
    if (atOperator("(")) {
      at++;
      const value = sum();
      take(")");
      return value;
    }
    if (token?.kind !== "word") throw new SyntaxError("a number is missing");
    at++;
    const constant = Object.hasOwn(constants, token.text) ? constants[token.text] : undefined;
    if (constant !== undefined) return exact(constant);
    const apply = Object.hasOwn(functions, token.text) ? functions[token.text] : undefined;
    if (!apply) throw new SyntaxError(`unknown word ${token.text}`);
    if (!atOperator("(")) return exact(apply(plain(postfix())));
    at++;
    const values = [plain(sum())];
    while (atOperator(",")) {
      at++;
      values.push(plain(sum()));
    }
    take(")");
    return exact(apply(...values));
  }

  return { sum, atEnd: () => at === tokens.length };
}

function factorial(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 170) throw new SyntaxError("factorial of that is not defined");
  let result = 1;
  for (let factor = 2; factor <= value; factor++) result *= factor;
  return result;
}

/** 12 significant digits, thousands separated. What a double cannot hold exactly is marked as approximate. */
export function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(12));
  const size = Math.abs(rounded);
  if (size > Number.MAX_SAFE_INTEGER || (size > 0 && size < 1e-6))
    return `≈ ${rounded.toPrecision(10).replace(/\.?0+(?=e|$)/, "")}`;
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 12 });
}
