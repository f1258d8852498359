// Entering by Gosuslugi alone (2.1-11, 1.1-5).
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { EsiaMistakes } from './gosuslugi-mistakes.tsx';
import { goToLogin, type EsiaMistake } from './gosuslugi-way.ts';
import { useTitle } from './parts/narrow.tsx';
import { failureText } from './parts/status.tsx';
import { follow } from './route.ts';
import { ru } from './ru.ts';
import { ruGosuslugi } from './ru-gosuslugi.ts';

/** Whom the portal's own page has sent: they go on to its window at once (1.2-13). */
export function GosuslugiLogin() {
  useTitle(ruGosuslugi.entry.heading);
  return (
    <main class="narrow">
      <p class="brand"><a href="/" onClick={follow}>{ru.product}</a></p>
      <h1>{ruGosuslugi.entry.heading}</h1>
      <GosuslugiEntry atOnce />
    </main>
  );
}

export function GosuslugiEntry({ atOnce = false }: { atOnce?: boolean }) {
  const busy = useSignal(false);
  const mistakes = useSignal<readonly EsiaMistake[]>([]);
  const go = async () => {
    if (busy.value) return;
    busy.value = true;
    mistakes.value = await goToLogin().catch((error: unknown) => [{ message: failureText(error), path: [] }]);
    busy.value = false;
  };
  useEffect(() => {
    if (atOnce) void go();
  }, []);
  return (
    <section aria-label={ruGosuslugi.entry.heading}>
      {!atOnce && <h2>{ruGosuslugi.entry.heading}</h2>}
      <EsiaMistakes mistakes={mistakes.value} />
      <p>{ruGosuslugi.entry.lead}</p>
      <p class="actions">
        <button type="button" class="secondary" onClick={go} aria-disabled={busy.value}>{ruGosuslugi.entry.go}</button>
      </p>
    </section>
  );
}
