// One deed at a time behind a button: what went wrong is said beside it, whatever it was.
import { useSignal } from '@preact/signals';

import { failureText } from './status.tsx';

interface Said {
  readonly message: string;
}

/** `act` runs a deed that returns the errors of its payload; `wrong` holds them in words. */
export function useDeed() {
  const busy = useSignal(false);
  const wrong = useSignal('');
  const act = async (deed: () => Promise<readonly Said[]>) => {
    if (busy.value) return;
    busy.value = true;
    wrong.value = '';
    try {
      wrong.value = (await deed()).map(({ message }) => message).join(' ');
    } catch (error) {
      wrong.value = failureText(error);
    }
    busy.value = false;
  };
  const mistake = wrong.value && <p class="mistake" role="alert">{wrong.value}</p>;
  return { act, busy: busy.value, mistake };
}
