import { companyStandard } from 'netwright'

export const mpls = companyStandard('wan', 2, {
  lessons: [],
  design(attachments, ask) {
    for (const from of attachments) for (const circuit of from.circuits) if (circuit.kind === 'private') ask.carrier(from, circuit, {})
  },
})
