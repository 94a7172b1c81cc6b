// For whoever writes a manifest in this repository. Build time only: nothing here is published.
export * from "./channel-common.ts";
export * from "./dsl.ts";
export { root } from "./root.ts";
export { blockChunk, blockCoalesce } from "./streaming.ts";
export { allowDeny } from "./tools.ts";
