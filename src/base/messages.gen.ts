// Made by tools/messages.ts from messages/*.md. Do not edit.

/** The words each message needs. */
export interface MessageWords {
  'address-outside': { key: string | number; value: string | number; pool: string | number }
  'allocation-clash': { what: string | number; value: string | number; other: string | number }
  'async-standard': { standard: string | number }
  'bad-ask-name': { standard: string | number; kind: string | number; site: string | number; name: string | number }
  'bad-file-name': { name: string | number; kind: string | number }
  'bad-number': { standard: string | number; what: string | number; site: string | number }
  'bad-port': {  }
  'bad-zone-name': { name: string | number }
  'build-running': { folder: string | number; pid: string | number }
  'company-exists': { folder: string | number }
  'company-threw': { message: string | number }
  'cycle-in-needs': { cycle: string | number }
  'duplicate-ask': { standard: string | number; what: string | number; site: string | number }
  'duplicate-device-type': { slug: string | number }
  'duplicate-file': { kind: string | number; name: string | number }
  'duplicate-id': { list: string | number; id: string | number }
  'duplicate-name': { kind: string | number; name: string | number; site: string | number; other: string | number }
  'duplicate-policy': { id: string | number }
  'duplicate-standard': { standard: string | number }
  'duplicate-waiver': { site: string | number; requirement: string | number }
  'example-os-unknown-line': { line: string | number; text: string | number }
  'filter-tangled': { filter: string | number; most: string | number }
  'forbidden-import': { specifier: string | number }
  'frr-undefined-name': { who: string | number; kind: string | number; name: string | number }
  'frr-unused-name': { kind: string | number; name: string | number }
  'impure': { what: string | number; instead: string | number }
  'internal-error': { message: string | number }
  'invalid-device-type': { type: string | number; problem: string | number }
  'ledger-clash': { key: string | number; first: string | number; second: string | number }
  'ledger-conflict': {  }
  'ledger-damaged': { expected: string | number }
  'ledger-frozen': {  }
  'ledger-in-use': { key: string | number }
  'ledger-unreadable': { key: string | number; value: string | number }
  'linux-missing-file': { file: string | number }
  'linux-missing-line': { file: string | number; line: string | number }
  'linux-unknown-line': { line: string | number; file: string | number; text: string | number }
  'malformed-yaml': { reason: string | number }
  'missing-fact': { name: string | number; what: string | number }
  'missing-file': { program: string | number; file: string | number }
  'missing-import': { specifier: string | number }
  'missing-line': { block: string | number; line: string | number; program: string | number }
  'name-too-long': { what: string | number; who: string | number; limit: string | number }
  'nftables-undefined-reference': { what: string | number; name: string | number }
  'nftables-unknown-statement': { found: string | number; expected: string | number }
  'nftables-unused-definition': { what: string | number; name: string | number }
  'no-balancer': { service: string | number; site: string | number }
  'no-company-file': { folder: string | number }
  'no-company': {  }
  'no-configs': { folder: string | number }
  'no-folder': { folder: string | number; reason: string | number }
  'no-host': { service: string | number; zone: string | number; site: string | number }
  'no-medium': { a: string | number; b: string | number; speed: string | number; site: string | number }
  'no-public-addresses': { service: string | number; site: string | number }
  'no-public-key': { device: string | number }
  'not-asked-for': { standard: string | number; kind: string | number; name: string | number; site: string | number }
  'nothing-listens': { who: string | number; service: string | number }
  'nothing-there': { subject: string | number }
  'outside-space': { value: string | number; site: string | number }
  'pin-outside': { prefix: string | number; of: string | number }
  'pool-exhausted': { what: string | number; pool: string | number; reason: string | number }
  'refused-by-standard': { standard: string | number; reason: string | number }
  'repeated-line': { line: string | number; program: string | number }
  'requirement-unmet': { site: string | number; requirement: string | number; reason: string | number }
  'runs-nowhere': { service: string | number; replicas: string | number }
  'service-address-outside': { service: string | number; address: string | number; site: string | number; pool: string | number }
  'standard-threw': { standard: string | number; site: string | number; message: string | number }
  'statement-out-of-place': { what: string | number }
  'syntax-error': { message: string | number; code: string | number }
  'totals-differ': { name: string | number; said: string | number; found: string | number }
  'twin-failed': { reason: string | number }
  'twin-is-booting': {  }
  'twin-is-not-up': { folder: string | number }
  'twin-is-up': { folder: string | number }
  'twin-macs-lost': { device: string | number }
  'twin-memory': { need: string | number; free: string | number }
  'twin-not-ready': { seconds: string | number; count: string | number }
  'twin-program': { program: string | number; package: string | number }
  'twin-unable': { reason: string | number }
  'two-companies': { name: string | number }
  'two-standards': { first: string | number; second: string | number; what: string | number }
  'type-error': { message: string | number; code: string | number }
  'unclosed-block': { block: string | number; program: string | number; end: string | number }
  'unknown-key': { key: string | number; what: string | number }
  'unknown-line': { line: string | number; block: string | number; program: string | number }
  'unknown-model': { who: string | number; model: string | number }
  'unknown-name': { kind: string | number; name: string | number }
  'unknown-region': { site: string | number; region: string | number }
  'unknown-role': { who: string | number; role: string | number }
  'unknown-standard': { standard: string | number }
  'unknown-target': { role: string | number; target: string | number }
  'unknown-zone': { who: string | number; zone: string | number }
  'unmet-capability': { platform: string | number; capability: string | number; who: string | number }
  'unreadable-file': { file: string | number; reason: string | number }
  'unstrippable-typescript': {  }
  'upgrade-renumbers': { standard: string | number; what: string | number; where: string | number }
  'waiver-lapsed': { requirement: string | number; site: string | number; until: string | number; reason: string | number }
  'waiver-unneeded': { site: string | number; requirement: string | number }
  'write-failed': { folder: string | number; reason: string | number }
  'wrong-value': { name: string | number; what: string | number; expected: string | number }
}

/** The stable name of a diagnostic. */
export type MessageCode = keyof MessageWords

/** Sentence and fix of each message, with the words still in braces. */
export const messages: Readonly<Record<MessageCode, { readonly sentence: string; readonly fix?: string }>> = {
  'address-outside': { sentence: "{key} = {value} lies outside {pool}.", fix: "restore the line of the ledger from version control, or give the block back the prefix that it had." },
  'allocation-clash': { sentence: "{what} = {value} is in the way of {other}, and neither may move.", fix: "free one of the two: remove its pin, or release it from the ledger once it is out of use." },
  'async-standard': { sentence: "The design of {standard} is asynchronous.", fix: "take out async and await: what is asked for after the first await would come too late." },
  'bad-ask-name': { sentence: "{standard} calls a {kind} at {site} \"{name}\", which is no name.", fix: "use lower-case letters, digits and inner dashes, at most 63 characters." },
  'bad-file-name': { sentence: "The file name \"{name}\" in {kind}/ is no name.", fix: "use lower-case letters, digits and inner dashes, at most 32 characters; \"company\", \"service\", \"external\" and \"elsewhere\" are taken." },
  'bad-number': { sentence: "{standard} asks for a number of {what} at {site} that is no whole number.", fix: "round it: Math.ceil(…)." },
  'bad-port': { sentence: "This is no port.", fix: "write a port and a protocol, such as \"443/tcp\"." },
  'bad-zone-name': { sentence: "A zone can't be called \"{name}\".", fix: "use lower-case letters, digits and inner dashes, at most 32 characters; \"any\", \"elsewhere\", \"external\", \"infrastructure\", \"inside\", \"outside\" and \"service\" are taken." },
  'build-running': { sentence: "Another build is writing to {folder} (process {pid}).", fix: "wait until it has finished; if that process is no build, remove .netwright/staging/owner and run this again." },
  'company-exists': { sentence: "{folder} has a company already.", fix: "choose another folder." },
  'company-threw': { sentence: "Loading the company failed: {message}.", fix: "mend the line." },
  'cycle-in-needs': { sentence: "Services need each other in a circle: {cycle}.", fix: "remove one of the needs: a circle has no order in which to start it." },
  'duplicate-ask': { sentence: "{standard} asks twice for {what} at {site}.", fix: "give the second another name, or remove it." },
  'duplicate-device-type': { sentence: "The catalogue has two device types named {slug}.", fix: "remove one of them, or give it another model name." },
  'duplicate-file': { sentence: "Two files say what the {kind} {name} is.", fix: "keep one of them." },
  'duplicate-id': { sentence: "Two items of {list} are called \"{id}\".", fix: "give one of them another name." },
  'duplicate-name': { sentence: "The {kind} \"{name}\" at {site} has the name of a {other}.", fix: "give one of them another name." },
  'duplicate-policy': { sentence: "The policy \"{id}\" is stated twice.", fix: "remove one of the two." },
  'duplicate-standard': { sentence: "Two standards are {standard}.", fix: "give one of them another version." },
  'duplicate-waiver': { sentence: "{site} is excused from {requirement} twice.", fix: "remove one of the two." },
  'example-os-unknown-line': { sentence: "Line {line} of example.conf is not one that Netwright prints there: {text}.", fix: "change the design and build again, instead of the printed file." },
  'filter-tangled': { sentence: "The rules of {filter} cut packets into more than {most} parts.", fix: "let fewer rules overlap: put what belongs together into one set, and what is narrow before what is wide." },
  'forbidden-import': { sentence: "A company's files import nothing but netwright and each other, and not \"{specifier}\".", fix: "remove the import, or put what it gives into the facts." },
  'frr-undefined-name': { sentence: "{who} names {kind} {name}, which is not defined.", fix: "define {name}, or take the reference out." },
  'frr-unused-name': { sentence: "{kind} {name} is defined but nothing names it.", fix: "name it where it was meant to be used, or take it out." },
  'impure': { sentence: "The company's own code uses {what}.", fix: "{instead}." },
  'internal-error': { sentence: "Netwright itself failed: {message}.", fix: "report it with these lines; nothing was written." },
  'invalid-device-type': { sentence: "The device type {type} can't be read: {problem}.", fix: "write it in the NetBox device-type format." },
  'ledger-clash': { sentence: "{key} is active with two values: {first} and {second}.", fix: "keep the line with the value that is in use, and delete the other." },
  'ledger-conflict': { sentence: "The ledger has the marks of an unfinished git merge.", fix: "delete the marks and keep the lines of both sides; the build sorts out what clashes. With `netwright.lock merge=union` in .gitattributes, git does so by itself." },
  'ledger-damaged': { sentence: "This line of the ledger is not an allocation: {expected} was expected here.", fix: "take the line from the last commit; without it, the next build gives its key another value." },
  'ledger-frozen': { sentence: "The build would change the ledger, and --frozen forbids that.", fix: "run netwright build without --frozen, look at the change, and commit netwright.lock." },
  'ledger-in-use': { sentence: "{key} is in use and can't be released.", fix: "remove what uses it and build; then it rests in quarantine and can be released." },
  'ledger-unreadable': { sentence: "The ledger has {key} = {value}, which is no value of that kind.", fix: "restore the line from version control." },
  'linux-missing-file': { sentence: "The file {file} is missing among the printed files of the device.", fix: "build again." },
  'linux-missing-line': { sentence: "{file} lacks the line {line}, which Netwright always prints there.", fix: "build again; the printed file has been cut." },
  'linux-unknown-line': { sentence: "Line {line} of {file} is not one that Netwright prints there: {text}.", fix: "change the design and build again, instead of the printed file." },
  'malformed-yaml': { sentence: "This is no YAML: {reason}.", fix: "mend the file at this place." },
  'missing-fact': { sentence: "The fact \"{name}\" is missing in {what}.", fix: "add it." },
  'missing-file': { sentence: "{program} lacks its file {file}.", fix: "build the device again." },
  'missing-import': { sentence: "There is no file \"{specifier}\" to import.", fix: "write the path as it is on disk, with its ending .ts." },
  'missing-line': { sentence: "{block} lacks the line `{line}`, which is always written for {program}.", fix: "build the file again." },
  'name-too-long': { sentence: "The {what} of {who} is longer than the {limit} characters that it can have.", fix: "shorten the names that it is made of." },
  'nftables-undefined-reference': { sentence: "The {what} {name} is used in the filter but not defined.", fix: "compile again; if it stays, report it, because a printed filter always defines what it uses." },
  'nftables-unknown-statement': { sentence: "{found} is not what the nftables target prints here; it prints {expected}.", fix: "compile again instead of editing the printed file, or say what you need in the company's policies." },
  'nftables-unused-definition': { sentence: "The {what} {name} is defined in the filter but nothing uses it.", fix: "compile again; if it stays, report it, because a printed filter uses what it defines." },
  'no-balancer': { sentence: "The service {service} is balanced, and runs at {site}, which has no balancers.", fix: "let it run at data centres that have balancers, or take `balanced` out." },
  'no-company-file': { sentence: "{folder} has no company.ts.", fix: "run netwright init {folder} to begin a company there." },
  'no-company': { sentence: "company.ts declares no company.", fix: "call company(\"Acme\", { … })." },
  'no-configs': { sentence: "There is no device’s folder below {folder}.", fix: "give a folder like out/, with SITE/DEVICE/FILE below it." },
  'no-folder': { sentence: "{folder} can't be read: {reason}.", fix: "give the folder of a company; `netwright init` begins one." },
  'no-host': { sentence: "{service} is to run in the zone {zone} at {site}, which has no host there.", fix: "add a host of that zone to a rack of {site}, or let the service run elsewhere: runs.at." },
  'no-medium': { sentence: "No cable joins {a} and {b} at {speed} at {site}.", fix: "choose device types whose ports go together, or another speed." },
  'no-public-addresses': { sentence: "The service {service} is to be reached from the internet, and {site}, where it runs, has no public IPv4 addresses.", fix: "say `public: PREFIX` in the file of the site, with the prefix that its carriers route there, or let the service run elsewhere." },
  'no-public-key': { sentence: "The device {device} ends tunnels and has no public key in the ledger.", fix: "run `netwright keys`, which makes a key pair for each device without one." },
  'not-asked-for': { sentence: "{standard} names the {kind} \"{name}\" at {site}, which it does not ask for there.", fix: "ask for the {kind} first, and pass on what that call returns." },
  'nothing-listens': { sentence: "{who} reaches the service {service}, which says nowhere what it listens on.", fix: "add listens to services/{service}.yaml, such as [{name: https, port: 443/tcp}]." },
  'nothing-there': { sentence: "There is nothing called \"{subject}\".", fix: "netwright show lists what there is." },
  'outside-space': { sentence: "The block {value} of {site} lies outside the company's space.", fix: "add the prefix that holds it to addressing in company.ts." },
  'pin-outside': { sentence: "The pinned {prefix} lies outside {of}.", fix: "pin the block of the site that holds it too: pinned: { blocks: […] }." },
  'pool-exhausted': { sentence: "There is no room for {what} in {pool}: {reason}.", fix: "make the pool larger, or ask for less." },
  'refused-by-standard': { sentence: "{standard} can't build this: {reason}." },
  'repeated-line': { sentence: "`{line}` says again to {program} what an earlier line of its block says.", fix: "keep one of them." },
  'requirement-unmet': { sentence: "{site} does not meet the requirement {requirement}: {reason}.", fix: "change the facts, or excuse the site in company.ts: waive({ site: '{site}', requirement: '{requirement}', why: …, owner: …, until: … })." },
  'runs-nowhere': { sentence: "{service} is to have {replicas}, and no site to run at.", fix: "name sites in runs.at, or say replicas: 0." },
  'service-address-outside': { sentence: "The service {service} says that it has the address {address} at {site}, which is not of the service addresses there ({pool}).", fix: "take an address of the pool, or leave it out and let one be given." },
  'standard-threw': { sentence: "{standard} threw while it designed {site}: {message}.", fix: "mend the standard at this line; to refuse facts, call ask.refuse(…) with the reason." },
  'statement-out-of-place': { sentence: "{what} was called outside company.ts and the files that it imports.", fix: "move the statement to company.ts." },
  'syntax-error': { sentence: "This is no TypeScript: {message} ({code})", fix: "mend the file at this place." },
  'totals-differ': { sentence: "The company says that {name} is {said}, and its sites come to {found}.", fix: "correct the totals in company.ts, or the facts that they add up." },
  'twin-failed': { sentence: "The twin did not boot: {reason}", fix: "mend what the system refused. Nothing was left behind." },
  'twin-is-booting': { sentence: "Another process is booting a twin of this company.", fix: "wait for it, or end it: nothing is left of it then." },
  'twin-is-not-up': { sentence: "No twin of this company is up.", fix: "netwright twin up {folder}" },
  'twin-is-up': { sentence: "A twin of this company is up already.", fix: "netwright twin down {folder}" },
  'twin-macs-lost': { sentence: "The routing daemon of {device} has routes into tunnels and lost the MAC addresses of routers behind them, so that packets are lost without a word; it was told to take in their paths anew.", fix: "nothing here. On a router that is no twin the same is `clear bgp l2vpn evpn *` in vtysh; `ip neighbor` in the VRF shows whether each next hop over a tunnel has an address." },
  'twin-memory': { sentence: "The twin takes about {need} of memory, and {free} are free.", fix: "boot some of the sites: --site, as often as there are sites." },
  'twin-not-ready': { sentence: "After {seconds} s, {count} of the tables of the twin are not as they are computed.", fix: "look at what a router says: netwright twin exec DEVICE -- vtysh -c 'show bgp vrf all summary'. The twin stays up; netwright twin test compares again." },
  'twin-program': { sentence: "A program that the twin runs is missing: {program}.", fix: "apt-get install {package}" },
  'twin-unable': { sentence: "No twin can be booted here: {reason}.", fix: "boot it as root on Linux." },
  'two-companies': { sentence: "A second company, \"{name}\", is declared.", fix: "keep one company() call." },
  'two-standards': { sentence: "{first} and {second} both build {what}.", fix: "take one of the two standards out of company.ts, or give the circuit to one of them only." },
  'type-error': { sentence: "{message} ({code})" },
  'unclosed-block': { sentence: "The block `{block}` of a file for {program} does not end with `{end}`.", fix: "build the file again." },
  'unknown-key': { sentence: "There is no \"{key}\" in {what}." },
  'unknown-line': { sentence: "`{line}` in {block} is not a line that is written for {program}.", fix: "take the line out, or say what it is for in the design, so that it is written and proved." },
  'unknown-model': { sentence: "{who} is to be a \"{model}\", which is not in the catalogue.", fix: "add the device type to the folder device-types/, in the NetBox format." },
  'unknown-name': { sentence: "There is no {kind} \"{name}\"." },
  'unknown-region': { sentence: "{site} is in the address region \"{region}\", which the company does not have.", fix: "declare it in company.ts: addressing: { regions: { {region}: … } }." },
  'unknown-role': { sentence: "{who} has the role \"{role}\", for which no platform is known.", fix: "give it one in company.ts: platforms: { {role}: [\"linux\", \"frr\"] }." },
  'unknown-standard': { sentence: "No standard \"{standard}\" is in use.", fix: "add it to the standards in company.ts." },
  'unknown-target': { sentence: "The platform of the role \"{role}\" names the target \"{target}\", which does not exist." },
  'unknown-zone': { sentence: "{who} names the zone \"{zone}\", which the company does not declare.", fix: "declare it in company.ts: zones({ {zone}: {} })." },
  'unmet-capability': { sentence: "The platform {platform} can't give {capability}, which is needed of {who}.", fix: "give the role another platform, or ask for something else." },
  'unreadable-file': { sentence: "{file} can't be read: {reason}.", fix: "give permission to read it, or take it out of the company folder." },
  'unstrippable-typescript': { sentence: "This TypeScript has to be translated, and company files are only stripped of their types.", fix: "use plain JavaScript: an object with `as const` for an enum, a module for a namespace, an assignment for a parameter property." },
  'upgrade-renumbers': { sentence: "An upgrade to {standard} would give up {what} at {where}, and hosts there would have other addresses.", fix: "let the later version keep the names of what stays, or say `renamedFrom` where it has another name for it; the ledger then moves along. Until then, stay on the version that the sites have." },
  'waiver-lapsed': { sentence: "The waiver of {requirement} at {site} held until {until}, and the requirement is still not met: {reason}.", fix: "change the facts, or decide anew and give the waiver another day." },
  'waiver-unneeded': { sentence: "{site} meets the requirement {requirement} and is waived from it all the same.", fix: "take the waiver out of company.ts." },
  'write-failed': { sentence: "{folder} could not be written to: {reason}.", fix: "make room or give permission and run it again; no file was left half-written." },
  'wrong-value': { sentence: "{name} of {what} should be {expected}." },
}
