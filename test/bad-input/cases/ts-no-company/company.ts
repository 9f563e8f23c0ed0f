import { zones } from 'netwright'

zones({ users: {} })
