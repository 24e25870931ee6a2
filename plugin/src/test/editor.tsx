import React, { useState, type ComponentType } from 'react';
import { configure, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type CoreApp, type QueryEditorProps } from '@grafana/data';
import { type DataSource } from '../datasource';
import { type RunboardOptions, type RunboardQuery, type VariableQuery } from '../types';
import { fakeGrafana } from './grafana';

type Editor<Query extends RunboardQuery | VariableQuery> = ComponentType<
  QueryEditorProps<DataSource, RunboardQuery, RunboardOptions, Query>
>;

/** Lists are as long as the window in which they are seen, and jsdom sees and measures nothing. */
Element.prototype.getBoundingClientRect = () =>
  ({ width: 300, height: 3000, top: 0, left: 0, bottom: 3000, right: 300 }) as DOMRect;
for (const size of ['offsetWidth', 'offsetHeight', 'clientWidth', 'clientHeight']) {
  Object.defineProperty(HTMLElement.prototype, size, { value: 3000 });
}
global.IntersectionObserver = class {
  observe() {}
  disconnect() {}
} as never;
HTMLCanvasElement.prototype.getContext = (() => ({ measureText: () => ({ width: 0 }) })) as never;

// each click and letter renders lists, and machines differ
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 10_000 });

/** An editor as Grafana shows it; `last` is the query that it made last. */
export function open<Query extends RunboardQuery | VariableQuery>(
  Editor: Editor<Query>,
  query: NoInfer<Query>,
  { grafana = fakeGrafana(), app }: { grafana?: ReturnType<typeof fakeGrafana>; app?: CoreApp } = {},
) {
  const onRunQuery = jest.fn();
  const onChange = jest.fn();
  const seen: { last: Query } = { last: query };
  function Host() {
    const [current, setCurrent] = useState<Query>(query);
    const change = (next: Query) => {
      onChange(next);
      setCurrent((seen.last = next));
    };
    const given = { datasource: grafana.datasource, query: current, onChange: change, onRunQuery, app };
    return <Editor {...given} />;
  }
  render(<Host />);
  const user = userEvent.setup();
  return {
    ...grafana,
    seen,
    onChange,
    onRunQuery,
    user,
    /** types into the field with this label and takes the first that is offered */
    async choose(label: string, typed: string) {
      await user.click(await screen.findByLabelText(label));
      await user.keyboard(typed);
      await user.click((await screen.findAllByRole('option', { name: (name) => name.includes(typed) }))[0]);
      await user.tab();
    },
  };
}
