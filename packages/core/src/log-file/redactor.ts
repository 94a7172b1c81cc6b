export interface Redactor {
  /** Masks secrets in a text. */
  text(text: string): string;
  /** The same through all strings of a JSON-like value; values of secret-looking keys are masked whole. Copies. */
  value(value: unknown): unknown;
  /** Masks this value from now on, wherever it appears. Shorter than 6 characters is ignored: it would hit words. */
  register(secret: string): void;
}

export interface RedactorOptions {
  /** `logging.redactSensitive`. With `off` only registered secrets are masked. Default `tools`. */
  mode?: "off" | "tools";
  /** `logging.redactPatterns`: regular expressions, plain or as `/body/flags`. They replace the defaults. */
  patterns?: readonly string[];
}

const MIN_REGISTERED = 6;
/** Longer strings are cut before they are searched: nobody reads them, and logs must not stall. */
const MAX_STRING = 32 * 1024;
const MAX_DEPTH = 8;

const secretKey =
  /^(?:.*[-_.])?(?:api[-_]?key|token|secret|password|passwd|authorization|cookie|private[-_]?key(?:pem)?|credentials?)$|(?:Token|Secret|Password|ApiKey|PrivateKey|PrivateKeyPem)$/;

/** The last group of a pattern is what is masked; without groups the whole match. */
const defaults: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b[A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)\b["']?\s*[=:]\s*["']?([^\s"',;\\]+)/g,
  /"(?:[a-z0-9_-]*(?:api_?key|token|secret|password|passwd|private_?key(?:pem)?))"\s*:\s*"((?:[^"\\]|\\.)+)"/gi,
  /--(?:[a-z-]*-)?(?:api[-_]?key|token|secret|password|passwd)[=\s]+["']?([^\s"']+)/gi,
  /\b(?:Bearer|Basic)\s+([A-Za-z0-9._~+/=-]{8,})/g,
  /[?&#](?:access_token|refresh_token|token|api_?key|key|secret|password|sig|signature)=([^&\s"'#]+)/gi,
  /\/\/[^\s/:@]+:([^\s/@]+)@/g,
  /(?<![A-Za-z0-9])((?:sk|pk|rk)-[A-Za-z0-9_-]{8,})/g,
  /(?<![A-Za-z0-9])((?:ghp|gho|ghs|ghu|ghr|github_pat|glpat|gsk|npm|hf|pplx|xai|r8|whsec|AKIA|AIza)[_-]?[A-Za-z0-9_-]{16,})/g,
  /(?<![A-Za-z0-9])(xox[a-z]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,})/g,
  /(?<!\d)(\d{6,}:[A-Za-z0-9_-]{20,})/g,
  /(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{23,}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,})/g,
  /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)/g,
];

export function createRedactor({ mode = "tools", patterns }: RedactorOptions = {}): Redactor {
  const rules = mode === "off" ? [] : patterns && patterns.length > 0 ? patterns.flatMap(compile) : defaults;
  const registered = new Set<string>();
  let known: RegExp | undefined;

  function redactText(input: string): string {
    let text =
      input.length <= MAX_STRING
        ? input
        : `${input.slice(0, MAX_STRING)}… (${input.length - MAX_STRING} more characters)`;
    if (known) text = text.replace(known, maskSecret);
    for (const rule of rules) text = text.replace(rule, maskLastGroup);
    return text;
  }

  function redactValue(value: unknown, depth: number, seen: ReadonlySet<object>): unknown {
    if (typeof value === "string") return redactText(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
    if (seen.has(value)) return "[circular]";
    if (depth >= MAX_DEPTH) return "[deeper]";
    const inner = new Set(seen).add(value);
    if (value instanceof Error) return redactError(value, depth, inner);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "[invalid date]" : value.toISOString();
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return value.slice(0, 200).map((item) => redactValue(item, depth + 1, inner));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        rules.length > 0 && typeof item === "string" && secretKey.test(key)
          ? maskSecret(item)
          : redactValue(item, depth + 1, inner),
      ]),
    );
  }

  function redactError(error: Error, depth: number, seen: ReadonlySet<object>): Record<string, unknown> {
    const own = Object.fromEntries(Object.entries(error).filter(([key]) => key !== "name"));
    return {
      name: error.name,
      message: redactText(error.message),
      ...(error.stack && { stack: redactText(error.stack) }),
      ...(error.cause !== undefined && { cause: redactValue(error.cause, depth + 1, seen) }),
      ...Object.fromEntries(Object.entries(own).map(([key, item]) => [key, redactValue(item, depth + 1, seen)])),
    };
  }

  return {
    text: redactText,
    value: (value) => redactValue(value, 0, new Set()),
    register(secret) {
      if (secret.length < MIN_REGISTERED || registered.has(secret)) return;
      for (const form of [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(Buffer.from(secret).toString()),
      ])
        registered.add(form);
      const longestFirst = [...registered].toSorted((one, other) => other.length - one.length);
      known = new RegExp(longestFirst.map((form) => form.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
    },
  };
}

/** From 18 characters on the first 6 and last 4 stay, so that a person can tell which secret it was. */
export function maskSecret(secret: string): string {
  return secret.length >= 18 && !secret.includes("\n") ? `${secret.slice(0, 6)}..${secret.slice(-4)}` : "***";
}

function maskLastGroup(match: string, ...rest: unknown[]): string {
  const groups = rest.slice(
    0,
    rest.findIndex((value) => typeof value === "number"),
  );
  const secret = groups.findLast((group): group is string => typeof group === "string" && group !== "");
  if (secret === undefined) return groups.length > 0 && match.length < 6 ? match : maskSecret(match);
  const at = match.lastIndexOf(secret);
  return match.slice(0, at) + maskSecret(secret) + match.slice(at + secret.length);
}

function compile(pattern: string): RegExp[] {
  const literal = /^\/(.+)\/([a-z]*)$/s.exec(pattern);
  const flags = new Set(literal ? (literal[2] ?? "") : "i").add("g");
  flags.delete("y");
  try {
    return [new RegExp(literal?.[1] ?? pattern, [...flags].join(""))];
  } catch {
    return [];
  }
}
