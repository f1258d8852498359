// The catalogue: one element or several are chosen, and nothing is added before «Сохранить» (3.2-3 .. 3.2-5).
import { useSignal } from '@preact/signals';
import type { ResultOf } from 'gql.tada';

import { counted } from './dates.ts';
import { graphql } from './graphql.ts';
import { ErrorSummary, mistakesOf, problem, useSubmission } from './parts/form.tsx';
import { More, usePages } from './parts/pages.tsx';
import { Empty, Failure } from './parts/status.tsx';
import { address, follow, navigate, setParameters } from './route.ts';
import { ruEducation } from './ru-education.ts';
import { request } from './session.ts';

const Catalog = graphql(`
  query Catalog($after: Cursor, $filter: CatalogFilter) {
    catalog(first: 20, after: $after, filter: $filter) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          title
          kind
          difficulty
          credits
          added
          addable
          restriction
          provider {
            name
          }
        }
      }
    }
  }
`);
const Add = graphql(
  `
    mutation AddElements($ids: [ID!]!) {
      addEducationElements(input: { courseIds: $ids }) {
        errors {
          ...Problem
        }
      }
    }
  `,
  [problem],
);

type Course = ResultOf<typeof Catalog>['catalog']['edges'][number]['node'];
type Kind = Course['kind'];

export function AddEducation() {
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const { searchParams } = address.value;
  const search = searchParams.get('q');
  const kind = searchParams.get('kind') as Kind | null;
  const list = usePages<Course>(JSON.stringify([search, kind]), async (after) => {
    const filter = { search, kinds: kind ? [kind] : null };
    return (await request(Catalog, { after, filter })).catalog;
  });
  const { busy, mistakes, submit } = useSubmission(async () => {
    if (chosen.value.size === 0) return [{ field: '', message: ruEducation.nothing }];
    const { errors } = (await request(Add, { ids: [...chosen.value] })).addEducationElements;
    if (errors.length === 0) navigate('/cabinet/education');
    return mistakesOf(errors, []);
  });
  const choose = (id: string, wanted: boolean) => {
    const others = [...chosen.value].filter((one) => one !== id);
    chosen.value = new Set(wanted ? [...others, id] : others);
  };
  const rows = list.rows.value;
  return (
    <form onSubmit={submit} noValidate>
      <h1>{ruEducation.choice}</h1>
      <p>{ruEducation.choiceLead}</p>
      <ErrorSummary mistakes={mistakes} />
      <Filters search={search ?? ''} kind={kind ?? ''} />
      {list.failure !== undefined && <Failure error={list.failure} onRetry={list.again} />}
      {rows?.length === 0 && <Empty title={ruEducation.nothingFound} hint={ruEducation.nothingFoundHint} />}
      <ul class="choices">
        {rows?.map((course) => (
          <Choice key={course.id} course={course} chosen={chosen.value.has(course.id)}
            onChange={(wanted) => choose(course.id, wanted)} />
        ))}
      </ul>
      <More next={list.next} read={list.read} />
      <p class="actions">
        <button type="submit" aria-disabled={busy}>{ruEducation.save}</button>
        <a href="/cabinet/education" onClick={follow}>{ruEducation.back}</a>
        <span role="status">{ruEducation.chosen(chosen.value.size)}</span>
      </p>
    </form>
  );
}

function Filters({ search, kind }: { search: string; kind: string }) {
  return (
    <search class="filters">
      <p class="field wide">
        <label for="q">{ruEducation.search}</label>
        <input id="q" type="search" defaultValue={search}
          onChange={(event) => setParameters({ q: event.currentTarget.value.trim() })} />
      </p>
      <p class="field">
        <label for="kind">{ruEducation.kind}</label>
        <select id="kind" value={kind} onChange={(event) => setParameters({ kind: event.currentTarget.value })}>
          <option value="">{ruEducation.anyKind}</option>
          {Object.entries(ruEducation.kinds).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
        </select>
      </p>
    </search>
  );
}

interface ChoiceProps {
  readonly course: Course;
  readonly chosen: boolean;
  readonly onChange: (wanted: boolean) => void;
}

function Choice({ course, chosen, onChange }: ChoiceProps) {
  const about = [
    ruEducation.kinds[course.kind],
    ruEducation.difficulties[course.difficulty],
    counted(course.credits, ruEducation.credits),
    course.provider.name,
  ];
  const closed = course.added ? ruEducation.added : course.addable ? '' : course.restriction;
  return (
    <li>
      <label class="choice">
        <input type="checkbox" checked={chosen} disabled={closed !== ''}
          onChange={(event) => onChange(event.currentTarget.checked)} />
        <span>
          {course.title}
          <span class="under">{about.join(', ')}</span>
          {closed && <span class="under">{closed}</span>}
        </span>
      </label>
    </li>
  );
}
