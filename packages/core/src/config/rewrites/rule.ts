import type { ConfigPath } from "../path.ts";

/** A step of a target path; `{ id }` is the entry of a list with that id, made when missing. */
export type TargetStep = string | number | { id: string };

export interface Placement {
  /** Part of the matched value that it comes from, for reports. Default: all of it. */
  from?: ConfigPath;
  to: readonly TargetStep[];
  value: unknown;
}

/** One accepted spelling. Plain data, except for the few whose value changes its form (`convert`). */
export interface RewriteRule {
  /** Dotted path; `*` matches any key or list entry. */
  from: string;
  /** Dotted path; each `*` takes what the next `*` of `from` matched, further ones stand for themselves. Empty: dropped. */
  to: string;
  /** One sentence for people: why the other spelling. */
  because: string;
  /** Applies only when this path exists. */
  when?: string;
  /** Leaves the original for later rules with the same `from`. */
  copy?: boolean;
  /** Turns the value into what the canonical keys hold. Undefined: not this rule's business, leave it. */
  convert?(
    value: unknown,
    captures: readonly (string | number)[],
    config: Record<string, unknown>,
  ): readonly Placement[] | undefined;
}

/** A rewrite that took place. */
export interface Rewrite {
  /** As written, e.g. `agent.workspace`. */
  from: string;
  /** Canonical, e.g. `agents.defaults.workspace`. Empty when the key has no meaning any more. */
  to: string;
  /** One sentence: the spelling and why. */
  message: string;
  fromPath: ConfigPath;
  toPath: ConfigPath;
}
