// What a complete portfolio still needs; asked again when the number of approved documents changes (3.3-2, 3.3-3).
import { graphql } from './graphql.ts';
import { useReading } from './parts/reading.ts';
import { ruPortfolio } from './ru-portfolio.ts';
import { request } from './session.ts';

const Lacking = graphql(`
  query MissingTypes {
    viewer {
      portfolio {
        missingTypes
      }
    }
  }
`);

export function Missing({ approved }: { approved: number }) {
  const reading = useReading(async () => (await request(Lacking, {})).viewer?.portfolio?.missingTypes, String(approved));
  const missing = reading.data.value;
  if (!missing) return null;
  if (missing.length === 0) return <p role="status">{ruPortfolio.complete}</p>;
  const { types } = ruPortfolio;
  return <p role="status">{ruPortfolio.missing} {missing.map((type) => types[type]).join(', ')}.</p>;
}
