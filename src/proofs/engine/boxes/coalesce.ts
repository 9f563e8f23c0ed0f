/** Fewer boxes for the same packets: those that differ in one field and touch there are one. */
import type { Space } from './space.ts'
import { type Box, type Boxes, exactly } from './words.ts'

/** The boxes, joined field by field. Holds what they hold; disjoint when they are. */
export function coalesce(space: Space, boxes: Boxes): Boxes {
  let found = boxes
  for (let field = 0; field < space.fields.length && found.length > 1; field++) found = joined(space, found, field)
  return found
}

function joined(space: Space, boxes: Boxes, field: number): Boxes {
  const [at, width] = [space.at[field]!, space.width[field]!]
  const high = space.words + at
  const inField = (word: number) => (word >= at && word < at + width) || (word >= high && word < high + width)
  const alike = Map.groupBy(boxes, (box) => {
    let key = ''
    for (let word = 0; word < box.length; word++) if (!inField(word)) key += `${box[word]!.toString(36)} `
    return key
  })
  if (alike.size === boxes.length) return boxes
  return [...alike.values()].flatMap((group) => {
    if (group.length === 1) return group
    const sorted = group
      .map((box) => ({ box, first: exactly(box, at, width), last: exactly(box, high, width) }))
      .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
    const out: { box: Box; last: bigint }[] = []
    for (const { box, first, last } of sorted) {
      const before = out.at(-1)
      if (!before || first > before.last + 1n) out.push({ box, last })
      else if (last > before.last) {
        const wider = before.box.slice()
        for (let word = 0; word < width; word++) wider[high + word] = box[high + word]!
        out[out.length - 1] = { box: wider, last }
      }
    }
    return out.map(({ box }) => box)
  })
}
