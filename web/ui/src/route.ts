// Where the person is: the address is the state, so that filters survive a reload and can be sent to a colleague.
import { signal } from '@preact/signals';
import type { TargetedMouseEvent } from 'preact';

export const address = signal(new URL(location.href));

export function navigate(path: string, how: 'push' | 'replace' = 'push'): void {
  const target = new URL(path, location.origin);
  if (target.href === address.value.href) return;
  if (how === 'push') history.pushState(null, '', target);
  else history.replaceState(null, '', target);
  address.value = target;
}

/** Changes some parameters of the address in place; an empty value takes a parameter out. */
export function setParameters(changes: Record<string, string>): void {
  const target = new URL(address.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) target.searchParams.set(name, value);
    else target.searchParams.delete(name);
  }
  navigate(target.pathname + target.search, 'replace');
}

export function followAddress(): void {
  addEventListener('popstate', () => {
    address.value = new URL(location.href);
  });
}

/** Through which entry the person came: a link of the state portal says so in the address. */
export function originChannel(): 'SITE' | 'GOSUSLUGI' {
  return address.value.searchParams.get('channel') === 'GOSUSLUGI' ? 'GOSUSLUGI' : 'SITE';
}

/** A link inside the page: an ordinary one for every purpose but the plain click. */
export function follow(event: TargetedMouseEvent<HTMLAnchorElement>): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate(event.currentTarget.pathname + event.currentTarget.search);
  scrollTo(0, 0);
}
