import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";

const rooms = ["chat", "sessions", "health", "settings"] as const;
export type Room = (typeof rooms)[number];

export interface Route {
  room: Room;
  /** Conversation named in the address, `/chat?session=…`. */
  sessionKey?: string;
}

export interface Router {
  readonly route: Store<Route>;
  /** Address of a room, base path included, for links. */
  href(route: Route): string;
  /** Shows a room and puts it into the browser's history. */
  go(route: Route): void;
  stop(): void;
}

/** The address of a route under a base path (`""` or `/prefix`). */
export function formatRoute(basePath: string, { room, sessionKey }: Route): string {
  const query = room === "chat" && sessionKey ? `?${new URLSearchParams({ session: sessionKey })}` : "";
  return `${basePath}/${room}${query}`;
}

/** The route of an address. Anything unknown is the chat: the gateway serves the page for every path. */
export function parseRoute(basePath: string, location: { pathname: string; search: string }): Route {
  const path = location.pathname.startsWith(`${basePath}/`) ? location.pathname.slice(basePath.length) : "/";
  const name = path.split("/")[1];
  const room = rooms.find((known) => known === name) ?? "chat";
  const sessionKey = new URLSearchParams(location.search).get("session")?.trim();
  return room === "chat" && sessionKey ? { room, sessionKey } : { room };
}

export function createRouter(view: Window, basePath: string): Router {
  const read = () => parseRoute(basePath, view.location);
  const route = createStore(read());
  const onPop = () => route.set(read());
  view.addEventListener("popstate", onPop);
  return {
    route,
    href: (target) => formatRoute(basePath, target),
    go(target) {
      const address = formatRoute(basePath, target);
      if (address !== view.location.pathname + view.location.search) view.history.pushState(null, "", address);
      route.set(target);
    },
    stop: () => view.removeEventListener("popstate", onPop),
  };
}
