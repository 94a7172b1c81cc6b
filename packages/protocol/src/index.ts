export * from "./authorize.ts";
export * from "./constants.ts";
export * from "./device/index.ts";
export * from "./events.ts";
export * from "./gateway-error.ts";
export * from "./methods.ts";
export * from "./validate.ts";
