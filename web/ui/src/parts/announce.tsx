// One polite voice for the whole page: at most one sentence in five seconds, the newest one.
import { signal } from '@preact/signals';

const PAUSE = 5_000;
const said = signal('');
let waiting: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(sentence: string): void {
  waiting = sentence;
  if (timer === undefined) speak();
}

function speak(): void {
  timer = undefined;
  if (waiting === undefined) return;
  said.value = waiting;
  waiting = undefined;
  timer = setTimeout(speak, PAUSE);
}

export function Announcer() {
  return (
    <p class="only-heard" aria-live="polite">
      {said}
    </p>
  );
}
