/** Where a command writes. Results go to `out`, everything about them to `err`, so that a pipe gets results alone. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** A person is reading standard output. */
  readonly interactive: boolean;
  readonly columns: number;
  /** Wraps text in an SGR code when a person reads in colour, else returns it as it is. */
  style(code: "bold" | "dim" | "red" | "green" | "yellow", text: string): string;
}

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

export function processTerminal(env: NodeJS.ProcessEnv): Terminal {
  const interactive = process.stdout.isTTY === true;
  const colour = interactive && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    interactive,
    columns: process.stdout.columns || 80,
    style(code, text) {
      const [on, off] = codes[code];
      return colour ? `\u001B[${on}m${text}\u001B[${off}m` : text;
    },
  };
}
