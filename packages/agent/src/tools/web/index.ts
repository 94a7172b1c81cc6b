export { createWebFetchTool } from "./web-fetch.ts";
export type { WebFetchConfig, WebFetchOptions, WebFetchParams } from "./web-fetch.ts";
export { neutraliseMarkers, wrapUntrusted } from "./untrusted-content.ts";
export { chooseSearch, type WebSearchConfig } from "./search/choose-search.ts";
export type { SearchAnswer, SearchHit, SearchProvider, SearchQuery } from "./search/search-provider.ts";
export { createWebSearchTool, type WebSearchOptions, type WebSearchParams } from "./search/web-search.ts";
