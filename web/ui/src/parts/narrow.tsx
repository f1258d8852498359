// The frame of a screen outside the cabinet: the name of the product, a heading, the title of the tab.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

import { follow } from '../route.ts';
import { ru } from '../ru.ts';

export function Narrow({ heading, children }: { heading: string; children: ComponentChildren }) {
  useTitle(heading);
  return (
    <main class="narrow">
      <p class="brand"><a href="/" onClick={follow}>{ru.product}</a></p>
      <h1>{heading}</h1>
      {children}
    </main>
  );
}

export function useTitle(heading: string): void {
  useEffect(() => {
    document.title = `${heading} — ${ru.product}`;
  }, [heading]);
}
