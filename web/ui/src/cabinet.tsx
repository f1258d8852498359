// The cabinet: sections, the badge of the live connection, the way out (3.1-7).
import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';

import { Activities } from './activities.tsx';
import { connect } from './connection.ts';
import { counted } from './dates.ts';
import { lazily } from './parts/lazy.tsx';
import { useNotices } from './notices-live.ts';
import { address, follow, navigate } from './route.ts';
import { ru } from './ru.ts';
import { signOut, viewer as signedIn, type Viewer } from './session.ts';

const Steps = lazily(() => import('./steps.tsx').then((screen) => screen.Steps));
const Education = lazily(() => import('./education.tsx').then((screen) => screen.Education));
const AddEducation = lazily(() => import('./education-add.tsx').then((screen) => screen.AddEducation));
const Journal = lazily(() => import('./journal.tsx').then((screen) => screen.Journal));
const NewDocument = lazily(() => import('./portfolio-form.tsx').then((screen) => screen.NewDocument));
const Portfolio = lazily(() => import('./portfolio.tsx').then((screen) => screen.Portfolio));
const Progress = lazily(() => import('./progress.tsx').then((screen) => screen.Progress));
const Notices = lazily(() => import('./notices.tsx').then((screen) => screen.Notices));
const Profile = lazily(() => import('./profile.tsx').then((screen) => screen.Profile));

const SECTIONS = ['activities', 'education', 'progress', 'portfolio', 'notices', 'profile', 'journal'] as const;
type Section = (typeof SECTIONS)[number] | 'steps';

export function Cabinet({ viewer }: { viewer: Viewer }) {
  const connection = useMemo(connect, [viewer.id]);
  useEffect(() => connection.close, [connection]);
  useEffect(
    () =>
      connection.state.subscribe((state) => {
        if (state === 'signed-out') signedIn.value = null;
      }),
    [connection],
  );
  const notices = useNotices(connection);
  const section = useComputed<Section>(() => {
    const name = address.value.pathname.split('/')[2];
    const first = stepsBefore(viewer) ? 'steps' : 'activities';
    return ['steps' as const, ...SECTIONS].find((known) => known === name) ?? first;
  }).value;
  const sections = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${ru.cabinet[section]} — ${ru.product}`;
  }, [section]);
  const unread = notices.value?.unread ?? 0;
  // On a phone the row of sections is swept aside, and the number of notices makes it longer.
  useEffect(() => {
    const row = sections.current;
    const here = row?.querySelector<HTMLElement>('[aria-current]');
    if (row && here) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }, [section, unread]);
  const leave = () => signOut().then(() => navigate('/'));
  return (
    <div class="cabinet">
      <a class="skip" href="#content">{ru.cabinet.skip}</a>
      <header>
        <p class="brand"><a href="/" onClick={follow}>{ru.product}</a></p>
        <p class="person">{[viewer.name.lastName, viewer.name.firstName, viewer.name.middleName].join(' ')}</p>
        <button type="button" class="link" onClick={leave}>{ru.cabinet.signOut}</button>
      </header>
      <nav ref={sections} aria-label={ru.cabinet.sections}>
        {SECTIONS.map((name) => (
          <a key={name} href={`/cabinet/${name}`} onClick={follow} aria-current={name === section ? 'page' : undefined}>
            {ru.cabinet[name]}
            {name === 'notices' && <Unread count={unread} />}
          </a>
        ))}
      </nav>
      <main id="content" tabIndex={-1}>
        {section !== 'steps' && stepsBefore(viewer) && (
          <p class="notice"><a href="/cabinet/steps" onClick={follow}>{ru.cabinet.stepsLeft}</a></p>
        )}
        {section === 'activities' && viewer.nextSteps.includes('BUILD_PORTFOLIO') && (
          <p class="notice"><a href="/cabinet/portfolio" onClick={follow}>{ru.cabinet.buildPortfolio}</a></p>
        )}
        {section === 'steps' && <Steps connection={connection} />}
        {section === 'education' &&
          (address.value.pathname === '/cabinet/education/add' ? <AddEducation /> : <Education connection={connection} />)}
        {section === 'notices' && <Notices notices={notices} />}
        {section === 'profile' && <Profile connection={connection} notices={notices} />}
        {section === 'activities' && <Activities connection={connection} />}
        {section === 'progress' && <Progress connection={connection} notices={notices} />}
        {section === 'portfolio' &&
          (address.value.pathname === '/cabinet/portfolio/new' ? <NewDocument /> : <Portfolio connection={connection} />)}
        {section === 'journal' && <Journal />}
      </main>
    </div>
  );
}

/** Whether something stands between the person and the whole cabinet; the portfolio is only suggested. */
function stepsBefore({ nextSteps }: Viewer): boolean {
  return nextSteps.some((step) => step !== 'BUILD_PORTFOLIO');
}

function Unread({ count }: { count: number }) {
  if (count === 0) return null;
  return <span class="unread"> {counted(count, ru.cabinet.unread)}</span>;
}
