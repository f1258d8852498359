// The start page: what this is and the way in (3.1-4).
import { useEffect } from 'preact/hooks';

import { follow } from './route.ts';
import { ru } from './ru.ts';

export function Start({ signedIn }: { signedIn: boolean }) {
  useEffect(() => {
    document.title = ru.product;
  }, []);
  return (
    <main class="start">
      <p class="brand">{ru.product}</p>
      <h1>{ru.start.heading}</h1>
      <p class="lead">{ru.start.lead}</p>
      <p class="actions">
        {signedIn ? (
          <a class="button" href="/cabinet" onClick={follow}>{ru.start.openCabinet}</a>
        ) : (
          <>
            <a class="button" href="/signin" onClick={follow}>{ru.start.signIn}</a>
            <a class="button secondary" href="/registration" onClick={follow}>{ru.start.register}</a>
          </>
        )}
      </p>
      <dl class="points">
        {ru.start.points.map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </main>
  );
}
