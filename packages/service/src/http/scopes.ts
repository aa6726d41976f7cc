/** The closed list of what a token may be allowed to do. */
export const scopes = {
  'contacts:write': 'send contacts',
  'cases:read': 'read cases and their messages',
  'cases:write': 'change cases, write messages',
  'agents:read': 'read agents and teams',
  'agents:write': 'change agents and teams',
  'agents:self': "one agent's own presence, reservations, stream and work",
  'work:read': 'read queues and work items',
  'work:write': 'change queues, act on reservations',
  'sla:read': 'read calendars, policies and clocks',
  'sla:write': 'change calendars and policies',
  'customers:read': 'read customers and their timelines',
  'customers:write': 'change customers',
  'activities:write': 'send activities',
  'offers:read': 'read offers',
  'offers:write': 'change offers',
  'decisions:read': 'read decisions',
  'decisions:write': 'ask for decisions, record responses',
  ops: 'dead letters and operation',
} as const;

export type Scope = keyof typeof scopes;

export function isScope(name: string): name is Scope {
  return Object.hasOwn(scopes, name);
}

/** Who calls: one token. */
export interface Caller {
  /** The token's own id, never the token: `key:<id>` or `oidc:<subject>`. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The agent whose token it is; `agents:self` grants this one's own things only. */
  readonly agentId?: string | undefined;
}

/**
 * What a route asks for. `orSelf` opens it to tokens with `agents:self` as well: to the agent named by that path
 * parameter, or, with `handler`, to any agent, and the handler must look at `request.onlyAgent`.
 */
export type Access =
  'public' | Scope | { readonly scope: Scope; readonly orSelf: { readonly param: string } | 'handler' };
