/** Routing has no settings of its own. */
export const routingSettings = {};
