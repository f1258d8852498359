// A cycle to follow: the speciality and the day its five years began; saving one that goes on moves it (3.4-20).
import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { ErrorSummary, Field, mistakesOf, problem, useSubmission, valueOf } from './parts/form.tsx';
import { ruProgress } from './ru-progress.ts';
import { request } from './session.ts';

const Save = graphql(
  `
    mutation SetPlanCycle($input: SetPlanCycleInput!) {
      setPlanCycle(input: $input) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);
const words = ruProgress.plan;
const FIELDS = ['specialty', 'startsOn'] as const;

export function NewCycle({ onSaved }: { onSaved: () => Promise<void> }) {
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const [specialty, startsOn] = [valueOf(form, 'specialty'), valueOf(form, 'startsOn')];
    if (!startsOn) return [{ field: 'startsOn', message: words.startsOnMissing }];
    const { errors } = (await request(Save, { input: { specialty, startsOn } })).setPlanCycle;
    if (errors.length === 0) {
      form.reset();
      announce(words.saved(specialty));
      await onSaved();
    }
    return mistakesOf(errors, FIELDS);
  });
  return (
    <section class="narrow" aria-labelledby="new-cycle">
      <h2 id="new-cycle">{words.add}</h2>
      <form onSubmit={submit} noValidate>
        <ErrorSummary mistakes={mistakes} />
        <Field name="specialty" label={words.specialty} hint={words.specialtyHint} mistakes={mistakes}>
          {(attributes) => <input {...attributes} />}
        </Field>
        <Field name="startsOn" label={words.startsOn} hint={words.startsOnHint} mistakes={mistakes}>
          {(attributes) => <input {...attributes} class="date" type="date" max="9999-12-31" />}
        </Field>
        <button type="submit" aria-disabled={busy}>{words.save}</button>
      </form>
    </section>
  );
}
