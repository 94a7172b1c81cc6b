export { createMemoryTools } from "./memory-tools.ts";
export type { MemoryTools } from "./memory-tools.ts";
export type { MemoryAnswer, MemoryHit } from "./memory-index.ts";
