export const DEFAULT_RESET_TRIGGERS: readonly string[] = ["/new", "/reset"];

export interface ResetRequest {
  /** The trigger as configured. */
  trigger: string;
  /** What follows it; becomes the first message of the new session. Empty: greet. */
  rest: string;
}

/** Reads `/new`, `/reset text`, `/new: text` and configured triggers, in any letter case. Mentions are stripped before. */
export function parseResetTrigger(
  text: string,
  triggers: readonly string[] = DEFAULT_RESET_TRIGGERS,
): ResetRequest | undefined {
  const body = text.trim();
  for (const trigger of triggers) {
    const wanted = trigger.trim();
    if (wanted === "" || body.slice(0, wanted.length).toLowerCase() !== wanted.toLowerCase()) continue;
    const rest = body.slice(wanted.length);
    if (rest === "" || /^\s|^:(?:\s|$)/.test(rest)) return { trigger, rest: rest.replace(/^:/, "").trim() };
  }
  return undefined;
}

export interface ModelCandidates {
  /** Models that may be chosen, `provider/model`, in the order of preference. */
  allowed: readonly string[];
  /** Alias to `provider/model`. */
  aliases?: Readonly<Record<string, string>>;
}

/**
 * Takes a model off the front of `/new`'s text: a reference, an alias, `provider model`, a provider's name, or at least
 * six characters of a model's name. Only allowed models count; otherwise everything is text.
 */
export function takeModel(rest: string, { allowed, aliases = {} }: ModelCandidates): { model?: string; rest: string } {
  const [first = "", second = ""] = rest.split(/\s+/, 2);
  if (first === "") return { rest };
  const without = (count: number) => rest.replace(new RegExp(`^\\S+${count === 2 ? "\\s+\\S+" : ""}\\s*`), "");
  const find = (wanted: string) => allowed.find((model) => model.toLowerCase() === wanted.toLowerCase());

  const pair = second === "" ? undefined : (find(`${first}/${second}`) ?? findWithin(allowed, first, second));
  if (pair) return { model: pair, rest: without(2) };
  const alias = Object.entries(aliases).find(([name]) => name.toLowerCase() === first.toLowerCase())?.[1];
  const exact = (alias && find(alias)) ?? find(first) ?? allowed.find((model) => nameOf(model) === first.toLowerCase());
  const single =
    exact ?? allowed.find((model) => providerOf(model) === first.toLowerCase()) ?? findPart(allowed, first);
  return single ? { model: single, rest: without(1) } : { rest };
}

function findWithin(allowed: readonly string[], provider: string, part: string): string | undefined {
  const wanted = letters(part);
  if (wanted.length < 3) return undefined;
  return allowed.find(
    (model) => providerOf(model) === provider.toLowerCase() && letters(nameOf(model)).includes(wanted),
  );
}

function findPart(allowed: readonly string[], part: string): string | undefined {
  const wanted = letters(part);
  return wanted.length < 6 ? undefined : allowed.find((model) => letters(nameOf(model)).includes(wanted));
}

const providerOf = (model: string) => model.slice(0, Math.max(0, model.indexOf("/"))).toLowerCase();
const nameOf = (model: string) => model.slice(model.indexOf("/") + 1).toLowerCase();
const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
