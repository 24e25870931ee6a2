import React, { type ReactNode } from 'react';
import { Alert, Button, LoadingPlaceholder } from '@grafana/ui';
import { type CatalogueSource } from '../catalogue-source';
import { type Catalogue } from '../types';
import { useCatalogue } from './useCatalogue';

/** Shows what needs the catalogue, once it is read; the query stays as it is where it cannot be. */
export function WithCatalogue(props: { datasource: CatalogueSource; children: (catalogue: Catalogue) => ReactNode }) {
  const { catalogue, error, retry } = useCatalogue(props.datasource);
  if (catalogue) return <>{props.children(catalogue)}</>;
  if (error === undefined) return <LoadingPlaceholder text="Reading what can be asked for" />;
  return (
    <Alert severity="error" title="The metrics service does not say what can be asked for">
      <p>{error}</p>
      <Button variant="secondary" size="sm" onClick={retry}>
        Try again
      </Button>
    </Alert>
  );
}
