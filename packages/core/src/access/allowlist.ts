/** Brings an id or a list entry to the form both are compared in (`ChannelDefinition.normalizeId`). */
export type NormalizeId = (id: string) => string;

export interface Allowlist {
  /** Normalised entries without the wildcard. */
  ids: ReadonlySet<string>;
  wildcard: boolean;
  /** True when nothing usable is listed. */
  empty: boolean;
}

/**
 * Reads a list as it stands in a configuration: strings and numbers count, anything else is passed over, and what is
 * not a list at all is an empty one. Entries that normalise to nothing, or whose normalising fails, never match.
 */
export function readAllowlist(value: unknown, normalize: NormalizeId): Allowlist {
  const ids = new Set<string>();
  let wildcard = false;
  const entries: unknown[] = Array.isArray(value) ? value : [];
  for (const entry of entries) {
    if (typeof entry !== "string" && typeof entry !== "number") continue;
    const text = String(entry).trim();
    if (text === "*") wildcard = true;
    else {
      const id = normalized(text, normalize);
      if (id !== "" && id !== "*") ids.add(id);
    }
  }
  return { ids, wildcard, empty: ids.size === 0 && !wildcard };
}

/** Whether one of the sender's ids is listed. The wildcard is the caller's to judge. */
export function isListed(list: Allowlist, senderIds: readonly string[], normalize: NormalizeId): boolean {
  return senderIds.some((id) => {
    const wanted = normalized(id, normalize);
    return wanted !== "" && list.ids.has(wanted);
  });
}

export function hasSender(senderIds: readonly string[], normalize: NormalizeId): boolean {
  return senderIds.some((id) => normalized(id, normalize) !== "");
}

function normalized(id: string, normalize: NormalizeId): string {
  try {
    return normalize(id.trim()).trim().toLowerCase();
  } catch {
    return "";
  }
}
