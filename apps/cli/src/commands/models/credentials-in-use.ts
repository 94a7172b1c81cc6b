import type { ProviderAuthStatus } from "@openclaw/gateway/installation";
import { duration } from "../../output/time.ts";

/** A line for each provider: which key or sign-in the next request uses, and which ones rest. */
export function describeCredentials(providers: readonly ProviderAuthStatus[], now: number): string {
  return providers
    .map(({ provider, uses, profiles }) => {
      const resting = profiles.flatMap(({ id, rest }) =>
        rest ? [`${id} rests (${rest.reason}), ${duration(rest.until - now)} left`] : [],
      );
      return [`${provider}: ${uses ?? "none"}`, ...resting].join("; ");
    })
    .join("\n");
}
