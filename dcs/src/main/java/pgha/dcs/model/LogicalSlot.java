package pgha.dcs.model;

/**
 * What makes a logical replication slot what it is, beside its name.
 *
 * <p>Immutable.
 *
 * @param database whose changes it decodes
 * @param plugin the output plugin that does
 */
public record LogicalSlot(String database, String plugin) {
    @Override
    public String toString() {
        return plugin + " in " + database;
    }
}
