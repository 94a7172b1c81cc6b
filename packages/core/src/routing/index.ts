export {
  type Binding,
  defaultAgentId,
  resolveRoute,
  resolveRoutes,
  type Route,
  type RouteFacts,
  type RouteTier,
  type RoutingConfig,
} from "./route.ts";
