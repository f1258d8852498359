// Seconds that run out before one's eyes: the life of a code, the pause before it may be sent again.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const SECOND = 1_000;

/** What is left of `seconds`; it begins anew when `from` is another value. */
export function useCountdown(seconds: number, from: unknown): number {
  const left = useSignal(seconds);
  useEffect(() => {
    const end = performance.now() + seconds * SECOND;
    left.value = seconds;
    const timer = setInterval(() => {
      left.value = Math.max(0, Math.ceil((end - performance.now()) / SECOND));
      if (left.value === 0) clearInterval(timer);
    }, SECOND);
    return () => clearInterval(timer);
  }, [from, seconds]);
  return left.value;
}

export function minutesText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
