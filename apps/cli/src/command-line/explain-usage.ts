import { nearest } from "@openclaw/core/config";

/** yargs' complaint in words that say what to type. `help` lists the options that exist. */
export function explainUsage(complaint: string, { usage, help }: { usage: string; help: string }): string {
  const see = `See: ${usage.replace(/ [<[].*$/, "")} --help`;
  const unknown = /^Unknown arguments?: (.+)$/m.exec(complaint)?.[1]?.split(", ")[0];
  if (unknown !== undefined) {
    const options = [...help.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name!);
    const meant = nearest(unknown, options);
    const what = `"${unknown}" is not expected here.`;
    return meant && meant !== unknown
      ? `There is no option --${unknown}. Did you mean --${meant}?\n${see}`
      : `${what}\nUsage: ${usage}\n${see}`;
  }
  if (complaint.startsWith("Not enough non-option arguments")) return `Something is missing.\nUsage: ${usage}\n${see}`;
  const missing = /^Missing required arguments?: (.+)$/m.exec(complaint)?.[1];
  if (missing !== undefined)
    return `Missing ${missing
      .split(", ")
      .map((name) => `--${name}`)
      .join(" and ")}.\n${see}`;
  const value = /^Not enough arguments following: (.+)$/m.exec(complaint)?.[1];
  if (value !== undefined) return `--${value} needs a value.\n${see}`;
  return `${complaint.trim()}\n${see}`;
}
