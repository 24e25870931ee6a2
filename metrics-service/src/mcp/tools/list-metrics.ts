import { z } from 'zod';
import { describeCatalogue } from '../../catalogue/describe.js';
import { tool } from '../tool.js';

/** Everything that can be asked for; if few metrics match, with their groups and filters. */
export const listMetrics = tool({
  name: 'list_metrics',
  title: 'List metrics',
  description:
    'What can be asked for with `query`: metrics with unit, definition and whether a higher or lower value is better, and the ' +
    'dimensions to group and filter by. ' +
    'With `search`, only metrics with that text, and the groups and filters that each of them takes.',
  input: { search: z.string().max(100).optional().describe('text in id, title or definition, such as cost') },
  async answer(_source, { search }) {
    const { metrics, dimensions } = describeCatalogue();
    const wanted = search?.toLowerCase() ?? '';
    const found = metrics.filter(({ id, title, definition }) =>
      [id, title, definition].some((text) => text.toLowerCase().includes(wanted)),
    );
    return JSON.stringify({
      metrics: found.map(({ id, unit, better, definition, requires, requiresAny, groups, filters }) => ({
        ...{ id, unit, definition },
        ...(better === 'neither' ? {} : { better }),
        ...(requires === null ? {} : { requires_group_by: requires }),
        ...(requiresAny.length === 0 ? {} : { requires_one_group_of: requiresAny }),
        ...(search === undefined ? {} : { groups, filters }),
      })),
      dimensions: dimensions.map(({ name, definition, groups, filters }) => ({
        ...{ name, definition },
        ...(groups ? {} : { filter_only: true }),
        ...(filters ? {} : { group_only: true }),
      })),
    });
  },
});
