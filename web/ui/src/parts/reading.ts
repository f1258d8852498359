// What a screen reads once when it opens, and again when it is told to.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** `data` is undefined until the first answer; a failure keeps what was known. */
export function useReading<Data>(read: () => Promise<Data>, question: string = '') {
  const data = useSignal<Data | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const again = async () => {
    failure.value = undefined;
    try {
      data.value = await read();
    } catch (error) {
      failure.value = error;
    }
  };
  useEffect(() => {
    void again();
  }, [question]);
  return { data, failure: failure.value, again };
}
