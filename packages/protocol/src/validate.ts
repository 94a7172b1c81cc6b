import * as compiled from "./generated/validators.js";
import type { Finding, Validator } from "./generated/validators.js";
import { type MethodName, type MethodParams, type MethodSpec, methodSpec } from "./methods.ts";
import type { RequestFrame } from "./schema/index.ts";

const validators: Readonly<Record<MethodSpec["params"], Validator>> = compiled;

/** `message` is the text of the `INVALID_REQUEST` refusal, prefix included. */
export type Validation<T> = { ok: true; value: T } | { ok: false; message: string };

/**
 * Checks a method's params. Absent params count as `{}`, except for `connect`. The value is handed back as it is:
 * nothing is filled in, converted or removed. A method that is not in the table is refused by its name.
 */
export function validateParams<M extends MethodName>(method: M, params: unknown): Validation<MethodParams<M>>;
export function validateParams(method: string, params: unknown): Validation<unknown>;
export function validateParams(method: string, params: unknown): Validation<unknown> {
  const spec = methodSpec(method);
  if (!spec) return { ok: false, message: `unknown method: ${method}` };
  const value = params === undefined && method !== "connect" ? {} : params;
  const findings = run(validators[spec.params], value);
  if (!findings) return { ok: true, value };
  return { ok: false, message: spec.refusal ?? `invalid ${method} params: ${describe(findings)}` };
}

/** Checks the shape of a request frame, not its params. The refusal begins with "invalid request frame: ". */
export function validateRequestFrame(frame: unknown): Validation<RequestFrame> {
  const findings = run(compiled.RequestFrame, frame);
  if (!findings) return { ok: true, value: frame as RequestFrame };
  return { ok: false, message: `invalid request frame: ${describe(findings)}` };
}

const run = (validator: Validator, value: unknown): readonly Finding[] | undefined =>
  validator(value) ? undefined : (validator.errors ?? []);

/** Long enough for any honest mistake; a hostile frame gets no longer echo than this. */
const maxTextLength = 2000;

/** `at /path: <finding>; …`, each text once. Findings about the whole object carry no path, unknown keys say "at root". */
function describe(findings: readonly Finding[]): string {
  const texts = findings.map(({ path, message }) => (path === "" ? message : `at ${path}: ${message}`));
  const text = [...new Set(texts)].join("; ");
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}
