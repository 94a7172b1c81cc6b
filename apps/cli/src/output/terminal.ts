export type Style = "bold" | "dim" | "red" | "green" | "yellow";

/** Where a command writes. Results go to `out`, everything about them to `err`, so that a pipe gets results alone. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** One document on standard output. */
  json(value: unknown): void;
  /** Standard output without a line break after it, for an answer that comes in pieces. */
  write(text: string): void;
  /** A person is reading standard output. */
  readonly interactive: boolean;
  readonly columns: number;
  /** Wraps text in an SGR code when a person reads in colour, else returns it as it is. */
  style(code: Style, text: string): string;
}

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

export function processTerminal(env: NodeJS.ProcessEnv, args: readonly string[] = []): Terminal {
  const interactive = process.stdout.isTTY;
  const colour = interactive && !env.NO_COLOR && env.TERM !== "dumb" && !args.includes("--no-color");
  // `openclaw logs | head` closes the pipe early; that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    write: (text) => void process.stdout.write(text),
    interactive,
    columns: process.stdout.columns || 80,
    style(code, text) {
      const [on, off] = codes[code];
      return colour ? `\u001B[${on}m${text}\u001B[${off}m` : text;
    },
  };
}
