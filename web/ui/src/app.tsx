// Which screen belongs to the address, and who may see it.
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { Cabinet } from './cabinet.tsx';
import { Announcer } from './parts/announce.tsx';
import { lazily } from './parts/lazy.tsx';
import { Failure, Loading, Retrying } from './parts/status.tsx';
import { address, navigate } from './route.ts';
import { findViewer, viewer } from './session.ts';
import { SignIn } from './signin.tsx';
import { Start } from './start.tsx';

const Registration = lazily(() => import('./registration.tsx').then((screen) => screen.Registration));
const ConfirmEmail = lazily(() => import('./confirm-email.tsx').then((screen) => screen.ConfirmEmail));
const RevertContact = lazily(() => import('./revert-contact.tsx').then((screen) => screen.RevertContact));
const GosuslugiLogin = lazily(() => import('./gosuslugi-login.tsx').then((screen) => screen.GosuslugiLogin));
const GosuslugiReturn = lazily(() => import('./gosuslugi-return.tsx').then((screen) => screen.GosuslugiReturn));
const Recovery = lazily(() => import('./recovery.tsx').then((screen) => screen.Recovery));

export function App() {
  const failure = useSignal<unknown>(undefined);
  const load = () => {
    failure.value = undefined;
    findViewer().catch((error: unknown) => {
      if (viewer.value === undefined) failure.value = error;
    });
  };
  useEffect(load, []);
  useSignalEffect(() => {
    if (viewer.value === null && address.value.pathname.startsWith('/cabinet')) navigate('/signin', 'replace');
  });
  return (
    <>
      <Announcer />
      <Retrying />
      {failure.value !== undefined ? <Failure error={failure.value} onRetry={load} /> : <Screen />}
    </>
  );
}

function Screen() {
  const path = address.value.pathname;
  if (viewer.value === undefined) return <Loading />;
  if (path === '/signin') return <SignIn />;
  if (path === '/registration') return <Registration />;
  if (path === '/confirm-email') return <ConfirmEmail />;
  if (path === '/revert-contact') return <RevertContact />;
  if (path === '/gosuslugi') return <GosuslugiReturn />;
  if (path === '/gosuslugi/login') return <GosuslugiLogin />;
  if (path === '/recovery') return <Recovery />;
  if (path.startsWith('/cabinet') && viewer.value) return <Cabinet viewer={viewer.value} />;
  return <Start signedIn={viewer.value !== null} />;
}
