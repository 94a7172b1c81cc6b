export { freePort, type GatewayProcess, type GatewayProcessOptions, startGatewayProcess } from "./gateway-process.ts";
