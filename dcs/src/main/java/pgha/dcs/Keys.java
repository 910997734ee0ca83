package pgha.dcs;

import pgha.dcs.model.MemberName;

/**
 * The only place where key paths are spelled.
 *
 * <p>Immutable.
 *
 * @param prefix {@code /namespace/scope/}; every key of the cluster begins with it
 */
public record Keys(String prefix) {
    public String leader() {
        return prefix + "leader";
    }

    public String initialize() {
        return prefix + "initialize";
    }

    public String config() {
        return prefix + "config";
    }

    public String failover() {
        return prefix + "failover";
    }

    public String sync() {
        return prefix + "sync";
    }

    public String status() {
        return prefix + "status";
    }

    /** Where members before Patroni 2.1 look for the primary's LSN; only read. */
    public String legacyStatus() {
        return prefix + "optime/leader";
    }

    public String history() {
        return prefix + "history";
    }

    public String failsafe() {
        return prefix + "failsafe";
    }

    /** What the keys of all members begin with. */
    public String members() {
        return prefix + "members/";
    }

    public String member(MemberName name) {
        return members() + name;
    }

    /** The key without {@link #prefix}, as people read it. */
    public String relative(String key) {
        return key.startsWith(prefix) ? key.substring(prefix.length()) : key;
    }
}
