package pgha.lab.soak;

/** Which node a fault hits, by its part at the beginning of the round. */
public enum Victim {
    PRIMARY,
    REPLICA,
    OTHER_REPLICA
}
