import { OpenClawError } from "@openclaw/core";

const NAMED: Readonly<Record<string, string>> = {
  enter: "\r",
  return: "\r",
  tab: "\t",
  btab: "\u001b[Z",
  space: " ",
  bspace: "\u007f",
  backspace: "\u007f",
  escape: "\u001b",
  esc: "\u001b",
  up: "\u001b[A",
  down: "\u001b[B",
  right: "\u001b[C",
  left: "\u001b[D",
  home: "\u001b[H",
  end: "\u001b[F",
  ic: "\u001b[2~",
  insert: "\u001b[2~",
  dc: "\u001b[3~",
  delete: "\u001b[3~",
  ppage: "\u001b[5~",
  pageup: "\u001b[5~",
  pgup: "\u001b[5~",
  npage: "\u001b[6~",
  pagedown: "\u001b[6~",
  pgdn: "\u001b[6~",
  ...Object.fromEntries(["OP", "OQ", "OR", "OS"].map((code, index) => [`f${index + 1}`, `\u001b${code}`])),
  ...Object.fromEntries([15, 17, 18, 19, 20, 21, 23, 24].map((code, index) => [`f${index + 5}`, `\u001b[${code}~`])),
};

/** What a terminal sends for a key in tmux's names: `C-c`, `M-x`, `Enter`, `F5`, `PageUp`, or one character. */
export function keyText(name: string): string {
  const match = /^((?:[CMS]-)*)(.+)$/s.exec(name);
  const modifiers = new Set((match?.[1] ?? "").toUpperCase().split("-").filter(Boolean));
  const key = match?.[2] ?? "";
  let text = NAMED[key.toLowerCase()] ?? (Array.from(key).length === 1 ? key : undefined);
  if (text !== undefined && modifiers.has("S")) text = key.toLowerCase() === "tab" ? "\u001b[Z" : text.toUpperCase();
  if (text !== undefined && modifiers.has("C")) text = control(text);
  if (text === undefined) {
    throw new OpenClawError({
      code: "PROCESS_KEY",
      message: `"${name}" is no key.`,
      hint: "Use tmux names: Enter, Escape, Up, C-c, M-x, F5; text as it is goes in literal.",
    });
  }
  return modifiers.has("M") ? `\u001b${text}` : text;
}

function control(text: string): string | undefined {
  if (text === " ") return "\0";
  if (text === "?") return "\u007f";
  const code = text.toUpperCase().charCodeAt(0);
  return text.length === 1 && code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : undefined;
}

/** `1b 5b 41` or `0x1b`: bytes as text. */
export function hexText(codes: readonly string[]): string {
  const bytes = codes
    .flatMap((item) => item.trim().split(/[\s,]+/))
    .map((code) => {
      if (!/^(?:0x)?[0-9a-f]{1,2}$/i.test(code)) {
        throw new OpenClawError({ code: "PROCESS_KEY", message: `"${code}" is no byte in hexadecimal.` });
      }
      return Number.parseInt(code.replace(/^0x/i, ""), 16);
    });
  return Buffer.from(bytes).toString("utf8");
}

/** Text as a paste: programs that know bracketed paste take it whole, line ends included. */
export function pasteText(text: string, bracketed: boolean): string {
  // An end mark inside would let the rest run as if typed.
  const clean = text.replaceAll("\u001b[201~", "");
  return bracketed ? `\u001b[200~${clean}\u001b[201~` : clean;
}
