/** Writes the tree as `hostapd.conf` with the scripts that start it and act on it, and as `access-point.conf` with its own. */
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import { ADMIT, startAccessPoint, startPorts } from './scripts.ts'
import { ssid } from './ssid.ts'
import type { AccessPoint, HostapdTree, Network, Ports, Radius } from './tree.ts'

/** The files. */
export function print({ radius, ports, accessPoint }: HostapdTree): readonly PrintedFile[] {
  return [
    ...(ports && radius
      ? [
          { path: 'hostapd.conf', lines: wired(ports, radius) },
          { path: 'hostapd.sh', lines: startPorts(ports, radius) },
          { path: 'admit.sh', lines: ADMIT },
        ]
      : []),
    ...(accessPoint ? [{ path: 'access-point.conf', lines: air(accessPoint, radius) }] : []),
    ...(accessPoint && radius && accessPoint.networks.some(({ authenticated }) => authenticated)
      ? [{ path: 'access-point.sh', lines: startAccessPoint(radius, accessPoint) }]
      : []),
  ]
}

function line(text: string, why: Why): Line {
  return { text, why }
}

/** The reason of a constant choice, and its lines; first of what called for them, if anything did. */
function constant(rule: Rule, texts: readonly string[], why: Why = []): Line[] {
  return [line(`# ${rule.reason}`, [rule.origin]), ...texts.map((text) => line(text, [...why, rule.origin]))]
}

function wired(ports: Ports, radius: Radius): Line[] {
  const { source, vrf } = ports
  return [
    line('# started by hostapd.sh, which says for which ports, and puts the secret in', [rules.secretApart.origin]),
    ...constant(rules.wired, ['driver=wired', 'ieee8021x=1'], radius.why),
    ...constant(rules.unicast, ['use_pae_group_addr=0']),
    ...constant(rules.reauthenticate, ['eap_reauth_period=3600']),
    ...constant(rules.log, LOG),
    ...constant(rules.control, [CONTROL]),
    line('', radius.why),
    line(`own_ip_addr=${source}`, radius.why),
    line(`radius_client_addr=${source}`, radius.why),
    ...(vrf === undefined ? [] : [line(`radius_client_dev=${vrf}`, radius.why)]),
    ...constant(rules.ethernet, ['radius_auth_req_attr=61:d:15', 'radius_acct_req_attr=61:d:15']),
    ...asked(radius),
  ]
}

const LOG = ['logger_syslog=-1', 'logger_syslog_level=2', 'logger_stdout=0']
const CONTROL = 'ctrl_interface=/run/hostapd'

function asked({ identifier, servers, why }: Radius): Line[] {
  const each = (kind: 'auth' | 'acct', port: number) =>
    servers.flatMap((one) => [line(`${kind}_server_addr=${one}`, why), line(`${kind}_server_port=${port}`, why)])
  return [
    line(`nas_identifier=${identifier}`, why),
    ...constant(rules.retryPrimary, ['radius_retry_primary_interval=3600']),
    ...each('auth', 1812),
    ...constant(rules.interim, ['radius_acct_interim_interval=600']),
    ...each('acct', 1813),
  ]
}

function air({ country, networks, why }: AccessPoint, radius: Radius | undefined): Line[] {
  const [first, ...others] = networks.map((one) => network(one, radius))
  return [
    line('# each access point of the switch has this file; where it asks servers, access-point.sh starts it, and puts the secret in', why),
    line('interface=wlan0', why),
    line('driver=nl80211', why),
    ...constant(rules.log, LOG),
    line(CONTROL, why),
    line(`country_code=${country}`, why),
    ...constant(rules.country, ['ieee80211d=1', 'ieee80211h=1'], why),
    ...constant(rules.radio, ['hw_mode=a', 'channel=acs_survey', 'ieee80211n=1', 'ieee80211ac=1', 'ieee80211ax=1', 'wmm_enabled=1'], why),
    ...(first ?? []),
    ...others.flatMap(([blank, ...lines], index) => [blank!, line(`bss=wlan0_${index + 1}`, networks[index + 1]!.why), ...lines]),
  ]
}

function network({ ssid: name, vid, authenticated, isolated, why }: Network, radius: Radius | undefined): Line[] {
  return [
    line('', why),
    ...constant(rules.utf8, [`ssid2=${ssid(name)}`, 'utf8_ssid=1'], why),
    line(`bridge=br-${vid}`, why),
    ...constant(rules.quality, ['disassoc_low_ack=1']),
    ...(isolated ? constant(rules.isolated, ['ap_isolate=1'], why) : []),
    ...(authenticated
      ? constant(rules.enterprise, [...protectedBy('WPA-EAP-SHA256'), 'ieee8021x=1', 'eap_reauth_period=3600'], why)
      : constant(rules.open, protectedBy('OWE'), why)),
    ...(authenticated && radius ? asked(radius) : []),
  ]
}

function protectedBy(keys: string): string[] {
  return ['wpa=2', `wpa_key_mgmt=${keys}`, 'rsn_pairwise=CCMP', 'ieee80211w=2']
}
