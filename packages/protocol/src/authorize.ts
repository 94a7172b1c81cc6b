import { methodSpec } from "./methods.ts";

export interface Caller {
  /** `operator` or `node`; any other word may call nothing. */
  role: string;
  /** Ignored for nodes. */
  scopes: readonly string[];
}

/** `message` is the exact text of the `INVALID_REQUEST` refusal. */
export type Authorization = { ok: true } | { ok: false; message: string };

/** Does holding these scopes grant this one? `operator.admin` grants all, `operator.write` grants `operator.read`. */
export function grantsScope(scopes: readonly string[], scope: string): boolean {
  if (scopes.includes("operator.admin") || scopes.includes(scope)) return true;
  return scope === "operator.read" && scopes.includes("operator.write");
}

/**
 * Decides whether a caller may use a method, from the method table alone. The gateway asks before it validates params
 * or looks for a handler; a method that is not in the table (a plugin's, or none at all) needs `operator.admin`.
 */
export function authorize({ role, scopes }: Caller, method: string): Authorization {
  const access = methodSpec(method)?.access ?? { scope: "operator.admin" };
  if ("role" in access) return role === access.role ? { ok: true } : wrongRole(role);
  if (role !== "operator") return wrongRole(role);
  return grantsScope(scopes, access.scope) ? { ok: true } : { ok: false, message: `missing scope: ${access.scope}` };
}

/** The refusal of a method without a handler, for callers that {@link authorize} let through. */
export const unknownMethod = (method: string): string => `unknown method: ${method}`;

const wrongRole = (role: string): Authorization => ({ ok: false, message: `unauthorized role: ${role}` });
