/** Where and why a document cannot be read. */
export class SourceError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** One-based line and column (UTF-16 units) of an offset. CRLF, LF and CR end lines. */
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let i = 0; i < offset; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) {
      line++;
      lineStart = i + 1;
    }
  }
  return { line, column: Math.max(offset - lineStart, 0) + 1 };
}

// Long stretches are left to the regular expression engine: at start, before the code is compiled, it is ten times faster.
const blanks = /\s*/y;
const restOfLine = /[^\n\r\u2028\u2029]*/y;
const plain = { '"': /[^"\\\n\r]*/y, "'": /[^'\\\n\r]*/y };
const asciiIdentifier = /[A-Za-z_$][\w$]*/y;

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** First offset at or after `at` that is neither white space nor comment. */
export function skipTrivia(text: string, at: number): number {
  let offset = at;
  for (;;) {
    offset = endOf(blanks, text, offset);
    if (text.charCodeAt(offset) !== 47) return offset;
    const next = text.charCodeAt(offset + 1);
    if (next === 47) {
      offset = endOf(restOfLine, text, offset);
    } else if (next === 42) {
      const end = text.indexOf("*/", offset + 2);
      if (end < 0) throw new SourceError("This comment is never closed.", offset);
      offset = end + 2;
    } else {
      return offset;
    }
  }
}

/** End of a name of plain letters, digits, `_` and `$`; undefined when there is none or it goes on with something else. */
export function endOfPlainName(text: string, at: number): number | undefined {
  const end = endOf(asciiIdentifier, text, at);
  const next = text.charCodeAt(end);
  return end === at || next === 92 || next > 127 ? undefined : end;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

export function isIdentifierStart(code: number | undefined): boolean {
  if (code === undefined) return false;
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 36 || code === 95;
  return /\p{ID_Start}/u.test(String.fromCodePoint(code));
}

export function isIdentifierPart(code: number | undefined): boolean {
  if (code === undefined) return false;
  if (code < 128) return isIdentifierStart(code) || (code >= 48 && code <= 57);
  return /[\p{ID_Continue}\u200c\u200d]/u.test(String.fromCodePoint(code));
}

const number =
  /([+-]?)(?:(0[xX][0-9A-Fa-f]+)|(Infinity|NaN)|((?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))/y;

export function readNumber(text: string, at: number): { value: number; end: number } | undefined {
  number.lastIndex = at;
  const match = number.exec(text);
  if (!match) return undefined;
  const end = at + match[0].length;
  if (isIdentifierPart(text.codePointAt(end)))
    throw new SourceError(`The number ${match[0]} runs into other text. Texts need quotes.`, at);
  const size = Number(match[2] ?? match[3] ?? match[4]);
  return { value: match[1] === "-" ? -size : size, end };
}

const simpleEscapes: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Reads the quoted text at `at`. */
export function readString(text: string, at: number): { value: string; end: number } {
  const quote = text.charAt(at) === "'" ? "'" : '"';
  let value = "";
  let offset = at + 1;
  for (;;) {
    const end = endOf(plain[quote], text, offset);
    const stop = text.charAt(end);
    value += text.slice(offset, end);
    if (stop === quote) return { value, end: end + 1 };
    if (stop !== "\\") throw new SourceError("This text is never closed.", at);
    const escape = readEscape(text, end);
    value += escape.value;
    offset = escape.end;
  }
}

function readEscape(text: string, at: number): { value: string; end: number } {
  const next = text[at + 1];
  if (next === undefined) throw new SourceError("This escape is cut off.", at);
  if (next in simpleEscapes) return { value: simpleEscapes[next]!, end: at + 2 };
  if (next === "\r" && text[at + 2] === "\n") return { value: "", end: at + 3 };
  if (isLineEnd(next.charCodeAt(0))) return { value: "", end: at + 2 };
  if (next === "0" && !/\d/.test(text[at + 2] ?? "")) return { value: "\0", end: at + 2 };
  const digits = next === "x" ? 2 : next === "u" ? 4 : 0;
  if (digits) {
    const hex = text.slice(at + 2, at + 2 + digits);
    if (hex.length !== digits || /[^0-9A-Fa-f]/.test(hex))
      throw new SourceError(`The escape \\${next} needs ${digits} hexadecimal digits.`, at);
    return { value: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 2 + digits };
  }
  if (/\d/.test(next)) throw new SourceError(`The escape \\${next} does not exist.`, at);
  const character = String.fromCodePoint(text.codePointAt(at + 1)!);
  return { value: character, end: at + 1 + character.length };
}
