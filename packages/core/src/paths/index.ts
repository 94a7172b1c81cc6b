export {
  DEFAULT_GATEWAY_PORT,
  DEV_GATEWAY_PORT,
  expandHome,
  type PathOptions,
  type Paths,
  resolvePaths,
} from "./resolve-paths.ts";
