import { useCallback, useEffect, useState } from 'react';
import { type CatalogueSource } from '../catalogue-source';
import { type Catalogue } from '../types';

interface Reading {
  catalogue?: Catalogue;
  /** why it could not be read */
  error?: string;
  retry: () => void;
}

/** The catalogue of the data source, read when the editor is first shown. */
export function useCatalogue(datasource: CatalogueSource): Reading {
  const [state, setState] = useState<Omit<Reading, 'retry'>>({});
  const read = useCallback(
    () =>
      datasource.catalogue().then(
        (catalogue) => ({ catalogue }),
        (error: unknown) => ({ error: messageOf(error) }),
      ),
    [datasource],
  );
  useEffect(() => {
    let isShown = true;
    void read().then((found) => isShown && setState(found));
    return () => {
      isShown = false;
    };
  }, [read]);
  return { ...state, retry: () => void read().then(setState) };
}

/** What Grafana says about a request that failed. */
function messageOf(error: unknown): string {
  const { data, message, statusText } = (error ?? {}) as {
    data?: { message?: string };
    message?: string;
    statusText?: string;
  };
  return data?.message || message || statusText || 'the request failed';
}
