package pgha.agent.ha;

import pgha.dcs.model.Revision;

/** Names one round of asking: the vacancy (or the view) it was for, and the how-manieth it is. Immutable. */
public record CanvassId(Revision at, int attempt) {}
