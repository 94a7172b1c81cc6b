import type { Settings } from "../storage/settings.ts";
import type { Store } from "../store/store.ts";

/** Keeps the page's colours as chosen; `system` leaves them to the browser. */
export function followTheme(root: HTMLElement, settings: Store<Settings>): void {
  const apply = () => {
    const { theme } = settings.get();
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  apply();
  settings.subscribe(apply);
}
