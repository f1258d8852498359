// A threshold of one's own: what is measured, what value is to be reached, in which course (3.4-18, A20).
import { useSignal } from '@preact/signals';
import type { VariablesOf } from 'gql.tada';

import { graphql } from './graphql.ts';
import { announce } from './parts/announce.tsx';
import { ErrorSummary, Field, mistakesOf, problem, useSubmission, valueOf } from './parts/form.tsx';
import { useReading } from './parts/reading.ts';
import { ruProgress } from './ru-progress.ts';
import { request } from './session.ts';

const MyCourses = graphql(`
  query MyCourses {
    viewer {
      progress {
        courses(first: 100) {
          edges {
            node {
              course {
                id
                title
              }
            }
          }
        }
      }
    }
  }
`);
const Save = graphql(
  `
    mutation SetThreshold($input: SetThresholdInput!) {
      setThreshold(input: $input) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);
type Metric = VariablesOf<typeof Save>['input']['metric'];

const words = ruProgress.thresholds;
const METRICS = Object.keys(words.metrics) as Metric[];
const FIELDS = ['metric', 'value', 'courseId'] as const;

export function NewThreshold({ onSaved }: { onSaved: () => Promise<void> }) {
  const metric = useSignal<Metric>('COURSE_PERCENT');
  const ofCourse = metric.value === 'COURSE_PERCENT' || metric.value === 'COURSE_SCORE';
  const { busy, mistakes, submit } = useSubmission(async (form) => {
    const value = Number(valueOf(form, 'value').replace(/\s/g, '').replace(',', '.') || Number.NaN);
    if (Number.isNaN(value)) return [{ field: 'value', message: words.valueMissing }];
    const courseId = (ofCourse && valueOf(form, 'courseId')) || null;
    const { errors } = (await request(Save, { input: { metric: metric.value, value, courseId } })).setThreshold;
    if (errors.length === 0) {
      announce(words.saved);
      await onSaved();
    }
    return mistakesOf(errors, FIELDS);
  });
  return (
    <section class="narrow" aria-labelledby="new-threshold">
      <h2 id="new-threshold">{words.add}</h2>
      <form onSubmit={submit} noValidate>
        <ErrorSummary mistakes={mistakes} />
        <Field name="metric" label={words.metric} mistakes={mistakes}>
          {(attributes) => (
            <select {...attributes} value={metric.value}
              onChange={(event) => (metric.value = event.currentTarget.value as Metric)}>
              {METRICS.map((one) => <option key={one} value={one}>{words.metrics[one]}</option>)}
            </select>
          )}
        </Field>
        {ofCourse && <CourseChoice mistakes={mistakes} />}
        <Field name="value" label={words.value} hint={words.valueHint} mistakes={mistakes}>
          {(attributes) => <input {...attributes} class="date" inputmode="decimal" />}
        </Field>
        <button type="submit" aria-disabled={busy}>{words.save}</button>
      </form>
    </section>
  );
}

function CourseChoice({ mistakes }: { mistakes: Parameters<typeof Field>[0]['mistakes'] }) {
  const reading = useReading(async () => (await request(MyCourses, {})).viewer?.progress?.courses?.edges ?? []);
  return (
    <Field name="courseId" label={words.course} mistakes={mistakes}>
      {(attributes) => (
        <select {...attributes}>
          <option value="">{words.anyCourse}</option>
          {reading.data.value?.map(({ node: { course } }) => (
            <option key={course.id} value={course.id}>{course.title}</option>
          ))}
        </select>
      )}
    </Field>
  );
}
