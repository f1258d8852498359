// Services of the state: shown to everybody, open to whom Gosuslugi has confirmed (2.1-10, 2.1-13).
import { useSignal } from '@preact/signals';

import { esiaProblem } from './gosuslugi-way.ts';
import { graphql } from './graphql.ts';
import { failureText } from './parts/status.tsx';
import { ruGosuslugi } from './ru-gosuslugi.ts';
import { request } from './session.ts';

const RequestService = graphql(
  `
    mutation RequestGovService($code: String!) {
      requestGovService(code: $code) {
        application {
          number
        }
        url
        errors {
          ...EsiaProblem
        }
      }
    }
  `,
  [esiaProblem],
);

interface Service {
  readonly code: string;
  readonly title: string;
  readonly available: boolean;
}
const words = ruGosuslugi.settings;

export function GosuslugiServices({ services }: { services: readonly Service[] }) {
  const said = useSignal<{ readonly text: string; readonly url?: string | null } | null>(null);
  const ask = (code: string) => () => {
    request(RequestService, { code }).then(
      ({ requestGovService: { application, url, errors } }) => {
        const text = application ? words.asked(application.number) : errors.map(({ message }) => message).join(' ');
        said.value = { text, url };
      },
      (error: unknown) => (said.value = { text: failureText(error) }),
    );
  };
  return (
    <section aria-labelledby="services">
      <h2 id="services">{words.services}</h2>
      {!services.some(({ available }) => available) && <p>{words.servicesClosed}</p>}
      <ul class="choices">
        {services.map(({ code, title, available }) => (
          <li key={code}>
            {title}{' '}
            {available && (
              <button type="button" class="small secondary" aria-label={words.open(title)} onClick={ask(code)}>
                {words.go}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p role="status">
        {said.value?.text} {said.value?.url && <a href={said.value.url} rel="noopener">{words.go}</a>}
      </p>
    </section>
  );
}
