export { createMemoryTools } from "./memory-tools.ts";
export type { MemoryTools, MemoryToolsOptions } from "./memory-tools.ts";
export { createMemoryIndex } from "./memory-index.ts";
export type { MemoryAnswer, MemoryHit, MemoryIndex, MemoryIndexOptions } from "./memory-index.ts";
