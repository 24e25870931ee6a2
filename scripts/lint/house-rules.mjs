/** Reports the nodes that selectors name, each with what to do instead. */
const forbid = (messages) => ({
  create: (context) =>
    Object.fromEntries(
      Object.entries(messages).map(([selector, message]) => [selector, (node) => context.report({ node, message })]),
    ),
});

const CLOCK = 'take the time from the clock that is passed in';

/** Rules of this project that no linter brings; .oxlintrc.json says where each holds. */
export default {
  meta: { name: 'house' },
  rules: {
    'no-clock': forbid({
      'CallExpression[callee.object.name="Date"][callee.property.name="now"]': CLOCK,
      'NewExpression[callee.name="Date"][arguments.length=0]': CLOCK,
    }),
    'no-environment': forbid({
      'MemberExpression[object.name="process"][property.name="env"]':
        'src/config.ts reads the environment; take the configuration that is passed in',
    }),
    'no-spread-into-list': forbid({
      'CallExpression[callee.property.name=/^(push|unshift)$/] > SpreadElement':
        'a list whose length others choose overflows the stack: add its items one by one',
    }),
  },
};
