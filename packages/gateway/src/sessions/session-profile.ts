import type { TurnInput, TurnResult } from "@openclaw/agent";
import type { SessionEntry, SessionPatch } from "@openclaw/core/sessions";

/**
 * The auth profile a session keeps to. One a person chose holds until they take it back; one that was used before holds
 * until the conversation begins anew or is summarised, when its provider's cache is lost anyway.
 */
export function keptProfile(entry: Readonly<SessionEntry>): TurnInput["authProfile"] {
  const id = entry.authProfileOverride;
  if (!id) return undefined;
  if (entry["authProfileOverrideSource"] !== "auto") return { id, source: "user" };
  const since = entry["authProfileOverrideCompactionCount"] ?? 0;
  return since === (entry.compactionCount ?? 0) ? { id, source: "auto" } : undefined;
}

/** What a turn leaves behind about the profile it was answered with. `compactions` counts those before and in it. */
export function profileFields(
  { attempts }: Pick<TurnResult, "attempts">,
  current: Readonly<SessionEntry> | undefined,
  compactions: number,
): SessionPatch {
  const chosen = current?.authProfileOverride && current["authProfileOverrideSource"] !== "auto";
  const profile = attempts.findLast(({ error }) => error === undefined)?.profile;
  if (chosen || !profile) return {};
  return {
    authProfileOverride: profile,
    authProfileOverrideSource: "auto",
    authProfileOverrideCompactionCount: compactions,
  };
}
