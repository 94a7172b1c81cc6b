export { agentsTemplate } from "./agents.ts";
export { bootstrapTemplate } from "./bootstrap.ts";
export { heartbeatTemplate } from "./heartbeat.ts";
export { identityTemplate } from "./identity.ts";
export { soulTemplate } from "./soul.ts";
export { toolsTemplate } from "./tools.ts";
export { userTemplate } from "./user.ts";
