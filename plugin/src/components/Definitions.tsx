import React from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { listOf, viewOf } from '../catalogue';
import { readFilters } from '../filters';
import { type Catalogue, type RunboardQuery } from '../types';
import { isVariable } from './options';

interface Definition {
  name: string;
  title: string;
  text: string;
}

/** What is chosen means. */
export function Definitions({ catalogue, query }: { catalogue: Catalogue; query: RunboardQuery }) {
  const styles = useStyles2(stylesOf);
  const definitions = definitionsOf(catalogue, query);
  if (definitions.length === 0) return null;
  return (
    <dl className={styles.list} aria-label="Definitions">
      {definitions.map(({ name, title, text }) => (
        <div key={name}>
          <dt className={styles.term}>{title}</dt> <dd className={styles.text}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function definitionsOf(catalogue: Catalogue, query: RunboardQuery): Definition[] {
  const members = viewOf(catalogue, query)?.members ?? [];
  const metrics = members.includes('metrics') ? listOf(query.metrics) : [];
  const groups = members.includes('groupBy') ? listOf(query.groupBy) : [];
  const filters = members.includes('filters') ? readFilters(query.filters).map(({ dimension }) => dimension) : [];
  const unknown = (name: string) => ({ name, title: name, text: 'The service does not know this name (any more).' });
  return [
    ...metrics.map((id) => {
      const metric = catalogue.metrics.find((one) => one.id === id);
      return metric ? { name: id, title: `${metric.title} (${metric.unit})`, text: metric.definition } : unknown(id);
    }),
    ...[...new Set([...groups, ...filters])].map((name) => {
      const dimension = catalogue.dimensions.find((one) => one.name === name);
      return dimension ? { name, title: dimension.title, text: dimension.definition } : unknown(name);
    }),
  ].filter(({ name }) => !isVariable(name));
}

function stylesOf(theme: GrafanaTheme2) {
  return {
    list: css({ margin: 0, padding: theme.spacing(0, 1), fontSize: theme.typography.bodySmall.fontSize }),
    term: css({ display: 'inline', fontWeight: theme.typography.fontWeightMedium }),
    text: css({ display: 'inline', margin: 0, color: theme.colors.text.secondary }),
  };
}
