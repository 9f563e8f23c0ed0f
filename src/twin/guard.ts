/** Removes the lab that is named when whoever started this is gone, which is when the input ends. */
import { removeLab } from './lab.ts'

process.stdin.on('end', () => removeLab(process.argv[2]!)).resume()
