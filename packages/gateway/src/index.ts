export {
  type Configuration,
  type ConfigurationOptions,
  type Degraded,
  openConfiguration,
} from "./configuration/configuration.ts";
export { type GatewayOptions, type RunningGateway, startGateway } from "./gateway.ts";
export { type GatewayRun, type RunGatewayOptions, runGateway } from "./run-gateway.ts";
