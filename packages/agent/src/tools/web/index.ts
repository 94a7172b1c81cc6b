export { createWebFetchTool } from "./web-fetch.ts";
export type { WebFetchConfig } from "./web-fetch.ts";
export { chooseSearch } from "./search/choose-search.ts";
export { createWebSearchTool } from "./search/web-search.ts";
