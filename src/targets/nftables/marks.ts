/** Traffic classes of what comes in: one lookup finds the marks of the interface, which are tried in their order. */
import { sortedBy } from '#base/order.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { MarkRule, TrafficClass } from '#design/filter.ts'
import { HOOKS } from './hooks.ts'
import { EITHER_ICMP, FAMILIES, SERVICE, showPorts, whysOf } from './lookups.ts'
import { identifier, interfaceName } from './names.ts'
import { RULES } from './rules.ts'
import { ACCEPT, constant, dispatch, jump, tuple } from './statements.ts'
import type { NftChain, NftMap, NftRule, Statement } from './tree.ts'

/** In order of urgency. */
const CLASSES: readonly TrafficClass[] = ['ef', 'cs3', 'cs0', 'cs1']

const DEFAULT: TrafficClass = 'cs0'

/** The chains and the map for the marks of the filter (which is why: `ground`); empty when there are none. */
export function markChains(
  marks: readonly MarkRule[],
  ground: Why,
): { readonly base: readonly NftChain[]; readonly chains: readonly NftChain[]; readonly maps: readonly NftMap[] } {
  if (marks.length === 0) return { base: [], chains: [], maps: [] }
  const byInterface = Map.groupBy(marks, (mark) => mark.interface)
  const marked = sortedBy(byInterface.keys(), (name) => name).map((name) => {
    const those = byInterface.get(name)!
    return { name: interfaceName(name), chain: identifier('marks', 'of', ...name.split('.')), rules: rulesOf(those, ground), why: anyOf(ground, whysOf(those)) }
  })
  const jumps = marked
    .flatMap(({ rules }) => rules)
    .flatMap(({ statements, why }) => statements.flatMap((statement) => (statement.kind === 'jump' ? [{ to: statement.chain, why }] : [])))
  const classes = CLASSES.flatMap((name): NftChain[] => {
    const users = jumps.filter(({ to }) => to === chainOf(name))
    const why = anyOf(ground, whysOf(users)).filter((origin) => origin !== RULES.unmarked.origin)
    return users.length > 0 ? [{ name: chainOf(name), rules: settersOf(name, why), why }] : []
  })
  const why = [RULES.markDispatch.origin]
  return {
    base: [
      {
        name: 'class_marks',
        base: HOOKS.inet.class_marks!,
        rules: [constant('markDispatch', dispatch('marks-by-interface', 'iifname'))],
        why: [RULES.marks.origin],
      },
    ],
    chains: [...marked.map(({ chain, rules, why }): NftChain => ({ name: chain, rules, why })), ...classes],
    maps: [{ name: 'marks-by-interface', type: ['ifname'], entries: marked.map(({ name, chain, why }) => ({ interfaces: [name], chain, why })), why }],
  }
}

/** Until one that takes every packet; what it leaves none to is not printed. */
function rulesOf(marks: readonly MarkRule[], ground: Why): NftRule[] {
  const all = marks.findIndex(({ service }) => service === undefined)
  const tried = all < 0 ? marks : marks.slice(0, all + 1)
  const rules = tried.map((mark): NftRule => ({ statements: [...matches(mark), jump(chainOf(mark.class))], why: mark.why }))
  return all < 0 ? [...rules, { statements: [jump(chainOf(DEFAULT))], why: [...anyOf(ground, whysOf(marks)), RULES.unmarked.origin] }] : rules
}

function matches({ service }: MarkRule): Statement[] {
  if (!service) return []
  if (service.protocol === 'icmp') return [EITHER_ICMP]
  return [tuple(SERVICE, [service.protocol, showPorts(service.ports ?? [0, 65535])])]
}

function chainOf(name: TrafficClass): string {
  return identifier('set', 'dscp', name)
}

function settersOf(name: TrafficClass, why: Why): NftRule[] {
  return FAMILIES.map((family) => ({ statements: [{ kind: 'dscp', family, class: name }, ACCEPT], why }))
}
