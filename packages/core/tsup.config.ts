import { defineConfig } from "tsup";
import { library } from "../../tsup.base.ts";

export default defineConfig(library({ "index": "src/index.ts", "config/index": "src/config/index.ts", "paths/index": "src/paths/index.ts", "sessions/index": "src/sessions/index.ts", "access/index": "src/access/index.ts", "routing/index": "src/routing/index.ts", "reply/index": "src/reply/index.ts", "markdown/index": "src/markdown/index.ts", "log-file/index": "src/log-file/index.ts" }));
