// A list that is read page by page: the first page anew for every change of the question, further ones on demand.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { ru } from '../ru.ts';

interface PageOf<Row> {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount?: number;
}

/** `load` asks for the rows after a cursor; an answer to a question that is no longer asked is dropped. */
export function usePages<Row>(question: string, load: (after: string | null) => Promise<PageOf<Row>>) {
  const rows = useSignal<readonly Row[] | undefined>(undefined);
  const total = useSignal(0);
  const next = useSignal<string | null>(null);
  const failure = useSignal<unknown>(undefined);
  const asked = useSignal('');
  const show = (shown: readonly Row[], last: PageOf<Row>) => {
    rows.value = shown;
    total.value = last.totalCount ?? total.value;
    next.value = last.pageInfo.hasNextPage ? last.pageInfo.endCursor : null;
  };
  const read = async (after: string | null) => {
    asked.value = question;
    failure.value = undefined;
    try {
      const page = await load(after);
      if (asked.value !== question) return;
      const read = page.edges.map((edge) => edge.node);
      show(after === null ? read : [...(rows.value ?? []), ...read], page);
    } catch (error) {
      if (asked.value === question) failure.value = error;
    }
  };
  /** The rows that are shown, read anew and put in place of the old ones at once. */
  const refresh = async () => {
    const wanted = rows.value?.length ?? 0;
    const fresh: Row[] = [];
    let page: PageOf<Row> | undefined;
    try {
      do page = await load(page?.pageInfo.endCursor ?? null);
      while (fresh.push(...page.edges.map(({ node }) => node)) < wanted && page.pageInfo.hasNextPage);
      if (asked.value === question) show(fresh, page);
    } catch (error) {
      if (asked.value === question) failure.value = error;
    }
  };
  useEffect(() => {
    void read(null);
  }, [question]);
  return { rows, total: total.value, next: next.value, failure: failure.value, again: () => read(null), read, refresh };
}

export function More({ next, read }: { next: string | null; read: (after: string) => Promise<void> }) {
  if (next === null) return null;
  return (
    <p class="more">
      <button type="button" class="secondary" onClick={() => read(next)}>{ru.common.more}</button>
    </p>
  );
}
