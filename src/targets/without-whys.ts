/** A tree as `parse` gives it, for tests: a file does not say why its lines are there. */
export function withoutWhys<Tree>(tree: Tree): Tree {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'why' ? [] : value))) as Tree
}
