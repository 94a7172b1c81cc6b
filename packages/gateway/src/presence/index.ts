export { describeGateway } from "./gateway-presence.ts";
export type { PresenceEntry, PresenceUpdate } from "./presence-entry.ts";
export { createPresenceList, type PresenceList, type PresenceListOptions } from "./presence-list.ts";
export { presenceMethods, type PresenceMethodsOptions } from "./presence-methods.ts";
