export { readSandboxSettings } from "./settings.ts";
export { createSandboxes, type Sandboxes, type SandboxesOptions } from "./sandboxes.ts";
export type { Sandbox, SandboxMount, SandboxSettings } from "./types.ts";
