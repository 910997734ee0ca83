package pgha.dcs.model;

/** The three meanings of the {@code initialize} key. Immutable. */
public sealed interface InitializeKey {
    /** Nobody has begun: the race is open. */
    record Absent() implements InitializeKey {}

    /** Somebody is bootstrapping: the key is there and empty. */
    record Claimed(Revision at, LeaseId lease) implements InitializeKey {}

    /** The cluster exists. */
    record Done(SystemIdentifier id) implements InitializeKey {}
}
