/** Which profile each conversation uses, so that it keeps its provider's prompt cache and its account. */
export interface SessionPins {
  get(session: string, provider: string): string | undefined;
  set(session: string, provider: string, profile: string): void;
}

/** More conversations than anybody has open; the ones unused for longest are picked for anew. */
const MAX_PINS = 2000;

export function createSessionPins(): SessionPins {
  const pins = new Map<string, string>();
  const nameOf = (session: string, provider: string) => `${provider} ${session}`;
  return {
    get: (session, provider) => pins.get(nameOf(session, provider)),
    set(session, provider, profile) {
      const name = nameOf(session, provider);
      pins.delete(name);
      pins.set(name, profile);
      const oldest = pins.keys().next().value;
      if (pins.size > MAX_PINS && oldest !== undefined) pins.delete(oldest);
    },
  };
}
