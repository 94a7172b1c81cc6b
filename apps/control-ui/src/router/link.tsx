import { createContext, useContext } from "react";
import type { MouseEvent, ReactNode } from "react";
import type { Route, Router } from "./router.ts";

export const RouterContext = createContext<Router | undefined>(undefined);

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (!router) throw new Error("useRouter is only valid inside RouterContext");
  return router;
}

interface LinkProps {
  to: Route;
  current?: boolean;
  className?: string;
  onFollow?: () => void;
  children: ReactNode;
}

/** A real link, so that the middle button and "open in new tab" work; a plain click stays in the page. */
export function Link({ to, current, className, onFollow, children }: LinkProps) {
  const router = useRouter();
  const follow = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    router.go(to);
    onFollow?.();
  };
  return (
    <a href={router.href(to)} className={className} aria-current={current ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}
