import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";

/** A person sits at standard input and can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY;

/** Asks on the terminal. A secret is not shown while it is typed. Rejects when the signal fires. */
export async function ask(
  question: string,
  { hidden = false, signal }: { hidden?: boolean; signal?: AbortSignal } = {},
): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  try {
    return await reader.question("", signal ? { signal } : {});
  } finally {
    reader.close();
    if (hidden) process.stderr.write("\n");
  }
}

/** A secret: asked for, or what is piped in. Never an argument, which other users of the machine can read. */
export async function askSecret(question: string): Promise<string> {
  return canAsk() ? ask(question, { hidden: true }) : text(process.stdin);
}
