// A table that becomes cards on a phone; the roles stay when its cells are no longer laid out as a table.
import type { ComponentChildren } from 'preact';

interface Props {
  readonly columns: Readonly<Record<string, string>>;
  readonly children: ComponentChildren; // rows, each cell with the name of its column in data-label
}

export function CardTable({ columns, children }: Props) {
  return (
    <table class="cards" role="table">
      <thead role="rowgroup">
        <tr role="row">
          {Object.values(columns).map((name) => <th key={name} role="columnheader" scope="col">{name}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">{children}</tbody>
    </table>
  );
}
