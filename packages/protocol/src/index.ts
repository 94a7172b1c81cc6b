export * from "./authorize.ts";
export * from "./constants.ts";
export * from "./events.ts";
export * from "./methods.ts";
export * from "./validate.ts";
