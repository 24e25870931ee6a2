import { type AnnotationSupport } from '@grafana/data';
import { AnnotationEditor } from './components/AnnotationEditor';
import { ANNOTATIONS, type RunboardQuery } from './types';

/** Annotations are what the view of that name answers, whatever else the query says. */
export const annotationSupport: AnnotationSupport<RunboardQuery> = {
  getDefaultQuery: () => ANNOTATIONS,
  prepareQuery: ({ target }) => ({ refId: 'Anno', ...target, ...ANNOTATIONS }),
  QueryEditor: AnnotationEditor,
};
