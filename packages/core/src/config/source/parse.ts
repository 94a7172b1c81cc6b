import type { ArrayNode, ObjectNode, ScalarNode, SourceNode } from "./node.ts";
import {
  endOfPlainName,
  isIdentifierPart,
  isIdentifierStart,
  lineColumn,
  readNumber,
  readString,
  skipTrivia,
  SourceError,
} from "./scan.ts";

/** Deeper nesting is refused: nothing in a configuration needs it, and it would exhaust the stack. */
const MAX_DEPTH = 100;

/** A complaint that does not keep the rest of the document from being read. */
interface SourceProblem {
  message: string;
  offset: number;
  key: string;
}

export interface ParsedSource {
  root: SourceNode;
  /** Keys written twice in one object, and keys that could reach an object's prototype. */
  problems: SourceProblem[];
}

const literals = new Map<string, true | false | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

const poisonous = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reads JSON5 into a tree that remembers where everything stands. Accepts a byte order mark and any line ending.
 *
 * Fails with `SourceError`, whose offset is where reading stopped making sense.
 */
export function parseSource(text: string): ParsedSource {
  const problems: SourceProblem[] = [];
  let at = 0;

  const peek = () => text[at];
  const skip = () => {
    at = skipTrivia(text, at);
  };
  const fail = (message: string, offset = at): never => {
    throw new SourceError(message, offset);
  };
  const found = () =>
    at >= text.length ? "the end of the file" : JSON.stringify(String.fromCodePoint(text.codePointAt(at)!));

  function value(depth: number): SourceNode {
    if (depth > MAX_DEPTH) fail(`Nested deeper than ${MAX_DEPTH} levels.`);
    const start = at;
    switch (peek()) {
      case "{":
        return object(depth, start);
      case "[":
        return array(depth, start);
      case '"':
      case "'": {
        const string = readString(text, at);
        at = string.end;
        return scalar(start, string.value);
      }
    }
    return word(start);
  }

  function scalar(start: number, content: ScalarNode["value"]): ScalarNode {
    return { kind: "scalar", start, end: at, value: content };
  }

  function word(start: number): ScalarNode {
    const end = endOfPlainName(text, at);
    const literal = end === undefined ? undefined : literals.get(text.slice(at, end));
    if (literal !== undefined) {
      at = end!;
      return scalar(start, literal);
    }
    const number = readNumber(text, at);
    if (number) {
      at = number.end;
      return scalar(start, number.value);
    }
    if (isIdentifierStart(text.codePointAt(at))) {
      const name = identifier();
      return fail(`The text ${name} needs quotes.`, start);
    }
    return fail(`Expected a value, found ${found()}.`);
  }

  function identifier(): string {
    const end = endOfPlainName(text, at);
    if (end !== undefined) {
      const plain = text.slice(at, end);
      at = end;
      return plain;
    }
    let name = "";
    for (;;) {
      const code = text.codePointAt(at);
      if (code === 0x5c) {
        const match = /^\\u([0-9A-Fa-f]{4})/.exec(text.slice(at, at + 6));
        if (!match) fail("Expected a \\u escape with four digits.");
        name += String.fromCharCode(Number.parseInt(match![1]!, 16));
        at += 6;
      } else if (name === "" ? isIdentifierStart(code) : isIdentifierPart(code)) {
        const character = String.fromCodePoint(code!);
        name += character;
        at += character.length;
      } else {
        return name;
      }
    }
  }

  function key(): string {
    if (peek() === '"' || peek() === "'") {
      const string = readString(text, at);
      at = string.end;
      return string.value;
    }
    if (peek() !== "\\" && !isIdentifierStart(text.codePointAt(at))) {
      if (at < text.length && /[0-9A-Za-z*@#+-]/.test(peek()!)) fail(`A key that begins with ${found()} needs quotes.`);
      fail(`Expected a key or }, found ${found()}.`);
    }
    return identifier();
  }

  function object(depth: number, start: number): ObjectNode {
    const node: ObjectNode = { kind: "object", start, end: start, entries: [] };
    const seen = new Set<string>();
    at++;
    for (;;) {
      skip();
      if (at >= text.length) unclosed("{", start);
      if (peek() === "}") break;
      const keyStart = at;
      const name = key();
      const keyEnd = at;
      if (seen.has(name))
        problems.push({
          message: `The key ${JSON.stringify(name)} appears twice in this object.`,
          offset: keyStart,
          key: name,
        });
      if (poisonous.has(name))
        problems.push({ message: `The key ${JSON.stringify(name)} is not allowed.`, offset: keyStart, key: name });
      seen.add(name);
      skip();
      if (at >= text.length) unclosed("{", start);
      if (peek() !== ":") fail(`Expected : after the key ${JSON.stringify(name)}, found ${found()}.`);
      at++;
      skip();
      if (at >= text.length) unclosed("{", start);
      node.entries.push({ key: name, keyStart, keyEnd, value: value(depth + 1) });
      skip();
      if (at >= text.length) unclosed("{", start);
      if (peek() === ",") at++;
      else if (peek() !== "}") fail(`Expected , or } after the value of ${JSON.stringify(name)}, found ${found()}.`);
    }
    at++;
    node.end = at;
    return node;
  }

  function array(depth: number, start: number): ArrayNode {
    const node: ArrayNode = { kind: "array", start, end: start, items: [] };
    at++;
    for (;;) {
      skip();
      if (at >= text.length) unclosed("[", start);
      if (peek() === "]") break;
      node.items.push(value(depth + 1));
      skip();
      if (at >= text.length) unclosed("[", start);
      if (peek() === ",") at++;
      else if (peek() !== "]") fail(`Expected , or ] in the list, found ${found()}.`);
    }
    at++;
    node.end = at;
    return node;
  }

  function unclosed(bracket: string, start: number): never {
    const { line, column } = lineColumn(text, start);
    return fail(`The ${bracket} at line ${line}, column ${column} is never closed.`, text.length);
  }

  skip();
  if (at >= text.length) fail("The file is empty. Write {} for a configuration of defaults.");
  const root = value(0);
  skip();
  if (at < text.length) fail(`Expected the end of the file, found ${found()}.`);
  return { root, problems };
}
