import { useEffect, useState } from 'react';
import { type CatalogueSource } from '../catalogue-source';

/** What the values of a dimension are shown as: the name of a user instead of the id. Itself where nobody says more. */
export function useValueNames(datasource: CatalogueSource, dimension: string, values: readonly string[]) {
  const [names, setNames] = useState(new Map<string, string>());
  const missing = values.length > 0;
  useEffect(() => {
    if (!missing) return;
    let isShown = true;
    datasource.values(dimension).then(
      (found) => isShown && setNames(new Map(found.map(({ value, text }) => [value, text]))),
      () => undefined, // the values are shown as they are
    );
    return () => {
      isShown = false;
    };
  }, [datasource, dimension, missing]);
  return (value: string) => names.get(value) ?? value;
}
