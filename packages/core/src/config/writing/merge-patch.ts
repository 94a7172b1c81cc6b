import { type ConfigPath, isPlain, type Plain } from "../path.ts";
import type { ConfigEdit } from "../source/edit.ts";

/** JSON merge patch, RFC 7396: sections are joined, `null` takes a key away, everything else replaces. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch;
  const result: Plain = isPlain(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}

/** The same patch as single edits of the text whose data is `target`, so that comments around them stay. */
export function mergePatchEdits(target: unknown, patch: unknown, path: ConfigPath = []): ConfigEdit[] {
  if (!isPlain(patch) || !isPlain(target)) return [{ path, value: applyMergePatch(target, patch) }];
  return Object.entries(patch).flatMap(([key, value]): ConfigEdit[] => {
    const place = [...path, key];
    if (value === null) return Object.hasOwn(target, key) ? [{ path: place, value: undefined }] : [];
    return isPlain(value) && isPlain(target[key])
      ? mergePatchEdits(target[key], value, place)
      : [{ path: place, value: applyMergePatch(undefined, value) }];
  });
}
