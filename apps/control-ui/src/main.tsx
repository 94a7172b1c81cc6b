import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { createDashboard, DashboardContext } from "./app/dashboard.ts";
import { followTheme } from "./app/theme.ts";
import { createOutboxStorage } from "./chat/outbox-storage.ts";
import { createGatewayLink } from "./gateway/gateway-link.ts";
import { gatewayUrl } from "./page/gateway-url.ts";
import { readPageGlobals } from "./page/page-globals.ts";
import { readSignInLink } from "./page/sign-in-link.ts";
import { RouterContext } from "./router/link.tsx";
import { createRouter } from "./router/router.ts";
import { createSettings } from "./storage/settings.ts";
import "./styles/index.css";

// First of all: the token must not stay in the address bar, whatever fails later.
const { token, cleaned } = readSignInLink(location);
if (cleaned !== undefined) history.replaceState(null, "", cleaned);

const { basePath, assistantName } = readPageGlobals(window);
const settings = createSettings(localStorage);
followTheme(document.documentElement, settings);

const link = createGatewayLink({
  url: gatewayUrl(location, basePath),
  secure: isSecureContext,
  settings,
  storage: localStorage,
});
const dashboard = createDashboard({ assistantName, link, settings, outbox: createOutboxStorage(sessionStorage) });
const router = createRouter(window, basePath);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <RouterContext value={router}>
        <DashboardContext value={dashboard}>
          <App />
        </DashboardContext>
      </RouterContext>
    </StrictMode>,
  );
}
if (token) link.signIn({ token });
else link.start();

// A dashboard link opened in a tab that is already here changes only the fragment: sign in with the new token.
addEventListener("hashchange", () => {
  const next = readSignInLink(location);
  if (next.cleaned !== undefined) history.replaceState(null, "", next.cleaned);
  if (next.token) link.signIn({ token: next.token });
});
