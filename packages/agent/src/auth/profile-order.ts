import { normalizeProvider } from "../models/reference.ts";
import type { AuthView } from "./auth-store.ts";
import { restOf } from "./cooldown.ts";
import { CREDENTIAL_TYPES, secretOf, secretTag } from "./credential.ts";

/** `auth` of the configuration. */
export interface AuthPreferences {
  /** `auth.order`, keys canonical. */
  order: Readonly<Record<string, readonly string[]>>;
  /** `auth.profiles`: which profiles the configuration knows, by id. */
  profiles: Readonly<Record<string, { provider: string }>>;
}

/**
 * Profile ids of a provider in the order in which a request tries them. An order stored with the profiles wins over
 * `auth.order`, that over the profiles named in the configuration, those over all. Without an explicit order: sign-ins,
 * then tokens, then keys, each kind by the longest unused. Profiles that rest come last, the one back soonest first.
 * Empty or expired credentials are left out.
 */
export function orderProfiles(
  provider: string,
  model: string,
  view: AuthView,
  preferences: AuthPreferences,
  now: number,
): string[] {
  const usable = Object.entries(view.profiles)
    .filter(([, credential]) => normalizeProvider(credential.provider) === provider)
    .filter(([, credential]) => secretOf(credential, now) !== undefined)
    .map(([id]) => id);
  const among = (ids: readonly string[] | undefined) => ids?.filter((id) => usable.includes(id)) ?? [];
  const explicit = [view.order[provider], preferences.order[provider]].map(among).find((ids) => ids.length > 0);
  const configured = among(
    Object.keys(preferences.profiles).filter(
      (id) => normalizeProvider(preferences.profiles[id]!.provider) === provider,
    ),
  );
  const lastUsed = (id: string) => view.stats[id]?.lastUsed ?? 0;
  const rank = (id: string) => CREDENTIAL_TYPES.indexOf(view.profiles[id]!.type);
  const ordered =
    explicit ??
    (configured.length > 0 ? configured : usable).toSorted((a, b) => rank(a) - rank(b) || lastUsed(a) - lastUsed(b));
  const until = (id: string) => restOfProfile(id, model, view, now)?.until ?? 0;
  return ordered.toSorted((a, b) => until(a) - until(b));
}

/** Whether a profile rests for this model. A secret that was replaced since it failed does not. */
export function restOfProfile(id: string, model: string, view: AuthView, now: number): ReturnType<typeof restOf> {
  const stats = view.stats[id];
  const credential = view.profiles[id];
  if (stats?.secretTag && credential && stats.secretTag !== secretTag(credential)) return undefined;
  return restOf(stats, model, now);
}
