import { textFrom } from "../wire/narrow.ts";

/** What the gateway writes into the page before the script runs. */
export interface PageGlobals {
  /** Path prefix the page is served under: `""` or `/prefix`, without a trailing slash. */
  basePath: string;
  assistantName: string;
}

/** Reads the injected globals; a page served without them works at the root with neutral names. */
export function readPageGlobals(source: object): PageGlobals {
  return {
    basePath: normalizeBasePath(Reflect.get(source, "__OPENCLAW_CONTROL_UI_BASE_PATH__")),
    assistantName: textFrom(Reflect.get(source, "__OPENCLAW_ASSISTANT_NAME__")) ?? "Assistant",
  };
}

/** `""` for the root, else one leading slash and none at the end. Anything that is not a plain path counts as the root. */
export function normalizeBasePath(value: unknown): string {
  const raw = textFrom(value);
  if (raw === undefined) return "";
  const path = `/${raw}`.replace(/\/+/g, "/").replace(/\/$/, "");
  return /^(?:\/[\w.~-]+)*$/.test(path) ? path : "";
}
