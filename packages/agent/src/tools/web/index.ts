export { createWebFetchTool } from "./web-fetch.ts";
export type { WebFetchConfig, WebFetchOptions, WebFetchParams } from "./web-fetch.ts";
export { neutraliseMarkers, wrapUntrusted } from "./untrusted-content.ts";
