/** Whether verdicts are the same, however they were come to. */
import assert from 'node:assert/strict'
import type { Verdict } from '#proofs/proof.ts'

/** Fails with those that only one of the two sides has, or that come to something else there. */
export function assertSameVerdicts(some: readonly Verdict[], others: readonly Verdict[], what?: string): void {
  const told = (all: readonly Verdict[]) => new Set(all.map(({ property, id, holds }) => `${property} ${id}: ${holds}`))
  const [one, other] = [told(some), told(others)]
  assert.deepEqual([[...one.difference(other)], [...other.difference(one)]], [[], []], what)
  assert.equal(some.length, others.length, what)
}
