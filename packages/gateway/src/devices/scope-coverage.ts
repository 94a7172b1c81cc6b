import { grantsScope } from "@openclaw/protocol";

/** True when the held scopes allow everything the wanted ones do. */
export function scopesCover(held: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((scope) => grantsScope(held, scope));
}

/** Both lists in their first order, each scope once. */
export function mergeScopes(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])];
}
