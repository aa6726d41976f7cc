/** sla has no settings beyond those of every service. */
export const settings = {};
