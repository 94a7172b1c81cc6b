/** The agent that exists without any configuration. */
export const DEFAULT_AGENT_ID = "main";

/**
 * An agent id as it appears in session keys and state paths: `[a-z0-9][a-z0-9_-]{0,63}`. Anything else becomes `-`;
 * nothing left means `main`.
 */
export function normalizeAgentId(id: string | undefined): string {
  return normalizeSlug(id, DEFAULT_AGENT_ID);
}

/** The same alphabet for main keys and account ids, with the caller's fallback. */
export function normalizeSlug(text: string | undefined, fallback: string): string {
  const slug = (text ?? "")
    .trim()
    .toLowerCase()
    .slice(0, 256)
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, 64)
    .replace(/-+$/, "");
  return slug === "" ? fallback : slug;
}
