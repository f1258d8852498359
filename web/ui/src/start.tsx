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
      <p>
        {signedIn ? (
          <a class="button" href="/cabinet/activities" onClick={follow}>{ru.start.openCabinet}</a>
        ) : (
          <a class="button" href="/signin" onClick={follow}>{ru.start.signIn}</a>
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
