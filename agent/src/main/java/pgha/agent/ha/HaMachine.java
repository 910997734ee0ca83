package pgha.agent.ha;

public final class HaMachine {}
