/** Circuits and cables carry what hosts take in the busy hour, in each direction, while nothing fails: as much as services and externals say, by the routes that there are. */
import { showBandwidth } from '#base/units.ts'
import type { Property } from '../../proof.ts'
import { type Used, type Utilisation, utilisationOf } from '../../utilisation.ts'

/** Flows that are told of one link. */
const MOST = 3

/** The property. It is of the whole network, so all is judged always. */
export const utilisation: Property = {
  name: 'utilisation',
  title: 'links carry what is asked of them',
  *ofNetwork(proof) {
    const utilisation = utilisationOf(proof)
    for (const used of utilisation.atRest) {
      const { link, direction, bandwidth, load, why } = used
      const holds = load <= bandwidth
      yield { property: 'utilisation', id: `${link} ${direction}`, holds, why, ...(holds ? {} : { counter: { says: tooMuch(utilisation, used) } }) }
    }
  },
}

function tooMuch({ flowsOn }: Utilisation, used: Used): string {
  const largest = flowsOn(used)
    .slice(0, MOST)
    .flatMap(([flow, load]) => (load > 0 ? [`${flow} (${showBandwidth(load)})`] : []))
  return `it is asked for ${showBandwidth(used.load)} of ${showBandwidth(used.bandwidth)}, most for ${largest.join(', ')}`
}
