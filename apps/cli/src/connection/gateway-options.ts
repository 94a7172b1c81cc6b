import type { Argv } from "yargs";

/** Adds the options that say which gateway is meant. */
export const addressOptions = (yargs: Argv): Argv =>
  yargs
    .option("url", { type: "string", describe: "Gateway to talk to (default: the configured one)" })
    .option("token", { type: "string", describe: "Its token" })
    .option("password", { type: "string", describe: "Its password" });

/** Adds the options of `GatewayOptions` to a command. */
export const gatewayOptions = (yargs: Argv): Argv =>
  addressOptions(yargs).option("timeout", { type: "number", describe: "Milliseconds to wait for the answer" });
