import { describe, expect, test } from 'vitest';
import { allowListFaults, isPublic, readAllowList } from './addresses.ts';

describe('public is', () => {
  test.each(['8.8.8.8', '193.171.23.163', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450::5'])(
    '%s',
    (address) => expect(isPublic(address)).toBe(true),
  );
});

describe('not public is', () => {
  test.each([
    ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '100.100.100.200', '168.63.129.16', '224.0.0.1', '239.255.255.255'],
    ...['255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.0.0.8'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', 'fc00::1', 'fec0::1', 'ff02::1', '::127.0.0.1'],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001::1'],
    ...['2001:db8::1', '100::1', '5f00::1', '4000::1', 'not an address', ''],
  ])('%s', (address) => expect(isPublic(address)).toBe(false));
});

describe('an allow list', () => {
  test('holds addresses, ranges, names and suffixes', () => {
    const list = readAllowList(['10.0.0.0/8', '127.0.0.1', 'fd00::/8', 'Hooks.Internal', '*.svc.cluster.local']);

    expect(['10.9.9.9', '127.0.0.1', '::ffff:10.1.1.1', 'fd12::1'].filter((one) => !list.hasAddress(one))).toEqual([]);
    expect(['11.0.0.1', '127.0.0.2', 'fe80::1', '::1'].filter((one) => list.hasAddress(one))).toEqual([]);
    expect(['hooks.internal', 'a.b.svc.cluster.local'].filter((one) => !list.hasHost(one))).toEqual([]);
    expect(['internal', 'svc.cluster.local', 'a.hooks.internal'].filter((one) => list.hasHost(one))).toEqual([]);
  });

  test('says which entry is none', () => {
    expect(allowListFaults(['10.0.0.0/8', '10.0.0.0/99', '10.0.0', 'a b', '*', 'http://x'])).toEqual(
      ['10.0.0.0/99', '10.0.0', 'a b', '*', 'http://x'].map((entry) => expect.stringContaining(`"${entry}"`) as string),
    );
    expect(() => readAllowList(['a b'])).toThrow(RangeError);
  });
});
