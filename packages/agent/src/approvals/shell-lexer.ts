/** A piece of a word: what stands in quotes means itself, the rest may hold `*`, `?` and `[`. */
interface Piece {
  text: string;
  quoted: boolean;
}

export interface ShellWord {
  pieces: readonly Piece[];
  /** Quotes taken away. */
  text: string;
}

export interface ShellSegment {
  /** What joins it to the segment before; empty for the first. */
  operator: "" | "|" | "&&" | "||" | ";";
  words: readonly ShellWord[];
}

export type ShellReading = { segments: ShellSegment[] } | { refused: string };

/** Words that mean something else than a program at the start of a command. */
const RESERVED = new Set(
  "if then else elif fi for while until do done case esac in function time coproc select { } ! [[ ]]".split(" "),
);
/** Shown as nothing, or turning the direction of what follows: a reader would approve something else. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;
const GLOB = /[*?[\]]/;

/**
 * Reads a command line that is nothing but programs with arguments, joined by `|`, `&&`, `||` and `;`. Everything by
 * which a shell would do more than that (expansions, substitutions, redirects, subshells, `&`, line ends, assignments,
 * keywords) is refused with its name: an allowlist must know every program that will run.
 */
export function readShell(command: string): ShellReading {
  const invisible = INVISIBLE.exec(command.replaceAll("\t", " "))?.[0];
  if (invisible !== undefined) return { refused: invisible === "\n" ? "a line end" : "an invisible character" };
  const segments: ShellSegment[] = [];
  let operator: ShellSegment["operator"] = "";
  let words: ShellWord[] = [];
  let pieces: Piece[] | undefined;
  const put = (text: string, quoted: boolean) => {
    pieces ??= [];
    const last = pieces.at(-1);
    if (last && last.quoted === quoted) last.text += text;
    else pieces.push({ text, quoted });
  };
  const endWord = () => {
    if (pieces) words.push({ pieces, text: pieces.map(({ text }) => text).join("") });
    pieces = undefined;
  };
  const endSegment = (next: ShellSegment["operator"]): string | undefined => {
    endWord();
    if (words.length === 0) return `nothing before ${next || "the end"}`;
    const refused = refuseWords(words);
    segments.push({ operator, words });
    words = [];
    operator = next;
    return refused;
  };

  for (let at = 0; at < command.length; at++) {
    const char = command.charAt(at);
    const next = command.charAt(at + 1);
    switch (char) {
      case " ":
      case "\t":
        endWord();
        break;
      case "'": {
        const end = command.indexOf("'", at + 1);
        if (end === -1) return { refused: "an open quote" };
        put(command.slice(at + 1, end), true);
        at = end;
        break;
      }
      case '"': {
        const quoted = readDoubleQuotes(command, at + 1);
        if ("refused" in quoted) return quoted;
        put(quoted.text, true);
        at = quoted.end;
        break;
      }
      case "\\":
        if (next === "") return { refused: "a backslash at the end" };
        put(next, true);
        at++;
        break;
      case "$":
        return { refused: next === "(" ? "a command substitution" : "a variable" };
      case "`":
        return { refused: "a command substitution" };
      case "<":
      case ">":
        return { refused: "a redirect" };
      case "(":
      case ")":
        return { refused: "a subshell" };
      case "{":
      case "}":
        return { refused: "braces" };
      case "#":
        if (!pieces) return { refused: "a comment" };
        put(char, false);
        break;
      case "&":
      case "|": {
        const double = next === char;
        if (char === "&" && !double) return { refused: "a background command" };
        if (char === "|" && next === "&") return { refused: "a redirect" };
        const refused = endSegment(double ? (`${char}${char}` as "&&" | "||") : "|");
        if (refused) return { refused };
        if (double) at++;
        break;
      }
      case ";": {
        const refused = endSegment(";");
        if (refused) return { refused };
        break;
      }
      default:
        put(char, false);
    }
  }
  endWord();
  if (words.length === 0 && (operator as string) === ";") return { segments };
  const refused = endSegment("");
  return refused ? { refused } : { segments };
}

function readDoubleQuotes(command: string, from: number): { text: string; end: number } | { refused: string } {
  let text = "";
  for (let at = from; at < command.length; at++) {
    const char = command.charAt(at);
    const next = command.charAt(at + 1);
    if (char === '"') return { text, end: at };
    if (char === "`") return { refused: "a command substitution" };
    if (char === "$") return { refused: next === "(" ? "a command substitution" : "a variable" };
    if (char === "\\" && /["\\$`]/.test(next)) {
      text += next;
      at++;
    } else text += char;
  }
  return { refused: "an open quote" };
}

function refuseWords(words: readonly ShellWord[]): string | undefined {
  const [first] = words;
  const bare = first?.pieces[0]?.quoted === false ? first.pieces[0].text : "";
  if (first?.pieces.length === 1 && RESERVED.has(bare)) return `the keyword ${bare}`;
  if (/^[A-Za-z_]\w*(?:\[.*\])?\+?=/.test(bare)) return "an assignment";
  if (first?.pieces.some((piece) => !piece.quoted && GLOB.test(piece.text))) return "a pattern as program";
  // `~name` is another user's home, and ~+ or ~- a directory that only the shell knows.
  if (words.some(({ pieces: [piece] }) => piece && !piece.quoted && /^~(?!$|\/)/.test(piece.text)))
    return "a home directory";
  if (words.some(({ pieces: [piece, ...rest] }) => piece?.text === "~" && !piece.quoted && rest.length > 0))
    return "a home directory";
  return undefined;
}

/** Whether the shell would put file names in place of the word. */
export function isPattern({ pieces }: ShellWord): boolean {
  return pieces.some(({ text, quoted }) => !quoted && GLOB.test(text));
}

/** Writes a word so that a shell takes it as it was read: everything quoted but the signs of a pattern. */
export function quoteWord(word: ShellWord, home: string): string {
  return (
    word.pieces
      .map(({ text, quoted }, index) => {
        if (quoted) return quoteText(text);
        const expanded = index === 0 && /^~(?:$|\/)/.test(text) ? `${home}${text.slice(1)}` : text;
        return expanded
          .split(/([*?[\]]+)/)
          .map((part, position) => (position % 2 === 1 ? part : quoteText(part)))
          .join("");
      })
      .join("") || "''"
  );
}

export function quoteText(text: string): string {
  if (text === "") return "";
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
