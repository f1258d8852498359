// A screen whose code is fetched when it is first shown, so that the first load stays small.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

import { Failure, Loading } from './status.tsx';

export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const screen = signal<{ readonly is: ComponentType<Props> } | undefined>(undefined);
  const failure = signal<unknown>(undefined);
  const fetchScreen = () =>
    load().then(
      (found) => (screen.value = { is: found }),
      (error: unknown) => (failure.value = error),
    );
  return function Lazily(props: Props) {
    useEffect(() => {
      if (!screen.value) void fetchScreen();
    }, []);
    // A browser may remember that a part was not there, and after an update its old address is gone for good.
    if (failure.value !== undefined) return <Failure error={failure.value} onRetry={() => location.reload()} />;
    if (!screen.value) return <Loading />;
    const { is: Screen } = screen.value;
    return <Screen {...props} />;
  };
}
