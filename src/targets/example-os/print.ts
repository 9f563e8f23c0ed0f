/** Writes the tree as `example.conf`. */
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile } from '../target.ts'
import { END } from './rules.ts'
import type { ExampleTree } from './tree.ts'

/** The one file. */
export function print({ hostname, interfaces, routes }: ExampleTree): readonly PrintedFile[] {
  return [
    {
      path: 'example.conf',
      lines: [
        line(`hostname ${hostname.name}`, hostname.why),
        ...interfaces.flatMap(({ name, addresses, why }) => [
          line(`interface ${name}`, why),
          ...addresses.map((one) => line(`  address ${one.address}`, one.why)),
        ]),
        ...routes.map(({ prefix, via, why }) => line(`route ${prefix} ${via === undefined ? 'discard' : `via ${via}`}`, why)),
        line('end', [END.origin]),
      ],
    },
  ]
}

function line(text: string, why: Why): Line {
  return { text, why }
}
