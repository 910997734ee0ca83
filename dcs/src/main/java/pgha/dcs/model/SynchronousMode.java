package pgha.dcs.model;

/** How commits wait for standbys, as {@code synchronous_mode} says. */
public enum SynchronousMode {
    OFF,
    ON,
    QUORUM
}
