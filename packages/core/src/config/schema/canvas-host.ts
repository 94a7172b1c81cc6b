import { flag, path, port, section } from "./dsl.ts";

export const canvasHost = section("Files shown on nodes' canvases.", {
  enabled: flag("Serve them.", { default: true }),
  root: path("Directory. Default: canvas in the workspace."),
  port: port("Port.", { default: 18793 }),
  liveReload: flag("Reload pages when files change.", { default: true }),
});
