/** The constant choices of the snmpd target, each with its reason, which is also the comment above the line. */
import { rule } from '../rule.ts'

/** Every constant choice, by name. */
export const rules = {
  addresses: rule('snmpd', 'addresses', 'the management addresses and no other; by default every address of the device answers'),
  device: rule('snmpd', 'device', 'what follows the @ is the management VRF: answers go back in it (net-snmp/net-snmp#4)'),
  view: rule(
    'snmpd',
    'view',
    'interfaces, addresses, processors and storage (MIB-II); not the processes, whose command lines may hold secrets, nor the packages, thousands of rows',
  ),
  access: rule(
    'snmpd',
    'access',
    'encrypted and authenticated alone (USM, authPriv: RFC 3414), and to read; no community is named, so that SNMPv1 and v2c get no answer',
  ),
  user: rule('snmpd', 'user', 'who is in the group, by name and pass phrases: createUser NAME SHA-256 "…" AES "…", and group monitors usm NAME'),
} as const
