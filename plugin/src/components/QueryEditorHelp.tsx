import React from 'react';
import { type QueryEditorHelpProps } from '@grafana/data';
import { Button, Stack, Text } from '@grafana/ui';
import { type CatalogueSource } from '../catalogue-source';
import { DEFAULT_QUERY, type RunboardQuery } from '../types';
import { WithCatalogue } from './WithCatalogue';

/** Examples from the catalogue; one that is clicked becomes the query. */
export function QueryEditorHelp({ datasource, onClickExample }: QueryEditorHelpProps<RunboardQuery>) {
  const { version } = DEFAULT_QUERY;
  return (
    <WithCatalogue datasource={datasource as CatalogueSource}>
      {({ examples }) => (
        <Stack direction="column" alignItems="flex-start" gap={1}>
          <Text>Choose an example to start from. Every metric is defined below the query that asks for it.</Text>
          {examples.map(({ title, query }) => (
            <Button
              key={title}
              fill="text"
              variant="secondary"
              onClick={() => onClickExample({ ...query, refId: 'A', version })}
            >
              {title}
            </Button>
          ))}
        </Stack>
      )}
    </WithCatalogue>
  );
}
